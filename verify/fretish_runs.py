"""A FRETish requirement judged on a concrete run: every stretch, every start, every position, by definition.

Nothing here knows of monitors, automata or solvers. A run is finite, or ends in a loop that repeats for ever;
the loop is written out often enough that every start in it is judged to its end. Time is measured along the
run where a duration is in seconds, and counted where it is in steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, product
from math import ceil
from typing import TYPE_CHECKING

from stimproof.specs.property import Requirement, holds_forever
from stimproof.specs.property.forms import Condition, Scope, Timing
from stimproof.specs.property.formulas import Name
from stimproof.verify.interpreter import Step, Valuation, evaluate

if TYPE_CHECKING:
    from stimproof.specs.specification import FretRequirement


@dataclass(frozen=True, slots=True)
class Position:
    """What a requirement sees of one state: its conditions, the moment, and the event that led there."""

    mode: bool
    trigger: bool
    body: bool
    stop: bool
    moment: Fraction
    event: str | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring positions of which a requirement speaks; ``closed`` where the run leaves it again."""

    first: int
    last: int
    closed: bool


def violation(
    meaning: FretRequirement, states: Sequence[Valuation], steps: Sequence[Step], loop: int | None
) -> str:
    """Return in words where a run certainly violates a requirement, or an empty text.

    ``loop`` is the number of the state that the last state is like: the steps between them repeat for ever.
    Without it, only what no continuation can mend counts.
    """
    positions = _positions(meaning, states, steps)
    if not _refuted(meaning, positions, loop):
        return ""
    if loop is not None:
        positions = _unrolled(meaning, positions, loop)
    for start, stretch in _starts(meaning, positions):
        run = positions[start : max(start, stretch.last) + 1]
        if _fails(meaning, run, closed=stretch.closed, endless=loop is not None):
            when = "at first" if start == 0 else f"after step {start}"
            return f"what starts {when} is not answered as required"
    return ""


def _positions(
    meaning: FretRequirement, states: Sequence[Valuation], steps: Sequence[Step]
) -> list[Position]:
    moments = accumulate((step.delay for step in steps), initial=Fraction(0))
    events = [None, *(step.event for step in steps)]
    return [
        Position(
            bool(evaluate(meaning.mode, state)),
            bool(evaluate(meaning.trigger, state)),
            bool(evaluate(meaning.body, state)),
            bool(evaluate(meaning.stop, state)),
            moment,
            event,
        )
        for state, moment, event in zip(states, moments, events, strict=True)
    ]


def _refuted(meaning: FretRequirement, positions: Sequence[Position], loop: int | None) -> bool:
    """Return whether the public meaning of FRETish on traces agrees that nothing satisfies the requirement.

    It counts steps and knows no events: what is about seconds or events, it cannot contradict. A run
    without a loop is continued in every way that stays as it is from then on.
    """
    if meaning.event is not None or (meaning.timing.timed and not meaning.in_steps):
        return True
    requirement = Requirement(
        meaning.scope,
        Name("mode"),
        meaning.condition,
        Name("trigger"),
        meaning.timing,
        int(meaning.duration),
        Name("stop"),
        Name("body"),
    )
    seen = [
        {"mode": here.mode, "trigger": here.trigger, "stop": here.stop, "body": here.body}
        for here in positions
    ]
    if loop is not None:
        return not holds_forever(requirement, seen[:loop], seen[loop:-1])
    rests = product((False, True), repeat=4)
    return not any(
        holds_forever(requirement, seen, [dict(zip(("mode", "trigger", "stop", "body"), rest, strict=True))])
        for rest in rests
    )


def _unrolled(meaning: FretRequirement, positions: list[Position], loop: int) -> list[Position]:
    """Write the loop out until everything that starts in its second round is long past its duration."""
    again, period = positions[loop + 1 :], positions[-1].moment - positions[loop].moment
    rounds = 3
    if meaning.in_steps:
        rounds += ceil(meaning.duration / len(again)) + 1
    elif meaning.duration:
        rounds += ceil(meaning.duration / period) + 1 if period else 0
    result = list(positions)
    for count in range(1, rounds):
        result += [
            Position(p.mode, p.trigger, p.body, p.stop, p.moment + count * period, p.event) for p in again
        ]
    return result


def _stretches(meaning: FretRequirement, positions: Sequence[Position]) -> Iterator[Stretch]:
    """Yield the stretches of the run that the scope selects."""
    inside = _inside(meaning.scope, [position.mode for position in positions])
    first: int | None = None
    for number, here in enumerate([*inside, False]):
        if here and first is None:
            first = number
        elif not here and first is not None:
            yield Stretch(first, number - 1, number < len(positions))
            first = None


def _inside(scope: Scope, modes: Sequence[bool]) -> list[bool]:
    if scope is Scope.GLOBAL:
        return [True] * len(modes)
    if scope is Scope.IN:
        return list(modes)
    if scope in (Scope.NOT_IN, Scope.ONLY_IN):
        return [not mode for mode in modes]
    entered = modes.index(True) if True in modes else len(modes)
    left = modes.index(False, entered) if False in modes[entered:] else len(modes)
    border = entered if scope in (Scope.BEFORE, Scope.ONLY_BEFORE) else left
    early = scope in (Scope.BEFORE, Scope.ONLY_AFTER)
    return [(number < border) is early for number in range(len(modes))]


