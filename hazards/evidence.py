"""Published numbers and claims: what was found, in whom, how, and what speaks against it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from stimproof.hazards.ratings import Words, missing_ground
from stimproof.specs.fields import Cited, Identifier

Direction = Literal["for", "against", "mixed", "neutral"]


class Evidence(Cited):
    """A published number or observation for an estimate to cite; alone it says nothing about this device.

    ``population`` is in whom it was found, ``study`` the kind of study, ``number`` how many took part,
    ``follow_up`` how long they were followed; empty where the publication does not say. ``direction`` tells
    whether it speaks for the therapy. ``contradicts`` names evidence that says otherwise: both are printed,
    neither is averaged. ``rests_on`` names evidence that it only repeats or computes from. ``integrity``
    lists what makes the publication itself doubtful.
    """

    text: Words = Field(description="What was found.")
    caution: str = Field("", description="What limits it.")
    topic: str = Field("", description="What it is about.")
    modality: str = Field("", description="Which therapy it speaks of.")
    population: str = Field("", description="In whom it was found.")
    study: str = Field("", description="The kind of study.")
    number: str = Field("", description="How many took part.")
    follow_up: str = Field("", description="How long they were followed.")
    direction: Direction | None = Field(None, description="Whether it speaks for the therapy.")
    contradicts: tuple[Identifier, ...] = Field((), description="Evidence that says otherwise.")
    rests_on: tuple[Identifier, ...] = Field(
        (), description="Evidence that it only repeats or computes from."
    )
    integrity: tuple[Words, ...] = Field((), description="What makes the publication itself doubtful.")

    @model_validator(mode="after")
    def _cites(self) -> Evidence:
        if not self.sources or self.confidence is None:
            missing_ground("this evidence", "cite a declared source with a confidence")
        return self
