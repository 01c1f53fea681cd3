"""The page of controls: what each control prevents is shown as a run of the device without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stimproof.dossier.book import Book
from stimproof.dossier.inputs import DossierInputs
from stimproof.dossier.parts import controls
from stimproof.dossier.view import View
from stimproof.hazards.effectiveness import ablations
from stimproof.hazards.trace import trace
from stimproof.project import load
from stimproof.verify.ablation import ablate
from stimproof.verify.run import verify

FOLDER = Path(__file__).parents[2] / "docs" / "examples" / "ablation"


@pytest.fixture(scope="module")
def page() -> str:
    """The table of the controls of the manual's example."""
    project = load(FOLDER)
    verification = verify(project.specification)
    tried = ablate(verification, ablations(project.risk_file))
    report = trace(project.risk_file, verification, tried.effects)
    inputs = DossierInputs(
        project.specification, verification, project.risk_file, report, project.sources, ablation=tried
    )
    # Where a name may break is no part of it.
    return str(controls.controls(View(inputs, Book(inputs, []), "controls"))).replace("<wbr>", "")


def test_each_effect_stands_beside_its_control(page: str) -> None:
    """Effective, redundant, insufficient and unknown controls are told apart."""
    for effect in ("effective", "redundant", "insufficient", "unknown"):
        assert f">{effect}<" in page


def test_the_run_that_a_control_prevents_is_on_the_page(page: str) -> None:
    """Each refutation without a control is shown: two runs, and a setting without the range."""
    assert page.count("what it prevents") == 3
    assert "tried without machines.stimulator.transitions.gate.guard" in page
    assert "amplitude" in page.split("tried without parameters.amplitude.range")[1]


def test_why_nothing_was_tried_is_told(page: str) -> None:
    """Where an element cannot be removed, the page says why."""
    assert "limits.small is a claim or a name, and no part of the device" in page
