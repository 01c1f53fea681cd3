"""How bad and how probable: estimates on the scales of the risk file, each with its ground."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from stimproof.specs.fields import Identifier, Model

UNKNOWN = "unknown"
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Estimated = Literal["seen", "derived", "recalled", "uncertain", "judgement"]


def missing_ground(what: str, advice: str) -> None:
    """Reject an estimate that does not say on what it rests.

    Raises:
        PydanticCustomError: always.
    """
    raise PydanticCustomError("missing_source", "{what} has no ground", {"what": what, "advice": advice})


def _exact(value: Any) -> Any:
    """Return a probability as written: ``0.001``, ``1e-6`` or ``'1/1000'``."""
    if isinstance(value, str):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError):
            return value
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _chance(value: Any) -> Fraction:
    found = _exact(value)
    if not isinstance(found, Fraction) or not 0 <= found <= 1:
        message = "a probability from 0 to 1 is needed here"
        raise PydanticCustomError(
            "probability", "{message}", {"message": message, "advice": "write 0.001, 1e-3 or '1/1000'"}
        )
    return found


Chance = Annotated[Fraction, BeforeValidator(_chance), WithJsonSchema({"type": ["number", "string"]})]


def _rising(value: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    if value[0] > value[1]:
        raise PydanticCustomError(
            "probability", "the lower end lies above the upper end", {"advice": "write [lower, upper]"}
        )
    return value


class Level(Model):
    """A level of a scale: its meaning in words and, on a quantitative scale, its exact range."""

    meaning: Words = Field(description="What it means, in words.")
    range: tuple[Chance, Chance] | None = Field(None, description="Its exact range, on a quantitative scale.")

    @model_validator(mode="after")
    def _ordered(self) -> Level:
        if self.range is not None:
            _rising(self.range)
        return self


def _worded(value: Any) -> Any:
    return {"meaning": value} if isinstance(value, str) else value


ScaleLevel = Annotated[
    Level,
    BeforeValidator(_worded),
    WithJsonSchema({"anyOf": [{"type": "string"}, Level.model_json_schema()]}),
]
Scale = Annotated[dict[Identifier, ScaleLevel], Field(min_length=1)]


class Rating(Model):
    """A level of a scale, and on what it rests: evidence, a source, or judgement."""

    level: Identifier = Field(description="A level of the scale.")
    confidence: Estimated | None = Field(
        None, description="How sure that is; 'judgement' is the weakest ground."
    )
    source: Identifier | tuple[Identifier, ...] | None = Field(
        None, description="The declared source that says so, or a list of them."
    )
    evidence: tuple[Identifier, ...] = Field((), description="Entries of 'evidence' on which it rests.")
    note: str = Field("", description="What else a reader must know.")

    @property
    def sources(self) -> tuple[str, ...]:
        """The cited source ids."""
        return (self.source,) if isinstance(self.source, str) else self.source or ()

    @property
    def known(self) -> str | None:
        """The level, or ``None`` where nobody has estimated it as a level."""
        return None if self.level == UNKNOWN else self.level


class Severity(Rating):
    """How bad a harm is; ``judgement`` is the weakest ground and needs no source."""

    @model_validator(mode="after")
    def _cites(self) -> Severity:
        if self.confidence is None or (
            self.confidence != "judgement" and not (self.sources or self.evidence)
        ):
            missing_ground(
                "this severity", "cite a source with a confidence, or write 'confidence: judgement'"
            )
        return self


class Probability(Rating):
    """How probable something is; ``unknown`` unless somebody has estimated it and says on what ground.

    ``range`` bounds it exactly on a quantitative scale; the ``level`` then follows and need not be written.
    """

    level: Identifier = Field(UNKNOWN, description="A level of the scale; 'unknown' counts as the highest.")
    range: tuple[Chance, Chance] | None = Field(
        None, description="Its exact bounds, on a quantitative scale."
    )

    @model_validator(mode="after")
    def _cites(self) -> Probability:
        if self.range is not None:
            _rising(self.range)
        if self.level == UNKNOWN and self.range is None:
            return self
        ground = self.note if self.confidence == "judgement" else self.sources or self.evidence
        if self.confidence is None or not ground:
            missing_ground(
                "this probability",
                "cite evidence or a source with a confidence; a judgement needs a note; or write 'unknown'",
            )
        return self


class Residual(Probability):
    """What remains of a risk when its controls work; ``severity`` only where the controls change it."""

    severity: Identifier | None = Field(None, description="The severity, where the controls change it.")
    benefit_risk: str = Field("", description="Why the benefit outweighs what is not acceptable.")
