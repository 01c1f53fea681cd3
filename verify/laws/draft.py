"""What a law says about a limit: the claim to be proved, and everything that claim leans on."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import TRUE, Expression, Op, Real, Reference, compare, mul, real
from stimproof.specs.quantities import AREA, NUMBER
from stimproof.specs.specification import Number

if TYPE_CHECKING:
    from stimproof.specs.specification import Amount, Parameter

# Names that no parameter can have, since names in a specification have no dot.
CONTACT_AREA = "contact.area"
NOMINAL_AREA = "contact.area.nominal"
BARE = "number"
"""Instead of a unit: print the number alone, since its label already says in which unit it is."""
Computed = tuple[tuple[str, Expression, str], ...]


@dataclass(frozen=True)
class Draft:
    """A law applied to a limit.

    ``claim`` is over delivered parameters, the contact area and *enclosed* constants, each of which lies
    between two rationals. ``unknown`` lists inputs without which nothing can be said; ``outside`` says
    which measuring conditions are not met (an argument may answer them), ``excluded`` which can never be
    argued away. ``computed`` are terms to print with a counterexample: label, term, unit.
    """

    claim: Expression = TRUE
    enclosed: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    computed: Computed = ()
    unknown: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()


def delivered(parameter: Parameter) -> Reference:
    """Return the delivered value of a parameter as a term; of a true value, the value itself."""
    name = parameter.name if parameter.exact else parameter.name + DELIVERED
    return Reference(name, Real(parameter.unit.dimension))


def programmed(parameter: Parameter) -> Reference:
    """Return the programmed value of a parameter as a term."""
    return Reference(parameter.name, Real(parameter.unit.dimension))


def constant(number: Number) -> Expression:
    """Return a cited number as a term.

    Raises:
        ValueError: the number is unknown.
    """
    if number.quantity is None:
        raise ValueError(f"{number.name} is unknown")
    return real(number.quantity.si, number.quantity.dimension)


def known(amount: Amount) -> bool:
    """Return whether an amount has a value: a parameter, or a number that somebody cites."""
    return not isinstance(amount, Number) or amount.quantity is not None


def contact_area() -> Reference:
    """Return the geometric area of one contact (m²) as a term."""
    return Reference(CONTACT_AREA, Real(AREA))


def at_most(left: Expression, right: Expression) -> Expression:
    """Return that one term is at most another."""
    return compare(Op.LE, left, right)


def times(factor: Fraction, term: Expression) -> Expression:
    """Return a multiple of a term, the term itself where the factor is one."""
    return term if factor == 1 else mul(real(factor, NUMBER), term)
