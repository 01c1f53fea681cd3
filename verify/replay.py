"""From a solver's run to a replayed trace that a firmware engineer can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from stimproof.specs.expressions import Enumeration, Integer, Real, Type, Value
from stimproof.specs.quantities import Unit, duration
from stimproof.verify.escaping import looked_at
from stimproof.verify.interpreter import Interpreter, Outcome, ReplayError, Step
from stimproof.verify.judge import History
from stimproof.verify.results import Trace, TraceStep
from stimproof.verify.solver import Run
from stimproof.verify.system import DELAY, EVENT, TICK

if TYPE_CHECKING:
    from stimproof.specs.specification import Input, Specification


def default(kind: Type, low: Fraction | None) -> Value:
    """Return some value of a type, for what a run leaves open."""
    if isinstance(kind, Enumeration):
        return kind.members[0]
    if isinstance(kind, Real):
        return low if low is not None else Fraction(0)
    return int(low or 0) if isinstance(kind, Integer) else False


def first_state(specification: Specification, given: Mapping[str, Value]) -> dict[str, Value]:
    """Return a complete initial state that agrees with what a run gives."""
    state: dict[str, Value] = {
        name: given.get(name, machine.initial[0]) for name, machine in specification.machines.items()
    }
    for name, item in specification.variables.items():
        chosen = item.initial.value if item.initial is not None else default(item.type, item.low)
        state[name] = given.get(name, chosen)
    return state


def steps_of(specification: Specification, run: Run) -> list[Step]:
    """Return the steps of a run with every input given a value."""
    steps = []
    for given in run.inputs:
        inputs = {
            name: given.get(name, default(item.type, item.low)) for name, item in specification.inputs.items()
        }
        delay = Fraction(given.get(DELAY, 0))
        steps.append(Step(str(given[EVENT]), delay, inputs))
    return steps


def lasting(steps: Sequence[Step]) -> list[Step]:
    """Return the steps without those in which no time passes: a run that knows no clock may have such."""
    return [step for step in steps if step.event != TICK or step.delay > 0]


def replay(
    interpreter: Interpreter,
    first: Mapping[str, Value],
    steps: Sequence[Step],
    hints: Sequence[Mapping[str, Value]] = (),
    loop: int | None = None,
) -> History:
    """Step the specification; ``hints`` pick among outcomes where there are several.

    ``loop`` is kept for the judge, who finds out whether the run comes back to that state.

    Raises:
        ReplayError: the first state or a step is not possible, or no outcome agrees with its hint.
    """
    if not interpreter.is_initial(first):
        raise ReplayError("the first state is not an initial state")
    states: list[Mapping[str, Value]] = [first]
    outcomes: list[Outcome] = []
    for number, step in enumerate(steps):
        possible = interpreter.outcomes(states[-1], step)
        hint = hints[number + 1] if number + 1 < len(hints) else {}
        agreed = [outcome for outcome in possible if _agrees(outcome.state, hint)]
        if not agreed:
            raise ReplayError(f"step {number + 1} ({step.event}) does not lead where the solver says")
        outcomes.append(agreed[0])
        states.append(agreed[0].state)
    return History(states, list(steps), outcomes, loop)


def _agrees(state: Mapping[str, Value], hint: Mapping[str, Value]) -> bool:
    return all(state[name] == value for name, value in hint.items() if name in state)


def perhaps_longer(length: int, excluded: int | None) -> str:
    """Return what is said of a run that may not be a shortest one; nothing where it is one."""
    if excluded is None or excluded >= length - 1:
        return ""
    return f" (after {length} steps; no run of up to {excluded} steps shows it, one in between may)"


def exact(value: Value) -> str:
    """Return a value as text that loses nothing: ``true``, a word, a whole number or a quotient."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def shown(value: Value, given: Unit | None) -> str:
    """Return a value as people read it, in the unit that its variable was declared with."""
    if isinstance(value, Fraction):
        return given.show(value) if given is not None else duration(value)
    return exact(value)


def trace(specification: Specification, history: History, words: str, file: str) -> Trace:
    """Return the printable and re-playable form of a history."""
    interpreter = Interpreter(specification)
    steps = [_step(interpreter, history, number) for number in range(len(history.states))]
    return Trace(tuple(steps), words, True, file, history.loop)


def _step(interpreter: Interpreter, history: History, number: int) -> TraceStep:
    specification, state = interpreter.specification, history.states[number]
    units: dict[str, Any] = {name: item.unit for name, item in specification.variables.items()}
    printed = tuple((name, shown(value, units.get(name))) for name, value in state.items())
    exact_state = tuple((name, exact(value)) for name, value in state.items())
    if number == 0:
        return TraceStep(None, None, (), printed, tuple(state), (), None, (), exact_state)
    step, outcome, before = (
        history.steps[number - 1],
        history.outcomes[number - 1],
        history.states[number - 1],
    )
    read = _inputs_that_matter(interpreter, before, step, outcome)
    passing = step.event == TICK
    return TraceStep(
        step.event,
        duration(step.delay) if passing else None,
        tuple((name, shown(step.inputs[name], specification.inputs[name].unit)) for name in read),
        printed,
        tuple(name for name in state if state[name] != before[name]),
        tuple(transition.title for transition in outcome.taken),
        exact(step.delay) if passing else None,
        tuple((name, exact(value)) for name, value in step.inputs.items()),
        exact_state,
    )


def _inputs_that_matter(
    interpreter: Interpreter, before: Mapping[str, Value], step: Step, outcome: Outcome
) -> list[str]:
    """Return the inputs that the step looked at: another value of one of them would have led elsewhere.

    An input that only matters together with another is not among them; the exact trace holds them all.
    """
    if step.event == TICK:
        return []
    spec = interpreter.specification
    read = looked_at(interpreter, step.event, before)
    return [
        name
        for name, item in spec.inputs.items()
        if name in read
        and any(
            outcome
            not in interpreter.outcomes(before, Step(step.event, step.delay, {**step.inputs, name: other}))
            for other in _others(item)
        )
    ]


def _others(item: Input) -> tuple[Value, ...]:
    """Return values that stand for all that an input may be: every member, or both ends of a range."""
    if isinstance(item.type, Enumeration):
        return item.type.members
    if item.low is None or item.high is None:
        return (False, True)
    return (item.low, item.high) if isinstance(item.type, Real) else (int(item.low), int(item.high))


def value_of(text: str, kind: Type) -> Value:
    """Return the value that :func:`exact` wrote.

    Raises:
        ValueError: the text is not a value of this type.
    """
    if isinstance(kind, Enumeration):
        if text not in kind.members:
            raise ValueError(f"'{text}' is not one of {', '.join(kind.members)}")
        return text
    if isinstance(kind, Integer):
        return int(text)
    if isinstance(kind, Real):
        return Fraction(text)
    if text not in ("true", "false"):
        raise ValueError(f"'{text}' is not a truth value")
    return text == "true"
