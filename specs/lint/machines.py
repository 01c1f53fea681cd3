"""What the shape of a machine alone shows: dead ends, modes out of reach, transitions never taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import FALSE, TRUE, Apply, Expression, Op, Reference, show, walk
from stimproof.specs.findings import Code, Finding
from stimproof.specs.lint.terms import of_meaning, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.specification import Machine, Specification, Transition


def findings(specification: Specification) -> Iterator[Finding]:
    """Yield what can be said of the machines without a solver."""
    for machine in specification.machines.values():
        yield from _never_left(machine)
        yield from _never_entered(machine)
        yield from _shadowed(machine)
        for transition in machine.transitions:
            yield from _equal_clocks(specification, machine, transition)
    for item in specification.properties.values():
        for term in of_meaning(item.meaning):
            for node in _clock_equations(specification, term):
                yield Finding(
                    Code.CLOCK_EQUALITY,
                    place(node, item.location),
                    f"'{show(node)}' holds at one instant only",
                    "compare with <= or >=, unless that very instant is meant",
                )


def _never_left(machine: Machine) -> Iterator[Finding]:
    """Name modes from which no transition leads elsewhere; a machine with one mode has nowhere to go."""
    left = {mode for item in machine.transitions for mode in item.sources if item.target not in (None, mode)}
    for mode in machine.modes.values():
        if len(machine.modes) > 1 and mode.name not in left and not mode.terminal:
            yield Finding(
                Code.MODE_NEVER_LEFT,
                mode.location,
                f"no transition of '{machine.name}' leaves {mode.name}",
                "add a way out, or write 'terminal: true' if it is the end",
            )


def _never_entered(machine: Machine) -> Iterator[Finding]:
    entered, before = set(machine.initial), set[str]()
    while entered != before:
        before = set(entered)
        entered |= {
            item.target
            for item in machine.transitions
            if item.target is not None and item.guard != FALSE and before & set(item.sources)
        }
    for mode in machine.modes.values():
        if mode.name not in entered:
            yield Finding(
                Code.MODE_NEVER_ENTERED,
                mode.location,
                f"no way leads from an initial mode of '{machine.name}' to {mode.name}",
                "add a transition to it, or remove it",
            )


def shadows(machine: Machine, transition: Transition) -> Transition | None:
    """Return a transition of higher priority that is taken wherever this one could be, by their texts."""
    for other in machine.transitions:
        first = other.event == transition.event and other.priority > transition.priority
        everywhere = set(transition.sources) <= set(other.sources)
        if first and everywhere and other.guard in (TRUE, transition.guard):
            return other
    return None


def _shadowed(machine: Machine) -> Iterator[Finding]:
    for transition in machine.transitions:
        other = shadows(machine, transition)
        if other is not None:
            yield Finding(
                Code.SHADOWED,
                transition.location,
                f"{transition.title} is never taken: {other.title} (priority {other.priority}) "
                "goes first wherever it could be",
                "give the other a guard, change the priorities, or remove one of the two",
            )


def _equal_clocks(
    specification: Specification, machine: Machine, transition: Transition
) -> Iterator[Finding]:
    """Name equations of clocks in a guard, but for the instant at which every source mode must end."""
    for node in _clock_equations(specification, transition.guard):
        internal = specification.events[transition.event].internal
        if internal and all(_ends_at(machine.modes[mode].stay, node) for mode in transition.sources):
            continue
        yield Finding(
            Code.CLOCK_EQUALITY,
            place(node, transition.location),
            f"'{show(node)}' holds at one instant only, and nothing makes '{transition.event}' happen then",
            "compare with >=, or let the mode's 'stay:' end at that instant",
        )


def _clock_equations(specification: Specification, term: Expression) -> Iterator[Apply]:
    clocks = {item.name for item in specification.variables.values() if item.kind == "clock"}
    for node in walk(term):
        equation = isinstance(node, Apply) and node.op is Op.EQ
        if isinstance(node, Apply) and equation and any(_is_clock(side, clocks) for side in node.args):
            yield node


def _is_clock(side: Expression, clocks: set[str]) -> bool:
    return isinstance(side, Reference) and side.name in clocks


def _ends_at(stay: Expression, equation: Apply) -> bool:
    """Return whether a stay condition becomes false right after the instant that an equation names."""
    return any(
        isinstance(node, Apply) and node.op is Op.LE and node.args in (equation.args, equation.args[::-1])
        for node in walk(stay)
    )
