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

_DOC = "A sentence for people, printed in the dossier."
_IF_REFUTED = "What a maker would do where it is refuted."
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

    shape: Literal["disc"] = Field(description="A flat disc.")
    diameter: Sourced[Length] = Field(description="Its diameter, sourced.")


class Cylinder(Model):
    """A cylinder band: lateral area = pi d l."""

    shape: Literal["cylinder"] = Field(description="A band around a lead: its lateral area.")
    diameter: Sourced[Length] = Field(description="The diameter of the lead, sourced.")
    length: Sourced[Length] = Field(description="The length of the band, sourced.")


class Rectangle(Model):
    """A flat rectangle: area = width x length."""

    shape: Literal["rectangle"] = Field(description="A flat rectangle.")
    width: Sourced[Length] = Field(description="Its width, sourced.")
    length: Sourced[Length] = Field(description="Its length, sourced.")


class Ring(Model):
    """A flat ring: area = pi (outer^2 - inner^2) / 4."""

    shape: Literal["ring"] = Field(description="A flat ring.")
    outer_diameter: Sourced[Length] = Field(description="Its outer diameter, sourced.")
    inner_diameter: Sourced[Length] = Field(description="Its inner diameter, sourced.")


class GivenArea(Model):
    """A geometric area stated as such."""

    shape: Literal["given"] = Field(description="An area stated as such.")
    area: Sourced[Area] = Field(description="The geometric area, sourced.")


Geometry = Annotated[Disc | Cylinder | Rectangle | Ring | GivenArea, Field(discriminator="shape")]


class Electrode(Model):
    """One kind of contact: geometry, material, the tissue it lies on."""

    geometry: Geometry = Field(description="The shape and the sizes of one contact.")
    area_tolerance: Sourced[Plain] = Field(description="How far the area may be off, as a sourced fraction.")
    material: Sourced[str] = Field(description="What the contact is made of, sourced.")
    tissue: Sourced[str] = Field(description="What the contact lies on, sourced.")
    contacts: Sourced[int] | None = Field(None, description="How many contacts there are, sourced.")
    placement: Placement | None = Field(
        None, description="Where the contact is; unless given, where the device says."
    )
    impedance: Sourced[tuple[Resistance, Resistance]] | None = Field(
        None, description="The smallest and the largest total load through one contact, sourced."
    )
    double_layer_capacitance: Sourced[ArealCapacitance] | None = Field(
        None, description="The capacitance of the double layer per area, sourced."
    )
    note: str = Field("", description="What else a reader must know.")


class GridSegment(Model):
    """Equidistant programmable values from ``from`` to ``to``."""

    model_config = ConfigDict(populate_by_name=True)
    start: AnyQuantity = Field(alias="from", description="The first value of the piece.")
    stop: AnyQuantity = Field(alias="to", description="The last value of the piece.")
    step: AnyQuantity = Field(description="The distance of its values.")


class Bound(Cited):
    """A parameter that another one never passes, and what shows that the firmware sees to it."""

    parameter: Identifier = Field(description="The parameter that is not passed.")
    enforced_by: str = Field("", description="What enforces it, such as a property of the machines.")
    discharged_by: str = Field("", description="What shows that it is enforced.")


def _as_bound(value: Any) -> Any:
    return {"parameter": value} if isinstance(value, str) else value


class Parameter(Cited):
    """A number of the device: its range, its grid, its default, and how exactly it is delivered.

    It is programmed, measured at the patient, or derived by the device; the last two need no grid, since
    every real value of their range is possible.
    """

    kind: Literal["programmed", "measured", "derived"] = Field(
        "programmed",
        description="Whether a person programs it, it is measured at the patient, or the device derives it.",
    )
    range: tuple[AnyQuantity, AnyQuantity] = Field(description="The lowest and the highest value.")
    step: AnyQuantity | Literal["unknown"] | None = Field(
        None, description="The distance of programmable values; 'unknown' where no source gives it."
    )
    grid: tuple[GridSegment, ...] = Field((), description="Pieces of equidistant values, in ascending order.")
    default: AnyQuantity | None = Field(None, description="The value before anybody programs one.")
    tolerance: Sourced[Plain] | None = Field(None, description="The relative error of delivery, sourced.")
    at_most: (
        Annotated[Bound, BeforeValidator(_as_bound, json_schema_input_type=Identifier | Bound)] | None
    ) = Field(None, description="A parameter that this one never exceeds.")
    at_least: (
        Annotated[Bound, BeforeValidator(_as_bound, json_schema_input_type=Identifier | Bound)] | None
    ) = Field(None, description="A parameter that this one never falls below.")
    doc: str = Field("", description=_DOC)

    @model_validator(mode="after")
    def _cites(self) -> Parameter:
        demand_source(self, "this parameter")
        return self


class Phase(Model):
    """One phase of a pulse: its polarity, and its amplitude and width relative to the programmed ones."""

    polarity: Literal["cathodic", "anodic"] = Field(description="The direction of the current.")
    amplitude: Plain = Field(quantity("1"), description="Its amplitude relative to the programmed one.")
    width: Plain = Field(quantity("1"), description="Its width relative to the programmed one.")


class Waveform(Cited):
    """The shape of a pulse: its controlled phases and the gap between them; a sinusoid has neither."""

    shape: Literal["rectangular", "sinusoidal"] = Field("rectangular", description="Pulses, or a sinusoid.")
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)] | Literal["unknown"] | None = Field(
        None, description="The driven phases in their order, or 'unknown'."
    )
    interphase_gap: DurationAmount | None = Field(
        None, description="The time between two phases, sourced, or the name of a parameter."
    )

    @model_validator(mode="after")
    def _cites(self) -> Waveform:
        if self.phases != UNKNOWN:
            demand_source(self, "this waveform")
        return self


