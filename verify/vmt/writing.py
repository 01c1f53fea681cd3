"""Terms as SMT-LIB text: what the solvers are asked, and what a certificate says.

One text serves both solvers, so what is checked again is what was asked. Variables are written with a
prefix that says their part (``now.x``, ``next.x``, ``in.x``), so that no name of a model can collide with
one of SMT-LIB; a term that is mentioned more than once is defined once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.verify.vmt.terms import BOOL, CONSTANT, INT, Sort, Terms, sort_text

if TYPE_CHECKING:
    from stimproof.verify.vmt.model import Model

_SIMPLE = re.compile(r"[0-9A-Za-z~!@$%^&*_+=<>.?/\-]*\Z", re.ASCII)
_LONG = 4000
"""A term whose text is longer gets a definition of its own, which keeps nesting and copying in bounds."""


def quoted(name: str) -> str:
    """Return a symbol as SMT-LIB writes it.

    >>> quoted("now.x"), quoted("now.a b")
    ('now.x', '|now.a b|')
    """
    return name if _SIMPLE.match(name) else f"|{name}|"


def value_text(value: bool | int | Fraction, sort: Sort) -> str:
    """Return a constant as SMT-LIB text.

    >>> value_text(Fraction(-1, 3), "Real"), value_text(5, 4), value_text(-2, "Int")
    ('(- (/ 1.0 3.0))', '#b0101', '(- 2)')
    """
    if sort == BOOL:
        return "true" if value else "false"
    if not isinstance(sort, str):
        return f"#b{int(value):0{sort}b}"
    size = abs(Fraction(value))
    if sort == INT:
        text = str(size.numerator)
    elif size.denominator == 1:
        text = f"{size.numerator}.0"
    else:
        text = f"(/ {size.numerator}.0 {size.denominator}.0)"
    return f"(- {text})" if value < 0 else text


class Text:
    """SMT-LIB text of terms over one set of names; definitions gather in ``lines`` as they are needed."""

    def __init__(self, terms: Terms, names: Mapping[int, str], prefix: str = "d") -> None:
        self.terms, self.prefix = terms, prefix
        self.lines: list[str] = []
        self._done: dict[int, str] = dict(names)

    def write(self, roots: Iterable[int]) -> list[str]:
        """Return the texts of terms; each may mention the definitions that are in ``lines`` by now."""
        wanted, terms, done = list(roots), self.terms, self._done
        cone = [term for term in terms.cone(wanted) if term not in done]
        uses = dict.fromkeys(cone, 0)
        for term in cone:
            for item in set(terms.arguments[term]):
                if item in uses:
                    uses[item] += 1
        for term in cone:
            text = self._one(term)
            if terms.arguments[term] and (uses[term] > 1 or len(text) > _LONG):
                name = f"{self.prefix}{term}"
                self.lines.append(f"(define-fun {name} () {sort_text(terms.sorts[term])} {text})")
                text = name
            done[term] = text
        return [done[term] for term in wanted]

    def _one(self, term: int) -> str:
        terms = self.terms
        operator = terms.operators[term]
        if operator == CONSTANT:
            return value_text(terms.data[term], terms.sorts[term])
        if terms.data[term] is not None:
            operator = f"(_ {operator} {' '.join(map(str, terms.data[term]))})"
        return f"({operator} {' '.join([self._done[item] for item in terms.arguments[term]])})"


def now_name(name: str) -> str:
    """Return the symbol of a state variable's value."""
    return quoted(f"now.{name}")


def next_name(name: str) -> str:
    """Return the symbol of a state variable's value after a step."""
    return quoted(f"next.{name}")


def input_name(name: str) -> str:
    """Return the symbol of an input."""
    return quoted(f"in.{name}")


def names(model: Model) -> dict[int, str]:
    """Return the symbol of every variable of a model."""
    found = {item.now: now_name(item.name) for item in model.state}
    found |= {item.after: next_name(item.name) for item in model.state}
    return found | {item.now: input_name(item.name) for item in model.inputs}


def declarations(model: Model) -> list[str]:
    """Return the declarations of every variable of a model."""
    symbols, sorts = names(model), model.terms.sorts
    return [f"(declare-const {text} {sort_text(sorts[term])})" for term, text in symbols.items()]


def script(model: Model, questions: Iterable[int], about: str, more: Mapping[int, str] | None = None) -> str:
    """Return one SMT-LIB script that asks whether all terms hold at once; ``unsat`` is the proof.

    ``more`` gives symbols to variables that are not the model's own.
    """
    terms, asked = model.terms, list(questions)
    symbols = names(model) | dict(more or {})
    text = Text(terms, symbols)
    written = text.write(asked)
    mentioned = sorted(terms.variables(asked))
    return "\n".join(
        [
            *(f"; {line}" for line in about.splitlines()),
            "(set-logic ALL)",
            *(f"(declare-const {symbols[item]} {sort_text(terms.sorts[item])})" for item in mentioned),
            *text.lines,
            *(f"(assert {item})" for item in written),
            "(check-sat)",
            "",
        ]
    )
