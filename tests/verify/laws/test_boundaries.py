"""Each law at its own boundary: a limit just below what the device does is refuted, one just above proved.

What the device does is computed here from the law's published formula, in floating point and with none of the
product's code; the two limits lie a millionth on either side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from stimproof.specs.laws import LAWS
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.results import Setting, Verdict
from stimproof.verify.run import verify
from trains import device, known, limit

ACTIVE = "    recharge: {kind: active, source: m, confidence: seen}\n"
MISMATCH = f"    mismatch: {known('1 %')}\n"
PASSIVE = (
    f"    recharge: {{kind: passive, resistance: {known('2 kohm')}, capacitance: {known('1 uF')}, "
    "source: m, confidence: seen}\n"
)
CIRCUIT = (
    f"    circuit: {{coupling_capacitor: {known('4 uF')}, lead_resistance: {known('100 ohm')}, "
    f"headroom: {known('0.5 V')}}}\n"
)
LOAD = "    impedance: {value: [300 ohm, 1000 ohm], source: m, confidence: seen}\n"
LAYER = f"    double_layer_capacitance: {known('20 uF/cm^2')}\n"
STEERED = f"    steering: {{contacts: {{c0: {known('60 %')}, c1: {known('40 %')}}}}}\n"
CONTROL = "    control: voltage\n"
VOLTS = {
    "amplitude": "range: [0 V, 10 V], step: 0.1 V",
    "stimulus": "    control: voltage\n",
    "contact": LOAD,
}
STEPS = "phases: [{polarity: cathodic}, {polarity: cathodic, amplitude: 0.5}, {polarity: anodic}]"
UNEQUAL = "phases: [{polarity: cathodic}, {polarity: anodic, width: 0.9}]"
ONE_PHASE = "phases: [{polarity: cathodic}]"
SINE = {
    "set_by": "amplitude: amplitude\n    frequency: rate",
    "waveform": "shape: sinusoidal",
    "gap": "",
}
SECOND = """
  second:
    electrode: contact
    amplitude: amplitude
    pulse_width: width
    frequency: rate
    waveform: {phases: [{polarity: anodic, amplitude: 0.5}], source: m, confidence: seen,
               interphase_gap: {value: 0 us, source: m, confidence: seen}}
"""
PATIENT = """
  motor: {kind: measured, range: [12 mA, 20 mA], source: m, confidence: seen}
  heat: {kind: measured, range: [40 degC, 44.5 degC], source: m, confidence: seen}
  minutes: {kind: measured, range: [1 min, 30 min], source: m, confidence: seen}
"""
SLOW = "range: [2 Hz, 40 Hz], step: 1 Hz"
Q = 10e-3 * 500e-6  # C, at the largest amplitude and width
A = 0.06e-4  # m²
RC = 2e3 * 1e-6  # s


def burst(recharge: str) -> str:
    """Return a burst of five pulses at 500 Hz as YAML."""
    return (
        f"    burst: {{pulses: {known('5')}, rate: {known('500 Hz')}, recharge: {recharge}, "
        "source: m, confidence: seen}\n"
    )


def inputs(**given: str) -> str:
    """Return a law's inputs as YAML: names of parameters, or sourced values."""
    pairs = (f"{name}: {text if text.isidentifier() else known(text)}" for name, text in given.items())
    return "{" + ", ".join(pairs) + "}"


@dataclass(frozen=True)
class Edge:
    """A law on a device, and the most that the device does, in SI units; ``unit`` is the limit's."""

    law: str
    most: float
    unit: str
    factor: float
    parts: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)

    def text(self, scale: float) -> str:
        """Return the limit at a multiple of what the device does."""
        return limit(self.law, f"{self.most / self.factor * scale:.12f} {self.unit}".strip(), **self.keys)


def edge(
    law: str, most: float, unit: str, factor: float, parts: Mapping[str, str] | None = None, **keys: str
) -> Edge:
    """Return an edge."""
    return Edge(law, most, unit, factor, parts or {}, keys)


