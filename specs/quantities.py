"""Exact physical quantities: a rational number of SI base units, the dimension, and the unit as written.

No float is ever involved: units come from an exact table of our own, and the arithmetic is plain
:class:`fractions.Fraction`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache

from stimproof.specs.units import Exponents, Measure, measure

_QUANTITY = re.compile(
    r"\s*(?P<number>[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?)\s*(?P<unit>\S.*?)?\s*\Z"
)
MAX_NUMBER = 60
_FACTOR = re.compile(r"(?P<word>[A-Za-zµμΩ°]{1,20})(?:\^(?P<power>-?[1-9]))?\Z")
_MAX_FACTORS = 6
_COMMON = (
    "nA", "uA", "mA", "A", "uV", "mV", "V", "ns", "us", "ms", "s", "min", "h", "d", "Hz", "kHz", "MHz",
    "ohm", "kohm", "Mohm", "nC", "uC", "mC", "C", "nF", "uF", "mF", "um", "mm", "cm", "m", "K", "degC",
    "uW", "mW", "W", "uJ", "mJ", "J", "mL", "L", "mAh", "Ah", "ppm",
)  # fmt: skip
_HINT = " (SI units with their prefixes, min, h, d, degC, L, Ah, %)"


class UnitError(ValueError):
    """A unit or a quantity that cannot be understood; the message is made for the author."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """Integer exponents of metre, kilogram, second, ampere and kelvin."""

    exponents: Exponents = (0, 0, 0, 0, 0)

    def __mul__(self, other: Dimension) -> Dimension:
        a, b = self.exponents, other.exponents
        return Dimension((a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4]))

    def __truediv__(self, other: Dimension) -> Dimension:
        a, b = self.exponents, other.exponents
        return Dimension((a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3], a[4] - b[4]))

    def __pow__(self, power: int) -> Dimension:
        a, b, c, d, e = self.exponents
        return Dimension((a * power, b * power, c * power, d * power, e * power))

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
ENERGY = Dimension((2, 1, -2, 0, 0))
CURRENT_DENSITY = Dimension((-2, 0, 0, 1, 0))

_SI_NAMES = {
    FREQUENCY: "Hz",
    CHARGE: "C",
    CHARGE_DENSITY: "C/m^2",
    VOLTAGE: "V",
    RESISTANCE: "ohm",
    CAPACITANCE: "F",
    ENERGY: "J",
}

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
    ENERGY.exponents: "an energy",
    CURRENT_DENSITY.exponents: "a current density",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the author spelt it: ``SI value = number * factor + offset``."""

    text: str
    dimension: Dimension
    factor: Fraction
    offset: Fraction = Fraction(0)

    def show(self, si_value: Fraction, *, exact: bool = False) -> str:
        """Return an SI value in this unit as text, exact where the decimal expansion is short.

        With ``exact``, however long it is, as long as it ends.

        >>> unit("uA").show(Fraction(25, 1_000_000))
        '25 uA'
        """
        value = (si_value - self.offset) / self.factor
        number = exact_text(value) if exact and _terminates(value) else decimal_text(value)
        return f"{number} {self.text}" if self.text else number


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """Return the unit that ``text`` spells.

    Raises:
        UnitError: it is not a product of powers of the language's units.
    """
    if not text:
        return Unit("", NUMBER, Fraction(1))
    if text == "%":
        return Unit(text, NUMBER, Fraction(1, 100))
    parts = re.split(r"([*/])", text)
    dimension, factor, offset = NUMBER, Fraction(1), Fraction(0)
    for number, part in enumerate(parts[::2]):
        known, power = _factor(part, text, len(parts))
        if number and parts[2 * number - 1] == "/":
            power = -power
        dimension *= Dimension(known.exponents) ** power
        factor *= known.factor**power
        offset = known.offset
    return Unit(text, dimension, factor, offset)


def _factor(part: str, text: str, length: int) -> tuple[Measure, int]:
    """Return what one factor of a unit measures, and its power."""
    match = _FACTOR.match(part)
    if match is None or length > 2 * _MAX_FACTORS - 1:
        advice = "write it without spaces, and exponents with ^, as in uC/cm^2"
        raise UnitError(f"'{text[:80]}' is not a unit; {advice}")
    word = match["word"]
    known = measure(word)
    if known is None:
        near = _near_units(word)
        raise UnitError(
            f"'{word}' is not a unit of the language"
            + (f"; did you mean {' or '.join(near)}?" if near else _HINT)
        )
    if known.offset and (word != text or known.factor != 1):
        raise UnitError(f"'{text}' multiplies degC, whose zero is arbitrary; use K")
    return known, int(match["power"] or 1)


