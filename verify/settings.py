"""Concrete programmable settings, evaluated exactly and without the encoder.

A number here is an interval of rationals: programmed and delivered values are points, constants such as
pi and ``10^k`` are enclosed. A claim is refuted by a setting only where every value of the enclosures
refutes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from operator import add, mul, sub

from stimproof.specs.expressions import Apply, Expression, Literal, Op, Reference

Interval = tuple[Fraction, Fraction]
Truth = bool | None


def number(term: Expression, values: Mapping[str, Interval]) -> Interval:
    """Return an interval that contains the value of a numeric term.

    Raises:
        ZeroDivisionError: a divisor's interval contains zero.
    """
    if isinstance(term, Literal):
        value = term.value if isinstance(term.value, Fraction) else Fraction(term.value)
        return value, value
    if isinstance(term, Reference):
        return values[term.name]
    if term.op is Op.ITE:
        condition = truth(term.args[0], values)
        branches = [
            number(arm, values)
            for arm, kept in zip(term.args[1:], (condition is not False, condition is not True), strict=True)
            if kept
        ]
        return min(low for low, _ in branches), max(high for _, high in branches)
    args = [number(argument, values) for argument in term.args]
    if term.op is Op.NEG:
        return -args[0][1], -args[0][0]
    if term.op is Op.TO_REAL:
        return args[0]
    if term.op is Op.MOD:
        return _remainder(args[0], args[1][0])
    result = args[0]
    for other in args[1:]:
        result = _combine(term.op, result, other)
    return result


def _remainder(left: Interval, divisor: Fraction) -> Interval:
    """Return an enclosure of a remainder by a constant above zero."""
    if left[0] == left[1]:
        return left[0] % divisor, left[0] % divisor
    return Fraction(0), divisor - 1


_POINTWISE = {Op.ADD: add, Op.SUB: sub, Op.MUL: mul}


def _combine(op: Op, left: Interval, right: Interval) -> Interval:
    if left[0] is left[1] and right[0] is right[1] and op in _POINTWISE:  # most numbers are no intervals
        exact = _POINTWISE[op](left[0], right[0])
        return exact, exact
    if op is Op.ADD:
        return left[0] + right[0], left[1] + right[1]
    if op is Op.SUB:
        return left[0] - right[1], left[1] - right[0]
    if op is Op.DIV:
        if right[0] <= 0 <= right[1]:
            raise ZeroDivisionError("a divisor may be zero")
        right = (1 / right[1], 1 / right[0])
    products = [a * b for a in left for b in right]
    return min(products), max(products)


def truth(term: Expression, values: Mapping[str, Interval]) -> Truth:
    """Return whether a condition holds for all values of the enclosures, for none, or (``None``) for some."""
    if isinstance(term, Literal):
        return bool(term.value)
    assert isinstance(term, Apply)
    if term.op in (Op.AND, Op.OR, Op.NOT, Op.IMPLIES):
        parts = [truth(argument, values) for argument in term.args]
        if term.op is Op.NOT:
            return None if parts[0] is None else not parts[0]
        if term.op is Op.IMPLIES:
            parts = [None if parts[0] is None else not parts[0], parts[1]]
        decisive = term.op is not Op.AND
        return decisive if decisive in parts else None if None in parts else not decisive
    if term.op is Op.ITE:
        parts = [truth(argument, values) for argument in term.args]
        return (
            parts[1]
            if parts[0] is True
            else parts[2]
            if parts[0] is False
            else parts[1]
            if parts[1] == parts[2]
            else None
        )
    if term.args[0].type == term.type:  # an equation of conditions
        left, right = (truth(argument, values) for argument in term.args)
        same = None if left is None or right is None else left == right
        return same if term.op is Op.EQ or same is None else not same
    return _compare(term.op, number(term.args[0], values), number(term.args[1], values))


def _compare(op: Op, left: Interval, right: Interval) -> Truth:
    if op in (Op.GT, Op.GE):
        return _compare(Op.LT if op is Op.GT else Op.LE, right, left)
    if op is Op.LE:
        return True if left[1] <= right[0] else False if left[0] > right[1] else None
    if op is Op.LT:
        return True if left[1] < right[0] else False if left[0] >= right[1] else None
    same = left == right and left[0] == left[1]
    apart = left[1] < right[0] or right[1] < left[0]
    equal = True if same else False if apart else None
    return equal if op is Op.EQ or equal is None else not equal
