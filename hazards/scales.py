"""Probability scales: levels with exact ranges, and how P1 and P2 give the probability of a harm.

P1 is the probability that a hazardous situation occurs, P2 that it then leads to the harm (ISO 14971:2019,
5.5); the probability of the harm is their product. On a quantitative scale it is computed with exact
intervals, on a qualitative one it is looked up in the table that the policy declares.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.hazards.ratings import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from stimproof.hazards.ratings import Probability


@dataclass(frozen=True, slots=True)
class Interval:
    """Probabilities from ``low`` to ``high``; the upper end does not belong to it where it is ``open``."""

    low: Fraction
    high: Fraction
    open: bool = False

    def __mul__(self, other: Interval) -> Interval:
        """Return where the product of a value of each lies."""
        high = self.high * other.high
        return Interval(self.low * other.low, high, (self.open or other.open) and high > 0)

    def __str__(self) -> str:
        """Print the interval as mathematicians write it."""
        return f"[{self.low}, {self.high}{')' if self.open else ']'}"


def sum_of(intervals: Sequence[Interval]) -> Interval:
    """Return where the probability of any of several events lies (Boole's inequality), at most one."""
    high = sum((item.high for item in intervals), Fraction(0))
    open_ = any(item.open for item in intervals) and high <= 1
    return Interval(max(item.low for item in intervals), min(high, Fraction(1)), open_)


@dataclass(frozen=True, slots=True)
class Chances:
    """The levels that a probability may have, least probable first, and its exact bounds where known."""

    levels: tuple[str, ...]
    bounds: Interval | None = None

    @property
    def worst(self) -> str:
        """The most probable level that it may have: the one that a decision counts."""
        return self.levels[-1]

    def __str__(self) -> str:
        """Print one level, or the first and the last."""
        return self.worst if len(self.levels) == 1 else f"{self.levels[0]} to {self.worst}"


@dataclass(frozen=True, slots=True)
class ProbabilityScale:
    """The levels of probability, least probable first; ``ranges`` on a quantitative scale only.

    ``table`` gives the level of the harm for (P1, P2) on a qualitative scale, where the policy declares it.
    """

    levels: tuple[str, ...]
    ranges: Mapping[str, tuple[Fraction, Fraction]] | None = None
    table: Mapping[tuple[str, str], str] | None = None

    def chances(self, rating: Probability) -> Chances | None:
        """Return which levels a rating says, ``None`` where nobody has estimated it."""
        if rating.range is not None:
            bounds = Interval(*rating.range)
            return self._spread(bounds) if self.ranges is not None else None
        if rating.level == UNKNOWN:
            return None
        return Chances((rating.level,), self._bounds(rating.level))

    def combine(self, p1: Chances | None, p2: Chances | None) -> Chances | None:
        """Return the probability of the harm from P1 and P2, ``None`` where one of them is not known."""
        if p1 is None or p2 is None:
            return None
        if p1.bounds is not None and p2.bounds is not None:
            return self._spread(p1.bounds * p2.bounds)
        if self.table is None:
            return None
        found = {self.table[one, two] for one in p1.levels for two in p2.levels}
        return Chances(self._between(found))

    def worst(self, found: Sequence[Chances]) -> Chances | None:
        """Return what is at least as probable as each of some: the sum of exact ones, else the worst level.

        The sum bounds the probability that any of several events occurs, whether or not they depend on
        each other.
        """
        if not found:
            return None
        if all(item.bounds is not None for item in found):
            total = sum_of([item.bounds for item in found if item.bounds is not None])
            return self._spread(total)
        low = max(self.levels.index(item.levels[0]) for item in found)
        high = max(self.levels.index(item.worst) for item in found)
        return Chances(self.levels[low : high + 1])

    def defects(self) -> Iterator[tuple[str, str]]:
        """Yield (level, complaint) where ranges do not join, or the table falls while its levels rise."""
        ranges = self.ranges or {}
        for before, after in zip(self.levels, self.levels[1:], strict=False):
            if ranges and ranges[before][1] != ranges[after][0]:
                yield after, f"its range begins at {ranges[after][0]}, '{before}' ends at {ranges[before][1]}"
        for (one, two), level in (self.table or {}).items():
            for milder in self._milder(one, two):
                if self.levels.index((self.table or {})[milder]) > self.levels.index(level):
                    yield one, f"with P2 '{two}' it gives '{level}', less than {milder[0]} with {milder[1]}"

    def _milder(self, one: str, two: str) -> Iterator[tuple[str, str]]:
        row, column = self.levels.index(one), self.levels.index(two)
        if row:
            yield self.levels[row - 1], two
        if column:
            yield one, self.levels[column - 1]

    def _bounds(self, level: str) -> Interval | None:
        if self.ranges is None:
            return None
        last = level == self.levels[-1]
        return Interval(*self.ranges[level], open=not last)

    def _spread(self, bounds: Interval) -> Chances:
        """Return the levels that an interval meets; what lies beyond the scale counts as its nearest end."""
        ranges = self.ranges or {}
        low = self._level_of(bounds.low, ranges, open_=False)
        high = max(low, self._level_of(bounds.high, ranges, open_=bounds.open and bounds.high > bounds.low))
        return Chances(self.levels[low : high + 1], bounds)

    def _level_of(
        self, value: Fraction, ranges: Mapping[str, tuple[Fraction, Fraction]], *, open_: bool
    ) -> int:
        """Return the number of the level of a value, or of what lies just below it."""
        reached = [
            number
            for number, name in enumerate(self.levels)
            if ranges[name][0] < value or (ranges[name][0] == value and not open_)
        ]
        return reached[-1] if reached else 0

    def _between(self, names: set[str]) -> tuple[str, ...]:
        numbers = sorted(self.levels.index(name) for name in names)
        return self.levels[numbers[0] : numbers[-1] + 1]
