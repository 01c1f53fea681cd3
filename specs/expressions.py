"""The typed expression tree that every back end shares: solver terms, interpreter, SMT-LIB, English."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from stimproof.specs.findings import Location
from stimproof.specs.quantities import MAX_NUMBER, NUMBER, Dimension, Unit, si_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

NOWHERE = Location("<built-in>")


@dataclass(frozen=True, slots=True)
class Boolean:
    """The type of truth values."""

    def __str__(self) -> str:
        return "a truth value"


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A finite type: its name and its members in declared order."""

    name: str
    members: tuple[str, ...]

    def __str__(self) -> str:
        return f"one of {self.name}'s values"


@dataclass(frozen=True, slots=True)
class Integer:
    """The type of whole numbers; ranges belong to the variable, not to the type."""

    def __str__(self) -> str:
        return "a whole number"


@dataclass(frozen=True, slots=True)
class Real:
    """The type of exact real numbers of one physical dimension."""

    dimension: Dimension = NUMBER

    def __str__(self) -> str:
        return str(self.dimension)


Type = Boolean | Enumeration | Integer | Real
BOOLEAN = Boolean()
INTEGER = Integer()
PLAIN = Real(NUMBER)


class Op(Enum):
    """Every operator of the language; the value is its spelling in specifications."""

    NOT = "not"
    AND = "and"
    OR = "or"
    IMPLIES = "implies"
    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    ADD = "+"
    SUB = "-"
    NEG = "negate"
    MUL = "*"
    DIV = "/"
    MOD = "mod"
    ITE = "ite"
    TO_REAL = "to_real"


Value = bool | int | Fraction | str


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: truth value, whole number, rational in SI base units, or enumeration member."""

    value: Value
    type: Type
    unit: Unit | None = field(default=None, compare=False)
    location: Location = field(default=NOWHERE, compare=False)
    constant: str = field(default="", compare=False)
    """The name of the declared constant for which it stands, if any."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A named thing: variable, input, parameter, machine (its mode) or the constant ``pi``."""

    name: str
    type: Type
    location: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator applied to typed arguments."""

    op: Op
    args: tuple[Expression, ...]
    type: Type
    location: Location = field(default=NOWHERE, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        """Return the hash, computed once: what terms share would be walked again and again."""
        try:
            return self._hash
        except AttributeError:
            object.__setattr__(self, "_hash", hash((self.op, self.args, self.type)))
            return self._hash

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to build the term again: in another process it has another hash."""
        return Apply, (self.op, self.args, self.type, self.location)


Expression = Literal | Reference | Apply

TRUE = Literal(True, BOOLEAN)
FALSE = Literal(False, BOOLEAN)


def real(value: Fraction | int, dimension: Dimension = NUMBER) -> Literal:
    """Return a real constant given in SI base units."""
    return Literal(Fraction(value), Real(dimension))


def whole(value: int) -> Literal:
    """Return a whole-number constant."""
    return Literal(value, INTEGER)


def conj(*parts: Expression) -> Expression:
    """Return the conjunction, dropping ``true`` and flattening nested conjunctions."""
    return _join(Op.AND, parts, TRUE, FALSE)


def disj(*parts: Expression) -> Expression:
    """Return the disjunction, dropping ``false`` and flattening nested disjunctions."""
    return _join(Op.OR, parts, FALSE, TRUE)


def _join(op: Op, parts: tuple[Expression, ...], unit: Literal, absorbing: Literal) -> Expression:
    flat: dict[Expression, None] = {}
    for part in parts:
        if part == absorbing:
            return absorbing
        members = part.args if isinstance(part, Apply) and part.op is op else (part,)
        flat.update(dict.fromkeys(member for member in members if member != unit))
    if not flat:
        return unit
    return next(iter(flat)) if len(flat) == 1 else Apply(op, tuple(flat), BOOLEAN)


