"""From a syntax tree to a typed, unit-checked expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from lark import Tree

from stimproof.specs.expressions import (
    BOOLEAN,
    INTEGER,
    PLAIN,
    Apply,
    Boolean,
    Enumeration,
    Expression,
    Integer,
    Literal,
    Op,
    Real,
    Reference,
    Type,
    dimension_of,
)
from stimproof.specs.extents import MAX_DEPTH, MAX_TERM, Extents
from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.parsing import LanguageError, Text, parse, subtree
from stimproof.specs.quantities import TEMPERATURE, UnitError, quantity
from stimproof.specs.scales import commensurable

if TYPE_CHECKING:
    from lark.lexer import Token

PI = "pi"
_COMPARE = {"==": Op.EQ, "=": Op.EQ, "!=": Op.NE, "<": Op.LT, "<=": Op.LE, ">": Op.GT, ">=": Op.GE}
_LOOKING_AWAY = ("persisted", "occurred", "persists", "occurs", "prevOcc", "nextOcc")
_ORDERED = (Op.LT, Op.LE, Op.GT, Op.GE)
FUNCTIONS = ("ite", "min", "max", "abs")
"""The functions that every expression may use."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that an expression may use: their types, and which reals are known to be non-zero."""

    names: Mapping[str, Type]
    nonzero: frozenset[str] = frozenset()
    functions: Mapping[str, str] = field(default_factory=dict)
    """Functions of one parameter name, such as ``delivered``: the suffix that they append to its name."""
    excuses: frozenset[str] = frozenset()
    """Names whose declaration is itself in error: mentioning them is not reported again."""
    kind: str = "name"
    points: frozenset[str] = frozenset()
    """Names whose unit has an arbitrary zero; see :mod:`stimproof.specs.scales`."""
    unfolded: Mapping[str, Expression] = field(default_factory=dict)
    """Constants and definitions: names that are replaced by what they stand for."""
    elsewhere: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Names that exist and cannot be used here: why not, and what to do instead."""
    used: set[str] = field(default_factory=set, compare=False)
    """Collects which of ``unfolded`` were mentioned."""

    @property
    def members(self) -> dict[str, tuple[Enumeration, ...]]:
        """Each enumeration member with the enumerations that have it."""
        result: dict[str, tuple[Enumeration, ...]] = {}
        for found in dict.fromkeys(t for t in self.names.values() if isinstance(t, Enumeration)):
            for member in found.members:
                result[member] = (*result.get(member, ()), found)
        return result


class ExcusedError(Exception):
    """The expression mentions something that is already reported."""


@dataclass(frozen=True, slots=True)
class _Member:
    """A bare word that may be a member of one of several enumerations, until its neighbour decides."""

    name: str
    candidates: tuple[Enumeration, ...]
    location: Location


class _Typer:
    def __init__(self, text: Text, scope: Scope) -> None:
        self.text, self.scope = text, scope
        self._extents = Extents()

    @cached_property
    def members(self) -> dict[str, tuple[Enumeration, ...]]:
        """The members of the scope's enumerations; most expressions never ask."""
        return self.scope.members

    def fail(
        self, node: Tree[Token] | Token, message: str, advice: str = "", code: Code = Code.TYPE
    ) -> LanguageError:
        return LanguageError(Finding(code, self.text.at(node), message, advice))

    def term(self, node: Tree[Token]) -> Expression:
        """Return the typed term of a tree; a lone enumeration member must be unambiguous."""
        found = self.loose(node)
        if isinstance(found, _Member):
            if len(found.candidates) != 1:
                owners = ", ".join(candidate.name for candidate in found.candidates)
                raise self.fail(
                    node, f"'{found.name}' belongs to several types ({owners})", "compare it with a variable"
                )
            return Literal(found.name, found.candidates[0], location=found.location)
        return found

    def loose(self, node: Tree[Token]) -> Expression | _Member:
        rule: Callable[[Tree[Token]], Expression | _Member] = getattr(self, f"_{node.data}".rstrip("_"))
        return rule(node)

    def _quantity(self, node: Tree[Token], sign: str = "") -> Expression:
        token = sign + str(node.children[0])
        try:
            found = quantity(token)
        except UnitError as error:
            raise self.fail(
                node, str(error), "write a unit such as mA, us, Hz, kohm, uC/cm^2", Code.WRONG_UNIT
            ) from None
        place = self.text.at(node)
        if not found.unit.text and found.si.denominator == 1 and "." not in token:
            return Literal(found.si.numerator, INTEGER, location=place)
        return Literal(found.si, Real(found.dimension), found.unit, place)

    def _name(self, node: Tree[Token]) -> Expression | _Member:
        name, place = str(node.children[0]), self.text.at(node)
        if name in self.scope.names:
            return Reference(name, self.scope.names[name], place)
        if name in self.scope.unfolded:
            self.scope.used.add(name)
            return self._bounded(self.scope.unfolded[name], node)
        if name in ("true", "false"):
            return Literal(name == "true", BOOLEAN, location=place)
        if name in self.members:
            return _Member(name, self.members[name], place)
        if name == PI:
            return Reference(PI, PLAIN, place)
        raise self._unknown(node, name)

    def _unknown(self, node: Tree[Token], name: str) -> Exception:
        if name in self.scope.excuses:
            return ExcusedError(name)
        if name in self.scope.elsewhere:
            message, advice = self.scope.elsewhere[name]
            return self.fail(node, message, advice, Code.UNKNOWN_NAME)
        if "-" in name and all(part in self.scope.names for part in name.split("-")):
            advice = f"to subtract, write {name.replace('-', ' - ')}"
            return self.fail(node, f"'{name}' is one name", advice, Code.UNKNOWN_NAME)
        words = ("true", "false")
        own = (name for name in self.scope.names if "." not in name)
        known = [*own, *self.scope.unfolded, *self.members, *words]
        near = get_close_matches(name, known, n=2, cutoff=0.7)
        if not near and name.lower() in ("yes", "no", "on", "off"):
            near = ["true", "false"]
        advice = (
            f"did you mean {' or '.join(near)}?"
            if near
            else f"declare the {self.scope.kind}, or mend the spelling"
        )
        return self.fail(node, f"nothing is called '{name}'", advice, Code.UNKNOWN_NAME)

    def _call(self, node: Tree[Token]) -> Expression:
        name = str(node.children[0])
        arguments = [child for child in node.children[1:] if isinstance(child, Tree)]
        if name == "ite" and len(arguments) == 3:
            condition = self._boolean(arguments[0])
            then, other = self._unify(arguments[1], arguments[2], "the two branches", branches=True)
            return Apply(Op.ITE, (condition, then, other), then.type, self.text.at(node))
        if name in ("min", "max") and len(arguments) == 2:
            left, right = self._unify(arguments[0], arguments[1], f"the arguments of {name}")
            self._numeric(left, arguments[0])
            order = Apply(Op.LE if name == "min" else Op.GE, (left, right), BOOLEAN)
            chosen = Apply(Op.ITE, (order, left, right), left.type, self.text.at(node))
            return self._bounded(chosen, node)
        if name == "abs" and len(arguments) == 1:
            inner = self._difference(arguments[0])
            zero: Expression = (
                Literal(0, INTEGER) if inner.type == INTEGER else Literal(Fraction(0), inner.type)
            )
            sign = Apply(Op.GE, (inner, zero), BOOLEAN)
            branches = (sign, inner, _negated(inner, inner.location))
            return self._bounded(Apply(Op.ITE, branches, inner.type, self.text.at(node)), node)
        if name in self.scope.functions and len(arguments) == 1:
            inner = self.term(arguments[0])
            if isinstance(inner, Reference) and inner.name + self.scope.functions[name] in self.scope.names:
                return Reference(inner.name + self.scope.functions[name], inner.type, self.text.at(node))
            raise self.fail(
                node, f"{name}(…) takes the name of one parameter", f"write {name}(amplitude), for example"
            )
        if name in _LOOKING_AWAY:
            raise self._looks_away(node)
        known = ", ".join(
            [
                *("ite(c, a, b)", "min(a, b)", "max(a, b)", "abs(a)"),
                *(f"{f}(p)" for f in self.scope.functions),
            ]
        )
        raise self.fail(
            node,
            f"there is no function '{name}' of {len(arguments)} arguments",
            f"known: {known}",
            Code.UNKNOWN_NAME,
        )

    def _bounded(self, term: Expression, node: Tree[Token]) -> Expression:
        """Return a term that repeats parts of the text, unless it has become very large."""
        size, depth = self._extents.of(term)
        if size > MAX_TERM or depth > MAX_DEPTH:
            raise self.fail(
                node,
                f"written out, this is an expression of more than {MAX_TERM} parts or {MAX_DEPTH} levels",
                "'min', 'max', 'abs' and definitions repeat what stands in them; nest fewer",
                Code.TOO_LARGE,
            )
        return term

    def _boolean(self, node: Tree[Token]) -> Expression:
        found = self.term(node)
        if not isinstance(found.type, Boolean):
            raise self.fail(
                node, f"a condition is needed here, not {found.type}", "compare it: x == 3, x > 0 mA"
            )
        return found

    def _numeric(self, term: Expression, node: Tree[Token]) -> Expression:
        if not isinstance(term.type, Integer | Real):
            raise self.fail(node, f"a number is needed here, not {term.type}")
        return term

    def _difference(self, node: Tree[Token]) -> Expression:
        return self._amount(self._number(node), node)

    def _amount(self, term: Expression, node: Tree[Token]) -> Expression:
        """Return a number that may be added or multiplied: `degC` is a point of a scale, not an amount."""
        if isinstance(term, Literal) and term.unit is not None and term.unit.offset:
            raise self.fail(
                node,
                f"'{term.unit.text}' marks a point of a scale and cannot be added or multiplied",
                "write differences of temperature in K",
                Code.WRONG_UNIT,
            )
        return term

    def _number(self, node: Tree[Token]) -> Expression:
        return self._numeric(self.term(node), node)

    def _logic(self, node: Tree[Token], op: Op) -> Expression:
        parts = tuple(self._boolean(child) for child in node.children if isinstance(child, Tree))
        return Apply(op, parts, BOOLEAN, self.text.at(node))

    def _implies(self, node: Tree[Token]) -> Expression:
        return self._logic(node, Op.IMPLIES)

    def _or(self, node: Tree[Token]) -> Expression:
        return self._logic(node, Op.OR)

    def _and(self, node: Tree[Token]) -> Expression:
        return self._logic(node, Op.AND)

    def _not(self, node: Tree[Token]) -> Expression:
        return self._logic(node, Op.NOT)

    def _iff(self, node: Tree[Token]) -> Expression:
        return self._logic(node, Op.EQ)

    def _xor(self, node: Tree[Token]) -> Expression:
        return self._logic(node, Op.NE)

    def _power(self, node: Tree[Token]) -> Expression:
        raise self.fail(node, "powers are not part of the language", "write the product", Code.UNSUPPORTED)

    def _previous_occurrence(self, node: Tree[Token]) -> Expression:
        raise self._looks_away(node)

    def _next_occurrence(self, node: Tree[Token]) -> Expression:
        raise self._looks_away(node)

    def _looks_away(self, node: Tree[Token]) -> LanguageError:
        return self.fail(
            node,
            "a condition speaks of one state, not of earlier or later ones",
            "let the machine remember it in a variable, and speak of the variable",
            Code.UNSUPPORTED,
        )

    def _unify(
        self, left: Tree[Token], right: Tree[Token], what: str, *, branches: bool = False
    ) -> tuple[Expression, Expression]:
        a, b = self.loose(left), self.loose(right)
        if isinstance(a, _Member) and not isinstance(b, _Member):
            a = self._settle(a, b.type, left)
        if isinstance(b, _Member) and not isinstance(a, _Member):
            b = self._settle(b, a.type, right)
        if isinstance(a, _Member) and isinstance(b, _Member) and branches:
            shared = [kind for kind in a.candidates if kind in b.candidates]
            if len(shared) == 1:
                a, b = self._settle(a, shared[0], left), self._settle(b, shared[0], right)
        if isinstance(a, _Member) or isinstance(b, _Member):
            raise self.fail(left, f"{what} are two constants", "one side must be a variable")
        if a.type == INTEGER and isinstance(b.type, Real):
            a = _promote(a, b.type)
        if b.type == INTEGER and isinstance(a.type, Real):
            b = _promote(b, a.type)
        if a.type != b.type:
            raise self.fail(
                right,
                f"{what} do not fit: {a.type} and {b.type}",
                "both must have the same type and dimension",
            )
        return a, b

    def _settle(self, member: _Member, wanted: Type, node: Tree[Token]) -> Expression:
        if wanted in member.candidates:
            return Literal(member.name, wanted, location=member.location)
        values = f": {', '.join(wanted.members)}" if isinstance(wanted, Enumeration) else ""
        raise self.fail(node, f"'{member.name}' is not {wanted}{values}", "compare like with like")

    def _chain(self, node: Tree[Token]) -> Expression:
        parts: list[Expression] = []
        for index in range(1, len(node.children), 2):
            left, right = subtree(node, index - 1), subtree(node, index + 1)
            op = _COMPARE[str(node.children[index])]
            a, b = self._unify(left, right, "the two sides")
            if op in _ORDERED:
                self._numeric(a, left)
            if not commensurable(a, b, self.scope.points):
                raise self.fail(
                    left,
                    "a point of a scale is compared with a difference or a multiple of points",
                    "write differences of temperature in K, points of the scale in degC",
                    Code.WRONG_UNIT,
                )
            parts.append(Apply(op, (a, b), BOOLEAN, self.text.at(left)))
        return parts[0] if len(parts) == 1 else Apply(Op.AND, tuple(parts), BOOLEAN, self.text.at(node))

    def _sum(self, node: Tree[Token], op: Op) -> Expression:
        left, right = self._unify(subtree(node, 0), subtree(node, 1), "the two terms")
        self._amount(self._numeric(left, subtree(node, 0)), subtree(node, 0))
        self._amount(right, subtree(node, 1))
        return Apply(op, (left, right), left.type, self.text.at(node))

    def _add(self, node: Tree[Token]) -> Expression:
        return self._sum(node, Op.ADD)

    def _sub(self, node: Tree[Token]) -> Expression:
        return self._sum(node, Op.SUB)

    def _neg(self, node: Tree[Token]) -> Expression:
        if subtree(node, 0).data == "quantity":
            return self._quantity(subtree(node, 0), "-")
        return _negated(self._difference(subtree(node, 0)), self.text.at(node))

    def _mul(self, node: Tree[Token]) -> Expression:
        left = self._difference(subtree(node, 0))
        right = self._difference(subtree(node, 1))
        if left.type == right.type == INTEGER:
            return Apply(Op.MUL, (left, right), INTEGER, self.text.at(node))
        left, right = _promote(left, PLAIN), _promote(right, PLAIN)
        return Apply(
            Op.MUL, (left, right), Real(dimension_of(left) * dimension_of(right)), self.text.at(node)
        )

    def _div(self, node: Tree[Token]) -> Expression:
        left = _promote(self._difference(subtree(node, 0)), PLAIN)
        right = _promote(self._difference(subtree(node, 1)), PLAIN)
        if not self._never_zero(right):
            raise self.fail(
                node.children[1], "this divisor may be zero", "divide only by what has a range without zero"
            )
        return Apply(
            Op.DIV, (left, right), Real(dimension_of(left) / dimension_of(right)), self.text.at(node)
        )

    def _mod(self, node: Tree[Token]) -> Expression:
        left, right = self._difference(subtree(node, 0)), self._difference(subtree(node, 1))
        if left.type != INTEGER or right.type != INTEGER:
            raise self.fail(
                node,
                f"'mod' is about whole numbers, not {left.type} and {right.type}",
                "both sides must be whole numbers without a unit",
            )
        if not isinstance(right, Literal) or int(right.value) <= 0:
            raise self.fail(
                node.children[1],
                "the divisor of 'mod' must be a whole number above zero",
                "write a number, or a constant with such a value, as in 'count mod 4'",
            )
        return Apply(Op.MOD, (left, right), INTEGER, self.text.at(node))

    def _never_zero(self, term: Expression) -> bool:
        if isinstance(term, Literal):
            return term.value != 0
        if isinstance(term, Reference):
            return term.name == PI or term.name in self.scope.nonzero
        return term.op in (Op.MUL, Op.DIV, Op.NEG, Op.TO_REAL) and all(
            self._never_zero(argument) for argument in term.args
        )


