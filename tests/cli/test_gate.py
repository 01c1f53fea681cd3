import json
from xml.etree import ElementTree as ET

import pytest

from stimproof.verify.results import Verdict


@pytest.fixture(autouse=True)
def complete_trace(monkeypatch):
    """The hazard trace is complete, unless a test says otherwise."""
    from stimproof.hazards import trace as module
    from stimproof.hazards.report import TraceReport

    report = TraceReport("toy", "", "", True, (), (), (), (), ())
    monkeypatch.setattr(module, "trace", lambda *_inputs: report)


@pytest.mark.parametrize(
    ("verdict", "status", "word"),
    [
        (Verdict.PROVED, 0, "PASSED"),
        (Verdict.NOT_APPLICABLE, 0, "PASSED"),
        (Verdict.REFUTED, 1, "REFUSED"),
        (Verdict.UNKNOWN, 3, "INCONCLUSIVE"),
        (Verdict.ERROR, 3, "INCONCLUSIVE"),
    ],
)
def test_the_verdict_is_the_last_line_and_the_status(call, project, prover, verdict, status, word):
    """The last line says in one word what the exit status says in a number."""
    prover.verdicts["properties.silent"] = verdict
    found = call("gate", project)
    assert found.status == status
    assert found.out.splitlines()[-1].startswith(f"gate: {word}: toy: ")
    assert found.out.splitlines()[-1].endswith(f"(exit status {status})")


@pytest.mark.parametrize("error", [RuntimeError("solver died"), KeyboardInterrupt(), OSError(2, "no", "z3")])
def test_a_crash_never_passes(call, project, prover, tmp_path, error):
    """Whatever stops the gate, its last line says that nothing was judged, and no old report survives."""
    reports = ("--junit", tmp_path / "gate.xml", "--sarif", tmp_path / "gate.sarif")
    assert call("gate", project, *reports).status == 0
    prover.fails = error
    found = call("gate", project, *reports)
    assert found.status not in (0, 1)
    assert found.out.splitlines()[-1].startswith("gate: REFUSED; nothing was judged")
    assert not (tmp_path / "gate.xml").exists()
    assert not (tmp_path / "gate.sarif").exists()


def test_an_invalid_specification_never_passes(call, project, prover):
    """Invalid input is status 2, and the last line says that nothing was judged."""
    (project / "specs" / "device.yaml").write_text("stimproof: 1\n")
    found = call("gate", project)
    assert found.status == 2
    assert found.out.splitlines() == ["gate: REFUSED; nothing was judged (exit status 2)"]


def test_all_reports_are_written(call, project, prover, tmp_path, monkeypatch):
    """JUnit, SARIF and summary tell of the same refutation."""
    monkeypatch.chdir(tmp_path)
    prover.verdicts["properties.silent"] = Verdict.REFUTED
    call("gate", "toy", "--junit", "a.xml", "--sarif", "a.sarif", "--summary", "a.md")
    failed = ET.parse("a.xml").getroot().findall(".//failure/..")
    assert [case.get("name") for case in failed] == ["properties.silent"]
    log = json.loads((tmp_path / "a.sarif").read_text(encoding="utf-8"))
    (error,) = [item for item in log["runs"][0]["results"] if item["level"] == "error"]
    place = error["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "toy/specs/device.yaml", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 19, "startColumn": 3}
    assert "**properties.silent**" in (tmp_path / "a.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.md", "a.sarif", "a.xml", "toy"]


def test_json_is_all_of_standard_output(call, project, prover):
    """With --json the verdict is a JSON document and nothing else."""
    data = call("gate", project, "--json").json
    assert (data["schema"], data["passed"], data["status"]) == ("stimproof.gate/1", True, 0)
    assert {item["outcome"] for item in data["items"]} == {"passed"}


def test_json_of_a_crash_is_json_too(call, project, prover):
    """With --json even a crash gives one JSON document, which is no pass."""
    prover.fails = RuntimeError("x")
    found = call("gate", project, "--json")
    assert found.json["status"] == found.status == 3


def test_the_budget_reaches_the_prover(call, project, prover):
    """--budget is handed on as it is."""
    call("gate", project, "--budget", 5)
    assert prover.asked[-1]["budget"] == 5
