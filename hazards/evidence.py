"""Published numbers and claims: what was found, in whom, how, and what speaks against it."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

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

    text: Words
    caution: str = ""
    topic: str = ""
    modality: str = ""
    population: str = ""
    study: str = ""
    number: str = ""
    follow_up: str = ""
    direction: Direction | None = None
    contradicts: tuple[Identifier, ...] = ()
    rests_on: tuple[Identifier, ...] = ()
    integrity: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _cites(self) -> Evidence:
        if not self.sources or self.confidence is None:
            missing_ground("this evidence", "cite a declared source with a confidence")
        return self
