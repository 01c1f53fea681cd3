"""What must not happen: each machine obligation as a goal over a transition system.

A goal is a condition over state (and, where it speaks of a single step, inputs) that must hold in no
reachable state. A response needs memory, and gets monitor variables that watch and never influence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    FALSE,
    TRUE,
    Apply,
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
    real,
    substitute,
)
from stimproof.specs.quantities import TIME
from stimproof.specs.specification import CanReach, Invariant, Response, Unchanged
from stimproof.verify.encoding import DELAY_REFERENCE, enabled_name, fire_name, in_mode, writes
from stimproof.verify.system import EVENT, TICK, StateVariable, TransitionSystem

if TYPE_CHECKING:
    from stimproof.specs.specification import Machine, Specification, Transition, Variable
    from stimproof.verify.results import Obligation

OWED, SINCE, FAILED = "monitor.owed", "monitor.since", "monitor.failed"


@dataclass(frozen=True)
class Watched:
    """A system with its monitors, and the goal that must never hold in it.

    ``pending`` is what must not hold for ever either: an answer that is owed without a deadline.
    """

    system: TransitionSystem
    goal: Expression
    pending: Expression = FALSE


def _flag(name: str) -> Reference:
    return Reference(name, BOOLEAN)


def invariant(system: TransitionSystem, meaning: Invariant) -> Watched:
    """Watch for a state in the scope that does not satisfy the body."""
    return Watched(system, conj(meaning.scope, negate(meaning.body)))


def reaching(system: TransitionSystem, machine: Machine, mode: str) -> Watched:
    """Watch for a state in which the machine is in the mode."""
    return Watched(system, equal(Reference(machine.name, machine.type), Literal(mode, machine.type)))


def outside(system: TransitionSystem, variable: Variable) -> Watched:
    """Watch for a value outside the declared range."""
    assert variable.low is not None
    assert variable.high is not None
    here = Reference(variable.name, variable.type)
    low, high = (_number(end, variable) for end in (variable.low, variable.high))
    return Watched(system, disj(compare(Op.LT, here, low), compare(Op.GT, here, high)))


def _number(value: Fraction, variable: Variable) -> Literal:
    return Literal(value if isinstance(variable.type, Real) else int(value), variable.type)


def rivals(machine: Machine) -> Iterable[tuple[Transition, Transition]]:
    """Yield the pairs of transitions that could accept one event with equal priority."""
    for first, second in combinations(machine.transitions, 2):
        if (
            first.event == second.event
            and first.priority == second.priority
            and set(first.sources) & set(second.sources)
        ):
            yield first, second


def ambiguous(system: TransitionSystem, machine: Machine) -> Watched:
    """Watch for an event that two transitions of equal priority accept."""
    pairs = [conj(_flag(enabled_name(a)), _flag(enabled_name(b))) for a, b in rivals(machine)]
    return Watched(system, disj(*pairs))


def write_conflicts(specification: Specification) -> Iterable[tuple[str, Transition, Transition]]:
    """Yield variables that transitions of two machines may write in one step."""
    machines = list(specification.machines.values())
    for one, other in combinations(machines, 2):
        for a in one.transitions:
            for b in (b for b in other.transitions if b.event == a.event):
                for name in sorted(_written(one, a) & _written(other, b)):
                    yield name, a, b


def _written(machine: Machine, transition: Transition) -> set[str]:
    return {name for source in transition.sources for name in writes(machine, transition, source)}


def conflicting(system: TransitionSystem, specification: Specification) -> Watched:
    """Watch for a step in which two machines write one variable."""
    pairs = [
        conj(
            *(
                part
                for taken in (a, b)
                for part in (_flag(fire_name(taken)), _writing(specification, taken, name))
            )
        )
        for name, a, b in write_conflicts(specification)
    ]
    return Watched(system, disj(*pairs))


def _writing(specification: Specification, transition: Transition, name: str) -> Expression:
    """Return that a transition is taken from a mode from which it writes the variable: exits differ."""
    machine = specification.machines[transition.machine]
    return in_mode(
        machine, (source for source in transition.sources if name in writes(machine, transition, source))
    )


def response(system: TransitionSystem, meaning: Response) -> Watched:
    """Watch for a trigger that is not answered in time.

    The body is judged in the state that a step leads to. An event triggers where the scope holds before
    its step; a condition where it becomes true, or holds as the scope is entered, or holds at first.
    """
    after = dict(system.next)
    body_after, scope_after = substitute(meaning.body, after), substitute(meaning.scope, after)
    if meaning.event is not None:
        event = Reference(EVENT, system.event_type)
        trigger = conj(equal(event, Literal(meaning.event, system.event_type)), meaning.scope)
        at_first: Expression = FALSE
    else:
        held = conj(meaning.scope, meaning.condition)
        trigger = conj(scope_after, substitute(meaning.condition, after), negate(held))
        at_first = conj(held, negate(meaning.body))
    definitions = {"monitor.trigger": trigger, "monitor.body": body_after, "monitor.scope": scope_after}
    triggered, answered, inside = (_flag(name) for name in definitions)
    if meaning.within == 0:
        failed = StateVariable(FAILED, BOOLEAN)
        step = {FAILED: conj(triggered, negate(answered))}
        watched = system.extended([failed], [equal(_flag(FAILED), at_first)], step, definitions)
        return Watched(watched, _flag(FAILED))
    return _timed(
        system,
        meaning.within,
        at_first,
        definitions,
        conj(negate(answered), inside, disj(_flag(OWED), triggered)),
    )


def changing(system: TransitionSystem, meaning: Unchanged) -> Watched:
    """Watch for a step of the event that gives one of the variables another value.

    The flag is part of the state after the step, so that a run shows which of several outcomes it means.
    """
    event = Reference(EVENT, system.event_type)
    here = {name: system.state[name].reference for name in meaning.variables}
    changed = disj(*(Apply(Op.NE, (system.next[name], here[name]), BOOLEAN) for name in here))
    step = {FAILED: conj(equal(event, Literal(meaning.event, system.event_type)), changed)}
    watched = system.extended([StateVariable(FAILED, BOOLEAN)], [negate(_flag(FAILED))], step, {})
    return Watched(watched, _flag(FAILED))


def handled(system: TransitionSystem, specification: Specification, event: str) -> Watched:
    """Watch for a step in which a machine takes a transition on the event."""
    found = (t for machine in specification.machines.values() for t in machine.transitions)
    return Watched(system, disj(*(_flag(fire_name(taken)) for taken in found if taken.event == event)))


def _timed(
    system: TransitionSystem,
    within: Fraction,
    at_first: Expression,
    definitions: Mapping[str, Expression],
    still: Expression,
) -> Watched:
    """Add the flag that an answer is owed and the clock of how long it has been."""
    since = Reference(SINCE, Real(TIME))
    passing = equal(Reference(EVENT, system.event_type), Literal(TICK, system.event_type))
    grown = ite(passing, add(since, DELAY_REFERENCE), since)
    definitions = {**definitions, "monitor.still": still}
    step = {
        OWED: _flag("monitor.still"),
        SINCE: ite(conj(_flag(OWED), _flag("monitor.still")), grown, real(0, TIME)),
    }
    state = [StateVariable(OWED, BOOLEAN), StateVariable(SINCE, Real(TIME), clock=True)]
    initial = [equal(_flag(OWED), at_first), equal(since, real(0, TIME))]
    watched = system.extended(state, initial, step, definitions)
    return Watched(watched, conj(_flag(OWED), compare(Op.GT, since, real(within, TIME))))


def premise(system: TransitionSystem, specification: Specification, obligation: Obligation) -> Watched | None:
    """Return what must be able to happen for a property to say anything; ``None`` where that is sure."""
    found = specification.properties.get(obligation.id.removeprefix("properties."))
    meaning = found.meaning if found is not None else None
    if isinstance(meaning, Invariant):
        return None if meaning.scope == TRUE else Watched(system, meaning.scope)
    if isinstance(meaning, CanReach):
        return None if meaning.source == TRUE else Watched(system, meaning.source)
    if isinstance(meaning, Unchanged):
        return handled(system, specification, meaning.event)
    if not isinstance(meaning, Response):
        return None
    if meaning.event is None:
        return Watched(system, conj(meaning.scope, meaning.condition))
    happens = equal(Reference(EVENT, system.event_type), Literal(meaning.event, system.event_type))
    return Watched(system, conj(happens, meaning.scope))
