"""A proof about machines, as long as it has not become files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from stimproof.verify import replay
from stimproof.verify.memory import Proven

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.specs.expressions import Value


@dataclass(frozen=True)
class Proof:
    """An invariant that both solvers accept, with its scripts."""

    engine: str
    invariant: str
    readable: str
    scripts: Mapping[str, str]
    first: Mapping[str, Value]
    """One initial state, which shows that the proof is about something."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What else the goal was made from: the deadline of an answer that has none, the plans of a strategy."""

    @property
    def found(self) -> Proven:
        """What of it is remembered."""
        return Proven(self.engine, self.invariant, self.first)


def within(proof: Proof, bound: Fraction | None) -> Proof:
    """Return a proof that says after how many seconds an answer without a deadline comes nevertheless."""
    return proof if bound is None else replace(proof, more={"bound": str(bound)})


def exact_values(values: Mapping[str, Value]) -> dict[str, str]:
    """Return values as text that loses nothing."""
    return {name: replay.exact(value) for name, value in values.items()}