UC, DENSITY, BRAIN = 1e-6, 1e-2, {"measured_on": "brain"}
DEPTH = 1 - 60e-6 / math.hypot(1.5e-3, 60e-6)
DISC = {"geometry": f"{{shape: disc, diameter: {known('3 mm')}}}"}
PAUSE = 1 / 200 - 500e-6
BURST_PAUSE = 1 / 40 - 4 / 500 - 500e-6
EDGES = {
    "a phase": edge("charge_per_phase", Q, "uC", UC),
    "a phase, delivered 5 % too large": edge("charge_per_phase", Q * 1.05**2, "uC", UC, {"tolerance": "5 %"}),
    "two steps of one polarity": edge(
        "charge_per_phase",
        1.5 * Q,
        "uC",
        UC,
        {"waveform": STEPS},
    ),
    "a phase of a voltage": edge("charge_per_phase", 10 / 300 * 500e-6, "uC", UC, VOLTS),
    "a burst recovered at its end": edge(
        "charge_per_phase", 5 * Q, "uC", UC, {"stimulus": burst("per_burst")}
    ),
    "a burst recovered each time": edge("charge_per_phase", Q, "uC", UC, {"stimulus": burst("per_pulse")}),
    "a steered phase": edge("charge_per_phase", 0.6 * Q, "uC", UC, {"stimulus": STEERED}),
    "two stimuli": edge(
        "charge_per_phase", 1.5 * Q, "uC", UC, {"others": SECOND}, train="stimuli: [train, second]"
    ),
    "a density": edge("charge_density", Q / A, "uC/cm^2", DENSITY, **BRAIN),
    "a density on a smaller contact": edge(
        "charge_density", Q / A / 0.9, "uC/cm^2", DENSITY, {"area_tolerance": "10 %"}, **BRAIN
    ),
    "a density of a half cycle": edge(
        "charge_density", 10e-3 / (math.pi * 2) / A, "uC/cm^2", DENSITY, SINE, **BRAIN
    ),
    "Shannon": edge("shannon", math.log10((Q * 1e6) ** 2 / 0.06), "", 1, argument="made up"),
    "a microelectrode": edge(
        "microelectrode_charge",
        Q,
        "nC",
        1e-9,
        {"geometry": f"{{shape: given, area: {known('0.0005 cm^2')}}}"},
        **BRAIN,
    ),
    "a density at a depth": edge(
        "mccreery_depth",
        Q / (math.pi * 1.5e-3**2) * DEPTH,
        "uC/cm^2",
        DENSITY,
        DISC,
        inputs=inputs(depth="60 um"),
        **BRAIN,
    ),
    "a burst": edge("burst_accumulation", 5 * Q, "uC", UC, {"stimulus": burst("per_burst")}, **BRAIN),
    "a burst on an area": edge(
        "burst_accumulation", 5 * Q / A, "uC/cm^2", DENSITY, {"stimulus": burst("per_burst")}, **BRAIN
    ),
    "a half cycle": edge("sine_charge", 10e-3 / (math.pi * 2), "uC", UC, SINE),
    "a capacity": edge("charge_injection_capacity", Q / A, "uC/cm^2", DENSITY, measured_on="Pt/Ir"),
    "a derated capacity": edge(
        "charge_injection_capacity",
        3.2 * Q / A,
        "uC/cm^2",
        DENSITY,
        measured_on="Pt/Ir",
        inputs=inputs(derating="3.2"),
    ),
    "net direct current": edge("charge_balance", 0.01 * Q * 200, "uA", 1e-6, {"stimulus": ACTIVE + MISMATCH}),
    "net direct current of unequal phases": edge(
        "charge_balance",
        (0.1 + 0.01) * Q * 200,
        "uA",
        1e-6,
        {"stimulus": ACTIVE + MISMATCH, "waveform": UNEQUAL},
    ),
    "net direct current of a driven recharge that is not described": edge(
        "charge_balance", 0.01 * Q * 200, "uA", 1e-6, {"stimulus": ACTIVE + MISMATCH, "waveform": ONE_PHASE}
    ),
    "net direct current of bursts that are driven back at their end": edge(
        "charge_balance",
        0.01 * 5 * Q * 40,
        "uA",
        1e-6,
        {"stimulus": ACTIVE + MISMATCH + burst("per_burst"), "waveform": ONE_PHASE, "rate": SLOW},
    ),
    "a relative mismatch": edge(
        "charge_balance",
        0.11,
        "%",
        0.01,
        {
            "stimulus": ACTIVE + MISMATCH,
            "waveform": UNEQUAL,
        },
    ),
    "a passive discharge": edge(
        "charge_balance",
        Q * 200 * math.exp(-PAUSE / RC),
        "uA",
        1e-6,
        {"stimulus": PASSIVE, "waveform": ONE_PHASE},
    ),
    "a relative passive discharge": edge(
        "charge_balance", math.exp(-PAUSE / RC), "%", 0.01, {"stimulus": PASSIVE, "waveform": ONE_PHASE}
    ),
    "a passive discharge after bursts": edge(
        "charge_balance",
        5 * Q * 40 * math.exp(-BURST_PAUSE / RC),
        "uA",
        1e-6,
        {"stimulus": PASSIVE + burst("per_burst"), "waveform": ONE_PHASE, "rate": SLOW},
    ),
    "net direct current of a sinusoid": edge(
        "charge_balance",
        0.01 * 10e-3 / math.pi,
        "uA",
        1e-6,
        {**SINE, "stimulus": MISMATCH + "    recharge: {kind: none, source: m, confidence: seen}"},
    ),
    "a capacitor": edge("coupling_capacitor_voltage", Q / 4e-6, "V", 1, {"stimulus": CIRCUIT}),
    "a supply": edge(
        "compliance_voltage", 10e-3 * 1100 + Q / 4e-6 + 0.5, "V", 1, {"stimulus": CIRCUIT, "contact": LOAD}
    ),
    "a supply with a double layer": edge(
        "compliance_voltage",
        10e-3 * 1100 + Q / 4e-6 + Q / (0.2 * A) + 0.5,
        "V",
        1,
        {"stimulus": CIRCUIT, "contact": LOAD + LAYER},
    ),
    "a supply of a steered pulse": edge(
        "compliance_voltage",
        0.6 * (10e-3 * 1100 + Q / 4e-6) + 0.5,
        "V",
        1,
        {"stimulus": CIRCUIT + STEERED, "contact": LOAD},
    ),
    "pulses of the time": edge("duty_cycle", 200 * 1e-3, "%", 0.01),
    "bursts of the time": edge(
        "duty_cycle", 5 * 40 * 1e-3, "%", 0.01, {"stimulus": burst("per_pulse"), "rate": SLOW}
    ),
    "cycling": edge(
        "train_duty_cycle",
        0.25,
        "%",
        0.01,
        {"stimulus": f"    duty: {{on: {known('30 s')}, off: {known('90 s')}}}"},
    ),
    "a contact": edge("per_contact", 6e-3, "mA", 1e-3, {"stimulus": STEERED}),
    "a contact with two sources": edge(
        "per_contact",
        0.6 * 10e-3 + 5e-3,
        "mA",
        1e-3,
        {"stimulus": STEERED, "others": SECOND},
        train="stimuli: [train, second]",
    ),
    "a charge on a contact": edge("per_contact", 0.6 * Q, "uC", UC, {"stimulus": STEERED}),
    "an area": edge(
        "per_area",
        15e-3,
        "mA",
        1e-3,
        {"stimulus": STEERED, "others": SECOND},
        train="stimuli: [train, second]",
    ),
    "a charge in an area": edge("per_area", Q, "uC", UC, {"stimulus": STEERED}),
    "an r.m.s. density": edge(
        "rms_current_density",
        10e-3 * math.sqrt(2 * 500e-6 * 200) / A,
        "mA/cm^2",
        10,
        {"placement": "skin", "stimulus": ACTIVE},
        measured_on="skin",
    ),
    "an r.m.s. density of a sinusoid": edge(
        "rms_current_density", 10e-3 / math.sqrt(2) / A, "mA/cm^2", 10, SINE, **BRAIN
    ),
    "Weiss": edge(
        "strength_duration_weiss",
        10e-3 / (2e-3 * (1 + 200 / 500)),
        "",
        1,
        inputs=inputs(rheobase="2 mA", chronaxie="200 us"),
    ),
    "Lapicque": edge(
        "strength_duration_lapicque",
        10 / 2 * (1 - math.exp(-500 * math.log(2) / 200)),
        "",
        1,
        inputs=inputs(rheobase="2 mA", chronaxie="200 us"),
    ),
    "a motor threshold": edge(
        "motor_threshold", 10 / 12, "%", 0.01, {"parameters": PATIENT}, inputs=inputs(threshold="motor")
    ),
    "a dose": edge(
        "thermal_dose",
        30 * 0.5 ** (43 - 44.5),
        "min",
        1,
        {"parameters": PATIENT},
        train="",
        inputs=inputs(temperature="heat", duration="minutes"),
    ),
    "a dose of little heat": edge(
        "thermal_dose",
        30 * 0.25 ** (43 - 41),
        "min",
        1,
        {"parameters": PATIENT},
        train="",
        inputs=inputs(temperature="41 degC", duration="minutes"),
    ),
    "a pulse into a load": edge(
        "pulse_energy",
        2 * 10e-3**2 * 500 * 500e-6,
        "mJ",
        1e-3,
        {"placement": "skin"},
        inputs=inputs(load="500 ohm"),
    ),
    "a pulse of a voltage into a load": edge(
        "pulse_energy",
        2 * 100 / 500 * 500e-6,
        "mJ",
        1e-3,
        {"placement": "skin", "amplitude": VOLTS["amplitude"], "stimulus": VOLTS["stimulus"]},
        inputs=inputs(load="500 ohm"),
    ),
    "no load": edge(
        "open_circuit_voltage", 480, "V", 1, {"placement": "skin"}, inputs=inputs(voltage="480 V")
    ),
    "an r.m.s. current": edge(
        "rms_current",
        10e-3 * math.sqrt(2 * 500e-6 * 200),
        "mA",
        1e-3,
        {"placement": "skin", "stimulus": ACTIVE},
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_a_law_is_refuted_just_below_what_the_device_does_and_proved_just_above(name: str) -> None:
    """The boundary is that of the published formula, both verdicts carry evidence, and both solvers agree."""
    edge = EDGES[name]
    shift = 1e-6
    texts = {"below": edge.text(1 - shift), "above": edge.text(1 + shift)}
    found = verify(device(texts, **edge.parts))
    results = found.by_id()
    assert results["limits.below"].verdict is Verdict.REFUTED, results["limits.below"].reason
    assert results["limits.above"].verdict is Verdict.PROVED, results["limits.above"].reason
    stated = [item.as_json() for item in found.results]
    assert EvidenceCheck(found.specification, found.files).problems(stated) == []


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("a phase", "charge per phase"),
        ("a burst recovered each time", "charge per phase"),
        ("a burst recovered at its end", "charge of a burst"),
    ],
)
def test_a_charge_that_builds_up_is_not_called_that_of_a_phase(name: str, called: str) -> None:
    """Where only the end of a burst recovers anything, what is printed is the charge of the burst."""
    found = verify(device({"below": EDGES[name].text(0.5)}, **EDGES[name].parts))
    shown = found.by_id()["limits.below"].counterexample
    assert isinstance(shown, Setting)
    assert shown.computed[0][0] == called


