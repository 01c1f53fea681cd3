from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code, Finding
from stimproof.specs.quantities import exact_text, quantity
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Electrode, Parameter

CITED = "source: manual, confidence: seen"
HEAD = "stimproof: 1\ndevice: {id: d, name: D}\nsources: {manual: {title: T}}\n"
UM2 = Fraction(1, 10**12)


def electrode(geometry: str) -> Electrode:
    """Return an electrode of which only the geometry is known."""
    text = (
        f"{HEAD}electrodes:\n  e:\n    geometry: {{{geometry}}}\n    area_tolerance: {{value: unknown}}\n"
        "    material: {value: unknown}\n    tissue: {value: unknown}\n"
    )
    return read_string(text).electrodes["e"]


def parameter(body: str) -> Parameter:
    """Return the only parameter of a specification."""
    return read_string(f"{HEAD}parameters:\n  p: {{{body}, {CITED}}}\n").parameters["p"]


def length(name: str, value: str) -> str:
    """Return a cited number as YAML."""
    return f"{name}: {{value: {value}, {CITED}}}"


@pytest.mark.parametrize(
    ("geometry", "published", "error"),
    [
        # COSMIIC documentation: "disc 3.3 mm diameter, 8.55 mm2"
        (f"shape: disc, {length('diameter', '3.3 mm')}", "8.553 mm^2", "0.0005 mm^2"),
        # Cogan et al. 2016: deep-brain contact of 1.27 mm by 1.5 mm, "0.06 cm2"
        (
            f"shape: cylinder, {length('diameter', '1.27 mm')}, {length('length', '1.5 mm')}",
            "0.0598 cm^2",
            "0.0001 cm^2",
        ),
        (f"shape: rectangle, {length('width', '2 mm')}, {length('length', '5 mm')}", "10 mm^2", "0 mm^2"),
        (f"shape: given, {length('area', '0.06 cm^2')}", "0.06 cm^2", "0 cm^2"),
        (
            f"shape: ring, {length('outer_diameter', '2 mm')}, {length('inner_diameter', '1 mm')}",
            "2.3562 mm^2",
            "0.0001 mm^2",
        ),
    ],
    ids=["disc", "cylinder", "rectangle", "given", "ring"],
)
def test_areas_agree_with_published_ones(geometry: str, published: str, error: str) -> None:
    """The geometric area of a contact agrees with published values to their last digit."""
    area = electrode(geometry).area
    assert area is not None
    for bound in area:
        assert abs(bound - quantity(published).si) <= quantity(error).si


def test_area_bounds_enclose_pi() -> None:
    """A round contact's area is a rational interval that strictly holds the true area, and a narrow one."""
    area = electrode(f"shape: disc, {length('diameter', '2 m')}").area
    assert area is not None
    assert area[0] < area[1] < area[0] + Fraction(1, 10**29)


def test_an_unknown_length_makes_an_unknown_area() -> None:
    """What nobody cites is not computed with."""
    found = electrode("shape: disc, diameter: {value: unknown, note: not in the manual}")
    assert found.area is None
    assert found.dimensions[0].citation.confidence == "unknown"
    assert found.dimensions[0].text == "unknown"


def test_an_inside_out_ring_is_refused(toy: str, complaints: Callable[..., list[Finding]]) -> None:
    """A contact without area is a finding."""
    (finding,) = complaints(
        ("shape: cylinder", "shape: ring"),
        ("      diameter: {value: 1.27 mm", "      outer_diameter: {value: 1 mm"),
        ("      length: {value: 1.5 mm", "      inner_diameter: {value: 1.5 mm"),
    )
    assert finding.code is Code.EMPTY_RANGE


def test_the_published_axium_grid_has_161_values() -> None:
    """A piecewise grid counts the shared end of two pieces once (Axium amplitude)."""
    fine, coarse = "{from: 0 uA, to: 2000 uA, step: 25 uA}", "{from: 2000 uA, to: 6000 uA, step: 50 uA}"
    found = parameter(f"range: [0 uA, 6000 uA], grid: [{fine}, {coarse}]")
    values = list(found.grid())
    assert found.count == len(values) == len(set(values)) == 161
    assert values == sorted(values)
    assert found.on_grid(quantity("2.05 mA").si)
    assert not found.on_grid(quantity("2.025 mA").si)
    assert found.on_grid(quantity("1.975 mA").si)


