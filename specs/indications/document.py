"""The shape of an indications file: frozen models, one for each construct; predicates are still text here.

It is material for the intended use and the information for safety of a dossier, never medical advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from stimproof.specs.document import Source
from stimproof.specs.fields import Cited, ExpressionText, Identifier, Identifiers, Model, demand_source

HEADS: Mapping[str, Any] = MappingProxyType(
    {"stimproof": 1, "indications": {"id": "indications", "title": "indications"}}
)
"""What an indications file must start with, and what stands in for it where it is broken."""

Kind = Literal["indicated", "contraindicated", "prerequisite", "favoured", "disfavoured"]


class Head(Model):
    """What the file is about."""

    id: Identifier = Field(description="The name under which tools know the file.")
    title: str = Field(description="The name that people read.")
    description: str = Field("", description="What it is about, in a few sentences.")


class Said(Cited):
    """Something that a source says: it cites the source and how sure that reading is."""

    @model_validator(mode="after")
    def _cites(self) -> Said:
        demand_source(self, "this entry")
        return self


class Attribute(Said):
    """What is known of a patient: a truth value or one of several values."""

    type: Literal["boolean", "enum"] = Field(description="Which values it can have.")
    values: tuple[Identifier, ...] = Field((), description="The members of an 'enum'.")
    meaning: str = Field("", description="What it says of a patient.")

    @model_validator(mode="after")
    def _finite(self) -> Attribute:
        if (self.type == "enum") != bool(self.values):
            message = "an enum needs 'values', and nothing else has them"
            raise PydanticCustomError("wrong_values", message, {"advice": "add or remove 'values'"})
        if len(set(self.values)) != len(self.values):
            raise PydanticCustomError("twice", "a value stands here twice", {"advice": "keep one of the two"})
        return self


class Predicate(Said):
    """A named condition over attributes, for use in others; also a fact about which patients exist."""

    when: ExpressionText = Field(description="The condition, over attributes and other definitions.")
    doc: str = Field("", description="A sentence for people.")


class Modality(Said):
    """A way to treat; ``devices`` names the devices, by their ids, that are of this kind."""

    title: str = Field(description="The name that people read.")
    device: bool = Field(True, description="Whether it is a device.")
    devices: tuple[Identifier, ...] = Field((), description="The ids of the devices that are of this kind.")


class Rule(Said):
    """What its sources say about one or several modalities for the patients that the condition holds of.

    ``over`` names the rules that it goes before where both apply, and ``why`` says on what ground.
    ``quotes`` has a few words of each source that says so in words worth keeping.
    """

    modality: Identifier | Identifiers = Field(
        description="The modality that it speaks of, or a list of them."
    )
    kind: Kind = Field(description="What it says.")
    when: ExpressionText = Field(description="Of which patients, as a condition over attributes.")
    over: tuple[Identifier, ...] = Field((), description="Rules that it goes before where both apply.")
    why: str = Field("", description="On what ground it goes before them.")
    quotes: dict[Identifier, str] = Field({}, description="A few words of each source.")
    doc: str = Field("", description="A sentence for people.")

    @model_validator(mode="after")
    def _grounded(self) -> Rule:
        if bool(self.over) != bool(self.why):
            message = "a precedence is stated by 'over' and 'why' together"
            advice = "name the rules that this one goes before, and say why"
            raise PydanticCustomError("precedence", message, {"advice": advice})
        return self


class Topic(Model):
    """A disagreement that is known and kept: a rule that speaks for a modality, and one against it."""

    title: str = Field(description="What the disagreement is about.")
    speaks_for: Identifier = Field(alias="for", description="The rule that speaks for the modality.")
    speaks_against: Identifier = Field(alias="against", description="The rule that speaks against it.")
    modality: Identifier = Field(description="The modality.")
    note: str = Field("", description="What else a reader must know.")


class IndicationsDocument(Model):
    """A whole indications file."""

    stimproof: Literal[1] = Field(description="The version of the language.")
    indications: Head = Field(description="What the file is about.")
    sources: dict[Identifier, Source] = Field({}, description="What rules are cited from.")
    attributes: dict[Identifier, Attribute] = Field(description="What is known of a patient.")
    definitions: dict[Identifier, Predicate] = Field({}, description="Named conditions.")
    facts: dict[Identifier, Predicate] = Field({}, description="Which patients exist.")
    modalities: dict[Identifier, Modality] = Field(description="Ways to treat.")
    rules: dict[Identifier, Rule] = Field(description="What sources say for which patients.")
    disagreements: dict[Identifier, Topic] = Field({}, description="Disagreements that are known and kept.")
