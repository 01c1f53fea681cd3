"""A second way to know a FRETish verdict: past-time temporal formulas, for every trace of a length at once.

The formulas follow the published templates (NASA-SW-VnV/fret, ``support/formalizations_past.js``; Information
and Software Technology 137, 2021, section on past-time formalization): the scope's intervals are told by
points ``left`` and ``right``, a base form speaks of the interval since ``left``, and the whole is judged at
the trace's last step. They share nothing with the judge of intervals in the product.

A truth value at one step is an integer with one bit for each trace, so that one operation decides all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from stimproof.specs.property.forms import Condition, Scope, Timing

Signal = list[int]


@dataclass(frozen=True)
class Traces:
    """Every trace of ``length`` steps over ``count`` truth values."""

    count: int
    length: int

    @property
    def number(self) -> int:
        """How many traces there are."""
        return 1 << (self.count * self.length)

    @property
    def mask(self) -> int:
        """True on every trace."""
        return (1 << self.number) - 1

    def signal(self, index: int) -> Signal:
        """Return the signal of one truth value: at each step, the traces on which it holds."""
        return [self._bit(index * self.length + step) for step in range(self.length)]

    def _bit(self, place: int) -> int:
        """Return the traces whose number has a one at ``place``."""
        block = ((1 << (1 << place)) - 1) << (1 << place)
        width = 1 << (place + 1)
        while width < self.number:
            block |= block << width
            width *= 2
        return block

    def values(self, trace: int) -> list[list[bool]]:
        """Return the values of every truth value at every step of one trace."""
        return [
            [bool(trace >> (index * self.length + step) & 1) for step in range(self.length)]
            for index in range(self.count)
        ]


class Past:
    """Past-time operators over the traces of one length."""

    def __init__(self, traces: Traces) -> None:
        self.length, self.mask = traces.length, traces.mask
        self.true, self.false = [self.mask] * self.length, [0] * self.length
        self.first = [self.mask] + [0] * (self.length - 1)

    def no(self, a: Signal) -> Signal:
        """Return not a."""
        return [self.mask ^ x for x in a]

    def both(self, *parts: Signal) -> Signal:
        """Return every part."""
        result = self.true
        for part in parts:
            result = [x & y for x, y in zip(result, part, strict=True)]
        return result

    def either(self, *parts: Signal) -> Signal:
        """Return some part."""
        return self.no(self.both(*map(self.no, parts)))

    def implies(self, a: Signal, b: Signal) -> Signal:
        """Return b wherever a."""
        return self.either(self.no(a), b)

    def before(self, a: Signal, steps: int = 1) -> Signal:
        """Return a so many steps ago; false before the trace began."""
        return ([0] * steps + a)[: self.length]

    def since(self, a: Signal, b: Signal) -> Signal:
        """Return that b held, and a ever since."""
        result, latest = [], 0
        for x, y in zip(a, b, strict=True):
            latest = y | (x & latest)
            result.append(latest)
        return result

    def once(self, a: Signal) -> Signal:
        """Return that a held at some step up to now."""
        return self.since(self.true, a)

    def historically(self, a: Signal) -> Signal:
        """Return that a held at every step up to now."""
        return self.no(self.once(self.no(a)))

    def once_within(self, steps: int, a: Signal) -> Signal:
        """Return whether ``a`` held at one of the last ``steps`` steps or now."""
        return self.either(self.false, *(self.before(a, back) for back in range(steps + 1)))

    def stays(self, a: Signal, left: Signal) -> Signal:
        """Return that a held at every step since ``left``, and then."""
        return self.since(a, self.both(a, left))

    def came(self, a: Signal, left: Signal) -> Signal:
        """Return that a held at some step since ``left``, or there was none."""
        return self.no(self.stays(self.no(a), left))


def verdicts(
    scope: Scope,
    condition: Condition,
    timing: Timing,
    steps: int,
    traces: Traces,
    signals: Sequence[Signal],
) -> int:
    """Return the traces that satisfy a requirement; ``signals`` are mode, trigger, stop, response."""
    past = Past(traces)
    mode, trigger, stop, response = signals
    left, right = _ends(past, scope, mode)
    base = _Base(past, left, condition, trigger, stop, steps).form(timing, response, negated=scope.only)
    if right is None:
        whole = past.implies(past.once(left), base)
    else:
        closing = past.both(right, past.no(past.first)) if scope is Scope.BEFORE else right
        ended = past.historically(past.implies(closing, past.before(base)))
        whole = past.both(ended, past.implies(past.stays(past.no(right), left), base))
    return whole[-1]


def _ends(past: Past, scope: Scope, mode: Signal) -> tuple[Signal, Signal | None]:
    """Return where an interval begins and where it has just ended; ``None`` where only the trace ends it."""
    no = past.no
    opened = past.both(mode, past.either(past.first, past.before(no(mode))))
    closed = past.both(no(mode), past.before(mode))
    first_opened = past.both(opened, past.either(past.before(past.historically(no(mode))), past.first))
    first_closed = past.both(closed, past.before(past.historically(no(closed))))
    outside = past.both(no(mode), past.either(past.first, past.before(mode)))
    entered = past.both(mode, past.before(no(mode)))
    ends: dict[Scope, tuple[Signal, Signal | None]] = {
        Scope.GLOBAL: (past.first, None),
        Scope.BEFORE: (past.first, first_opened),
        Scope.AFTER: (first_closed, None),
        Scope.IN: (opened, closed),
        Scope.NOT_IN: (outside, entered),
        Scope.ONLY_IN: (outside, entered),
        Scope.ONLY_BEFORE: (first_opened, None),
        Scope.ONLY_AFTER: (past.first, first_closed),
    }
    return ends[scope]


class _Base:
    """What must be so at every step since ``left``, for one timing."""

    def __init__(
        self, past: Past, left: Signal, condition: Condition, trigger: Signal, stop: Signal, steps: int
    ) -> None:
        self.past, self.left, self.stop, self.steps = past, left, stop, steps
        self.conditional = condition is not Condition.NONE
        self.quiet = past.stays(past.no(trigger), left) if self.conditional else past.false
        self.start = left
        if condition is Condition.HOLDING:
            self.start = trigger
        elif self.conditional:
            rising = past.both(trigger, past.before(past.no(trigger)))
            self.start = past.either(rising, past.both(trigger, left))

    def form(self, timing: Timing, p: Signal, *, negated: bool) -> Signal:
        """Return the base form, or that of the timing's failure."""
        opposite = self.past.no(p)
        if not negated:
            return {
                Timing.IMMEDIATELY: lambda: self.at_once(p),
                Timing.NEXT: lambda: self.next(p),
                Timing.FINALLY: lambda: self.last(p),
                Timing.EVENTUALLY: lambda: self.eventually(p),
                Timing.ALWAYS: lambda: self.always(p),
                Timing.NEVER: lambda: self.always(opposite),
                Timing.WITHIN: lambda: self.within(p, self.steps),
                Timing.FOR: lambda: self.throughout(p, self.steps),
                Timing.AFTER: lambda: self.after(p),
                Timing.UNTIL: lambda: self.until(p),
                Timing.BEFORE: lambda: self.in_time(p),
            }[timing]()
        return {
            Timing.IMMEDIATELY: lambda: self.at_once(opposite),
            Timing.NEXT: lambda: self.next(opposite),
            Timing.FINALLY: lambda: self.last(opposite),
            Timing.EVENTUALLY: lambda: self.always(opposite),
            Timing.ALWAYS: lambda: self.eventually(opposite),
            Timing.NEVER: lambda: self.eventually(p),
            Timing.WITHIN: lambda: self.throughout(opposite, self.steps),
            Timing.FOR: lambda: self.within(opposite, self.steps),
            Timing.AFTER: lambda: self.not_after(p),
            Timing.UNTIL: lambda: self.in_time(opposite),
            Timing.BEFORE: lambda: self.until(opposite),
        }[timing]()

    def at_once(self, p: Signal) -> Signal:
        """Demand at each start, p."""
        return self.past.stays(self.past.implies(self.start, p), self.left)

    def last(self, p: Signal) -> Signal:
        """Demand p, unless nothing has started."""
        return self.past.either(self.quiet, p)

    def next(self, p: Signal) -> Signal:
        """Demand one step after each start, p."""
        expected = self.past.either(p, self.left) if self.conditional else p
        return self.past.stays(self.past.implies(self.past.before(self.start), expected), self.left)

    def always(self, p: Signal) -> Signal:
        """Demand p since the first start."""
        return self.past.stays(self.past.either(self.quiet, p), self.left)

    def eventually(self, p: Signal) -> Signal:
        """Demand p since the last start."""
        return self.past.either(self.quiet, self.past.came(p, self.start))

    def until(self, p: Signal) -> Signal:
        """Demand p until the stop, since each start."""
        going_on = self.past.stays(self.past.no(self.stop), self.start)
        return self.past.stays(self.past.either(self.quiet, self.past.implies(going_on, p)), self.left)

    def in_time(self, p: Signal) -> Signal:
        """Demand p between a start and the stop."""
        past = self.past
        not_here = past.both(past.no(self.left), past.no(self.start))
        enough = past.both(not_here, past.before(past.came(p, self.start)))
        return past.stays(past.implies(self.stop, past.either(self.quiet, enough)), self.left)

    def throughout(self, p: Signal, steps: int) -> Signal:
        """Demand p for so many steps after each start."""
        near = self.past.once_within(steps, self.start)
        return self.past.stays(self.past.implies(near, self.past.either(self.quiet, p)), self.left)

    def within(self, p: Signal, steps: int) -> Signal:
        """Demand p within so many steps of each start."""
        past, no = self.past, self.past.no
        if not self.conditional:
            missing = past.stays(no(p), self.left)
            return past.stays(past.implies(missing, past.once_within(steps - 1, self.left)), self.left)
        late = past.before(past.both(self.start, no(p)), steps)
        saved = past.once_within(steps - 1, past.either(self.left, p))
        return past.stays(past.implies(late, saved), self.left)

    def after(self, p: Signal) -> Signal:
        """Demand p after the duration and not before."""
        return self.past.both(self.throughout(self.past.no(p), self.steps), self.within(p, self.steps + 1))

    def not_after(self, p: Signal) -> Signal:
        """Demand p earlier, or not after the duration."""
        past = self.past
        focus = past.before(self.start, self.steps + 1)
        early = past.once_within(self.steps, p) if self.conditional else past.came(p, self.left)
        enough = past.either(past.once_within(self.steps, self.left), past.no(p), past.before(early))
        return past.stays(past.implies(focus, enough), self.left)
