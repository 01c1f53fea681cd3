"""Operators that look back or ahead, with FRET's meaning.

The past ones, inside an interval that starts at ``L``, at step ``i``:

- ``persisted(n, p)``: ``p`` held at all of ``i - n … i``, and ``i - n >= L``;
- ``occurred(n, p)``: ``p`` held at one of ``max(L, i - n) … i``;
- ``prevOcc(p, q)``: at ``L``, true; else ``q`` held where ``p`` last held in ``L … i - 1``; true if never;
- ``preBool(init, p)`` (``preInt``, ``preReal``): ``p`` at the step before, ``init`` at the trace's first.

The future ones mirror them: ``persists``, ``occurs`` and ``nextOcc``, up to the interval's last step.
The forms with three arguments ``(m, n, p)`` look at ``i - n … i - m`` and ``i + m … i + n``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from stimproof.specs.property.operators import truths

if TYPE_CHECKING:
    from stimproof.specs.expressions import Value
    from stimproof.specs.property.formulas import Temporal

BOUNDED = ("persisted", "occurred", "persists", "occurs")
"""Operators that take one or two whole numbers before their condition."""


def apply(
    formula: Temporal,
    given: Sequence[list[Value]],
    opened: Sequence[int],
    closes: Sequence[int],
    *,
    scoped: bool,
) -> list[Value]:
    """Return the value of a temporal operator at every step from its arguments' values.

    Args:
        formula: the operator and its reach.
        given: its arguments' values.
        opened: at each step, the latest start of a scope interval up to there, or -1.
        closes: at each step, the next end of a scope interval from there, or the trace's length.
        scoped: whether there are scope intervals at all.

    Raises:
        OperatorError: an argument has a value of the wrong type.
    """
    if formula.op == "pre":
        return [*given[0][:1], *given[1][:-1]]
    conditions = [truths(values) for values in given]
    if formula.op in _BACK:
        return list(_BACK[formula.op](conditions, _Reach(opened, scoped), formula))
    last = len(closes) - 1
    mirrored = _Reach([last - end for end in reversed(closes)], scoped)
    ahead = _BACK[_MIRRORED[formula.op]]([values[::-1] for values in conditions], mirrored, formula)
    return list(reversed(ahead))


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far back each step sees: its interval's start, -1 for no interval; ``scoped`` inside a scope."""

    opened: Sequence[int]
    scoped: bool


def _persisted(conditions: Sequence[list[bool]], reach: _Reach, formula: Temporal) -> list[bool]:
    (held,) = conditions
    counts = list(accumulate(held, initial=0))
    result = []
    for step, start in enumerate(reach.opened):
        low, high = max(0, step - formula.high), step - formula.low
        whole = high < low or counts[high + 1] - counts[low] == high + 1 - low
        result.append(whole and start <= step - formula.high if start >= 0 else whole)
    return result


def _occurred(conditions: Sequence[list[bool]], reach: _Reach, formula: Temporal) -> list[bool]:
    (held,) = conditions
    counts = list(accumulate(held, initial=0))
    result = []
    for step, start in enumerate(reach.opened):
        low, high = max(0, start, step - formula.high), step - formula.low
        result.append(high >= low and counts[high + 1] > counts[low])
    return result


def _last_occurrence(conditions: Sequence[list[bool]], reach: _Reach, formula: Temporal) -> list[bool]:
    """Judge ``prevOcc``; outside of every scope there must have been an occurrence."""
    occurs, then = conditions
    latest = -1
    result = []
    for step, start in enumerate(reach.opened):
        if not reach.scoped:
            result.append(latest >= 0 and then[latest])
        else:
            seen = latest >= max(0, start)
            result.append(step == start or (step > 0 and (not seen or then[latest])))
        if occurs[step]:
            latest = step
    return result


_BACK: dict[str, Callable[[Sequence[list[bool]], _Reach, Temporal], list[bool]]] = {
    "persisted": _persisted,
    "occurred": _occurred,
    "prevOcc": _last_occurrence,
}
_MIRRORED = {"persists": "persisted", "occurs": "occurred", "nextOcc": "prevOcc"}
