"""Products of variables: a claim such as charge = amplitude * width from lemmas about each factor.

A solver of inductive invariants seldom finds its way through products. But what keeps a product small is
mostly that each factor is bounded, everywhere or in some modes, and such bounds are linear. Candidates are
taken from what the device itself compares and declares; the largest inductive set of them is found by
dropping what fails (Houdini: Flanagan, Leino, FME 2001). Whether they bound the product is then one question
about numbers, without steps. The result is checked like any other invariant.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    Apply,
    Enumeration,
    Expression,
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
from stimproof.verify.solver import find

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.system import TransitionSystem

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
    parts = list(_candidates(system, specification))[:MOST]
    expand = Folder({}, system.definitions)
    goal = expand(goal)
    kinds = {**{name: item.type for name, item in system.state.items()}, **system.inputs}
    start = [*(expand(part) for part in system.initial), system.typing()]
    while (model := find([*start, negate(conj(*parts))], kinds, budget)) is not None:
        parts = [part for part in parts if evaluate(part, model)]
    after = Folder({name: expand(term) for name, term in system.next.items()})
    step = [system.typing(), *(expand(part) for part in system.constraint)]
    while (model := find([*step, *parts, negate(conj(*map(after, parts)))], kinds, budget)) is not None:
        parts = [part for part in parts if evaluate(after(part), model)]
    seen = step if system.mentions_step(goal) else [system.typing()]
    if find([*seen, *parts, goal], kinds, budget) is not None:
        return None
    return conj(system.typing(), *parts)


def _candidates(system: TransitionSystem, specification: Specification) -> Iterator[Expression]:
    """Yield bounds on each number of the system, everywhere and in each mode of each machine."""
    modes = [
        equal(item.reference, Literal(mode, item.type))
        for item in system.state.values()
        if isinstance(item.type, Enumeration) and item.name in specification.machines
        for mode in item.type.members
    ]
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