def test_every_law_stands_at_its_boundary_here() -> None:
    """No law of the table is left out; those without a limit, and that of a temperature, stand below."""
    elsewhere = {"timing", "water_window", "surface_temperature"}
    assert {edge.law for edge in EDGES.values()} | elsewhere == set(LAWS)


def decided(texts: dict[str, str], **parts: str) -> dict[str, str]:
    """Return the verdict of each limit in one word."""
    results = verify(device(texts, **parts)).by_id()
    return {name: results[f"limits.{name}"].verdict.value for name in texts}


@pytest.mark.parametrize(
    ("rate", "stimulus", "expected"),
    [
        ("1000 Hz", "", "proved"),
        ("1001 Hz", "", "refuted"),
        ("1000 Hz", PASSIVE, "refuted"),  # nothing is left for the recharge
        ("999 Hz", PASSIVE, "proved"),
        ("100 Hz", burst("per_pulse"), "proved"),
        ("112 Hz", burst("per_pulse"), "refuted"),  # 4 / 500 Hz + 1 ms is more than 1 / 112 Hz
        ("111 Hz", burst("per_burst"), "proved"),
    ],
)
def test_phases_that_exactly_fill_the_period_fit(rate: str, stimulus: str, expected: str) -> None:
    """Two phases of 500 us fill 1 ms; a passive recharge needs more than nothing; bursts fit as a whole."""
    given = {"rate": f"range: [2 Hz, {rate}], step: 1 Hz", "stimulus": stimulus}
    assert decided({"it": limit("timing")}, **given) == {"it": expected}


