"""Numbers that nobody has verified, cited or stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import Literal, show, walk
from stimproof.specs.findings import Code, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.specification import Specification


def findings(specification: Specification) -> Iterator[Finding]:
    """Yield what is unknown, unverified or uncited, and the faults that nothing analyses."""
    yield from _numbers(specification)
    yield from _uncited(specification)
    yield from _not_analysed(specification)


def _not_analysed(specification: Specification) -> Iterator[Finding]:
    """Name every declared fault: no analysis injects faults yet, and none may be believed to."""
    for fault in specification.faults.values():
        yield Finding(
            Code.NOT_ANALYSED,
            fault.location,
            f"the fault '{fault.name}' ({fault.sentence}) is not analysed",
            "no proof says anything about the device with this fault; judge it in the risk file",
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
    """Name claims that compare with a physical quantity of their own and cite nothing for it."""
    for item in specification.limits.values():
        if item.claim is None or item.citation.confidence != "not stated":
            continue
        numbers = [
            show(node)
            for node in walk(item.claim)
            if isinstance(node, Literal)
            and node.unit is not None
            and node.unit.text
            and node.value != 0
            and not node.constant
        ]
        if numbers:
            stated = ", ".join(dict.fromkeys(numbers))
            yield Finding(
                Code.MISSING_SOURCE,
                item.location,
                f"the claim '{item.text}' states {stated} and cites nothing for it",
                "add 'source:' and 'confidence:', so that a reader can judge the number",
                Severity.WARNING,
            )
