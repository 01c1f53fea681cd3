"""Text of a specification is text: it never becomes markup, neither of HTML nor of RST."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimproof.dossier.build import build
from stimproof.dossier.html import Markup, escape, join, row, table, tag
from stimproof.dossier.inputs import DossierInputs
from stimproof.specs.reader import read_string
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Certificate, Result, Verdict, Verification

from .conftest import read

MARKUP = "<script>alert(1)</script> *stars* **bold** `role` ``code`` |sub| :doc:`x`"
EVIL = MARKUP + r" .. raw:: html \\ _link_ {{ x }} ]]>"

SPECIFICATION = """
stimproof: 1
device: {id: evil, name: 'EVIL', maker: 'EVIL', description: 'EVIL', intended_use: 'EVIL', component: ipg,
  class_rationale: 'EVIL'}
sources:
  manual: {title: 'EVIL', url: 'javascript:alert(1)', note: 'EVIL', licence: 'EVIL'}
  page: {title: 'p', url: 'https://example.org/" onclick="alert(1)'}
electrodes:
  contact:
    geometry: {shape: disc, diameter: {value: 2 mm, source: manual, confidence: uncertain, note: 'EVIL'}}
    area_tolerance: {value: unknown, note: 'EVIL'}
    material: {value: 'EVIL', source: page, confidence: seen, note: 'EVIL'}
    tissue: {value: 'EVIL', source: manual, confidence: seen}
    note: 'EVIL'
parameters:
  a: {range: [0 mA, 5 mA], step: 1 mA, source: manual, confidence: recalled, note: 'EVIL', doc: 'EVIL'}
  w: {range: [10 us, 90 us], step: 10 us, source: manual, confidence: seen}
  f: {range: [2 Hz, 90 Hz], step: 1 Hz, source: manual, confidence: seen}
stimuli:
  s:
    electrode: contact
    amplitude: a
    pulse_width: w
    frequency: f
    waveform: {phases: unknown, interphase_gap: {value: unknown, note: 'EVIL'}, note: 'EVIL'}
    doc: 'EVIL'
limits:
  k: {law: shannon, stimulus: s, limit: 1.85, source: manual, confidence: seen, argument: 'EVIL', doc: 'EVIL',
    condition: 'EVIL', if_refuted: 'EVIL'}
variables:
  on_: {type: boolean, initial: false, doc: 'EVIL'}
events: {go: {doc: 'EVIL'}}
inputs: {i: {type: boolean, doc: 'EVIL'}}
machines:
  ipg:
    initial: A
    doc: 'EVIL'
    modes: {A: {doc: 'EVIL'}, B: {terminal: true, doc: 'EVIL'}}
    transitions:
      - {from: A, to: B, event: go, guard: i, do: {on_: 'true'}, doc: 'EVIL', source: manual,
        confidence: seen, note: 'EVIL'}
properties:
  P1: {sentence: 'the ipg shall always satisfy not on_', doc: 'EVIL', if_refuted: 'EVIL'}
"""


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dossier of a specification that tries to break out everywhere."""
    text = SPECIFICATION.replace("EVIL", EVIL)
    specification = read_string(text, "specs/device.yaml")
    path = "certificates/<b>.smt2"
    certificate = Certificate((path,), (EVIL,), path, EVIL)
    results = tuple(
        Result(item, Verdict.PROVED, EVIL, 0.0, EVIL, (EVIL,), (EVIL,), certificate)
        for item in obligations(specification)
    )
    verification = Verification(specification, results, {EVIL: EVIL}, EVIL, {path: EVIL})
    out = tmp_path_factory.mktemp("evil") / "out"
    build(DossierInputs(specification, verification, None, None, {"specs/device.yaml": text}), out)
    return out


def test_nothing_breaks_out(evil: Path) -> None:
    """No script of the specification's is an element, and no RST of its is interpreted, on any page."""
    own = {path: read(path) for path in evil.rglob("*.html")}
    for path, page in own.items():
        raw = path.read_text("utf-8")
        assert "<script>alert" not in raw, path
        assert "system-message" not in raw, path
        assert not [link for link in page.links if link.lower().startswith("javascript:")], path
    assert MARKUP in own[evil / "device.html"].text


def test_no_attribute_is_broken_open(evil: Path) -> None:
    """A quote in an address stays inside its attribute."""

    class Attributes(HTMLParser):
        found: list[str] = []  # noqa: RUF012 - filled for one page only

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found += [name for name, _ in attrs if name.startswith("on")]

    for path in evil.rglob("*.html"):
        parser = Attributes()
        parser.feed(path.read_text("utf-8"))
        assert not [name for name in parser.found if name == "onclick"], path


class _Text(HTMLParser):
    """Collects the text and the elements of markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.elements, self.values = "", [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.values += [value for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


words = st.text(st.characters(blacklist_categories=("Cs", "Cc")))


@given(words, words)
def test_any_text_survives_as_text(body: str, value: str) -> None:
    """Whatever the text: parsed back, an element holds exactly it, as body and as attribute."""
    parser = _Text()
    parser.feed(tag("p", body, title=value))
    parser.close()
    assert (parser.text, parser.elements, parser.values) == (body, ["p"], [value])


@given(st.lists(words, min_size=1))
def test_tables_and_joins_escape(cells: list[str]) -> None:
    """Cells and joined parts are escaped unless they are markup already."""
    parser = _Text()
    parser.feed(table([], [row(*cells)]))
    parser.close()
    assert parser.text == "".join(cells)
    assert join(cells) == "".join(escape(cell) for cell in cells)


def test_markup_is_not_escaped_twice() -> None:
    """What is markup already stays as it is."""
    assert tag("p", Markup("<b>x</b>"), None, "&") == "<p><b>x</b>&amp;</p>"
