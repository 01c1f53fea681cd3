"""The part of a model on which a property depends, and runs of that part made whole again.

A conjunct of the relation that says what one variable becomes, and whose variable no other conjunct
constrains, blocks no step: it may go when nothing that stays reads the variable. Everything else stays. The
part therefore has every run of the model, so what is proved of it holds; certificates nevertheless speak of
the whole model. A run of the part is completed and then replayed on the whole model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from stimproof.verify.vmt.engine import Engine, Run, Search
from stimproof.verify.vmt.evaluation import NotReplayedError, values
from stimproof.verify.vmt.terms import BOOL, REAL

if TYPE_CHECKING:
    from stimproof.verify.vmt.model import Model, Property, Variable


@dataclass(frozen=True)
class Slice:
    """A part of a model, the initial conditions left out, and what each variable left out becomes."""

    whole: Model
    part: Model
    begins: tuple[int, ...]
    becomes: Mapping[int, int]


def definitions(model: Model) -> tuple[dict[int, int], list[int]]:
    """Return what each variable becomes, where one conjunct alone says so, and all other conjuncts."""
    terms = model.terms
    owner = {item.after: item.now for item in model.state}
    parts = terms.conjuncts(model.relation)
    mentioned = terms.variables_of_each(parts)
    uses = dict.fromkeys(owner, 0)
    for part in parts:
        for variable in mentioned[part] & owner.keys():
            uses[variable] += 1
    values, others = dict[int, tuple[int, int]](), list[int]()
    for part in parts:
        after = mentioned[part] & owner.keys()
        equation = terms.arguments[part] if terms.operators[part] == "=" else ()
        sides = [side for side in equation if side in after]
        if len(after) == 1 and sides and uses[sides[0]] == 1 and equation[0] != equation[1]:
            (value,) = (side for side in equation if side != sides[0])
            values[owner[sides[0]]] = (value, part)
            continue
        others.append(part)
    reads = terms.variables_of_each(value for value, _ in values.values())
    found = {now: value for now, (value, _) in values.items() if not reads[value] & owner.keys()}
    others += [part for now, (_, part) in values.items() if now not in found]
    return found, others


def sliced(model: Model, item: Property) -> Slice:
    """Return the part of a model on which a property depends."""
    terms = model.terms
    becomes, others = definitions(model)
    owner = {variable.after: variable.now for variable in model.state}
    begins = terms.variables_of_each(terms.conjuncts(model.initial))
    reads = terms.variables_of_each(becomes.values())
    needed = {owner.get(term, term) for term in terms.variables([item.term, *others])}
    while True:
        grown = set(needed)
        for now, value in becomes.items():
            if now in needed:
                grown |= reads[value]
        for mentioned in begins.values():
            if mentioned & needed:
                grown |= mentioned
        if grown == needed:
            break
        needed = grown
    kept = tuple(variable for variable in model.state if variable.now in needed)
    moves = [
        terms.make("=", (variable.after, becomes[variable.now]), BOOL)
        for variable in kept
        if variable.now in becomes
    ]
    part = replace(
        model,
        state=kept,
        inputs=tuple(variable for variable in model.inputs if variable.now in needed),
        initial=terms.both(term for term, mentioned in begins.items() if mentioned & needed or not mentioned),
        relation=terms.both([*others, *moves]),
    )
    left = tuple(term for term, mentioned in begins.items() if mentioned and not mentioned & needed)
    return Slice(model, part, left, {now: value for now, value in becomes.items() if now not in needed})


def completed(given: Slice, run: Run, budget: int) -> Run:
    """Return a run of the whole model that agrees with a run of the part.

    Raises:
        GaveUpError: the first values of what was left out are not found.
        NotReplayedError: a value depends on a division by zero.
    """
    whole, part = given.whole, given.part
    if whole.state == part.state and whole.inputs == part.inputs:
        return run
    state = {variable.now: variable for variable in whole.state}
    left = [variable for variable in whole.state if variable not in part.state]
    known: dict[int, Any] = {variable.now: anything(variable) for variable in (*whole.inputs, *left)}
    known |= _first(given, left, budget)
    states, inputs = [], []
    for number, here in enumerate(run.states):
        known |= {variable.now: value for variable, value in zip(part.state, here, strict=True)}
        known |= {
            variable.now: value for variable, value in zip(part.inputs, run.inputs[number], strict=True)
        }
        states.append(tuple(known[now] for now in state))
        inputs.append(tuple(known[variable.now] for variable in whole.inputs))
        becoming = values(whole.terms, list(given.becomes.values()), known)
        if None in becoming and number + 1 < len(run.states):
            raise NotReplayedError("the run divides by zero, which has no meaning")
        known |= dict(zip(given.becomes, becoming, strict=True))
    return Run(tuple(states), tuple(inputs))


def anything(variable: Variable) -> bool | int | Fraction:
    """Return some value of a variable that nothing constrains."""
    if variable.sort == BOOL:
        return False
    return Fraction(0) if variable.sort == REAL else 0


def _first(given: Slice, left: list[Variable], budget: int) -> dict[int, Any]:
    """Return first values of the variables that were left out."""
    if not given.begins:
        return {}
    terms = given.whole.terms
    nothing = terms.truth(True)
    claim = replace(given.whole.properties[0], term=terms.truth(False))
    # No input of the part is among these: what shares one with a variable that is needed was not left out.
    inputs = given.whole.inputs_of(given.begins)
    begin = replace(
        given.whole, state=tuple(left), inputs=inputs, initial=terms.both(given.begins), relation=nothing
    )
    run = Search(Engine(begin, [claim]), budget).violated(claim)
    if run is None:
        raise NotReplayedError("there is no initial state")
    found = zip((*left, *inputs), (*run.states[0], *run.inputs[0]), strict=True)
    return {variable.now: value for variable, value in found}
