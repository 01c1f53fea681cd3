"""The weakest simple interlocks that make a claim true: a cap on a product, a table of caps, a line.

Each is weakest in a stated sense, and each comes with a setting that the next weaker one of its family
would admit and that breaks the claim. That the interlock suffices is proved elsewhere, like any claim.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    FALSE,
    TRUE,
    Apply,
    Expression,
    Literal,
    Op,
    Real,
    Reference,
    compare,
    conj,
    implies,
    mul,
    show,
    sub,
)
from stimproof.specs.quantities import CHARGE, Dimension, Unit, si_unit, unit
from stimproof.verify.envelope.collapse import Cap, Setting, caps, steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stimproof.specs.specification import Parameter
    from stimproof.verify.envelope.axes import Axes
    from stimproof.verify.envelope.table import Table

MOST_LINES = 300_000
"""So many lines times values of the key are compared; a line among more is not sought."""
FINER = 4
"""Where the key has so many times more steps than the subject, no line follows the boundary."""
NO_PRODUCT = (
    "even a cap that admits only the smallest product of {subject} and {key} admits a setting that fails"
)
NO_LINE = (
    "none was sought: {key} has many more steps than {subject}, so that no line on their grids follows it"
)


@dataclass(frozen=True)
class Candidate:
    """An interlock to be proved: its claim, the sense in which it is weakest, and what a weaker one admits.

    Where the family has no interlock that suffices, ``claim`` is ``None`` and ``reason`` says why.
    """

    form: str
    claim: Expression | None
    sense: str = ""
    weaker: str = ""
    witness: Setting | None = None
    reason: str = ""


def candidates(table: Table) -> tuple[Candidate, ...]:
    """Return one candidate of each family; none where the whole grid is safe or there is no key."""
    found = caps(table)
    if not found or table.unrestricted:
        return ()
    bad = [cap for cap in found if not cap.edge.certain or cap.edge.again]
    if bad:
        return (Candidate("any", None, reason="the boundary is not simple, or not decided, everywhere"),)
    axes = table.axes
    return _product(axes, found), _table(axes, found), _line(axes, found)


def _literal(value: Fraction, shown: Unit) -> Literal:
    return Literal(value, Real(shown.dimension), shown)


def _reference(item: Parameter) -> Reference:
    return Reference(item.name, Real(item.unit.dimension))


def _breaking(axes: Axes, cap: Cap) -> Setting:
    assert cap.edge.next is not None
    return {axes.subject.name: cap.edge.next, axes.keys[0].name: cap.key, **cap.others}


def _product(axes: Axes, found: tuple[Cap, ...]) -> Candidate:
    """Cap the product of subject and key: with an amplitude and a width, their charge."""
    subject, key = axes.subject, axes.keys[0]
    restricted = [cap for cap in found if cap.edge.next is not None]
    worst = min(restricted, key=lambda cap: (cap.edge.next or 0) * cap.key)
    broken = (worst.edge.next or Fraction(0)) * worst.key
    values = tuple(subject.grid())
    below = [largest * cap.key for cap in found for largest in _under(values, cap.key, broken)]
    if not below:
        return Candidate("product", None, reason=NO_PRODUCT.format(subject=subject.name, key=key.name))
    best, shown = max(below), _product_unit(subject.unit.dimension * key.unit.dimension)
    claim = compare(Op.LE, mul(_reference(subject), _reference(key)), _literal(best, shown))
    sense = "no larger cap suffices: the next larger product on the grid is that of a setting that fails"
    weaker = f"{subject.name} * {key.name} <= {shown.show(broken)}"
    return Candidate("product", claim, sense, weaker, _breaking(axes, worst))


def _under(values: tuple[Fraction, ...], key: Fraction, broken: Fraction) -> Iterator[Fraction]:
    """Yield the largest value whose product with a key lies below what fails, if there is one."""
    place = bisect_left(values, broken / key) if key > 0 else len(values) if broken > 0 else 0
    if place:
        yield values[place - 1]


def _product_unit(dimension: Dimension) -> Unit:
    return unit("uC") if dimension == CHARGE else si_unit(dimension)


def _table(axes: Axes, found: tuple[Cap, ...]) -> Candidate:
    """Cap the subject for each value of the key; between programmable keys the cap of the next one holds."""
    subject, key = axes.subject, axes.keys[0]
    here = _reference(key)
    parts: list[Expression] = []
    before: Fraction | None = None
    all_steps = steps(found)
    for step in all_steps:
        if step.edge.next is not None:
            above = TRUE if before is None else compare(Op.GT, here, _literal(before, key.unit))
            last = step is all_steps[-1]
            upto = TRUE if last else compare(Op.LE, here, _literal(step.last.key, key.unit))
            parts.append(implies(conj(above, upto), _capped(subject, step.edge.safe)))
        before = step.last.key
    restricted = [cap for cap in found if cap.edge.next is not None]
    sense = f"no entry can be raised by one step: all {len(restricted)} values of {key.name} were tried"
    weaker = f"the same table with one step more where {key.name} is {key.unit.show(restricted[0].key)}"
    return Candidate("table", conj(*parts), sense, weaker, _breaking(axes, restricted[0]))


def _capped(subject: Parameter, safe: Fraction | None) -> Expression:
    return FALSE if safe is None else compare(Op.LE, _reference(subject), _literal(safe, subject.unit))


@dataclass(frozen=True)
class _Lattice:
    """Subject and key counted in whole steps, so that lines have whole coefficients."""

    step: Fraction
    pitch: Fraction
    values: list[int]
    keys: list[int]
    broken: list[int | None]


def _lattice(axes: Axes, found: tuple[Cap, ...]) -> _Lattice:
    values = list(axes.subject.grid())
    step, pitch = _common(values), _common(cap.key for cap in found)
    broken = [None if cap.edge.next is None else int(cap.edge.next / step) for cap in found]
    return _Lattice(
        step, pitch, [int(value / step) for value in values], [int(cap.key / pitch) for cap in found], broken
    )


def _common(values: Iterable[Fraction]) -> Fraction:
    """Return the largest rational of which all values are whole multiples."""
    given = [value for value in values if value] or [Fraction(1)]
    below = lcm(*(value.denominator for value in given))
    return Fraction(gcd(*(int(value * below) for value in given)), below)


def _line(axes: Axes, found: tuple[Cap, ...]) -> Candidate:
    """Seek the line ``subject <= a - b * key`` that admits most programmable settings."""
    grid = _lattice(axes, found)
    span = grid.values[-1] - grid.values[0]
    if (2 * span + 1) * len(found) > MOST_LINES or len(found) > FINER * span:
        return Candidate(
            "line", None, reason=NO_LINE.format(key=axes.keys[0].name, subject=axes.subject.name)
        )
    lines = [(*_highest(grid, slope), slope) for slope in range(-span, span + 1)]
    best = max(lines, key=lambda line: (_admitted(grid, line[0], line[2]), -abs(line[2])))
    height, place, slope = best
    if not _admitted(grid, height, slope):
        return Candidate("line", None, reason="every line that suffices excludes every programmable setting")
    cap = found[place]
    sense = (
        f"of all lines whose height is a multiple of {axes.subject.unit.show(grid.step)} and whose slope is "
        f"one of {_slope_unit(axes).show(grid.step / grid.pitch)}, none that suffices admits more settings "
        f"({_admitted(grid, height, slope)} pairs), and this one cannot be raised"
    )
    weaker = _line_text(axes, (height + 1) * grid.step, slope * grid.step / grid.pitch)
    claim = _line_claim(axes, height * grid.step, slope * grid.step / grid.pitch)
    return Candidate("line", claim, sense, weaker, _breaking(axes, cap))


def _highest(grid: _Lattice, slope: int) -> tuple[int, int]:
    """Return the largest height of a line of this slope that suffices, and where a higher one fails."""
    rooms = [
        (broken + slope * key - 1, place)
        for place, (key, broken) in enumerate(zip(grid.keys, grid.broken, strict=True))
        if broken is not None
    ]
    return min(rooms)


def _admitted(grid: _Lattice, height: int, slope: int) -> int:
    return sum(bisect_right(grid.values, height - slope * key) for key in grid.keys)


def _slope_unit(axes: Axes) -> Unit:
    above, below = axes.subject.unit, axes.keys[0].unit
    simple = above.text and below.text and not set("*/^") & set(above.text + below.text)
    return unit(f"{above.text}/{below.text}") if simple else si_unit(above.dimension / below.dimension)


def _line_claim(axes: Axes, height: Fraction, slope: Fraction) -> Expression:
    subject, key = axes.subject, axes.keys[0]
    drop = mul(_literal(abs(slope), _slope_unit(axes)), _reference(key))
    top: Expression = _literal(height, subject.unit)
    if slope > 0:
        top = sub(top, drop)
    elif slope < 0:
        top = Apply(Op.ADD, (top, drop), top.type)
    return compare(Op.LE, _reference(subject), top)


def _line_text(axes: Axes, height: Fraction, slope: Fraction) -> str:
    return show(_line_claim(axes, height, slope))