def _near_units(word: str) -> list[str]:
    """Return units that may be meant: the one that the word begins with, before those that look alike."""
    begun = max(
        (known for known in _COMMON if len(known) > 1 and word.startswith(known)), key=len, default=""
    )
    return [begun] if begun else get_close_matches(word, _COMMON, n=2)


def si_unit(dimension: Dimension) -> Unit:
    """Return the SI unit of a dimension: ``V``, ``ohm`` …, else a product of base units."""
    powers = zip(("m", "kg", "s", "A", "K"), dimension.exponents, strict=True)
    product = "*".join(base if power == 1 else f"{base}^{power}" for base, power in powers if power)
    return Unit(_SI_NAMES.get(dimension, product), dimension, Fraction(1))


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact physical quantity: ``si`` in SI base units, and the unit in which it was written."""

    si: Fraction
    unit: Unit

    @property
    def dimension(self) -> Dimension:
        """The physical dimension."""
        return self.unit.dimension

    def bare_zero_for(self, other: Quantity) -> bool:
        """Return whether this is a ``0`` without a unit that may stand for zero of ``other``'s dimension."""
        return self.si == 0 and not self.unit.text and other.dimension != TEMPERATURE

    def __str__(self) -> str:
        return self.unit.show(self.si)


@dataclass(frozen=True, slots=True)
class NamedQuantity(Quantity):
    """A quantity for which its author wrote the name of a declared constant."""

    name: str


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


def exact_text(value: Fraction) -> str:
    """Return a rational with a terminating expansion in the shortest exact decimal form.

    >>> exact_text(Fraction(-1, 8)), exact_text(Fraction(3, 10**18)), exact_text(Fraction(10**30))
    ('-0.125', '3e-18', '1e30')

    Raises:
        ValueError: the expansion does not terminate.
    """
    if not _terminates(value):
        raise ValueError(f"{value} has no terminating decimal expansion")
    power = 0
    while (value * 10**power).denominator != 1:
        power += 1
    digits = str(abs(value * 10**power).numerator)
    exponent = len(digits) - len(digits.rstrip("0")) - power if value else 0
    digits = digits.rstrip("0") or "0"
    shapes = [_positional(digits, exponent), *_scientific(digits, exponent)]
    return ("-" if value < 0 else "") + min(shapes, key=len)


def _terminates(value: Fraction) -> bool:
    bits = value.denominator.bit_length()
    return pow(10, bits, value.denominator) == 0


def _positional(digits: str, exponent: int) -> str:
    """Return ``digits × 10^exponent`` without an exponent."""
    if exponent >= 0:
        return digits + "0" * exponent
    padded = digits.rjust(1 - exponent, "0")
    return f"{padded[:exponent]}.{padded[exponent:]}"


def _scientific(digits: str, exponent: int) -> list[str]:
    """Return the forms with an exponent of at most two digits, which is all that the language reads."""
    forms = [(digits, exponent), (f"{digits[0]}.{digits[1:] or '0'}", exponent + len(digits) - 1)]
    furthest = 99 if exponent > 0 else -99
    forms.append((_positional(digits, exponent - furthest), furthest))
    return [f"{mantissa}e{power}" for mantissa, power in forms if power and abs(power) <= 99]


def duration(seconds: Fraction) -> str:
    """Return a time in the largest common unit that leaves it at least one.

    >>> duration(Fraction(90)), duration(Fraction(1, 4)), duration(Fraction(0))
    ('90 s', '250 ms', '0 s')
    """
    if seconds == 0:
        return "0 s"
    for name, factor in (("s", Fraction(1)), ("ms", Fraction(1, 1000)), ("us", Fraction(1, 10**6))):
        if seconds >= factor:
            return unit(name).show(seconds)
    return unit("ns").show(seconds)


_TINY = Fraction(1, 10**30)


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
    if abs(value) < _TINY:
        return _tiny(value, digits)
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


def _tiny(value: Fraction, digits: int) -> str:
    """Return a number of which nobody would count the zeros, with a power of ten."""
    power = len(str(value.denominator)) - len(str(abs(value.numerator)))
    if abs(value) * 10**power < 1:
        power += 1
    return f"≈{decimal_text(value * 10**power, digits).removeprefix('≈')}e-{power}"


def _zeros(value: Fraction) -> int:
    count, scaled = 0, abs(value) * 10
    while 0 < scaled < 1:
        scaled *= 10
        count += 1
    return count
