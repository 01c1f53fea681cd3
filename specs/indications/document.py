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

    id: Identifier
    title: str
    description: str = ""


class Said(Cited):
    """Something that a source says: it cites the source and how sure that reading is."""

    @model_validator(mode="after")
    def _cites(self) -> Said:
        demand_source(self, "this entry")
        return self


class Attribute(Said):
    """What is known of a patient: a truth value or one of several values."""

    type: Literal["boolean", "enum"]
    values: tuple[Identifier, ...] = ()
    meaning: str = ""

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

    when: ExpressionText
    doc: str = ""


class Modality(Said):
    """A way to treat; ``devices`` names the devices, by their ids, that are of this kind."""

    title: str
    device: bool = True
    devices: tuple[Identifier, ...] = ()


class Rule(Said):
    """What its sources say about one or several modalities for the patients that the condition holds of.

    ``over`` names the rules that it goes before where both apply, and ``why`` says on what ground.
    ``quotes`` has a few words of each source that says so in words worth keeping.
    """

    modality: Identifier | Identifiers
    kind: Kind
    when: ExpressionText
    over: tuple[Identifier, ...] = ()
    why: str = ""
    quotes: dict[Identifier, str] = {}
    doc: str = ""

    @model_validator(mode="after")
    def _grounded(self) -> Rule:
        if bool(self.over) != bool(self.why):
            message = "a precedence is stated by 'over' and 'why' together"
            advice = "name the rules that this one goes before, and say why"
            raise PydanticCustomError("precedence", message, {"advice": advice})
        return self


class Topic(Model):
    """A disagreement that is known and kept: a rule that speaks for a modality, and one against it."""

    title: str
    speaks_for: Identifier = Field(alias="for")
    speaks_against: Identifier = Field(alias="against")
    modality: Identifier
    note: str = ""


class IndicationsDocument(Model):
    """A whole indications file."""

    stimproof: Literal[1]
    indications: Head
    sources: dict[Identifier, Source] = {}
    attributes: dict[Identifier, Attribute]
    definitions: dict[Identifier, Predicate] = {}
    facts: dict[Identifier, Predicate] = {}
    modalities: dict[Identifier, Modality]
    rules: dict[Identifier, Rule]
    disagreements: dict[Identifier, Topic] = {}
