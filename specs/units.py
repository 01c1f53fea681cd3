"""The units of the language as exact rationals of SI base units, and the prefixes that stand before them.

A table of our own, because loading a general library of units costs more than most proofs. The tests hold
every word that it can spell against pint, which must give the same dimension, factor and zero.

Sources: BIPM, *The International System of Units (SI)*, 9th edition, tables 2, 4, 7 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

Exponents = tuple[int, int, int, int, int]
"""Of metre, kilogram, second, ampere and kelvin."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a word stands for: ``SI value = number * factor + offset``, in SI base units."""

    exponents: Exponents
    factor: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)


_POWERS = {
    "quecto q": -30, "ronto r": -27, "yocto y": -24, "zepto z": -21, "atto a": -18, "femto f": -15,
    "pico p": -12, "nano n": -9, "micro u µ μ": -6, "milli m": -3, "centi c": -2, "deci d": -1,
    "deca deka da": 1, "hecto h": 2, "kilo k": 3, "mega M": 6, "giga G": 9, "tera T": 12, "peta P": 15,
    "exa E": 18, "zetta Z": 21, "yotta Y": 24, "ronna R": 27, "quetta Q": 30,
}  # fmt: skip
PREFIXES = MappingProxyType(
    {word: Fraction(10) ** power for words, power in _POWERS.items() for word in words.split()}
)
_MINUTE, _HOUR, _DAY = Fraction(60), Fraction(3600), Fraction(86400)
_MEASURES = {
    "meter metre m": Measure((1, 0, 0, 0, 0)),
    "gram g": Measure((0, 1, 0, 0, 0), Fraction(1, 1000)),
    "second sec s": Measure((0, 0, 1, 0, 0)),
    "ampere amp A": Measure((0, 0, 0, 1, 0)),
    "kelvin degreeK degK °K K": Measure((0, 0, 0, 0, 1)),
    "celsius degreeC degC °C": Measure((0, 0, 0, 0, 1), offset=Fraction(27315, 100)),
    "hertz Hz": Measure((0, 0, -1, 0, 0)),
    "volt V": Measure((2, 1, -3, -1, 0)),
    "ohm Ω": Measure((2, 1, -3, -2, 0)),
    "siemens mho S": Measure((-2, -1, 3, 2, 0)),
    "farad F": Measure((-2, -1, 4, 2, 0)),
    "coulomb C": Measure((0, 0, 1, 1, 0)),
    "watt W": Measure((2, 1, -3, 0, 0)),
    "joule J": Measure((2, 1, -2, 0, 0)),
    "newton N": Measure((1, 1, -2, 0, 0)),
    "pascal Pa": Measure((-1, 1, -2, 0, 0)),
    "henry H": Measure((2, 1, -2, -2, 0)),
    "tesla T": Measure((0, 1, -2, -1, 0)),
    "liter litre ℓ L l": Measure((3, 0, 0, 0, 0), Fraction(1, 1000)),
    "minute min": Measure((0, 0, 1, 0, 0), _MINUTE),
    "hour hr h": Measure((0, 0, 1, 0, 0), _HOUR),
    "day d": Measure((0, 0, 1, 0, 0), _DAY),
    "Ah": Measure((0, 0, 1, 1, 0), _HOUR),
    "percent": Measure((0, 0, 0, 0, 0), Fraction(1, 100)),
    "ppm": Measure((0, 0, 0, 0, 0), Fraction(1, 10**6)),
}
MEASURES = MappingProxyType({word: item for words, item in _MEASURES.items() for word in words.split()})
OTHER_MEANINGS = frozenset({"Eh", "Rd", "Td", "amps", "cd", "damps", "fm", "rd", "yd"})
"""Words that could be taken apart here, and that mean hartree, candela, fermi, yard … everywhere else."""


@lru_cache(maxsize=1024)
def measure(word: str) -> Measure | None:
    """Return what one word stands for, with a prefix or a plural *s* or both, or ``None``.

    >>> measure("mV").factor, measure("inch")
    (Fraction(1, 1000), None)
    """
    if word in OTHER_MEANINGS:
        return None
    for prefix in ("", *(prefix for prefix in PREFIXES if word.startswith(prefix))):
        found = _named(word[len(prefix) :])
        if found is not None:
            size = PREFIXES[prefix] if prefix else 1
            return Measure(found.exponents, found.factor * size, found.offset)
    return None


def _named(word: str) -> Measure | None:
    singular = word[:-1] if len(word) > 2 and word.endswith("s") else word
    return MEASURES.get(word) or MEASURES.get(singular)
