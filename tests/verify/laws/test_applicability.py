"""Where a law says nothing, and why: outside its conditions, or because a number has no source."""

from __future__ import annotations

import pytest

from stimproof.specs.findings import Code
from stimproof.verify.results import Result, Verdict
from stimproof.verify.run import verify
from trains import decide, device, known, limit

ACTIVE = "    recharge: {kind: active, source: m, confidence: seen}\n"
PASSIVE = (
    f"    recharge: {{kind: passive, resistance: {known('2 kohm')}, capacitance: {known('1 uF')}, "
    "source: m, confidence: seen}\n"
)
LOAD = "    impedance: {value: [300 ohm, 1000 ohm], source: m, confidence: seen}\n"
LAYER = f"    double_layer_capacitance: {known('20 uF/cm^2')}\n"
SINE = {"set_by": "amplitude: amplitude\n    frequency: rate", "waveform": "shape: sinusoidal", "gap": ""}
UNSHAPED = {"waveform": "phases: unknown", "stimulus": ACTIVE}
BURST = (
    f"    burst: {{pulses: {known('5')}, rate: {known('500 Hz')}, recharge: per_pulse, "
    "source: m, confidence: seen}"
)
UNSURE = f"    burst: {{pulses: {known('5')}, rate: {known('500 Hz')}, recharge: unknown}}"
NO_CAPACITOR = (
    "    circuit: {coupling_capacitor: {value: none, source: m, confidence: seen}, "
    f"lead_resistance: {known('0 ohm')}, headroom: {known('0 V')}}}\n"
)
VOLTS = {"amplitude": "range: [0 V, 10 V], step: 0.1 V", "stimulus": "    control: voltage\n"}
DOSE = f"{{temperature: {known('41 degC')}, duration: {known('10 min')}}}"
HOT = f"{{temperature: {known('60 degC')}, duration: {known('10 min')}}}"
OHMS = f"{{load: {known('500 ohm')}}}"
DEPTH = f"{{depth: {known('60 um')}}}"
MICRO = {"geometry": f"{{shape: given, area: {known('0.0001 cm^2')}}}"}
CAPACITY = {"measured_on": "Pt/Ir"}
WINDOW = f"{{cathodic: {known('-0.6 V')}, anodic: {known('0.8 V')}}}"
UNEQUAL = "phases: [{polarity: cathodic}, {polarity: anodic, width: 0.9}]"
ONE_WAY = {"stimulus": ACTIVE, "waveform": "phases: [{polarity: cathodic}]"}
INSIDE_OUT = f"{{cathodic: {known('0.6 V')}, anodic: {known('8 V')}}}"

