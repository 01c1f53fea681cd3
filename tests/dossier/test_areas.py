"""The safe operating area: what is drawn, from which numbers, and what is said where nothing is known."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from stimproof.dossier import operating_area
from stimproof.dossier.build import build
from stimproof.dossier.clauses import data
from stimproof.dossier.inputs import DossierInputs
from stimproof.dossier.operating_area import Line, Picture, Point, outcome_group
from stimproof.dossier.reach import Reach, largest, reach
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Specification
from stimproof.verify.results import Verification
from stimproof.verify.run import verify

from .conftest import TOY, read

PICTURE = Picture(
    Reach(0.006, 0.5, 2.3, 0.057, 0.063, nominal=False, shapeless=False),
    (
        Line("charge_density", 30.0, "30 µC/cm²"),
        Line("charge_per_phase", 3.0, "3 µC"),
        Line("shannon", 1.85, "1.85"),
    ),
    (1.5, 1.75, 1.85, 2.0),
    (Point(0.05, 800.0, "none"), Point(1.0, 100.0, "partial 3/4"), Point(8.0, 16.0, "damage")),
    ((2.25, 39.0),),
    "therapy",
)


@pytest.fixture
def specification(toy: DossierInputs) -> Specification:
    """The toy device."""
    return toy.specification


def test_everything_is_in_the_picture() -> None:
    """Limits, laws, published points, what the device reaches and the counterexample stand in the legend."""
    svg = operating_area.draw(PICTURE)
    limits = ("limit: 30 µC/cm²", "limit: 3 µC", "limit: Shannon k = 1.85", "k = 1.75")
    published = ("published: no damage", "published: damage in part", "published: damage")
    device = ("the device can deliver", "interlocks keep the device out", "counterexample")
    for text in (*limits, *published, *device):
        assert f">{text}</text>" in svg, text


def test_the_picture_is_the_same_every_time() -> None:
    """No date, no random id, no file of this machine; colours are left to the style sheet."""
    svg = operating_area.draw(PICTURE)
    assert svg == operating_area.draw(PICTURE)
    assert "<metadata" not in svg
    assert "Matplotlib" not in svg
    assert "var(--stim-limit, " in svg
    assert not [ink for ink in operating_area.INKS if ink in svg]


def test_the_corner_respects_interlocks(specification: Specification) -> None:
    """The toy's interlock caps amplitude times width at 0.5 uC; without it 5 mA and 450 us would pass."""
    stimulus = specification.stimuli["therapy"]
    assert stimulus.pulse_width is not None
    train = stimulus.amplitude, stimulus.pulse_width
    assert largest(specification, *train) == Fraction(1, 2_000_000)
    free = replace(specification, interlocks={})
    assert largest(free, *train) == Fraction(5, 1000) * Fraction(450, 1_000_000)
    found = reach(specification, stimulus)
    assert found is not None
    assert found.blocked
    assert found.high == pytest.approx(0.5 * 1.05 * 1.02)


def test_an_unknown_area_gives_a_notice(specification: Specification, tmp_path: Path) -> None:
    """Without an area there is no picture, and the page says so and what is known all the same."""
    text = (TOY / "specs" / "device.yaml").read_text("utf-8")
    unknown = text.replace(
        "diameter: {value: 1.27 mm, source: manual, confidence: seen}", "diameter: {value: unknown}"
    )
    found = read_string(unknown, "specs/device.yaml")
    assert reach(found, found.stimuli["therapy"]) is None
    build(DossierInputs(found, Verification(found, (), {}, "0")), tmp_path / "out")
    page = read(tmp_path / "out" / "limits.html").text
    assert "No picture." in page
    assert "nominally 0.5 µC" in page


def test_a_law_that_does_not_apply_is_no_line_in_the_picture(tmp_path: Path) -> None:
    """A limit about which nothing is claimed is not drawn, and the page says that none of its law applies."""
    text = (TOY / "specs" / "device.yaml").read_text("utf-8")
    found = read_string(text, "specs/device.yaml")
    claim = found.limits["k"]
    assert claim.law == "shannon"
    build(DossierInputs(found, verify(found, only=["limits.k"])), tmp_path / "out")
    page = read(tmp_path / "out" / "limits.html").text
    assert "limit: Shannon" not in page
    assert "no known limit that applies here of: " in page


def test_an_unknown_pulse_is_told(specification: Specification) -> None:
    """Where nobody says what the pulse looks like, the picture stands for one phase and says so."""
    stimulus = replace(specification.stimuli["therapy"], phases=None)
    found = reach(specification, stimulus)
    assert found is not None
    assert found.shapeless


def test_published_points_agree_with_shannons_arithmetic() -> None:
    """Each packed point has D = Q / A within its printed digits, and a known kind of outcome."""
    facts = data("safe_area.yaml")
    for point in facts["points"]:
        charge, density, area = (Fraction(point[key]) for key in ("charge", "density", "area"))
        assert abs(charge / area - density) <= density / 20, point["id"]
        assert outcome_group(point["outcome"]) in {
            "no damage",
            "damage in part",
            "damage",
            "no outcome given",
        }
        assert point["source"] in facts["sources"]
