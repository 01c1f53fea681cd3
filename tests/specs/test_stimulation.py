"""The stimulation language: what may be written, what it means, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code, Finding
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Number, Parameter, Specification

S = "source: m, confidence: seen"
DEVICE = f"""
stimproof: 1
device: {{id: d, name: D}}
sources: {{m: {{title: A made-up manual}}}}
electrodes:
  contact:
    geometry: {{shape: given, area: {{value: 0.06 cm^2, {S}}}}}
    area_tolerance: {{value: 5 %, {S}}}
    material: {{value: Pt/Ir, {S}}}
    tissue: {{value: brain, {S}}}
    impedance: {{value: [300 ohm, 1000 ohm], {S}}}
    double_layer_capacitance: {{value: 20 uF/cm^2, {S}}}
parameters:
  amplitude: {{range: [0 mA, 5 mA], step: 0.1 mA, {S}, at_most: ceiling}}
  ceiling: {{range: [0 mA, 5 mA], step: 0.1 mA, {S}, at_most: {{parameter: motor, discharged_by: a test}}}}
  motor: {{kind: measured, range: [1 mA, 20 mA], {S}}}
  width: {{range: [100 us, 500 us], step: 10 us, {S}}}
  rate: {{range: [2 Hz, 100 Hz], step: 1 Hz, {S}}}
  gap: {{range: [5 us, 100 us], step: 1 us, {S}}}
  part: {{range: [0 %, 100 %], step: 1 %, {S}}}
stimuli:
  train:
    electrode: contact
    amplitude: amplitude
    pulse_width: width
    frequency: rate
    waveform:
      phases: [{{polarity: cathodic}}, {{polarity: anodic, amplitude: 0.25, width: 4}}]
      interphase_gap: gap
      {S.replace(", ", chr(10) + "      ")}
    recharge: {{kind: passive, resistance: {{value: 2 kohm, {S}}}, capacitance: {{value: 4 uF, {S}}}, {S}}}
    mismatch: {{value: 1 %, {S}}}
    burst: {{pulses: {{value: 5, {S}}}, rate: {{value: 500 Hz, {S}}}, recharge: per_burst, {S}}}
    duty: {{on: {{value: 30 s, {S}}}, off: {{value: unknown}}}}
    circuit: {{coupling_capacitor: {{value: none, {S}}}, headroom: {{value: 0.5 V, {S}}}}}
    steering: {{contacts: {{c0: part, c1: {{value: 40 %, {S}}}}}}}
limits:
  q: {{law: charge_per_phase, stimulus: train, limit: 10 uC, {S}, soft: true}}
  mt: {{law: motor_threshold, stimulus: train, limit: 62 %, {S}, inputs: {{threshold: motor}}}}