EXCITABLE = f"{{rheobase: {known('1 mA')}, chronaxie: {known('1 ms')}}}"
AT_200 = f"{{measured_width: {known('200 us')}}}"
A_VOLTAGE = f"{{threshold: {known('9 V')}}}"
NO_AREA = {"geometry": "{shape: given, area: {value: unknown}}"}
FAST = {"width": "range: [30 us, 30 us]", "rate": "range: [10 kHz, 10 kHz]"}
COOL = HOT.replace("60 degC", "38 degC")
INAPPLICABLE = [
    (limit("microelectrode_charge", "4 nC"), {}, "it is no microelectrode"),
    (limit("microelectrode_charge", "4 nC", argument="a"), {}, "it is no microelectrode"),
    (limit("shannon", "1.85", argument="a"), MICRO, "microelectrodes do not follow the line"),
    (limit("shannon", "1.85"), {"tissue": "cortex"}, "it was measured at 400 us"),
    (limit("charge_density", "30 uC/cm^2", measured_on="cortex"), {}, "measured on cortex, not on brain"),
    (limit("mccreery_depth", "9 uC/cm^2", inputs=DEPTH), {}, "it is the field of a disc"),
    (limit("burst_accumulation", "9 uC"), {}, "has no bursts"),
    (limit("burst_accumulation", "9 uC"), {"stimulus": BURST}, "is recharged after each pulse"),
    (limit("sine_charge", "9 uC"), {}, "is no sinusoid"),
    (limit("charge_injection_capacity", "9 uC/cm^2", measured_on="TiN"), {}, "measured on TiN, not on Pt/Ir"),
    (
        limit("charge_injection_capacity", "9 uC/cm^2", inputs=AT_200, **CAPACITY),
        {},
        "it was measured at 200 us, and 'train' has widths up to 500 us",
    ),
    (limit("charge_balance", "1 uA"), {**SINE, "stimulus": PASSIVE}, "leaves no time for a passive recharge"),
    (limit("coupling_capacitor_voltage", "1 V"), {"stimulus": NO_CAPACITOR}, "no coupling capacitor lies"),
    (limit("compliance_voltage", "9 V"), {**VOLTS, "contact": LOAD}, "is voltage-controlled"),
    (limit("timing"), SINE, "fills its period"),
    (limit("duty_cycle", "9 %"), SINE, "fills its period"),
    (limit("train_duty_cycle", "9 %"), {}, "is not cycled"),
    (limit("rms_current_density", "2 mA/cm^2", measured_on="skin"), {"stimulus": ACTIVE}, "excludes"),
    (limit("rms_current", "50 mA"), {"stimulus": ACTIVE}, "connected to implanted electrodes"),
    (limit("pulse_energy", "300 mJ", inputs=OHMS), {}, "IEC 60601-2-10"),
    (limit("pulse_energy", "300 mJ", inputs=OHMS, argument="a"), {}, "IEC 60601-2-10"),
    (limit("pulse_energy", "300 mJ", inputs=OHMS), {"placement": "percutaneous"}, "through the skin"),
    (limit("open_circuit_voltage", "500 V", inputs=f"{{voltage: {known('1 V')}}}"), {}, "IEC 60601-2-10"),
    (
        limit("thermal_dose", "2 min", train="", inputs=HOT),
        {},
        "valid from 39 degC to 57 degC, not at 60 degC",
    ),
    (
        limit("strength_duration_weiss", "2", inputs=EXCITABLE),
        SINE,
        "about rectangular pulses",
    ),
]


@pytest.mark.parametrize(("law", "parts", "why"), INAPPLICABLE)
def test_a_law_outside_its_conditions_says_why_it_does_not_apply(
    law: str, parts: dict[str, str], why: str
) -> None:
    """Not applicable is neither proved nor refuted, and names the condition that is not met."""
    result = decide(law, **parts)
    assert result.verdict is Verdict.NOT_APPLICABLE, result.reason
    assert why in result.reason


