"""The command about who a device is for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stimproof.cli import app
from stimproof.verify import recheck

RUN = CliRunner()


def test_a_reference_device_says_where_its_documents_disagree(tmp_path: Path) -> None:
    """The answers and their scripts are written, the disagreement has a patient, and the status says so."""
    out = tmp_path / "out"
    run = RUN.invoke(app, ["indications", "drg-axium", "-o", str(out), "--json"])
    assert run.exit_code == 1
    report = json.loads(run.stdout)["projects"]["drg-axium"]
    assert "not medical advice" in report["notice"]
    answers = {item["id"]: item for item in report["answers"]}
    assert answers["drg.satisfiable"]["verdict"] == "proved"
    disagreement = answers["drg.doc002.doc003"]
    assert disagreement["verdict"] == "refuted"
    assert disagreement["patient"].keys() >= set(disagreement["decisive"])
    scripts = sorted(out.glob("certificates/*.smt2"))
    assert len(scripts) == len(answers)
    assert recheck.run(scripts[0].read_text("utf-8")).confirmed
    assert json.loads((out / "indications.json").read_text("utf-8")) == json.loads(run.stdout)


def test_text_says_that_it_is_no_advice() -> None:
    """Whoever reads the answers reads first what they are not."""
    run = RUN.invoke(app, ["indications", "drg-axium"])
    assert "It is not medical advice." in run.stdout.splitlines()[1]


def test_a_device_without_indications_is_told_what_to_do(root: Path) -> None:
    """A project about which nothing is stated is a message with the next step, not an empty answer."""
    run = RUN.invoke(app, ["indications", str(root / "docs" / "examples" / "two-mode")])
    assert run.exit_code == 2
    assert "put indications/*.yaml" in run.stderr


def test_foreign_folders_are_not_overwritten(tmp_path: Path) -> None:
    """An output folder that holds something else is refused before anything is asked."""
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    run = RUN.invoke(app, ["indications", "drg-axium", "-o", str(tmp_path)])
    assert run.exit_code == 2
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "mine"


@pytest.fixture
def root() -> Path:
    """The root of the repository."""
    return Path(__file__).resolve().parents[2]
