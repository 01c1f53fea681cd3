"""A machine with parts of its description left open, to learn what a proof does not depend on.

Each *element* of the specification (a guard, a value that is assigned, a target mode, an initial value, a
limit of stay, the range of an input) is replaced by a free value or left out. What holds of the opened
machine holds of every machine that differs in these elements alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Op,
    Reference,
    Type,
    equal,
    references,
)
from stimproof.verify.encoding import encode, fire_name, in_mode
from stimproof.verify.system import DELAY, EVENT, TransitionSystem, member_range

if TYPE_CHECKING:
    from stimproof.specs.specification import Machine, Mode, Specification, Transition, Updates


def transition_place(item: Transition) -> str:
    """Return how elements name a transition: by its own name, or ``T`` and its number."""
    return f"machines.{item.machine}.transitions.{item.name or f'T{item.number}'}"


@dataclass(frozen=True)
class Opened:
    """A system in which every element is open, and what each element says: to put it back is to assert it.

    ``first`` are elements that speak of initial states alone, ``steps`` those that speak of steps.
    """

    system: TransitionSystem
    first: Mapping[str, Expression]
    steps: Mapping[str, Expression]


@dataclass
class _Opener:
    """Replaces terms by free values and remembers what they stand for."""

    specification: Specification
    steps: dict[str, Expression] = field(default_factory=dict)
    free: dict[str, Type] = field(default_factory=dict)

    def opened(self, element: str, term: Expression, kind: Type) -> Reference:
        """Return a free value in place of a term."""
        name = f"free.{len(self.free)}"
        self.free[name] = kind
        self.steps[element] = equal(Reference(name, kind), term)
        return Reference(name, kind)

    def updates(self, place: str, given: Updates) -> Updates:
        kinds = self.specification.variables
        return tuple((name, self.opened(f"{place}.{name}", term, kinds[name].type)) for name, term in given)

    def transition(self, item: Transition) -> Transition:
        place, guard = transition_place(item), item.guard
        if guard != TRUE:
            guard = self.opened(f"{place}.guard", guard, BOOLEAN)
        return replace(item, guard=guard, updates=self.updates(f"{place}.updates", item.updates))

    def mode(self, place: str, item: Mode) -> Mode:
        entry, leaving = self.updates(f"{place}.entry", item.entry), self.updates(f"{place}.exit", item.exit)
        return replace(item, entry=entry, exit=leaving)

    def machine(self, item: Machine) -> Machine:
        place = f"machines.{item.name}.modes"
        modes = {name: self.mode(f"{place}.{name}", mode) for name, mode in item.modes.items()}
        return replace(item, modes=modes, transitions=tuple(map(self.transition, item.transitions)))

    def targets(self, machine: Machine, term: Expression) -> Expression:
        """Return a next-mode function with every target open."""
        places = {fire_name(item): transition_place(item) for item in machine.transitions}
        if not (isinstance(term, Apply) and term.op is Op.ITE and isinstance(term.args[0], Reference)):
            return term
        fires, target, rest = term.args
        assert isinstance(fires, Reference)
        chosen = self.opened(f"{places[fires.name]}.to", target, machine.type)
        return Apply(Op.ITE, (fires, chosen, self.targets(machine, rest)), term.type)


def opened(specification: Specification) -> Opened:
    """Return the machines of a specification with every element open."""
    opener = _Opener(specification)
    machines = {name: opener.machine(item) for name, item in specification.machines.items()}
    system = encode(replace(specification, machines=machines))
    step = {
        name: opener.targets(specification.machines[name], term) if name in machines else term
        for name, term in system.next.items()
    }
    first = {name: part for name, part in _initial(specification) if part in system.initial}
    dropped = dict(_constraints(specification, system))
    ranges = (member_range(Reference(n, k), k) for n, k in opener.free.items() if isinstance(k, Enumeration))
    return Opened(
        replace(
            system,
            next=step,
            inputs={**system.inputs, **opener.free},
            initial=tuple(part for part in system.initial if part not in first.values()),
            constraint=(*(part for part in system.constraint if part not in dropped.values()), *ranges),
        ),
        first,
        {**opener.steps, **dropped},
    )


def _initial(specification: Specification) -> Iterator[tuple[str, Expression]]:
    for machine in specification.machines.values():
        yield f"machines.{machine.name}.initial", in_mode(machine, machine.initial)
    for item in specification.variables.values():
        if item.initial is not None:
            yield f"variables.{item.name}.initial", equal(Reference(item.name, item.type), item.initial)


def _constraints(specification: Specification, system: TransitionSystem) -> Iterator[tuple[str, Expression]]:
    """Yield the constraints that limits of stay and ranges of inputs make, by what they mention."""
    for part in system.constraint:
        mentioned = references(part)
        for item in specification.inputs.values():
            if mentioned == {item.name}:
                yield f"inputs.{item.name}.range", part
        for machine in specification.machines.values():
            if mentioned > {EVENT, DELAY, machine.name}:
                yield _stay(machine, part), part


def _stay(machine: Machine, part: Expression) -> str:
    """Return the element of the mode whose limit of stay a constraint expresses."""
    assert isinstance(part, Apply)
    premise = part.args[0]
    for mode in machine.modes.values():
        here = in_mode(machine, [mode.name])
        if isinstance(premise, Apply) and here in premise.args:
            return f"machines.{machine.name}.modes.{mode.name}.stay"
    return f"machines.{machine.name}.stay"


def closed(
    system: TransitionSystem, first: Mapping[str, Expression], steps: Mapping[str, Expression]
) -> TransitionSystem:
    """Return an opened system with some elements put back."""
    return replace(
        system,
        initial=(*system.initial, *first.values()),
        constraint=(*system.constraint, *steps.values()),
    )
