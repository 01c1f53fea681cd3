"""The parts of a requirement sentence, taken from its syntax tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from lark import Token, Tree

from stimproof.specs.parsing import subtree
from stimproof.specs.property.forms import Condition, Scope, Timing

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Clause:
    """One ``upon``, ``whenever`` or ``unless``; ``either`` joins it to those before it by ``or``."""

    expression: Tree[Token]
    holding: bool
    negated: bool
    either: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a requirement sentence says, as syntax trees; ``None`` for what it does not have."""

    scope: Scope
    mode: Tree[Token] | None
    condition: Condition
    clauses: tuple[Clause, ...]
    component: str
    timing: Timing
    duration: Tree[Token] | None
    stop: Tree[Token] | None
    response: Tree[Token]
    name: Token


def parts_of(tree: Tree[Token]) -> Sentence:
    """Return the parts of a sentence's tree (the grammar's rule ``sentence``)."""
    scope, condition, name, timing, response = tree.children
    assert isinstance(name, Token)
    assert isinstance(response, Tree)
    clauses = tuple(_clauses(condition)) if isinstance(condition, Tree) else ()
    kind = Timing.EVENTUALLY
    argument: Tree[Token] | None = None
    if isinstance(timing, Tree):
        kind = _TIMINGS[str(timing.data)]
        argument = subtree(timing, 0) if timing.children else None
    return Sentence(
        _SCOPES[str(scope.data)] if isinstance(scope, Tree) else Scope.GLOBAL,
        subtree(scope, 0) if isinstance(scope, Tree) else None,
        _condition(clauses),
        clauses,
        str(name),
        kind,
        argument if kind.timed else None,
        argument if kind.stopped else None,
        subtree(response, 0),
        name,
    )


_SCOPES = {
    "scope_in": Scope.IN,
    "scope_not_in": Scope.NOT_IN,
    "scope_only_in": Scope.ONLY_IN,
    "scope_before": Scope.BEFORE,
    "scope_only_before": Scope.ONLY_BEFORE,
    "scope_after": Scope.AFTER,
    "scope_only_after": Scope.ONLY_AFTER,
}
_TIMINGS = {kind.value: kind for kind in Timing} | {"next": Timing.NEXT}


def _condition(clauses: Sequence[Clause]) -> Condition:
    """Return the kind of condition: a single trigger among holding ones makes it a trigger, as in FRET."""
    if not clauses:
        return Condition.NONE
    return Condition.HOLDING if all(clause.holding for clause in clauses) else Condition.TRIGGER


def _clauses(tree: Tree[Token]) -> list[Clause]:
    found: list[Clause] = []
    either = False
    for child in tree.children:
        if isinstance(child, Token):
            either = True
            continue
        said = child.children[1]
        negated = (child.data == "unless") != (isinstance(said, Token) and said.type == "FALSE")
        found.append(Clause(subtree(child, 0), child.data == "whenever", negated, either))
        either = False
    return found


def chained(clauses: Sequence[Clause], one: Callable[[Clause], T], join: Callable[[bool, T, T], T]) -> T:
    """Return the clauses joined from the left; ``join`` is told whether by ``or``, else by ``and``."""
    result = one(clauses[0])
    for clause in clauses[1:]:
        result = join(clause.either, result, one(clause))
    return result
