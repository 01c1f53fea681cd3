"""The audit removes each control anew: what is stated of the device without it must follow from evidence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.audit.conftest import edit, forge_manifest

from stimproof.audit import audit

FILE = "evidence/ablation.json"
TRACE = "evidence/ablation/off_is_off/traces/properties.quiet.json"


def _change(dossier: Path, change: Callable[[dict[str, Any]], None]) -> str:
    def written(text: str) -> str:
        data = json.loads(text)
        change(data)
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    edit(dossier, FILE, written)
    return _findings(dossier)


def _findings(dossier: Path) -> str:
    forge_manifest(dossier)
    report = audit(dossier)
    assert not report.ok
    return "\n".join(report.findings)


def test_the_dossier_states_an_effect_for_each_control(pristine: Path) -> None:
    """The evidence holds effective and redundant controls, and the run that a control prevents."""
    data = json.loads((pristine / FILE).read_text("utf-8"))
    found = {item["control"]: item["effect"] for item in data["effects"]}
    assert found == {"off_is_off": "effective", "charge_capped": "effective", "timed_out": "redundant"}
    assert json.loads((pristine / TRACE).read_text("utf-8"))["obligation"] == "properties.quiet"


def _better(data: dict[str, Any]) -> None:
    for item in data["effects"]:
        item["effect"] = "effective"


def _refuted(data: dict[str, Any]) -> None:
    (item,) = data["without"]["timed_out"]
    item["verdict"] = "refuted"


def _proved(data: dict[str, Any]) -> None:
    (item,) = data["without"]["charge_capped"]
    item["verdict"] = "proved"


def _left_out(data: dict[str, Any]) -> None:
    data["without"]["off_is_off"] = []


def _more(data: dict[str, Any]) -> None:
    data["without"]["nobody"] = []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_better, "the effects stated in ablation.json are not what their evidence gives"),
        (_refuted, "without timed_out, properties.quiet"),
        (_proved, "without charge_capped, limits.density"),
        (_left_out, "without off_is_off, properties.quiet: no result is stated"),
        (_more, "the effects stated in ablation.json are not what their evidence gives"),
    ],
)
def test_a_forged_effect_is_named(dossier: Path, change: Callable[[dict[str, Any]], None], told: str) -> None:
    """Whoever states another effect, or another verdict without a control, is found out by name."""
    assert told in _change(dossier, change)


def test_a_run_of_another_device_is_no_evidence(dossier: Path) -> None:
    """A run without a control is replayed on the device without that control, and on no other."""
    edit(dossier, TRACE, lambda text: text.replace('"stop"', '"start"'))
    assert "without off_is_off, properties.quiet" in _findings(dossier)


def test_a_file_that_no_trial_needs_is_named(dossier: Path) -> None:
    """Nothing lies among the evidence that nobody refers to."""
    spare = dossier / "evidence" / "ablation" / "off_is_off" / "spare.smt2"
    spare.write_text("(check-sat)\n", encoding="utf-8")
    assert "spare.smt2: nothing refers to this file" in _findings(dossier)


def test_a_dossier_without_its_trials_is_not_confirmed(dossier: Path) -> None:
    """Where the risk file has controls to be tried, their trials belong to the evidence."""
    (dossier / FILE).unlink()
    assert "evidence/ablation.json cannot be used" in "\n".join(audit(dossier).findings)
