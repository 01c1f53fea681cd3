"""A limit made ready to be decided: its problem, what its law says of applicability, what it leans on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import TRUE, Literal, references, walk
from stimproof.verify import problem
from stimproof.verify.laws import LAWS
from stimproof.verify.showing import sides

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Specification
    from stimproof.verify.problem import Problem


@dataclass(frozen=True)
class Prepared:
    """What is known of a limit before any solver is asked.

    ``inapplicable`` says why its law does not apply; ``gaps`` what nobody has stated, so that the limit may
    be refuted but not proved; ``hopeless`` that not even a refutation can be tried.
    """

    problem: Problem
    inapplicable: str = ""
    gaps: tuple[str, ...] = ()
    hopeless: bool = False
    assumptions: tuple[str, ...] = ()


def prepare(specification: Specification, limit: Limit) -> Prepared:
    """Return a limit ready to be decided."""
    if limit.claim is not None:
        given = replace(problem.of_claim(specification, limit.claim), computed=sides(limit.claim))
        return Prepared(given, gaps=given.missing)
    assert limit.law is not None
    draft = LAWS[limit.law](limit)
    given = problem.of_law(specification, draft, limit.stimuli[0].electrode if limit.stimuli else None)
    reasons = draft.excluded + (() if limit.argument else draft.outside)
    if reasons:
        return Prepared(given, inapplicable="not applicable, because " + "; ".join(reasons))
    assumptions = draft.assumptions
    if draft.outside:
        conditions = "; ".join(draft.outside)
        assumptions += (
            f"the law is applied outside its measuring conditions ({conditions}) "
            f"by this argument: {limit.argument}",
        )
    hopeless = bool(draft.unknown) and draft.claim == TRUE
    gaps = (*draft.unknown, *(() if hopeless else given.missing))
    return Prepared(given, "", gaps, hopeless, assumptions)


def unverified(specification: Specification, given: Problem, locks: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the numbers that a verdict leans on and that are only recalled or uncertain.

    ``locks`` names the interlocks that the verdict uses, whose parameters then count too.
    """
    terms = [given.claim, *(term for _, term, _ in given.computed)]
    terms += [specification.interlocks[name].claim for name in locks]
    names = {name.removesuffix(DELIVERED) for term in terms for name in references(term)}
    used = [
        (item.location.path, item.citation, f"{item.unit.show(item.low)} … {item.unit.show(item.high)}")
        for item in given.parameters
        if item.name in names
    ]
    constants = {node.constant for term in terms for node in walk(term) if isinstance(node, Literal)}
    used += [
        (item.location.path, item.citation, str(item.quantity))
        for item in specification.constants.values()
        if item.name in constants
    ]
    used += [
        (item.location.path, item.citation, item.text) for item in given.numbers if item.quantity is not None
    ]
    weak = [
        f"{name} = {text} ({citation.confidence})"
        for name, citation, text in used
        if citation.confidence in ("recalled", "uncertain")
    ]
    return tuple(dict.fromkeys(weak))


def ledger(specification: Specification, locks: tuple[str, ...]) -> tuple[str, ...]:
    """Return the entry of each interlock that a proof uses, and what discharges it."""
    entries = []
    for name in locks:
        lock = specification.interlocks[name]
        by = f"discharged by {lock.shown_by}" if lock.shown_by else "nothing discharges it yet"
        entries.append(f"interlock '{name}': {lock.text} ({by})")
    return tuple(entries)
