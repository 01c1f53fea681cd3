"""The audit puts each fault in anew: what is stated of the device with it must follow from evidence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.audit.conftest import edit, forge_manifest

from stimproof.audit import audit
from stimproof.dossier.build import build
from stimproof.dossier.inputs import DossierInputs
from stimproof.hazards import failing
from stimproof.hazards.trace import trace
from stimproof.project import load
from stimproof.verify.faulting import analyse
from stimproof.verify.run import verify

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "faults"
FILE = "evidence/faults.json"
RUN = "evidence/faults/welded/traces/properties.output_follows.json"


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier in which two faults were tried, one of which breaks a claim."""
    folder = tmp_path_factory.mktemp("faults")
    kept = shutil.copytree(EXAMPLE, folder / "project")
    device = kept / "specs" / "device.yaml"
    lines = device.read_text("utf-8").splitlines(keepends=True)
    dropped = ("  busier:", "  magnet_missed:", "  stopped_clock:", "  door:")
    device.write_text("".join(line for line in lines if not line.startswith(dropped)), "utf-8")
    risk = kept / "hazards" / "risk.yaml"
    risk.write_text(risk.read_text("utf-8").replace(", busier", ""), "utf-8")
    project = load(kept)
    verification = verify(project.specification)
    found = analyse(verification, failing.trials(project.risk_file))
    report = trace(project.risk_file, verification, (), found.effects)
    build(
        DossierInputs(
            project.specification, verification, project.risk_file, report, project.sources, faults=found
        ),
        folder / "dossier",
    )
    return folder / "dossier"


@pytest.fixture
def copy(failed: Path, tmp_path: Path) -> Path:
    """A copy of it, to be tampered with."""
    return Path(shutil.copytree(failed, tmp_path / "dossier"))


def _problems(dossier: Path, change: Callable[[dict[str, Any]], None], file: str = FILE) -> str:
    def written(text: str) -> str:
        data = json.loads(text)
        change(data)
        return json.dumps(data, indent=1, ensure_ascii=False) + "\n"

    edit(dossier, file, written)
    forge_manifest(dossier)
    return "\n".join(audit(dossier).findings)


def test_a_dossier_says_what_faults_do_and_is_confirmed(failed: Path) -> None:
    """The page of the device shows how the claim breaks, and an auditor finds all of it confirmed."""
    page = (failed / "device.html").read_text("utf-8")
    assert "broken: 1" in page
    assert "tolerated: 1" in page
    assert "how it breaks" in page
    assert "brings about stage_fails; controls that stand: none" in page
    report = audit(failed)
    assert report.ok, report.findings
    (asked,) = [item.asked for item in report.checks if "every fault" in item.question]
    assert asked == 2


def _better(data: dict[str, Any]) -> None:
    data["effects"][0]["effect"] = "tolerated"


def _proved(data: dict[str, Any]) -> None:
    for item in data["with"]["welded"]:
        item["verdict"] = "proved"


def _left_out(data: dict[str, Any]) -> None:
    del data["with"]["welded"]


@pytest.mark.parametrize("change", [_better, _proved, _left_out])
def test_a_better_effect_of_a_fault_is_not_confirmed(
    copy: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    """An effect that its evidence does not give, and a missing result, are found."""
    assert "the effects stated in faults.json are not what their evidence gives" in _problems(copy, change)


def test_a_run_that_the_fault_does_not_allow_is_not_confirmed(copy: Path) -> None:
    """A changed trace is not what a replay with the fault gives."""

    def change(data: dict[str, Any]) -> None:
        data["steps"][-1]["event"] = "magnet"

    assert "welded" in _problems(copy, change, RUN)


def test_faults_that_are_left_out_afterwards_are_missed(copy: Path) -> None:
    """Without its evidence nothing may be told of faults: the trace and the pages still do."""
    (copy / FILE).unlink()
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["files"] = [item for item in manifest["files"] if item["path"] != FILE]
    (copy / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    report = audit(copy)
    assert not report.ok
    assert any("trace.json" in finding for finding in report.findings)
