"""Small pieces of the pages: addresses, times, transitions told apart, portable places."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimproof.dossier import evidence
from stimproof.dossier.book import Book, unique_slugs
from stimproof.dossier.inputs import DossierInputs
from stimproof.dossier.parts.machines import concerned
from stimproof.dossier.view import View, relative
from stimproof.specs.quantities import duration
from stimproof.specs.reader import read_string
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Result, Verdict, Verification

AMBIGUOUS = """
stimproof: 1
device: {id: x, name: X}
variables: {level: {type: integer, range: [0, 3], overflow: saturate, initial: 0}}
events: {go: {}}
machines:
  m:
    initial: A
    modes: {A: {}, B: {}}
    transitions:
      - {from: A, to: B, event: go, guard: level > 1}
      - {from: A, to: B, event: go, guard: level <= 1}
"""


@given(st.lists(st.text(max_size=8), unique=True))
def test_slugs_are_distinct_even_where_case_is_ignored(names: list[str]) -> None:
    """Two names never share a file, not even on a file system that ignores case."""
    slugs = unique_slugs(names)
    assert len({slug.lower() for slug in slugs.values()}) == len(names)
    assert not [slug for slug in slugs.values() if "/" in slug or slug.startswith(".") or not slug.isascii()]


@pytest.mark.parametrize(
    ("origin", "target", "address"),
    [
        ("a.html", "b.html", "b.html"),
        ("x/a.html", "b.html", "../b.html"),
        ("x/a.html", "x/b.html", "b.html"),
        ("a.html", "x/b c.html", "x/b%20c.html"),
        ("x/a.html", "y/z/b.html", "../y/z/b.html"),
    ],
)
def test_addresses_are_relative(origin: str, target: str, address: str) -> None:
    """Pages link to each other so that the folder can be moved and opened from a disk."""
    assert relative(origin, target) == address


@given(st.fractions(min_value=Fraction(1, 10**7), max_value=10**6))
def test_durations_keep_their_size(seconds: Fraction) -> None:
    """A time is printed in a unit of which it has at least one, down to nanoseconds."""
    number, unit = duration(seconds).removeprefix("≈").split()
    scale = {"s": 1, "ms": Fraction(1, 1000), "us": Fraction(1, 10**6), "ns": Fraction(1, 10**9)}[unit]
    assert Fraction(number) * scale == pytest.approx(seconds, rel=1e-4)


def test_a_transition_is_told_apart_by_its_title() -> None:
    """No two transitions share a title, so a trace says which of them was taken."""
    titles = [item.title for item in read_string(AMBIGUOUS).machines["m"].transitions]
    assert titles == ["m T1: A → B on go", "m T2: A → B on go"]


def test_places_are_paths_inside_the_project(toy: DossierInputs) -> None:
    """Wherever a project was read, its evidence names the file by its path inside the project."""
    book = Book(toy, [])
    assert book.file("/somewhere/else/specs/device.yaml") == "specs/device.yaml"
    assert book.file("C:\\projects\\toy\\hazards\\risk.yaml") == "hazards/risk.yaml"
    for name, text in evidence.files(toy, book):
        if name.endswith(".json") and not name.startswith("traces/"):
            assert "/work" not in text
            assert str(toy.specification.documents[0].file) not in text or name.startswith("sources/")


def test_a_claim_marks_only_the_machines_that_it_is_about(toy: DossierInputs) -> None:
    """A claim about a variable concerns the machine called like the component, not its surroundings."""
    text = AMBIGUOUS.replace("id: x,", "id: x, component: m,").replace(
        "machines:\n", "machines:\n  coil: {initial: C, modes: {C: {}}}\n"
    )
    text += "properties:\n  one: {sentence: the m shall always satisfy level <= 2}\n"
    text += "  two: {sentence: in C mode the m shall always satisfy level < 3}\n"
    spec = read_string(text)
    results = {item.id: Result(item, Verdict.REFUTED, "", 0.0) for item in obligations(spec)}
    inputs = DossierInputs(spec, Verification(spec, tuple(results.values()), {}, "0"))
    view = View(inputs, Book(inputs, []), "machines")
    assert concerned(view, results["properties.one"]) == {"m"}
    assert concerned(view, results["properties.two"]) == {"coil"}
    assert concerned(view, results["machines.coil.determinism"]) == {"coil"}
