"""Building: complete or not at all, the same bytes every time, nothing that is not ours is touched."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from stimproof.dossier import build as building
from stimproof.dossier import evidence, manifest, site
from stimproof.dossier.build import STAGES, build
from stimproof.dossier.inputs import DossierInputs
from stimproof.specs.errors import InternalError, OperatorError

from .conftest import TOY, contents


def test_the_page_to_open_is_returned(dossier: Path) -> None:
    """A dossier opens with index.html."""
    assert (dossier / "index.html").is_file()


def test_two_builds_are_the_same_byte_for_byte(
    toy: DossierInputs, dossier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the place, nor the working folder, nor the date, nor the time zone leaves a trace."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.chdir(tmp_path)
    build(toy, Path("elsewhere"))
    assert contents(tmp_path / "elsewhere") == contents(dossier)


def test_another_process_builds_the_same_bytes(dossier: Path, tmp_path: Path) -> None:
    """Neither the seed of hashes nor what ran before in the process changes a byte."""
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from tests.dossier.conftest import inputs_of\n"
        "from stimproof.dossier.build import build\n"
        "build(inputs_of(Path(sys.argv[2])), Path(sys.argv[3]))\n"
    )
    root = str(Path(__file__).parent.parent.parent)
    arguments = [sys.executable, "-c", code, root, str(TOY), str(tmp_path / "out")]
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"}
    subprocess.run(arguments, check=True, env=environment, cwd=tmp_path, capture_output=True)
    assert contents(tmp_path / "out") == contents(dossier)


def test_no_leftovers_and_no_paths_of_this_machine(dossier: Path) -> None:
    """A dossier holds no environment of Sphinx, no page sources, and no path of the machine that built it."""
    files = contents(dossier)
    assert not [name for name in files if name.startswith((".", "_sources")) or "doctree" in name]
    for name, raw in files.items():
        assert str(TOY.parent).encode() not in raw, name
        assert b"/tmp/" not in raw, name


def test_the_manifest_lists_every_other_file(dossier: Path) -> None:
    """The manifest gives path, size and SHA-256 of all files but itself, sorted by path."""
    listed = json.loads((dossier / "manifest.json").read_text("utf-8"))
    assert listed["schema"] == "stimproof.manifest/1"
    found = {name: raw for name, raw in contents(dossier).items() if name != "manifest.json"}
    assert [item["path"] for item in listed["files"]] == sorted(found)
    for item in listed["files"]:
        raw = found[item["path"]]
        assert (item["size"], item["sha256"]) == (len(raw), hashlib.sha256(raw).hexdigest())


def test_the_evidence_is_packed(toy: DossierInputs, dossier: Path) -> None:
    """Sources, results, trace, certificates and runs stand under evidence/ as they were given."""
    packed = contents(dossier / "evidence")
    for name, text in toy.sources.items():
        assert packed[f"sources/{name}"].decode() == text
    for name, text in toy.verification.files.items():
        assert packed[name].decode() == text
    results = json.loads(packed["results.json"])
    assert results["obligations"][0]["seconds"] is None
    assert {item["location"]["file"] for item in results["obligations"]} == {"specs/device.yaml"}
    assert json.loads(packed["trace.json"])["schema"] == "stimproof.trace/1"


@pytest.mark.parametrize("path", ["../escape.txt", "/absolute.txt", "certificates/../../x.txt", "a\\..\\b"])
def test_a_path_that_leaves_the_evidence_is_refused(tiny: DossierInputs, tmp_path: Path, path: str) -> None:
    """No evidence is written outside its folder, whatever its path claims."""
    broken = replace(tiny, verification=replace(tiny.verification, files={path: "text"}))
    with pytest.raises(InternalError, match="leaves the folder"):
        build(broken, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_somebody_else_is_refused(tiny: DossierInputs, tmp_path: Path) -> None:
    """A folder that is not empty and no dossier is left as it is."""
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(OperatorError, match="not empty"):
        build(tiny, tmp_path)
    assert contents(tmp_path) == {"notes.txt": b"mine"}


def test_a_dossier_with_a_foreign_file_is_refused(tiny: DossierInputs, tmp_path: Path) -> None:
    """A file that somebody put into a dossier is not deleted with it."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("old", "utf-8")
    manifest.write(out)
    (out / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(OperatorError, match="not empty"):
        build(tiny, out)
    assert (out / "notes.txt").read_text("utf-8") == "mine"


def test_an_older_dossier_is_replaced(tiny: DossierInputs, tmp_path: Path) -> None:
    """A folder with a manifest of ours is replaced as a whole; an empty folder too."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.html").write_text("old", "utf-8")
    manifest.write(out)
    build(tiny, out)
    assert "old.html" not in contents(out)
    assert "evidence/certificates/a.smt2" in contents(out)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("where", [evidence, manifest])
def test_an_interruption_leaves_the_old_dossier(
    tiny: DossierInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: object
) -> None:
    """Whatever stops the work in the middle, the old dossier stays and nothing half-written remains."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.html").write_text("old", "utf-8")
    manifest.write(out)
    before = contents(out)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(where, "write", stop)
    with pytest.raises(KeyboardInterrupt):
        build(tiny, out)
    assert contents(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_is_the_operators_concern(
    tiny: DossierInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the file system is told as such, not as a defect."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(evidence, "write", full)
    with pytest.raises(OperatorError, match="No space left"):
        build(tiny, tmp_path / "out")


def test_a_warning_of_sphinx_is_an_error(
    tiny: DossierInputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page with a reference that leads nowhere is never delivered."""
    write = site.write_sources

    def spoil(inputs: DossierInputs, book: building.Book, source: Path) -> None:
        write(inputs, book, source)
        with (source / "recheck.rst").open("a", encoding="utf-8") as page:
            page.write("\nSee :stim:hazard:`nowhere`.\n")

    monkeypatch.setattr(site, "write_sources", spoil)
    with pytest.raises(InternalError, match="nowhere"):
        build(tiny, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_progress_names_each_stage(tiny: DossierInputs, tmp_path: Path) -> None:
    """Whoever waits is told what is done, out of how much."""
    told: list[tuple[int, int, str]] = []
    build(tiny, tmp_path / "out", lambda *stage: told.append(stage))
    assert told == [(number, len(STAGES), name) for number, name in enumerate(STAGES)]
