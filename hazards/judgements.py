"""What is judged about the risks as a whole, learned after production, written elsewhere, and reviewed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from stimproof.hazards.measures import External, Identifiers
from stimproof.hazards.ratings import Words
from stimproof.specs.fields import Cited, Identifier, Model

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[A-Za-z0-9_.-]+)?$", max_length=200)]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Population(Model):
    """A group of patients for whom risks are estimated by themselves."""

    population: Words = Field(description="Who belongs to it.")
    note: str = Field("", description="What else a reader must know.")


class BenefitRisk(Model):
    """Whether the benefit outweighs residual risks that the policy does not accept."""

    harms: Identifiers = Field(description="The harms whose residual risk is weighed.")
    benefits: Words = Field(description="What speaks for taking the risk.")
    evidence: tuple[Identifier, ...] = Field((), description="Entries of 'evidence' on which it rests.")
    conclusion: Literal["outweighs", "does not outweigh", "unknown"] = Field(
        description="Whether the benefit outweighs it."
    )
    why: Words = Field(description="On what ground.")
    note: str = Field("", description="What else a reader must know.")


class Overall(Model):
    """The overall residual risk: by which method and criteria it is judged, and the judgement."""

    method: Words = Field(description="How it is judged.")
    criteria: Words = Field(description="By which criteria.")
    conclusion: Literal["acceptable", "not acceptable", "unknown"] = Field(
        "unknown", description="The judgement."
    )
    why: str = Field("", description="On what ground.")
    evidence: tuple[Identifier, ...] = Field((), description="Entries of 'evidence' on which it rests.")
    documents: tuple[External, ...] = Field((), description="Documents that show it, each with a citation.")
    note: str = Field("", description="What else a reader must know.")


class PostProduction(Model):
    """What is collected in production and afterwards, who reviews it, and which entries it concerns."""

    collects: Words = Field(description="What is collected.")
    reviewed_by: Words = Field(description="Who reviews it.")
    every: str = Field("", description="How often.")
    concerns: tuple[Identifier, ...] = Field((), description="Which entries it concerns.")
    note: str = Field("", description="What else a reader must know.")


class Written(Cited):
    """A document outside this file; ``covers`` names the entries that it speaks of."""

    title: Words = Field(description="What it is called.")
    version: str = Field("", description="Which version.")
    covers: tuple[Identifier, ...] = Field((), description="Which entries it speaks of.")


class Clause(Cited):
    """A demand of a standard in one's own words; ``answered_by`` names the entries that answer it."""

    standard: Words = Field(description="Which standard.")
    clause: Words = Field(description="Which clause.")
    demands: Words = Field(description="What it demands, in one's own words.")
    answered_by: tuple[Identifier, ...] = Field((), description="The entries that answer it.")


class Review(Model):
    """That somebody reviewed an item on a day, what that means, and the fingerprints of what was reviewed.

    ``fingerprint`` is that of the item itself, ``context`` that of everything that it rests on.
    """

    item: ItemId = Field(description="What was reviewed: a section and an entry.")
    by: Words = Field(description="Who reviewed it.")
    role: Words = Field(description="In which role.")
    on: Day = Field(description="On which day.")
    meaning: Words = Field(description="What the review means.")
    fingerprint: Fingerprint = Field(description="The fingerprint of the item.")
    context: Fingerprint = Field(description="The fingerprint of all that it rests on.")

    @property
    def title(self) -> str:
        """What distinguishes it from other reviews."""
        return f"{self.item} by {self.by} ({self.role}) on {self.on}"
