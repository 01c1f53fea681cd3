"""Devices as VMT-LIB models: read back, they have the verdicts that the devices have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stimproof.cli import app
from stimproof.project import load
from stimproof.status import Status
from stimproof.verify.results import Verdict
from stimproof.verify.run import verify as verify_device
from stimproof.verify.vmt.export import exportable, exported
from stimproof.verify.vmt.proving import verify
from stimproof.verify.vmt.reading import read_text

SAMPLE = (
    "properties.eos_turns_off",
    "properties.magnet_turns_off",
    "properties.change_is_active_at_once",
    "machines.stimulator.determinism",
    "machines.stimulator.modes.STIM_ON.reachable",
    "variables.amplitude_set.range",
)
TURNED = {Verdict.PROVED: Verdict.REFUTED, Verdict.REFUTED: Verdict.PROVED}


def _agree(device: str, chosen: tuple[str, ...] = ()) -> int:
    specification = load(device).specification
    items = [item for item in exportable(specification) if not chosen or item.id in chosen]
    known = verify_device(specification, only=tuple(item.id for item in items)).by_id()
    for item in items:
        model = read_text(exported(specification, (item,))[item.id], item.id)
        (outcome,) = verify(model).outcomes
        verdict = outcome.verdict
        told = TURNED.get(verdict, verdict) if item.kind == "reachable" else verdict
        if item.kind == "deadlock" and told is Verdict.REFUTED:
            continue  # the model asks whether the machine moves on by itself; others may still help it
        assert told is known[item.id].verdict, (item.id, outcome.reason)
        assert outcome.notes == ()
    return len(items)


def test_a_sample_of_obligations_read_back_has_its_verdicts() -> None:
    """Exported and read again, obligations of each kind have the verdict that ``verify`` gives them."""
    assert _agree("drg-axium", SAMPLE) == len(SAMPLE)


@pytest.mark.slow
@pytest.mark.parametrize("device", ["drg-axium", "opennerve-ipg", "scs-burst", "scs-tonic"])
def test_every_obligation_read_back_has_its_verdict(device: str) -> None:
    """The same for every obligation about the machines of several reference devices."""
    _agree(device)


def test_the_command_writes_models_and_an_index(tmp_path: Path) -> None:
    """``export`` writes one model for each obligation, and says which verdict means what."""
    out = tmp_path / "models"
    words = ["export", "drg-axium", "--format", "vmt", "--obligation", "machines.stimulator", "-o", str(out)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == Status.PASSED, result.output
    index = json.loads((out / "export.json").read_text())
    meanings = {entry["obligation"]: entry["proved_where_property"] for entry in index["models"]}
    assert meanings["machines.stimulator.determinism"] == "holds"
    assert meanings["machines.stimulator.modes.STIM_ON.reachable"] == "is violated"
    assert {path.name for path in out.glob("*.vmt")} == {f"{name}.vmt" for name in meanings}
    assert CliRunner().invoke(app, words).exit_code == Status.PASSED
    (out / "mine.txt").write_text("mine")
    assert CliRunner().invoke(app, words).exit_code == Status.INVALID


def test_what_is_not_about_machines_is_not_exported(tmp_path: Path) -> None:
    """A limit on parameters is no transition system; asking for one is a usage error."""
    words = ["export", "drg-axium", "--obligation", "limits", "-o", str(tmp_path / "models")]
    assert CliRunner().invoke(app, words).exit_code == Status.INVALID
    assert not (tmp_path / "models").exists()
