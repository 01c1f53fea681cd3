"""The pages on indications, recalls and numbers say what the program does."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from excerpts import compare, run
from stimproof.specs.fields import Model
from stimproof.specs.indications import document


def test_the_example_of_indications_is_real_output(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manual's indications give the answers that stand beside them."""
    example = root / "docs" / "examples" / "indications"
    shutil.copytree(example, tmp_path / "my-device")
    monkeypatch.chdir(tmp_path)
    _, text = run("indications", "my-device")
    assert "trial = not_done, focal = yes" in text
    compare(example / "output.txt", "$ stimproof indications my-device\n" + text)


def test_the_example_of_a_recall_is_real_output(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first recall is refuted in the words that the manual prints."""
    monkeypatch.chdir(root)
    project = "docs/examples/recalls/R01-mri-mode-exit/fault"
    _, text = run("verify", project)
    assert "refuted" in text
    compare(root / "docs" / "examples" / "recalls" / "example.txt", f"$ stimproof verify {project}\n{text}")


def test_every_key_of_indications_is_explained(root: Path) -> None:
    """Each key of an indications file stands on its page."""
    page = (root / "docs" / "indications.rst").read_text(encoding="utf-8")
    named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"``([^`]*)``", page))))
    kinds = [item for item in vars(document).values() if isinstance(item, type) and issubclass(item, Model)]
    keys = {field.alias or key for kind in kinds for key, field in kind.model_fields.items()}
    assert keys - named == set()


@pytest.fixture(scope="module")
def pages(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manual as text; a warning is an error."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    out = tmp_path_factory.mktemp("pages")
    with docutils_namespace():
        app_ = Sphinx(
            root / "docs",
            root / "docs",
            out / "text",
            out / "trees",
            "text",
            status=None,
            warningiserror=True,
        )
        app_.build(filenames=[str(root / "docs" / name) for name in ("recalls.rst", "numbers.rst")])
    return out / "text"


def test_every_recall_of_the_corpus_is_in_the_manual(root: Path, pages: Path) -> None:
    """The table names each case, what is refuted in it, and the recalls that are no matter of logic."""
    text = (pages / "recalls.txt").read_text(encoding="utf-8")
    squeezed = re.sub(r"[\s|+-]+", "", text)
    for case in (path for path in (root / "docs" / "examples" / "recalls").iterdir() if path.is_dir()):
        assert case.name.replace("-", "") in squeezed
    assert "R10" in text
    assert "R11" in text


def test_the_table_of_numbers_is_the_library_s(pages: Path) -> None:
    """The counts of seen, derived, recalled, uncertain and unknown numbers are those of the library."""
    from stimproof.project import CONFIDENCES, library

    text = (pages / "numbers.txt").read_text(encoding="utf-8")
    rows = [re.findall(r"(?<=\|)[^|]*(?=\|)", line) for line in text.splitlines() if line.startswith("|")]
    counts = [[int(cell) for cell in row[1:]] for row in rows if len(row) == 6 and row[1].strip().isdigit()]
    assert counts == [[device.confidences[name] for name in CONFIDENCES] for device in library()]
