"""Typed terms of the theories Bool, Int, Real and fixed-width bit-vectors, each held once in a table.

A term is a number: its place in the table. Arguments stand before what is built of them, so that any
walk over a term is a loop and the depth of a model's nesting is limited by nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

Sort = str | int
"""``Bool``, ``Int``, ``Real``, or the width of a bit-vector."""

BOOL, INT, REAL = "Bool", "Int", "Real"
VARIABLE, CONSTANT = "variable", "constant"
_CIRCUITS = frozenset({"bvmul", "bvudiv", "bvurem", "bvsdiv", "bvsrem", "bvsmod"})
"""Operators whose circuits grow with the square of the width."""


def sort_text(sort: Sort) -> str:
    """Return a sort as SMT-LIB text.

    >>> sort_text(8), sort_text("Int")
    ('(_ BitVec 8)', 'Int')
    """
    return sort if isinstance(sort, str) else f"(_ BitVec {sort})"


class Terms:
    """A table of terms: operator, arguments, sort and data (a value, a key, indices)."""

    def __init__(self) -> None:
        self.operators: list[str] = []
        self.arguments: list[tuple[int, ...]] = []
        self.sorts: list[Sort] = []
        self.data: list[Any] = []
        self._known: dict[tuple[str, tuple[int, ...], Any, Sort], int] = {}

    def make(self, operator: str, arguments: tuple[int, ...], sort: Sort, data: Any = None) -> int:
        """Return the term with these parts; equal parts are one term."""
        key = (operator, arguments, data, sort)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = len(self.operators)
            self.operators.append(operator)
            self.arguments.append(arguments)
            self.sorts.append(sort)
            self.data.append(data)
        return known

    def constant(self, value: bool | int | Fraction, sort: Sort) -> int:
        """Return a constant; a bit-vector's value is its unsigned number."""
        return self.make(CONSTANT, (), sort, value)

    def truth(self, value: bool) -> int:
        """Return ``true`` or ``false``."""
        return self.make(CONSTANT, (), BOOL, value)

    def variable(self, key: Any, sort: Sort) -> int:
        """Return the variable with a key of its own."""
        return self.make(VARIABLE, (), sort, key)

    def both(self, parts: Iterable[int]) -> int:
        """Return the conjunction of parts, of which there may be none."""
        held = tuple(dict.fromkeys(parts))
        if not held:
            return self.truth(True)
        return held[0] if len(held) == 1 else self.make("and", held, BOOL)

    def negation(self, term: int) -> int:
        """Return the negation of a Boolean term."""
        return self.arguments[term][0] if self.operators[term] == "not" else self.make("not", (term,), BOOL)

    def cone(self, roots: Iterable[int]) -> list[int]:
        """Return every term that the roots are built of, arguments first."""
        todo, seen = list(roots), set[int]()
        while todo:
            term = todo.pop()
            if term not in seen:
                seen.add(term)
                todo.extend(self.arguments[term])
        return sorted(seen)

    def variables(self, roots: Iterable[int]) -> set[int]:
        """Return the variables that the roots mention."""
        return {term for term in self.cone(roots) if self.operators[term] == VARIABLE}

    def weight(self, roots: Iterable[int]) -> int:
        """Return about how much work terms are for a solver: their number, bit-vectors by their circuits."""
        found = 1
        for term in self.cone(roots):
            sort = self.sorts[term]
            if not isinstance(sort, str):
                found += sort * sort // 32 if self.operators[term] in _CIRCUITS else sort // 8
            found += 1
        return found

    def variables_of_each(self, roots: Iterable[int]) -> dict[int, set[int]]:
        """Return the variables that each root mentions, all roots in one walk."""
        wanted = list(roots)
        found, order = dict[int, int](), list[int]()
        for term in self.cone(wanted):
            held = 0
            if self.operators[term] == VARIABLE:
                held = 1 << len(order)
                order.append(term)
            for item in self.arguments[term]:
                held |= found[item]
            found[term] = held
        known = dict[int, set[int]]()
        for held in {found[term] for term in wanted}:
            known[held] = {term for place, term in enumerate(order) if held >> place & 1}
        return {term: known[found[term]] for term in wanted}

    def conjuncts(self, term: int) -> list[int]:
        """Return the parts of nested conjunctions, in order and each once."""
        todo, found = [term], dict[int, None]()
        while todo:
            part = todo.pop()
            if self.operators[part] == "and":
                todo.extend(reversed(self.arguments[part]))
            else:
                found[part] = None
        return list(found)

    def replaced(self, roots: Iterable[int], by: Mapping[int, int]) -> list[int]:
        """Return the roots with terms put in place of others, all at once."""
        wanted = list(roots)
        new = dict(by)
        for term in self.cone(wanted):
            if term not in new:
                old = self.arguments[term]
                arguments = tuple(new[item] for item in old)
                same = arguments == old
                new[term] = (
                    term
                    if same
                    else self.make(self.operators[term], arguments, self.sorts[term], self.data[term])
                )
        return [new[term] for term in wanted]
