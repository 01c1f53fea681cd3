"""An assurance argument in the notation of the GSN Community Standard (version 3), from the risk file.

The argument says what the risk file says and no more: a goal that nothing supports is *undeveloped*, and
what is controlled elsewhere, or presumed by a proof, is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from stimproof.hazards.graph import stopping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.hazards.nodes import Graph
    from stimproof.hazards.report import TraceReport
    from stimproof.hazards.risk_file import RiskFile


class Element(Enum):
    """The elements of the notation: the letter of its ids."""

    GOAL = "G"
    STRATEGY = "S"
    CONTEXT = "C"
    ASSUMPTION = "A"
    SOLUTION = "Sn"


@dataclass(frozen=True, slots=True)
class Argument:
    """One element with what supports it and what it stands in the context of."""

    element: Element
    text: str
    supported_by: tuple[Argument, ...] = ()
    in_context_of: tuple[Argument, ...] = ()

    @property
    def undeveloped(self) -> bool:
        """Whether it is a goal that nothing supports."""
        return self.element is Element.GOAL and not self.supported_by

    def walk(self) -> Iterator[Argument]:
        """Yield the element and all below it, depth first."""
        yield self
        for part in (*self.in_context_of, *self.supported_by):
            yield from part.walk()


@dataclass(frozen=True)
class Arguing:
    """Builds the argument of one risk file from its trace."""

    risk_file: RiskFile
    graph: Graph
    report: TraceReport

    def argument(self) -> Argument:
        """Return the whole argument."""
        edition = f"risk management as configured: {self.report.edition}"
        policy = self.risk_file.policy.text if self.risk_file.policy is not None else ""
        contexts = [edition, f"policy: {policy}"] if policy else [edition]
        hazards = tuple(self._hazard(name) for name in self.risk_file.hazards)
        strategy = Argument(Element.STRATEGY, "argue over every hazard of the risk file", hazards)
        return Argument(
            Element.GOAL,
            f"the risks of {self.report.device} are acceptable as far as its risk file reaches",
            (strategy,) if hazards else (),
            tuple(Argument(Element.CONTEXT, text) for text in contexts),
        )

    def _hazard(self, name: str) -> Argument:
        situations = [key for key, item in self.risk_file.situations.items() if name in item.hazards]
        goals = tuple(goal for key in situations for goal in self._situation(key))
        strategy = Argument(Element.STRATEGY, "argue over every hazardous situation and its harms", goals)
        text = f"{self.risk_file.hazards[name].hazard} ({name}) is controlled"
        return Argument(Element.GOAL, text, (strategy,) if goals else ())

    def _situation(self, name: str) -> Iterator[Argument]:
        situation = self.risk_file.situations[name]
        outside = situation.elsewhere
        assumed = [f"controlled elsewhere: {outside.control} ({outside.why})"] if outside else []
        for key, harm in self.risk_file.harms.items():
            if name in harm.situations:
                controls = stopping(self.graph, name, key)
                yield Argument(
                    Element.GOAL,
                    f"that {situation.situation} does not lead to: {harm.harm}",
                    tuple(self._control(control) for control in controls),
                    tuple(Argument(Element.ASSUMPTION, text) for text in assumed),
                )

    def _control(self, name: str) -> Argument:
        found = next(item for item in self.report.controls if item.control == name)
        proofs = [f"{claim}: {verdict}" for claim, verdict in found.obligations]
        solutions = tuple(Argument(Element.SOLUTION, text) for text in (*proofs, *found.external))
        known = {item.id: item for item in self.risk_file.obligations}
        presumed = dict.fromkeys(text for claim, _ in found.obligations for text in known[claim].presumes)
        return Argument(
            Element.GOAL,
            f"{found.text} ({name}); {found.state.value}, effect: {found.effect}",
            solutions,
            tuple(Argument(Element.ASSUMPTION, text) for text in presumed),
        )


def as_text(argument: Argument) -> str:
    """Return the argument as an outline, each element numbered within its kind."""
    counts = dict.fromkeys(Element, 0)
    lines: list[str] = []

    def tell(item: Argument, depth: int) -> None:
        counts[item.element] += 1
        mark = " [undeveloped]" if item.undeveloped else ""
        lines.append(f"{'  ' * depth}{item.element.value}{counts[item.element]} {item.text}{mark}")
        for part in (*item.in_context_of, *item.supported_by):
            tell(part, depth + 1)

    tell(argument, 0)
    return "\n".join(lines) + "\n"