def negate(part: Expression) -> Expression:
    """Return the logical negation."""
    if isinstance(part, Literal):
        return FALSE if part.value else TRUE
    if isinstance(part, Apply) and part.op is Op.NOT:
        return part.args[0]
    return Apply(Op.NOT, (part,), BOOLEAN)


def implies(premise: Expression, conclusion: Expression) -> Expression:
    """Return the implication."""
    if premise == TRUE:
        return conclusion
    if premise == FALSE or conclusion == TRUE:
        return TRUE
    return Apply(Op.IMPLIES, (premise, conclusion), BOOLEAN)


def equal(left: Expression, right: Expression) -> Expression:
    """Return the equation of two terms of one type."""
    if isinstance(left, Literal) and isinstance(right, Literal):
        return TRUE if left.value == right.value else FALSE
    return Apply(Op.EQ, (left, right), BOOLEAN)


def compare(op: Op, left: Expression, right: Expression) -> Expression:
    """Return an ordering of two numeric terms of one type."""
    return Apply(op, (left, right), BOOLEAN)


def ite(condition: Expression, then: Expression, otherwise: Expression) -> Expression:
    """Return the conditional term; both branches have one type."""
    if condition == TRUE or then == otherwise:
        return then
    if condition == FALSE:
        return otherwise
    return Apply(Op.ITE, (condition, then, otherwise), then.type)


def add(left: Expression, right: Expression) -> Expression:
    """Return the sum of two numeric terms of one type."""
    return Apply(Op.ADD, (left, right), left.type)


def sub(left: Expression, right: Expression) -> Expression:
    """Return the difference of two numeric terms of one type."""
    return Apply(Op.SUB, (left, right), left.type)


def mul(left: Expression, right: Expression) -> Expression:
    """Return the product of two real terms; dimensions multiply."""
    dimension = dimension_of(left) * dimension_of(right)
    return Apply(Op.MUL, (left, right), Real(dimension))


def dimension_of(term: Expression) -> Dimension:
    """Return the physical dimension of a numeric term; whole numbers are plain."""
    return term.type.dimension if isinstance(term.type, Real) else NUMBER


def walk(term: Expression) -> Iterator[Expression]:
    """Yield the term and every sub-term, parents first."""
    stack = [term]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Apply):
            stack.extend(reversed(node.args))


def references(term: Expression) -> frozenset[str]:
    """Return the names that occur in the term."""
    return frozenset(node.name for node in walk(term) if isinstance(node, Reference))


def rewrite(term: Expression, change: Callable[[Reference], Expression]) -> Expression:
    """Return the term with each reference replaced by ``change(reference)``."""
    if isinstance(term, Reference):
        return change(term)
    if isinstance(term, Apply):
        args = tuple(rewrite(argument, change) for argument in term.args)
        return term if args == term.args else Apply(term.op, args, term.type, term.location)
    return term


def substitute(term: Expression, values: Mapping[str, Expression]) -> Expression:
    """Return the term with names replaced by terms of the same type."""
    return rewrite(term, lambda reference: values.get(reference.name, reference))


_LEVEL = {
    Op.IMPLIES: 1, Op.OR: 2, Op.AND: 3, Op.NOT: 4, Op.EQ: 5, Op.NE: 5, Op.LT: 5, Op.LE: 5, Op.GT: 5, Op.GE: 5,
    Op.ADD: 6, Op.SUB: 6, Op.MUL: 7, Op.DIV: 7, Op.MOD: 7, Op.NEG: 8,
}  # fmt: skip
_CHAIN = _LEVEL[Op.EQ]
_DELIVERED = ".delivered"
"""How a reference to ``delivered(amplitude)`` ends: ``amplitude.delivered``."""


def show(term: Expression) -> str:
    """Return the term in the language that specifications are written in; reading it gives it back.

    What the language cannot say is still shown for people: a constant without a finite decimal expansion
    rounded, with ``≈``.
    """
    return _show(term, 0)


