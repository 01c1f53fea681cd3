"""The gate on a real device as published, on its repaired copy, and without means to prove anything."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPAIRED = ROOT / "tests" / "fixtures" / "opennerve-repaired"

pytestmark = pytest.mark.slow


def gate(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the gate as a CI job does."""
    command = [sys.executable, "-m", "stimproof", "gate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def test_the_device_as_published_is_refused(tmp_path: Path) -> None:
    """Exit status 1; JUnit counts its failures, and SARIF places each in the YAML that was read."""
    junit, sarif = tmp_path / "gate.xml", tmp_path / "gate.sarif"
    ran = gate("opennerve-ipg", "--jobs", 2, "--junit", junit, "--sarif", sarif)
    assert ran.returncode == 1
    assert ran.stdout.splitlines()[-1].startswith("gate: REFUSED")
    assert int(ElementTree.parse(junit).getroot().get("failures", "0")) >= 33
    results = json.loads(sarif.read_text("utf-8"))["runs"][0]["results"]
    places = [item["locations"][0]["physicalLocation"] for item in results]
    assert any(place["artifactLocation"]["uri"].endswith("specs/properties.yaml") for place in places)
    assert all(place["region"]["startLine"] >= 1 for place in places)


def test_the_repaired_copy_passes() -> None:
    """Exit status 0: every refuted claim is repaired, and what was unknown is supplied with a source."""
    ran = gate(REPAIRED, "--jobs", 2)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[-1].startswith("gate: PASSED")


def test_a_budget_too_small_to_prove_anything_is_inconclusive() -> None:
    """Exit status 3 on the copy that would pass: nothing is proved by having no time to look."""
    ran = gate(REPAIRED, "--budget", 1)
    assert ran.returncode == 3
    assert ran.stdout.splitlines()[-1].startswith("gate: INCONCLUSIVE")