MISSING = [
    (limit("charge_per_phase", "99 uC"), {**VOLTS}, "the impedance of 'contact' is not given"),
    (
        limit("charge_per_phase", "99 uC"),
        {"stimulus": UNSURE},
        "when the charge of a burst of 'train' is recovered",
    ),
    (limit("charge_density", "99 uC/cm^2"), NO_AREA, "contact area"),
    (
        "{law: microelectrode_charge, stimulus: train, limit: unknown}",
        MICRO,
        "the limit of 'it' has no source",
    ),
    (limit("water_window", inputs=WINDOW), {}, "the double-layer capacitance of 'contact' is not given"),
    (limit("water_window", inputs=INSIDE_OUT), {"contact": LAYER}, "edge of a water window cannot be 0.6 V"),
    (limit("water_window"), {"contact": LAYER}, "the input 'cathodic' of 'it' is not given"),
    (
        limit("charge_injection_capacity", "99 uC/cm^2", inputs="{derating: {value: unknown}}", **CAPACITY),
        {},
        "the input 'derating' of 'it' has no source",
    ),
    (
        limit("charge_injection_capacity", "99 uC/cm^2", inputs=f"{{derating: {known('0.5')}}}", **CAPACITY),
        {},
        "a derating below one would raise the capacity",
    ),
    (limit("charge_balance", "99 mA"), {}, "how the charge of 'train' is recovered has no source"),
    (limit("charge_balance", "99 mA"), {"stimulus": ACTIVE}, "the worst mismatch of the phases of 'train'"),
    (limit("charge_balance", "99 mA"), ONE_WAY, "the worst mismatch of the phases of 'train'"),
    (limit("timing"), ONE_WAY, "the phase that recovers the charge of 'train' has no source"),
    (limit("rms_current_density", "999 A/m^2"), ONE_WAY, "the current that recovers the charge of 'train'"),
    (limit("charge_balance", "99 mA"), UNSHAPED, "the shape of 'train' has no source"),
    (limit("coupling_capacitor_voltage", "9 V"), {}, "the coupling capacitor of 'train' is not given"),
    (limit("compliance_voltage", "99 V"), {"contact": LOAD}, "the lead resistance of 'train' is not given"),
    (
        limit("compliance_voltage", "99 V"),
        {"stimulus": NO_CAPACITOR},
        "the impedance of 'contact' is not given",
    ),
    (limit("timing"), UNSHAPED, "the shape of 'train' has no source"),
    (
        limit("duty_cycle", "99 %"),
        {"gap": "interphase_gap: {value: unknown}"},
        "the interphase gap of 'train'",
    ),
    (
        limit("train_duty_cycle", "99 %"),
        {"stimulus": f"    duty: {{on: {known('30 s')}, off: {{value: unknown}}}}"},
        "the time for which 'train' is off",
    ),
    (
        limit("per_contact", "99 mA"),
        {"stimulus": "    steering: {contacts: {c0: {value: unknown}}}"},
        "the share of 'c0' in 'train' has no source",
    ),
    (limit("rms_current_density", "999 A/m^2"), {}, "the current that recovers the charge of 'train'"),
    (limit("motor_threshold", "99 %"), {}, "the input 'threshold' of 'it' is not given"),
    (limit("motor_threshold", "99 %", inputs=A_VOLTAGE), {}, "the threshold is a voltage"),
    (limit("thermal_dose", "2 min", train=""), {}, "the input 'temperature' of 'it' is not given"),
    (limit("pulse_energy", "300 mJ"), {"placement": "skin"}, "the input 'load' of 'it' is not given"),
]


@pytest.mark.parametrize(("law", "parts", "why"), MISSING)
def test_a_number_without_a_source_leaves_the_verdict_unknown(
    law: str, parts: dict[str, str], why: str
) -> None:
    """However generous the limit, nothing is proved that rests on a number nobody states."""
    result = decide(law, **parts)
    assert result.verdict is Verdict.UNKNOWN, result.reason
    assert why in result.reason


@pytest.mark.parametrize(
    ("law", "parts"),
    [
        (limit("charge_per_phase", "1 uC"), {"stimulus": UNSURE}),
        (limit("timing"), {**UNSHAPED, "rate": "range: [2 Hz, 3000 Hz], step: 1 Hz"}),
        (limit("charge_balance", "1 uA"), {"stimulus": ACTIVE, "waveform": UNEQUAL}),
        (limit("rms_current_density", "1 A/m^2"), {}),
    ],
)
def test_what_is_known_can_already_be_too_much(law: str, parts: dict[str, str]) -> None:
    """An unknown number does not save a limit that is broken without it."""
    assert decide(law, **parts).verdict is Verdict.REFUTED


def test_an_argument_carries_a_law_beyond_its_conditions_and_stands_in_the_ledger() -> None:
    """The verdict then leans on the argument, which names the conditions that are not met."""
    result = decide(limit("thermal_dose", "900 min", train="", inputs=COOL, argument="why not"))
    assert result.verdict is Verdict.PROVED
    assert any("by this argument: why not" in entry for entry in result.assumptions)


