"""Specifications in which an event or a transition comes late.

A machine of its own stands between what happens and what the device makes of it: what happens moves it to
``LATE``, in which it may stay as long as the fault allows, and an internal event of its own then does what
would have been done at once. What happens again in the meantime is one with what is under way.

Where the device acts by itself (an internal event), its modes may last longer by the delay.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Literal,
    Op,
    Real,
    Reference,
    add,
    compare,
    conj,
    disj,
    equal,
    ite,
    negate,
    show,
)
from stimproof.specs.quantities import TIME
from stimproof.specs.specification import Event, Machine, Mode, Transition, Variable
from stimproof.verify.faulting_parts import InjectionError, Names, transition_of, with_stays

if TYPE_CHECKING:
    from stimproof.specs.faults import Fault
    from stimproof.specs.specification import Specification

_SECONDS = Real(TIME)


def delayed(specification: Specification, fault: Fault) -> Specification:
    """Return the specification in which an event, or one transition, is up to the fault's amount late."""
    late = _late_event if fault.about == "event" else _late_transition
    return late(specification, fault)


def _late_event(specification: Specification, fault: Fault) -> Specification:
    event = specification.events[fault.target]
    late = _Late(specification, fault)
    changed = late.specification(event.name, TRUE)
    for machine in specification.machines.values():
        found = [item for item in machine.transitions if item.event == event.name]
        if found:
            moved = tuple(late.served(item) if item in found else item for item in machine.transitions)
            changed = replace(
                changed, machines={**changed.machines, machine.name: replace(machine, transitions=moved)}
            )
            if event.internal:
                modes = {source for item in found for source in item.sources}
                changed = with_stays(changed, changed.machines[machine.name], modes, late.longer)
    return changed


def _late_transition(specification: Specification, fault: Fault) -> Specification:
    item = transition_of(specification, fault.target)
    machine, late = specification.machines[item.machine], _Late(specification, fault)
    overtaking = [
        other for other in machine.transitions if other.event == item.event and other.priority > item.priority
    ]
    # What a transition of higher rank takes is nothing that this one would do later.
    overtaken = disj(*(_enabled(machine, other) for other in overtaking))
    changed = late.specification(item.event, conj(_enabled(machine, item), negate(overtaken)))
    # In its place the event is still accepted, so that no transition of lower rank takes it instead.
    accepted = replace(item, target=None, updates=(), name="")
    number = max(other.number for other in machine.transitions) + 1
    served = replace(late.served(item), number=number, guard=late.under_way)
    moved = (*(accepted if other is item else other for other in machine.transitions), served)
    changed = replace(
        changed, machines={**changed.machines, machine.name: replace(machine, transitions=moved)}
    )
    if not specification.events[item.event].internal:
        return changed
    return with_stays(changed, changed.machines[machine.name], item.sources, late.longer)


def _enabled(machine: Machine, item: Transition) -> Expression:
    """Return that a transition's event would find it possible."""
    here = Reference(machine.name, machine.type)
    return conj(disj(*(equal(here, Literal(source, machine.type)) for source in item.sources)), item.guard)


class _Late:
    """The machine between what happens and what is made of it."""

    def __init__(self, specification: Specification, fault: Fault) -> None:
        names = Names(specification)
        self.before, self.fault = specification, fault
        self.event = names.new(f"{fault.name}_ends")
        self.clock = names.new(f"{fault.name}_since")
        self.name, self.modes = names.new(fault.name), (names.new("ON_TIME"), names.new("LATE"))
        self.type = Enumeration(self.name, self.modes)

    @property
    def under_way(self) -> Expression:
        """That something has happened and is not served yet."""
        return equal(Reference(self.name, self.type), Literal(self.modes[1], self.type))

    def longer(self, stay: Expression) -> Expression:
        """Return how long a mode lasts where what would end it is late: each bound comes later by as much."""
        if not isinstance(stay, Apply) or stay.op not in (Op.AND, Op.LE):
            raise InjectionError(f"{show(stay)} is no upper bound that could come later")
        if stay.op is Op.AND:
            return conj(*(self.longer(part) for part in stay.args))
        clock, bound = stay.args
        return compare(Op.LE, clock, ite(self.under_way, add(bound, self.amount), bound))

    @property
    def amount(self) -> Literal:
        """How late at most."""
        assert self.fault.amount is not None
        return Literal(self.fault.amount, _SECONDS)

    def served(self, item: Transition) -> Transition:
        """Return a transition as it is taken late: what it asks for and reads is then looked at."""
        return replace(item, event=self.event, guard=conj(self.under_way, item.guard))

    def specification(self, event: str, condition: Expression) -> Specification:
        """Return the specification with this machine; the event begins a delay where the condition holds."""
        place = self.fault.location
        on_time, late = self.modes
        zero = Literal(Fraction(0), _SECONDS)
        clock = Variable(self.clock, _SECONDS, "clock", None, None, None, zero, None, place)
        bound = compare(Op.LE, Reference(self.clock, _SECONDS), self.amount)
        modes = {
            on_time: Mode(on_time, (), (), TRUE, terminal=True, location=place),
            late: Mode(late, ((self.clock, zero),), (), bound, terminal=False, location=place),
        }
        cited = self.fault.rate.citation
        moves = (
            Transition(self.name, 1, (on_time,), late, event, condition, (), 0, place, cited),
            Transition(self.name, 2, (late,), on_time, self.event, TRUE, (), 0, place, cited),
        )
        machine = Machine(self.name, self.type, (on_time,), modes, moves, place, self.fault.doc)
        ends = Event(self.event, internal=True, location=place, doc=self.fault.doc)
        spec = self.before
        return replace(
            spec,
            variables={**spec.variables, self.clock: clock},
            events={**spec.events, self.event: ends},
            machines={**spec.machines, self.name: machine},
        )
