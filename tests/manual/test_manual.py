"""The manual builds without a warning and leaves nothing of the language out."""

import re
import textwrap
from pathlib import Path
from types import ModuleType

import pytest

from stimproof.hazards import catalogue, evidence, judgements, measures, ratings
from stimproof.hazards import document as risk
from stimproof.hazards import reader as hazards
from stimproof.specs import document
from stimproof.specs import reader as specs
from stimproof.specs.findings import Code

RISK_PARTS = (evidence, judgements, measures, ratings)


@pytest.mark.parametrize(
    ("module", "name"),
    [(document, "language.rst"), *((part, "risk-file.rst") for part in (risk, *RISK_PARTS))],
    ids=lambda item: "" if isinstance(item, str) else item.__name__,
)
def test_every_key_of_the_language_is_explained(root: Path, module: ModuleType, name: str) -> None:
    """Each key of each model of an input file stands on its page, or in the reference."""
    pages = [root / "docs" / name, root / "docs" / "reference" / name]
    page = " ".join(file.read_text(encoding="utf-8") for file in pages if file.exists())
    named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"``([^`]*)``", page))))
    models = [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, document.Model) and kind.__module__ == module.__name__
    ]
    keys = {field.alias or key for kind in models for key, field in kind.model_fields.items()}
    assert keys - named == set()


def test_every_sentence_form_is_explained(root: Path) -> None:
    """Each timing and condition word of the sentences stands on their page."""
    page = (root / "docs" / "sentences.rst").read_text(encoding="utf-8")
    for word in ("always", "never", "immediately", "within", "whenever", "upon", "is reachable"):
        assert word in page


@pytest.fixture(scope="module")
def manual(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manual as HTML; a warning is an error."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    out = tmp_path_factory.mktemp("manual")
    with docutils_namespace():
        app = Sphinx(
            srcdir=root / "docs",
            confdir=root / "docs",
            outdir=out / "html",
            doctreedir=out / "doctrees",
            buildername="html",
            status=None,
            warningiserror=True,
            freshenv=True,
        )
        app.build(force_all=True)
    assert app.statuscode == 0
    return out / "html"


def test_the_manual_builds_without_a_warning(manual: Path) -> None:
    """Every page of the manual is built, every reference in it leads somewhere."""
    assert (manual / "index.html").is_file()
    assert (manual / "start.html").is_file()


def test_the_findings_table_is_the_enumeration(manual: Path) -> None:
    """Each finding code stands in the manual's table with its meaning."""
    page = (manual / "findings.html").read_text(encoding="utf-8")
    rows = re.findall(
        r'<tr class="row-(?:odd|even)"><td><p><code[^>]*><span class="pre">([a-z-]+)</span>', page
    )
    assert rows == [code.slug for code in Code]


def test_every_command_has_its_help_in_the_manual(manual: Path) -> None:
    """The command reference has each command's own help text."""
    from stimproof.cli.app import _ORDER

    page = (manual / "command-line.html").read_text(encoding="utf-8")
    for command in _ORDER:
        assert f"Usage: stimproof {command} " in re.sub(r"<[^>]+>", "", page)


def test_the_risk_file_of_the_manual_can_be_read(root: Path) -> None:
    """The short risk file in the manual is a sound one for the tutorial's device."""
    page = (root / "docs" / "risk-file.rst").read_text(encoding="utf-8")
    example = textwrap.dedent(page.partition(".. code-block:: yaml\n")[2].partition("\nHead\n")[0])
    specification = specs.read_folder(root / "docs" / "examples" / "two-mode" / "specs")
    risks = hazards.read_string(example.replace("my-device", "two-mode"), specification)
    assert [*risks.controls] == ["limited"]


def test_the_catalogue_is_in_the_manual(manual: Path) -> None:
    """Whoever writes a risk file finds the id of every hazard of the catalogue."""
    page = (manual / "risk-file.html").read_text(encoding="utf-8")
    missing = [name for name in catalogue.load().hazards if f">{name}<" not in page]
    assert missing == []
