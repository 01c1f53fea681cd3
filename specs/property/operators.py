"""Operators that look at one step only: logic, comparison, exact arithmetic."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.errors import OperatorError

if TYPE_CHECKING:
    from stimproof.specs.expressions import Value

MAX_POWER = 64
Number = int | Fraction


def _divided(left: Number, right: Number) -> Number:
    if right == 0:
        raise OperatorError("a division by zero has no value")
    return Fraction(left) / Fraction(right)


def _remainder(left: Number, right: Number) -> Number:
    if right <= 0 or Fraction(left).denominator != 1 or Fraction(right).denominator != 1:
        raise OperatorError(f"'mod' takes whole numbers and a divisor above zero, not {left} and {right}")
    return left % right


def _power(left: Number, right: Number) -> Number:
    if right < 0 or right > MAX_POWER or Fraction(right).denominator != 1:
        raise OperatorError(f"an exponent is a whole number from 0 to {MAX_POWER}, not {right}")
    return Fraction(left) ** int(right)


LOGIC: dict[str, Callable[[bool, bool], bool]] = {
    "and": operator.and_,
    "or": operator.or_,
    "xor": operator.xor,
    "implies": operator.le,
    "iff": operator.eq,
}
EQUALITY: dict[str, Callable[[Value, Value], bool]] = {"==": operator.eq, "!=": operator.ne}
ORDER: dict[str, Callable[[Number, Number], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ARITHMETIC: dict[str, Callable[[Number, Number], Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divided,
    "mod": _remainder,
    "^": _power,
    "min": min,
    "max": max,
}


def apply(op: str, given: Sequence[list[Value]]) -> list[Value]:
    """Return an operator's value at every step from its arguments' values.

    ``to_real`` changes nothing, for every number is exact.

    Raises:
        OperatorError: a value has the wrong type, or the operation has no value there.
    """
    if op == "not":
        return list(map(operator.not_, truths(given[0])))
    if op in LOGIC:
        return _logic(LOGIC[op], given)
    if op in EQUALITY:
        return _equality(EQUALITY[op], given[0], given[1])
    if op == "ite":
        chosen = zip(truths(given[0]), given[1], given[2], strict=True)
        return [then if condition else other for condition, then, other in chosen]
    return _numeric(op, [_numbers(values) for values in given])


def truths(found: list[Value], what: str = "a part of the condition") -> list[bool]:
    """Return the values, which must be truth values.

    Raises:
        OperatorError: one is not; ``what`` names them.
    """
    for step, value in enumerate(found):
        if value is not True and value is not False:
            raise OperatorError(f"step {step}: {what} is {value!r}, and a truth value is needed there")
    return found  # type: ignore[return-value]  # just checked


def _logic(function: Callable[[bool, bool], bool], given: Sequence[list[Value]]) -> list[Value]:
    result = truths(given[0])
    for values in given[1:]:
        result = list(map(function, result, truths(values)))
    return list(result)


def _equality(function: Callable[[Value, Value], bool], left: list[Value], right: list[Value]) -> list[Value]:
    for step, (one, other) in enumerate(zip(left, right, strict=True)):
        if _kind(one) is not _kind(other):
            raise OperatorError(f"step {step}: {one!r} is compared with {other!r}, which is of another type")
    return list(map(function, left, right))


def _numeric(op: str, given: Sequence[list[Number]]) -> list[Value]:
    if op == "to_real":
        return list(given[0])
    if op == "negate":
        return [-value for value in given[0]]
    if op == "abs":
        return [value if value >= 0 else -value for value in given[0]]
    if op in ORDER:
        return list(map(ORDER[op], given[0], given[1]))
    return list(map(ARITHMETIC[op], given[0], given[1]))


def _numbers(found: list[Value]) -> list[Number]:
    for step, value in enumerate(found):
        if _kind(value) is not Fraction:
            raise OperatorError(f"step {step}: {value!r} is compared or computed with, and is no number")
    return found  # type: ignore[return-value]  # just checked


def _kind(value: object) -> type:
    """Return what a value may be compared with; a float is of no kind, for it is not exact."""
    if isinstance(value, bool):
        return bool
    if isinstance(value, int | Fraction):
        return Fraction
    if isinstance(value, str):
        return str
    raise OperatorError(f"{value!r} is no value of a trace: truth values, whole numbers, fractions, text")
