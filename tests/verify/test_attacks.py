"""Specifications made to mislead: what each of them must not be able to obtain."""

from __future__ import annotations

import pytest

from stimproof.specs.errors import SpecificationError
from stimproof.specs.reader import read_string
from stimproof.verify.results import Result, Verdict
from stimproof.verify.run import verify

HEAD = """\
stimproof: 1
device: {id: x, name: X, component: ipg}
sources: {m: {title: M}}
"""
CONTACT = """\
electrodes:
  c:
    geometry: {shape: given, area: {value: 1 cm^2, source: m, confidence: seen}}
    area_tolerance: {value: 0 %, source: m, confidence: seen}
    material: {value: Pt, source: m, confidence: seen}
    tissue: {value: cortex, source: m, confidence: seen}
"""
TIMED = """\
variables:
  t: {type: clock}
  ok: {type: boolean, initial: false}
inputs: {fine: {type: boolean}}
events: {go: {}, timeout: {kind: internal}}
machines:
  ipg:
    initial: A
    modes: {A: {}, B: {entry: {t: 0 s}, stay: BOUND}}
    transitions:
      - {from: A, to: B, event: go}
      - {from: B, to: A, event: timeout, guard: "t >= 5 s", do: {ok: true}}
"""


def _parameter(name: str, low: str, high: str, step: str, tolerance: str = "0 %") -> str:
    cited = "source: m, confidence: seen"
    return (
        f"  {name}: {{range: [{low}, {high}], step: {step}, {cited}, "
        f"tolerance: {{value: {tolerance}, {cited}}}}}\n"
    )


def _pulse(phases: str, gap: str) -> str:
    shape = f"phases: [{phases}], interphase_gap: {{value: {gap}, source: m, confidence: seen}}"
    return (
        "parameters:\n"
        + _parameter("amplitude", "0 mA", "5 mA", "1 mA")
        + _parameter("width", "100 us", "100 us", "1 us")
        + _parameter("rate", "1 kHz", "1 kHz", "1 Hz")
        + "stimuli:\n  s: {electrode: c, amplitude: amplitude, pulse_width: width, frequency: rate, "
        + f"waveform: {{{shape}, source: m, confidence: seen}}}}\n"
    )


def _result(text: str, identity: str) -> Result:
    (found,) = verify(read_string(HEAD + text), only=[identity]).results
    return found


@pytest.mark.parametrize("name", ["event", "delay", "reached", "holds", "invariant", "let", "monitor", "s"])
@pytest.mark.parametrize("section", ["inputs", "variables"])
def test_no_name_collides_with_a_name_of_the_encoding(name: str, section: str) -> None:
    """An input or a variable may have any name; its current reaches the guard whatever it is called."""
    initial = ", initial: 5 mA" if section == "variables" else ""
    text = f"""\
{section}:
  {name}: {{type: quantity, range: [0 mA, 5 mA]{initial}}}
variables:
  bad: {{type: boolean, initial: false}}
events: {{go: {{}}}}
machines:
  ipg:
    initial: A
    modes: {{A: {{}}}}
    transitions:
      - {{from: A, event: go, guard: "{name} > 3 mA", do: {{bad: true}}}}
properties:
  P: {{sentence: "the ipg shall never satisfy bad"}}
"""
    if section == "variables":
        text = text.replace("variables:\n  bad", "  bad", 1)
    assert _result(text, "properties.P").verdict is Verdict.REFUTED


def test_a_parameter_called_contact_area_is_not_the_area_of_the_contact() -> None:
    """A law's own quantities cannot be narrowed by a parameter that bears their name."""
    text = (
        CONTACT
        + _pulse("{polarity: cathodic}", "0 us").replace(
            "stimuli:", _parameter("contact_area", "9 cm^2", "9 cm^2", "1 cm^2") + "stimuli:"
        )
        + 'interlocks:\n  i: {claim: "contact_area >= 2 cm^2", source: m, confidence: seen}\n'
        + "limits:\n  d: {law: charge_density, stimulus: s, limit: 0.4 uC/cm^2, "
        + "source: m, confidence: seen}\n"
    )
    assert _result(text, "limits.d").verdict is Verdict.REFUTED


def test_tolerance_widens_a_negative_value_too() -> None:
    """Ten per cent around -5 mA run from -5.5 mA to -4.5 mA, inside the range as at its ends."""
    text = "parameters:\n" + _parameter("a", "-10 mA", "0 mA", "1 mA", "10 %")
    hole = 'limits:\n  c: {claim: "delivered(a) != -5.5 mA"}\n'
    assert _result(text + hole, "limits.c").verdict is Verdict.REFUTED
    around = 'limits:\n  c: {claim: "-11 mA <= delivered(a) <= 0 mA"}\n'
    assert _result(text + around, "limits.c").verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("gap", "verdict"), [("350 us", Verdict.PROVED), ("351 us", Verdict.REFUTED)], ids=["fits", "does not"]
)
def test_there_is_a_gap_between_any_two_phases(gap: str, verdict: Verdict) -> None:
    """Three phases of 100 us and two gaps of 350 us fill the period of 1 ms exactly."""
    phases = "{polarity: cathodic}, {polarity: anodic}, {polarity: cathodic}"
    text = CONTACT + _pulse(phases, gap) + "limits:\n  t: {law: timing, stimulus: s}\n"
    assert _result(text, "limits.t").verdict is verdict


