"""Every expression of a specification, with the place of what it belongs to."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import NOWHERE, TRUE, Apply, Expression, Literal, Op, Reference
from stimproof.specs.findings import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.quantities import Unit
    from stimproof.specs.specification import Input as EnvironmentInput
    from stimproof.specs.specification import Meaning, Parameter, Specification, Variable

Placed = tuple[Location, Expression]


def about_parameters(specification: Specification) -> Iterator[Placed]:
    """Yield the claims of limits and interlocks."""
    for limit in specification.limits.values():
        if limit.claim is not None:
            yield limit.location, limit.claim
    for lock in specification.interlocks.values():
        yield lock.location, lock.claim


def about_machines(specification: Specification) -> Iterator[Placed]:
    """Yield the guards, right-hand sides and stay conditions of machines, and the terms of properties."""
    for machine in specification.machines.values():
        for mode in machine.modes.values():
            yield mode.location, mode.stay
            for _, term in (*mode.entry, *mode.exit):
                yield mode.location, term
        for transition in machine.transitions:
            yield transition.location, transition.guard
            for _, term in transition.updates:
                yield transition.location, term
    for item in specification.properties.values():
        for term in of_meaning(item.meaning):
            yield item.location, term


def of_meaning(meaning: Meaning) -> Iterator[Expression]:
    """Yield the terms that a property is made of."""
    for part in fields(meaning):
        value = getattr(meaning, part.name)
        if isinstance(value, Literal | Reference | Apply) and value != TRUE:
            yield value


def place(node: Expression, owner: Location) -> Location:
    """Return where a part of an expression stands, as a place inside what it belongs to."""
    if node.location == NOWHERE:
        return owner
    return Location(node.location.file, node.location.line, node.location.column, owner.path)


def named(specification: Specification, term: Expression) -> Parameter | Variable | EnvironmentInput | None:
    """Return the parameter, variable or input that a term is, if it is one by itself."""
    if isinstance(term, Apply) and term.op is Op.TO_REAL:
        return named(specification, term.args[0])
    if not isinstance(term, Reference):
        return None
    name = term.name.removesuffix(DELIVERED)
    own = specification.variables.get(name) or specification.inputs.get(name)
    return own or specification.parameters.get(name)


def unit_of(item: Parameter | Variable | EnvironmentInput) -> str:
    """Return the unit in which something was declared, as text."""
    unit: Unit | None = item.unit
    return unit.text if unit is not None else ""
