"""Several boundaries of one stimulus at once: the smallest of them, and which of them binds where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from stimproof.verify.envelope.axes import Axes
from stimproof.verify.envelope.table import Edge

if TYPE_CHECKING:
    from stimproof.specs.specification import Parameter, Stimulus
    from stimproof.verify.envelope.table import Table

Keys = dict[str, Fraction]


@dataclass(frozen=True)
class Source:
    """A limit's name and its table."""

    name: str
    table: Table


@dataclass(frozen=True)
class Joint:
    """The common edge for a range of the last key, and the limits that the next step would break."""

    prefix: tuple[Fraction, ...]
    first: Fraction
    last: Fraction
    edge: Edge
    binding: tuple[str, ...]


@dataclass(frozen=True)
class Combined:
    """All joint edges in ascending order of the keys."""

    axes: Axes
    rows: tuple[Joint, ...]


def combine(stimulus: Stimulus, sources: Sequence[Source]) -> Combined | None:
    """Return the common boundary of the amplitude, or ``None`` where no limit bounds the stimulus.

    A limit on the pulse width alone admits all amplitudes or none.
    """
    bounded = {item.name for item in (stimulus.amplitude, stimulus.pulse_width) if item is not None}
    mine = [item for item in sources if item.table.axes.subject.name in bounded]
    if not any(item.table.axes.keys or not item.table.unrestricted for item in mine):
        return None
    axes = Axes(stimulus.amplitude, _keys(stimulus, mine))
    return Combined(axes, tuple(_merged(_joints(stimulus, axes, mine))))


def _keys(stimulus: Stimulus, sources: Sequence[Source]) -> tuple[Parameter, ...]:
    """Return the keys that matter: the pulse width, and what some restricting limit depends on."""
    first = (stimulus.pulse_width,) if stimulus.pulse_width is not None else ()
    keys = {key.name: key for key in first}
    for item in sources:
        if not item.table.unrestricted:
            keys.update({key.name: key for key in item.table.axes.keys})
    return tuple(keys.values())


def _joints(stimulus: Stimulus, axes: Axes, sources: Sequence[Source]) -> Iterator[Joint]:
    names = [key.name for key in axes.keys]
    if not names:
        return
    restricting = [item for item in sources if not item.table.unrestricted]
    grid = tuple(axes.keys[-1].grid())
    for prefix in product(*(tuple(key.grid()) for key in axes.keys[:-1])):
        fixed = dict(zip(names, prefix, strict=False))
        starts = _starts(stimulus, names[-1], fixed, restricting, grid)
        for place, start in enumerate(starts):
            stop = grid[grid.index(starts[place + 1]) - 1] if place + 1 < len(starts) else grid[-1]
            keys = {**fixed, names[-1]: start}
            edges = [(item.name, _edge(stimulus, item.table, keys)) for item in restricting]
            yield Joint(prefix, start, stop, *_least(axes, edges))


def _starts(
    stimulus: Stimulus, last: str, fixed: Keys, sources: Sequence[Source], grid: tuple[Fraction, ...]
) -> list[Fraction]:
    """Return where, along the last key, some limit's edge begins to be another one."""
    starts = {grid[0]}
    for item in sources:
        axes = item.table.axes
        if axes.subject.name != stimulus.amplitude.name and axes.subject.name == last:
            starts.update(grid)
        elif axes.keys and axes.keys[-1].name == last:
            prefix = tuple(fixed[key.name] for key in axes.keys[:-1])
            starts.update(run.first for run in item.table.runs_at(prefix) if run.first is not None)
    return sorted(starts)


def _edge(stimulus: Stimulus, table: Table, keys: Keys) -> Edge:
    edge = table.edge(tuple(keys[key.name] for key in table.axes.keys))
    if table.axes.subject.name == stimulus.amplitude.name:
        return edge
    within = edge.next is None or (edge.safe is not None and keys[table.axes.subject.name] <= edge.safe)
    return Edge(stimulus.amplitude.high, None) if within else Edge(None, stimulus.amplitude.low, edge.certain)


def _least(axes: Axes, edges: Sequence[tuple[str, Edge]]) -> tuple[Edge, tuple[str, ...]]:
    reached = [(edge.next, name, edge) for name, edge in edges if edge.next is not None]
    if not reached:
        return Edge(axes.subject.high, None), ()
    least = min(value for value, _, _ in reached)
    binding = [(name, edge) for value, name, edge in reached if value == least]
    certain = any(edge.certain for _, edge in binding)
    edge = Edge(binding[0][1].safe, least, certain, any(edge.again for _, edge in binding))
    return edge, tuple(name for name, _ in binding)


def _merged(rows: Iterator[Joint]) -> Iterator[Joint]:
    held: Joint | None = None
    for row in rows:
        if held and (held.prefix, held.edge, held.binding) == (row.prefix, row.edge, row.binding):
            held = Joint(held.prefix, held.first, row.last, held.edge, held.binding)
            continue
        if held:
            yield held
        held = row
    if held:
        yield held
