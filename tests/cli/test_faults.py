"""The command ``faults``: what it asks, prints and writes; ``trace --faults`` tells the same."""

import json
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "faults"
ORDER = "properties.output_follows"


def test_one_fault_and_one_property_are_asked_about(call, tmp_path):
    """--only and --property restrict the work; the evidence is written, the status says that it breaks."""
    out = tmp_path / "out"
    found = call("faults", EXAMPLE, "--only", "welded", "--property", ORDER, "-o", out, "--json")
    assert found.status == 1
    assert [(item["fault"], item["obligation"], item["effect"]) for item in found.json["effects"]] == [
        ("welded", ORDER, "broken")
    ]
    written = json.loads((out / "faults.json").read_text("utf-8"))
    assert written["effects"] == found.json["effects"]
    assert (out / written["effects"][0]["file"]).is_file()


def test_what_is_tolerated_passes(call):
    """Status 0 where every claim that is asked about holds with the fault."""
    found = call("faults", EXAMPLE, "--only", "busy")
    assert found.status == 0
    assert "standing: magnet" in found.out
    assert found.out.splitlines()[-1] == "1 fault, 1 claim: 1 tolerated, 0 broken, 0 broken anyway, 0 unknown"


def test_many_tolerated_claims_are_counted(call, tmp_path):
    """Where more than four claims are tolerated for one reason, a line says how many; JSON names each."""
    quiet = "  quiet_{}: {{sentence: the d shall always satisfy kept == false}}"
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "device.yaml").write_text(
        "stimproof: 1\ndevice: {id: d, name: D, component: d}\n"
        "variables: {kept: {type: boolean, initial: false}}\nevents: {go: {}}\n"
        "machines: {m: {initial: [A], modes: {A: {}}, transitions: [{from: A, event: go}]}}\n"
        "faults: {welded: {kind: stuck_at, variable: kept, value: false}}\n"
        "properties:\n" + "\n".join(quiet.format(number) for number in range(5)) + "\n",
        encoding="utf-8",
    )
    found = call("faults", tmp_path)
    assert "    tolerated: every claim" in found.out
    assert len(call("faults", tmp_path, "--json").json["effects"]) == 5


def test_a_fault_that_nobody_declares_is_an_error_of_usage(call, project, prover):
    """What there is instead is told; a device without faults says that it has none."""
    assert "it has welded, busy" in call("faults", EXAMPLE, "--only", "melted").err
    found = call("faults", project)
    assert (found.status, prover.asked) == (2, [])
    assert "declares no fault" in found.err


def test_a_folder_with_something_else_is_not_replaced(call, tmp_path):
    """Nothing is proved where the output would destroy what is there."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    found = call("faults", EXAMPLE, "-o", tmp_path)
    assert found.status == 2
    assert (tmp_path / "mine.txt").read_text("utf-8") == "mine"


def test_the_trace_tells_what_faults_do(call):
    """With --faults the trace has a table of faults, and an error where no control stands against one."""
    found = call("trace", EXAMPLE, "--faults")
    assert found.status == 1
    (line,) = [line for line in found.out.splitlines() if line.startswith("busier ")]
    assert line.split() == ["busier", "0", "1", "0", "too_slow", "–"]
    assert "error[fault-breaks]: with the fault welded" in found.out


def test_faults_look_at_the_whole_risk_file(call):
    """--faults beside a look at a part is an error of usage."""
    assert call("trace", EXAMPLE, "--faults", "--only", "magnet").status == 2


def test_the_gate_refuses_where_no_control_stands_against_a_fault(call):
    """With --faults the gate judges what faults do, too."""
    found = call("gate", EXAMPLE, "--faults", "--json")
    assert found.status == 1
    refused = [item["rule"] for item in found.json["items"] if item["outcome"] == "refused"]
    assert refused.count("fault-breaks") == 2
    assert "fault-breaks" not in [item["rule"] for item in call("gate", EXAMPLE, "--json").json["items"]]
