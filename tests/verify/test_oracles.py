"""The laws against published and measured figures.

Each docstring names the source. Where a published figure does not follow from its own inputs, both the
published and the computed figure stand here. The rows in which damage was or was not seen are used as
arithmetic only: they say where a point lies, not that the law predicted the damage.
"""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from stimproof.specs.bounds import power_of_ten
from stimproof.specs.reader import read_string
from stimproof.verify.results import Result, Verdict
from stimproof.verify.run import verify
from trains import at, known, limit, verdict

F = Fraction
THOUSANDTH = Decimal("0.001")
HEAD = """
stimproof: 1
device: {{id: oracle, name: Oracle}}
sources: {{paper: {{title: See the test's docstring}}}}
electrodes:
  contact:
    geometry: {geometry}
    area_tolerance: {{value: 0 %, source: paper, confidence: seen}}
    material: {{value: Pt, source: paper, confidence: seen}}
    tissue: {{value: cortex, source: paper, confidence: seen}}
parameters:
  amplitude: {{range: [{amplitude}, {amplitude}], source: paper, confidence: seen, tolerance: {exact}}}
  width: {{range: [{width}, {width}], source: paper, confidence: seen, tolerance: {exact}}}
  rate: {{range: [{rate}, {rate}], source: paper, confidence: seen, tolerance: {exact}}}
stimuli:
  train:
    electrode: contact
    amplitude: amplitude
    pulse_width: width
    frequency: rate
    waveform:
      phases: {phases}
      interphase_gap: {{value: 0 us, source: paper, confidence: seen}}
      source: paper
      confidence: seen
limits: {{it: {{law: {law}, stimulus: train{limit}}}}}
"""
EXACT = "{value: 0 %, source: paper, confidence: seen}"
BOTH = "[{polarity: cathodic}, {polarity: anodic}]"


def given(area: str) -> str:
    """Return the geometry of a stated area."""
    return f"{{shape: given, area: {{value: {area}, source: paper, confidence: seen}}}}"


def decide(law: str, limit: str | None, **changes: Any) -> Result:
    """Return what a law says about one programmed setting."""
    said = f", limit: {limit}, source: paper, confidence: seen" if limit else ""
    said += ", argument: arithmetic only" if law == "shannon" else ""
    fields = {"geometry": given("0.06 cm^2"), "amplitude": "1 mA", "width": "400 us", "rate": "50 Hz"}
    fields |= {"phases": BOTH, "exact": EXACT, "law": law, "limit": said, **changes}
    return verify(read_string(HEAD.format(**fields))).by_id()["limits.it"]


def brackets(law: str, below: str, above: str, **changes: Any) -> None:
    """Demand that a setting violates the lower limit and keeps the upper one."""
    assert decide(law, below, **changes).verdict is Verdict.REFUTED
    assert decide(law, above, **changes).verdict is Verdict.PROVED


# ---- Shannon: log10 D = k - log10 Q ----

# id, area, charge per phase, density as published, k of the point
POINTS = [
    ("OR03", "0.01", "1.0", "100", "2.000"),
    ("OR04", "0.02", "1.0", "50", "1.699"),
    ("OR05", "0.10", "1.0", "10", "1.000"),
    ("OR06", "0.5", "5", "10", "1.699"),
    ("OR08", "0.5", "8", "16", "2.107"),
    ("OR09", "0.5", "10", "20", "2.301"),
    ("OR10", "0.5", "12.5", "25", "2.495"),
    ("OR11", "0.5", "15", "30", "2.653"),
    ("OR13", "0.005", "0.3", "60", "1.255"),
    ("OR15", "0.06", "0.5", "8.33", "0.620"),
]


@pytest.mark.parametrize(
    ("row", "area", "charge", "density", "k"), POINTS, ids=[point[0] for point in POINTS]
)
def test_a_point_lies_on_its_own_line(row: str, area: str, charge: str, density: str, k: str) -> None:
    """Each point's k, to three places, separates the lines below it from those above it.

    Source: McCreery et al. 1990, Table I (OR03 to OR11), Cogan et al. 2016 (OR13, OR15). The point is
    programmed as a current of 400 us at 50 Hz.
    """
    del row, density
    current = f"{Decimal(charge) * 1000 / 400} mA"
    lower, upper = (str(Decimal(k) + shift) for shift in (-THOUSANDTH, THOUSANDTH))
    brackets("shannon", lower, upper, geometry=given(f"{area} cm^2"), amplitude=current)


