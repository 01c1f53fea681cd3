"""The shape of a specification file: frozen pydantic models, one for each construct of the language.

These models hold what the author wrote, checked field by field. Expressions are still text here;
:mod:`stimproof.specs.elaborate` types them once every name is known.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from stimproof.specs.quantities import (
    AREA,
    LENGTH,
    NUMBER,
    TIME,
    Dimension,
    Quantity,
    UnitError,
    exact_text,
    quantity,
)

Identifier = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*$", max_length=80)
]
ExpressionText = Annotated[
    str,
    BeforeValidator(lambda value: _as_text(value)),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
Identifiers = Annotated[tuple[Identifier, ...], Field(min_length=1)]
Confidence = Literal["seen", "derived", "recalled", "uncertain"]
UNKNOWN = "unknown"


class Model(BaseModel):
    """Base of all models: frozen, and every key that the language does not have is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _as_text(value: Any) -> Any:
    """Give an unquoted YAML scalar (``true``, ``3``, ``0.5``) back as text of the expression language."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return exact_text(value) if isinstance(value, Fraction) else value


def _read_quantity(value: Any) -> Quantity:
    if isinstance(value, Quantity):
        return value
    try:
        if isinstance(value, str):
            return quantity(value)
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return Quantity(Fraction(value), quantity("1").unit)
    except UnitError as error:
        raise PydanticCustomError(
            "wrong_unit",
            "{problem}",
            {"problem": str(error), "advice": "write a number and a unit, such as '25 uA' or '210 us'"},
        ) from None
    raise PydanticCustomError(
        "wrong_unit", "a number with a unit is needed", {"advice": "for example '25 uA'"}
    )


AnyQuantity = Annotated[
    Quantity,
    BeforeValidator(_read_quantity),
    WithJsonSchema({"type": ["string", "number"], "examples": ["25 uA"]}),
]


def _of(dimension: Dimension) -> BeforeValidator:
    def check(value: Any) -> Quantity:
        found = _read_quantity(value)
        if found.dimension != dimension:
            raise PydanticCustomError(
                "wrong_unit",
                "'{got}' is {kind}; {wanted} is needed",
                {
                    "got": str(found),
                    "kind": str(found.dimension),
                    "wanted": str(dimension),
                    "advice": "mend the unit",
                },
            )
        return found

    return BeforeValidator(check)


_IN_JSON = WithJsonSchema({"type": ["string", "number"]})
Length = Annotated[Quantity, _of(LENGTH), _IN_JSON]
Area = Annotated[Quantity, _of(AREA), _IN_JSON]
Duration = Annotated[Quantity, _of(TIME), _IN_JSON]
Plain = Annotated[Quantity, _of(NUMBER), _IN_JSON]

T = TypeVar("T")


class Cited(Model):
    """Who says so: a declared source and how sure we are of having read it there."""

    source: Identifier | tuple[Identifier, ...] | None = None
    confidence: Confidence | None = None
    note: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The cited source ids."""
        return (self.source,) if isinstance(self.source, str) else self.source or ()


class Sourced(Cited, Generic[T]):
    """A value with its source, or ``unknown``, which no proof may rest on."""

    value: T | Literal["unknown"]

    @model_validator(mode="after")
    def _cites(self) -> Sourced[T]:
        if self.value != UNKNOWN:
            _demand_source(self, "this number")
        return self

    @property
    def known(self) -> bool:
        """Whether somebody has cited a value."""
        return not (isinstance(self.value, str) and self.value == UNKNOWN)


def _demand_source(cited: Cited, what: str) -> None:
    missing = [name for name, got in (("source", cited.sources), ("confidence", cited.confidence)) if not got]
    if missing:
        raise PydanticCustomError(
            "missing_source",
            "{what} has no {missing}",
            {
                "what": what,
                "missing": " and no ".join(missing),
                "advice": "cite a declared source with a confidence (seen, derived, recalled, uncertain), "
                "or write 'unknown'",
            },
        )


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


class Disc(Model):
    """A flat disc: area = pi d^2 / 4."""

    shape: Literal["disc"]
    diameter: Sourced[Length]


