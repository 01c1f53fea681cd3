"""One item of a risk file looked at again, without the rest: what stands on the same ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from stimproof.hazards.barriers import Foundations
from stimproof.hazards.trace import trace
from stimproof.specs.errors import OperatorError
from stimproof.specs.findings import Code

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from stimproof.hazards.effectiveness import Effects
    from stimproof.hazards.measures import Control
    from stimproof.hazards.report import TraceReport
    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.findings import Finding
    from stimproof.verify.results import Verification

_SECTIONS = ("causes", "hazards", "situations", "harms", "controls", "requirements")
_GLOBAL = (Code.CIRCULAR, Code.OBLIGATION_UNCITED)
"""What a look at a part cannot judge."""


@dataclass(frozen=True)
class Neighbourhood:
    """The situations on whose ways some items stand, and the part of the risk file that bears on them."""

    situations: frozenset[str]
    part: RiskFile

    def retrace(self, verification: Verification | None = None, effects: Effects = ()) -> TraceReport:
        """Return the rows of these situations, and the findings about them and what stands on their ways.

        Every row is the one of the whole trace, and so is every finding; one that speaks of several items
        names those of the part. What only the whole can show is left to it: coverage, circles, what nothing
        cites, the overall risk.
        """
        report = trace(self.part, verification, effects)
        rows = tuple(row for row in report.rows if row.situation in self.situations)
        findings = tuple(item for item in report.findings if self._local(item))
        controls = tuple(item for item in report.controls if item.control in self.controls)
        return replace(report, rows=rows, controls=controls, findings=findings, coverage=(), counts=())

    def _local(self, finding: Finding) -> bool:
        section, _, rest = finding.location.path.partition(".")
        name = rest.partition(".")[0].partition("[")[0]
        return finding.code not in _GLOBAL and name in self._near.get(section, ())

    @cached_property
    def controls(self) -> frozenset[str]:
        """The controls on the ways through these situations, with those that they rely on."""
        passed = set(self.situations)
        for name in self.situations:
            passed.update(self.part.situations[name].causes)
        passed.update(name for name, harm in self.part.harms.items() if self.situations & {*harm.situations})
        found = {name for name, item in self.part.controls.items() if passed & {*item.stops}}
        foundations = Foundations(self.part.controls)
        return frozenset(found.union(*(foundations.relied(name) for name in found)))

    @cached_property
    def trials(self) -> RiskFile:
        """The risk file with these controls alone, to be tried and to say what has to be proved."""
        kept = {name: item for name, item in self.part.controls.items() if name in self.controls}
        needed = {name for item in kept.values() for name in item.requirements}
        return replace(self.part, controls=kept, requirements=_only(self.part.requirements, needed))

    @cached_property
    def _near(self) -> Mapping[str, Collection[str]]:
        """The entries of each section that are looked at whole."""
        situations = [self.part.situations[name] for name in self.situations]
        return {
            "situations": self.situations,
            "hazards": {name for item in situations for name in item.hazards},
            "causes": {name for item in situations for name in item.causes},
            "harms": self.part.harms,
            "controls": self.controls,
            "requirements": self.trials.requirements,
        }


def neighbourhood(risk_file: RiskFile, names: Iterable[str]) -> Neighbourhood:
    """Return the neighbourhood of some entries, named by their ids.

    Raises:
        OperatorError: no entry has one of the names.
    """
    wanted = set(names)
    known = {name for section in _SECTIONS for name in getattr(risk_file, section)}
    if wanted - known:
        raise OperatorError(f"the risk file has no entry '{min(wanted - known)}'")
    stopped = _stopped(risk_file, wanted)
    near = {
        name for name, item in risk_file.situations.items() if stopped & {name, *item.causes, *item.hazards}
    }
    near |= {key for name in stopped & risk_file.harms.keys() for key in risk_file.harms[name].situations}
    return Neighbourhood(frozenset(near), _part(risk_file, near))


def _stopped(risk_file: RiskFile, wanted: set[str]) -> set[str]:
    """Return the items, and what the controls among them, or that need them, stop."""
    found = set(wanted)
    foundations = Foundations(risk_file.controls)
    for name, control in risk_file.controls.items():
        if wanted & {name, *control.requirements, *control.relies_on, *foundations.relied(name)}:
            found.update(control.stops)
    return found


def _part(risk_file: RiskFile, near: set[str]) -> RiskFile:
    harms = {name: item for name, item in risk_file.harms.items() if near & set(item.situations)}
    situations = near | {key for item in harms.values() for key in item.situations}
    causes = {cause for key in situations for cause in risk_file.situations[key].causes}
    hazards = {hazard for key in situations for hazard in risk_file.situations[key].hazards}
    events = causes | situations | harms.keys()
    stopping = {name for name, item in risk_file.controls.items() if events & set(item.stops)}
    controls, requirements = _standing(risk_file, stopping)
    kept = {
        name: _clipped(risk_file.controls[name], events) for name in risk_file.controls if name in controls
    }
    return replace(
        risk_file,
        causes=_only(risk_file.causes, causes),
        hazards=_only(risk_file.hazards, hazards),
        situations=_only(risk_file.situations, situations),
        harms=harms,
        controls=kept,
        requirements=_only(risk_file.requirements, requirements),
        post_production={},
        written={},
        clauses={},
        reviews=(),
    )


def _standing(risk_file: RiskFile, controls: set[str]) -> tuple[set[str], set[str]]:
    """Return controls with what they rely on or share a requirement with, and their requirements."""
    foundations = Foundations(risk_file.controls)
    owners: dict[str, list[str]] = {}
    for name, item in risk_file.controls.items():
        for requirement in item.requirements:
            owners.setdefault(requirement, []).append(name)
    found, waiting, requirements = set(controls), [*controls], set[str]()
    while waiting:
        name = waiting.pop()
        wanted = set(risk_file.controls[name].requirements)
        requirements |= wanted
        new = {*foundations.relied(name), *(owner for item in wanted for owner in owners[item])} - found
        found |= new
        waiting += new
    return found, requirements


def _clipped(control: Control, events: set[str]) -> Control:
    """Return a control that stops only what belongs to the part."""
    return control.model_copy(update={"stops": tuple(name for name in control.stops if name in events)})


Entry = TypeVar("Entry")


def _only(entries: Mapping[str, Entry], names: set[str]) -> dict[str, Entry]:
    return {name: item for name, item in entries.items() if name in names}
