"""Contradicting claims stand side by side, whole, and the criteria of appropriateness inform."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from stimproof.dossier.book import Book
from stimproof.dossier.inputs import DossierInputs
from stimproof.dossier.parts import register as page
from stimproof.dossier.view import View
from stimproof.hazards import register
from stimproof.hazards.evidence import Evidence
from stimproof.hazards.measures import Shown


@pytest.fixture(scope="module")
def view(toy: DossierInputs) -> View:
    """The toy's dossier, its risk file citing one claim against and none for the therapy."""
    assert toy.risk_file is not None
    shipped = register.load()
    risk_file = replace(
        toy.risk_file, evidence={"CC60": shipped.evidence["CC60"]}, sources={**toy.risk_file.sources}
    )
    inputs = replace(toy, risk_file=risk_file)
    return View(inputs, Book(inputs, []), "register")


def _text(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def test_every_conflict_shows_both_sides_whole(view: View) -> None:
    """Each group has every claim of either side in its own words, with what makes it doubtful."""
    text = _text(page.conflicts(view))
    shipped = register.load()
    for group in shipped.conflicts.values():
        assert _text(group.topic) in text
        for name in (*group.supporting, *group.opposing):
            item = shipped.evidence[name]
            escaped = item.text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#x27;")
            assert f"{name} : {escaped}" in text, name
            assert all(doubt in text for doubt in item.integrity)
    assert "average" not in text
    assert "mean" not in text.replace("meaning", "")


def test_the_conflicts_that_concern_the_risk_file_come_first(view: View) -> None:
    """Groups with a cited claim lead, say which one, and link to where it is cited; none is left out."""
    shown = page.conflicts(view)
    shipped = register.load()
    concerned = [item.topic for item in shipped.conflicts.values() if "CC60" in item.opposing]
    others = [item.topic for item in shipped.conflicts.values() if item.topic not in concerned]
    order = [shown.index(f"<strong>{topic}</strong>") for topic in (*concerned, *others)]
    assert max(order[: len(concerned)]) < min(order[len(concerned) :])
    assert shown.count("the risk file cites CC60") == len(concerned)
    assert 'href="risk.html#evidence-CC60"' in shown


def test_what_a_publication_does_not_say_is_said(view: View) -> None:
    """A number of patients that nobody states is never left blank."""
    item = register.load().evidence["CC60"]
    assert not item.number
    assert re.search(r"CC60.*?not stated: how many", page.conflicts(view))


def test_contradictions_of_the_project_itself_are_shown_once(view: View) -> None:
    """Two own claims that contradict each other make one line, also where each names the other."""
    assert "No other two claims" in page.disagreements(view)
    source = {"source": "made_up", "confidence": "seen"}
    own = {
        "good": Evidence(text="it helps", contradicts=("bad",), **source),
        "bad": Evidence(text="it does not", contradicts=("good",), **source),
    }
    assert view.inputs.risk_file is not None
    inputs = replace(view.inputs, risk_file=replace(view.inputs.risk_file, evidence=own))
    shown = page.disagreements(View(inputs, view.book, "register"))
    assert shown.count("<tr>") == 2
    assert "it helps" in shown
    assert "it does not" in shown


def test_the_criteria_inform_with_their_evidence(view: View) -> None:
    """Each criterion of appropriateness stands with its claims, and with the controls that rest on them."""
    shipped = register.load()
    shown = page.criteria(view)
    for item in shipped.appropriateness.values():
        assert item.criterion in shown
        assert all(f"<span>{name}</span>" in shown for name in item.evidence)
    assert shown.count("none in this risk file") == len(shipped.appropriateness)
    risk_file = view.inputs.risk_file
    assert risk_file is not None
    name, control = next(iter(risk_file.controls.items()))
    informing = control.model_copy(
        update={"kind": "information for safety", "effectiveness": Shown(evidence=("CC52",))}
    )
    inputs = replace(view.inputs, risk_file=replace(risk_file, controls={name: informing}))
    again = page.criteria(View(inputs, view.book, "register"))
    assert again.count("none in this risk file") == len(shipped.appropriateness) - 1
    assert name in _text(again).replace(" ", "")


def test_the_register_names_only_what_it_holds() -> None:
    """No conflict and no criterion speaks of a claim that the register lacks."""
    shipped = register.load()
    named = {name for item in shipped.conflicts.values() for name in (*item.supporting, *item.opposing)}
    named |= {name for item in shipped.appropriateness.values() for name in item.evidence}
    assert named <= set(shipped.evidence)
