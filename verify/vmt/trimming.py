"""The part of an inductive invariant that a property needs, so that less has to be confirmed.

Every conjunct that the property needs is kept, every one that the steps into a kept one need, and no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.verify.solver import GaveUpError

if TYPE_CHECKING:
    from typing import Any

    from stimproof.verify.vmt.engine import Engine
    from stimproof.verify.vmt.model import Property


def trimmed(engine: Engine, item: Property, invariant: int, budget: int) -> tuple[int, ...]:
    """Return conjuncts of an inductive invariant that are inductive together and imply a property.

    Raises:
        GaveUpError: the budget is spent, or the invariant is none.
    """
    needs = _Needs(engine, engine.model.terms.conjuncts(invariant), budget)
    kept = needs.of([engine.z3.Not(engine.goals[item])])
    todo = sorted(kept)
    while todo:
        more = needs.of([engine.relation, engine.z3.Not(needs.after[todo.pop()])]) - kept
        kept |= more
        todo.extend(sorted(more))
    return tuple(needs.parts[number] for number in sorted(kept))


class _Needs:
    """Conjuncts under labels, and which of them it takes to exclude something."""

    def __init__(self, engine: Engine, parts: list[int], budget: int) -> None:
        self.engine, self.parts, self.solver = engine, parts, engine.solver(budget)
        z3, here = engine.z3, engine.formulas(parts)
        old, new = engine.array(engine.now), engine.array(engine.after)
        self.after = [engine.placed(formula, old, new) for formula in here]
        self.labels = [z3.Bool(f"part.{number}", engine.context) for number in range(len(parts))]
        for label, formula in zip(self.labels, here, strict=True):
            self.solver.add(z3.Implies(label, formula))

    def of(self, facts: list[Any]) -> set[int]:
        """Return the places of conjuncts that exclude that all facts hold."""
        self.solver.push()
        try:
            self.solver.add(*facts)
            if self.engine.check(self.solver, *self.labels):
                raise GaveUpError("the invariant is not inductive")
            core = {str(label) for label in self.solver.unsat_core()}
        finally:
            self.solver.pop()
        return {number for number, label in enumerate(self.labels) if str(label) in core}
