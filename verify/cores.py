"""Proof cores: which elements of a specification a proof needs, and which it could do without.

The elements come from an unsatisfiable core of the proof's own questions over the opened machine
(:mod:`stimproof.verify.relaxing`), made smaller by leaving out one after the other. The reduced scripts are
confirmed by the second solver: the claim then holds of every device that shares the needed elements,
whatever the others are. What is no element is always taken for granted: the sources, events and priorities
of transitions, what the types ensure, and the claim itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Expression, negate, references, rewrite
from stimproof.verify import certificates, liveness, recheck, solver
from stimproof.verify.encoding import encode
from stimproof.verify.goals import watch
from stimproof.verify.prepared import prepare
from stimproof.verify.relaxing import closed, opened
from stimproof.verify.results import Core, Obligation, Result
from stimproof.verify.trimming import conjuncts

if TYPE_CHECKING:
    from stimproof.specs.expressions import Type
    from stimproof.specs.specification import Specification
    from stimproof.verify.monitors import Watched
    from stimproof.verify.problem import Problem

MAX_TRIES = 64
"""How many elements are tried to be left out; a core of more may hold some that are not needed."""

DEFAULT_BUDGET = 50_000_000
"""z3 resource units for each question (deterministic, not seconds)."""

Excludes = Callable[[frozenset[int]], frozenset[int] | None]


def with_cores(
    specification: Specification,
    results: Sequence[Result],
    files: Mapping[str, str],
    budget: int = DEFAULT_BUDGET,
) -> list[Result]:
    """Return the results, each proof with what it needs of the specification."""
    return [replace(result, core=core_of(specification, result, files, budget)) for result in results]


def core_of(
    specification: Specification, result: Result, files: Mapping[str, str], budget: int
) -> Core | None:
    """Return what the proof of a result needs.

    ``None`` where there is no proof, where the budget does not suffice to say what it needs, or where the
    second solver does not confirm that what is needed is enough.
    """
    certificate = result.certificate
    if certificate is None or result.witness is not None:
        return None
    try:
        if result.obligation.id.startswith("limits."):
            return _limit_core(specification, result, budget)
        text = files.get(certificate.proof or "")
        proof = json.loads(text) if text else {}
        # A strategy and a trap are no invariant of the whole device, and have no core.
        if "plans" in proof or "first" not in proof:
            return None
        return _machine_core(specification, result.obligation, proof, budget)
    except solver.GaveUpError:
        return None


def _machine_core(
    specification: Specification, obligation: Obligation, proof: Mapping[str, str], budget: int
) -> Core | None:
    free = opened(specification)
    watched = _watched(watch(free.system, specification, obligation), proof)
    state = watched.system.state
    invariant = rewrite(
        certificates.read_invariant(watched.system, proof["invariant"]),
        lambda here: state[here.name.removeprefix("s.")].reference,
    )
    names = [*free.first, *free.steps]
    kept = _minimal(
        _questions(watched, invariant, [*free.first.values()], [*free.steps.values()], budget), len(names)
    )
    if kept is None:
        return None
    needed = [names[number] for number in sorted(kept)]
    put_back = (
        {name: term for name, term in elements.items() if name in needed}
        for elements in (free.first, free.steps)
    )
    scripts = certificates.proof_scripts(
        closed(watched.system, *put_back), watched.goal, proof["invariant"], obligation.id
    )
    if not all(recheck.run(script).confirmed for script in scripts.values()):
        return None
    return Core(tuple(needed), _beside(specification, obligation, names, needed), recheck.name())


def _watched(watched: Watched, proof: Mapping[str, str]) -> Watched:
    return liveness.deadline(watched, Fraction(proof["bound"])) if "bound" in proof else watched


def _beside(
    specification: Specification, obligation: Obligation, names: Sequence[str], needed: Sequence[str]
) -> tuple[str, ...]:
    """Return the elements that the claim could depend on, as far as anybody can see, and does not."""
    watched = watch(encode(specification), specification, obligation)
    cone = watched.system.sliced(watched.goal)
    return tuple(name for name in names if name not in needed and _concerns(name, cone.state.keys()))


def _concerns(element: str, state: Container[str]) -> bool:
    """Return whether an element belongs to a machine or variable of the cone."""
    parts = element.split(".")
    written = parts[-1] if parts[-2] in ("updates", "entry", "exit") else parts[1]
    return parts[0] == "inputs" or written in state


def _questions(
    watched: Watched,
    invariant: Expression,
    first: Sequence[Expression],
    steps: Sequence[Expression],
    budget: int,
) -> Excludes:
    """Return what tells of some elements, by number, which of them the whole proof then needs."""
    system = watched.system
    formulas = solver.Formulas(system)
    labelled = solver.Parts(formulas, [*first, *steps], budget)
    holds = formulas.term(invariant)
    parts = conjuncts(invariant)
    seen = formulas.allowed if system.mentions_step(watched.goal) else []
    # What holds at first may be used for the first state alone, and what steps do for steps alone.
    at_first, later = frozenset(range(len(first))), frozenset(range(len(first), len(first) + len(steps)))
    asked = [(at_first, [*formulas.initial, formulas.term(negate(part))]) for part in parts]
    asked += [(later, [holds, *formulas.allowed, formulas.later(negate(part))]) for part in parts]
    asked.append((later, [holds, *seen, formulas.term(watched.goal)]))

    def needed(among: frozenset[int]) -> frozenset[int] | None:
        found = frozenset[int]()
        for usable, facts in asked:
            more = labelled.excluding(facts, found & usable)
            more = labelled.excluding(facts, among & usable) if more is None else more
            if more is None:
                return None
            found |= more
        return found

    return needed


def _minimal(needed: Excludes, count: int) -> frozenset[int] | None:
    """Return elements of which none can be left out alone, as far as the tries suffice."""
    kept = needed(frozenset(range(count)))
    if kept is None:
        return None
    for number in sorted(kept, reverse=True)[:MAX_TRIES]:
        if number in kept:
            smaller = needed(kept - {number})
            kept = kept if smaller is None else smaller
    return kept


def _limit_core(specification: Specification, result: Result, budget: int) -> Core | None:
    """Return which ranges, tolerances and interlocks the proof of a claim about parameters needs."""
    limit = specification.limits[result.obligation.id.removeprefix("limits.")]
    given = prepare(specification, limit).problem
    on_grid = result.engine == "grid"
    steps, grid = given.grid() if on_grid else ({}, ())
    kinds: dict[str, Type] = {**given.variables(), **steps}
    terms = [*((_domain_element(given, part), part) for part in (*given.domain(), *grid))]
    terms += [(f"interlocks.{name}", lock.claim) for name, lock in specification.interlocks.items()]
    names = list(dict.fromkeys(name for name, _ in terms))
    claim = negate(given.claim)

    def needed(among: frozenset[int]) -> frozenset[int] | None:
        chosen = {names[number] for number in among}
        asked = [part for name, part in terms if name in chosen]
        return among if solver.find([*asked, claim], kinds, budget) is None else None

    kept = _minimal(needed, len(names))
    if kept is None:
        return None
    chosen = [names[number] for number in sorted(kept)]
    domain = tuple(part for name, part in terms if name in chosen)
    script = certificates.claim_script(kinds, domain, given.claim, result.obligation.id)
    spare = tuple(name for name in names if name not in chosen)
    return Core(tuple(chosen), spare, recheck.name()) if recheck.run(script).confirmed else None


def _domain_element(given: Problem, part: Expression) -> str:
    """Return the element that a part of a domain comes from."""
    mentioned = references(part)
    spread = next((base for name, (base, _) in given.spread.items() if name in mentioned), None)
    if spread is not None:
        return f"parameters.{spread}.tolerance" if spread not in given.enclosed else f"{spread} tolerance"
    name = next((item.name for item in given.parameters if item.name in mentioned), None)
    if name is None:
        return f"constants.{min(mentioned)}"
    return (
        f"parameters.{name}.step"
        if any(other.endswith(".step") for other in mentioned)
        else (f"parameters.{name}.range")
    )