@pytest.mark.parametrize(
    ("row", "area", "charge", "density", "k"), POINTS, ids=[point[0] for point in POINTS]
)
def test_a_point_has_its_published_density(row: str, area: str, charge: str, density: str, k: str) -> None:
    """Charge over area is the published density, to the places that are printed (same sources)."""
    del row, k
    assert abs(F(charge) / F(area) - F(density)) < F(1, 100)
    current = f"{Decimal(charge) * 1000 / 400} mA"
    exact = Decimal(charge) / Decimal(area)
    lower, upper = (f"{exact + shift:.6f} uC/cm^2" for shift in (-THOUSANDTH, THOUSANDTH))
    brackets("charge_density", lower, upper, geometry=given(f"{area} cm^2"), amplitude=current)


@pytest.mark.parametrize(
    ("row", "area", "charge"), [("OR01", "0.000065", "0.05"), ("OR02", "0.000065", "0.1")]
)
def test_a_microelectrode_gets_no_answer_from_the_line(row: str, area: str, charge: str) -> None:
    """McCreery et al. 1990: contacts of 65e-6 cm² show no damage above k = 2; the line does not apply.

    Source of the boundary: Cogan et al. 2016 (0.0003 to 0.0007 cm²).
    """
    del row
    current = f"{Decimal(charge) * 1000 / 400} mA"
    result = decide("shannon", "1.85", geometry=given(f"{area} cm^2"), amplitude=current)
    assert result.verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("row", "area", "below", "above"),
    [("OR25", "6.31", "4708", "4709"), ("OR27", "0.05", "419", "420")],
    ids=["OR25", "OR27"],
)
def test_the_line_gives_elemems_current_limits(row: str, area: str, below: str, above: str) -> None:
    """At k = 1.5 and 300 us the largest whole current is that of elemem's ShannonCriteria, executed.

    Source: pennmem/elemem, src/StimInterface.cpp, commit 69d1a79. OR27's 0.05 mm² is 0.0005 cm², inside
    the boundary of microelectrodes (0.0003 to 0.0007 cm²): there the law itself declines, so that row is
    recomputed from the enclosure of 10^k alone.
    """
    if row == "OR27":
        line = power_of_ten(F(3, 2))
        charge = [F(current) * 300 / 10**6 for current in (below, above)]  # uC
        assert charge[0] ** 2 / (F(area) / 100) <= line[0]
        assert charge[1] ** 2 / (F(area) / 100) > line[1]
        assert decide("shannon", "1.5", geometry=given("0.05 mm^2")).verdict is Verdict.NOT_APPLICABLE
        return
    settings = {"geometry": given(f"{area} mm^2"), "width": "300 us"}
    assert decide("shannon", "1.5", amplitude=f"{below} uA", **settings).verdict is Verdict.PROVED
    assert decide("shannon", "1.5", amplitude=f"{above} uA", **settings).verdict is Verdict.REFUTED


def test_the_example_of_a_script_lies_far_below_the_line() -> None:
    """5 mA, 50 us, 0.08 cm²: 0.25 uC, 3.125 uC/cm², k = -0.107. Source: COSMIIC, commit 6288727 (OR24)."""
    setting = {"geometry": given("0.08 cm^2"), "amplitude": "5 mA", "width": "50 us"}
    brackets("charge_per_phase", "0.249999 uC", "0.25 uC", **setting)
    brackets("charge_density", "3.124999 uC/cm^2", "3.125 uC/cm^2", **setting)
    brackets("shannon", "-0.108", "-0.106", **setting)


@pytest.mark.parametrize(
    ("k", "published"), [("1.5", "31.6228"), ("1.75", "56.2341"), ("1.85", "70.7946"), ("2", "100")]
)
def test_powers_of_ten_are_enclosed(k: str, published: str) -> None:
    """10^k to six digits lies within half a unit of its last digit. Arithmetic; used by Shannon 1992."""
    low, high = power_of_ten(F(k))
    assert low <= high
    assert abs(low - F(published)) < F(1, 10**4)
    assert high - low < F(1, 10**20)


# ---- charge, density, areas ----


def test_one_nanocoulomb_on_a_thousand_square_micrometres() -> None:
    """1 nC on 1000 um² is 100 uC/cm² exactly. Source: Cogan et al. 2016 (OR16)."""
    setting = {"geometry": given("0.00001 cm^2"), "amplitude": "0.0025 mA"}
    brackets("charge_density", "99.999999 uC/cm^2", "100 uC/cm^2", **setting)


