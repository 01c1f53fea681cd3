"""What an author writes about faults: what can fail, how, and how often."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stimproof.specs.fields import (
    AnyQuantity,
    Duration,
    ExpressionText,
    Frequency,
    Identifier,
    Model,
    Sourced,
)


class _Fault(Model):
    """What every kind of fault may say."""

    rate: Sourced[Frequency] | None = Field(
        None, description="How often it occurs, sourced.", examples=[{"value": "unknown"}]
    )
    doc: str = Field("", description="A sentence for people, printed in the dossier.")


class StuckAt(_Fault):
    """A variable that keeps one value whatever the software writes."""

    kind: Literal["stuck_at"] = Field(description="The kind of fault.")
    variable: Identifier = Field(description="The variable.")
    value: ExpressionText = Field(description="The value that it keeps, a constant.", examples=["true"])


class Corrupt(_Fault):
    """A variable that takes any value of its type at any time."""

    kind: Literal["corrupt"] = Field(description="The kind of fault.")
    variable: Identifier = Field(description="The variable.")


class Omit(_Fault):
    """A transition that is not taken although it could be."""

    kind: Literal["omit"] = Field(description="The kind of fault.")
    transition: Identifier = Field(description="The transition, by its name.")


class Spurious(_Fault):
    """An event that occurs although nothing offers it."""

    kind: Literal["spurious"] = Field(description="The kind of fault.")
    event: Identifier = Field(description="The event.")


class Delay(_Fault):
    """An event or a transition that comes late."""

    kind: Literal["delay"] = Field(description="The kind of fault.")
    event: Identifier | None = Field(None, description="The event that is late, or instead:")
    transition: Identifier | None = Field(None, description="The transition that is late, by its name.")
    by: Duration = Field(description="How late at most.", examples=["200 ms"])


class Bias(_Fault):
    """An input that reads off by an amount."""

    kind: Literal["bias"] = Field(description="The kind of fault.")
    input: Identifier = Field(description="The input.")
    amount: AnyQuantity = Field(description="How far off it may read, either way.", examples=["2 K"])


Fault = Annotated[StuckAt | Corrupt | Omit | Spurious | Delay | Bias, Field(discriminator="kind")]
