"""Whether the end of a concrete run is so like an earlier state that the steps between repeat for ever.

This is the judge's own view: it works on states and terms, not on a solver's encoding. What cannot matter to
a requirement may differ. A clock may differ where it is beyond everything that it is ever compared with:
whatever was true of it in the first round is then true in every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Apply, Expression, Op, Reference, Value, references, walk
from stimproof.verify.interpreter import evaluate

if TYPE_CHECKING:
    from stimproof.specs.specification import Machine, Specification
    from stimproof.verify.judge import History

_COMPARISONS = {Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE}


def repeats(
    specification: Specification, requirement: Iterable[Expression], history: History, loop: int
) -> bool:
    """Return whether the steps after state ``loop`` can be taken again and again while time goes on.

    ``requirement`` are the terms whose truth must repeat as well.
    """
    if not 0 <= loop < len(history.steps):
        return False  # evidence may name any number
    steps, terms = history.steps[loop:], list(requirement)
    if not sum((step.delay for step in steps), Fraction(0)):
        return False
    before, after = history.states[loop], history.states[-1]
    values = [{**state, **step.inputs} for state, step in zip(history.states[loop:], steps, strict=False)]
    reading = [*terms, *_terms(specification)]
    return all(
        before[name] == after[name] or _beyond(specification, reading, name, (before, after), values)
        for name in _relevant(specification, terms)
    )


def _relevant(specification: Specification, terms: Iterable[Expression]) -> set[str]:
    """Return the variables and machines that the terms, or the passing of time, can ever depend on."""
    found: set[str] = set()
    machines = specification.machines.values()
    stays = {machine.name: [mode.stay for mode in machine.modes.values()] for machine in machines}
    todo = {name for term in terms for name in references(term)}
    for name, limits in stays.items():
        read = {other for limit in limits for other in references(limit)}
        todo |= read | ({name} if read else set())
    while todo:
        name = todo.pop()
        if name in found or not (name in specification.variables or name in specification.machines):
            continue
        found.add(name)
        for machine in machines:
            todo |= _moving(machine) if machine.name == name else _writing(machine, name)
    return found


def _moving(machine: Machine) -> set[str]:
    """Return what decides where a machine goes."""
    return {name for transition in machine.transitions for name in references(transition.guard)}


def _writing(machine: Machine, variable: str) -> set[str]:
    """Return what decides the values that a machine gives to a variable."""
    given = [term for name, term in _updates(machine) if name == variable]
    return {machine.name, *(name for term in given for name in references(term))} if given else set()


def _updates(machine: Machine) -> Iterator[tuple[str, Expression]]:
    for mode in machine.modes.values():
        yield from (*mode.entry, *mode.exit)
    for transition in machine.transitions:
        yield from transition.updates


def _terms(specification: Specification) -> Iterator[Expression]:
    for machine in specification.machines.values():
        yield from (mode.stay for mode in machine.modes.values())
        yield from (transition.guard for transition in machine.transitions)
        yield from (term for _, term in _updates(machine))


def _beyond(
    specification: Specification,
    terms: Iterable[Expression],
    name: str,
    ends: tuple[Mapping[str, Value], Mapping[str, Value]],
    values: Iterable[Mapping[str, Value]],
) -> bool:
    """Return whether a clock is, at both ends of a loop, above all that it is compared with in the loop."""
    clocks = {item.name for item in specification.variables.values() if item.kind == "clock"}
    if name not in clocks:
        return False
    rivals: list[Expression] = []
    for term in terms:
        found = list(_rivals(term, name))
        alone = sum(isinstance(node, Reference) and node.name == name for node in walk(term))
        if alone != len(found) or any(references(other) & clocks for other in found):
            return False
        rivals += found
    least = min(Fraction(end[name]) for end in ends)
    return all(least > evaluate(other, here) for other in rivals for here in values)


def _rivals(term: Expression, name: str) -> Iterator[Expression]:
    """Yield what a name is compared with where it stands alone on one side."""
    for node in walk(term):
        if isinstance(node, Apply) and node.op in _COMPARISONS and len(node.args) == 2:
            left, right = node.args
            if isinstance(left, Reference) and left.name == name:
                yield right
            if isinstance(right, Reference) and right.name == name:
                yield left
