"""The judge: decides on a concrete run whether it shows what an engine claims that it shows.

It works on states and steps as the interpreter produces them, knows nothing of monitors, goals or
solvers, and defines each obligation's violation a second time, directly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from stimproof.specs.expressions import references
from stimproof.specs.quantities import duration
from stimproof.specs.specification import CanReach, FretRequirement, Invariant, Response, Unchanged
from stimproof.verify.escaping import escapes, moves_again
from stimproof.verify.fretish_runs import violation
from stimproof.verify.interpreter import Interpreter, Outcome, Step, Valuation, evaluate
from stimproof.verify.loops import repeats
from stimproof.verify.obligations import machine_of, reachable_of, recovery_of

if TYPE_CHECKING:
    from stimproof.verify.results import Obligation


@dataclass(frozen=True, slots=True)
class History:
    """A replayed run: its states, the steps between them, and what each step took."""

    states: Sequence[Valuation]
    steps: Sequence[Step]
    outcomes: Sequence[Outcome]
    loop: int | None = None
    """The number of the state that the last one is said to be like, so that the run never ends."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the run shows the violation (or the reachability) and, in words, how."""

    shown: bool
    words: str


NOTHING = Judgement(False, "the run does not show it")


def judge(interpreter: Interpreter, obligation: Obligation, history: History) -> Judgement:
    """Return whether the last state or step of a run decides the obligation."""
    kind = obligation.kind
    if kind == "reachable":
        machine, mode = reachable_of(obligation, interpreter.specification)
        return Judgement(history.states[-1][machine] == mode, f"'{machine}' is in mode {mode}")
    if kind in ("invariant", "response"):
        meaning = interpreter.specification.properties[obligation.id.removeprefix("properties.")].meaning
        if isinstance(meaning, Invariant):
            return _invariant(meaning, history)
        assert isinstance(meaning, Response)
        return _response(meaning, history)
    if kind == "recovery":
        return _trapped(interpreter, recovery_of(obligation, interpreter.specification), history)
    if kind in ("requirement", "unchanged"):
        return _requirement(interpreter, obligation, history)
    return {
        "determinism": _ambiguous,
        "conflict": _conflict,
        "range": _outside,
        "deadlock": _stuck,
        "timelock": _locked,
    }[kind](interpreter, obligation, history)


def _requirement(interpreter: Interpreter, obligation: Obligation, history: History) -> Judgement:
    specification = interpreter.specification
    meaning = specification.properties[obligation.id.removeprefix("properties.")].meaning
    if isinstance(meaning, Unchanged):
        return _changed(meaning, history)
    assert isinstance(meaning, FretRequirement)
    terms = (meaning.mode, meaning.trigger, meaning.body, meaning.stop)
    if history.loop is not None and not repeats(specification, terms, history, history.loop):
        return Judgement(False, "the run does not come back to where it was")
    words = violation(meaning, history.states, history.steps, history.loop)
    if not words:
        return NOTHING
    if history.loop is None:
        return Judgement(True, words)
    count = len(history.steps) - history.loop
    steps = "the last step repeats" if count == 1 else f"the last {count} steps repeat"
    return Judgement(True, f"{steps} for ever, and {words}")


def _trapped(interpreter: Interpreter, meaning: CanReach, history: History) -> Judgement:
    """Judge the last state: it asks for a way, and going on from it for some steps finds none.

    That no longer way exists either is what the certificate of the trap shows.
    """
    last = history.states[-1]
    if not evaluate(meaning.source, last) or escapes(interpreter, meaning, last):
        return NOTHING
    return Judgement(True, "from the last state no continuation ever leads there")


def _changed(meaning: Unchanged, history: History) -> Judgement:
    if not history.steps or history.steps[-1].event != meaning.event:
        return NOTHING
    before, after = history.states[-2:]
    changed = [name for name in meaning.variables if before[name] != after[name]]
    return Judgement(bool(changed), f"{meaning.event} changes {', '.join(changed) or 'nothing'}")


def _invariant(meaning: Invariant, history: History) -> Judgement:
    last = history.states[-1]
    if evaluate(meaning.scope, last) and not evaluate(meaning.body, last):
        return Judgement(True, "the last state violates the requirement")
    return NOTHING


