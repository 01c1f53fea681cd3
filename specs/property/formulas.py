"""Conditions on a trace, as a small tree; :mod:`stimproof.specs.property.evaluation` gives their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.expressions import Value


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that never changes."""

    value: Value


@dataclass(frozen=True, slots=True)
class Name:
    """The value that the trace gives a name."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator of :data:`stimproof.specs.property.operators.OPERATORS`, applied step by step."""

    op: str
    args: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Temporal:
    """An operator of :mod:`stimproof.specs.property.temporal`; ``low`` and ``high`` bound its reach."""

    op: str
    args: tuple[Formula, ...]
    low: int = 0
    high: int = 0


Formula = Constant | Name | Operation | Temporal


def parts(formula: Formula) -> Iterator[Formula]:
    """Yield a formula and everything inside it, each as often as it occurs."""
    yield formula
    if isinstance(formula, Operation | Temporal):
        for argument in formula.args:
            yield from parts(argument)


def names(formula: Formula) -> frozenset[str]:
    """Return the names that a formula mentions."""
    return frozenset(part.name for part in parts(formula) if isinstance(part, Name))