def test_a_warning_level_is_refuted_and_said_to_be_one() -> None:
    """The user of the device may go on; the limit is broken all the same."""
    soft = decide(limit("charge_density", "30 uC/cm^2", measured_on="brain", soft="true"))
    hard = decide(limit("charge_density", "30 uC/cm^2", measured_on="brain"))
    assert soft.verdict is hard.verdict is Verdict.REFUTED
    assert soft.reason.startswith(hard.reason)
    assert "the device only warns at this limit" in soft.reason


def test_parameters_that_bound_one_another_are_assumed_by_name() -> None:
    """A proof that needs ``at_most`` says so in its ledger, as with any interlock."""
    parts = {
        "amplitude": "range: [0 mA, 10 mA], step: 0.1 mA, at_most: ceiling",
        "parameters": "  ceiling: {range: [0 mA, 4 mA], step: 0.1 mA, source: m, confidence: seen}",
    }
    result = decide(limit("charge_per_phase", "2 uC"), **parts)
    assert result.verdict is Verdict.PROVED
    expected = "interlock 'amplitude.at_most': amplitude <= ceiling (nothing discharges it yet)"
    assert expected in result.assumptions


def lawless(texts: dict[str, str], **parts: str) -> set[Code]:
    """Return which kinds of laws a device lacks."""
    found = {item.code for item in verify(device(texts, **parts)).findings}
    return found & {Code.NO_TISSUE_LAW, Code.NO_ELECTRODE_LAW}


def test_a_law_about_a_source_or_a_patient_protects_neither_tissue_nor_electrode() -> None:
    """Only laws of the kinds tissue and electrode count, and only where they apply."""
    both = {Code.NO_TISSUE_LAW, Code.NO_ELECTRODE_LAW}
    assert lawless({"a": limit("timing"), "b": limit("per_contact", "9 mA")}) == both
    assert lawless({"a": limit("water_window", inputs=WINDOW)}, contact=LAYER) == {Code.NO_TISSUE_LAW}
    assert lawless({"a": limit("microelectrode_charge", "4 nC")}, **MICRO) == {Code.NO_ELECTRODE_LAW}
    assert lawless({"a": limit("microelectrode_charge", "4 nC")}) == both


def one(law: str, **parts: str) -> Result:
    """Return what is decided about a device with one setting."""
    return decide(law, **{"amplitude": "range: [1 mA, 1 mA]", "width": "range: [400 us, 400 us]", **parts})


@pytest.mark.parametrize(
    ("law", "parts", "verdict"),
    [
        (limit("charge_per_phase", "0.4 uC"), {}, Verdict.PROVED),
        (limit("charge_per_phase", "0.3999 uC"), {}, Verdict.REFUTED),
        (
            limit("charge_per_phase", "0.4 uC"),
            {"amplitude": "range: [1 mA, 1 mA], step: 1 mA"},
            Verdict.PROVED,
        ),
        (limit("charge_per_phase", "0 uC"), {"amplitude": "range: [0 mA, 0 mA]"}, Verdict.PROVED),
        (limit("charge_density", "9 uC/cm^2"), {"area_tolerance": "99 %"}, Verdict.REFUTED),
        (
            limit("timing"),
            {"width": "range: [50 us, 50 us]", "rate": "range: [10 kHz, 10 kHz]"},
            Verdict.PROVED,
        ),
        (
            limit("timing"),
            {"width": "range: [51 us, 51 us]", "rate": "range: [10 kHz, 10 kHz]"},
            Verdict.REFUTED,
        ),
        (limit("duty_cycle", "60 %"), FAST, Verdict.PROVED),
        (limit("duty_cycle", "59 %"), FAST, Verdict.REFUTED),
    ],
)
def test_a_degenerate_device_gets_the_right_answer(law: str, parts: dict[str, str], verdict: Verdict) -> None:
    """Ranges without width, grids of one point and phases that fill the period are no special case."""
    assert one(law, **parts).verdict is verdict
