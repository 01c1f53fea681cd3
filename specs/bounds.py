"""Rational enclosures of irrational constants, each with its direction.

Every enclosure is an interval ``(below, above)``: the true constant lies strictly between the two.
Whoever uses one picks the end that makes a claim harder to prove.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any

DIGITS = 30


def _enclose(interval: Any) -> tuple[Fraction, Fraction]:
    """Round an mpmath interval outwards to ``DIGITS`` decimal places."""
    scale = 10**DIGITS
    below, above = (Fraction(*_ratio(end)) for end in (interval.a, interval.b))
    return Fraction(below * scale // 1 - 1, scale), Fraction(-(-above * scale // 1) + 1, scale)


def _ratio(value: Any) -> tuple[int, int]:
    sign, mantissa, exponent, _ = value._mpi_[0] if hasattr(value, "_mpi_") else value._mpf_
    whole = -int(mantissa) if sign else int(mantissa)
    return (whole * 2**exponent, 1) if exponent >= 0 else (whole, 2**-exponent)


@lru_cache(maxsize=256)
def power_of_ten(exponent: Fraction) -> tuple[Fraction, Fraction]:
    """Return rationals strictly below and above ``10**exponent``, equal where that is rational.

    >>> low, high = power_of_ten(Fraction(185, 100))
    >>> float(low) < 70.7945784 + 1e-6 and high - low < Fraction(1, 10**20)
    True
    """
    if exponent.denominator == 1:
        exact = Fraction(10) ** int(exponent)
        return exact, exact
    from mpmath import iv

    iv.dps = DIGITS + 20
    power = iv.mpf(exponent.numerator) / iv.mpf(exponent.denominator)
    return _enclose(iv.exp(power * iv.log(iv.mpf(10))))


PI = (Fraction(3141592653589793238462643383279, 10**30), Fraction(3141592653589793238462643383280, 10**30))
"""Enclosure of pi to thirty decimal places, truncated and rounded up (OEIS A000796)."""


LN_2 = (Fraction(693147180559945309417232121458, 10**30), Fraction(693147180559945309417232121459, 10**30))
"""Enclosure of the natural logarithm of two to thirty decimal places (OEIS A002162)."""


@lru_cache(maxsize=256)
def exponential(power: Fraction) -> tuple[Fraction, Fraction]:
    """Return rationals strictly below and above ``exp(power)``, both one for a power of zero.

    Where ``exp`` is smaller than the last digit kept, the lower bound is zero.

    >>> low, high = exponential(Fraction(1))
    >>> Fraction("2.718281828459045") < low < high < Fraction("2.718281828459046")
    True
    """
    if power == 0:
        return Fraction(1), Fraction(1)
    from mpmath import iv

    iv.dps = DIGITS + 20
    low, high = _enclose(iv.exp(iv.mpf(power.numerator) / iv.mpf(power.denominator)))
    return max(low, Fraction(0)), high


def square_root(square: Fraction) -> tuple[Fraction, Fraction]:
    """Return rationals that enclose the root of a number that is not negative, equal where it is rational.

    >>> square_root(Fraction(9, 4))
    (Fraction(3, 2), Fraction(3, 2))

    Raises:
        ValueError: the number is negative.
    """
    if square < 0:
        raise ValueError(f"{square} has no real root")
    scale = 10 ** (2 * DIGITS)
    below = Fraction(isqrt(square.numerator * square.denominator * scale), square.denominator * 10**DIGITS)
    if below * below == square:
        return below, below
    return below, below + Fraction(1, square.denominator * 10**DIGITS)
