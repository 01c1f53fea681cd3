"""Whether a few steps on from a concrete state lead to a target, or let a machine move: a look at a trap.

Every allowed event is tried with sampled inputs, and waiting up to each moment at which a clock reaches
something that it is compared with. That finds no way where there is none; it may miss a long one, and is
no proof that there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain, islice, product
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Integer,
    Reference,
    Value,
    references,
    walk,
)
from stimproof.verify.enabling import can_ever_fire
from stimproof.verify.interpreter import TIME_STEP, Interpreter, Step, evaluate

if TYPE_CHECKING:
    from stimproof.specs.specification import CanReach, Input, Machine, Specification, Transition

MOST_STATES, MOST_INPUTS = 200, 32
Using = tuple[str, ...] | None


def escapes(interpreter: Interpreter, meaning: CanReach, state: Mapping[str, Value]) -> bool:
    """Return whether the target is found within some hundred states from here."""
    return any(
        evaluate(meaning.target, here) for here in _ahead(interpreter, meaning.using, meaning.target, state)
    )


def moves_again(interpreter: Interpreter, machine: str, state: Mapping[str, Value]) -> bool:
    """Return whether a machine can be seen to take a transition within some hundred states from here."""
    transitions = interpreter.specification.machines[machine].transitions
    return any(
        can_ever_fire(interpreter, transition, here)
        for here in _ahead(interpreter, None, TRUE, state)
        for transition in transitions
    )


def _ahead(
    interpreter: Interpreter, using: Using, target: Expression, state: Mapping[str, Value]
) -> Iterator[Mapping[str, Value]]:
    """Yield a state, and those that steps from it and from its followers lead to, nearest first."""
    seen: set[tuple[Value, ...]] = set()
    todo = [dict(state)]
    while todo and len(seen) < MOST_STATES:
        here = todo.pop(0)
        if tuple(here.values()) not in seen:
            yield here
            seen.add(tuple(here.values()))
            todo += [dict(after) for after in _onward(interpreter, using, target, here)]


def _onward(
    interpreter: Interpreter, using: Using, target: Expression, state: Mapping[str, Value]
) -> Iterator[Mapping[str, Value]]:
    spec = interpreter.specification
    for name, event in spec.events.items():
        if using is not None and name not in using and not event.internal:
            continue
        for inputs in islice(_choices(spec, name, state), MOST_INPUTS):
            for outcome in interpreter.outcomes(state, Step(name, Fraction(0), inputs)):
                yield outcome.state
    for delay in _delays(spec, target, state):
        if interpreter.may_wait(state, delay):
            inputs = {name: _samples(item)[0] for name, item in spec.inputs.items()}
            yield interpreter.outcomes(state, Step(TIME_STEP, delay, inputs))[0].state


def _choices(spec: Specification, event: str, state: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Yield sampled inputs; one that no transition of the event looks at here has one value."""
    read = looked_at(spec, event, state)
    samples = [_samples(item)[: None if name in read else 1] for name, item in spec.inputs.items()]
    return (dict(zip(spec.inputs, given, strict=True)) for given in product(*samples))


def looked_at(spec: Specification, event: str, state: Mapping[str, Value]) -> set[str]:
    """Return what the transitions read that an event may take in a state."""
    read: set[str] = set()
    for name, machine in spec.machines.items():
        for transition in machine.transitions:
            if transition.event == event and state[name] in transition.sources:
                read = read.union(references(transition.guard), *_terms(machine, transition))
    return read


def _terms(machine: Machine, transition: Transition) -> Iterator[frozenset[str]]:
    """Yield what each assignment of a transition mentions, those of the modes that it changes included."""
    modes = machine.modes.values() if transition.target is not None else ()
    for _, term in chain(transition.updates, *((*mode.entry, *mode.exit) for mode in modes)):
        yield references(term)


def _samples(item: Input) -> list[Value]:
    if isinstance(item.type, Enumeration):
        return list(item.type.members)
    if item.low is None or item.high is None:
        return [False, True]
    if isinstance(item.type, Integer):
        return [int(item.low), int(item.high)]
    return [item.low, item.high, (item.low + item.high) / 2]


def _delays(spec: Specification, target: Expression, state: Mapping[str, Value]) -> list[Fraction]:
    """Return when a clock reaches a constant that it is compared with, and moments between."""
    clocks = {name for name, item in spec.variables.items() if item.kind == "clock"}
    terms = [target, *(mode.stay for machine in spec.machines.values() for mode in machine.modes.values())]
    terms += [transition.guard for machine in spec.machines.values() for transition in machine.transitions]
    found: set[Fraction] = set()
    for node in (node for term in terms for node in walk(term)):
        if not isinstance(node, Apply) or len(node.args) != 2:
            continue
        for here, other in (node.args, node.args[::-1]):
            if isinstance(here, Reference) and here.name in clocks:
                names = {part.name for part in walk(other) if isinstance(part, Reference)}
                if names <= state.keys() and not names & clocks:
                    found.add(Fraction(evaluate(other, state)) - Fraction(state[here.name]))
    ahead = sorted(delay for delay in found if delay > 0)
    return [*ahead, *(delay / 2 for delay in ahead[:1]), *(delay + 1 for delay in ahead[-1:])]