class Cylinder(Model):
    """A cylinder band: lateral area = pi d l."""

    shape: Literal["cylinder"]
    diameter: Sourced[Length]
    length: Sourced[Length]


class Rectangle(Model):
    """A flat rectangle: area = width x length."""

    shape: Literal["rectangle"]
    width: Sourced[Length]
    length: Sourced[Length]


class Ring(Model):
    """A flat ring: area = pi (outer^2 - inner^2) / 4."""

    shape: Literal["ring"]
    outer_diameter: Sourced[Length]
    inner_diameter: Sourced[Length]


class GivenArea(Model):
    """A geometric area stated as such."""

    shape: Literal["given"]
    area: Sourced[Area]


Geometry = Annotated[Disc | Cylinder | Rectangle | Ring | GivenArea, Field(discriminator="shape")]


class Electrode(Model):
    """One kind of contact: geometry, material, the tissue it lies on."""

    geometry: Geometry
    area_tolerance: Sourced[Plain]
    material: Sourced[str]
    tissue: Sourced[str]
    contacts: Sourced[int] | None = None
    note: str = ""


class GridSegment(Model):
    """Equidistant programmable values from ``from`` to ``to``."""

    model_config = ConfigDict(populate_by_name=True)
    start: AnyQuantity = Field(alias="from")
    stop: AnyQuantity = Field(alias="to")
    step: AnyQuantity


class Parameter(Cited):
    """A programmable number: its range, its grid, its default, and how exactly it is delivered."""

    range: tuple[AnyQuantity, AnyQuantity]
    step: AnyQuantity | None = None
    grid: tuple[GridSegment, ...] = ()
    default: AnyQuantity | None = None
    tolerance: Sourced[Plain] | None = None
    doc: str = ""

    @model_validator(mode="after")
    def _cites(self) -> Parameter:
        _demand_source(self, "this parameter")
        return self


class Phase(Model):
    """One phase of a pulse: its polarity, and its amplitude and width relative to the programmed ones."""

    polarity: Literal["cathodic", "anodic"]
    amplitude: Plain = quantity("1")
    width: Plain = quantity("1")


class Waveform(Cited):
    """The shape of a pulse: its controlled phases and the gap between them."""

    phases: Annotated[tuple[Phase, ...], Field(min_length=1)] | Literal["unknown"]
    interphase_gap: Sourced[Duration]

    @model_validator(mode="after")
    def _cites(self) -> Waveform:
        if self.phases != UNKNOWN:
            _demand_source(self, "this waveform")
        return self


class Stimulus(Model):
    """A pulse train: which parameters set it, on which electrode."""

    electrode: Identifier
    amplitude: Identifier
    pulse_width: Identifier
    frequency: Identifier
    waveform: Waveform
    doc: str = ""


class Interlock(Cited):
    """A joint constraint on parameters that the firmware claims to enforce."""

    claim: ExpressionText
    discharged_by: str = ""

    @model_validator(mode="after")
    def _cites(self) -> Interlock:
        _demand_source(self, "this interlock")
        return self


class LawLimit(Cited):
    """A built-in law applied to one stimulus, with the limit that the law does not itself contain."""

    law: Literal["charge_per_phase", "charge_density", "shannon", "charge_injection_capacity", "timing"]
    stimulus: Identifier
    limit: AnyQuantity | Literal["unknown"] | None = None
    measured_on: str = ""
    condition: str = ""
    argument: str = ""
    doc: str = ""
    if_refuted: str = ""


class ClaimLimit(Cited):
    """Any claim about the programmable parameters."""

    claim: ExpressionText
    doc: str = ""
    if_refuted: str = ""


def _limit_kind(value: Any) -> str:
    given = value if isinstance(value, dict) else vars(value) if isinstance(value, Model) else {}
    # Not words that could be keys: an error's path names the branch, too, and keys tell where it stands.
    return "(claim)" if "claim" in given else "(law)"


Limit = Annotated[
    Annotated[LawLimit, Tag("(law)")] | Annotated[ClaimLimit, Tag("(claim)")], Discriminator(_limit_kind)
]


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
