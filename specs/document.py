"""The shape of a specification file: frozen pydantic models, one for each construct of the language.

These models hold what the author wrote, checked field by field. Expressions are still text here;
:mod:`stimproof.specs.elaborate` types them once every name is known.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from stimproof.specs.fields import AnyQuantity, Cited, ExpressionText, Identifier, Identifiers, Model
from stimproof.specs.stimulation import Electrode, Interlock, Limit, Parameter, Stimulus


class Source(Model):
    """A document, page or file that numbers are cited from."""

    title: str
    url: str = ""
    licence: str = ""
    note: str = ""


class Device(Model):
    """What is specified, and how its software is classed."""

    id: Identifier
    name: str
    maker: str = ""
    version: str = ""
    description: str = ""
    intended_use: str = ""
    component: Identifier = "device"
    software_safety_class: Literal["A", "B", "C"] = "C"
    class_rationale: str = ""


class Variable(Cited):
    """A typed variable of the device's software."""

    type: Literal["boolean", "enum", "integer", "quantity", "clock"]
    values: tuple[Identifier, ...] = ()
    range: tuple[AnyQuantity, AnyQuantity] | None = None
    overflow: Literal["wrap", "saturate", "forbid"] | None = None
    initial: ExpressionText | None = None
    doc: str = ""


class Input(Cited):
    """What the environment may present at any step: a fresh value each time."""

    type: Literal["boolean", "enum", "integer", "quantity"]
    values: tuple[Identifier, ...] = ()
    range: tuple[AnyQuantity, AnyQuantity] | None = None
    doc: str = ""


class Event(Model):
    """Something that happens: offered by the environment, or taken by the device itself."""

    kind: Literal["input", "internal"] = "input"
    doc: str = ""


Actions = dict[Identifier, ExpressionText]


class Mode(Model):
    """A mode of a machine."""

    entry: Actions = {}
    exit: Actions = {}
    stay: ExpressionText | None = None
    terminal: bool = False
    doc: str = ""


class Transition(Cited):
    """What a machine does on an event: from where, when, to where, with which updates."""

    model_config = ConfigDict(populate_by_name=True)
    source_modes: Identifier | Identifiers = Field(alias="from")
    to: Identifier | None = None
    event: Identifier
    guard: ExpressionText | None = None
    do: Actions = {}
    priority: int = 0
    doc: str = ""


class Machine(Model):
    """A state machine."""

    initial: Identifier | Identifiers
    modes: dict[Identifier, Mode]
    transitions: tuple[Transition, ...] = ()
    doc: str = ""


class Property(Cited):
    """A requirement on the machines, as a sentence."""

    sentence: str
    doc: str = ""
    if_refuted: str = ""


class SpecificationDocument(Model):
    """A whole specification file."""

    stimproof: Literal[1]
    device: Device
    sources: dict[Identifier, Source] = {}
    electrodes: dict[Identifier, Electrode] = {}
    parameters: dict[Identifier, Parameter] = {}
    stimuli: dict[Identifier, Stimulus] = {}
    interlocks: dict[Identifier, Interlock] = {}
    limits: dict[Identifier, Limit] = {}
    variables: dict[Identifier, Variable] = {}
    inputs: dict[Identifier, Input] = {}
    events: dict[Identifier, Event] = {}
    machines: dict[Identifier, Machine] = {}
    properties: dict[Identifier, Property] = {}
