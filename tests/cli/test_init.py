"""A new project: what 'init' writes can be verified at once, and nothing is ever overwritten."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from stimproof.hazards.catalogue import load as catalogue
from stimproof.project import library, load
from stimproof.verify.linting import deep_lints
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Verdict
from stimproof.verify.run import verify


def test_the_fresh_project_is_proved_whole(call: Any, tmp_path: Path) -> None:
    """Without an option the new device has no finding, not even a deep one, and every claim is proved."""
    folder = tmp_path / "Heart of gold 2"
    assert call("init", folder).status == 0
    loaded = load(folder)
    assert loaded.specification.device.id == "Heart-of-gold-2"
    assert [item.code for item in loaded.findings] == []
    assert {item.code.slug for item in deep_lints(loaded.specification)} <= {"limit-never-binds"}
    verification = verify(loaded.specification)
    assert verification.count(Verdict.PROVED) == len(verification.results) > 10
    assert verification.findings == ()


def test_the_gate_asks_for_a_judgement_of_every_hazard(call: Any, tmp_path: Path) -> None:
    """The only thing that keeps the gate from passing is the list of hazards that nobody has judged yet."""
    folder = tmp_path / "mine"
    call("init", folder)
    asked = call("gate", folder, "--json")
    assert asked.status == 1
    refused = [item for item in asked.json["items"] if item["outcome"] == "refused"]
    assert {item["rule"] for item in refused} == {"uncovered-hazard"}
    file = folder / "hazards" / "risk.yaml"
    text = file.read_text("utf-8")
    open_ones = re.findall(r"^#   (H\d+): ", text, flags=re.MULTILINE)
    assert len(open_ones) + len(set(re.findall(r"catalogue: (H\d+)", text))) == len(catalogue().hazards)
    answered = re.sub(r"^# (not_applicable:|  H\d+: .*)$", r"\1", text, flags=re.MULTILINE)
    file.write_text(answered.replace('why: ""', "why: made up for a test"), "utf-8")
    assert call("gate", folder).status == 0


def _verdicts(root: Path, *only: str) -> dict[str, str]:
    found = verify(load(root).specification, only=only).results
    return {item.obligation.id: item.verdict.value for item in found}


@pytest.mark.parametrize("device", ["drg-axium", "pns-sprint"])
def test_a_copy_says_the_same(call: Any, tmp_path: Path, device: str) -> None:
    """A copy has the same text but for the line that names the schema, devices that it extends included."""
    folder = tmp_path / "copy"
    assert call("init", folder, "--from", device).status == 0
    (root,) = (item.root for item in library() if item.id == device)
    copy, original = load(folder), load(root)
    modeline = re.compile(r"\A# yaml-language-server: .*\n")
    assert {name: modeline.sub("", text) for name, text in copy.sources.items()} == dict(original.sources)
    assert (copy.specification.extension is None) is (original.specification.extension is None)


def _owed(root: Path) -> list[tuple[str, str, str]]:
    return [(item.id, item.kind, item.statement) for item in obligations(load(root).specification)]


@pytest.mark.slow
@pytest.mark.parametrize("device", [item.id for item in library()])
def test_every_reference_device_can_be_copied_and_extended(call: Any, tmp_path: Path, device: str) -> None:
    """Each copy and each extension owes what its reference device owes, and its limits fare alike."""
    (root,) = (item.root for item in library() if item.id == device)
    for option in ("--from", "--extends"):
        folder = tmp_path / option.strip("-")
        assert call("init", folder, option, device).status == 0
        assert _owed(folder) == _owed(root)
        assert _verdicts(folder, "limits") == _verdicts(root, "limits")


def test_an_extension_writes_only_what_differs(call: Any, tmp_path: Path) -> None:
    """A thin project has an id of its own, everything else is inherited, and one value can be changed."""
    folder = tmp_path / "tens"
    assert call("init", folder, "--extends", "tens").status == 0
    loaded = load(folder).specification
    assert loaded.device.id == "tens-variant"
    assert loaded.extension is not None
    assert loaded.extension.overridden == loaded.extension.removed == ()
    assert _verdicts(folder) == _verdicts(next(item.root for item in library() if item.id == "tens"))


@pytest.mark.parametrize("options", [(), ("--from", "tens"), ("--extends", "tens")])
def test_nothing_is_overwritten(call: Any, tmp_path: Path, options: tuple[str, ...]) -> None:
    """A folder with something in it, or a file of that name, is left as it is; so is what cannot be read."""
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    assert call("init", folder, *options).status == 2
    assert [item.name for item in tmp_path.rglob("*")] == ["there", "mine.txt"]
    assert call("init", folder / "mine.txt", *options).status == 2
    assert (folder / "mine.txt").read_text() == "mine"


def test_what_cannot_be_begun_leaves_nothing(call: Any, tmp_path: Path) -> None:
    """An unknown device, or two ways at once, end in a message, and no folder appears."""
    for options in (("--from", "frob"), ("--extends", "frob"), ("--from", "tens", "--extends", "tens")):
        assert call("init", tmp_path / "new", *options).status == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("option", "part"), [("", "specification"), ("--extends", "overrides")])
def test_editors_find_the_schemas(call: Any, tmp_path: Path, option: str, part: str) -> None:
    """Each file names its schema in its first line, the settings of the editor do; all of them exist."""
    folder = tmp_path / "new"
    call("init", folder, *([option, "tens"] if option else []))
    for file in [*(folder / "specs").iterdir(), *(folder / "hazards").glob("*")]:
        first = file.read_text("utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named is not None
        assert (file.parent / named[1]).resolve().is_file()
    settings = json.loads((folder / ".vscode" / "settings.json").read_text("utf-8"))
    assert settings["yaml.schemas"][f"./schemas/{part}.schema.json"] == "specs/*.yaml"
    assert all((folder / name).is_file() for name in settings["yaml.schemas"])
