"""The toy project, really verified and traced, and its dossier, built once for all tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

from stimproof.dossier.build import build
from stimproof.dossier.inputs import DossierInputs
from stimproof.hazards.reader import read_folder as read_risk_file
from stimproof.hazards.trace import trace
from stimproof.specs.reader import read_folder, read_string
from stimproof.verify.results import Verification
from stimproof.verify.run import verify

TOY = Path(__file__).parent.parent / "fixtures" / "toy"


@dataclass
class Page(HTMLParser):
    """A page as tests see it: its ids, its links, what it loads, and its text."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        """Start with an empty page."""
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if "src" in given:
            self.loads.append(given["src"])
        if tag == "link" and "href" in given:
            self.loads.append(given["href"])

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def read(path: Path) -> Page:
    """Return a page, parsed."""
    page = Page()
    page.feed(path.read_text("utf-8"))
    return page


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a folder by relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def inputs_of(project: Path) -> DossierInputs:
    """Read, verify and trace a project folder."""
    specification = read_folder(project / "specs")
    risk_file = read_risk_file(project / "hazards", specification)
    verification = verify(specification)
    documents = [*specification.documents, *risk_file.documents]
    sources = {document.name: document.text for document in documents}
    return DossierInputs(specification, verification, risk_file, trace(risk_file, verification), sources)


@pytest.fixture(scope="session")
def toy() -> DossierInputs:
    """The toy project, verified and traced."""
    return inputs_of(TOY)


@pytest.fixture(scope="session")
def tiny() -> DossierInputs:
    """A specification of nothing, for tests that build often."""
    specification = read_string("stimproof: 1\ndevice: {id: none, name: Nothing}\n")
    files = {"certificates/a.smt2": "(check-sat)\n"}
    return DossierInputs(specification, Verification(specification, (), {}, "0", files))


@pytest.fixture(scope="session")
def dossier(toy: DossierInputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy's dossier; tests only read it."""
    out = tmp_path_factory.mktemp("built") / "dossier"
    build(toy, out)
    return out
