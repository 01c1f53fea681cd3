"""What an author writes about stimulation: electrodes, parameters, waveforms, interlocks and limits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from stimproof.specs.fields import (
    UNKNOWN,
    AnyQuantity,
    Area,
    Cited,
    Duration,
    ExpressionText,
    Identifier,
    Length,
    Model,
    Plain,
    Sourced,
    demand_source,
)
from stimproof.specs.quantities import quantity


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
        demand_source(self, "this parameter")
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
            demand_source(self, "this waveform")
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
        demand_source(self, "this interlock")
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
