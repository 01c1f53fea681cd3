"""What if: values changed for one run, by names that can only mean one value."""

from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest

from stimproof.specs.errors import OperatorError, SpecificationError
from stimproof.specs.findings import Code
from stimproof.specs.reader import read_folder

AXIUM = Path(str(files("stimproof.specs"))) / "library" / "drg-axium" / "specs"


def test_without_a_change_nothing_is_changed() -> None:
    """A specification as written carries no change, and no finding says so."""
    found = read_folder(AXIUM)
    assert found.changed == ()
    assert Code.CHANGED not in {finding.code for finding in found.findings}


def test_an_area_takes_the_place_of_a_geometry() -> None:
    """``contact_area`` is the area itself, whatever shape the specification gives the contact."""
    contact = read_folder(AXIUM, ["contact_area=0.05 cm^2"]).electrodes["lead_contact"]
    assert contact.area == (Fraction(5, 10**6), Fraction(5, 10**6))


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ("amplitude.tolerance=5 %", "parameters.amplitude.tolerance"),
        ("parameters.frequency.tolerance=5 %", "parameters.frequency.tolerance"),
        ("diameter=1.3 mm", "electrodes.lead_contact.geometry.diameter"),
        ("shannon_screening.limit=1.5", "limits.shannon_screening.limit"),
        ("pulse_width.step=20 us", "parameters.pulse_width.step"),
        ("area_tolerance=unknown", "electrodes.lead_contact.area_tolerance"),
    ],
)
def test_an_ending_that_one_value_has_is_its_name(setting: str, path: str) -> None:
    """A value may be named in full or by an ending of its name that no other value has."""
    found = read_folder(AXIUM, [setting])
    assert [item.path for item in found.changed] == [path]
    assert [item.code for item in found.findings].count(Code.CHANGED) == 1


def test_a_changed_number_is_unverified() -> None:
    """What comes from the command line is uncertain, and cites the command line."""
    tolerance = read_folder(AXIUM, ["amplitude.tolerance=5 %"]).parameters["amplitude"].tolerance
    assert tolerance.quantity is not None
    assert tolerance.quantity.si == Fraction(1, 20)
    assert (tolerance.citation.sources, tolerance.citation.confidence) == (("command_line",), "uncertain")


def test_a_changed_specification_is_another_one() -> None:
    """The hash that certificates name covers what was changed."""
    hashes = {read_folder(AXIUM, given).sha256 for given in ([], ["diameter=1.0 mm"], ["diameter=1.3 mm"])}
    assert len(hashes) == 3


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (["tolerance=5 %"], "parameters.amplitude.tolerance, parameters.patient_maximum.tolerance"),
        (["contact_aera=1 cm^2"], "near are .*electrodes.lead_contact.contact_area"),
        (["nothing_like_it=1"], "there are electrodes"),
        (["diameter"], "write name=value"),
        (["=3"], "write name=value"),
        (["diameter=1 mm", "diameter=2 mm"], "changed twice"),
        (["diameter=1 mm", "geometry.diameter=2 mm"], "both change"),
    ],
)
def test_a_name_that_is_not_one_value_lists_what_it_may_mean(settings: list[str], words: str) -> None:
    """An unknown or ambiguous name, or no name at all, changes nothing and says what could be meant."""
    with pytest.raises(OperatorError, match=words):
        read_folder(AXIUM, settings)


def test_a_value_that_does_not_fit_is_the_same_error_as_in_a_file() -> None:
    """A changed value is validated like a written one."""
    with pytest.raises(SpecificationError, match="a length is needed"):
        read_folder(AXIUM, ["diameter=3 s"])