@pytest.mark.parametrize(
    ("cathodic", "anodic", "expected"),
    [("-4.1667", "2.0834", "proved"), ("-4.1666", "2.0834", "refuted"), ("-4.1667", "2.0833", "refuted")],
)
def test_each_polarity_has_its_own_edge_of_the_water_window(
    cathodic: str, anodic: str, expected: str
) -> None:
    """5 uC on 1.2 uF are 4.1667 V one way, and half of that the other way."""
    window = limit("water_window", inputs=inputs(cathodic=f"{cathodic} V", anodic=f"{anodic} V"))
    wave = "phases: [{polarity: cathodic}, {polarity: anodic, amplitude: 0.25, width: 2}]"
    assert decided({"it": window}, contact=LAYER, waveform=wave) == {"it": expected}


def test_a_surface_is_as_hot_as_its_hottest() -> None:
    """A temperature that is measured at up to 44.5 degC keeps within 44.5 degC and not within 44.4 degC."""
    given = {"train": "", "inputs": inputs(temperature="heat")}
    texts = {
        "below": limit("surface_temperature", "44.4 degC", **given),
        "above": limit("surface_temperature", "44.5 degC", **given),
    }
    assert decided(texts, parameters=PATIENT) == {"below": "refuted", "above": "proved"}
