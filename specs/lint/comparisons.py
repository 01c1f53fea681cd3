"""Comparisons whose numbers cannot be meant as they stand."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Apply, Expression, Literal, Op, show, walk
from stimproof.specs.findings import Code, Finding
from stimproof.specs.lint.terms import about_machines, about_parameters, named, place, unit_of
from stimproof.specs.specification import Parameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.findings import Location
    from stimproof.specs.specification import Input, Specification, Variable

_COMPARISONS = (Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE)
_THOUSAND, _FAR = 1000, 100


def findings(specification: Specification) -> Iterator[Finding]:
    """Yield slips of the pen in comparisons of one named thing with one number."""
    for owner, term in chain(about_parameters(specification), about_machines(specification)):
        for node in walk(term):
            if isinstance(node, Apply) and node.op in _COMPARISONS:
                yield from _comparison(specification, node, owner)


def _comparison(specification: Specification, node: Apply, owner: Location) -> Iterator[Finding]:
    for side, other in (node.args, node.args[::-1]):
        item, number = named(specification, side), _number(other)
        if item is None or number is None or number.constant or not number.value:
            continue
        where = place(number, place(node, owner))
        yield from _percentage(item, number, node, where)
        yield from _slip(item, number, node, where)


def _number(term: Expression) -> Literal | None:
    if isinstance(term, Apply) and term.op in (Op.TO_REAL, Op.NEG):
        return _number(term.args[0])
    plain = isinstance(term, Literal) and not isinstance(term.value, bool | str)
    return term if plain and isinstance(term, Literal) else None


def _percentage(
    item: Parameter | Variable | Input, number: Literal, node: Apply, where: Location
) -> Iterator[Finding]:
    """Name a plain number beside something that was declared in percent."""
    if unit_of(item) == "%" and (number.unit is None or not number.unit.text):
        shown = show(number)
        yield Finding(
            Code.PERCENT,
            where,
            f"'{show(node)}' compares '{item.name}', declared in %, with the plain number {shown}, "
            f"which is {Fraction(number.value) * 100} %",
            f"write '{shown} %' if per cent are meant, and else the per cent that it is",
        )


def _slip(
    item: Parameter | Variable | Input, number: Literal, node: Apply, where: Location
) -> Iterator[Finding]:
    """Name a number out of all reach that a factor of a thousand would bring into the range.

    Out of reach is what lies beyond a hundred times the upper end, or between zero and the first step of
    the grid: there the comparison says the same for every value but, in the second case, zero.
    """
    if item.low is None or item.high is None or item.unit is None or number.unit is None:
        return
    value = abs(Fraction(number.value))
    far, fine = value >= _FAR * abs(item.high) > 0, _below_the_first_step(item, value)
    meant = value / _THOUSAND if far else value * _THOUSAND
    if (far or fine) and item.low <= meant <= item.high:
        ends = f"{item.unit.show(item.low)} … {item.unit.show(item.high)}"
        yield Finding(
            Code.UNIT_SLIP,
            where,
            f"'{show(node)}' compares '{item.name}' ({ends}) with {show(number)}",
            f"was {item.unit.show(meant)} meant? no value of '{item.name}' comes near what is written",
        )


def _below_the_first_step(item: Parameter | Variable | Input, value: Fraction) -> bool:
    if not isinstance(item, Parameter) or item.continuous:
        return False
    return item.low >= 0 and all(value < point for point in _first_values(item) if point > 0)


def _first_values(item: Parameter) -> tuple[Fraction, ...]:
    first = item.segments[0]
    return first.start, first.start + first.step
