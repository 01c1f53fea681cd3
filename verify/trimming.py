"""Only what a proof needs: an inductive invariant without the conjuncts that it can do without.

What Spacer finds, and what the types ensure, says more than a claim needs. The conjuncts that the claim
needs are kept, then those that keep these inductive, and so on: a smaller inductive subset in the manner of
Bradley and Manna (FMCAD 2007), read from unsatisfiable cores. It is checked like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Apply, Expression, Op, conj, negate
from stimproof.verify import solver

if TYPE_CHECKING:
    from stimproof.verify.solver import Formulas


def conjuncts(term: Expression) -> tuple[Expression, ...]:
    """Return the parts of nested conjunctions, each once."""
    if not (isinstance(term, Apply) and term.op is Op.AND):
        return (term,)
    return tuple(dict.fromkeys(part for argument in term.args for part in conjuncts(argument)))


def trimmed(formulas: Formulas, goal: Expression, invariant: Expression, budget: int) -> Expression:
    """Return an inductive part of an invariant that still excludes the goal, or all of it."""
    parts = conjuncts(invariant)
    try:
        kept = _kept(formulas, goal, parts, budget)
    except solver.GaveUpError:
        return invariant
    return invariant if kept is None else conj(*(parts[number] for number in sorted(kept)))


def _kept(
    formulas: Formulas, goal: Expression, parts: Sequence[Expression], budget: int
) -> frozenset[int] | None:
    """Return the numbers of the parts that are needed; ``None`` where the whole is no proof."""
    labelled, everything = solver.Parts(formulas, parts, budget), frozenset(range(len(parts)))
    seen = formulas.allowed if formulas.system.mentions_step(goal) else []
    needed = labelled.excluding([formulas.term(goal), *seen], everything)
    todo = sorted(needed or ())
    while todo and needed is not None:
        broken = [*formulas.allowed, formulas.later(negate(parts[todo.pop()]))]
        # What is kept already is asked first: nothing new is needed where that is enough.
        more = labelled.excluding(broken, needed)
        more = labelled.excluding(broken, everything) if more is None else more
        todo += sorted((more or frozenset()) - needed)
        needed = None if more is None else needed | more
    return needed
