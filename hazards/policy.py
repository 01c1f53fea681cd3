"""Is the policy sound: the scales, the acceptability matrix, the combination of P1 and P2, the barriers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.hazards.complaints import Complaints, Path
from stimproof.hazards.matrix import RiskMatrix
from stimproof.hazards.scales import ProbabilityScale
from stimproof.specs.findings import Code

if TYPE_CHECKING:
    from stimproof.hazards.document import Head
    from stimproof.specs.specification import Specification

_ACCEPTABILITY: Path = ("risk_file", "acceptability")
_COMBINATION: Path = ("risk_file", "combination")


def scale_of(head: Head) -> ProbabilityScale:
    """Return the probability scale of a sound head."""
    levels = tuple(head.probabilities)
    ranges = {name: level.range for name, level in head.probabilities.items() if level.range is not None}
    table = {
        (one, two): level
        for one, row in (head.combination or {}).items()
        for two, level in zip(levels, row, strict=True)
    }
    return ProbabilityScale(levels, ranges or None, table or None)


def matrix_of(head: Head) -> RiskMatrix:
    """Return the acceptability matrix of a sound head."""
    rows = tuple(head.acceptability[severity] for severity in head.severities)
    return RiskMatrix(tuple(head.severities), tuple(head.probabilities), rows)


@dataclass(frozen=True)
class PolicyCheck:
    """Checks the head of one risk file."""

    complaints: Complaints
    head: Head
    specification: Specification

    def check(self) -> None:
        """Report whatever in the head does not fit together."""
        head, report = self.head, self.complaints.report
        wanted = self.specification.device.id
        if head.device != wanted:
            report(
                Code.WRONG_VALUE,
                ("risk_file", "device"),
                f"this risk file is about '{head.device}', the specification about '{wanted}'",
                "give both the same device id",
            )
        for severity in head.acceptability:
            self._severity((*_ACCEPTABILITY, severity), severity)
        for severity in head.policy.barriers:
            self._severity(("risk_file", "policy", "barriers", severity), severity)
        self._matrix()
        self._ranges()
        self._combination()

    def _severity(self, path: Path, name: str) -> None:
        self.complaints.known(Code.UNKNOWN_NAME, path, name, self.head.severities, "the severity")

    def _matrix(self) -> None:
        head = self.head
        width = len(head.probabilities)
        whole = True
        for severity in head.severities:
            cells = len(head.acceptability.get(severity, ()))
            if cells != width:
                whole = False
                self.complaints.report(
                    Code.RISK_MATRIX,
                    (*_ACCEPTABILITY, severity) if severity in head.acceptability else _ACCEPTABILITY,
                    f"the severity '{severity}' has {cells} cells for {width} probabilities",
                    "write one of acceptable, reduce, unacceptable for each, least probable first",
                    key=True,
                )
        for severity, complaint in matrix_of(head).defects() if whole else ():
            self.complaints.report(
                Code.RISK_MATRIX,
                (*_ACCEPTABILITY, severity),
                f"the severity '{severity}': {complaint}",
                "a greater risk must not be judged more mildly",
                key=True,
            )

    def _ranges(self) -> None:
        levels = self.head.probabilities
        missing = [name for name, level in levels.items() if level.range is None]
        if len(missing) == len(levels):
            return
        for name in missing:
            self.complaints.report(
                Code.RISK_MATRIX,
                ("risk_file", "probabilities", name),
                f"the level '{name}' has no range, although others have one",
                "give each level its range, or none",
                key=True,
            )
        if not missing:
            scale = ProbabilityScale(
                tuple(levels), {name: level.range for name, level in levels.items() if level.range}
            )
            for name, complaint in scale.defects():
                self.complaints.report(
                    Code.RISK_MATRIX,
                    ("risk_file", "probabilities", name),
                    f"the level '{name}': {complaint}",
                    "let each range begin where the one before it ends",
                    key=True,
                )

    def _combination(self) -> None:
        head = self.head
        if head.combination is None:
            return
        levels, whole = head.probabilities, True
        for one in dict.fromkeys((*levels, *head.combination)):
            row = head.combination.get(one, ())
            path: Path = (*_COMBINATION, one) if one in head.combination else _COMBINATION
            whole &= self.complaints.known(Code.UNKNOWN_NAME, path, one, levels, "the probability")
            for number, level in enumerate(row):
                place = (*path, number)
                whole &= self.complaints.known(Code.UNKNOWN_NAME, place, level, levels, "the probability")
            if one in levels and len(row) != len(levels):
                whole = False
                self.complaints.report(
                    Code.RISK_MATRIX,
                    path,
                    f"P1 '{one}' has {len(row)} cells for {len(levels)} levels of P2",
                    "write a level for each, least probable P2 first",
                    key=True,
                )
        for one, complaint in scale_of(head).defects() if whole else ():
            self.complaints.report(
                Code.RISK_MATRIX,
                (*_COMBINATION, one),
                f"P1 '{one}': {complaint}",
                "a more probable event must not give a less probable harm",
                key=True,
            )
