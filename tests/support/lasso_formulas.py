"""A second way to know the verdict on an infinite trace: future-time formulas on the positions of a lasso.

The scope is a truth value at each position (it lies in an interval or not); an interval goes on as long as
that value stays true. Each timing is a formula with strong ``until`` as its only unbounded operator.
"""

from collections.abc import Callable, Sequence

from stimproof.specs.property.forms import Condition, Scope, Timing

Signal = list[bool]


class Lasso:
    """Positions ``0 … size - 1``; the last one's successor is ``back``."""

    def __init__(self, size: int, back: int) -> None:
        self.size, self.back = size, back

    def next(self, position: int) -> int:
        """Return a position's successor."""
        return position + 1 if position + 1 < self.size else self.back

    def until(self, a: Signal, b: Signal) -> Signal:
        """Return the least fixed point of ``b or (a and next)``."""
        result = list(b)
        for _ in range(2):
            for position in reversed(range(self.size)):
                result[position] = result[position] or (a[position] and result[self.next(position)])
        return result

    def ahead(self, position: int, steps: int) -> list[int]:
        """Return the positions from here on, ``steps`` further."""
        found = [position]
        for _ in range(steps):
            found.append(self.next(found[-1]))
        return found


def inside(scope: Scope, mode: Sequence[bool]) -> Signal:
    """Return at which positions of an unrolled trace the scope's timing is judged."""
    been = [any(mode[: step + 1]) for step in range(len(mode))]
    left = [any(mode[k] and not mode[k + 1] for k in range(step)) and been[step] for step in range(len(mode))]
    return {
        Scope.GLOBAL: [True] * len(mode),
        Scope.IN: list(mode),
        Scope.NOT_IN: [not m for m in mode],
        Scope.ONLY_IN: [not m for m in mode],
        Scope.BEFORE: [not b for b in been],
        Scope.ONLY_BEFORE: been,
        Scope.AFTER: left,
        Scope.ONLY_AFTER: [not gone for gone in left],
    }[scope]


def starting(condition: Condition, within: Signal, trigger: Signal) -> Signal:
    """Return where the timing starts to count, in an unrolled trace."""
    opened = [now and not (step and within[step - 1]) for step, now in enumerate(within)]
    if condition is Condition.NONE:
        return opened
    if condition is Condition.HOLDING:
        return [now and on for now, on in zip(within, trigger, strict=True)]
    return [
        now and trigger[step] and (opened[step] or not trigger[step - 1]) for step, now in enumerate(within)
    ]


def demanded(
    lasso: Lasso, timing: Timing, steps: int, scope: Signal, stop: Signal, p: Signal, *, only: bool
) -> Callable[[int], bool]:
    """Return whether a timing that starts at a position succeeds (or fails, with ``only``)."""
    q = [not value for value in p] if only else p
    every = range(lasso.size)

    def somewhere(wanted: Signal, going: Signal | None = None) -> Signal:
        """Return where the interval reaches ``wanted``, with ``going`` at every position before it."""
        on = [scope[i] and (going is None or going[i]) for i in every]
        return lasso.until(on, [scope[i] and wanted[i] for i in every])

    def near(i: int, reach: int, good: Callable[[int], bool]) -> bool:
        """Return whether ``good`` holds up to ``reach``, or the interval ends before that."""
        return any(not scope[place] or good(place) for place in lasso.ahead(i, reach))

    def after(i: int) -> bool:
        places = lasso.ahead(i, steps + 1)
        long_enough = all(scope[place] for place in places)
        early = any(p[place] for place in places[:-1] if _within(scope, places, place))
        if only:
            return not long_enough or early or not p[places[-1]]
        return not early and (not long_enough or p[places[-1]])

    bad = [not value for value in q]
    last = [scope[i] and not scope[lasso.next(i)] for i in every]
    throughout = [not value for value in somewhere(bad)]
    at_last = somewhere(q)
    until = [
        not value
        for value in somewhere([bad[i] and not stop[i] for i in every], [not value for value in stop])
    ]
    in_time = [not value for value in somewhere(stop, bad)]
    final = [not value for value in somewhere([last[i] and bad[i] for i in every])]
    brief = {
        Timing.IMMEDIATELY: lambda i: q[i],
        Timing.NEXT: lambda i: not scope[lasso.next(i)] or q[lasso.next(i)],
        Timing.FINALLY: lambda i: final[i],
        Timing.AFTER: after,
    }
    if timing in brief:
        return brief[timing]
    within = lambda i: near(i, steps, lambda place: q[place])  # noqa: E731
    lasting = lambda i: not _breaks(lasso, scope, bad, i, steps)  # noqa: E731
    pairs: dict[Timing, tuple[Callable[[int], bool], Callable[[int], bool]]] = {
        Timing.ALWAYS: (lambda i: throughout[i], lambda i: at_last[i]),
        Timing.EVENTUALLY: (lambda i: at_last[i], lambda i: throughout[i]),
        Timing.WITHIN: (within, lasting),
        Timing.FOR: (lasting, within),
        Timing.UNTIL: (lambda i: until[i], lambda i: in_time[i]),
        Timing.BEFORE: (lambda i: in_time[i], lambda i: until[i]),
    }
    if timing is Timing.NEVER:
        ever = somewhere(p)
        return lambda i: ever[i] if only else not ever[i]
    return pairs[timing][only]


def _within(scope: Signal, places: list[int], place: int) -> bool:
    """Return whether the interval of the first place reaches ``place``."""
    return all(scope[each] for each in places[: places.index(place) + 1])


def _breaks(lasso: Lasso, scope: Signal, bad: Signal, i: int, reach: int) -> bool:
    for place in lasso.ahead(i, reach):
        if not scope[place]:
            return False
        if bad[place]:
            return True
    return False
