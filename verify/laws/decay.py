"""Exponential decay without an exponential: rational bounds that solvers can multiply.

``exp`` is convex, so that each of its tangents lies below it: ``exp(x) >= e^a · (1 + x − a)`` for every x and
every anchor ``a``. Hence ``y · exp(−x) <= L`` follows from ``y <= L · e^a · (1 + x − a)`` for any one anchor,
and is as good as equal to it near the anchor. Claims are disjunctions over a few anchors between the smallest
and the largest x that can occur; ``e^a`` is replaced by a smaller rational, which makes them harder to prove.
"""

from __future__ import annotations

from fractions import Fraction

MOST = Fraction(30)
"""Beyond this many time constants, what is left is less than 1e-13 and no longer worth an anchor."""
BETWEEN = 3
DIGITS = 10**4


def anchors(low: Fraction, high: Fraction) -> tuple[Fraction, ...]:
    """Return the points at which tangents are laid: both ends of a range of x, and some between."""
    ends = [max(-MOST, min(end, MOST)) for end in sorted((low, high))]
    steps = BETWEEN + 1 if ends[1] > ends[0] else 1
    spread = [ends[0] + (ends[1] - ends[0]) * Fraction(index, steps) ** 2 for index in range(steps + 1)]
    return tuple(dict.fromkeys(Fraction(point * DIGITS // 1, DIGITS) for point in spread))
