"""The whole way with real solvers and real pages, on a device that is small but complete."""

import pytest

DEVICE = """\
stimproof: 1
device: {id: toy, name: Toy stimulator, component: ipg}
sources:
  manual: {title: "Toy manual"}
parameters:
  amplitude: {range: [0 mA, 5 mA], step: 0.1 mA, source: manual, confidence: seen}
limits:
  cap: {claim: "amplitude <= 5 mA"}
variables:
  output_on: {type: boolean, initial: false}
events:
  start: {}
  stop: {}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false}}
      ON: {entry: {output_on: true}}
    transitions:
      - {from: OFF, to: ON, event: start}
      - {from: ON, to: OFF, event: stop}
properties:
  off_is_off: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
  stops: {sentence: "upon stop the ipg shall immediately satisfy output_on == false"}
"""
RISK = """\
stimproof: 1
risk_file:
  device: toy
  edition: "made up"
  severities: {minor: "passes without treatment"}
  probabilities: {remote: "unlikely"}
  acceptability: {minor: [acceptable]}
causes:
  stuck: {event: "the stop command is lost"}
hazards:
  strong: {hazard: "over-stimulation", catalogue: H01}
situations:
  shocked: {hazard: strong, situation: "stimulation goes on", causes: [stuck]}
harms:
  pain:
    harm: "pain"
    situations: [shocked]
    severity: {level: minor, confidence: judgement}
    residual: {level: remote, confidence: judgement, note: "made up"}
controls:
  stop_works:
    control: "stop turns the output off"
    kind: protective measure
    justification: "made up"
    stops: [stuck]
    requirements: [R_stop]
requirements:
  R_stop:
    text: "the output is off after stop"
    verified_by: [properties.stops, properties.off_is_off, limits.cap]
not_applicable:
"""
REPAIRED = "      OFF: {entry: {output_on: false}}\n"
DEFECT = "      OFF: {}\n"


@pytest.fixture
def device(tmp_path):
    """A project in which everything is proved and every hazard traced."""
    root = tmp_path / "device"
    for name, text in (("specs/device.yaml", DEVICE), ("hazards/risk.yaml", RISK)):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text, encoding="utf-8")
    with (root / "hazards" / "risk.yaml").open("a", encoding="utf-8") as stream:
        stream.writelines(f'  H{number:02}: {{why: "made up"}}\n' for number in range(2, 53))
    return root


def break_it(device):
    """Take out what turns the output off."""
    file = device / "specs" / "device.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(REPAIRED, DEFECT), encoding="utf-8")


def test_a_sound_device_passes_the_gate(call, device):
    """Everything proved and traced: status 0 from verify, trace and gate."""
    statuses = {command: call(command, device).status for command in ("check", "verify", "trace", "gate")}
    assert statuses == dict.fromkeys(statuses, 0)


def test_a_device_with_a_defect_is_refused_with_a_replayed_run(call, device):
    """The defect comes out as a run that the interpreter replayed: status 1 from verify, trace and gate."""
    break_it(device)
    assert [call(command, device).status for command in ("verify", "trace", "gate")] == [1, 1, 1]
    data = call("explain", device, "properties.stops", "--json").json
    assert data["verdict"] == "refuted"
    assert data["counterexample"]["replayed"] is True
    assert [step["event"] for step in data["counterexample"]["steps"]][-1] == "stop"


def test_a_budget_too_small_is_inconclusive(call, device):
    """Where the budget proves nothing, verify and gate answer 3, on a sound and on a broken device."""
    for _ in range(2):
        assert [call(command, device, "--budget", 1).status for command in ("verify", "gate")] == [3, 3]
        break_it(device)


def test_a_fresh_dossier_is_confirmed_and_a_changed_one_is_not(call, device, tmp_path):
    """The audit confirms what the dossier command wrote, and names the file that somebody edited."""
    out = tmp_path / "dossier"
    built = call("dossier", device, "-o", out)
    assert (built.status, built.err) == (0, "")
    assert built.out.splitlines()[-1] == f"open {out / 'index.html'}"
    assert call("audit", out).status == 0
    results = out / "evidence" / "results.json"
    text = results.read_text(encoding="utf-8")
    results.write_text(text.replace('"proved"', '"refuted"', 1), encoding="utf-8")
    found = call("audit", out)
    assert found.status == 1
    assert "evidence/results.json: changed" in found.out
