"""The certificate of an invariant: three questions in SMT-LIB that a second solver must refute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.verify import recheck
from stimproof.verify.vmt.terms import BOOL
from stimproof.verify.vmt.writing import quoted, script

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stimproof.verify.vmt.model import Model, Property

INITIATION, CONSECUTION, SAFETY = "initiation.smt2", "consecution.smt2", "safety.smt2"
BASE, STEP = "base.smt2", "step.smt2"


class NotConfirmedError(Exception):
    """The second solver does not confirm a certificate; says what it answered."""


def scripts(model: Model, item: Property, invariant: int) -> dict[str, str]:
    """Return the scripts of an inductive invariant: it holds first, it stays, it implies the property."""
    terms = model.terms
    after = {variable.now: variable.after for variable in model.state}
    (follows,) = terms.replaced([invariant], after)
    about = f"property {item.number} ({item.name}) of {model.file}, line {item.line}"
    questions = {
        INITIATION: ("an initial state outside the invariant", [model.initial, terms.negation(invariant)]),
        CONSECUTION: ("a step out of the invariant", [invariant, model.relation, terms.negation(follows)]),
        SAFETY: ("a state of the invariant that violates", [invariant, terms.negation(item.term)]),
    }
    return {
        name: script(model, parts, f"{about}\n{what}; unsat: there is none".replace("\r", " "))
        for name, (what, parts) in questions.items()
    }


def part_scripts(model: Model, item: Property, parts: Sequence[int]) -> dict[str, str]:
    """Return the scripts of an inductive invariant with a question of its own about each conjunct."""
    terms = model.terms
    whole = scripts(model, item, terms.both(parts))
    del whole[CONSECUTION]
    after = terms.replaced(parts, {variable.now: variable.after for variable in model.state})
    about = f"property {item.number} ({item.name}) of {model.file}, line {item.line}".replace("\r", " ")
    for number, follows in enumerate(after):
        what = f"a step out of conjunct {number} of the invariant; unsat: there is none"
        question = [*parts, model.relation, terms.negation(follows)]
        whole[CONSECUTION.replace(".", f"-{number}.")] = script(model, question, f"{about}\n{what}")
    return whole


def induction_scripts(model: Model, item: Property, depth: int) -> dict[str, str]:
    """Return the scripts of k-induction: no violation within fewer than ``depth`` steps, none after as many.

    A run may end in a state without successors, so the base case asks about runs of every length.
    """
    terms = model.terms
    layers = [_layer(model, number) for number in range(depth + 1)]
    names = {term: text for layer in layers for term, text in layer[1].items()}

    def at(term: int, number: int) -> int:
        placed = dict(layers[number][0])
        if number < depth:
            after = layers[number + 1][0]
            placed |= {variable.after: after[variable.now] for variable in model.state}
        return terms.replaced([term], placed)[0]

    goals = [at(item.term, number) for number in range(depth + 1)]
    steps = [at(model.relation, number) for number in range(depth)]
    violation = terms.negation(goals[depth - 1])
    for goal, step in zip(reversed(goals[: depth - 1]), reversed(steps[: depth - 1]), strict=True):
        violation = terms.make("or", (terms.negation(goal), terms.both([step, violation])), BOOL)
    about = f"property {item.number} ({item.name}) of {model.file}, line {item.line}".replace("\r", " ")
    base = f"{about}\na violation within {depth - 1} steps; unsat: there is none"
    after = f"{about}\na violation after {depth} steps without one; unsat: there is none"
    return {
        BASE: script(model, [at(model.initial, 0), violation], base, names),
        STEP: script(model, [*goals[:depth], *steps, terms.negation(goals[depth])], after, names),
    }


def _layer(model: Model, number: int) -> tuple[dict[int, int], dict[int, str]]:
    """Return the copies of the variables in one state of a path, and the symbols of the copies."""
    copies, symbols = dict[int, int](), dict[int, str]()
    for variable in (*model.state, *model.inputs):
        copy = model.terms.variable((number, variable.name), variable.sort)
        copies[variable.now] = copy
        symbols[copy] = quoted(f"at{number}.{variable.name}")
    return copies, symbols


def confirm(written: Mapping[str, str], budget: int) -> None:
    """Let the second solver answer every script.

    Raises:
        NotConfirmedError: one answer is not ``unsat``.
    """
    for name, text in written.items():
        answer = recheck.run(text, budget)
        if not answer.confirmed:
            raise NotConfirmedError(f"{recheck.name()} does not confirm {name}: {answer.text}")