@given(
    st.fractions(min_value=-100, max_value=100, max_denominator=100).map(
        lambda f: Fraction(round(f * 100), 100)
    ),
    st.integers(1, 400).map(lambda n: Fraction(n, 100)),
    st.integers(0, 200),
)
def test_grids_hold_their_ends_and_nothing_between(start: Fraction, step: Fraction, count: int) -> None:
    """A uniform grid has exactly its equidistant values, both ends among them, whatever the decimals."""
    low, high = exact_text(start), exact_text(start + count * step)
    found = parameter(f"range: [{low} mA, {high} mA], step: {exact_text(step)} mA")
    values = list(found.grid())
    assert values == [(start + n * step) / 1000 for n in range(count + 1)]
    assert all(found.on_grid(value) for value in values)
    if count:
        assert not found.on_grid((values[0] + values[1]) / 2)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("range: [0 mA, 5 mA], step: 0.3 mA", Code.GRID),
        ("range: [0 mA, 5 mA], step: 0 mA", Code.GRID),
        ("range: [0 mA, 5 mA], step: -1 mA", Code.GRID),
        ("range: [0 mA, 5 mA]", Code.GRID),
        ("range: [0 mA, 5 mA], step: 1 mA, grid: [{from: 0 mA, to: 5 mA, step: 1 mA}]", Code.GRID),
        ("range: [0 mA, 5 mA], grid: [{from: 0 mA, to: 4 mA, step: 1 mA}]", Code.GRID),
        (
            "range: [0 A, 5 A], grid: [{from: 2 A, to: 5 A, step: 1 A}, {from: 0 A, to: 2 A, step: 1 A}]",
            Code.GRID,
        ),
        ("range: [0 mA, 5 mA], step: 1 us", Code.WRONG_UNIT),
        ("range: [0 us, 5 mA], step: 1 mA", Code.WRONG_UNIT),
        ("range: [0 mA, 5 mA], step: 1 mA, default: 3 us", Code.WRONG_UNIT),
        ("range: [20 degC, 30 degC], step: 1 degC", Code.WRONG_UNIT),
        ("range: [0, 30 degC], step: 1 K", Code.WRONG_UNIT),
        ("range: [5 mA, 0 mA], step: 1 mA", Code.EMPTY_RANGE),
        ("range: [0 mA], step: 1 mA", Code.MISSING_KEY),
        ("range: [0 mA, 5 mA, 6 mA], step: 1 mA", Code.WRONG_VALUE),
        ("range: [a, b], step: 1 mA", Code.WRONG_UNIT),
    ],
)
def test_grids_that_make_no_sense_are_refused(body: str, code: Code) -> None:
    """A grid must be positive, ascending, in one dimension, and reach both ends of its range."""
    with pytest.raises(SpecificationError) as caught:
        parameter(body)
    assert caught.value.findings[0].code is code


def test_a_bare_zero_may_start_a_range() -> None:
    """``[0, 5 mA]`` is what people write, and means what it says."""
    assert parameter("range: [0, 5 mA], step: 1 mA").low == 0


def test_a_default_off_its_own_grid_is_a_warning() -> None:
    """A default that the grid cannot express is the maker's inconsistency: kept, and said."""
    text = f"{HEAD}parameters:\n  p: {{range: [0 mA, 5 mA], step: 1 mA, default: 0.5 mA, {CITED}}}\n"
    found = read_string(text)
    assert found.parameters["p"].default == Fraction(1, 2000)
    assert Code.OFF_GRID in {finding.code for finding in found.findings}


def test_a_number_without_a_source_says_so_wherever_it_is_listed(toy: str) -> None:
    """Every number of a specification is listed with its citation and place."""
    spec = read_string(toy)
    rows = {name: (text, citation.confidence, place.line) for name, text, citation, place in spec.numbers}
    assert rows["electrodes.contact.diameter"] == ("1.27 mm", "seen", 12)
    assert rows["parameters.amplitude"] == ("0 mA … 5 mA", "seen", 18)
    assert rows["limits.charge.limit"] == ("3 uC", "seen", 51)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("diameter: {value: 1.27 mm", "diameter: {value: -1.27 mm", Code.WRONG_VALUE),
        ("diameter: {value: 1.27 mm", "diameter: {value: 0 mm", Code.WRONG_VALUE),
        ("area_tolerance: {value: 5 %", "area_tolerance: {value: -5 %", Code.WRONG_VALUE),
        ("area_tolerance: {value: 5 %", "area_tolerance: {value: 5", Code.WRONG_VALUE),
        (
            "tolerance: {value: 5 %, source: manual, confidence: seen}\n    source",
            "tolerance: {value: -5 %, source: manual, confidence: seen}\n    source",
            Code.WRONG_VALUE,
        ),
        ("range: [0 mA, 5 mA]", "range: [-5 mA, 5 mA]", Code.WRONG_VALUE),
        ("interphase_gap: {value: 50 us", "interphase_gap: {value: -50 us", Code.WRONG_VALUE),
        ("{polarity: anodic}", "{polarity: anodic, amplitude: -1}", Code.WRONG_VALUE),
        ("{polarity: anodic}", "{polarity: anodic, width: 0}", Code.WRONG_VALUE),
        ("phases: [{polarity: cathodic}, {polarity: anodic}]", "phases: []", Code.WRONG_VALUE),
    ],
)
def test_numbers_that_would_turn_a_proof_round_are_refused(
    complaints: Callable[..., list[Finding]], old: str, new: str, code: Code
) -> None:
    """A negative size, tolerance, gap or amplitude would make worst cases harmless, so it is an error."""
    assert [finding.code for finding in complaints((old, new))] == [code]


@pytest.mark.parametrize(
    ("limit", "remarked"),
    [
        ('{claim: "amplitude <= 4 mA"}', True),
        ('{claim: "amplitude <= 4 mA", source: manual, confidence: seen}', False),
        ('{claim: "amplitude >= 0 mA"}', False),
        ('{claim: "2 * pulse_width * rate <= 1"}', False),
    ],
)
def test_a_number_in_a_claim_cites_its_source(toy: str, limit: str, remarked: bool) -> None:
    """A claim that states a physical quantity without a source is remarked; pure relations need none."""
    text = toy.replace("limits:\n", f"limits:\n  uncited: {limit}\n", 1)
    found = [item for item in read_string(text).findings if item.location.path == "limits.uncited"]
    assert [item.code for item in found] == ([Code.MISSING_SOURCE] if remarked else [])
