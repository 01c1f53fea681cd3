"""The continuous bound of a claim: the largest real value of the subject, said exactly.

The claim must be a comparison that is a polynomial in the subject with at most one power beside the
constant: ``c x^n <= r`` at worst-case delivery, with rationals ``c`` and ``r``. Then ``x <= r/c`` for n = 1
and ``x^n <= r/c`` otherwise, which is an exact algebraic statement. Enclosed constants are taken at the
end that makes the bound smaller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Apply, Literal, Op, Reference
from stimproof.verify.settings import Interval

if TYPE_CHECKING:
    from stimproof.specs.expressions import Expression

Polynomial = dict[int, Interval]
_ORDERS = (Op.LE, Op.LT, Op.GE, Op.GT)


@dataclass(frozen=True)
class Bound:
    """``x^power <= value`` (``<`` where ``strict``), in SI units; ``enclosed``: a constant was rounded."""

    power: int
    value: Fraction
    strict: bool
    enclosed: bool

    def admits(self, number: Fraction) -> bool:
        """Return whether a number keeps the bound."""
        reached = number**self.power
        return reached < self.value if self.strict else reached <= self.value

    def below(self, digits: int = 12) -> Fraction:
        """Return the bound itself where it is rational and short, else a rational just below it.

        >>> Bound(2, Fraction(9, 4), False, False).below(), Bound(2, Fraction(2), False, False).below(3)
        (Fraction(3, 2), Fraction(707, 500))
        """
        if self.power == 1:
            return self.value
        scale = Fraction(10) ** digits
        while self.value * scale**self.power < 10 ** (digits * self.power):
            scale *= 10
        ratio = self.value * scale**self.power
        exact = _root(ratio.numerator, self.power), _root(ratio.denominator, self.power)
        if Fraction(*exact) ** self.power == ratio:
            return Fraction(*exact) / scale
        return Fraction(_root(ratio.numerator // ratio.denominator, self.power)) / scale


def _root(number: int, power: int) -> int:
    """Return the largest whole number whose power is at most ``number``."""
    low, high = 0, 1 << (number.bit_length() // power + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**power <= number else (low, middle)
    return low


def bound_of(
    claim: Expression, subject: Mapping[str, Interval], values: Mapping[str, Interval]
) -> Bound | None:
    """Return the bound of the subject, or ``None`` where the claim is of another form.

    ``subject`` holds the names that stand for the subject, programmed and delivered, each with the factors
    between which it lies around the programmed value; ``values`` encloses everything else.
    """
    if isinstance(claim, Apply) and claim.op is Op.AND:
        bounds = [bound_of(part, subject, values) for part in claim.args]
        known = [bound for bound in bounds if bound is not None]
        same = len(known) == len(bounds) and len({bound.power for bound in known}) == 1
        return min(known, key=lambda bound: bound.value) if same else None
    if not isinstance(claim, Apply) or claim.op not in _ORDERS:
        return None
    left, right = (_polynomial(side, subject, values) for side in claim.args)
    if left is None or right is None:
        return None
    if claim.op in (Op.GE, Op.GT):
        left, right = right, left
    difference = _sum(left, right, -1)
    powers = [power for power in difference if power]
    if len(powers) != 1:
        return None
    steep, rest = difference[powers[0]], difference.get(0, (Fraction(0), Fraction(0)))
    if steep[0] <= 0:
        return None
    enclosed = steep[0] != steep[1] or rest[0] != rest[1]
    return Bound(powers[0], -rest[1] / steep[1], claim.op in (Op.LT, Op.GT), enclosed)


def _polynomial(
    term: Expression, subject: Mapping[str, Interval], values: Mapping[str, Interval]
) -> Polynomial | None:
    if isinstance(term, Literal):
        return {0: (Fraction(term.value), Fraction(term.value))}
    if isinstance(term, Reference):
        return {1: subject[term.name]} if term.name in subject else {0: values[term.name]}
    parts = [_polynomial(argument, subject, values) for argument in term.args]
    known = [part for part in parts if part is not None]
    if len(known) != len(parts):
        return None
    result = known[0]
    for other in known[1:]:
        combined = _combined(term.op, result, other)
        if combined is None:
            return None
        result = combined
    if term.op is Op.NEG:
        return _sum({}, result, -1)
    return result if term.op in (Op.ADD, Op.SUB, Op.MUL, Op.DIV) else None


def _combined(op: Op, left: Polynomial, right: Polynomial) -> Polynomial | None:
    if op in (Op.ADD, Op.SUB):
        return _sum(left, right, 1 if op is Op.ADD else -1)
    if op is Op.DIV:
        if set(right) != {0} or right[0][0] <= 0 <= right[0][1]:
            return None
        right = {0: (1 / right[0][1], 1 / right[0][0])}
    elif op is not Op.MUL:
        return None
    result: Polynomial = {}
    for power, ends in left.items():
        for more, others in right.items():
            products = [a * b for a in ends for b in others]
            result = _sum(result, {power + more: (min(products), max(products))}, 1)
    return result


def _sum(left: Polynomial, right: Polynomial, sign: int) -> Polynomial:
    result = dict(left)
    for power, (low, high) in right.items():
        low, high = (low, high) if sign > 0 else (-high, -low)
        held = result.get(power, (Fraction(0), Fraction(0)))
        result[power] = held[0] + low, held[1] + high
    return result
