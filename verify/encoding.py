"""The encoder: from machines to a transition system.

Each transition gets a definition ``fire.<machine>.<number>``: its event happens, its machine is in one of
its source modes, its guard holds, and no transition of higher priority takes the event. Where two
transitions of equal priority could both accept an event, a free truth value ``pick.…`` chooses, so that
every resolution is covered; that there is never such a choice is an obligation of its own. Where two
machines may write one variable in one step, another free choice decides, and that too is an obligation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    INTEGER,
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Literal,
    Op,
    Real,
    Reference,
    Type,
    Value,
    add,
    compare,
    conj,
    disj,
    equal,
    implies,
    ite,
    negate,
    real,
    sub,
    substitute,
    whole,
)
from stimproof.specs.quantities import TIME
from stimproof.verify.system import DELAY, EVENT, TICK, StateVariable, TransitionSystem, between, member_range

if TYPE_CHECKING:
    from stimproof.specs.specification import Machine, Specification, Transition, Variable

DELAY_REFERENCE = Reference(DELAY, Real(TIME))


def fire_name(transition: Transition) -> str:
    """Return the definition that is true exactly in steps in which the transition is taken."""
    return f"fire.{transition.machine}.{transition.number}"


def enabled_name(transition: Transition) -> str:
    """Return the definition that is true where the transition could be taken, priorities aside."""
    return f"can.{transition.machine}.{transition.number}"


def pick_name(owner: str, which: object) -> str:
    """Return the free choice of a machine for its transition ``which``, or of a variable for a machine."""
    return f"pick.{owner}.{which}"


def in_mode(machine: Machine, modes: Iterable[str]) -> Expression:
    """Return that the machine is in one of the modes."""
    wanted = tuple(dict.fromkeys(modes))
    if len(wanted) == len(machine.modes):
        return TRUE
    here = Reference(machine.name, machine.type)
    return disj(*(equal(here, Literal(mode, machine.type)) for mode in wanted))


def writes(machine: Machine, transition: Transition, source: str) -> dict[str, Expression]:
    """Return what a transition assigns when taken from ``source``: exit, then its own, then entry."""
    result: dict[str, Expression] = {}
    if transition.target is not None:
        result.update(machine.modes[source].exit)
    result.update(transition.updates)
    if transition.target is not None:
        result.update(machine.modes[transition.target].entry)
    return result


def fit(variable: Variable, term: Expression) -> Expression:
    """Return an assigned value as its variable stores it: wrapped, saturated, or as it is."""
    if variable.overflow not in ("wrap", "saturate"):
        return term
    assert variable.low is not None
    assert variable.high is not None
    if isinstance(term, Literal) and variable.low <= int(term.value) <= variable.high:
        return term
    low, high = whole(int(variable.low)), whole(int(variable.high))
    if variable.overflow == "saturate":
        return ite(compare(Op.LT, term, low), low, ite(compare(Op.GT, term, high), high, term))
    span = int(variable.high - variable.low) + 1
    if _counts(variable, term, span):
        below = ite(compare(Op.LT, term, low), add(term, whole(span)), term)
        return ite(compare(Op.GT, term, high), sub(term, whole(span)), below)
    return add(low, Apply(Op.MOD, (sub(term, low), whole(span)), INTEGER))


def _counts(variable: Variable, term: Expression, span: int) -> bool:
    """Return whether a term is the variable itself plus or minus at most one turn.

    Such a count needs no division, which makes long runs much easier for solvers: the variable is within
    its range before the step, so one turn brings it back.
    """
    if not isinstance(term, Apply) or term.op not in (Op.ADD, Op.SUB):
        return False
    here, by = term.args
    return (
        isinstance(here, Reference)
        and here.name == variable.name
        and isinstance(by, Literal)
        and abs(int(by.value)) <= span
    )


@dataclass
class _Encoder:
    specification: Specification
    definitions: dict[str, Expression]
    inputs: dict[str, Type]

    def event_is(self, name: str) -> Expression:
        kind = self.inputs[EVENT]
        return equal(Reference(EVENT, kind), Literal(name, kind))

    def machine_definitions(self, machine: Machine) -> None:
        for event in dict.fromkeys(transition.event for transition in machine.transitions):
            group = [transition for transition in machine.transitions if transition.event == event]
            for transition in group:
                self.definitions[enabled_name(transition)] = conj(
                    self.event_is(event), in_mode(machine, transition.sources), transition.guard
                )
            for transition in group:
                self.definitions[fire_name(transition)] = self._fires(transition, group)

    def _fires(self, transition: Transition, group: list[Transition]) -> Expression:
        """Return that the transition is taken: of equal ones, the first that is picked, else the last."""
        parts: list[Expression] = [_definition(enabled_name(transition))]
        rivals = [
            other
            for other in group
            if other is not transition and set(other.sources) & set(transition.sources)
        ]
        equals = [other for other in rivals if other.priority == transition.priority]
        parts += [
            negate(_definition(enabled_name(other)))
            for other in rivals
            if other.priority > transition.priority
        ]
        for other in (other for other in equals if other.number < transition.number):
            parts.append(disj(negate(_definition(enabled_name(other))), negate(self._pick(other))))
        later = [other for other in equals if other.number > transition.number]
        if later:
            last = conj(*(negate(_definition(enabled_name(other))) for other in later))
            parts.append(disj(self._pick(transition), last))
        return conj(*parts)

    def _pick(self, transition: Transition) -> Expression:
        name = pick_name(transition.machine, transition.number)
        self.inputs[name] = BOOLEAN
        return Reference(name, BOOLEAN)

    def next_mode(self, machine: Machine) -> Expression:
        here: Expression = Reference(machine.name, machine.type)
        for transition in reversed(machine.transitions):
            if transition.target is not None:
                here = ite(_definition(fire_name(transition)), Literal(transition.target, machine.type), here)
        return here

    def next_value(self, variable: Variable) -> Expression:
        current: Expression = Reference(variable.name, variable.type)
        if variable.kind == "clock":
            current = ite(self.event_is(TICK), add(current, DELAY_REFERENCE), current)
        writers = [
            machine
            for machine in self.specification.machines.values()
            if self._writes(machine, variable.name)
        ]
        for index, machine in enumerate(writers):
            wrote, value = self._written(machine, variable)
            if index:
                # An earlier machine may have written too: then a free choice says whose value stays.
                name = pick_name(variable.name, machine.name)
                self.inputs[name] = BOOLEAN
                before = disj(*(self._written(other, variable)[0] for other in writers[:index]))
                wrote = conj(wrote, disj(negate(before), Reference(name, BOOLEAN)))
            current = ite(wrote, value, current)
        return current

    def _writes(self, machine: Machine, name: str) -> bool:
        return any(name in writes(machine, t, source) for t in machine.transitions for source in t.sources)

    def _written(self, machine: Machine, variable: Variable) -> tuple[Expression, Expression]:
        """Return whether the machine writes the variable in this step, and the value that it stores."""
        wrote: list[Expression] = []
        value: Expression = Reference(variable.name, variable.type)
        for transition in reversed(machine.transitions):
            for source, term in _by_source(machine, transition, variable.name):
                fires = conj(_definition(fire_name(transition)), in_mode(machine, source) if source else TRUE)
                wrote.append(fires)
                value = ite(fires, fit(variable, term), value)
        return disj(*wrote), value

    def constraints(self) -> tuple[Expression, ...]:
        parts: list[Expression] = [member_range(Reference(EVENT, self.inputs[EVENT]), self._event_type())]
        tick = self.event_is(TICK)
        if DELAY in self.inputs:
            zero = real(0, TIME)
            parts.append(ite(tick, compare(Op.GT, DELAY_REFERENCE, zero), equal(DELAY_REFERENCE, zero)))
            for machine in self.specification.machines.values():
                for mode in machine.modes.values():
                    if mode.stay != TRUE:
                        parts.append(
                            implies(conj(tick, in_mode(machine, [mode.name])), self.later(mode.stay))
                        )
        for item in self.specification.inputs.values():
            here = Reference(item.name, item.type)
            if isinstance(item.type, Enumeration):
                parts.append(member_range(here, item.type))
            elif item.low is not None and item.high is not None:
                parts.append(_within(here, item.low, item.high))
        return tuple(parts)

    def _event_type(self) -> Enumeration:
        kind = self.inputs[EVENT]
        assert isinstance(kind, Enumeration)
        return kind

    def later(self, term: Expression) -> Expression:
        """Return a condition as it will be after the delay."""
        clocks = {item.name: item for item in self.specification.variables.values() if item.kind == "clock"}
        return substitute(
            term, {name: add(Reference(name, item.type), DELAY_REFERENCE) for name, item in clocks.items()}
        )


def _by_source(
    machine: Machine, transition: Transition, name: str
) -> list[tuple[tuple[str, ...], Expression]]:
    """Return the distinct values that a transition assigns to a variable, with the source modes of each.

    An empty tuple of modes stands for all sources: only exit actions can differ from source to source.
    """
    terms: dict[Expression, list[str]] = {}
    for source in transition.sources:
        given = writes(machine, transition, source)
        if name in given:
            terms.setdefault(given[name], []).append(source)
    whole_set = {len(sources) for sources in terms.values()} == {len(transition.sources)}
    return [((), term) if whole_set else (tuple(sources), term) for term, sources in terms.items()]


def _definition(name: str) -> Reference:
    return Reference(name, BOOLEAN)


def _within(reference: Reference, low: Fraction, high: Fraction) -> Expression:
    if isinstance(reference.type, Real):
        dimension = reference.type.dimension
        return conj(
            compare(Op.GE, reference, real(low, dimension)), compare(Op.LE, reference, real(high, dimension))
        )
    return between(reference, int(low), int(high))


def _typing(variable: Variable) -> Expression:
    here = Reference(variable.name, variable.type)
    if isinstance(variable.type, Enumeration):
        return member_range(here, variable.type)
    if variable.overflow in ("wrap", "saturate") and variable.low is not None and variable.high is not None:
        return _within(here, variable.low, variable.high)
    return TRUE


def _initial(variable: Variable) -> Expression:
    here = Reference(variable.name, variable.type)
    if variable.initial is not None:
        return equal(here, variable.initial)
    if variable.low is not None and variable.high is not None:
        return _within(here, variable.low, variable.high)
    return TRUE


def encode(specification: Specification) -> TransitionSystem:
    """Return the transition system of all machines together.

    The time step is always there: a monitor may measure time even where the device has no clock.
    """
    events = Enumeration(EVENT, (TICK, *specification.events))
    inputs: dict[str, Type] = {EVENT: events, DELAY: Real(TIME)}
    inputs.update({item.name: item.type for item in specification.inputs.values()})
    encoder = _Encoder(specification, {}, inputs)
    for machine in specification.machines.values():
        encoder.machine_definitions(machine)
    state = {
        machine.name: StateVariable(
            machine.name, machine.type, member_range(Reference(machine.name, machine.type), machine.type)
        )
        for machine in specification.machines.values()
    }
    state.update(
        {
            item.name: StateVariable(item.name, item.type, _typing(item), item.kind == "clock")
            for item in specification.variables.values()
        }
    )
    step = {machine.name: encoder.next_mode(machine) for machine in specification.machines.values()}
    step.update({item.name: encoder.next_value(item) for item in specification.variables.values()})
    initial = [in_mode(machine, machine.initial) for machine in specification.machines.values()]
    initial += [_initial(item) for item in specification.variables.values()]
    # A machine that may start in any mode, or a variable with any value, still has a value of its type.
    initial += [item.typing for item in state.values()]
    return TransitionSystem(
        state,
        inputs,
        tuple(part for part in initial if part != TRUE),
        encoder.constraints(),
        step,
        encoder.definitions,
        _example(specification, inputs),
    )


def _example(specification: Specification, inputs: Mapping[str, Type]) -> dict[str, Value]:
    """Return the inputs of a step that every state allows: an event, since only delays are ever forbidden."""
    result: dict[str, Value] = {EVENT: next(iter(specification.events), TICK), DELAY: Fraction(0)}
    for name, kind in inputs.items():
        if isinstance(kind, Enumeration):
            result.setdefault(name, kind.members[0])
        elif name in specification.inputs and specification.inputs[name].low is not None:
            low = specification.inputs[name].low or Fraction(0)
            result[name] = low if isinstance(kind, Real) else int(low)
        else:
            result.setdefault(name, False)
    return result
