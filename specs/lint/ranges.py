"""Ranges that are wider than what they are filled from, or than what bounds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import Reference, references
from stimproof.specs.findings import Code, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.context import Context
    from stimproof.specs.specification import Input, Specification, Transition, Variable

_STORED = {
    "saturate": "what lies outside is stored as the nearest end",
    "wrap": "what lies outside is stored as another number",
    "forbid": "what lies outside breaks the variable's own range",
    None: "what lies outside breaks the variable's own range",
}


def findings(specification: Specification, context: Context) -> Iterator[Finding]:
    """Yield parameters that outreach their bound, and inputs that outreach what stores them."""
    yield from _bounded(specification, context)
    for machine in specification.machines.values():
        for transition in machine.transitions:
            yield from _stored(specification, transition)


def _bounded(specification: Specification, context: Context) -> Iterator[Finding]:
    """Name parameters with values that the whole range of the parameter that bounds them excludes."""
    for name, given in context.document.parameters.items():
        here = specification.parameters.get(name)
        for bound, above in ((given.at_most, True), (given.at_least, False)):
            other = specification.parameters.get(bound.parameter) if bound is not None else None
            if here is None or other is None:
                continue
            beyond = here.high > other.high if above else here.low < other.low
            if beyond:
                word, end = ("above", other.high) if above else ("below", other.low)
                yield Finding(
                    Code.RANGE_WIDER,
                    here.location,
                    f"no value of '{name}' {word} {here.unit.show(end)} can be programmed: "
                    f"'{other.name}', which bounds it, ends there",
                    "give both the same end, or check which of the two was misread",
                )


def _stored(specification: Specification, transition: Transition) -> Iterator[Finding]:
    """Name inputs that are stored as they come, unguarded, in a variable with a narrower range."""
    for name, term in transition.updates:
        variable = specification.variables[name]
        item = specification.inputs.get(term.name) if isinstance(term, Reference) else None
        if item is None or item.name in references(transition.guard) or not _outreaches(item, variable):
            continue
        yield Finding(
            Code.RANGE_WIDER,
            transition.location,
            f"'{item.name}' ({_range(item)}) is stored in '{name}' ({_range(variable)}): "
            f"{_STORED[variable.overflow]}",
            "widen the variable, guard the transition, or check which of the two ranges was misread",
        )


def _outreaches(item: Input, variable: Variable) -> bool:
    if item.low is None or item.high is None or variable.low is None or variable.high is None:
        return False
    return item.low < variable.low or item.high > variable.high


def _range(item: Input | Variable) -> str:
    ends = [
        item.unit.show(end) if item.unit else str(end) for end in (item.low, item.high) if end is not None
    ]
    return " … ".join(ends)
