"""Simple facts that are inductive together: for products (charge = amplitude * width), and as a last resort.

A solver of inductive invariants seldom finds its way through products. But what keeps a product small is
mostly that each factor is bounded, everywhere or in some modes, and such bounds are linear. Candidates are
taken from what the device itself compares and declares; the largest inductive set of them is found by
dropping what fails (Houdini: Flanagan, Leino, FME 2001). Whether they bound the product is then one question
about numbers, without steps. The result is checked like any other invariant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, combinations, islice, product
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Integer,
    Literal,
    Op,
    Real,
    compare,
    conj,
    equal,
    implies,
    negate,
    references,
    walk,
)
from stimproof.verify.folding import Folder
from stimproof.verify.interpreter import evaluate
from stimproof.verify.solver import Candidates, GaveUpError

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.system import StateVariable, TransitionSystem

MOST = 600


def multiplies(term: Expression) -> bool:
    """Return whether a term multiplies two things that can both change."""
    return any(
        isinstance(node, Apply)
        and node.op is Op.MUL
        and sum(bool(references(factor)) for factor in node.args) > 1
        for node in walk(term)
    )


def bounded(
    system: TransitionSystem, specification: Specification, goal: Expression, budget: int
) -> Expression | None:
    """Return inductive bounds on single variables that exclude a goal with products; ``None`` if they do not.

    Raises:
        GaveUpError: the budget is spent.
    """
    return _inductive(system, list(_bounds(system, specification))[:MOST], goal, budget)


def mined(
    system: TransitionSystem, specification: Specification, goal: Expression, budget: int
) -> Expression | None:
    """Return simple facts that exclude a goal and are inductive together; ``None`` if they do not exclude it.

    Beside bounds these are equalities of two variables and truths that hold in a mode or while another holds,
    and the claim itself, which may be inductive once these are known.

    Raises:
        GaveUpError: the budget is spent.
    """
    claim = [] if system.mentions_step(goal) else [negate(Folder({}, system.definitions)(goal))]
    facts = chain(claim, _truths(system), _equalities(system), _bounds(system, specification))
    return _inductive(system, list(islice(facts, MOST)), goal, budget)


def _inductive(
    system: TransitionSystem, parts: list[Expression], goal: Expression, budget: int
) -> Expression | None:
    """Return the largest inductive set of candidates, if it excludes a goal."""
    expand = Folder({}, system.definitions)
    goal = expand(goal)
    kinds = {**{name: item.type for name, item in system.state.items()}, **system.inputs}
    start = [*(expand(part) for part in system.initial), system.typing()]
    purse = Candidates(kinds, start, [(TRUE, part) for part in parts], budget)
    parts = [parts[number] for number in _kept(purse, parts)]
    after = Folder({name: expand(term) for name, term in system.next.items()})
    step = [system.typing(), *(expand(part) for part in system.constraint)]
    moved = [after(part) for part in parts]
    purse = Candidates(kinds, step, list(zip(parts, moved, strict=True)), purse.left)
    parts = [parts[number] for number in _kept(purse, moved)]
    seen = step if system.mentions_step(goal) else [system.typing()]
    excluded = Candidates(kinds, [*seen, *parts], [(TRUE, negate(goal))], purse.left)
    return None if excluded.failing([0]) else conj(system.typing(), *parts)


def _kept(candidates: Candidates, claims: Sequence[Expression]) -> list[int]:
    """Return the numbers of the claims that remain when none of them fails any more."""
    kept = list(range(len(claims)))
    while (model := candidates.failing(kept)) is not None:
        left = [number for number in kept if evaluate(claims[number], model)]
        if left == kept:
            raise GaveUpError("values were found that cannot be written down")
        kept = left
    return kept


def _members(items: Iterable[StateVariable]) -> list[Expression]:
    """Return that an enumeration has a member, for each of both."""
    return [
        equal(item.reference, Literal(member, item.type))
        for item in items
        if isinstance(item.type, Enumeration)
        for member in item.type.members
    ]


def _truths(system: TransitionSystem) -> Iterator[Expression]:
    """Yield truth values, everywhere, in each mode, and while another one holds or does not."""
    flags = [item.reference for item in system.state.values() if item.type == BOOLEAN]
    literals = [sign for flag in flags for sign in (flag, negate(flag))]
    yield from literals
    for premise, fact in product([*_members(system.state.values()), *literals], literals):
        if references(premise) != references(fact):
            yield implies(premise, fact)


def _equalities(system: TransitionSystem) -> Iterator[Expression]:
    """Yield that two numbers of one type are equal."""
    for one, other in combinations(system.state.values(), 2):
        if one.type == other.type and isinstance(one.type, Integer | Real):
            yield equal(one.reference, other.reference)


def _bounds(system: TransitionSystem, specification: Specification) -> Iterator[Expression]:
    """Yield bounds on each number of the system, everywhere and in each mode of each machine."""
    modes = _members(item for item in system.state.values() if item.name in specification.machines)
    values = _constants(system)
    for item in system.state.values():
        declared = specification.variables.get(item.name)
        if declared is None or declared.low is None or declared.high is None:
            continue
        known = {declared.low, declared.high, *values.get(item.type, set())}
        inside = sorted(value for value in known if declared.low <= value <= declared.high)
        for value in inside:
            number = Literal(value if isinstance(item.type, Real) else int(value), item.type)
            for op in (Op.GE, Op.LE):
                bound = compare(op, item.reference, number)
                yield bound
                yield from (implies(mode, bound) for mode in modes)


def _constants(system: TransitionSystem) -> dict[object, set[Fraction]]:
    """Return the numbers of each type that the system compares or assigns."""
    found: dict[object, set[Fraction]] = {}
    for term in (*system.definitions.values(), *system.next.values(), *system.constraint):
        for node in walk(term):
            if isinstance(node, Literal) and isinstance(node.value, int | Fraction):
                found.setdefault(node.type, set()).add(Fraction(node.value))
    return found
