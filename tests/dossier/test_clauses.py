"""The checklist of clauses: facts about the standard, and honest words about what the dossier holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from stimproof.dossier.book import Book
from stimproof.dossier.clauses import Clause, applicable, checklist
from stimproof.dossier.inputs import DossierInputs
from stimproof.dossier.parts.clauses import CHECKS, assess
from stimproof.dossier.view import View

from .conftest import read

PAGES = Path(__file__).parent.parent.parent / "docs" / "dossier" / "pages"


def clause(**given: object) -> Clause:
    """Make a clause for a test."""
    facts = {
        "id": "9.9",
        "kind": "requirement",
        "title": "t",
        "classes": ("C",),
        "sources": (),
        "confidence": "high",
    }
    return Clause.model_validate({**facts, **given})


@pytest.fixture
def view(toy: DossierInputs) -> View:
    """The toy's dossier as seen from the checklist."""
    return View(toy, Book(toy, []), "clauses")


@pytest.mark.parametrize(("level", "number"), [("A", 58), ("B", 93), ("C", 99)])
def test_each_class_has_its_requirements(level: str, number: int) -> None:
    """The numbers of requirements are those of the edition as configured."""
    assert sum(item.kind == "requirement" for item in applicable(level)) == number


def test_every_requirement_says_what_is_here_or_missing() -> None:
    """No requirement is passed over; pages and checks that it names exist."""
    for item in checklist().clauses:
        if item.kind != "requirement":
            continue
        assert item.here or item.missing, item.id
        assert bool(item.here) == bool(item.pages), item.id
        assert set(item.needs) <= CHECKS.keys(), item.id
        for name in item.pages:
            assert (PAGES / f"{name}.rst").is_file(), (item.id, name)


def test_a_failed_check_is_named_as_missing(view: View) -> None:
    """What a check finds lacking is told beside the clause, and the clause is not shown in full."""
    state, lacking = assess(view, clause(here="all", pages=("controls",), needs=("controls-verified",)))
    assert state == "part"
    assert lacking == ["1 control not fully verified"]
    assert assess(view, clause(here="all", pages=("index",), needs=("decided",))) == ("here", [])
    assert assess(view, clause(missing="tests")) == ("missing", ["tests"])


def test_the_page_never_claims_conformity(dossier: Path) -> None:
    """The page says which edition was configured and that it claims nothing."""
    text = read(dossier / "clauses.html").text
    assert "Edition as configured: IEC 62304:2006+A1:2015" in text
    assert "does not claim conformity" in text
    for word in ("compliant", "complies", "conforms", "certified"):
        assert word not in text.lower()