def _starts(meaning: FretRequirement, positions: Sequence[Position]) -> Iterator[tuple[int, Stretch]]:
    """Yield where the timing starts, with the stretch that it counts in."""
    for stretch in _stretches(meaning, positions):
        numbers = range(stretch.first, stretch.last + 1)
        if meaning.event is not None:
            # The event's step starts in the stretch and may lead out of it; it counts from where it leads.
            after = (number + 1 for number in numbers if number + 1 < len(positions))
            found = [number for number in after if positions[number].event == meaning.event]
        elif meaning.condition is Condition.NONE:
            found = [stretch.first]
        elif meaning.condition is Condition.HOLDING:
            found = [number for number in numbers if positions[number].trigger]
        else:
            found = [
                number
                for number in numbers
                if positions[number].trigger
                and (number == stretch.first or not positions[number - 1].trigger)
            ]
        yield from ((number, stretch) for number in found)


def _fails(meaning: FretRequirement, run: Sequence[Position], *, closed: bool, endless: bool) -> bool:
    """Return whether the timing, counted from the first position, is certainly not as demanded."""
    if not meaning.scope.only:
        return _violated(meaning, meaning.timing, run, wrong=False, closed=closed, endless=endless)
    if meaning.timing is Timing.AFTER:
        return _answered_after(meaning, run)
    timing, wrong = _MUST_NOT[meaning.timing]
    return _violated(meaning, timing, run, wrong=wrong, closed=closed, endless=endless)


_MUST_NOT = {
    Timing.IMMEDIATELY: (Timing.IMMEDIATELY, True),
    Timing.NEXT: (Timing.NEXT, True),
    Timing.FINALLY: (Timing.FINALLY, True),
    Timing.EVENTUALLY: (Timing.NEVER, False),
    Timing.ALWAYS: (Timing.EVENTUALLY, True),
    Timing.NEVER: (Timing.EVENTUALLY, False),
    Timing.WITHIN: (Timing.FOR, True),
    Timing.FOR: (Timing.WITHIN, True),
    Timing.UNTIL: (Timing.BEFORE, True),
    Timing.BEFORE: (Timing.UNTIL, True),
}
"""What FRET demands outside an ``only`` scope: a timing, and whether of the response's negation."""


def _violated(
    meaning: FretRequirement,
    timing: Timing,
    run: Sequence[Position],
    *,
    wrong: bool,
    closed: bool,
    endless: bool,
) -> bool:
    answers = [position.body is not wrong for position in run]
    stops = [position.stop for position in run]
    ages = _ages(meaning, run)
    inside = [answer for answer, age in zip(answers, ages, strict=True) if age <= meaning.duration]
    if timing is Timing.IMMEDIATELY:
        return not answers[0]
    if timing is Timing.NEXT:
        return len(run) > 1 and not answers[1]
    if timing is Timing.EVENTUALLY:
        return not any(answers) and (closed or endless)
    if timing is Timing.ALWAYS:
        return not all(answers)
    if timing is Timing.NEVER:
        return any(answers)
    if timing is Timing.FINALLY:
        return closed and not answers[-1]
    if timing is Timing.FOR:
        return not all(inside)
    if timing is Timing.WITHIN:
        return not any(inside) and _too_late(meaning, answers, ages)
    if timing is Timing.UNTIL:
        return not all(answers[: stops.index(True) if True in stops else len(stops)])
    if timing is Timing.BEFORE:
        return True in stops and not any(answers[: stops.index(True)])
    return _not_after(meaning, answers, ages)


def _ages(meaning: FretRequirement, run: Sequence[Position]) -> list[Fraction]:
    """Return how long after the start each position is: in steps, or in seconds."""
    if meaning.in_steps:
        return [Fraction(number) for number in range(len(run))]
    return [position.moment - run[0].moment for position in run]


def _too_late(meaning: FretRequirement, answers: Sequence[bool], ages: Sequence[Fraction]) -> bool:
    """Return whether the duration is over and there is still no answer when one looks next."""
    if meaning.in_steps:
        return ages[-1] >= meaning.duration
    late = [answer for answer, age in zip(answers, ages, strict=True) if age > meaning.duration]
    return bool(late) and not late[0]


def _not_after(meaning: FretRequirement, answers: Sequence[bool], ages: Sequence[Fraction]) -> bool:
    """Return whether there is an answer too early, or none when the duration is over."""
    pairs = list(zip(answers, ages, strict=True))
    if any(answer and _early(meaning, age) for answer, age in pairs):
        return True
    due = [answer for answer, age in pairs if not _early(meaning, age) and age <= meaning.duration]
    past = [answer for answer, age in pairs if age > meaning.duration]
    return bool(past) and not past[0] and not any(due)


def _answered_after(meaning: FretRequirement, run: Sequence[Position]) -> bool:
    """Return whether a response that must not come exactly after the duration does so."""
    ages = _ages(meaning, run)
    pairs = [(position.body, age) for position, age in zip(run, ages, strict=True)]
    if any(answer and _early(meaning, age) for answer, age in pairs):
        return False
    due = [answer for answer, age in pairs if not _early(meaning, age) and age <= meaning.duration]
    past = [answer for answer, age in pairs if age > meaning.duration]
    return any(due) or (bool(past) and past[0])


def _early(meaning: FretRequirement, age: Fraction) -> bool:
    """Return whether a duration is not over: in steps its end belongs to it, in time it does not."""
    return age <= meaning.duration if meaning.in_steps else age < meaning.duration
