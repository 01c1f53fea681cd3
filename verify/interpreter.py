"""The interpreter that replays traces: it steps a specification directly, with exact numbers.

It shares no code with the encoder. What it says is the meaning of a machine (see
:mod:`stimproof.specs.behaviour`), written a second time, as plainly as possible.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from stimproof.specs.expressions import Apply, Expression, Literal, Op, Reference, Value, references

if TYPE_CHECKING:
    from stimproof.specs.specification import Machine, Specification, Transition, Variable

Valuation = Mapping[str, Value]
TIME_STEP = "time"

_BINARY: dict[Op, Callable[[Any, Any], Any]] = {
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.ADD: operator.add,
    Op.SUB: operator.sub,
    Op.MUL: operator.mul,
    Op.DIV: operator.truediv,
    Op.MOD: operator.mod,
}


class ReplayError(Exception):
    """A trace that the specification does not allow; says at which step and why."""


def evaluate(term: Expression, values: Valuation) -> Any:
    """Return the value of a typed expression; numbers are ``int`` or ``Fraction``, never ``float``.

    Raises:
        KeyError: a name has no value.
        ZeroDivisionError: a divisor is zero.
    """
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, Reference):
        return values[term.name]
    if term.op is Op.AND or term.op is Op.OR:
        return _joined(term, values)
    if term.op is Op.IMPLIES:
        return not evaluate(term.args[0], values) or evaluate(term.args[1], values)
    if term.op is Op.NOT:
        return not evaluate(term.args[0], values)
    if term.op is Op.NEG:
        return -evaluate(term.args[0], values)
    if term.op is Op.TO_REAL:
        return Fraction(evaluate(term.args[0], values))
    if term.op is Op.ITE:
        return evaluate(term.args[1] if evaluate(term.args[0], values) else term.args[2], values)
    first, second = term.args
    left, right = evaluate(first, values), evaluate(second, values)
    if term.op is Op.DIV:
        return Fraction(left) / Fraction(right)
    return _BINARY[term.op](left, right)


def _joined(term: Apply, values: Valuation) -> bool:
    """Return the value of a conjunction or disjunction; what comes after a decisive part is not looked at."""
    decisive = term.op is Op.OR
    for argument in term.args:
        if bool(evaluate(argument, values)) is decisive:
            return decisive
    return not decisive


@dataclass(frozen=True, slots=True)
class Step:
    """What happens: an event or the passing of ``delay`` seconds, and the inputs that are read."""

    event: str
    delay: Fraction
    inputs: Valuation


@dataclass(frozen=True, slots=True)
class Outcome:
    """A state that a step may lead to, and the transitions that it takes."""

    state: Mapping[str, Value]
    taken: tuple[Transition, ...]


class Interpreter:
    """Steps a specification."""

    def __init__(self, specification: Specification) -> None:
        self.specification = specification
        self._answering: dict[tuple[str, str, Value], list[Transition]] = {}
        self._reads: dict[tuple[str, int], frozenset[str]] = {}
        self._changes: dict[str, frozenset[str]] = {}

    def is_initial(self, state: Valuation) -> bool:
        """Return whether a complete state is a possible first one."""
        spec = self.specification
        if set(state) != set(spec.machines) | set(spec.variables):
            return False
        modes = all(state[name] in machine.initial for name, machine in spec.machines.items())
        return modes and all(_may_start(item, state[name]) for name, item in spec.variables.items())

    def check_inputs(self, step: Step) -> None:
        """Raise :class:`ReplayError` where an input is missing or cannot be presented by the environment."""
        for name, item in self.specification.inputs.items():
            if name not in step.inputs:
                raise ReplayError(f"the input '{name}' has no value")
            value = step.inputs[name]
            members = getattr(item.type, "members", None)
            fine = value in members if members is not None else True
            if item.low is not None and item.high is not None:
                fine = isinstance(value, (int, Fraction)) and item.low <= value <= item.high
            if not fine:
                raise ReplayError(f"the input '{name}' cannot be {value}")

    def outcomes(self, state: Valuation, step: Step) -> list[Outcome]:
        """Return every state that the step may lead to (more than one only where something is ambiguous).

        Raises:
            ReplayError: the step itself is not possible here.
        """
        self.check_inputs(step)
        if step.event == TIME_STEP:
            return [Outcome(self._wait(state, step.delay), ())]
        if step.event not in self.specification.events:
            raise ReplayError(f"'{step.event}' is not an event")
        if step.delay != 0:
            raise ReplayError("an event takes no time")
        return self.responses(state, step.event, step.inputs)

    def responses(self, state: Valuation, event: str, inputs: Valuation) -> list[Outcome]:
        """Return every state that a known event may lead to, with inputs that :meth:`check_inputs` allows."""
        values = {**state, **inputs}
        choices = [
            self.takeable(machine, event, values) or [None]
            for machine in self.specification.machines.values()
        ]
        return [outcome for choice in product(*choices) for outcome in self._apply(state, values, choice)]

    def may_wait(self, state: Valuation, delay: Fraction) -> bool:
        """Return whether ``delay`` seconds may pass in this state."""
        later = self.later(state, delay)
        return delay > 0 and all(
            evaluate(machine.modes[str(state[name])].stay, later)
            for name, machine in self.specification.machines.items()
        )

    def later(self, state: Valuation, delay: Fraction) -> dict[str, Value]:
        """Return a state after a wait that is possible."""
        clocks = {name for name, item in self.specification.variables.items() if item.kind == "clock"}
        return {name: Fraction(value) + delay if name in clocks else value for name, value in state.items()}

    def _wait(self, state: Valuation, delay: Fraction) -> dict[str, Value]:
        if not self.may_wait(state, delay):
            raise ReplayError(f"{delay} s cannot pass here")
        return self.later(state, delay)

    def takeable(self, machine: Machine, event: str, values: Valuation) -> list[Transition | None]:
        """Return the enabled transitions of highest priority of one machine for an event."""
        answers = self.answers(machine, event, values[machine.name])
        if not answers:
            return []
        enabled = [transition for transition in answers if evaluate(transition.guard, values)]
        top = max((transition.priority for transition in enabled), default=0)
        return [transition for transition in enabled if transition.priority == top]

    def answers(self, machine: Machine, event: str, mode: Value) -> list[Transition]:
        """Return what an event may take from a mode, whatever the guards say."""
        found = self._answering.get((machine.name, event, mode))
        if found is None:
            found = [item for item in machine.transitions if item.event == event and mode in item.sources]
            self._answering[machine.name, event, mode] = found
        return found

    def reads(self, transition: Transition) -> frozenset[str]:
        """Return what a transition looks at, what the modes of its machine assign on its way included."""
        key = (transition.machine, transition.number)
        if key not in self._reads:
            terms = [transition.guard, *(term for _, term in transition.updates)]
            found = self._read_by_modes(transition.machine) if transition.target is not None else frozenset()
            self._reads[key] = found.union(*(references(term) for term in terms))
        return self._reads[key]

    def _read_by_modes(self, machine: str) -> frozenset[str]:
        """Return what assignments on entering and leaving the modes of a machine look at."""
        if machine not in self._changes:
            modes = self.specification.machines[machine].modes.values()
            terms = [term for mode in modes for _, term in (*mode.entry, *mode.exit)]
            self._changes[machine] = frozenset[str]().union(*(references(term) for term in terms))
        return self._changes[machine]

    def assignments(self, transition: Transition, values: Valuation) -> dict[str, Value]:
        """Return what a transition assigns, before overflow is considered."""
        machine = self.specification.machines[transition.machine]
        pairs = list(transition.updates)
        if transition.target is not None:
            leaving = machine.modes[str(values[machine.name])]
            pairs = [*leaving.exit, *pairs, *machine.modes[transition.target].entry]
        return {name: evaluate(term, values) for name, term in pairs}

    def _apply(
        self, state: Valuation, values: Valuation, choice: tuple[Transition | None, ...]
    ) -> Iterator[Outcome]:
        taken = tuple(transition for transition in choice if transition is not None)
        written: dict[str, dict[Value, None]] = {}
        modes: dict[str, Value] = {}
        for transition in taken:
            for name, value in self.assignments(transition, values).items():
                written.setdefault(name, {})[self.stored(name, value)] = None
            if transition.target is not None:
                modes[transition.machine] = transition.target
        names = list(written)
        for combination in product(*(written[name] for name in names)):
            yield Outcome({**state, **modes, **dict(zip(names, combination, strict=True))}, taken)

    def stored(self, name: str, value: Value) -> Value:
        """Return the value that a variable holds after an assignment."""
        item = self.specification.variables[name]
        if item.overflow is None or item.overflow == "forbid":
            return Fraction(value) if item.kind in ("quantity", "clock") else value
        assert item.low is not None
        assert item.high is not None
        low, high, number = int(item.low), int(item.high), int(value)
        if item.overflow == "saturate":
            return min(max(number, low), high)
        while number > high:
            number -= (high - low + 1) * max(1, (number - high) // (high - low + 1))
        while number < low:
            number += (high - low + 1) * max(1, (low - number) // (high - low + 1))
        return number


def _may_start(item: Variable, value: Value) -> bool:
    if item.initial is not None:
        return value == item.initial.value
    if item.low is not None and item.high is not None:
        return isinstance(value, int | Fraction) and item.low <= value <= item.high
    members = getattr(item.type, "members", None)
    return isinstance(value, bool) if members is None else value in members
