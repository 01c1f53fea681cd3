"""A table by its first key alone: at each of its values the edge that holds whatever the other keys are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.verify.envelope.table import Edge, Run, Table

Setting = dict[str, Fraction]


@dataclass(frozen=True)
class Cap:
    """The edge at one value of the first key, and the other keys' values at which it is reached."""

    key: Fraction
    edge: Edge
    others: Setting


@dataclass(frozen=True)
class Step:
    """Neighbouring values of the first key, from ``first`` to ``last``, that have one edge."""

    first: Cap
    last: Cap

    @property
    def edge(self) -> Edge:
        """The edge of all of them."""
        return self.first.edge


def caps(table: Table) -> tuple[Cap, ...]:
    """Return one cap for each value of the first key, in ascending order; none for a table without keys."""
    if not table.axes.keys:
        return ()
    worst: dict[Fraction, Cap] = {}
    for key, others, edge in _edges(table):
        held = worst.get(key)
        if held is None or _rank(edge) < _rank(held.edge):
            worst[key] = Cap(key, edge, others)
    return tuple(worst[key] for key in sorted(worst))


def _edges(table: Table) -> Iterator[tuple[Fraction, Setting, Edge]]:
    keys = table.axes.keys
    for run in table.runs:
        if len(keys) > 1:
            others = dict(zip((item.name for item in keys[1:]), (*run.prefix[1:], run.last), strict=True))
            yield (
                run.prefix[0],
                {name: value for name, value in others.items() if value is not None},
                run.edge,
            )
        else:
            yield from ((value, {}, run.edge) for value in _covered(table, run))


def _covered(table: Table, run: Run) -> Iterator[Fraction]:
    assert run.first is not None
    assert run.last is not None
    return (value for value in table.last_values if run.first <= value <= run.last)


def _rank(edge: Edge) -> tuple[bool, Fraction]:
    """Order edges from the one that leaves least."""
    return edge.next is None, edge.next if edge.next is not None else Fraction(0)


def steps(found: tuple[Cap, ...]) -> tuple[Step, ...]:
    """Return neighbouring caps with one edge together."""
    result: list[Step] = []
    for cap in found:
        if result and (result[-1].edge.safe, result[-1].edge.next) == (cap.edge.safe, cap.edge.next):
            result[-1] = Step(result[-1].first, cap)
        else:
            result.append(Step(cap, cap))
    return tuple(result)