"""

MOTOR = f"mt: {{law: motor_threshold, stimulus: train, limit: 62 %, {S}, inputs: {{threshold: motor}}}}"
NO_LOAD = (
    f"mt: {{law: pulse_energy, stimulus: train, limit: 300 mJ, {S}, inputs: {{load: {{value: 0 ohm, {S}}}}}}}"
)
SURFACE = (
    "mt: {law: surface_temperature, stimulus: train, limit: unknown, inputs: {temperature: {value: unknown}}}"
)


def device(*changes: tuple[str, str]) -> Specification:
    """Return the device of this page after some changes of its text."""
    text = DEVICE
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return read_string(text)


def complaint(*changes: tuple[str, str]) -> Finding:
    """Return the only error that some changes make."""
    with pytest.raises(SpecificationError) as caught:
        device(*changes)
    (found,) = [item for item in caught.value.findings if item.weight.value == "error"]
    return found


def test_every_construct_is_resolved() -> None:
    """Each part of a stimulus is a number with its source or the parameter that sets it."""
    train = device().stimuli["train"]
    assert train.burst is not None
    assert train.duty is not None
    shown: dict[str, Any] = {
        name: item.name if isinstance(item, Parameter) else item.text for name, item in train.amounts
    }
    assert shown == {
        "amplitude": "amplitude", "pulse_width": "width", "frequency": "rate", "interphase_gap": "gap",
        "mismatch": "1 %", "recharge.resistance": "2 kohm", "recharge.capacitance": "4 uF",
        "circuit.lead_resistance": "unknown", "circuit.headroom": "0.5 V", "burst.pulses": "5",
        "burst.rate": "500 Hz", "duty.on": "30 s", "duty.off": "unknown", "steering.c0": "part",
        "steering.c1": "40 %",
    }  # fmt: skip
    assert (train.recharge.kind, train.burst.recharge, train.circuit.coupled) == (
        "passive",
        "per_burst",
        False,
    )
    assert [item.name for item in train.parameters] == ["amplitude", "width", "rate", "gap", "part"]


def test_a_contact_says_its_load_and_its_capacitance() -> None:
    """Impedance is a range of ohms, the double layer a capacitance per area; both may be left out."""
    contact = device().electrodes["contact"]
    assert contact.impedance is not None
    assert contact.impedance.text == "300 ohm … 1000 ohm"
    assert contact.double_layer is not None
    assert contact.double_layer.quantity is not None
    assert contact.double_layer.quantity.si == Fraction(2, 10)
    unknown = device(("{value: [300 ohm, 1000 ohm], source: m, confidence: seen}", "{value: unknown}"))
    span = unknown.electrodes["contact"].impedance
    assert span is not None
    assert span.ends is None
    assert "electrodes.contact.impedance" in {name for name, text, *_ in unknown.numbers if text == "unknown"}


@pytest.mark.parametrize(
    ("of_device", "of_electrode", "placement"),
    [("", "", "implanted"), ("skin", "", "skin"), ("skin", "percutaneous", "percutaneous")],
)
def test_an_electrode_lies_where_the_device_says_unless_it_says_so_itself(
    of_device: str, of_electrode: str, placement: str
) -> None:
    """The placement of the device is the default of its electrodes'; without either they are implanted."""
    changes = [("name: D}", f"name: D, placement: {of_device}}}")] if of_device else []
    if of_electrode:
        changes.append(("    impedance:", f"    placement: {of_electrode}\n    impedance:"))
    assert device(*changes).electrodes["contact"].placement == placement


def test_parameters_that_bound_one_another_are_interlocks() -> None:
    """``at_most`` makes an interlock of its own name, with what discharges it."""
    locks = device().interlocks
    assert {name: (lock.text, lock.discharged_by) for name, lock in locks.items()} == {
        "amplitude.at_most": ("amplitude <= ceiling", ""),
        "ceiling.at_most": ("ceiling <= motor", "a test"),
    }
    least = device((", at_most: ceiling}", ", at_least: {parameter: ceiling, enforced_by: x}}"))
    assert least.interlocks["amplitude.at_least"].text == "amplitude >= ceiling"
    assert least.interlocks["amplitude.at_least"].enforced_by == "x"


def test_a_measured_parameter_has_no_grid() -> None:
    """Every real value of its range is possible, and its name stands for the true value."""
    motor = device().parameters["motor"]
    assert motor.continuous
    assert motor.exact
    assert motor.on_grid(Fraction(1, 300))
    assert not motor.on_grid(Fraction(1, 10))
    assert list(motor.grid()) == [motor.low, motor.high]


def test_a_law_gets_its_inputs() -> None:
    """Inputs are parameters or sourced numbers; a required one that is missing is a number nobody states."""
    limit = device().limits["mt"]
    assert isinstance(limit.inputs["threshold"], Parameter)
    missing = device((", inputs: {threshold: motor}", "")).limits["mt"].inputs["threshold"]
    assert isinstance(missing, Number)
    assert missing.citation.confidence == "not stated"


