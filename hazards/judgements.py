"""What is judged about the risks as a whole, learned after production, written elsewhere, and reviewed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from stimproof.hazards.measures import External, Identifiers
from stimproof.hazards.ratings import Words
from stimproof.specs.fields import Cited, Identifier, Model

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[A-Za-z0-9_.-]+)?$", max_length=200)]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Population(Model):
    """A group of patients for whom risks are estimated by themselves."""

    population: Words
    note: str = ""


class BenefitRisk(Model):
    """Whether the benefit outweighs residual risks that the policy does not accept."""

    harms: Identifiers
    benefits: Words
    evidence: tuple[Identifier, ...] = ()
    conclusion: Literal["outweighs", "does not outweigh", "unknown"]
    why: Words
    note: str = ""


class Overall(Model):
    """The overall residual risk: by which method and criteria it is judged, and the judgement."""

    method: Words
    criteria: Words
    conclusion: Literal["acceptable", "not acceptable", "unknown"] = "unknown"
    why: str = ""
    evidence: tuple[Identifier, ...] = ()
    documents: tuple[External, ...] = ()
    note: str = ""


class PostProduction(Model):
    """What is collected in production and afterwards, who reviews it, and which entries it concerns."""

    collects: Words
    reviewed_by: Words
    every: str = ""
    concerns: tuple[Identifier, ...] = ()
    note: str = ""


class Written(Cited):
    """A document outside this file; ``covers`` names the entries that it speaks of."""

    title: Words
    version: str = ""
    covers: tuple[Identifier, ...] = ()


class Clause(Cited):
    """A demand of a standard in one's own words; ``answered_by`` names the entries that answer it."""

    standard: Words
    clause: Words
    demands: Words
    answered_by: tuple[Identifier, ...] = ()


class Review(Model):
    """That somebody reviewed an item on a day, what that means, and the fingerprints of what was reviewed.

    ``fingerprint`` is that of the item itself, ``context`` that of everything that it rests on.
    """

    item: ItemId
    by: Words
    role: Words
    on: Day
    meaning: Words
    fingerprint: Fingerprint
    context: Fingerprint

    @property
    def title(self) -> str:
        """What distinguishes it from other reviews."""
        return f"{self.item} by {self.by} ({self.role}) on {self.on}"
