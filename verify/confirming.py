"""A solver's run, replayed and judged, and then told as plainly as it can be.

A solver picks any numbers that do, and a run that is not a shortest one may hold steps that nothing needs.
Steps are left out, and odd numbers are replaced by ends of ranges, by what guards compare them with, and by
short decimal numbers, each only where the interpreter and the judge say that the run still shows the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import ceil, floor
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Real, Value, references
from stimproof.specs.quantities import unit
from stimproof.verify.escaping import looked_at
from stimproof.verify.interpreter import Interpreter, Outcome, ReplayError, Step, evaluate
from stimproof.verify.judge import History, Judgement, judge
from stimproof.verify.progress import compared
from stimproof.verify.replay import first_state, lasting, replay, steps_of
from stimproof.verify.system import TICK

if TYPE_CHECKING:
    from stimproof.specs.expressions import Expression
    from stimproof.specs.quantities import Unit
    from stimproof.verify.results import Obligation
    from stimproof.verify.solver import Run

DIGITS, PASSES, MOST_STEPS = 3, 3, 200
"""Digits of a plain number; passes over a run; how long a run may be for its steps to be left out."""
_ROUND_DELAYS = tuple(digit * Fraction(10) ** power for power in range(-6, 6) for digit in (1, 2, 5))
"""Delays that are tried in place of a solver's own, shortest first: 1, 2 and 5 of each power of ten, in s."""
Shown = tuple[History, Judgement]


def confirm(interpreter: Interpreter, obligation: Obligation, run: Run, loop: int | None = None) -> Shown:
    """Replay a run, of which the steps behind state ``loop`` may repeat for ever, and judge it.

    Raises:
        ReplayError: the specification does not allow the run, or it does not show what it should.
    """
    spec = interpreter.specification
    steps = lasting(steps_of(spec, run))
    hints = run.states if len(steps) == len(run.inputs) else ()
    history = replay(interpreter, first_state(spec, run.states[0]), steps, hints, loop)
    judgement = judge(interpreter, obligation, history)
    if not judgement.shown:
        raise ReplayError(judgement.words)
    teller = _Teller(interpreter, obligation)
    found = (history, judgement)
    # Nothing can be left out of a shortest run.
    return teller.plain(found if run.excluded is None else teller.shortened(found))


@dataclass(frozen=True)
class _Teller:
    """Makes runs plainer, as long as they show what an obligation is about."""

    interpreter: Interpreter
    obligation: Obligation

    def shortened(self, found: Shown) -> Shown:
        """Return the run without the steps that it can do without, the latest left out first."""
        if found[0].loop is not None or len(found[0].steps) > MOST_STEPS:
            return found
        for number in reversed(range(len(found[0].steps))):
            found = self._followed(found[0], number, found[0].steps[number + 1 :]) or found
        return found

    def plain(self, found: Shown) -> Shown:
        """Return the run with plain numbers wherever they do."""
        for _ in range(PASSES):
            before = found[0].steps
            # What comes later depends on what was before, and has the more freedom.
            for number in reversed(range(len(before))):
                found = self._plainer(found, number)
            if found[0].steps == before:
                break
        return found

    def _plainer(self, found: Shown, number: int) -> Shown:
        history, _ = found
        step, state = history.steps[number], history.states[number]
        for changed in chain([()] if step.event == TICK else self._odd(step, state)):
            for candidate in self._candidates(found[0].steps[number], state, *changed):
                again = self._followed(found[0], number, [candidate, *found[0].steps[number + 1 :]])
                if again is not None:
                    found = again
                    break
        return found

    def _odd(self, step: Step, state: Mapping[str, Value]) -> Iterator[tuple[str]]:
        """Yield the inputs that a step looks at and that have an odd number."""
        spec = self.interpreter.specification
        read = looked_at(self.interpreter, step.event, state)
        for name, item in spec.inputs.items():
            if name in read and item.unit is not None and isinstance(item.type, Real):
                number = (Fraction(step.inputs[name]) - item.unit.offset) / item.unit.factor
                if number not in _roundings(number):
                    yield (name,)

    def _candidates(self, step: Step, state: Mapping[str, Value], name: str = "") -> Iterator[Step]:
        """Yield steps with another delay, or with another value of one input, the plainest first."""
        spec = self.interpreter.specification
        if not name:
            shorter = [value for value in _ROUND_DELAYS if value < step.delay]
            for delay in _once([*shorter, *_near(step.delay, unit("s"))], step.delay):
                if delay > 0:
                    yield Step(step.event, delay, step.inputs)
            return
        item = spec.inputs[name]
        value = Fraction(step.inputs[name])
        assert item.unit is not None
        ends = [end for end in (item.low, item.high) if end is not None]
        for tried in _once([*ends, *self._borders(step, state, name), *_near(value, item.unit)], value):
            if not ends or ends[0] <= tried <= ends[-1]:
                yield Step(step.event, step.delay, {**step.inputs, name: tried})

    def _borders(self, step: Step, state: Mapping[str, Value], name: str) -> Iterator[Fraction]:
        """Yield what the guards for an event compare an input with."""
        values = {**state, **step.inputs}
        for machine in self.interpreter.specification.machines.values():
            for transition in machine.transitions:
                if transition.event == step.event and state[machine.name] in transition.sources:
                    yield from self._values(compared(transition.guard, name), name, values)

    @staticmethod
    def _values(terms: Iterable[Expression], name: str, values: Mapping[str, Value]) -> Iterator[Fraction]:
        for term in terms:
            if name not in references(term):
                yield Fraction(evaluate(term, values))

    def _followed(self, history: History, number: int, steps: Sequence[Step]) -> Shown | None:
        """Return the run that goes on with other steps from one state, if it still shows the same."""
        states: list[Mapping[str, Value]] = list(history.states[: number + 1])
        outcomes: list[Outcome] = list(history.outcomes[:number])
        try:
            for step in steps:
                outcomes.append(self.interpreter.outcomes(states[-1], step)[0])
                states.append(outcomes[-1].state)
        except (ReplayError, ZeroDivisionError):
            return None
        tried = History(states, [*history.steps[:number], *steps], outcomes, history.loop)
        judgement = judge(self.interpreter, self.obligation, tried)
        return (tried, judgement) if judgement.shown else None


def _once(values: Iterable[Fraction], until: Fraction) -> Iterator[Fraction]:
    """Yield values, each once, up to the one that is there already."""
    for value in dict.fromkeys(values):
        if value == until:
            return
        yield value


def _near(value: Fraction, shown: Unit) -> list[Fraction]:
    number = (value - shown.offset) / shown.factor
    return [rounded * shown.factor + shown.offset for rounded in _roundings(number)]


def _roundings(number: Fraction) -> list[Fraction]:
    """Return the decimal numbers of few digits on both sides of a number, the shortest first."""
    if number == 0:
        return [number]
    exponent = floor(abs(number)).bit_length()
    while abs(number) < Fraction(10) ** exponent:
        exponent -= 1
    scales = [Fraction(10) ** (exponent - digit) for digit in range(DIGITS)]
    return [end(number / scale) * scale for scale in scales for end in (ceil, floor)]
