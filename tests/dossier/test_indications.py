"""The page of a dossier about who the device is for."""

from __future__ import annotations

import re
from pathlib import Path

from stimproof.dossier.build import build
from stimproof.dossier.inputs import DossierInputs
from stimproof.specs.indications.reader import of_device, read_string
from stimproof.specs.indications.rulebook import DeviceIndications
from stimproof.specs.reader import read_string as read_specification
from stimproof.verify.results import Verification

DEVICE = "stimproof: 1\ndevice: {id: drg-axium, name: A device}\n"
RUDE = """\
stimproof: 1
indications: {id: rude, title: "<script>alert(1)</script>"}
sources: {page: {title: "<b>page</b>"}}
attributes: {adult: {type: boolean, source: page, confidence: recalled}}
modalities: {m: {title: "<i>M</i>", source: page, confidence: seen}}
rules: {r: {modality: m, kind: indicated, when: adult, doc: "<u>doc</u>", source: page, confidence: recalled}}
"""


def page(tmp_path: Path, indications: DeviceIndications | None) -> str:
    """The page's HTML for a device of which nothing else is known."""
    found = read_specification(DEVICE)
    inputs = DossierInputs(found, Verification(found, (), {}, "0"), indications=indications)
    build(inputs, tmp_path / "out")
    return (tmp_path / "out" / "indications.html").read_text("utf-8")


def test_a_disagreement_stands_there_with_its_patient(tmp_path: Path) -> None:
    """The page names the patient to whom two documents give opposite answers, and their rules."""
    shown = re.sub(r"<[^>]+>", "", page(tmp_path, of_device(tmp_path, "drg-axium")))
    assert "conservative_therapy_optimised = no" in shown
    assert "doc002 says yes (drg_phenotype, early_first_line)" in shown
    assert "doc003 says no (conservative_first)" in shown
    assert "no medical advice" in " ".join(shown.split())


def test_one_document_alone_is_no_agreement(tmp_path: Path) -> None:
    """Where only one document speaks of a modality the page says so beside the absence of disagreement."""
    shown = re.sub(r"<[^>]+>", "", page(tmp_path, of_device(tmp_path, "sns-extraforaminal")))
    assert "Only one document speaks of sns_extraforaminal." in shown


def test_without_indications_the_page_says_so(tmp_path: Path) -> None:
    """A device of which nobody says who it is for has a page that says that."""
    assert "No indications are stated for this device" in page(tmp_path, None)


def test_what_an_author_writes_is_escaped(tmp_path: Path) -> None:
    """Text of an indications file never becomes markup, and doubtful readings are marked."""
    html = page(tmp_path, DeviceIndications(read_string(RUDE), ("m",), own=True))
    for wrong in ("<script>alert", "<b>page", "<i>M", "<u>doc"):
        assert wrong not in html
    assert "recalled" in html
