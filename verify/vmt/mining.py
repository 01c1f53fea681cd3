"""Candidate lemmas: simple facts about variables, of which those stay that hold at first and after each step.

The largest set of candidates that is inductive is found by leaving out what a step breaks, until no step
breaks anything (Houdini: Flanagan, Leino, FME 2001). Bounds, orders, equalities and implications between
variables are what generalisation from single states often misses.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import TYPE_CHECKING

from stimproof.verify.solver import GaveUpError
from stimproof.verify.vmt.terms import BOOL, CONSTANT

if TYPE_CHECKING:
    from typing import Any

    from stimproof.verify.vmt.engine import Engine
    from stimproof.verify.vmt.model import Model, Property

MOST, ROUNDS = 150, 60
"""How many candidates are tried, and how often some are left out."""


def candidates(model: Model, item: Property) -> Iterator[int]:
    """Yield facts about one or two state variables of a model."""
    terms = model.terms
    held = [variable.now for variable in model.state if not variable.free]
    constants = [
        term
        for term in terms.cone([model.initial, model.relation, item.term])
        if terms.operators[term] == CONSTANT and terms.sorts[term] != BOOL
    ]
    for first, second in combinations(held, 2):
        if terms.sorts[first] == terms.sorts[second]:
            yield terms.make("=", (first, second), BOOL)
    for first, second in combinations(held, 2):
        if terms.sorts[first] == terms.sorts[second] == BOOL:
            yield terms.make("=>", (first, second), BOOL)
            yield terms.make("=>", (second, first), BOOL)
            yield terms.make("not", (terms.make("and", (first, second), BOOL),), BOOL)
        elif terms.sorts[first] == terms.sorts[second]:
            yield _at_most(model, first, second)
            yield _at_most(model, second, first)
    for variable in held:
        for constant in constants:
            if terms.sorts[variable] == terms.sorts[constant]:
                yield _at_most(model, variable, constant)
                yield _at_most(model, constant, variable)


def _at_most(model: Model, small: int, large: int) -> int:
    name = "<=" if isinstance(model.terms.sorts[small], str) else "bvule"
    return model.terms.make(name, (small, large), BOOL)


def lemmas(engine: Engine, item: Property, budget: int) -> int | None:
    """Return an inductive invariant made of candidates and the property, or ``None``.

    Raises:
        GaveUpError: the budget is spent.
    """
    model = engine.model
    found = [item.term, *islice(candidates(model, item), MOST)]
    if len(found) < 2 or model.inputs_of([item.term]):
        return None
    here = engine.formulas(found)
    old, new = engine.array(engine.now), engine.array(engine.after)
    after = [engine.placed(formula, old, new) for formula in here]
    begins, steps = engine.solver(budget), engine.solver(budget)
    begins.add(engine.initial)
    steps.add(engine.relation)
    kept = list(range(len(found)))
    for _ in range(ROUNDS):
        broken = _broken(engine, begins, [here[number] for number in kept], [])
        if not broken:
            assumed = [here[number] for number in kept]
            broken = _broken(engine, steps, [after[number] for number in kept], assumed)
        if not broken:
            return model.terms.both(found[number] for number in kept)
        if 0 in broken:
            return None
        kept = [number for place, number in enumerate(kept) if place not in broken]
    raise GaveUpError(f"candidates are still broken after {ROUNDS} rounds")


def _broken(engine: Engine, solver: Any, wanted: list[Any], assumed: list[Any]) -> set[int]:
    """Return the places of formulas that one model of the solver breaks, if there is one."""
    z3 = engine.z3
    solver.push()
    try:
        solver.add(*assumed, z3.Not(z3.And(*wanted)))
        if not engine.check(solver):
            return set()
        model = solver.model()
        values = [model.eval(formula, model_completion=True) for formula in wanted]
        return {place for place, value in enumerate(values) if not z3.is_true(value)}
    finally:
        solver.pop()
