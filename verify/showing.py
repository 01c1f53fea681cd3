"""Programmable settings as people read them: each value in its own unit, what follows from it beside it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import Apply, Expression, Op, Real, references, show
from stimproof.specs.quantities import NUMBER, Unit, unit
from stimproof.verify.laws.draft import BARE
from stimproof.verify.results import Obligation, Setting
from stimproof.verify.settings import Interval, number
from stimproof.verify.wording import equations

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.problem import Problem


def sides(claim: Expression) -> tuple[tuple[str, Expression, str], ...]:
    """Return what to print of a free claim: the two sides of a comparison that are not single names."""
    if not isinstance(claim, Apply) or claim.op not in (Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE):
        return ()
    return tuple(
        (show(side), side, "") for side in claim.args if isinstance(side, Apply) and references(side)
    )


def setting_of(
    specification: Specification,
    obligation: Obligation,
    given: Problem,
    point: Mapping[str, Fraction],
    values: Mapping[str, Interval],
) -> Setting:
    """Return a printable and re-playable setting."""
    printed = [(item.name, item.unit.show(point[item.name])) for item in given.parameters]
    for name in (name for name in given.spread if name in point):
        base = name.removesuffix(DELIVERED)
        if point[name] != point[base]:
            printed.append((f"{base} as delivered", specification.parameters[base].unit.show(point[name])))
    computed = tuple((label, _shown(term, values, text, given)) for label, term, text in given.computed)
    exact = tuple((name, str(value)) for name, value in sorted(point.items()))
    words = "at " + ": ".join(equations(pairs) for pairs in (printed, computed) if pairs)
    return Setting(tuple(printed), exact, computed, words, True, f"traces/{obligation.id}.json")


def _shown(term: Expression, values: Mapping[str, Interval], text: str, given: Problem) -> str:
    low, high = number(term, values)
    shown = _unit_of(term, text, given)
    middle = (low + high) / 2
    if low == high:
        return shown.show(low)
    rounded = Fraction(round(middle / shown.factor * 10**6), 10**6) * shown.factor
    return "≈" + shown.show(rounded).removeprefix("≈")


def _unit_of(term: Expression, text: str, given: Problem) -> Unit:
    if text == BARE:
        return Unit("", NUMBER, Fraction(1))
    return unit(text) if text else _natural(term, given)


def _natural(term: Expression, given: Problem) -> Unit:
    """Return the unit to print a term in: a parameter's of the same dimension, else a customary one."""
    dimension = term.type.dimension if isinstance(term.type, Real) else NUMBER
    for item in given.parameters:
        if item.unit.dimension == dimension:
            return item.unit
    return next(
        (
            known
            for known in map(unit, ("", "uC", "us", "mA", "V", "cm^2", "uC/cm^2"))
            if known.dimension == dimension
        ),
        Unit("(SI)", dimension, Fraction(1)),
    )
