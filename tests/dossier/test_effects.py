"""The page of controls: what each control prevents is shown as a run of the device without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stimproof.dossier.book import Book
from stimproof.dossier.inputs import DossierInputs
from stimproof.dossier.parts import controls, risk
from stimproof.dossier.view import View
from stimproof.hazards.effectiveness import ablations
from stimproof.hazards.trace import trace
from stimproof.project import load
from stimproof.verify.ablation import ablate
from stimproof.verify.run import verify

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "ablation"


def _view(folder: Path) -> View:
    project = load(folder)
    verification = verify(project.specification)
    tried = ablate(verification, ablations(project.risk_file))
    report = trace(project.risk_file, verification, tried.effects)
    inputs = DossierInputs(
        project.specification, verification, project.risk_file, report, project.sources, ablation=tried
    )
    return View(inputs, Book(inputs, []), "controls")


@pytest.fixture(scope="module")
def page() -> str:
    """The table of the controls of the manual's example."""
    # Where a name may break is no part of it.
    return str(controls.controls(_view(FOLDER))).replace("<wbr>", "")


def test_each_effect_stands_beside_its_control(page: str) -> None:
    """Effective, redundant, insufficient and unknown controls are told apart."""
    for effect in ("effective", "redundant", "insufficient", "unknown"):
        assert f">{effect}<" in page


def test_the_run_that_a_control_prevents_is_on_the_page(page: str) -> None:
    """Each refutation without a control is shown: runs, and a setting without the range."""
    assert page.count("what it prevents") + page.count("how it breaks without it") == 3
    assert page.count("what it prevents") == page.count("it holds with the control and breaks without it")
    assert "tried without machines.stimulator.transitions.gate.guard" in page
    assert "amplitude" in page.split("tried without parameters.amplitude.range")[1]


def test_why_nothing_was_tried_is_told(page: str) -> None:
    """Where an element cannot be removed, the page says why."""
    assert "limits.small is a claim or a name, and no part of the device" in page


def test_a_control_that_nothing_implements_and_what_stays_open_are_told(tmp_path: Path) -> None:
    """The page says that there was nothing to remove and why; a finding has its explanation beside it."""
    for file in sorted(FOLDER.glob("*/*.yaml")):
        (tmp_path / file.parent.name).mkdir(exist_ok=True)
        text = file.read_text(encoding="utf-8")
        if file.parent.name == "hazards":
            cause = next(iter(load(FOLDER).risk_file.causes))
            head = "risk_file:\n"
            text = text.replace(head, head + "  open_findings: {risks-from-controls: because of a test}\n")
            text = text.replace(
                "\ncontrols:\n",
                "\ncontrols:\n  absent: {control: not there, kind: inherent safety by design, "
                f"stops: [{cause}], elements_none: nobody wrote it, "
                "implementation: {obligations: [limits.small]}}\n",
            )
        (tmp_path / file.parent.name / file.name).write_text(text, encoding="utf-8")
    view = _view(tmp_path)
    told = str(controls.controls(view)).replace("<wbr>", "")
    assert "tried as it stands" in told
    assert "there is nothing to remove. nobody wrote it" in told
    assert "stays open: because of a test" in str(risk.findings(view))
