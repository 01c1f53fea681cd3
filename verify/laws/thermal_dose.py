"""Thermal dose: cumulative equivalent minutes at 43 degC, ``t · R^(43 − T) <= limit``.

``R = 0.25`` below 43 degC and 0.5 from there on; valid from 39 degC to 57 degC. ISO 14708-3:2017, clause
17.1, as transcribed in the audit of kshtjkumar/neurostim-safety, which also gives the limits by tissue (40
min for muscle, fat and peripheral nerve, 21 for skin, 16 for bone, 2 for brain, 15 for the blood-brain
barrier). One temperature for the whole time is assumed. Units: s, K. ``R^(43 − T)`` is an exponential, which
is bounded from above by rationals (:mod:`stimproof.verify.laws.decay`); ln 2 is rounded so that the claim is
harder on both sides of 43 degC. Outside the validity the law does not apply without an argument.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.bounds import LN_2, exponential
from stimproof.specs.expressions import Expression, Op, add, compare, disj, ite, mul, real, sub
from stimproof.specs.quantities import NUMBER, TEMPERATURE, quantity
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.decay import anchors
from stimproof.verify.laws.draft import at_most, times

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft

REFERENCE, LOWEST, HIGHEST = (quantity(text).si for text in ("43 degC", "39 degC", "57 degC"))
ONE_TEMPERATURE = "the temperature is the same for the whole time"


def draft(limit: Limit) -> Draft:
    """Return the claim that the dose stays within the limit."""
    case = Case(limit)
    bound, temperature, duration = case.bound(), case.input("temperature"), case.input("duration")
    case.assumptions.append(ONE_TEMPERATURE)
    if limit.measured_on:
        case.assumptions.append(f"the limit is that of {limit.measured_on}")
    if bound is None or temperature is None or duration is None:
        return case.draft(None)
    coldest, hottest = case.ends(temperature)
    for wrong, end in ((coldest < LOWEST, coldest), (hottest > HIGHEST, hottest)):
        if wrong:
            case.outside.append(f"it is valid from 39 degC to 57 degC, not at {_celsius(end)}")
    below = [factor(end) for end in (coldest, hottest)]
    tangents = [_tangent(anchor, temperature, duration, bound) for anchor in anchors(below[0], below[1])]
    return case.draft(disj(*tangents), ("temperature", temperature, "degC"), ("duration", duration, "min"))


def factor(temperature: Fraction) -> Fraction:
    """Return a lower bound of ``−ln`` of ``R^(43 − T)``."""
    colder = REFERENCE - temperature
    return colder * 2 * LN_2[0] if colder > 0 else colder * LN_2[1]


def _tangent(
    anchor: Fraction, temperature: Expression, duration: Expression, bound: Expression
) -> Expression:
    """Return that the duration is within the bound, grown by the tangent at one anchor."""
    per_kelvin = NUMBER / TEMPERATURE
    colder = sub(real(REFERENCE, TEMPERATURE), temperature)
    exponent = ite(
        compare(Op.GE, colder, real(0, TEMPERATURE)),
        mul(real(2 * LN_2[0], per_kelvin), colder),
        mul(real(LN_2[1], per_kelvin), colder),
    )
    grown = add(real(1 - anchor), exponent)
    return at_most(duration, mul(times(exponential(anchor)[0], bound), grown))


def _celsius(temperature: Fraction) -> str:
    return quantity("0 degC").unit.show(temperature)
