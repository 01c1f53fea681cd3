"""What a declared fault does to the claims about a device: what is tried, and the results."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class FaultEffect(Enum):
    """What a fault does to a claim."""

    TOLERATED = "tolerated"
    BROKEN = "broken"
    BROKEN_ANYWAY = "broken anyway"
    UNKNOWN = "unknown"

    @property
    def meaning(self) -> str:
        """What that says, in one sentence."""
        return _MEANINGS[self]


_MEANINGS = {
    FaultEffect.TOLERATED: "it holds although the fault is present",
    FaultEffect.BROKEN: "it holds without the fault and breaks with it",
    FaultEffect.BROKEN_ANYWAY: "it breaks with the fault and without it",
    FaultEffect.UNKNOWN: "no answer was found with the fault",
}


@dataclass(frozen=True, slots=True)
class FaultTrial:
    """A declared fault to be tried, and the obligations that are verified with it."""

    fault: str
    obligations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultResult:
    """One fault, one obligation, and what the fault does to it.

    ``file`` is the run with the fault; ``reason`` says why there is no answer, or why the fault changes
    nothing; ``spec_sha256`` is the text of the specification to which the fault was added.
    """

    fault: str
    obligation: str
    effect: FaultEffect
    spec_sha256: str
    file: str | None = None
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "fault": self.fault,
            "obligation": self.obligation,
            "effect": self.effect.value,
            "spec_sha256": self.spec_sha256,
            "file": self.file,
            "reason": self.reason,
        }


FaultResults = tuple[FaultResult, ...]
