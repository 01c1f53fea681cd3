"""Exact physical quantities: a rational number of SI base units, the dimension, and the unit as written.

No float is ever involved. Units are looked up with pint (``non_int_type=Fraction``) once for each
spelling; the arithmetic is plain :class:`fractions.Fraction` afterwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pint

BASES = ("meter", "kilogram", "second", "ampere", "kelvin")
_PINT_DIMENSIONS = ("[length]", "[mass]", "[time]", "[current]", "[temperature]")
_QUANTITY = re.compile(
    r"\s*(?P<number>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?)\s*(?P<unit>\S.*?)?\s*\Z"
)
MAX_NUMBER = 60
_UNIT_TEXT = re.compile(r"[A-Za-zµμΩ%°][A-Za-z0-9µμΩ_^*/°\-]{0,39}\Z")


class UnitError(ValueError):
    """A unit or a quantity that cannot be understood; the message is made for the author."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """Integer exponents of metre, kilogram, second, ampere and kelvin."""

    exponents: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    def __mul__(self, other: Dimension) -> Dimension:
        a, b = self.exponents, other.exponents
        return Dimension((a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]))

    def __truediv__(self, other: Dimension) -> Dimension:
        a, b = self.exponents, other.exponents
        return Dimension((a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3], a[4] - b[4]))

    def __str__(self) -> str:
        return _NAMES.get(self.exponents) or " ".join(
            f"{base}^{power}" if power != 1 else base
            for base, power in zip(("m", "kg", "s", "A", "K"), self.exponents, strict=True)
            if power
        )


NUMBER = Dimension()
TIME = Dimension((0, 0, 1, 0, 0))
FREQUENCY = Dimension((0, 0, -1, 0, 0))
LENGTH = Dimension((1, 0, 0, 0, 0))
AREA = Dimension((2, 0, 0, 0, 0))
CURRENT = Dimension((0, 0, 0, 1, 0))
CHARGE = Dimension((0, 0, 1, 1, 0))
CHARGE_DENSITY = Dimension((-2, 0, 1, 1, 0))
TEMPERATURE = Dimension((0, 0, 0, 0, 1))
VOLTAGE = Dimension((2, 1, -3, -1, 0))
RESISTANCE = Dimension((2, 1, -3, -2, 0))
CAPACITANCE = Dimension((-2, -1, 4, 2, 0))

_NAMES = {
    NUMBER.exponents: "a plain number",
    TIME.exponents: "a time",
    FREQUENCY.exponents: "a frequency",
    LENGTH.exponents: "a length",
    AREA.exponents: "an area",
    CURRENT.exponents: "a current",
    CHARGE.exponents: "a charge",
    CHARGE_DENSITY.exponents: "a charge density",
    TEMPERATURE.exponents: "a temperature",
    VOLTAGE.exponents: "a voltage",
    RESISTANCE.exponents: "a resistance",
    CAPACITANCE.exponents: "a capacitance",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the author spelt it: ``SI value = number * factor + offset``."""

    text: str
    dimension: Dimension
    factor: Fraction
    offset: Fraction = Fraction(0)

    def show(self, si_value: Fraction) -> str:
        """Return an SI value in this unit as text, exact where the decimal expansion ends.

        >>> unit("uA").show(Fraction(25, 1_000_000))
        '25 uA'
        """
        number = decimal_text((si_value - self.offset) / self.factor)
        return f"{number} {self.text}" if self.text else number


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint  # costs 0.15 s, so only when the first unit is met

    return pint.UnitRegistry(non_int_type=Fraction, autoconvert_offset_to_baseunit=True)


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """Return the unit that ``text`` spells.

    Raises:
        UnitError: pint does not know it, or it has a dimension outside the five that are used.
    """
    if not text:
        return Unit("", NUMBER, Fraction(1))
    if text == "%":
        return Unit("%", NUMBER, Fraction(1, 100))
    if not _UNIT_TEXT.match(text):
        raise UnitError(f"'{text}' is not a unit; write it without spaces, for example uC/cm^2")
    registry = _registry()
    try:
        one = registry.Quantity(Fraction(1), text).to_base_units()
        zero = registry.Quantity(Fraction(0), text).to_base_units()
    except Exception as error:  # noqa: BLE001 - pint raises several unrelated kinds for unknown spellings
        raise UnitError(f"'{text}' is not a unit that is known here ({type(error).__name__})") from None
    dimensions = dict(one.dimensionality)
    exponents = [Fraction(str(dimensions.pop(name, 0))) for name in _PINT_DIMENSIONS]
    if any(dimensions.values()) or any(power.denominator != 1 for power in exponents):
        raise UnitError(f"the unit '{text}' has no whole-number dimension in m, kg, s, A and K")
    length, mass, time, current, temperature = (power.numerator for power in exponents)
    offset = Fraction(zero.magnitude)
    return Unit(
        text, Dimension((length, mass, time, current, temperature)), Fraction(one.magnitude) - offset, offset
    )


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact physical quantity: ``si`` in SI base units, and the unit in which it was written."""

    si: Fraction
    unit: Unit

    @property
    def dimension(self) -> Dimension:
        """The physical dimension."""
        return self.unit.dimension

    def __str__(self) -> str:
        return self.unit.show(self.si)


def quantity(text: str) -> Quantity:
    """Parse ``"25 uA"``, ``"30 uC/cm^2"``, ``"5 %"`` or ``"3"`` exactly.

    >>> quantity("0.1 mA").si
    Fraction(1, 10000)

    Raises:
        UnitError: the text has no number, or its unit is not known.
    """
    match = _QUANTITY.match(text)
    if match is None or len(match["number"]) > MAX_NUMBER:
        raise UnitError(f"'{text[:80]}' is not a number with a unit, such as '25 uA'")
    found = unit((match["unit"] or "").replace("µ", "u").replace("μ", "u"))
    return Quantity(Fraction(match["number"]) * found.factor + found.offset, found)


def decimal_text(value: Fraction, digits: int = 6) -> str:
    """Return a rational as a decimal where that is exact, else rounded and marked with ``≈``.

    >>> decimal_text(Fraction(1, 8)), decimal_text(Fraction(1, 3))
    ('0.125', '≈0.333333')
    """
    if value.denominator == 1:
        return str(value.numerator)
    remainder, power = value.denominator, 0
    for prime in (2, 5):
        count = 0
        while remainder % prime == 0:
            remainder //= prime
            count += 1
        power = max(power, count)
    exact = remainder == 1 and power <= 12
    places = (
        power
        if exact
        else max(digits - len(str(abs(int(value)))) + 1, 1)
        if abs(value) >= 1
        else digits + _zeros(value)
    )
    scaled = abs(value) * 10**places
    whole = int(scaled) if exact else int(scaled + Fraction(1, 2))
    text = str(whole).rjust(places + 1, "0")
    number = f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".") if places else text
    return f"{'' if exact else '≈'}{'-' if value < 0 else ''}{number}"


def _zeros(value: Fraction) -> int:
    count, scaled = 0, abs(value) * 10
    while 0 < scaled < 1 and count < 30:
        scaled *= 10
        count += 1
    return count
