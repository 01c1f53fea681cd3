"""Numbers that nobody has verified, cited or stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import Expression, Literal, show, walk
from stimproof.specs.findings import Code, Finding, Severity
from stimproof.specs.lint.terms import of_meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stimproof.specs.specification import Limit, Property, Specification, Transition


def findings(specification: Specification) -> Iterator[Finding]:
    """Yield what is unknown, unverified or uncited, and the faults that no proof considers."""
    yield from _numbers(specification)
    yield from _uncited(specification)
    yield from _not_analysed(specification)


def _not_analysed(specification: Specification) -> Iterator[Finding]:
    """Name every declared fault: no proof of 'verify' considers any, and none may be believed to."""
    for fault in specification.faults.values():
        yield Finding(
            Code.NOT_ANALYSED,
            fault.location,
            f"no proof here considers the fault '{fault.name}' ({fault.sentence})",
            "'stimproof faults' proves again with each fault; name it in a cause of the risk file",
        )


def _numbers(specification: Specification) -> Iterator[Finding]:
    for name, text, citation, location in specification.numbers:
        if citation.confidence == "unknown":
            yield Finding(
                Code.UNKNOWN_NUMBER,
                location,
                f"{name} is unknown",
                citation.note or "what rests on it has the verdict unknown until somebody cites it",
            )
        elif not citation.verified and citation.confidence != "not stated":
            yield Finding(
                Code.UNVERIFIED,
                location,
                f"{name} = {text} is only {citation.confidence}",
                "it is printed as unverified wherever it appears",
            )


def _uncited(specification: Specification) -> Iterator[Finding]:
    """Name what compares with a physical quantity of its own and cites nothing for it."""
    for limit in specification.limits.values():
        if limit.claim is not None:
            yield from _without_source(f"the claim '{limit.text}'", limit, [limit.claim], Severity.WARNING)
    for item in specification.properties.values():
        yield from _without_source(f"'{item.name}'", item, of_meaning(item.meaning), Severity.NOTE)
    for machine in specification.machines.values():
        for transition in machine.transitions:
            terms = [transition.guard, *(term for _, term in transition.updates)]
            yield from _without_source(transition.title, transition, terms, Severity.NOTE)


def _without_source(
    what: str, item: Limit | Property | Transition, terms: Iterable[Expression], weight: Severity
) -> Iterator[Finding]:
    if item.citation.confidence != "not stated":
        return
    numbers = [show(node) for term in terms for node in walk(term) if _is_physical(node)]
    if numbers:
        yield Finding(
            Code.MISSING_SOURCE,
            item.location,
            f"{what} states {', '.join(dict.fromkeys(numbers))} and cites nothing for it",
            "add 'source:' and 'confidence:', so that a reader can judge the number",
            weight,
        )


def _is_physical(node: Expression) -> bool:
    """Return whether a term is a number with a unit that is written out here; zero needs no source."""
    if not isinstance(node, Literal) or node.unit is None or node.constant:
        return False
    return bool(node.unit.text and node.value)