def test_two_nanocoulombs_on_two_thousand_square_micrometres() -> None:
    """2 nC on 2000 um², 200 us, 50 Hz: 100 uC/cm² again. Source: McCreery, Pikov, Troyk 2010 (OR18)."""
    setting = {"geometry": given("0.00002 cm^2"), "amplitude": "0.01 mA", "width": "200 us"}
    brackets("charge_density", "99.999999 uC/cm^2", "100 uC/cm^2", **setting)


def test_the_charge_that_a_comment_promises_not_to_exceed() -> None:
    """3500 uA for 300 us is 1.05e6 pC, to the picocoulomb. Source: elemem, commit 69d1a79 (OR28)."""
    setting = {"amplitude": "3500 uA", "width": "300 us"}
    brackets("charge_per_phase", "1.049999 uC", "1.05 uC", **setting)


def test_one_volt_across_a_kilohm() -> None:
    """1 mA for 450 us is 0.45 uC; one phase at 250 Hz fills 11.25 % of the period.

    Source: Clin Neurophysiol 2018;129:731-742, Fig. 4 (OR37).
    """
    setting = {"amplitude": "1 mA", "width": "450 us", "rate": "250 Hz", "phases": "[{polarity: cathodic}]"}
    brackets("charge_per_phase", "0.449999 uC", "0.45 uC", **setting)
    result = decide("timing", None, **setting)
    assert result.verdict is Verdict.PROVED
    assert F(450, 10**6) * 250 == F("0.1125")


def test_the_area_of_a_disc() -> None:
    """A disc of 3.3 mm has 8.553 mm², published as 8.55. Source: COSMIIC, commit 6288727 (OR22)."""
    disc = "{shape: disc, diameter: {value: 3.3 mm, source: paper, confidence: seen}}"
    low, high = area_of(disc)
    assert low < high
    assert abs(low * 10**6 - F("8.553")) < F(1, 2000)
    assert abs(low * 10**6 - F("8.55")) < F(1, 200)


def test_the_area_of_a_deep_brain_contact() -> None:
    """A band of 1.27 mm by 1.5 mm has 0.0598 cm²; the literature says 0.06. Source: Cogan et al. 2016 (OR31).

    The published figure is the computed one rounded to one digit, and is 0.25 % larger: on the unsafe side.
    """
    band = (
        "{shape: cylinder, diameter: {value: 1.27 mm, source: paper, confidence: seen}, "
        "length: {value: 1.5 mm, source: paper, confidence: seen}}"
    )
    low, high = area_of(band)
    assert abs(low * 10**4 - F("0.0598")) < F(1, 10**4)
    assert high * 10**4 < F("0.06")


def area_of(geometry: str) -> tuple[Fraction, Fraction]:
    """Return the bounds of an area (m²)."""
    fields = {"amplitude": "1 mA", "width": "400 us", "rate": "50 Hz", "phases": BOTH, "exact": EXACT}
    text = HEAD.format(geometry=geometry, law="timing", limit="", **fields)
    area = read_string(text).electrodes["contact"].area
    assert area is not None
    return area


def test_half_a_period_of_a_slow_sine() -> None:
    """A sine of 2 mA at 0.5 Hz carries I/(pi f) = 1273.2 uC in each half period (OR34).

    Source: OpenNerve firmware, commit b34d8cf. No rectangular phase is larger than its peak for half a
    period, 2 mA for 1 s: 2000 uC. A contact of 0.06 cm² would see 21 220 uC/cm² by the sine, far above any
    capacity of platinum (at most 0.15 mC/cm², Rose and Robblee 1990).
    """
    sine = {
        "set_by": "amplitude: amplitude\n    frequency: rate",
        "waveform": "shape: sinusoidal",
        "gap": "",
        **at("2 mA", rate="0.5 Hz"),
    }
    assert verdict(limit("sine_charge", "1273.2 uC"), **sine) == "refuted"  # 1273.2395..., printed as 1273.2
    assert verdict(limit("sine_charge", "1273.3 uC"), **sine) == "proved"
    platinum = limit("charge_injection_capacity", "0.15 mC/cm^2", measured_on="Pt/Ir")
    assert verdict(platinum, **sine) == "refuted"
    assert math.isclose(2e-3 / (math.pi * 0.5) * 1e6, 1273.2395, abs_tol=1e-4)


def test_an_external_pulse_of_200_volts() -> None:
    """200 V into 500 ohm for 2 ms are 160 mJ, within 300 mJ. Source: BIOPAC, IEC 601-2-10 (OR21)."""
    pulse = {
        "placement": "skin",
        "amplitude": "range: [200 V, 200 V]",
        "width": "range: [2 ms, 2 ms]",
        "waveform": "phases: [{polarity: cathodic}]",
        "stimulus": "    control: voltage\n",
    }
    load = f"{{load: {known('500 ohm')}}}"
    for energy, expected in (("159.999 mJ", "refuted"), ("160 mJ", "proved"), ("300 mJ", "proved")):
        assert verdict(limit("pulse_energy", energy, inputs=load), **pulse) == expected
    assert F(200) ** 2 / 500 == 80  # W, as published


