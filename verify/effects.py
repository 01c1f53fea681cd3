"""What removing a risk control from the model shows about it: what is tried, and the results."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Effect(Enum):
    """What a control does for an obligation, judged with it and without it."""

    EFFECTIVE = "effective"
    REDUNDANT = "redundant"
    INSUFFICIENT = "insufficient"
    UNKNOWN = "unknown"

    @property
    def meaning(self) -> str:
        """What that says, in one sentence."""
        return _MEANINGS[self]


_MEANINGS = {
    Effect.EFFECTIVE: "it holds with the control and breaks without it",
    Effect.REDUNDANT: "it holds with the control and without it, which is no evidence for the control",
    Effect.INSUFFICIENT: "it breaks with the control and without it",
    Effect.UNKNOWN: "no answer was found with the control, or without it",
}
_AS_IT_STANDS = {
    Effect.REDUNDANT: "it holds as it stands, and there is nothing to remove",
    Effect.INSUFFICIENT: "it breaks as it stands, and there is nothing to remove",
    Effect.UNKNOWN: "no answer was found as it stands, and there is nothing to remove",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """A control to be tried: the elements that it consists of, and the obligations that it serves.

    ``nothing`` says why it has no elements. The device as it stands is then the device without the control.
    """

    control: str
    elements: tuple[str, ...]
    obligations: tuple[str, ...]
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class AblationResult:
    """One control, one obligation that it serves, and the effect of removing the control's elements.

    ``file`` is the trace without the control, which shows what the control prevents; ``reason`` says why
    the effect is unknown, or why there is nothing to remove; ``spec_sha256`` is the text of the
    specification that was changed.
    """

    control: str
    obligation: str
    effect: Effect
    elements: tuple[str, ...]
    spec_sha256: str
    file: str | None = None
    reason: str = ""

    @property
    def meaning(self) -> str:
        """What the effect says, in one sentence with its reason."""
        if not self.elements:  # the reason is a sentence of the author's
            return ". ".join(filter(None, (_AS_IT_STANDS[self.effect], self.reason)))
        return f"{self.effect.meaning}; {self.reason}" if self.reason else self.effect.meaning

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "control": self.control,
            "obligation": self.obligation,
            "effect": self.effect.value,
            "elements": list(self.elements),
            "spec_sha256": self.spec_sha256,
            "file": self.file,
            "reason": self.reason,
        }
