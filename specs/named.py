"""Constants and definitions: names that expressions use and that are replaced by what they stand for.

A definition belongs to the world whose names it mentions: parameters, the state of the machines, or a step
of theirs (where inputs have values). Elsewhere its name is refused with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stimproof.specs.expressions import INTEGER, Literal, Real
from stimproof.specs.findings import Code
from stimproof.specs.parsing import LanguageError, Text, parse
from stimproof.specs.typing import FUNCTIONS, PI, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lark import Tree
    from lark.lexer import Token

    from stimproof.specs import document as written
    from stimproof.specs.context import Context, Path
    from stimproof.specs.expressions import Expression
    from stimproof.specs.findings import Location
    from stimproof.specs.quantities import Quantity
    from stimproof.specs.specification import Citation

_LONG = 10
_WORDS = frozenset({"true", "false", PI})


@dataclass(frozen=True, slots=True)
class Constant:
    """A cited number with a name."""

    name: str
    quantity: Quantity
    citation: Citation
    location: Location
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A name for an expression: its text, and the term for which the name stands."""

    name: str
    text: str
    term: Expression
    location: Location
    doc: str = ""


def constant(context: Context, name: str, given: written.Constant) -> Constant:
    """Resolve one constant: its citation is checked."""
    path: Path = ("constants", name)
    return Constant(name, given.value, context.citation(path, given), context.at(path), given.doc)


def literal(given: Constant) -> Literal:
    """Return the term for which a constant stands; one without a unit and a fraction is a whole number."""
    found = given.quantity
    if not found.unit.text and found.si.denominator == 1:
        return Literal(found.si.numerator, INTEGER, None, given.location, given.name)
    return Literal(found.si, Real(found.dimension), found.unit, given.location, given.name)


@dataclass(frozen=True, slots=True)
class _Read:
    """A parsed definition with the names that it mentions and the functions that it calls."""

    text: Text
    tree: Tree[Token]
    names: frozenset[str]
    calls: frozenset[str]

    def fits(self, scope: Scope, known: set[str], excused: frozenset[str]) -> bool:
        """Return whether a scope has every name (or one that is reported already) and function."""
        return self.names - excused <= known and self.calls <= {*FUNCTIONS, *scope.functions}


