"""Do the parts of a risk file fit together: references, levels, sources, what nothing uses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from stimproof.hazards import register
from stimproof.hazards.citations import citations, evidence_lists, obligation_lists, ratings
from stimproof.hazards.complaints import Complaints, Path
from stimproof.hazards.policy import PolicyCheck
from stimproof.hazards.ratings import UNKNOWN, Probability, Rating, Residual, Severity
from stimproof.specs.elements import elements
from stimproof.specs.findings import Code

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from stimproof.hazards.catalogue import Catalogue
    from stimproof.hazards.document import RiskFileDocument
    from stimproof.specs.specification import Specification
    from stimproof.specs.validation import Bundle
    from stimproof.verify.results import Obligation

_NODES = ("causes", "hazards", "situations", "harms", "controls", "requirements")
_ENTRIES = (*_NODES, "evidence", "benefit_risk", "post_production", "documents", "clauses")
"""The sections whose entries a document may cover, or a clause be answered by."""
# Which entries each field may name.
_REFERENCES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("situations", "hazard", ("hazards",)),
    ("situations", "causes", ("causes",)),
    ("situations", "variants", ("populations",)),
    ("harms", "situations", ("situations",)),
    ("harms", "variants", ("populations",)),
    ("controls", "stops", ("causes", "situations", "harms")),
    ("controls", "raises", ("situations",)),
    ("controls", "relies_on", ("controls",)),
    ("controls", "requirements", ("requirements",)),
    ("benefit_risk", "harms", ("harms",)),
    ("post_production", "concerns", _ENTRIES),
    ("documents", "covers", _ENTRIES),
    ("clauses", "answered_by", _ENTRIES),
)
_UNUSED = {
    "causes": "no hazardous situation has it",
    "populations": "no estimate is made for it",
    "evidence": "nothing cites it",
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

    @cached_property
    def complaints(self) -> Complaints:
        """Where complaints go."""
        return Complaints(self.source, self.excused)

    def check(self) -> None:
        """Run all checks."""
        if self._head_is_sound():
            PolicyCheck(self.complaints, self.document.risk_file, self.specification).check()
            for path, rating in ratings(self.document):
                self._level(path, rating)
        self._open_findings()
        self._distinct()
        self._catalogue()
        for section, name, targets in _REFERENCES:
            self._references(section, name, targets)
        self._stops_or_raises()
        for path, names in evidence_lists(self.document):
            self._evidence(path, names)
        self._shown()
        for path, sources, _ in citations(self.document):
            self._sources(path, sources)
        self._unverified()
        # Where something was cut out as wrong, what it used only seems to be unused.
        if not self.complaints.fatal:
            self._unused()

    def _head_is_sound(self) -> bool:
        """Return whether the head is the author's: where it was not valid, something stands in for it."""
        reported = any(finding.location.path.startswith("risk_file") for finding in self.source.findings)
        return isinstance(self.source.data.get("risk_file"), dict) and not reported

    def _open_findings(self) -> None:
        """Report an explanation of findings that do not exist: it would explain nothing."""
        slugs = {code.slug for code in Code}
        for name in self.document.risk_file.open_findings:
            path: Path = ("risk_file", "open_findings", name)
            self.complaints.known(Code.UNKNOWN_NAME, path, name, slugs, "the code of findings")

    def _entries(self, section: str) -> Mapping[str, object]:
        entries: Mapping[str, object] = getattr(self.document, section)
        return entries

    def _distinct(self) -> None:
        """Report one id for two entries: a control says by the id alone what it stops."""
        seen: dict[str, str] = {}
        for section in _NODES:
            for name in self._entries(section):
                if name in seen:
                    self.complaints.report(
                        Code.DUPLICATE_NAME,
                        (section, name),
                        f"'{name}' is also one of the {seen[name]}",
                        "rename one of the two",
                        key=True,
                    )
                seen.setdefault(name, section)
        for name in sorted(self.document.sources.keys() & self.specification.sources.keys()):
            self.complaints.report(
                Code.DUPLICATE_NAME,
                ("sources", name),
                f"the specification already declares the source '{name}'",
                "cite that one, or rename this one",
                key=True,
            )

    def _catalogue(self) -> None:
        doc, known = self.document, self.catalogue.hazards
        counted = Counter(hazard.catalogue for hazard in doc.hazards.values() if hazard.catalogue)
        what = "the catalogue's hazard"
        for name, hazard in doc.hazards.items():
            path: Path = ("hazards", name, "catalogue")
            if hazard.catalogue is None:
                continue
            self.complaints.known(Code.UNKNOWN_NAME, path, hazard.catalogue, known, what)
            if counted[hazard.catalogue] > 1:
                self.complaints.report(
                    Code.DUPLICATE_NAME,
                    path,
                    f"'{hazard.catalogue}' is addressed by {counted[hazard.catalogue]} hazards",
                    "make them one hazard with several situations",
                )
        for name in doc.not_applicable:
            self.complaints.known(Code.UNKNOWN_NAME, ("not_applicable", name), name, known, what)
            if name in counted:
                self.complaints.report(
                    Code.DUPLICATE_NAME,
                    ("not_applicable", name),
                    f"'{name}' is said not to apply, yet a hazard addresses it",
                    "keep one of the two",
                    key=True,
                )

    def _references(self, section: str, field_name: str, targets: tuple[str, ...]) -> None:
        table = {name for target in targets for name in self._entries(target)}
        what = "the entry" if targets is _ENTRIES else "the " + " or ".join(_one(item) for item in targets)
        used = self.used.get(targets[0]) if len(targets) == 1 else None
        for name, entry in self._entries(section).items():
            value = getattr(entry, field_name)
            for number, wanted in enumerate((value,) if isinstance(value, str) else value):
                path: Path = (section, name, field_name)
                if not isinstance(value, str):
                    path = (*path, wanted if isinstance(value, dict) else number)
                if self.complaints.known(Code.UNKNOWN_NAME, path, wanted, table, what) and used is not None:
                    used.add(wanted)

    def _stops_or_raises(self) -> None:
        for name, control in self.document.controls.items():
            for key, told in (("elements", "names elements"), ("raises", "raises situations")):
                if getattr(control, key) and getattr(control, f"{key}_none"):
                    self.complaints.report(
                        Code.WRONG_VALUE,
                        ("controls", name, f"{key}_none"),
                        f"'{name}' {told}, and says that there are none",
                        "keep one of the two",
                    )
            for number, wanted in enumerate(control.raises):
                if wanted in control.stops:
                    self.complaints.report(
                        Code.WRONG_VALUE,
                        ("controls", name, "raises", number),
                        f"'{name}' both stops and raises '{wanted}'",
                        "keep one of the two",
                    )

    def _level(self, path: Path, rating: Rating) -> None:
        head = self.document.risk_file
        known = self.complaints.known
        if isinstance(rating, Severity):
            known(Code.UNKNOWN_NAME, (*path, "level"), rating.level, head.severities, "the severity")
        elif rating.level != UNKNOWN:
            known(Code.UNKNOWN_NAME, (*path, "level"), rating.level, head.probabilities, "the probability")
        if isinstance(rating, Residual) and rating.severity is not None:
            known(Code.UNKNOWN_NAME, (*path, "severity"), rating.severity, head.severities, "the severity")
        if isinstance(rating, Probability) and rating.range is not None:
            self._range(path, rating)

    def _range(self, path: Path, rating: Probability) -> None:
        if any(level.range is None for level in self.document.risk_file.probabilities.values()):
            message, advice = (
                "the scale of probability has no ranges",
                "write a level, or give the levels ranges",
            )
        elif rating.level != UNKNOWN:
            message, advice = "a level and a range are given", "keep the range; the level follows from it"
        else:
            return
        self.complaints.report(Code.WRONG_VALUE, (*path, "range"), message, advice)

    def _evidence(self, path: Path, names: Sequence[str]) -> None:
        own = self.document.evidence
        for number, name in enumerate(names):
            table: Collection[str] = own if name in own else {*own, *register.load().evidence}
            if self.complaints.known(Code.UNKNOWN_NAME, (*path, number), name, table, "the evidence"):
                self.used["evidence"].add(name)

    def _shown(self) -> None:
        """Check the obligations and elements that controls and requirements name."""
        ids = {obligation.id for obligation in self.obligations}
        for path, names in obligation_lists(self.document):
            for number, wanted in enumerate(names):
                self.complaints.known(Code.UNKNOWN_OBLIGATION, (*path, number), wanted, ids, "the obligation")
        known = elements(self.specification)
        for name, control in self.document.controls.items():
            for number, wanted in enumerate(control.elements):
                place: Path = ("controls", name, "elements", number)
                self.complaints.known(Code.UNKNOWN_ELEMENT, place, wanted, known, "the element")
        for name, cause in self.document.causes.items():
            for number, wanted in enumerate(cause.faults):
                place = ("causes", name, "faults", number)
                self.complaints.known(
                    Code.UNKNOWN_ELEMENT, place, wanted, self.specification.faults, "the fault"
                )

    def _sources(self, path: Path, names: Sequence[str]) -> None:
        for name in names:
            known = {*self.document.sources, *self.specification.sources}
            if self.complaints.known(Code.UNKNOWN_SOURCE, (*path, "source"), name, known, "the source"):
                self.used["sources"].add(name)

    def _unverified(self) -> None:
        for path, _, confidence in citations(self.document):
            if confidence in ("recalled", "uncertain") and path[-1] not in _RATED:
                self.complaints.report(
                    Code.UNVERIFIED,
                    path,
                    f"'{path[1]}' is only {confidence}",
                    "it is printed as unverified wherever it appears",
                    key=True,
                )

    def _unused(self) -> None:
        for section, why in _UNUSED.items():
            for name in sorted(self._entries(section).keys() - self.used[section]):
                self.complaints.report(
                    Code.UNUSED,
                    (section, name),
                    f"'{name}' is declared, but {why}",
                    "use it, or remove it",
                    key=True,
                )


_RATED = ("p1", "p2", "severity", "probability", "residual")


def _one(section: str) -> str:
    return section.removesuffix("s")
