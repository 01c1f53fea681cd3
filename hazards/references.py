"""Do the parts of a risk file fit together: references, levels, sources, the policy, what nothing uses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stimproof.hazards.document import UNKNOWN, Rating
from stimproof.hazards.matrix import RiskMatrix
from stimproof.specs.findings import Code, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from stimproof.hazards.catalogue import Catalogue
    from stimproof.hazards.document import External, RiskFileDocument
    from stimproof.specs.fields import Cited
    from stimproof.specs.specification import Specification
    from stimproof.specs.validation import Bundle
    from stimproof.verify.results import Obligation

Path = tuple[str | int, ...]

_NODES = ("causes", "hazards", "situations", "harms", "controls", "requirements")
# Which entries each field may name.
_REFERENCES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("situations", "hazard", ("hazards",)),
    ("situations", "causes", ("causes",)),
    ("harms", "situations", ("situations",)),
    ("controls", "stops", ("causes", "situations", "harms")),
    ("controls", "raises", ("situations",)),
    ("controls", "requirements", ("requirements",)),
)
_UNUSED = {
    "causes": "no hazardous situation has it",
    "evidence": "no estimate cites it",
    "sources": "nothing cites it",
}


@dataclass
class Checker:
    """Checks one risk file; every complaint is added to the findings of ``source``."""

    source: Bundle
    document: RiskFileDocument
    excused: frozenset[str]
    specification: Specification
    obligations: Sequence[Obligation]
    catalogue: Catalogue
    used: dict[str, set[str]] = field(default_factory=lambda: {section: set() for section in _UNUSED})

    def check(self) -> None:
        """Run all checks."""
        if self._head_is_sound():
            self._head()
            for path, rating in self._ratings():
                self._level(path, rating)
        self._distinct()
        self._catalogue()
        for section, name, targets in _REFERENCES:
            self._references(section, name, targets)
        self._stops_or_raises()
        for path, rating in self._ratings():
            self._rating(path, rating)
        self._requirements()
        for path, cited in self._cited():
            self._sources(path, cited.sources)
        self._unverified()
        # Where something was cut out as wrong, what it used only seems to be unused.
        if not any(finding.weight is Severity.ERROR for finding in self.source.findings):
            self._unused()

    def _report(
        self,
        code: Code,
        path: Path,
        message: str,
        advice: str = "",
        *,
        key: bool = False,
        severity: Severity | None = None,
    ) -> None:
        self.source.findings.append(Finding(code, self.source.at(path, key=key), message, advice, severity))

    def _known(self, code: Code, path: Path, name: str, table: Iterable[str], what: str) -> bool:
        """Report a name that is not in the table, with what the author may have meant."""
        names = sorted(table)
        if name in names:
            return True
        if name not in self.excused:
            near = get_close_matches(name, names, n=3, cutoff=0.6)
            advice = "the manual lists its ids" if "catalogue" in what else "declare it, or mend its spelling"
            advice = f"did you mean {' or '.join(near)}?" if near else advice
            self._report(code, path, f"{what} '{name}' is not known", advice)
        return False

    def _head_is_sound(self) -> bool:
        """Return whether the head is the author's: where it was not valid, something stands in for it."""
        reported = any(finding.location.path.startswith("risk_file") for finding in self.source.findings)
        return isinstance(self.source.data.get("risk_file"), dict) and not reported

    def _head(self) -> None:
        head = self.document.risk_file
        wanted = self.specification.device.id
        if head.device != wanted:
            self._report(
                Code.WRONG_VALUE,
                ("risk_file", "device"),
                f"this risk file is about '{head.device}', the specification about '{wanted}'",
                "give both the same device id",
            )
        for severity in head.acceptability:
            path = ("risk_file", "acceptability", severity)
            self._known(Code.UNKNOWN_NAME, path, severity, head.severities, "the severity")
        self._matrix()

    def _matrix(self) -> None:
        head = self.document.risk_file
        width = len(head.probabilities)
        path: Path = ("risk_file", "acceptability")
        whole = True
        for severity in head.severities:
            cells = len(head.acceptability.get(severity, ()))
            if cells != width:
                whole = False
                self._report(
                    Code.RISK_MATRIX,
                    (*path, severity) if severity in head.acceptability else path,
                    f"the severity '{severity}' has {cells} cells for {width} probabilities",
                    "write one of acceptable, reduce, unacceptable for each, least probable first",
                    key=True,
                )
        if whole:
            rows = tuple(head.acceptability[severity] for severity in head.severities)
            matrix = RiskMatrix(tuple(head.severities), tuple(head.probabilities), rows)
            for severity, complaint in matrix.defects():
                self._report(
                    Code.RISK_MATRIX,
                    (*path, severity),
                    f"the severity '{severity}': {complaint}",
                    "a greater risk must not be judged more mildly",
                    key=True,
                )

    def _entries(self, section: str) -> Mapping[str, object]:
        entries: Mapping[str, object] = getattr(self.document, section)
        return entries

    def _distinct(self) -> None:
        """Report one id for two entries: a control says by the id alone what it stops."""
        seen: dict[str, str] = {}
        for section in _NODES:
            for name in self._entries(section):
                if name in seen:
                    self._report(
                        Code.DUPLICATE_NAME,
                        (section, name),
                        f"'{name}' is also one of the {seen[name]}",
                        "rename one of the two",
                        key=True,
                    )
                seen.setdefault(name, section)
        for name in sorted(self.document.sources.keys() & self.specification.sources.keys()):
            self._report(
                Code.DUPLICATE_NAME,
                ("sources", name),
                f"the specification already declares the source '{name}'",
                "cite that one, or rename this one",
                key=True,
            )

    def _catalogue(self) -> None:
        doc, known = self.document, self.catalogue.hazards
        counted = Counter(hazard.catalogue for hazard in doc.hazards.values() if hazard.catalogue)
        for name, hazard in doc.hazards.items():
            path: Path = ("hazards", name, "catalogue")
            if hazard.catalogue is None:
                continue
            self._known(Code.UNKNOWN_NAME, path, hazard.catalogue, known, "the catalogue's hazard")
            if counted[hazard.catalogue] > 1:
                self._report(
                    Code.DUPLICATE_NAME,
                    path,
                    f"'{hazard.catalogue}' is addressed by {counted[hazard.catalogue]} hazards",
                    "make them one hazard with several situations",
                )
        for name in doc.not_applicable:
            self._known(Code.UNKNOWN_NAME, ("not_applicable", name), name, known, "the catalogue's hazard")
            if name in counted:
                self._report(
                    Code.DUPLICATE_NAME,
                    ("not_applicable", name),
                    f"'{name}' is said not to apply, yet a hazard addresses it",
                    "keep one of the two",
                    key=True,
                )

    def _references(self, section: str, field_name: str, targets: tuple[str, ...]) -> None:
        table = {name for target in targets for name in self._entries(target)}
        for name, entry in self._entries(section).items():
            value = getattr(entry, field_name)
            one = isinstance(value, str)
            for number, wanted in enumerate((value,) if one else value):
                path: Path = (section, name, field_name) if one else (section, name, field_name, number)
                what = "the " + " or ".join(target.removesuffix("s") for target in targets)
                if self._known(Code.UNKNOWN_NAME, path, wanted, table, what) and targets == ("causes",):
                    self.used["causes"].add(wanted)

    def _stops_or_raises(self) -> None:
        for name, control in self.document.controls.items():
            for number, wanted in enumerate(control.raises):
                if wanted in control.stops:
                    self._report(
                        Code.WRONG_VALUE,
                        ("controls", name, "raises", number),
                        f"'{name}' both stops and raises '{wanted}'",
                        "keep one of the two",
                    )

    def _ratings(self) -> Iterator[tuple[Path, Rating]]:
        for name, situation in self.document.situations.items():
            yield ("situations", name, "p1"), situation.p1
        for name, harm in self.document.harms.items():
            for part in ("severity", "p2", "probability", "residual"):
                yield ("harms", name, part), getattr(harm, part)

    def _level(self, path: Path, rating: Rating) -> None:
        head = self.document.risk_file
        severity = path[-1] == "severity"
        scale, what = (
            (head.severities, "the severity") if severity else (head.probabilities, "the probability")
        )
        if severity or rating.level != UNKNOWN:
            self._known(Code.UNKNOWN_NAME, (*path, "level"), rating.level, scale, what)
        changed = getattr(rating, "severity", None)
        if changed is not None:
            self._known(Code.UNKNOWN_NAME, (*path, "severity"), changed, head.severities, "the severity")

    def _rating(self, path: Path, rating: Rating) -> None:
        for number, name in enumerate(rating.evidence):
            place = (*path, "evidence", number)
            if self._known(Code.UNKNOWN_NAME, place, name, self.document.evidence, "the evidence"):
                self.used["evidence"].add(name)
        self._sources(path, rating.sources)

    def _requirements(self) -> None:
        ids = [obligation.id for obligation in self.obligations]
        for name, requirement in self.document.requirements.items():
            for number, wanted in enumerate(requirement.verified_by):
                path = ("requirements", name, "verified_by", number)
                self._known(Code.UNKNOWN_OBLIGATION, path, wanted, ids, "the obligation")

    def _cited(self) -> Iterator[tuple[Path, Cited]]:
        for section in ("evidence", "not_applicable"):
            for name, entry in getattr(self.document, section).items():
                yield (section, name), entry
        for name, requirement in self.document.requirements.items():
            for part in ("tests", "documents"):
                items: tuple[External, ...] = getattr(requirement, part)
                for number, item in enumerate(items):
                    yield ("requirements", name, part, number), item

    def _sources(self, path: Path, names: Sequence[str]) -> None:
        for name in names:
            known = [*self.document.sources, *self.specification.sources]
            if self._known(Code.UNKNOWN_SOURCE, (*path, "source"), name, known, "the source"):
                self.used["sources"].add(name)

    def _unverified(self) -> None:
        for path, item in self._cited():
            if item.confidence in ("recalled", "uncertain"):
                self._report(
                    Code.UNVERIFIED,
                    path,
                    f"'{path[1]}' is only {item.confidence}",
                    "it is printed as unverified wherever it appears",
                    key=True,
                )

    def _unused(self) -> None:
        for section, why in _UNUSED.items():
            for name in sorted(self._entries(section).keys() - self.used[section]):
                self._report(
                    Code.UNUSED,
                    (section, name),
                    f"'{name}' is declared, but {why}",
                    "use it, or remove it",
                    key=True,
                )
