"""The boundary of one limit on the grid: for each combination of the keys, how far the subject may go.

Combinations that differ only in the last key and have the same boundary form one :class:`Run`. Where the
claim is proved monotone the boundary is found by bisection, else by trying every programmable value; in
both cases the value at the boundary and the next one were evaluated exactly at both ends of the run.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.verify.envelope import monotone
from stimproof.verify.envelope.bound import Bound, bound_of
from stimproof.verify.envelope.safety import Safety

if TYPE_CHECKING:
    from stimproof.specs.specification import Parameter
    from stimproof.verify.envelope.axes import Axes
    from stimproof.verify.problem import Problem

MOST_SETTINGS = 200_000
"""So many settings are tried one by one where monotonicity is not proved; of more, nothing is said."""
MOST_ROWS = 20_000


class TooManyError(Exception):
    """The boundary is not monotone and the grid is too large to try it; says how large."""


@dataclass(frozen=True)
class Edge:
    """Where the subject must stop: every value up to ``safe`` keeps the claim, ``next`` does not.

    ``safe`` is ``None`` where not even the lowest value keeps it, ``next`` where the whole grid does.
    ``certain`` is false where ``next`` could not be decided; ``again`` tells that some value above ``next``
    keeps the claim again.
    """

    safe: Fraction | None
    next: Fraction | None
    certain: bool = True
    again: bool = False


@dataclass(frozen=True)
class Run:
    """An edge for the values ``prefix`` of all keys but the last, which goes from ``first`` to ``last``.

    Without keys, ``first`` and ``last`` are ``None``. ``bounds`` are the continuous bounds at both ends.
    """

    prefix: tuple[Fraction, ...]
    first: Fraction | None
    last: Fraction | None
    edge: Edge
    bounds: tuple[Bound | None, Bound | None] = (None, None)


@dataclass(frozen=True)
class Table:
    """All runs of one limit in ascending order of the keys; ``scripts`` are the proofs of monotonicity."""

    axes: Axes
    runs: tuple[Run, ...]
    scripts: dict[str, str]
    exhaustive: bool

    @cached_property
    def _by_prefix(self) -> dict[tuple[Fraction, ...], list[Run]]:
        found: dict[tuple[Fraction, ...], list[Run]] = {}
        for run in self.runs:
            found.setdefault(run.prefix, []).append(run)
        return found

    @cached_property
    def last_values(self) -> tuple[Fraction, ...]:
        """The programmable values of the last key."""
        return tuple(self.axes.keys[-1].grid())

    def runs_at(self, prefix: tuple[Fraction, ...]) -> list[Run]:
        """Return the runs for values of all keys but the last."""
        return self._by_prefix[prefix]

    def edge(self, keys: tuple[Fraction, ...]) -> Edge:
        """Return the edge at one combination of programmable keys."""
        runs = self._by_prefix[keys[:-1]]
        if not keys:
            return runs[0].edge
        starts = [run.first for run in runs if run.first is not None]
        return runs[bisect_right(starts, keys[-1]) - 1].edge

    @property
    def unrestricted(self) -> bool:
        """Whether the whole grid keeps the claim."""
        return all(run.edge.next is None for run in self.runs)


class Tabulator:
    """Finds the table of one problem."""

    def __init__(self, given: Problem, axes: Axes, title: str, budget: int) -> None:
        self.given, self.axes, self.budget, self.title = given, axes, budget, title
        self.safety = Safety(given, budget)
        self.values = tuple(axes.subject.grid())
        self.scripts: dict[str, str] = {}

    def table(self) -> Table:
        """Return the table.

        Raises:
            TooManyError: the grid is too large to be tried value by value.
            GaveUpError: the solver was needed at some setting and its budget is spent.
        """
        bisect = self._monotone(self.axes.subject)
        keys = self.axes.keys
        smooth = bool(keys) and (self._monotone(keys[-1]) or self._monotone(keys[-1], falling=True))
        asked = prod(item.count for item in (keys[:-1] if smooth else keys))
        if asked > MOST_ROWS or (not bisect and asked * len(self.values) > MOST_SETTINGS):
            raise TooManyError(f"{asked * len(self.values)} settings would have to be tried one by one")
        edge = self._bisected if bisect else self._tried
        return Table(self.axes, tuple(self._runs(edge, smooth=smooth)), self.scripts, not bisect)

    def _monotone(self, parameter: Parameter, *, falling: bool = False) -> bool:
        direction = "smaller" if falling else "larger"
        other = "larger" if falling else "smaller"
        title = f"{self.title}: a {direction} {parameter.name} is never safer than a {other} one"
        script = monotone.proof(self.given, parameter.name, title, self.budget, falling=falling)
        if script is not None:
            self.scripts[f"{parameter.name}.smt2"] = script
        return script is not None

    def _runs(self, edge: Callable[[dict[str, Fraction]], Edge], *, smooth: bool) -> Iterator[Run]:
        names = [item.name for item in self.axes.keys]
        if not names:
            only = edge({})
            yield Run((), None, None, only, (self._bound({}, only),) * 2)
            return
        last = tuple(self.axes.keys[-1].grid())
        for prefix in product(*(tuple(item.grid()) for item in self.axes.keys[:-1])):
            fixed = dict(zip(names, prefix, strict=False))
            known: dict[int, Edge] = {}

            def at(place: int, fixed: dict[str, Fraction] = fixed, known: dict[int, Edge] = known) -> Edge:
                if place not in known:
                    known[place] = edge({**fixed, names[-1]: last[place]})
                return known[place]

            for start, stop in _stretches(len(last), at, smooth=smooth):
                ends = [self._bound({**fixed, names[-1]: last[place]}, at(start)) for place in (start, stop)]
                yield Run(prefix, last[start], last[stop], at(start), (ends[0], ends[1]))

    def _at(self, keys: dict[str, Fraction], place: int) -> bool | None:
        return self.safety.at({**keys, self.axes.subject.name: self.values[place]})

    def _bisected(self, keys: dict[str, Fraction]) -> Edge:
        low, high = -1, len(self.values)  # the claim is taken to hold at low and to fail at high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._at(keys, middle) is True else (low, middle)
        return self._edge(keys, low)

    def _tried(self, keys: dict[str, Fraction]) -> Edge:
        found = [self._at(keys, place) for place in range(len(self.values))]
        low = next((place for place, safe in enumerate(found) if safe is not True), len(found)) - 1
        edge = self._edge(keys, low)
        return Edge(edge.safe, edge.next, edge.certain, again=True in found[low + 1 :])

    def _edge(self, keys: dict[str, Fraction], low: int) -> Edge:
        safe = self.values[low] if low >= 0 else None
        if low + 1 == len(self.values):
            return Edge(safe, None)
        return Edge(safe, self.values[low + 1], certain=self._at(keys, low + 1) is False)

    def _bound(self, keys: dict[str, Fraction], edge: Edge) -> Bound | None:
        """Return the continuous bound at a combination of keys, where it agrees with what was decided."""
        name = self.axes.subject.name
        one = Fraction(1)
        factors = {name: (one, one)}
        values = {key: (value, value) for key, value in keys.items()} | dict(self.given.enclosed)
        values |= {item.name: (item.low, item.high) for item in self.axes.free}
        for delivered, (base, (low, high)) in self.given.spread.items():
            if base == name:
                factors[name + DELIVERED] = (low, high)
            elif base in values:
                ends = values[base]
                corners = [end * factor for end in ends for factor in (low, high)]
                values[delivered] = min(corners), max(corners)
        return _kept(bound_of(self.given.claim, factors, values), edge)


def _kept(bound: Bound | None, edge: Edge) -> Bound | None:
    """Return the continuous bound where it agrees with the grid, which is what was decided."""
    if bound is None or edge.safe is None or edge.next is None or edge.again or not edge.certain:
        return None
    return bound if bound.admits(edge.safe) and not bound.admits(edge.next) else None


def _stretches(count: int, at: Callable[[int], Edge], *, smooth: bool) -> Iterator[tuple[int, int]]:
    """Yield stretches of equal edges; ``smooth``: what is equal at both ends is equal between them."""
    start = 0
    while start < count:
        stop = start
        if smooth:
            step = 1
            while stop + step < count and at(stop + step) == at(start):
                stop, step = stop + step, step * 2
            while step > 1:
                step //= 2
                if stop + step < count and at(stop + step) == at(start):
                    stop += step
        else:
            while stop + 1 < count and at(stop + 1) == at(start):
                stop += 1
        yield start, stop
        start = stop + 1
