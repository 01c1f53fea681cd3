"""What an author writes about stimulation: electrodes, parameters, waveforms, interlocks and limits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from stimproof.specs.fields import (
    UNKNOWN,
    AnyQuantity,
    Area,
    ArealCapacitance,
    Capacitance,
    Cited,
    Duration,
    ExpressionText,
    Frequency,
    Identifier,
    Length,
    Model,
    Plain,
    Resistance,
    Sourced,
    Voltage,
    demand_source,
)
from stimproof.specs.laws import LawName
from stimproof.specs.quantities import quantity

Placement = Literal["implanted", "percutaneous", "skin"]


def _amount_kind(value: Any) -> str:
    # Not words that could be keys: an error's path names the branch, too, and keys tell where it stands.
    return "(name)" if isinstance(value, str) else "(number)"


_Name = Annotated[Identifier, Tag("(name)")]
PlainAmount = Annotated[_Name | Annotated[Sourced[Plain], Tag("(number)")], Discriminator(_amount_kind)]
DurationAmount = Annotated[_Name | Annotated[Sourced[Duration], Tag("(number)")], Discriminator(_amount_kind)]
FrequencyAmount = Annotated[
    _Name | Annotated[Sourced[Frequency], Tag("(number)")], Discriminator(_amount_kind)
]
AnyAmount = Annotated[_Name | Annotated[Sourced[AnyQuantity], Tag("(number)")], Discriminator(_amount_kind)]
"""Amounts: a sourced number, or the name of a parameter."""


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
    placement: Placement | None = None
    impedance: Sourced[tuple[Resistance, Resistance]] | None = None
    double_layer_capacitance: Sourced[ArealCapacitance] | None = None
    note: str = ""


class GridSegment(Model):
    """Equidistant programmable values from ``from`` to ``to``."""

    model_config = ConfigDict(populate_by_name=True)
    start: AnyQuantity = Field(alias="from")
    stop: AnyQuantity = Field(alias="to")
    step: AnyQuantity


class Bound(Cited):
    """A parameter that another one never passes, and what shows that the firmware sees to it."""

    parameter: Identifier
    enforced_by: str = ""
    discharged_by: str = ""


def _as_bound(value: Any) -> Any:
    return {"parameter": value} if isinstance(value, str) else value


class Parameter(Cited):
    """A number of the device: its range, its grid, its default, and how exactly it is delivered.

    It is programmed, measured at the patient, or derived by the device; the last two need no grid, since
    every real value of their range is possible.
    """

    kind: Literal["programmed", "measured", "derived"] = "programmed"
    range: tuple[AnyQuantity, AnyQuantity]
    step: AnyQuantity | Literal["unknown"] | None = None
    grid: tuple[GridSegment, ...] = ()
    default: AnyQuantity | None = None
    tolerance: Sourced[Plain] | None = None
    at_most: (
        Annotated[Bound, BeforeValidator(_as_bound, json_schema_input_type=Identifier | Bound)] | None
    ) = None
    at_least: (
        Annotated[Bound, BeforeValidator(_as_bound, json_schema_input_type=Identifier | Bound)] | None
    ) = None
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
    """The shape of a pulse: its controlled phases and the gap between them; a sinusoid has neither."""

    shape: Literal["rectangular", "sinusoidal"] = "rectangular"
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)] | Literal["unknown"] | None = None
    interphase_gap: DurationAmount | None = None

    @model_validator(mode="after")
    def _cites(self) -> Waveform:
        if self.phases != UNKNOWN:
            demand_source(self, "this waveform")
        return self


class Recharge(Cited):
    """How the charge of a pulse is recovered."""

    kind: Literal["active", "passive", "none", "unknown"]
    resistance: Sourced[Resistance] | None = None
    capacitance: Sourced[Capacitance] | None = None

    @model_validator(mode="after")
    def _cites(self) -> Recharge:
        if self.kind != UNKNOWN:
            demand_source(self, "this recharge")
        return self


class Burst(Cited):
    """Groups of pulses: how many, how fast, and when their charge is recovered."""

    pulses: PlainAmount
    rate: FrequencyAmount
    recharge: Literal["per_pulse", "per_burst", "unknown"]

    @model_validator(mode="after")
    def _cites(self) -> Burst:
        if self.recharge != UNKNOWN:
            demand_source(self, "this burst")
        return self


class Duty(Model):
    """Cycling: how long the train is on, and how long it is off."""

    on: DurationAmount
    off: DurationAmount


class Circuit(Model):
    """What lies between the stimulator and the contact."""

    coupling_capacitor: Sourced[Capacitance | Literal["none"]] | None = None
    lead_resistance: Sourced[Resistance] | None = None
    headroom: Sourced[Voltage] | None = None


class Steering(Model):
    """Which contacts share the programmed amplitude, and what part of it each one carries at most."""

    contacts: Annotated[dict[Identifier, PlainAmount], Field(min_length=1)]


class Stimulus(Model):
    """A train of pulses, of bursts, or a sinusoid: which parameters set it, on which electrode."""

    electrode: Identifier
    control: Literal["current", "voltage"] = "current"
    amplitude: Identifier
    pulse_width: Identifier | None = None
    frequency: Identifier
    waveform: Waveform
    recharge: Recharge | None = None
    mismatch: Sourced[Plain] | None = None
    burst: Burst | None = None
    duty: Duty | None = None
    circuit: Circuit = Circuit()
    steering: Steering | None = None
    doc: str = ""


class Interlock(Cited):
    """A joint constraint on parameters that the firmware claims to enforce."""

    claim: ExpressionText
    enforced_by: str = ""
    discharged_by: str = ""

    @model_validator(mode="after")
    def _cites(self) -> Interlock:
        demand_source(self, "this interlock")
        return self


class LawLimit(Cited):
    """A built-in law applied to what its signature demands, with the limit that it does not itself contain.

    The signatures stand in :mod:`stimproof.specs.laws`.
    """

    law: LawName
    stimulus: Identifier | None = None
    stimuli: tuple[Identifier, ...] = ()
    inputs: dict[Identifier, AnyAmount] = {}
    soft: bool = False
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