def _show_literal(term: Literal) -> str:
    if isinstance(term.value, bool):
        return "true" if term.value else "false"
    if isinstance(term.value, Fraction):
        if term.unit is not None:
            return term.unit.show(term.value, exact=True)
        return si_unit(dimension_of(term)).show(term.value, exact=True)
    text = str(term.value)
    short = isinstance(term.value, str) or len(text) <= MAX_NUMBER
    return text if short else f"{(digits := text.rstrip('0'))}e{len(text) - len(digits)}"


def _show(term: Expression, outer: int) -> str:
    if isinstance(term, Literal):
        return _show_literal(term)
    if isinstance(term, Reference):
        base = term.name.removesuffix(_DELIVERED)
        return f"delivered({base})" if base != term.name else base
    if term.op is Op.TO_REAL:
        return _show(term.args[0], outer)
    if term.op is Op.ITE:
        shown = [_show(term.args[0], 0), *_show_pair(term.args[1:], 0, 0)]
        return f"ite({', '.join(shown)})"
    level = _CHAIN if _is_chain(term) else _LEVEL[term.op]
    text = _show_operator(term, level)
    return f"({text})" if level < outer else text


def _show_operator(term: Apply, level: int) -> str:
    """Show an operator so that reading the text back gives the same tree."""
    if term.op is Op.NOT:
        return f"not {_show(term.args[0], level)}"
    if term.op is Op.NEG:
        return f"-{_show(term.args[0], level)}"
    if level == _CHAIN and term.op is Op.AND:
        links = [part for part in term.args if isinstance(part, Apply)]
        first = _show_operator(links[0], level)
        return first + "".join(
            f" {link.op.value} {_show_pair(link.args, level + 1, level + 1)[1]}" for link in links[1:]
        )
    if term.op in (Op.AND, Op.OR) or (len(term.args) != 2 and term.op is not Op.IMPLIES):
        return f" {term.op.value} ".join(_show(part, level + 1) for part in term.args)
    if term.op is Op.IMPLIES:
        return f"{_show(term.args[0], level + 1)} implies {_show(term.args[1], level)}"
    if term.op in (Op.DIV, Op.MOD):  # division makes both sides real by itself, a remainder takes no reals
        return f"{_show(term.args[0], level)} {term.op.value} {_show(term.args[1], level + 1)}"
    left = level + 1 if level == _CHAIN else level
    return f" {term.op.value} ".join(_show_pair(term.args, left, level + 1))


def _show_pair(pair: tuple[Expression, ...], left_level: int, right_level: int) -> tuple[str, str]:
    """Show two numeric neighbours; a bare whole number beside no real gets a point, for it is a real."""
    left, right = pair
    bare = _reads_as_integer(left) and _reads_as_integer(right)
    texts = _show(left, left_level), _show(right, right_level)
    one, other = (
        _with_point(text) if bare and isinstance(part, Literal) and isinstance(part.value, Fraction) else text
        for part, text in zip((left, right), texts, strict=True)
    )
    return one, other


def _with_point(number: str) -> str:
    mantissa, sign, exponent = number.partition("e")
    return number if "." in mantissa else f"{mantissa}.0{sign}{exponent}"


def _reads_as_integer(term: Expression) -> bool:
    """Return whether the text of the term alone reads as a whole number."""
    if isinstance(term, Apply) and term.op is Op.TO_REAL:
        return True
    if not isinstance(term, Literal) or term.type != PLAIN or isinstance(term.value, str):
        return False
    return Fraction(term.value).denominator == 1 and not (term.unit and term.unit.text)


def _is_chain(term: Apply) -> bool:
    """Return whether a conjunction is what ``a <= b <= c`` reads as."""
    if term.op is not Op.AND:
        return False
    links = [part for part in term.args if isinstance(part, Apply) and _LEVEL.get(part.op) == _CHAIN]
    links = [part for part in links if len(part.args) == 2]
    return len(links) == len(term.args) > 1 and all(a.args[1] == b.args[0] for a, b in pairwise(links))
