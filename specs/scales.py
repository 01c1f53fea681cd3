"""Points of a scale and amounts: a temperature in degC is a point, what lies between two is an amount.

Sums of quantities on a scale with an arbitrary zero have a *weight*: a point counts one, an amount counts
zero, and a factor multiplies. ``a - b`` of two points has weight zero, and comparing it with ``2 degC``
(275.15 K) would be true of almost everything. Two sides of a comparison must be able to weigh the same.
"""

from __future__ import annotations

from fractions import Fraction

from stimproof.specs.expressions import Apply, Expression, Literal, Op, Real, Reference
from stimproof.specs.quantities import TEMPERATURE

Weights = frozenset[Fraction]
_EITHER: Weights = frozenset({Fraction(0), Fraction(1)})
_MANY = 1000
_POINT: Weights = frozenset({Fraction(1)})
_AMOUNT: Weights = frozenset({Fraction(0)})


def commensurable(left: Expression, right: Expression, points: frozenset[str]) -> bool:
    """Return whether two terms can both be points, or both amounts; ``points`` are names given in degC."""
    if left.type != Real(TEMPERATURE):
        return True
    return bool(_weights(left, points) & _weights(right, points))


def _weights(term: Expression, points: frozenset[str]) -> Weights:
    if term.type != Real(TEMPERATURE):
        return _AMOUNT
    if isinstance(term, Literal):
        return _POINT if term.unit is not None and term.unit.offset else _EITHER
    if isinstance(term, Reference):
        return _POINT if term.name in points else _EITHER
    return _combined(term, [_weights(argument, points) for argument in term.args])


def _combined(term: Apply, parts: list[Weights]) -> Weights:
    if len(parts[0]) * len(parts[1 if len(parts) > 1 else 0]) > _MANY:
        return _EITHER
    if term.op is Op.ADD:
        return frozenset(a + b for a in parts[0] for b in parts[1])
    if term.op is Op.SUB:
        return frozenset(a - b for a in parts[0] for b in parts[1])
    if term.op is Op.NEG:
        return frozenset(-a for a in parts[0])
    if term.op is Op.ITE:
        return parts[1] | parts[2]
    return _scaled(term, parts)


def _scaled(term: Apply, parts: list[Weights]) -> Weights:
    """Return the weight of a product or quotient; by a factor that is no constant, anything it may be."""
    for here, other in ((0, 1), (1, 0)):
        factor = _constant(term.args[other])
        if term.args[here].type == term.type and factor is not None and factor:
            if term.op is Op.MUL:
                return frozenset(weight * factor for weight in parts[here])
            if here == 0:
                return frozenset(weight / factor for weight in parts[here])
    return _EITHER if any(part != _AMOUNT for part in parts) else _AMOUNT


def _constant(term: Expression) -> Fraction | None:
    if isinstance(term, Apply) and term.op is Op.TO_REAL:
        return _constant(term.args[0])
    return Fraction(term.value) if isinstance(term, Literal) and not isinstance(term.value, str) else None
