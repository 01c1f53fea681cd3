"""SMT-LIB 2.6 text from typed terms, and back: the written form of every certificate.

The text is produced here rather than by a solver's printer, because it *is* the certificate: what a
second solver reads must be what stimproof means. Enumerations become integers ``0 … n-1`` in declared
order; every rational is written as an exact quotient.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    INTEGER,
    PLAIN,
    Apply,
    Boolean,
    Enumeration,
    Expression,
    Literal,
    Op,
    Real,
    Reference,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPELLING = {
    Op.NOT: "not",
    Op.AND: "and",
    Op.OR: "or",
    Op.IMPLIES: "=>",
    Op.EQ: "=",
    Op.LT: "<",
    Op.LE: "<=",
    Op.GT: ">",
    Op.GE: ">=",
    Op.ADD: "+",
    Op.SUB: "-",
    Op.NEG: "-",
    Op.MUL: "*",
    Op.DIV: "/",
    Op.MOD: "mod",
    Op.ITE: "ite",
    Op.TO_REAL: "to_real",
}
_READ = {text: op for op, text in _SPELLING.items() if op is not Op.NEG}
_SYMBOL = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*\Z")
_TOKEN = re.compile(r"\s*(?:;[^\n]*\n)?\s*([()]|[^\s()]+)")

Sexp = str | list["Sexp"]


class MalformedScriptError(ValueError):
    """A text that is not the SMT-LIB term it should be."""


def sort(kind: Type) -> str:
    """Return the SMT-LIB sort of a type."""
    if isinstance(kind, Boolean):
        return "Bool"
    return "Real" if isinstance(kind, Real) else "Int"


def rational(value: Fraction | int) -> str:
    """Return an exact SMT-LIB real constant.

    >>> rational(Fraction(-1, 3))
    '(- (/ 1.0 3.0))'
    """
    over, under = value.numerator, value.denominator
    text = f"{abs(over)}.0" if under == 1 else f"(/ {abs(over)}.0 {under}.0)"
    return f"(- {text})" if over < 0 else text


def _literal(term: Literal) -> str:
    if isinstance(term.value, bool):
        return "true" if term.value else "false"
    if isinstance(term.type, Enumeration):
        return str(term.type.members.index(str(term.value)))
    if isinstance(term.type, Real):
        return rational(term.value if isinstance(term.value, Fraction) else int(term.value))
    number = int(term.value)
    return f"(- {-number})" if number < 0 else str(number)


def write(term: Expression, name: Callable[[str], str] = lambda name: name) -> str:
    """Return a term as SMT-LIB text; ``name`` gives each reference its symbol."""
    if isinstance(term, Literal):
        return _literal(term)
    if isinstance(term, Reference):
        return name(term.name)
    if term.op is Op.NE:
        return f"(not (= {' '.join(write(argument, name) for argument in term.args)}))"
    return f"({_SPELLING[term.op]} {' '.join(write(argument, name) for argument in term.args)})"


def tokens(text: str) -> Iterator[str]:
    """Yield the tokens of SMT-LIB text without quoted symbols or strings."""
    position = 0
    text = text.rstrip() + "\n"
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            if text[position:].strip() and not text[position:].strip().startswith(";"):
                raise MalformedScriptError(f"unreadable text at offset {position}")
            return
        yield match[1]
        position = match.end()


def parse_all(text: str) -> list[Sexp]:
    """Return every S-expression of a text.

    Raises:
        MalformedScriptError: the parentheses do not balance.
    """
    stack: list[list[Sexp]] = [[]]
    for token in tokens(text):
        if token == "(":
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                raise MalformedScriptError("a closing parenthesis too many")
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token)
    if len(stack) != 1:
        raise MalformedScriptError("an opening parenthesis is never closed")
    return stack[0]


def read_term(text: str, types: Mapping[str, Type]) -> Expression:
    """Read exactly one term over the declared names; the inverse of :func:`write`.

    Enumerations are read as whole numbers, as they are written.

    Raises:
        MalformedScriptError: not one term, an undeclared symbol, or an operator that is not ours.
    """
    parsed = parse_all(text)
    if len(parsed) != 1:
        raise MalformedScriptError(f"{len(parsed)} terms where one is needed")
    return _term(parsed[0], types)


def _term(node: Sexp, types: Mapping[str, Type]) -> Expression:
    if isinstance(node, str):
        return _atom(node, types)
    if not node or not isinstance(node[0], str) or node[0] not in _READ:
        raise MalformedScriptError(f"'{node[0] if node else '()'}' is not an operator of certificates")
    args = tuple(_term(child, types) for child in node[1:])
    op: Op = _READ[node[0]]
    if op is Op.SUB and len(args) == 1:
        op = Op.NEG
    if op in (Op.NOT, Op.AND, Op.OR, Op.IMPLIES, Op.EQ, Op.LT, Op.LE, Op.GT, Op.GE):
        return Apply(op, args, BOOLEAN)
    if op is Op.ITE:
        return Apply(op, args, args[1].type)
    return Apply(op, args, PLAIN if op in (Op.TO_REAL, Op.DIV) else args[0].type)


def _atom(token: str, types: Mapping[str, Type]) -> Expression:
    if token in ("true", "false"):
        return Literal(token == "true", BOOLEAN)
    if token.isdigit():
        return Literal(int(token), INTEGER)
    if re.fullmatch(r"[0-9]+\.[0-9]+", token):
        return Literal(Fraction(token), PLAIN)
    if token in types:
        return Reference(token, types[token])
    raise MalformedScriptError(f"'{token[:60]}' is not declared")


def symbol(text: str) -> str:
    """Return ``text`` as an SMT-LIB simple symbol.

    Raises:
        MalformedScriptError: it would need quoting, which stimproof never does.
    """
    if not _SYMBOL.match(text):
        raise MalformedScriptError(f"'{text}' is not a simple symbol")
    return text