class Definitions:
    """Types the definitions in the scopes to which they belong, and gives these scopes their names."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.terms: dict[str, Expression] = {}
        self._read = self._parse()
        self._order = self._ordered()

    def _parse(self) -> dict[str, _Read]:
        result = {}
        for name, given in self.context.document.definitions.items():
            path: Path = ("definitions", name, "expression")
            text = self.context.source.text(path, given.expression)
            try:
                tree = parse(text, "expression")
            except LanguageError as problem:
                self.context.complain(problem, path)
                self.context.excused |= {name}
                continue
            result[name] = _Read(text, tree, _mentioned(tree, "name"), _mentioned(tree, "call"))
        return result

    def _ordered(self) -> list[str]:
        """Return the definitions so that each stands after those it mentions; report cycles."""
        order: dict[str, None] = {}
        for start in self._read:
            stack = [(start, iter(sorted(self._read[start].names)))]
            open_now = {start}
            while stack and start not in order:
                name, rest = stack[-1]
                following = next((word for word in rest if word in self._read and word not in order), None)
                if following is None:
                    order[name] = None
                    stack.pop()
                    open_now.discard(name)
                elif following in open_now:
                    way = [entry[0] for entry in stack]
                    self._report_cycle([*way[way.index(following) :], following])
                else:
                    stack.append((following, iter(sorted(self._read[following].names))))
                    open_now.add(following)
        return [name for name in order if name not in self.context.excused]

    def _report_cycle(self, ring: list[str]) -> None:
        if set(ring) <= self.context.excused:
            return
        shown = ring if len(ring) <= _LONG else [*ring[: _LONG // 2], "…", *ring[-_LONG // 2 :]]
        self.context.report(
            Code.WRONG_VALUE,
            ("definitions", ring[0]),
            f"the definition of '{ring[0]}' leads back to itself: {' → '.join(shown)}",
            "write one of them out",
            key=True,
        )
        self.context.excused |= set(ring)

    def scopes(self, *plain: Scope) -> list[Scope]:
        """Return the scopes with all names that belong to them; what fits nowhere is reported."""
        unfolded: list[dict[str, Expression]] = [dict(self.context.constants) for _ in plain]
        known = [_known(scope, own) for scope, own in zip(plain, unfolded, strict=True)]
        for name in self._order:
            self._place(name, plain, unfolded, known)
        refused = [self._elsewhere(scope, plain, own) for scope, own in zip(plain, unfolded, strict=True)]
        return [
            replace(
                scope, unfolded=own, elsewhere=words, excuses=self.context.excused, used=self.context.used
            )
            for scope, own, words in zip(plain, unfolded, refused, strict=True)
        ]

    def _place(
        self,
        name: str,
        plain: Sequence[Scope],
        unfolded: Sequence[dict[str, Expression]],
        known: Sequence[set[str]],
    ) -> None:
        read = self._read[name]
        fitting = [i for i, scope in enumerate(plain) if read.fits(scope, known[i], self.context.excused)]
        # Where it fits nowhere, the scope that has most of its names has the best words for the others.
        chosen = fitting or [max(range(len(plain)), key=lambda i: (_familiar(read.names, known[i]), i))]
        for index in chosen:
            scope = replace(
                plain[index],
                unfolded=unfolded[index],
                elsewhere={} if fitting else self._elsewhere(plain[index], plain, unfolded[index]),
                excuses=self.context.excused,
                used=self.context.used,
            )
            term = self.context.typed(read.tree, read.text, scope, ("definitions", name, "expression"))
            if term is None:
                self.context.excused |= {name}
                return
            unfolded[index][name] = self.terms[name] = term
            known[index].add(name)

    def _elsewhere(
        self, scope: Scope, plain: Sequence[Scope], own: Mapping[str, Expression]
    ) -> dict[str, tuple[str, str]]:
        words = {}
        for other in plain:
            if other is scope:
                continue
            for name in other.names:
                if name not in scope.names and "." not in name:
                    words[name] = _refusal(name, scope, self.context)
            if other.kind != scope.kind:
                for member in other.members:
                    words.setdefault(member, _refusal(member, scope, self.context))
        for name in self._order:
            if name not in own:
                what = "machines" if scope.kind == "parameter" else "parameters, or inputs"
                words[name] = (f"the definition '{name}' is about {what}, which have no value here", _OTHER)
        return words


_OTHER = "define it over what has a value here"


def _refusal(name: str, scope: Scope, context: Context) -> tuple[str, str]:
    """Return why a name that exists cannot be used in a scope, and what to do instead."""
    if scope.kind == "parameter":
        advice = "write a property about the machines, or speak of parameters alone"
        return f"'{name}' belongs to the machines, which claims about parameters do not see", advice
    if name in context.document.inputs:
        advice = "copy it into a variable when it is read, and speak of the variable"
        return f"'{name}' is an input, which has a value only during a step", advice
    advice = "declare under 'variables:' what of it matters to the machine, such as the amplitude put out now"
    return f"'{name}' is a parameter, and machines do not see parameters", advice


def _known(scope: Scope, own: Mapping[str, Expression]) -> set[str]:
    return {*scope.names, *scope.members, *own, *_WORDS}


def _familiar(names: frozenset[str], known: set[str]) -> int:
    """Return how many names are known, or nearly."""
    return sum(name in known or bool(get_close_matches(name, known, n=1)) for name in names)


def _mentioned(tree: Tree[Token], kind: str) -> frozenset[str]:
    return frozenset(str(node.children[0]) for node in tree.iter_subtrees() if node.data == kind)


def definition(context: Context, name: str, given: written.Definition, term: Expression) -> Definition:
    """Return a definition with the term for which it stands."""
    return Definition(name, given.expression, term, context.at(("definitions", name)), given.doc)
