"""Specifications with a fault: what a device is while something that its author declared has failed.

A fault becomes machines, inputs and guards of the same language, so that the same engines prove, the same
interpreter replays and the same solver checks again. Everything else stays, the text and its hash included:
which fault is present stands beside every result about it. What each kind means here:

stuck_at
    The first value is the stuck one and nothing writes any other; a clock stands still.
corrupt
    Every event leaves any value of its range in the variable, and so does one that means nothing else.
omit
    The transition is never taken; a mode that the device leaves by it alone may last for ever.
spurious
    An internal event happens although the guards of its transitions do not hold. The environment may offer
    an input event at any time anyhow, so that nothing changes.
delay, bias
    See :mod:`stimproof.verify.faulting_late`; an input reads off by at most the amount, within its range.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Integer,
    Literal,
    Op,
    Reference,
    add,
    compare,
    disj,
    ite,
    rewrite,
)
from stimproof.specs.specification import Event, Input, Machine, Mode, Transition
from stimproof.verify.faulting_late import delayed
from stimproof.verify.faulting_parts import (
    InjectionError,
    Names,
    rewritten,
    transition_of,
    unbounded,
    unwritten,
)
from stimproof.verify.removing import without

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from stimproof.specs.faults import Fault
    from stimproof.specs.specification import Specification

CHOOSING = frozenset({"corrupt", "spurious", "delay", "bias"})
"""The kinds of faults that choose: where a claim asks for a way, they could help to find it."""


def faulted(specification: Specification, fault: Fault) -> Specification:
    """Return the specification with one fault.

    Raises:
        InjectionError: the language cannot say what the device does with this fault.
    """
    return _KINDS[fault.kind](specification, fault)


def _stuck(specification: Specification, fault: Fault) -> Specification:
    item = specification.variables[fault.target]
    # A clock that stands still is a number like any other.
    kind = "quantity" if item.kind == "clock" else item.kind
    held = replace(item, initial=fault.value, kind=kind)
    quiet = unwritten(specification, fault.target)
    return replace(quiet, variables={**specification.variables, item.name: held})


def _corrupt(specification: Specification, fault: Fault) -> Specification:
    """Return the specification in which every event leaves some value in a variable, and one event only that.

    Nothing else writes the variable, so that what it holds is never less arbitrary than between two writes.
    """
    item, names = specification.variables[fault.target], Names(specification)
    if item.kind == "clock":
        raise InjectionError(f"{item.name} is a clock, which has no range to take a value from")
    value = Input(names.new(f"{fault.name}_value"), item.type, item.low, item.high, item.unit, fault.location)
    event = Event(names.new(f"{fault.name}_occurs"), internal=False, location=fault.location, doc=fault.doc)
    machine, mode = names.new(fault.name), names.new("CORRUPT")
    write = ((item.name, Reference(value.name, item.type)),)
    taken = tuple(
        Transition(
            machine,
            number,
            (mode,),
            None,
            name,
            TRUE,
            write,
            0,
            fault.location,
            fault.rate.citation,
            fault.doc,
        )
        for number, name in enumerate((*specification.events, event.name), start=1)
    )
    acting = Machine(
        machine,
        Enumeration(machine, (mode,)),
        (mode,),
        {mode: Mode(mode, (), (), TRUE, terminal=True, location=fault.location)},
        taken,
        fault.location,
        fault.doc,
    )
    quiet = unwritten(specification, item.name)
    return replace(
        quiet,
        variables={**specification.variables, item.name: replace(item, initial=None)},
        inputs={**specification.inputs, value.name: value},
        events={**specification.events, event.name: event},
        machines={**quiet.machines, machine: acting},
    )


def _omitted(specification: Specification, fault: Fault) -> Specification:
    omitted = transition_of(specification, fault.target)
    left = without(specification, [f"machines.{omitted.machine}.transitions.{fault.target}"])
    if not specification.events[omitted.event].internal:
        return left
    machine = left.machines[omitted.machine]
    leaving = {
        source
        for item in machine.transitions
        if specification.events[item.event].internal and item.target is not None
        for source in item.sources
    }
    return unbounded(left, machine, set(omitted.sources) - leaving)


def _spurious(specification: Specification, fault: Fault) -> Specification:
    if not specification.events[fault.target].internal:
        return specification
    happens = Input(
        Names(specification).new(f"{fault.name}_happens"),
        BOOLEAN,
        None,
        None,
        None,
        fault.location,
        fault.doc,
    )
    by_fault = Reference(happens.name, BOOLEAN)
    machines = {
        machine.name: replace(
            machine,
            transitions=tuple(
                replace(item, guard=disj(item.guard, by_fault)) if item.event == fault.target else item
                for item in machine.transitions
            ),
        )
        for machine in specification.machines.values()
    }
    return replace(specification, machines=machines, inputs={**specification.inputs, happens.name: happens})


def _biased(specification: Specification, fault: Fault) -> Specification:
    item, amount = specification.inputs[fault.target], fault.amount
    assert amount is not None
    off = Input(
        Names(specification).new(f"{fault.name}_amount"),
        item.type,
        -amount,
        amount,
        item.unit,
        fault.location,
        fault.doc,
    )
    if isinstance(item.type, Integer):
        off = replace(off, low=-_whole(amount), high=_whole(amount))
    reads = _clipped(item, add(Reference(item.name, item.type), Reference(off.name, item.type)))

    def read(term: Expression) -> Expression:
        return rewrite(term, lambda reference: reads if reference.name == item.name else reference)

    changed = rewritten(specification, read)
    return replace(changed, inputs={**specification.inputs, off.name: off})


def _whole(amount: Fraction) -> Fraction:
    """Return the largest whole number of units that lies within an amount."""
    return amount - amount % 1


def _clipped(item: Input, term: Expression) -> Expression:
    """Return what is read: a sensor that is off reads no value that it could not read."""
    assert item.low is not None
    assert item.high is not None
    for op, end in ((Op.LT, item.low), (Op.GT, item.high)):
        value = int(end) if isinstance(item.type, Integer) else end
        bound = Literal(value, item.type)
        assert isinstance(term, Apply)
        term = ite(compare(op, term, bound), bound, term)
    return term


_KINDS: dict[str, Callable[[Specification, Fault], Specification]] = {
    "stuck_at": _stuck,
    "corrupt": _corrupt,
    "omit": _omitted,
    "spurious": _spurious,
    "delay": delayed,
    "bias": _biased,
}