@pytest.mark.parametrize(
    ("phases", "verdict"),
    [
        ("{polarity: cathodic}, {polarity: anodic}, {polarity: cathodic}", Verdict.PROVED),
        ("{polarity: anodic}, {polarity: cathodic}, {polarity: cathodic}", Verdict.REFUTED),
    ],
)
def test_charge_adds_up_until_the_polarity_changes(phases: str, verdict: Verdict) -> None:
    """A phase written as two steps of one polarity has the charge of both."""
    limit = "limits:\n  q: {law: charge_per_phase, stimulus: s, limit: 0.5 uC, source: m, confidence: seen}\n"
    assert _result(CONTACT + _pulse(phases, "0 us") + limit, "limits.q").verdict is verdict


def test_time_never_creeps_towards_a_bound_that_it_cannot_reach() -> None:
    """A strict bound would stop time for good without a time-lock, and every deadline would be met."""
    with pytest.raises(SpecificationError, match="never reach it"):
        read_string(HEAD + TIMED.replace("BOUND", '"t < 5 s"'))


@pytest.mark.parametrize(
    ("extra", "verdict"),
    [
        ("", Verdict.PROVED),
        (" and fine", Verdict.REFUTED),
        (' and fine"}\n      - {from: B, event: timeout, to: A, guard: "not fine', Verdict.PROVED),
    ],
    ids=["no input", "one input blocks", "every input has a way out"],
)
def test_the_environment_cannot_stop_time_by_what_it_presents(extra: str, verdict: Verdict) -> None:
    """Where time may not pass, the device can act whatever its inputs are, or that is a time-lock."""
    text = TIMED.replace("BOUND", '"t <= 5 s"').replace("t >= 5 s", f"t >= 5 s{extra}")
    assert _result(text, "machines.timelock").verdict is verdict


def test_a_division_by_zero_is_no_answer() -> None:
    """A divisor that leaves its range is reported as such, and nothing that divides by it is decided."""
    text = """\
variables:
  n: {type: quantity, range: [1 mA, 5 mA], initial: 5 mA}
  bad: {type: boolean, initial: false}
events: {go: {}, use: {}}
machines:
  ipg:
    initial: A
    modes: {A: {}}
    transitions:
      - {from: A, event: go, do: {n: "n - 1 mA"}}
      - {from: A, event: use, guard: "5 mA / n > 7", do: {bad: true}}
properties:
  P: {sentence: "the ipg shall never satisfy bad"}
"""
    assert _result(text, "properties.P").verdict is Verdict.UNKNOWN
    assert _result(text, "variables.n.range").verdict is Verdict.REFUTED


WARM = """\
variables:
  a: {type: quantity, range: [20 degC, 60 degC], initial: 20 degC}
  b: {type: quantity, range: [20 degC, 60 degC], initial: 20 degC}
  rise: {type: quantity, range: [0 K, 40 K], initial: 0 K}
inputs: {x: {type: quantity, range: [20 degC, 60 degC]}}
events: {go: {}}
machines:
  ipg:
    initial: A
    modes: {A: {}}
    transitions: [{from: A, event: go, do: {a: x, rise: x - b}}]
properties:
  P: {sentence: "the ipg shall always satisfy CLAIM"}
"""


@pytest.mark.parametrize(
    "claim",
    ["a - b <= 2 degC", "abs(a - b) <= 2 degC", "2 * a >= 90 degC", "a - b < b", "-a < b", "a + b > 2 degC"],
)
def test_a_difference_of_temperatures_is_no_point_of_the_scale(claim: str) -> None:
    """``a - b <= 2 degC`` would mean 275.15 K, and hold of nearly anything; it is refused."""
    with pytest.raises(SpecificationError, match="point of a scale"):
        read_string(HEAD + WARM.replace("CLAIM", claim))


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("a - b <= 2 K", Verdict.REFUTED),
        ("a - b <= rise", Verdict.PROVED),
        ("abs(a - b) <= 40 K", Verdict.PROVED),
        ("b + rise <= 60 degC", Verdict.PROVED),
        ("a - 2 K <= 60 degC", Verdict.PROVED),
        ("(a + b) / 2 <= 60 degC", Verdict.PROVED),
        ("max(a, b) <= 59 degC", Verdict.REFUTED),
        ("0.5 * (a - b) <= 20 K", Verdict.PROVED),
    ],
)
def test_temperatures_compare_where_both_sides_are_alike(claim: str, verdict: Verdict) -> None:
    """Points compare with points and differences with differences, and K may be either."""
    assert _result(WARM.replace("CLAIM", claim), "properties.P").verdict is verdict
