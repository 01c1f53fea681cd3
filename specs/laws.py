"""The closed table of built-in laws: what each one needs, what it limits, and how it is said.

A law itself is a small module of :mod:`stimproof.verify.laws`; this table is what a specification is checked
against when it is read, and what the manual, the obligations and the dossier print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from stimproof.specs.quantities import (
    CHARGE,
    CHARGE_DENSITY,
    CURRENT,
    CURRENT_DENSITY,
    ENERGY,
    LENGTH,
    NUMBER,
    RESISTANCE,
    TEMPERATURE,
    TIME,
    VOLTAGE,
    Dimension,
)

LawName = Literal[
    "charge_per_phase",
    "charge_density",
    "shannon",
    "microelectrode_charge",
    "mccreery_depth",
    "burst_accumulation",
    "sine_charge",
    "charge_injection_capacity",
    "water_window",
    "charge_balance",
    "coupling_capacitor_voltage",
    "compliance_voltage",
    "timing",
    "duty_cycle",
    "train_duty_cycle",
    "per_contact",
    "per_area",
    "rms_current_density",
    "strength_duration_weiss",
    "strength_duration_lapicque",
    "motor_threshold",
    "thermal_dose",
    "surface_temperature",
    "pulse_energy",
    "open_circuit_voltage",
    "rms_current",
]
Kind = Literal["tissue", "electrode", "delivery", "thermal", "external"]
Stimuli = Literal["one", "several", "none"]


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a law: its name, the dimensions that fit, its meaning, and whether the law needs it.

    A ``magnitude`` is never negative, a ``size`` is above zero, a ``point`` may be anything.
    """

    name: str
    dimensions: tuple[Dimension, ...]
    meaning: str
    required: bool = True
    sign: Literal["magnitude", "size", "point"] = "magnitude"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a law needs and limits.

    ``limit`` lists the dimensions that its limit may have (none: the law has no limit of its own), and
    ``stimuli`` tells whether it speaks of one stimulus, of one or several at once, or of none. ``sentence``
    completes *for every programmable setting at worst-case delivery, …* with ``{train}``, ``{contact}``,
    ``{limit}`` and the names of inputs in braces.
    """

    kind: Kind
    limit: tuple[Dimension, ...]
    stimuli: Stimuli
    formula: str
    sentence: str
    inputs: tuple[Input, ...] = ()


_THERMAL = (Input("temperature", (TEMPERATURE,), "the temperature of the tissue or surface", sign="point"),)
_EXCITABILITY = (
    Input("rheobase", (CURRENT,), "the threshold current of an endless pulse"),
    Input("chronaxie", (TIME,), "the width at which the threshold is twice the rheobase", sign="size"),
)

LAWS: Mapping[str, Signature] = MappingProxyType(
    {
        "charge_per_phase": Signature(
            "delivery",
            (CHARGE,),
            "several",
            "Q ≤ limit",
            "the charge per phase of {train} stays within {limit}",
        ),
        "charge_density": Signature(
            "tissue",
            (CHARGE_DENSITY,),
            "several",
            "Q / A ≤ limit",
            "the charge density per phase of {train} on {contact} stays within {limit}",
        ),
        "shannon": Signature(
            "tissue",
            (NUMBER,),
            "several",
            "log10(Q / A) ≤ k − log10 Q, in uC and cm^2",
            "the stimulation {train} on {contact} stays below the Shannon line k = {limit}",
        ),
        "microelectrode_charge": Signature(
            "tissue",
            (CHARGE,),
            "several",
            "Q ≤ limit on a contact below the macro/micro boundary",
            "the charge per phase of {train} on the microelectrode {contact} stays within {limit}",
        ),
        "mccreery_depth": Signature(
            "tissue",
            (CHARGE_DENSITY,),
            "several",
            "Q / A · (1 − x / √(R² + x²)) ≤ limit at the depth x under a disc of radius R",
            "the charge density of {train} at {depth} under {contact} stays within {limit}",
            (Input("depth", (LENGTH,), "the distance from the centre of the disc, on its axis"),),
        ),
        "burst_accumulation": Signature(
            "tissue",
            (CHARGE, CHARGE_DENSITY),
            "one",
            "N · Q ≤ limit where the charge of N pulses is recovered only after the burst",
            "the charge that a burst of {train} moves before it is recovered stays within {limit}",
        ),
        "sine_charge": Signature(
            "delivery",
            (CHARGE,),
            "one",
            "I / (pi · f) ≤ limit",
            "the charge of each half cycle of {train} stays within {limit}",
        ),
        "charge_injection_capacity": Signature(
            "electrode",
            (CHARGE_DENSITY,),
            "several",
            "Q / A ≤ limit / derating",
            "the charge density per phase of {train} stays within the charge injection capacity {limit}",
            (
                Input("derating", (NUMBER,), "how much smaller the capacity is in the body", False, "size"),
                Input("measured_width", (TIME,), "the pulse width of the measurement", False, "size"),
            ),
        ),
        "water_window": Signature(
            "electrode",
            (),
            "several",
            "Q / (C_dl · A) within the window, for each polarity",
            "{train} keeps the polarisation of {contact} between {cathodic} and {anodic}",
            (
                Input("cathodic", (VOLTAGE,), "the negative edge of the window", sign="point"),
                Input("anodic", (VOLTAGE,), "the positive edge of the window", sign="point"),
            ),
        ),
        "charge_balance": Signature(
            "delivery",
            (CURRENT, NUMBER),
            "one",
            "|Q1 − Q2| · f ≤ limit, or |Q1 − Q2| / Q ≤ limit; times exp(−T / RC) if recharge is passive",
            "what {train} leaves unbalanced stays within {limit}",
        ),
        "coupling_capacitor_voltage": Signature(
            "delivery",
            (VOLTAGE,),
            "one",
            "Q / C ≤ limit",
            "a phase of {train} charges the coupling capacitor by at most {limit}",
        ),
        "compliance_voltage": Signature(
            "delivery",
            (VOLTAGE,),
            "one",
            "I · (R + R_lead) + Q / C_dl + Q / C_block + headroom ≤ limit",
            "the voltage that {train} needs stays within {limit}",
        ),
        "timing": Signature(
            "delivery",
            (),
            "one",
            "f · (all phases and gaps) ≤ 1, and each burst fits its period",
            "all phases of {train} fit into the period",
        ),
        "duty_cycle": Signature(
            "delivery",
            (NUMBER,),
            "one",
            "f · (all phases and gaps) ≤ limit",
            "the phases of {train} take at most {limit} of the time",
        ),
        "train_duty_cycle": Signature(
            "delivery",
            (NUMBER,),
            "one",
            "on / (on + off) ≤ limit",
            "{train} is on for at most {limit} of the time",
        ),
        "per_contact": Signature(
            "delivery",
            (CURRENT, CHARGE),
            "several",
            "for every contact, the sum over concurrent sources of |I| (or Q) ≤ limit",
            "all of {train} together put at most {limit} on any contact",
        ),
        "per_area": Signature(
            "delivery",
            (CURRENT, CHARGE),
            "several",
            "the sum over concurrent sources and their contacts of |I| (or Q) ≤ limit",
            "all of {train} together put at most {limit} into the area",
        ),
        "rms_current_density": Signature(
            "external",
            (CURRENT_DENSITY,),
            "several",
            "√(mean of I²) / A ≤ limit",
            "the r.m.s. current density of {train} on {contact} stays within {limit}",
        ),
        "strength_duration_weiss": Signature(
            "delivery",
            (NUMBER,),
            "one",
            "I · PW ≤ limit · rheobase · (PW + chronaxie)",
            "the amplitude of {train} stays within {limit} times the threshold by Weiss",
            _EXCITABILITY,
        ),
        "strength_duration_lapicque": Signature(
            "delivery",
            (NUMBER,),
            "one",
            "I · (1 − exp(−PW / τ)) ≤ limit · rheobase, τ = chronaxie / ln 2",
            "the amplitude of {train} stays within {limit} times the threshold by Lapicque",
            _EXCITABILITY,
        ),
        "motor_threshold": Signature(
            "delivery",
            (NUMBER,),
            "one",
            "amplitude ≤ limit · threshold",
            "the amplitude of {train} stays within {limit} of the motor threshold",
            (Input("threshold", (CURRENT, VOLTAGE), "the patient's motor threshold"),),
        ),
        "thermal_dose": Signature(
            "thermal",
            (TIME,),
            "none",
            "t · R^(43 − T) ≤ limit, R = 0.25 below 43 degC and 0.5 from there on",
            "the thermal dose of {duration} at {temperature} stays within {limit} at 43 degC",
            (*_THERMAL, Input("duration", (TIME,), "how long it lasts")),
        ),
        "surface_temperature": Signature(
            "thermal",
            (TEMPERATURE,),
            "none",
            "T ≤ limit",
            "the surface stays at {temperature} within {limit}",
            _THERMAL,
        ),
        "pulse_energy": Signature(
            "external",
            (ENERGY,),
            "one",
            "the sum over phases of I² · load · PW ≤ limit",
            "the energy of a pulse of {train} into {load} stays within {limit}",
            (Input("load", (RESISTANCE,), "the resistance that the standard measures with", sign="size"),),
        ),
        "open_circuit_voltage": Signature(
            "external",
            (VOLTAGE,),
            "one",
            "the output voltage without a load ≤ limit",
            "the open-circuit voltage {voltage} of {train} stays within {limit}",
            (Input("voltage", (VOLTAGE,), "the largest output voltage without a load"),),
        ),
        "rms_current": Signature(
            "external",
            (CURRENT,),
            "one",
            "√(mean of I²) ≤ limit",
            "the r.m.s. current of {train} stays within {limit}",
        ),
    }
)
"""The signature of every law, by its name."""


def laws_of(kind: Kind) -> frozenset[str]:
    """Return the names of the laws of one kind."""
    return frozenset(name for name, signature in LAWS.items() if signature.kind == kind)
