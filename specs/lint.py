"""Findings about a specification that is well formed: what is unused, unverified or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import Literal, references, show, walk
from stimproof.specs.findings import Code, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.context import Context
    from stimproof.specs.specification import Specification


def lint(specification: Specification, context: Context) -> list[Finding]:
    """Return every warning and note about the specification."""
    return [
        *_unused(specification, context),
        *_numbers(specification),
        *_uncited(specification),
        *_not_analysed(specification),
    ]


def _not_analysed(specification: Specification) -> Iterator[Finding]:
    """Name every declared fault: no analysis injects faults yet, and none may be believed to."""
    for fault in specification.faults.values():
        yield Finding(
            Code.NOT_ANALYSED,
            fault.location,
            f"the fault '{fault.name}' ({fault.sentence}) is not analysed",
            "no proof says anything about the device with this fault; judge it in the risk file",
        )


def _unused(specification: Specification, context: Context) -> Iterator[Finding]:
    spec = specification
    used = _mentioned(spec)
    events = {transition.event for machine in spec.machines.values() for transition in machine.transitions}
    sections: list[tuple[str, set[str], set[str], str]] = [
        ("constants", set(spec.constants), context.used, "nothing mentions it"),
        ("definitions", set(spec.definitions), context.used, "nothing mentions it"),
        ("sources", set(spec.sources), context.cited, "nothing cites it"),
        (
            "electrodes",
            set(spec.electrodes),
            {item.electrode.name for item in spec.stimuli.values()},
            "no stimulus uses it",
        ),
        (
            "parameters",
            set(spec.parameters),
            _parameters_used(spec),
            "no stimulus, limit or interlock uses it",
        ),
        (
            "stimuli",
            set(spec.stimuli),
            {stimulus.name for item in spec.limits.values() for stimulus in item.stimuli},
            "no limit is set for it",
        ),
        ("variables", set(spec.variables), used, "no guard, update or property reads it"),
        ("inputs", set(spec.inputs), used, "nothing reads it"),
        ("events", set(spec.events), events, "no transition waits for it"),
    ]
    for section, declared, mentioned, why in sections:
        for name in sorted(declared - mentioned):
            yield Finding(
                Code.UNUSED,
                context.source.at((section, name), key=True),
                f"'{name}' is declared, but {why}",
                "use it, or remove it",
            )


def _parameters_used(spec: Specification) -> set[str]:
    used = {parameter.name for item in spec.stimuli.values() for parameter in item.parameters}
    used |= {parameter.name for item in spec.limits.values() for parameter in item.parameters}
    for claim in [item.claim for item in spec.limits.values()] + [
        item.claim for item in spec.interlocks.values()
    ]:
        if claim is not None:
            used |= {name.removesuffix(DELIVERED) for name in references(claim)}
    return used


def _mentioned(spec: Specification) -> set[str]:
    """Return every variable and input that some guard, right-hand side, stay condition or property reads."""
    used: set[str] = set()
    for machine in spec.machines.values():
        for mode in machine.modes.values():
            used |= references(mode.stay)
            for _, term in (*mode.entry, *mode.exit):
                used |= references(term)
        for transition in machine.transitions:
            used |= references(transition.guard)
            for _, term in transition.updates:
                used |= references(term)
    for item in spec.properties.values():
        used |= item.meaning.mentioned
    return used


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
