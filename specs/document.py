"""The shape of a specification file: frozen pydantic models, one for each construct of the language.

These models hold what the author wrote, checked field by field. Expressions are still text here;
:mod:`stimproof.specs.elaborate` types them once every name is known.
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from stimproof.specs.failures import Fault
from stimproof.specs.fields import (
    AnyQuantity,
    Cited,
    ExpressionText,
    Identifier,
    Identifiers,
    Model,
    WrittenQuantity,
    demand_source,
)
from stimproof.specs.stimulation import Electrode, Interlock, Limit, Parameter, Placement, Stimulus

_DOC = "A sentence for people, printed in the dossier."


class Source(Model):
    """A document, page or file that numbers are cited from."""

    title: str = Field(description="What it is called, with edition and page where that matters.")
    url: str = Field("", description="Where it can be found.")
    licence: str = Field("", description="Under which licence it may be used.")
    note: str = Field("", description="What else a reader must know about it.")


class Device(Model):
    """What is specified, and how its software is classed."""

    id: Identifier = Field(description="The name under which tools know the device.", examples=["my-device"])
    name: str = Field(description="The name that people read.")
    maker: str = Field("", description="Who makes it.")
    version: str = Field("", description="Which version of the device is specified.")
    description: str = Field("", description="What it is, in a few sentences.")
    intended_use: str = Field("", description="For whom and for what it is meant, as its maker says.")
    component: Identifier = Field(
        "device", description="The component of which the requirements speak.", examples=["ipg"]
    )
    placement: Placement = Field("implanted", description="Where its electrodes are, unless they say so.")
    software_safety_class: Literal["A", "B", "C"] = Field(
        "C", description="The software safety class of IEC 62304 under which the dossier is made."
    )
    class_rationale: str = Field("", description="Why that class.")


class Constant(Cited):
    """A sourced number with a name, which may stand wherever the number itself may."""

    value: WrittenQuantity = Field(description="The number with its unit.", examples=["4 mA"])
    doc: str = Field("", description=_DOC)

    @model_validator(mode="after")
    def _cites(self) -> Constant:
        demand_source(self, "this constant")
        return self


class Definition(Model):
    """A name for an expression, which may stand wherever the expression itself may."""

    expression: ExpressionText = Field(
        description="What the name stands for, about parameters or about machines.",
        examples=["amplitude * pulse_width"],
    )
    doc: str = Field("", description=_DOC)


class Variable(Cited):
    """A typed variable of the device's software."""

    type: Literal["boolean", "enum", "integer", "quantity", "clock"] = Field(
        description="Which values it can have; a 'clock' starts at zero and grows with time."
    )
    values: tuple[Identifier, ...] = Field(
        (), description="The members of an 'enum'.", examples=[["LOW", "HIGH"]]
    )
    range: tuple[AnyQuantity, AnyQuantity] | None = Field(
        None, description="The ends of an 'integer' or a 'quantity'.", examples=[["0 mA", "5 mA"]]
    )
    overflow: Literal["wrap", "saturate", "forbid"] | None = Field(
        None, description="What an 'integer' does at its ends; 'forbid' makes staying inside an obligation."
    )
    initial: ExpressionText | None = Field(
        None, description="The first value, a constant; 'any' for every value of the type.", examples=["0 mA"]
    )
    doc: str = Field("", description=_DOC)


class Input(Cited):
    """What the environment may present at any step: a fresh value each time."""

    type: Literal["boolean", "enum", "integer", "quantity"] = Field(description="Which values it can have.")
    values: tuple[Identifier, ...] = Field((), description="The members of an 'enum'.")
    range: tuple[AnyQuantity, AnyQuantity] | None = Field(
        None, description="The ends of an 'integer' or a 'quantity'.", examples=[["20 degC", "60 degC"]]
    )
    doc: str = Field("", description=_DOC)


class Event(Model):
    """Something that happens: offered by the environment, or taken by the device itself."""

    kind: Literal["input", "internal"] = Field(
        "input", description="Whether the environment offers it, or the device takes it by itself."
    )
    doc: str = Field("", description=_DOC)


