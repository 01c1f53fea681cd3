"""Whether a trace satisfies a requirement, judged interval by interval.

The meaning is FRET's (Giannakopoulou, Pressburger, Mavridou, Schumann, *Automated formalization of structured
natural language requirements*, Information and Software Technology 137, 2021, and NASA-SW-VnV/fret): the
scope gives intervals of steps, the condition gives in each interval the steps at which the timing starts to
count, and the timing demands the response from such a start to the interval's end. Only the part of an
interval that lies in the trace is judged.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from stimproof.specs.property.evaluation import View, truths
from stimproof.specs.property.forms import Condition, Scope, Timing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stimproof.specs.property.evaluation import Trace
    from stimproof.specs.property.requirement import Requirement

Interval = tuple[int, int]
_DUAL = {
    Timing.IMMEDIATELY: Timing.IMMEDIATELY,
    Timing.NEXT: Timing.NEXT,
    Timing.FINALLY: Timing.FINALLY,
    Timing.ALWAYS: Timing.EVENTUALLY,
    Timing.EVENTUALLY: Timing.ALWAYS,
    Timing.WITHIN: Timing.FOR,
    Timing.FOR: Timing.WITHIN,
    Timing.UNTIL: Timing.BEFORE,
    Timing.BEFORE: Timing.UNTIL,
}
"""What must hold of the response's opposite where a timing must fail; ``never`` and ``after`` stand apart."""


def satisfied(requirement: Requirement, trace: Trace) -> bool:
    """Return whether a finite trace satisfies a requirement; the empty trace satisfies every one.

    Raises:
        OperatorError: the trace lacks a name of the requirement, or has a value of the wrong type.
    """
    if not trace:
        return True
    scope = requirement.scope
    mode = [] if scope is Scope.GLOBAL else truths(requirement.mode, View(trace))
    spans = intervals(scope, mode, len(trace))
    view = View(trace, spans)
    response = truths(requirement.response, view)
    trigger = [] if requirement.condition is Condition.NONE else truths(requirement.trigger, view)
    stop = truths(requirement.stop, view) if requirement.timing.stopped else [False] * len(trace)
    demand = Demand(requirement.timing, requirement.duration, response, stop, negated=scope.only)
    return all(
        demand.met(start, end)
        for begin, end in spans
        for start in starts(requirement.condition, trigger, begin, end)
    )


def intervals(scope: Scope, mode: Sequence[bool], size: int) -> list[Interval]:
    """Return the intervals of steps, first and last, in which a scope has the timing judged.

    For the ``only`` scopes these lie outside the scope: there the timing must fail.
    """
    if scope is Scope.GLOBAL:
        return [(0, size - 1)]
    if scope is Scope.IN:
        return list(_runs(mode, wanted=True))
    if scope in (Scope.NOT_IN, Scope.ONLY_IN):
        return list(_runs(mode, wanted=False))
    first = next(_runs(mode, wanted=True), None)
    if scope is Scope.BEFORE:
        return _span(0, first[0] - 1 if first else size - 1)
    if scope is Scope.ONLY_BEFORE:
        return _span(first[0], size - 1) if first else []
    if scope is Scope.AFTER:
        return _span(first[1] + 1, size - 1) if first else []
    return _span(0, first[1] if first else size - 1)


def _span(begin: int, end: int) -> list[Interval]:
    return [(begin, end)] if begin <= end else []


def _runs(mode: Sequence[bool], *, wanted: bool) -> Iterator[Interval]:
    """Yield the longest intervals over which a truth value keeps its value."""
    begin = 0
    for step, (held, holds) in enumerate(pairwise(mode), 1):
        if held is not holds:
            if held is wanted:
                yield begin, step - 1
            begin = step
    if mode and mode[-1] is wanted:
        yield begin, len(mode) - 1


def starts(condition: Condition, trigger: Sequence[bool], begin: int, end: int) -> list[int]:
    """Return the steps of an interval at which the timing starts to count.

    A trigger starts it where it becomes true in the interval, or is true at the interval's first step.
    """
    if condition is Condition.NONE:
        return [begin]
    steps = range(begin, end + 1)
    if condition is Condition.HOLDING:
        return [step for step in steps if trigger[step]]
    return [step for step in steps if trigger[step] and (step == begin or not trigger[step - 1])]


class Demand:
    """What a timing demands of a response, decided for each start in constant time."""

    def __init__(
        self,
        timing: Timing,
        duration: int,
        response: Sequence[bool],
        stop: Sequence[bool],
        *,
        negated: bool,
    ) -> None:
        wanted = not negated
        if timing is Timing.NEVER:  # that the response never holds: that its opposite always does
            timing, wanted = Timing.ALWAYS, not wanted
        self.negated_after = negated and timing is Timing.AFTER
        if negated and timing is not Timing.AFTER:
            timing = _DUAL[timing]
        elif self.negated_after:
            wanted = True
        self.timing, self.duration = timing, duration
        self.good = response if wanted else [not value for value in response]
        self.next_good = following(self.good, wanted=True)
        self.next_bad = following(self.good, wanted=False)
        self.next_stop = following(stop, wanted=True) if timing.stopped else ()

    def met(self, start: int, end: int) -> bool:
        """Return whether the demand that starts at ``start`` is met, in an interval that ends at ``end``."""
        reach = start + self.duration
        match self.timing:
            case Timing.IMMEDIATELY:
                return self.good[start]
            case Timing.NEXT:
                return start == end or self.good[start + 1]
            case Timing.FINALLY:
                return self.good[end]
            case Timing.EVENTUALLY:
                return self.next_good[start] <= end
            case Timing.ALWAYS:
                return self.next_bad[start] > end
            case Timing.WITHIN:
                return reach > end or self.next_good[start] <= reach
            case Timing.FOR:
                return self.next_bad[start] > min(reach, end)
            case Timing.AFTER:
                return self._after(start, reach, end)
            case _:
                return self._stopped(start, end)

    def _after(self, start: int, reach: int, end: int) -> bool:
        early = self.next_good[start] <= min(reach, end)
        if self.negated_after:
            return reach >= end or early or not self.good[reach + 1]
        return not early and (reach >= end or self.good[reach + 1])

    def _stopped(self, start: int, end: int) -> bool:
        stop = self.next_stop[start]
        if self.timing is Timing.UNTIL:
            return self.next_bad[start] > min(stop - 1, end)
        return stop > end or self.next_good[start] < stop


def following(signal: Sequence[bool], *, wanted: bool) -> list[int]:
    """Return for each step the first step from there at which a signal has a value; its length for never."""
    found = len(signal)
    result = [found] * found
    for step in range(found - 1, -1, -1):
        if signal[step] is wanted:
            found = step
        result[step] = found
    return result