def test_a_sinusoid_has_no_pulse() -> None:
    """A sinusoid is set by an amplitude and a frequency above zero."""
    wave = "waveform: {shape: sinusoidal, source: m, confidence: seen}\n"
    text = DEVICE[: DEVICE.index("    waveform:")].replace("    pulse_width: width\n", "") + "    " + wave
    train = read_string(text).stimuli["train"]
    assert (train.shape, train.pulse_width, train.phases) == ("sinusoidal", None, ())
    with pytest.raises(SpecificationError, match="may be zero"):
        read_string(text.replace("[2 Hz", "[0 Hz"))
    with pytest.raises(SpecificationError, match="a sinusoid has no 'pulse_width'"):
        read_string(text.replace("    frequency", "    pulse_width: width\n    frequency"))


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("interphase_gap: gap", "interphase_gap: nothing", Code.UNKNOWN_NAME, "no parameter is called"),
        ("interphase_gap: gap", "interphase_gap: unknown", Code.UNKNOWN_NAME, "no parameter is called"),
        ("interphase_gap: gap", "interphase_gap: rate", Code.WRONG_UNIT, "must be a time"),
        ("electrode: contact", "electrode: contact\n    control: voltage", Code.WRONG_UNIT, "a voltage"),
        ("[300 ohm, 1000 ohm]", "[1000 ohm, 300 ohm]", Code.EMPTY_RANGE, "the impedance cannot run"),
        ("[300 ohm, 1000 ohm]", "[0 ohm, 300 ohm]", Code.WRONG_VALUE, "the impedance cannot run"),
        ("pulses: {value: 5,", "pulses: {value: 0.5,", Code.WRONG_VALUE, "a burst of 0.5 pulses is none"),
        ("pulses: {value: 5,", "pulses: {value: 2.5,", Code.WRONG_VALUE, "cannot have 2.5 pulses"),
        ("rate: {value: 500 Hz,", "rate: {value: 0 Hz,", Code.WRONG_VALUE, "a rate above zero"),
        ("{value: 40 %", "{value: -40 %", Code.WRONG_VALUE, "a share cannot be -40 %"),
        ("at_most: ceiling", "at_most: amplitude", Code.WRONG_VALUE, "is bounded by itself"),
        ("{threshold: motor}", f"{{threshold: {{value: -4 mA, {S}}}}}", Code.WRONG_VALUE, "is a magnitude"),
        (MOTOR, NO_LOAD, Code.WRONG_VALUE, "may be zero, and 'load' is a size"),
        ("mismatch: {value: 1 %", "mismatch: {value: -1 %", Code.WRONG_VALUE, "cannot be -1 %"),
        ("{value: 2 kohm", "{value: 0 kohm", Code.WRONG_VALUE, "cannot be 0 kohm"),
        ("{value: 40 %", "{value: 140 %", Code.WRONG_VALUE, "a contact cannot carry 1.4"),
        ("{value: 40 %", "{value: 4 mA", Code.WRONG_UNIT, "a plain number is needed"),
        ("at_most: ceiling", "at_most: width", Code.WRONG_UNIT, "must be a current"),
        ("at_most: ceiling", "at_most: none", Code.UNKNOWN_NAME, "no parameter is called 'none'"),
        ("kind: measured, ", "", Code.GRID, "the parameter has no grid"),
        ("inputs: {threshold: motor}", "inputs: {threshold: width}", Code.WRONG_UNIT, "needs a current"),
        ("inputs: {threshold: motor}", "inputs: {limit: motor}", Code.UNKNOWN_KEY, "has no input 'limit'"),
        ("inputs: {threshold: motor}", "inputs: {threshold: {value: 4 mA}}", Code.MISSING_SOURCE, "has no"),
        (MOTOR, SURFACE, Code.UNKNOWN_KEY, "speaks of no stimulus"),
        ("limit: 62 %", "limit: 62 mA", Code.WRONG_UNIT, "needs a plain number"),
        ("stimulus: train, limit: 62 %", "stimuli: [train, train], limit: 62 %", Code.WRONG_VALUE, "of one"),
        ("stimulus: train, limit: 10", "stimuli: [train, train], limit: 10", Code.WRONG_VALUE, "named twice"),
        ("stimulus: train, limit: 10", "stimuli: [train, x], limit: 10", Code.UNKNOWN_NAME, "called 'x'"),
        ("limit: 10 uC", "limit: -10 uC", Code.WRONG_VALUE, "below what any setting does"),
        ("stimulus: train, limit: 62 %", "limit: 62 %", Code.MISSING_KEY, "needs 'stimulus:'"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_where_it_stands(old: str, new: str, code: Code, said: str) -> None:
    """One mistake gives one finding, with its code, what was received and what to do."""
    found = complaint((old, new))
    assert found.code is code, found.text()
    assert said in found.message
    assert found.advice
