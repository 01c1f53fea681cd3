"""The audit confirms what is true and names what was changed, with and without a forged manifest."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.audit.conftest import edit, edit_results, entry, forge_manifest

from stimproof.audit import audit
from stimproof.specs.errors import OperatorError


def _findings(dossier: Path) -> str:
    report = audit(dossier)
    assert not report.ok
    return "\n".join(report.findings)


def test_a_fresh_dossier_is_confirmed(pristine: Path) -> None:
    """A dossier that nobody touched is confirmed, and every question was really asked of something."""
    report = audit(pristine)
    assert report.findings == ()
    assert report.ok
    unasked = [check.question for check in report.checks if not check.asked]
    # Nobody tried any fault of this device; a dossier with faults is audited elsewhere.
    assert unasked == ["does what every fault does follow from its evidence"]


def test_a_moved_dossier_is_confirmed(pristine: Path, tmp_path: Path) -> None:
    """Where a dossier lies does not matter: nothing in it names the place where it was made."""
    moved = tmp_path / "somewhere" / "else"
    shutil.copytree(pristine, moved)
    assert audit(moved).findings == ()


def _verdict(identity: str, verdict: str) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        item = entry(data, identity)
        data["summary"][item["verdict"]] -= 1
        data["summary"][verdict] += 1
        item["verdict"] = verdict

    return change


@pytest.mark.parametrize(
    ("identity", "verdict"),
    [
        ("limits.tight", "proved"),
        ("limits.capacity", "proved"),
        ("limits.capacity", "not_applicable"),
        ("limits.line", "proved"),
        ("limits.charge", "refuted"),
        ("properties.counts", "proved"),
        ("properties.quiet", "refuted"),
        ("machines.ipg.modes.LOST.reachable", "proved"),
        ("machines.ipg.modes.ON.reachable", "refuted"),
    ],
)
@pytest.mark.parametrize("forged", [False, True])
def test_an_edited_verdict_is_named(dossier: Path, identity: str, verdict: str, forged: bool) -> None:
    """A verdict that its evidence does not give is named by its obligation, also under a forged manifest."""
    edit_results(dossier, _verdict(identity, verdict))
    if forged:
        forge_manifest(dossier)
    found = _findings(dossier)
    assert f"{identity}: " in found
    assert forged or "evidence/results.json: changed" in found


@pytest.mark.parametrize("forged", [False, True])
@pytest.mark.parametrize(
    "path",
    [
        "certificates/limits.charge/claim.smt2",
        "certificates/limits.density/claim.smt2",
        "certificates/properties.quiet/consecution.smt2",
        "certificates/properties.stops/safety.smt2",
        "certificates/machines.ipg.modes.LOST.reachable/initiation.smt2",
        "certificates/machines.ipg.modes.ON.reachable/witness.smt2",
    ],
)
def test_an_edited_script_is_named(dossier: Path, path: str, forged: bool) -> None:
    """A script that says ``unsat`` to everything is not the one that the specification gives."""
    edit(dossier, f"evidence/{path}", lambda text: text.replace("(check-sat)", "(assert false)\n(check-sat)"))
    if forged:
        forge_manifest(dossier)
    found = _findings(dossier)
    assert path.split("/")[1] in found
    assert "is not the" in found
    assert forged or f"evidence/{path}: changed" in found


def test_an_invariant_cannot_smuggle_assertions(dossier: Path) -> None:
    """An invariant that closes its definition and adds an assertion of its own is refused as no term."""
    folder = "evidence/certificates/properties.quiet"
    edit(
        dossier,
        f"{folder}/proof.json",
        lambda text: text.replace('"invariant": "', '"invariant": "true) (assert false'),
    )
    forge_manifest(dossier)
    assert "properties.quiet: " in _findings(dossier)


@pytest.mark.parametrize("forged", [False, True])
def test_an_edited_trace_is_named(dossier: Path, forged: bool) -> None:
    """A trace whose state was changed does not replay."""
    path = "evidence/traces/properties.counts.json"
    edit(dossier, path, lambda text: text.replace('"count": "2"', '"count": "3"'))
    edit(dossier, "evidence/results.json", lambda text: text.replace('"count": "2"', '"count": "3"'))
    if forged:
        forge_manifest(dossier)
    assert "properties.counts: " in _findings(dossier)


def test_a_setting_that_cannot_be_programmed_is_named(dossier: Path) -> None:
    """A refutation must name a setting of the grid."""

    def change(text: str) -> str:
        return text.replace('"amplitude": "1/200"', '"amplitude": "7/1001"')

    edit(dossier, "evidence/traces/limits.tight.json", change)
    edit(dossier, "evidence/results.json", change)
    forge_manifest(dossier)
    assert "limits.tight: 'amplitude' cannot be programmed" in _findings(dossier)


@pytest.mark.parametrize("forged", [False, True])
def test_an_edited_number_is_named(dossier: Path, forged: bool) -> None:
    """A number changed in the packed specification no longer fits the obligations and scripts."""
    edit(
        dossier, "evidence/sources/specs/device.yaml", lambda text: text.replace("limit: 3 uC", "limit: 4 uC")
    )
    if forged:
        forge_manifest(dossier)
    found = _findings(dossier)
    assert "device.spec_sha256" in found
    assert "limits.charge: its statement is stated as" in found
    assert forged or "evidence/sources/specs/device.yaml: changed" in found


def test_an_edited_page_is_named_under_a_forged_manifest(dossier: Path) -> None:
    """A page that says more than the evidence is named, since the pages are built again."""
    edit(dossier, "index.html", lambda text: text.replace("refuted", "proved"))
    forge_manifest(dossier)
    assert "index.html: this page does not say what the evidence gives" in _findings(dossier)


def test_added_and_missing_files_are_named(dossier: Path) -> None:
    """Nothing can be added to a dossier or taken from it unnoticed."""
    (dossier / "note.txt").write_text("trust me", "utf-8")
    (dossier / "evidence" / "certificates" / "limits.charge" / "claim.smt2").unlink()
    found = _findings(dossier)
    assert "note.txt: the manifest does not list it" in found
    assert "evidence/certificates/limits.charge/claim.smt2: the manifest lists it, and it is missing" in found
    assert "limits.charge: the file certificates/limits.charge/claim.smt2 is missing" in found


def test_an_unstated_obligation_is_named(dossier: Path) -> None:
    """A result that was left out is noticed: the specification demands it."""

    def drop(data: dict[str, Any]) -> None:
        data["obligations"].remove(entry(data, "limits.tight"))
        data["summary"]["refuted"] -= 1

    edit_results(dossier, drop)
    forge_manifest(dossier)
    assert "limits.tight: the specification demands it, and no result is stated" in _findings(dossier)


def test_a_hidden_assumption_is_named(dossier: Path) -> None:
    """An interlock that a proof needs cannot be struck from the ledger."""

    def strike(data: dict[str, Any]) -> None:
        item = entry(data, "limits.density")
        item["assumptions"] = [text for text in item["assumptions"] if "interlock" not in text]

    edit_results(dossier, strike)
    forge_manifest(dossier)
    assert "limits.density: its assumption ledger must be" in _findings(dossier)


def test_an_unverified_number_cannot_be_hidden(dossier: Path) -> None:
    """That a verdict leans on an uncertain number stays in print."""
    edit_results(dossier, lambda data: entry(data, "limits.density")["unverified"].clear())
    forge_manifest(dossier)
    assert "limits.density: the unverified numbers" in _findings(dossier)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"obligations": 3}', '{"device": {}, "obligations": [3]}'])
def test_garbage_is_a_finding(dossier: Path, text: str) -> None:
    """Whatever ``results.json`` holds, the audit ends with a finding and not with a crash."""
    (dossier / "evidence" / "results.json").write_text(text, "utf-8")
    forge_manifest(dossier)
    assert _findings(dossier)


def test_a_folder_without_manifest_is_no_dossier(tmp_path: Path) -> None:
    """What is no dossier is the caller's mistake, not a finding about a dossier."""
    with pytest.raises(OperatorError, match="no dossier"):
        audit(tmp_path)
