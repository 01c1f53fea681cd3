"""The device page: what has a name, what was changed of an extended device, what is declared as a fault."""

from pathlib import Path

import pytest

from stimproof.dossier.book import Book
from stimproof.dossier.inputs import DossierInputs
from stimproof.dossier.parts import device
from stimproof.dossier.view import View
from stimproof.specs.reader import read_folder, read_string
from stimproof.verify.results import Verification

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "extended" / "specs"
SECTIONS = "sources: {s: {title: S}}\nevents: {go: {}}\n"
PLAIN = "stimproof: 1\ndevice: {id: d, name: D}\n" + SECTIONS


def _view(inputs: DossierInputs) -> View:
    return View(inputs, Book(inputs, []), "device")


@pytest.fixture(scope="module")
def view() -> View:
    """The view of the manual's extended device."""
    spec = read_folder(EXAMPLE)
    sources = {document.name: document.text for document in spec.documents}
    return _view(DossierInputs(spec, Verification(spec, (), {}, "0"), sources=sources))


def test_the_changes_of_an_extended_device_are_listed(view: View) -> None:
    """Each overridden value stands with its old and its new text, each removed one as removed."""
    page = str(device.origin(view))
    assert "drg-axium" in page
    assert "parameters.amplitude.default" in page
    assert "not given" in page
    assert "0.1 mA" in page
    assert "limits.two_equal_phases_would_fit" in page


def test_constants_and_definitions_are_listed(view: View) -> None:
    """A reader finds what each name stands for, and who says so."""
    page = str(device.named(view))
    assert "ceiling" in page
    assert "4 mA" in page
    assert "eri_warning or eos_reached" in page


def test_declared_faults_are_listed(view: View) -> None:
    """Each declared fault stands with its sentence, and with its rate where one is stated."""
    page = str(device.faults(view))
    assert "eri_warning is stuck at false" in page
    assert "the event magnet_held is up to 500 ms late" in page
    assert "not stated" in page


def test_what_is_written_about_a_fault_is_escaped() -> None:
    """Text of a specification never becomes markup."""
    text = PLAIN + "faults: {f: {kind: spurious, event: go, doc: '<script>alert(1)</script>'}}\n"
    spec = read_string(text)
    page = str(device.faults(_view(DossierInputs(spec, Verification(spec, (), {}, "0")))))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_nothing_is_said_of_what_is_not_there() -> None:
    """A device that extends nothing and names nothing says so."""
    spec = read_string(PLAIN)
    plain = _view(DossierInputs(spec, Verification(spec, (), {}, "0")))
    assert str(device.origin(plain)) == ""
    assert "no constant and no definition" in str(device.named(plain))
    assert "declares no fault" in str(device.faults(plain))
