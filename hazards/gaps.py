"""What a trace lacks: hazards that lead nowhere, ways that nothing stops, controls not shown to work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.hazards.citations import obligation_lists
from stimproof.hazards.controls import told, verdict_of
from stimproof.hazards.graph import following, open_paths
from stimproof.hazards.nodes import EdgeKind, Node, NodeKind
from stimproof.specs.findings import Code, Finding, Location, Severity
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stimproof.hazards.nodes import Graph
    from stimproof.hazards.risk_file import RiskFile
    from stimproof.verify.results import Result

_DESIGN = "inherent safety by design"
# Obligations that the author of the specification states; the others follow from its form.
_STATED = ("limits.", "properties.")


@dataclass(frozen=True, slots=True)
class Gaps:
    """Looks for gaps in one graph; ``results`` is ``None`` where nothing was verified."""

    risk_file: RiskFile
    graph: Graph
    results: Mapping[str, Result] | None

    def find(self) -> Iterator[Finding]:
        """Yield every finding about the trace."""
        yield from self._catalogue()
        yield from self._hazards()
        yield from self._situations()
        yield from self._controls()
        yield from self._requirements()
        yield from self._verdicts()
        yield from self._uncited()

    def _catalogue(self) -> Iterator[Finding]:
        risk_file = self.risk_file
        covered = {*risk_file.addressed, *risk_file.not_applicable}
        left = {name: item.title for name, item in risk_file.catalogue.hazards.items() if name not in covered}
        if not left:
            return
        first, title = next(iter(left.items()))
        told = f"{first} ({title})" if len(left) == 1 else f"{len(left)} hazards: {', '.join(left)}"
        yield Finding(
            Code.UNCOVERED_HAZARD,
            risk_file.at("hazards"),
            f"of the catalogue, neither addressed nor justified: {told}",
            f"address each by a hazard with 'catalogue: {first}', or say under not_applicable why not",
        )

    def _hazards(self) -> Iterator[Finding]:
        for name, hazard in self.risk_file.hazards.items():
            if not following(self.graph, Node(NodeKind.HAZARD, name), EdgeKind.EXPOSES):
                yield Finding(
                    Code.UNTRACED_HAZARD,
                    self.risk_file.at("hazards", name),
                    f"the hazard {name} ({hazard.hazard}) leads to no hazardous situation",
                    "add a situation with this hazard",
                )

    def _situations(self) -> Iterator[Finding]:
        for name, situation in self.risk_file.situations.items():
            place = self.risk_file.at("situations", name)
            if not following(self.graph, Node(NodeKind.SITUATION, name), EdgeKind.LEADS):
                yield Finding(
                    Code.UNTRACED_SITUATION,
                    place,
                    f"the situation {name} ({situation.situation}) leads to no harm",
                    "add a harm that follows from it",
                )
            ways = open_paths(self.graph, name)
            if situation.elsewhere is not None:
                yield Finding(
                    Code.CONTROLLED_ELSEWHERE,
                    place,
                    f"the situation {name} is controlled outside the specified software: "
                    f"{situation.elsewhere.control}",
                    "nothing here shows that it is; the risk file of the system has to",
                )
            elif ways:
                yield self._uncontrolled(name, ways)

    def _uncontrolled(self, name: str, ways: tuple[tuple[str, str], ...]) -> Finding:
        causes = ", ".join(dict.fromkeys(cause for cause, _ in ways))
        harms = ", ".join(dict.fromkeys(harm for _, harm in ways))
        told = self.risk_file.situations[name].explanation.strip()
        return Finding(
            Code.UNCONTROLLED,
            self.risk_file.at("situations", name),
            f"no control stands between {causes} and {harms} in the situation {name}"
            + (f"; explained: {told}" if told else ""),
            "add a control that stops one of them, or say under 'elsewhere:' who controls the situation",
        )

    def _controls(self) -> Iterator[Finding]:
        for name, control in self.risk_file.controls.items():
            if control.kind != _DESIGN and not control.justification.strip():
                yield Finding(
                    Code.NO_JUSTIFICATION,
                    self.risk_file.at("controls", name, "kind"),
                    f"the control {name} is a {control.kind} and does not say why design alone cannot do it",
                    "add 'justification:', or choose inherent safety by design",
                )
            if not control.requirements and not control.implementation.anything:
                yield Finding(
                    Code.CONTROL_NOT_VERIFIED,
                    self.risk_file.at("controls", name),
                    f"no requirement realises the control {name}",
                    "add 'requirements:', or under 'implementation:' what shows that it is there",
                )

    def _requirements(self) -> Iterator[Finding]:
        for name, requirement in self.risk_file.requirements.items():
            place = self.risk_file.at("requirements", name)
            owners = self._owners(name)
            if not owners:
                yield Finding(
                    Code.ORPHAN_REQUIREMENT,
                    place,
                    f"the requirement {name} belongs to no control",
                    "name it in the control that needs it, or remove it",
                )
            if not requirement.shown:
                yield Finding(
                    Code.CONTROL_NOT_VERIFIED,
                    place,
                    f"nothing shows that the requirement {name} is met{self._for(owners)}",
                    "add 'verified_by:' with obligations, or 'tests:' or 'documents:' with references",
                )

    def _owners(self, requirement: str) -> tuple[str, ...]:
        return following(self.graph, Node(NodeKind.REQUIREMENT, requirement), EdgeKind.REALISES)

    @staticmethod
    def _for(controls: tuple[str, ...]) -> str:
        return (
            f" ({'control' if len(controls) == 1 else 'controls'} {', '.join(controls)})" if controls else ""
        )

    def _verdicts(self) -> Iterator[Finding]:
        if self.results is None:
            if any(names for _, names in obligation_lists(self.risk_file)):
                yield Finding(
                    Code.OBLIGATION_UNKNOWN,
                    self.risk_file.at("requirements"),
                    "nothing was verified, so no control that rests on obligations is shown to work",
                    "run 'stimproof verify' first",
                )
            return
        presumed: dict[str, dict[str, Location]] = {}
        for path, obligations in obligation_lists(self.risk_file):
            name = str(path[1])
            what = "control" if path[0] == "controls" else "requirement"
            owners = self._for(self._owners(name)) if what == "requirement" else ""
            for number, obligation in enumerate(obligations):
                place = self.risk_file.at(*path, number)
                rests = f"the {what} {name}{owners} rests on {obligation}"
                yield from self._verdict(obligation, place, rests, self.results)
                yield from self._unverified(obligation, place, rests, self.results)
                for support in self.risk_file.supports.get(obligation, ()):
                    presumed.setdefault(support, {}).setdefault(name, place)
        for support, users in presumed.items():
            # One finding for all: a support that fails would else be reported for each property.
            rests = f"the proofs for {', '.join(users)} presume {support}"
            yield from self._verdict(support, next(iter(users.values())), rests, self.results)

    def _verdict(
        self, obligation: str, place: Location, rests: str, results: Mapping[str, Result]
    ) -> Iterator[Finding]:
        verdict = verdict_of(results, obligation)
        if verdict is Verdict.PROVED:
            return
        message = f"{rests}, which is {told(results, obligation)}"
        advice = f"'stimproof explain' shows why: give it the project and {obligation}"
        if verdict is Verdict.REFUTED:
            yield Finding(Code.OBLIGATION_REFUTED, place, message, advice)
        elif verdict is Verdict.NOT_APPLICABLE:
            advice = "rest the requirement on something that applies to this device"
            yield Finding(Code.CONTROL_NOT_VERIFIED, place, message, advice)
        else:
            yield Finding(Code.OBLIGATION_UNKNOWN, place, message, advice)

    def _unverified(
        self, obligation: str, place: Location, rests: str, results: Mapping[str, Result]
    ) -> Iterator[Finding]:
        result = results.get(obligation)
        if result is not None and result.verdict is Verdict.PROVED and result.unverified:
            message = f"{rests}, whose proof uses unverified numbers: {', '.join(result.unverified)}"
            yield Finding(Code.UNVERIFIED_PROOF, place, message, "read the numbers in their sources")

    def _uncited(self) -> Iterator[Finding]:
        supports = self.risk_file.supports
        cited = {item for _, names in obligation_lists(self.risk_file) for item in names}
        cited |= {support for item in cited for support in supports.get(item, ())}
        rest: Counter[str] = Counter()
        for item in self.risk_file.obligations:
            if item.id in cited:
                continue
            refuted = verdict_of(self.results or {}, item.id) is Verdict.REFUTED
            if item.id.startswith(_STATED) or refuted:
                answer = ", which is refuted" if refuted else ""
                yield Finding(
                    Code.OBLIGATION_UNCITED,
                    item.location,
                    f"no requirement of the risk file cites {item.id}{answer}",
                    "cite it where it shows that a control works, or ask why it is stated",
                )
            else:
                rest[item.kind] += 1
        if rest:
            kinds = ", ".join(f"{number} of {kind}" for kind, number in sorted(rest.items()))
            place = self.risk_file.at("requirements")
            message = f"no requirement rests on {rest.total()} obligations that follow from form: {kinds}"
            advice = "they need not be cited; one that is refuted is reported by itself"
            yield Finding(Code.OBLIGATION_UNCITED, place, message, advice, Severity.NOTE)
