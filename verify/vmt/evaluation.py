"""The exact value of a term, and the replay of a run: the judge of every refutation.

Shares nothing with what asks the solvers but the table of terms that was read. Whole numbers, fractions
and bit-vectors are computed exactly; a division by zero has no meaning that all solvers share, so a run
that needs one is not believed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from stimproof.verify.vmt.terms import CONSTANT, VARIABLE, Terms

if TYPE_CHECKING:
    from stimproof.verify.vmt.engine import Run
    from stimproof.verify.vmt.model import Model, Property

Value = bool | int | Fraction


class NotReplayedError(Exception):
    """A run that the model does not have, or that does not violate what it should; says why."""


def values(terms: Terms, roots: list[int], known: Mapping[int, Value]) -> list[Value | None]:
    """Return the values of terms where variables have the values ``known``.

    A term that needs the quotient of a division by zero has none.

    Raises:
        NotReplayedError: a term mentions a variable that is not known.
    """
    held: dict[int, Any] = dict(known)
    for term in terms.cone(roots):
        if term in held:
            continue
        operator = terms.operators[term]
        if operator == CONSTANT:
            held[term] = terms.data[term]
        elif operator == VARIABLE:
            raise NotReplayedError(f"the run has no value of '{terms.data[term]}'")
        else:
            arguments = [held[item] for item in terms.arguments[term]]
            whole = None not in arguments
            held[term] = _value(terms, term, arguments) if whole else _partial(operator, arguments)
    return [held[term] for term in roots]


def _partial(operator: str, arguments: list[Any]) -> Any:
    """Return the value of a term that does not depend on those of its arguments that have none."""
    if operator == "ite" and arguments[0] is not None:
        return arguments[1] if arguments[0] else arguments[2]
    if operator == "and" and False in arguments:
        return False
    if operator == "or" and True in arguments:
        return True
    if operator == "=>" and (arguments[0] is False or arguments[1] is True):
        return True
    return None


def _value(terms: Terms, term: int, arguments: list[Any]) -> Any:
    operator = terms.operators[term]
    plain = _PLAIN.get(operator)
    if plain is not None:
        return plain(*arguments)
    size, of = terms.sorts[term], terms.sorts[terms.arguments[term][-1]]
    if operator == "int_to_bv" and not isinstance(size, str):
        return arguments[0] % (1 << size)
    if operator not in _WIDE or isinstance(of, str):
        raise NotReplayedError(f"the operator '{operator}' has no meaning")
    result = _WIDE[operator](of, terms.data[term] or (), *arguments)
    return result if isinstance(size, str) else int(result) % (1 << size)


def _sum(*arguments: Any) -> Any:
    return sum(arguments[1:], arguments[0])


def _product(*arguments: Any) -> Any:
    result = arguments[0]
    for item in arguments[1:]:
        result = result * item
    return result


def _difference(*arguments: Any) -> Any:
    return -arguments[0] if len(arguments) == 1 else arguments[0] - sum(arguments[1:])


def _mod(number: int, divisor: int) -> int | None:
    return number % abs(divisor) if divisor else None


def _div(number: int, divisor: int) -> int | None:
    # SMT-LIB: the remainder is never negative, whatever the signs.
    return (number - number % abs(divisor)) // divisor if divisor else None


def _ratio(number: Fraction, divisor: Fraction) -> Fraction | None:
    return Fraction(number) / divisor if divisor else None


_PLAIN: Mapping[str, Callable[..., Any]] = {
    "not": lambda item: not item,
    "and": lambda *items: all(items),
    "or": lambda *items: any(items),
    "xor": lambda first, second: first != second,
    "=>": lambda first, second: not first or second,
    "=": lambda first, second: first == second,
    "ite": lambda condition, first, second: first if condition else second,
    "<": lambda first, second: first < second,
    "<=": lambda first, second: first <= second,
    ">": lambda first, second: first > second,
    ">=": lambda first, second: first >= second,
    "+": _sum,
    "-": _difference,
    "*": _product,
    "/": _ratio,
    "div": _div,
    "mod": _mod,
    "to_real": Fraction,
    "to_int": floor,
    "is_int": lambda item: item == floor(item),
    "bvult": lambda first, second: first < second,
    "bvule": lambda first, second: first <= second,
    "bvugt": lambda first, second: first > second,
    "bvuge": lambda first, second: first >= second,
    "bvcomp": lambda first, second: int(first == second),
    "ubv_to_int": int,
}


def signed(size: int, bits: int) -> int:
    """Return the number that ``size`` bits mean in two's complement.

    >>> signed(4, 0b1111), signed(4, 0b0111)
    (-1, 7)
    """
    return bits - (1 << size) if bits >> (size - 1) else bits


def _truncated(first: int, second: int) -> int:
    """Return the quotient that is rounded towards zero."""
    size = abs(first) // abs(second)
    return size if (first < 0) == (second < 0) else -size


def _bvsdiv(size: int, _: Any, first: int, second: int) -> int:
    left, right = signed(size, first), signed(size, second)
    if right == 0:
        return 1 if left < 0 else -1
    return _truncated(left, right)


def _bvsrem(size: int, _: Any, first: int, second: int) -> int:
    left, right = signed(size, first), signed(size, second)
    return left if right == 0 else left - right * _truncated(left, right)


def _bvsmod(size: int, _: Any, first: int, second: int) -> int:
    left, right = signed(size, first), signed(size, second)
    return left if right == 0 else left % right


def _rotated(size: int, left: int, bits: int) -> int:
    by = left % size
    return (bits << by) | (bits >> (size - by))


def _repeated(size: int, count: tuple[int, ...], bits: int) -> int:
    result = 0
    for _ in range(count[0]):
        result = result << size | bits
    return result


# Each takes the width of its last argument, the indices and the arguments; what it gives is cut to size.
_WIDE: Mapping[str, Callable[..., Any]] = {
    "bvnot": lambda size, _, first: ~first,
    "bvneg": lambda size, _, first: -first,
    "bvadd": lambda size, _, first, second: first + second,
    "bvsub": lambda size, _, first, second: first - second,
    "bvmul": lambda size, _, first, second: first * second,
    "bvand": lambda size, _, first, second: first & second,
    "bvor": lambda size, _, first, second: first | second,
    "bvxor": lambda size, _, first, second: first ^ second,
    "bvnand": lambda size, _, first, second: ~(first & second),
    "bvnor": lambda size, _, first, second: ~(first | second),
    "bvxnor": lambda size, _, first, second: ~(first ^ second),
    "bvudiv": lambda size, _, first, second: first // second if second else -1,
    "bvurem": lambda size, _, first, second: first % second if second else first,
    "bvsdiv": _bvsdiv,
    "bvsrem": _bvsrem,
    "bvsmod": _bvsmod,
    "bvshl": lambda size, _, first, by: first << by if by < size else 0,
    "bvlshr": lambda size, _, first, by: first >> by if by < size else 0,
    "bvashr": lambda size, _, first, by: signed(size, first) >> min(by, size),
    "bvslt": lambda size, _, first, second: signed(size, first) < signed(size, second),
    "bvsle": lambda size, _, first, second: signed(size, first) <= signed(size, second),
    "bvsgt": lambda size, _, first, second: signed(size, first) > signed(size, second),
    "bvsge": lambda size, _, first, second: signed(size, first) >= signed(size, second),
    "concat": lambda size, _, first, second: first << size | second,
    "extract": lambda size, ends, first: first >> ends[1],
    "zero_extend": lambda size, by, first: first,
    "sign_extend": lambda size, by, first: signed(size, first),
    "rotate_left": lambda size, by, first: _rotated(size, by[0], first),
    "rotate_right": lambda size, by, first: _rotated(size, -by[0], first),
    "repeat": _repeated,
}


def replay(model: Model, item: Property, run: Run) -> None:
    """Check that a run starts well, that each of its steps is one, and that its last state violates.

    Raises:
        NotReplayedError: it does not.
    """
    terms = model.terms
    states = [
        {
            **{variable.now: value for variable, value in zip(model.state, state, strict=True)},
            **{variable.now: value for variable, value in zip(model.inputs, inputs, strict=True)},
        }
        for state, inputs in zip(run.states, run.inputs, strict=True)
    ]
    if values(terms, [model.initial], states[0]) != [True]:
        raise NotReplayedError("the first state is no initial state")
    for number, following in enumerate(run.states[1:]):
        after = {variable.after: value for variable, value in zip(model.state, following, strict=True)}
        if values(terms, [model.relation], {**states[number], **after}) != [True]:
            raise NotReplayedError(f"step {number + 1} is no step of the model")
    if values(terms, [item.term], states[-1]) != [False]:
        raise NotReplayedError("the last state does not violate the property")