def _negated(term: Expression, location: Location) -> Expression:
    if isinstance(term, Literal) and isinstance(term.value, int | Fraction):
        return Literal(-term.value, term.type, term.unit, location)
    return Apply(Op.NEG, (term,), term.type, location)


def _promote(term: Expression, wanted: Real) -> Expression:
    """Return a whole-number term as a plain real; a literal zero fits every dimension but temperature."""
    if term.type != INTEGER:
        return term
    if isinstance(term, Literal):
        kind = wanted if term.value == 0 and wanted.dimension != TEMPERATURE else PLAIN
        return Literal(Fraction(int(term.value)), kind, location=term.location)
    return Apply(Op.TO_REAL, (term,), PLAIN, term.location)


def expression(text: Text, scope: Scope, wanted: Type | None = None) -> Expression:
    """Parse and type one expression; ``wanted`` is the type that its place demands.

    Raises:
        LanguageError: it does not parse, names something unknown, or has the wrong type or dimension.
        ExcusedError: it mentions a name whose declaration is already reported.
    """
    return typed(parse(text, "expression"), text, scope, wanted)


def typed(tree: Tree[Token], text: Text, scope: Scope, wanted: Type | None = None) -> Expression:
    """Type a parsed tree; see :func:`expression`."""
    typer = _Typer(text, scope)
    found = typer.loose(tree)
    if isinstance(found, _Member):
        found = typer._settle(found, wanted, tree) if wanted is not None else typer.term(tree)
    if wanted is None:
        return found
    if found.type == INTEGER and isinstance(wanted, Real):
        found = _promote(found, wanted)
    if found.type != wanted:
        raise LanguageError(
            Finding(
                Code.TYPE,
                text.at(tree) if text.exact else text.location,
                f"{wanted} is needed here, and '{text.source}' is {found.type}",
                "compare or convert it",
            )
        )
    return found
