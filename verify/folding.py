"""Terms made smaller by what is known: values put in, and everything that they decide folded away."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from stimproof.specs.expressions import (
    BOOLEAN,
    FALSE,
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Integer,
    Literal,
    Op,
    Real,
    Reference,
    conj,
    disj,
    equal,
    implies,
    ite,
    negate,
)

_HOLDS = {
    Op.LT: lambda a, b: a < b,
    Op.LE: lambda a, b: a <= b,
    Op.GT: lambda a, b: a > b,
    Op.GE: lambda a, b: a >= b,
}


class Folder:
    """Replaces names by terms and definitions by what they say, folding on the way.

    Each term is folded once; what is shared stays shared.
    """

    def __init__(
        self, values: Mapping[str, Expression], definitions: Mapping[str, Expression] | None = None
    ) -> None:
        self._values, self._definitions = dict(values), definitions or {}
        self._done: dict[int, tuple[Expression, Expression]] = {}

    def __call__(self, term: Expression) -> Expression:
        """Return the folded term."""
        held = self._done.get(id(term))
        if held is None:
            held = self._done[id(term)] = (term, self._fold(term))
        return held[1]

    def _fold(self, term: Expression) -> Expression:
        if isinstance(term, Literal):
            return term
        if isinstance(term, Reference):
            if term.name not in self._values and term.name in self._definitions:
                self._values[term.name] = self(self._definitions[term.name])
            return self._values.get(term.name, term)
        return folded(term.op, tuple(self(argument) for argument in term.args), term)


def folded(op: Op, args: tuple[Expression, ...], like: Apply) -> Expression:
    """Return an application of folded arguments, in the simplest form that is known for it."""
    if op is Op.AND:
        return conj(*args)
    if op is Op.OR:
        return disj(*args)
    if op is Op.NOT:
        return negate(args[0])
    if op is Op.IMPLIES:
        return negate(args[0]) if args[1] == FALSE else implies(*args)
    if op is Op.ITE:
        return _choice(*args)
    if op in (Op.EQ, Op.NE):
        same = _same(*args)
        return negate(same) if op is Op.NE else same
    if op in _HOLDS:
        return _ordered(op, *args)
    return _number(op, args, like)


def _choice(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    if then.type == BOOLEAN and TRUE in (then, otherwise):
        return disj(condition, otherwise) if then == TRUE else disj(negate(condition), then)
    if then.type == BOOLEAN and FALSE in (then, otherwise):
        return conj(negate(condition), otherwise) if then == FALSE else conj(condition, then)
    return ite(condition, then, otherwise)


def _same(left: Expression, right: Expression) -> Expression:
    """Return an equation; one with a constant is asked of both branches of a choice."""
    if left == right:
        return TRUE
    if isinstance(right, Literal) and isinstance(left, Apply) and left.op is Op.ITE:
        condition, then, otherwise = left.args
        return _choice(condition, _same(then, right), _same(otherwise, right))
    return equal(left, right)


def _ordered(op: Op, left: Expression, right: Expression) -> Expression:
    if isinstance(left, Literal) and isinstance(right, Literal):
        return TRUE if _HOLDS[op](_code(left), _code(right)) else FALSE
    return Apply(op, (left, right), BOOLEAN)


def _code(term: Literal) -> Fraction:
    """Return a number; members of an enumeration are ordered by their codes."""
    if isinstance(term.type, Enumeration):
        return Fraction(term.type.members.index(str(term.value)))
    return Fraction(term.value)


def _number(op: Op, args: tuple[Expression, ...], like: Apply) -> Expression:
    """Return a number: sums of constants are computed, and adding nothing is left out."""
    if op in (Op.ADD, Op.SUB) and len(args) == 2:
        left, right = args
        if isinstance(right, Literal) and right.value == 0:
            return left
        if isinstance(left, Literal) and isinstance(right, Literal):
            value = Fraction(left.value) + (1 if op is Op.ADD else -1) * Fraction(right.value)
            if isinstance(like.type, Real):
                return Literal(value, like.type)
            if isinstance(like.type, Integer):
                return Literal(int(value), like.type)
    if op is Op.NEG and isinstance(args[0], Literal) and not isinstance(args[0].value, str):
        return Literal(-args[0].value, args[0].type)
    if op is Op.DIV and len(args) == 2:
        over, under = args
        if isinstance(over, Literal) and isinstance(under, Literal) and under.value != 0:
            return Literal(Fraction(over.value) / Fraction(under.value), like.type)
    return Apply(op, args, like.type)