def test_two_capacitors_of_a_blocking_circuit() -> None:
    """8 mA for 1 ms charge 4 uF by 2 V. Source: Liu, Demosthenous, Donaldson (OR36)."""
    pulse = {
        **at("8 mA", "1 ms"),
        "stimulus": f"    circuit: {{coupling_capacitor: {known('4 uF')}}}\n",
    }
    assert verdict(limit("coupling_capacitor_voltage", "1.999999 V"), **pulse) == "refuted"
    assert verdict(limit("coupling_capacitor_voltage", "2 V"), **pulse) == "proved"


def test_an_hour_at_39_degrees() -> None:
    """60 min at 39 degC are 0.234 min at 43 degC. Source: ISO 14708-3:2017, 17.1, as transcribed (OR38)."""
    heat = f"{{temperature: {known('39 degC')}, duration: {known('60 min')}}}"
    for dose, expected in (("0.234 min", "refuted"), ("0.235 min", "proved")):  # 60 * 0.25^4 = 0.234375
        assert verdict(limit("thermal_dose", dose, train="", inputs=heat)) == expected


@pytest.mark.parametrize(
    ("bound", "expected"), [("159.9", "refuted"), ("160.1", "proved"), ("130", "refuted")]
)
def test_the_density_at_a_depth_is_not_what_the_prose_says(bound: str, expected: str) -> None:
    """800 uC/cm² on a disc of R = 45 um leaves 160 uC/cm² at 60 um; the prose prints 130 (OR41).

    Source: McCreery et al. 1990. The computed 800 * (1 - 60/75) = 160 is above the printed figure.
    """
    area = math.pi * 45e-4**2  # cm²
    disc = {
        **at(f"{800 * area / 400 * 1e3:.9f} mA", "400 us"),
        "geometry": f"{{shape: disc, diameter: {known('90 um')}}}",
    }
    depth = limit("mccreery_depth", f"{bound} uC/cm^2", inputs=f"{{depth: {known('60 um')}}}")
    assert verdict(depth, **disc) == expected


@pytest.mark.parametrize(
    ("row", "claim"),
    [
        ("OR42", "34 * 60 == 2040"),
        ("OR43", "0.5 V + 0.6 V * 15 == 9.5 V"),
    ],
)
def test_voltages_follow_from_their_codes(row: str, claim: str) -> None:
    """34 V are 2040 steps of 1/60 V (COSMIIC, ObjDict.c); code 15 is 9.5 V (elemem, commit 69d1a79)."""
    del row
    text = (
        "stimproof: 1\ndevice: {id: d, name: D}\nsources: {code: {title: See the docstring}}\n"
        f'limits: {{it: {{claim: "{claim}", source: code, confidence: seen}}}}\n'
    )
    assert verify(read_string(text)).by_id()["limits.it"].verdict is Verdict.PROVED


def test_the_grid_of_the_axium() -> None:
    """0 to 2000 uA by 25 and 2000 to 6000 by 50 are 161 values. Source: Axium MN0700, page 20 (OR40)."""
    text = """
stimproof: 1
device: {id: grid, name: Grid}
sources: {manual: {title: Axium MN0700}}
parameters:
  amplitude:
    range: [0 uA, 6000 uA]
    grid: [{from: 0 uA, to: 2000 uA, step: 25 uA}, {from: 2000 uA, to: 6000 uA, step: 50 uA}]
    source: manual
    confidence: seen
limits: {any: {claim: "amplitude <= 6 mA"}}
"""
    specification = read_string(text)
    assert specification.parameters["amplitude"].count == 161
    assert verify(specification).by_id()["limits.any"].verdict is Verdict.PROVED


def test_a_published_voltage_that_does_not_follow() -> None:
    """10 V, 185 Hz, 210 us: V * sqrt(f * PW) is 1.971 V r.m.s.; the paper prints 1.56 V.

    Source: Elwassif et al. 2006 (OR30). No law here uses the figure; the row stands so that nobody does.
    """
    computed = math.sqrt(100 * 185 * 210e-6)
    assert math.isclose(computed, 1.971, abs_tol=5e-4)
    assert not math.isclose(computed, 1.56, abs_tol=0.1)