class Recharge(Cited):
    """How the charge of a pulse is recovered."""

    kind: Literal["active", "passive", "none", "unknown"] = Field(
        description="Driven back, flowing off by itself, not at all, or nobody says."
    )
    resistance: Sourced[Resistance] | None = Field(
        None, description="The resistance through which a passive recharge flows, sourced."
    )
    capacitance: Sourced[Capacitance] | None = Field(
        None, description="The capacitance that a passive recharge discharges, sourced."
    )

    @model_validator(mode="after")
    def _cites(self) -> Recharge:
        if self.kind != UNKNOWN:
            demand_source(self, "this recharge")
        return self


class Burst(Cited):
    """Groups of pulses: how many, how fast, and when their charge is recovered."""

    pulses: PlainAmount = Field(description="How many pulses, sourced, or the name of a parameter.")
    rate: FrequencyAmount = Field(
        description="Their rate inside the burst, sourced, or the name of a parameter."
    )
    recharge: Literal["per_pulse", "per_burst", "unknown"] = Field(
        description="Whether charge is recovered after each pulse or after the burst."
    )

    @model_validator(mode="after")
    def _cites(self) -> Burst:
        if self.recharge != UNKNOWN:
            demand_source(self, "this burst")
        return self


class Duty(Model):
    """Cycling: how long the train is on, and how long it is off."""

    on: DurationAmount = Field(description="How long the train is on, sourced, or the name of a parameter.")
    off: DurationAmount = Field(description="How long it is off, sourced, or the name of a parameter.")


class Circuit(Model):
    """What lies between the stimulator and the contact."""

    coupling_capacitor: Sourced[Capacitance | Literal["none"]] | None = Field(
        None, description="The series capacitor, sourced; 'none' where there is none."
    )
    lead_resistance: Sourced[Resistance] | None = Field(
        None, description="The resistance of the lead, sourced."
    )
    headroom: Sourced[Voltage] | None = Field(
        None, description="The voltage that the source needs for itself, sourced."
    )


class Steering(Model):
    """Which contacts share the programmed amplitude, and what part of it each one carries at most."""

    contacts: Annotated[dict[Identifier, PlainAmount], Field(min_length=1)] = Field(
        description="For each contact the largest part of the amplitude that it carries, sourced or named."
    )


class Stimulus(Model):
    """A train of pulses, of bursts, or a sinusoid: which parameters set it, on which electrode."""

    electrode: Identifier = Field(description="The electrode that it lies on.")
    control: Literal["current", "voltage"] = Field(
        "current", description="Whether the source controls current or voltage."
    )
    amplitude: Identifier = Field(description="The parameter that sets its amplitude.")
    pulse_width: Identifier | None = Field(
        None, description="The parameter that sets its pulse width; a sinusoid has none."
    )
    frequency: Identifier = Field(
        description="The parameter that sets its frequency; of bursts, how often they come."
    )
    waveform: Waveform = Field(description="The shape of a pulse.")
    recharge: Recharge | None = Field(None, description="How the charge of a pulse is recovered.")
    mismatch: Sourced[Plain] | None = Field(
        None, description="The worst relative difference of charge between balanced phases, sourced."
    )
    burst: Burst | None = Field(None, description="Groups of pulses.")
    duty: Duty | None = Field(None, description="Cycling of the whole train.")
    circuit: Circuit = Field(Circuit(), description="What lies between the stimulator and the contact.")
    steering: Steering | None = Field(None, description="Several contacts that share the amplitude.")
    doc: str = Field("", description=_DOC)


class Interlock(Cited):
    """A joint constraint on parameters that the firmware claims to enforce."""

    claim: ExpressionText = Field(description="The constraint, about parameters.")
    enforced_by: str = Field("", description="What enforces it, such as a property of the machines.")
    discharged_by: str = Field("", description="What shows that it is enforced.")

    @model_validator(mode="after")
    def _cites(self) -> Interlock:
        demand_source(self, "this interlock")
        return self


class LawLimit(Cited):
    """A built-in law applied to what its signature demands, with the limit that it does not contain.

    The signatures stand in :mod:`stimproof.specs.laws`.
    """

    law: LawName = Field(description="The built-in law.")
    stimulus: Identifier | None = Field(None, description="The stimulus that it speaks of.")
    stimuli: tuple[Identifier, ...] = Field((), description="Several stimuli that are active at once.")
    inputs: dict[Identifier, AnyAmount] = Field(
        {}, description="What the law needs besides: sourced values or names of parameters."
    )
    soft: bool = Field(False, description="Whether the device only warns at this limit.")
    limit: AnyQuantity | Literal["unknown"] | None = Field(
        None, description="The number that the law compares with, or 'unknown'."
    )
    measured_on: str = Field("", description="The tissue, or the material, that the limit was measured on.")
    condition: str = Field("", description="Under which conditions the limit was measured.")
    argument: str = Field("", description="Why the law applies outside its conditions.")
    doc: str = Field("", description=_DOC)
    if_refuted: str = Field("", description=_IF_REFUTED)


class ClaimLimit(Cited):
    """Any claim about the programmable parameters."""

    claim: ExpressionText = Field(description="What must hold, about parameters.")
    doc: str = Field("", description=_DOC)
    if_refuted: str = Field("", description=_IF_REFUTED)


def _limit_kind(value: Any) -> str:
    given = value if isinstance(value, dict) else vars(value) if isinstance(value, Model) else {}
    # Not words that could be keys: an error's path names the branch, too, and keys tell where it stands.
    return "(claim)" if "claim" in given else "(law)"


Limit = Annotated[
    Annotated[LawLimit, Tag("(law)")] | Annotated[ClaimLimit, Tag("(claim)")], Discriminator(_limit_kind)
]
