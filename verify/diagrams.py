"""Decision diagrams over finitely many values: exact counts and smallest sufficient sets of facts.

A condition becomes one reduced, ordered diagram, equal conditions the same one (Bryant 1986; here with a
branch for each value of an attribute). No solver takes part, so that what solvers answer can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import prod

from stimproof.specs.errors import InternalError
from stimproof.specs.expressions import Apply, Expression, Literal, Op, Value, references
from stimproof.verify.interpreter import evaluate

FALSE, TRUE = 0, 1

Cube = tuple[tuple[str, Value], ...]
"""Some attributes with one value each."""


class Diagrams:
    """The diagrams of one set of attributes, each known by a number; 0 is false, 1 is true."""

    def __init__(self, values: Mapping[str, Sequence[Value]]) -> None:
        self.names, self.values = tuple(values), tuple(tuple(item) for item in values.values())
        self._level = {name: level for level, name in enumerate(self.names)}
        end = (len(self.names), ())
        self._nodes: list[tuple[int, tuple[int, ...]]] = [end, end]
        self._numbers: dict[tuple[int, tuple[int, ...]], int] = {}
        self._both: dict[tuple[int, int], int] = {}
        self._not = {FALSE: TRUE, TRUE: FALSE}
        self._shares = {FALSE: Fraction(0), TRUE: Fraction(1)}
        self._cubes: dict[tuple[int, int], Cube | None] = {}

    def __call__(self, term: Expression) -> int:
        """Return the diagram of a condition over the attributes."""
        if isinstance(term, Literal):
            return TRUE if term.value else FALSE
        if isinstance(term, Apply) and term.op is Op.NOT:
            return self.negated(self(term.args[0]))
        if isinstance(term, Apply) and term.op in (Op.AND, Op.OR, Op.IMPLIES):
            parts = [self(argument) for argument in term.args]
            if term.op is Op.AND:
                return reduce(self.both, parts, TRUE)
            if term.op is Op.IMPLIES:
                parts[0] = self.negated(parts[0])
            return reduce(self.either, parts, FALSE)
        return self._by_cases(term, sorted(references(term), key=self._level.__getitem__), {})

    def _by_cases(self, term: Expression, names: Sequence[str], known: dict[str, Value]) -> int:
        if not names:
            return TRUE if evaluate(term, known) else FALSE
        level = self._level[names[0]]
        return self._node(
            level,
            tuple(
                self._by_cases(term, names[1:], {**known, names[0]: value}) for value in self.values[level]
            ),
        )

    def _node(self, level: int, children: tuple[int, ...]) -> int:
        if len(set(children)) == 1:
            return children[0]
        key = (level, children)
        if key not in self._numbers:
            self._numbers[key] = len(self._nodes)
            self._nodes.append(key)
        return self._numbers[key]

    def _at(self, node: int, level: int, branch: int) -> int:
        """Return what is left of a diagram once the attribute of a level has its n-th value."""
        own, children = self._nodes[node]
        return children[branch] if own == level else node

    def both(self, one: int, other: int) -> int:
        """Return the conjunction of two diagrams."""
        if FALSE in (one, other):
            return FALSE
        if one in (TRUE, other):
            return other
        if other == TRUE:
            return one
        key = (min(one, other), max(one, other))
        if key not in self._both:
            level = min(self._nodes[one][0], self._nodes[other][0])
            branches = range(len(self.values[level]))
            self._both[key] = self._node(
                level, tuple(self.both(self._at(one, level, b), self._at(other, level, b)) for b in branches)
            )
        return self._both[key]

    def negated(self, node: int) -> int:
        """Return the negation of a diagram."""
        if node not in self._not:
            level, children = self._nodes[node]
            self._not[node] = self._node(level, tuple(self.negated(child) for child in children))
        return self._not[node]

    def either(self, one: int, other: int) -> int:
        """Return the disjunction of two diagrams."""
        return self.negated(self.both(self.negated(one), self.negated(other)))

    def count(self, node: int) -> int:
        """Return exactly how many combinations of values make a diagram true."""
        total = self._share(node) * prod(len(item) for item in self.values)
        if total.denominator != 1:
            raise InternalError("a number of combinations is not whole")
        return int(total)

    def _share(self, node: int) -> Fraction:
        if node not in self._shares:
            children = self._nodes[node][1]
            parts = [self._share(child) for child in children]
            self._shares[node] = sum(parts, Fraction(0)) / len(parts)
        return self._shares[node]

    def fewest(self, claim: int, possible: int) -> Cube | None:
        """Return the fewest values with which whatever is possible satisfies the claim.

        Something with these values is possible. Among equally many the first in the order of the names;
        ``None`` where nothing that is possible satisfies the claim.
        """
        return self._fewest(self.either(self.negated(possible), claim), self.both(possible, claim))

    def _fewest(self, wanted: int, some: int) -> Cube | None:
        """Each attribute is either left free, for which every value must do, or given one of its values."""
        if FALSE in (wanted, some):
            return None
        if wanted == TRUE:
            return ()
        key = (wanted, some)
        if key not in self._cubes:
            level = min(self._nodes[wanted][0], self._nodes[some][0])
            branches = range(len(self.values[level]))
            free = reduce(self.both, (self._at(wanted, level, b) for b in branches), TRUE)
            any_ = reduce(self.either, (self._at(some, level, b) for b in branches), FALSE)
            found = [self._fewest(free, any_)]
            if self._nodes[wanted][0] == level:
                found += [self._fixed(wanted, some, level, b) for b in branches]
            known = [cube for cube in found if cube is not None]
            self._cubes[key] = min(known, key=len) if known else None
        return self._cubes[key]

    def _fixed(self, wanted: int, some: int, level: int, branch: int) -> Cube | None:
        rest = self._fewest(self._at(wanted, level, branch), self._at(some, level, branch))
        return None if rest is None else ((self.names[level], self.values[level][branch]), *rest)

    def within(self, node: int, cube: Cube) -> int:
        """Return a diagram restricted to what has the values of a cube."""
        for name, value in cube:
            level = self._level[name]
            node = self.both(
                node, self._node(level, tuple(int(item == value) for item in self.values[level]))
            )
        return node

    def first(self, node: int) -> dict[str, Value] | None:
        """Return the first combination of values that makes a diagram true, ``None`` where none does."""
        result: dict[str, Value] = {}
        for level, name in enumerate(self.names):
            open_ = (b for b in range(len(self.values[level])) if self._at(node, level, b) != FALSE)
            branch = next(open_, None)
            if branch is None:
                return None
            node, result[name] = self._at(node, level, branch), self.values[level][branch]
        return result