Actions = dict[Identifier, ExpressionText]


class Mode(Model):
    """A mode of a machine."""

    entry: Actions = Field({}, description="What entering it sets.", examples=[{"output_on": "true"}])
    exit: Actions = Field({}, description="What leaving it sets.", examples=[{"output_on": "false"}])
    stay: ExpressionText | None = Field(
        None, description="How long it may last: upper bounds of clocks.", examples=["t <= 5 s"]
    )
    terminal: bool = Field(False, description="Whether it may be the end, with no way out.")
    doc: str = Field("", description=_DOC)


class Transition(Cited):
    """What a machine does on an event: from where, when, to where, with which updates."""

    model_config = ConfigDict(populate_by_name=True)
    name: Identifier | None = Field(None, description="A name, by which a fault can speak of it.")
    source_modes: Identifier | Identifiers = Field(
        alias="from", description="A mode, a list of modes, or 'any'."
    )
    to: Identifier | None = Field(
        None,
        description="The mode that it leads to; without it the mode stays, and no action of a mode runs.",
    )
    event: Identifier = Field(description="What it waits for.")
    guard: ExpressionText | None = Field(
        None, description="The condition under which it can be taken.", examples=["temperature > 42 degC"]
    )
    do: Actions = Field({}, description="Its own updates.", examples=[{"count": "count + 1"}])
    priority: int = Field(0, description="The larger goes first where several could be taken.")
    doc: str = Field("", description=_DOC)


class Machine(Model):
    """A state machine."""

    initial: Identifier | Identifiers = Field(description="The first mode, or a list of possible ones.")
    modes: dict[Identifier, Mode] = Field(description="Its modes by their names.")
    transitions: tuple[Transition, ...] = Field((), description="How it passes from mode to mode.")
    doc: str = Field("", description=_DOC)


class Property(Cited):
    """A requirement on the machines, as a sentence."""

    sentence: str = Field(
        description="The requirement in structured English.",
        examples=["in OFF mode the ipg shall never satisfy output_on"],
    )
    doc: str = Field("", description=_DOC)
    if_refuted: str = Field("", description="What a maker would do if it does not hold.")


class SpecificationDocument(Model):
    """A whole specification file."""

    stimproof: Literal[1] = Field(description="The version of the language.")
    device: Device = Field(description="What is specified.")
    extends: Identifier | None = Field(
        None, description="The reference device that this one takes over and changes.", examples=["drg-axium"]
    )
    remove: tuple[str, ...] = Field(
        (), description="Entries of that device that this one has not.", examples=[["limits.charge"]]
    )
    includes: tuple[str, ...] = Field(
        (),
        description="More files of this specification, below this one's folder.",
        examples=[["sub/*.yaml"]],
    )
    sources: dict[Identifier, Source] = Field({}, description="What numbers are cited from.")
    constants: dict[Identifier, Constant] = Field({}, description="Numbers with names.")
    definitions: dict[Identifier, Definition] = Field({}, description="Expressions with names.")
    electrodes: dict[Identifier, Electrode] = Field({}, description="The kinds of contacts.")
    parameters: dict[Identifier, Parameter] = Field({}, description="What a person can program.")
    stimuli: dict[Identifier, Stimulus] = Field({}, description="The kinds of pulse trains.")
    interlocks: dict[Identifier, Interlock] = Field(
        {}, description="Joint constraints on parameters that the firmware claims to enforce."
    )
    limits: dict[Identifier, Limit] = Field({}, description="What the parameters must keep to.")
    variables: dict[Identifier, Variable] = Field({}, description="What the software remembers.")
    inputs: dict[Identifier, Input] = Field({}, description="What the environment presents.")
    events: dict[Identifier, Event] = Field({}, description="What can happen.")
    machines: dict[Identifier, Machine] = Field({}, description="The state machines.")
    properties: dict[Identifier, Property] = Field({}, description="Requirements on the machines.")
    faults: dict[Identifier, Fault] = Field({}, description="What can fail.")