def _response(meaning: Response, history: History) -> Judgement:
    """Follow the run with a stopwatch from the first trigger that has not been answered."""
    waiting: Fraction | None = None
    first = history.states[0]
    if (
        meaning.event is None
        and evaluate(meaning.scope, first)
        and evaluate(meaning.condition, first)
        and not evaluate(meaning.body, first)
    ):
        waiting = Fraction(0)
        if meaning.within == 0:
            return Judgement(
                len(history.states) == 1, "the first state already calls for an answer and gives none"
            )
    for (before, after), step in zip(pairwise(history.states), history.steps, strict=True):
        answered, triggered = evaluate(meaning.body, after), _triggers(meaning, step, before, after)
        if meaning.within == 0 and triggered and not answered:
            return Judgement(after is history.states[-1], "the trigger is not answered at once")
        if answered or not evaluate(meaning.scope, after):
            waiting = None
        elif waiting is not None:
            waiting += step.delay
        elif triggered:
            waiting = Fraction(0)
    if waiting is not None and meaning.within > 0 and waiting > meaning.within:
        return Judgement(True, f"{duration(waiting)} after the trigger there is still no answer")
    return NOTHING


def _triggers(meaning: Response, step: Step, before: Valuation, after: Valuation) -> bool:
    if meaning.event is not None:
        return step.event == meaning.event and bool(evaluate(meaning.scope, before))
    holds = bool(evaluate(meaning.scope, after) and evaluate(meaning.condition, after))
    held = bool(evaluate(meaning.scope, before) and evaluate(meaning.condition, before))
    return holds and not held


def _ambiguous(interpreter: Interpreter, obligation: Obligation, history: History) -> Judgement:
    if not history.steps:
        return NOTHING
    machine = interpreter.specification.machines[machine_of(obligation)]
    step, before = history.steps[-1], history.states[-2]
    accepted = [
        t
        for t in interpreter.specification.machines[machine.name].transitions
        if t.event == step.event
        and before[machine.name] in t.sources
        and evaluate(t.guard, {**before, **step.inputs})
    ]
    for one, other in combinations(accepted, 2):
        if one.priority == other.priority:
            return Judgement(
                True,
                f"on {step.event}, {one.title} and {other.title} both accept it with equal priority",
            )
    return NOTHING


def _conflict(interpreter: Interpreter, obligation: Obligation, history: History) -> Judgement:
    if not history.steps:
        return NOTHING
    before, step = history.states[-2], history.steps[-1]
    values = {**before, **step.inputs}
    # Where the step is ambiguous, the conflict may lie in another of its outcomes than the recorded one.
    for outcome in (history.outcomes[-1], *interpreter.outcomes(before, step)):
        for one, other in combinations(outcome.taken, 2):
            both = interpreter.assignments(one, values).keys() & interpreter.assignments(other, values).keys()
            if both:
                return Judgement(True, f"'{min(both)}' is written by {one.title} and by {other.title}")
    return NOTHING


def _outside(interpreter: Interpreter, obligation: Obligation, history: History) -> Judgement:
    item = interpreter.specification.variables[obligation.id.split(".")[1]]
    value = history.states[-1][item.name]
    assert item.low is not None
    assert item.high is not None
    if isinstance(value, str) or item.low <= value <= item.high:
        return NOTHING
    return Judgement(True, f"'{item.name}' is {item.unit.show(Fraction(value)) if item.unit else value}")


def _stuck(interpreter: Interpreter, obligation: Obligation, history: History) -> Judgement:
    """Judge the last state: the machine should still move, and going on from it for some steps it does not.

    That it never does is what the certificate of the trap shows.
    """
    machine = interpreter.specification.machines[machine_of(obligation)]
    last = history.states[-1]
    if machine.modes[str(last[machine.name])].terminal:
        return NOTHING
    if moves_again(interpreter, machine.name, last):
        return NOTHING
    return Judgement(True, f"no transition of '{machine.name}' can be taken any more")


def _locked(interpreter: Interpreter, obligation: Obligation, history: History) -> Judgement:
    """Judge the last state; where the device reads inputs, the state that the last step starts from."""
    spec = interpreter.specification
    internal = [
        t for machine in spec.machines.values() for t in machine.transitions if spec.events[t.event].internal
    ]
    reads = any(references(transition.guard) & spec.inputs.keys() for transition in internal)
    if reads and not history.steps:
        return NOTHING
    state = history.states[-2] if reads else history.states[-1]
    values = {**state, **history.steps[-1].inputs} if reads else state
    if _may_wait(interpreter, state) or any(
        state[transition.machine] in transition.sources and evaluate(transition.guard, values)
        for transition in internal
    ):
        return NOTHING
    inputs = ", while its inputs are as in the last step" if reads else ""
    return Judgement(True, f"time may not pass, and the device itself can do nothing{inputs}")


def _may_wait(interpreter: Interpreter, state: Valuation) -> bool:
    """Return whether some time may pass: bounds are upper bounds, so an ever smaller delay decides."""
    delay = Fraction(1)
    return any(interpreter.may_wait(state, delay / 2**power) for power in range(0, 80, 4))


__all__ = ["History", "Judgement", "Response", "judge"]
