"""Faults in the risk file: which claims are asked about, which controls stand, and what the graph holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from stimproof.hazards import failing
from stimproof.hazards.graph import build, following
from stimproof.hazards.nodes import EdgeKind, Node, NodeKind
from stimproof.hazards.reader import read_string
from stimproof.hazards.risk_file import RiskFile
from stimproof.hazards.trace import trace
from stimproof.project import load
from stimproof.specs.errors import RiskFileError
from stimproof.specs.findings import Code, Severity
from stimproof.specs.reader import read_folder
from stimproof.verify.fault_effects import FaultEffect, FaultResult
from stimproof.verify.faulting import analyse
from stimproof.verify.run import verify

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "faults"
TEXT = (EXAMPLE / "hazards" / "risk.yaml").read_text(encoding="utf-8")
MAGNET, ORDER = "properties.magnet_stops", "properties.output_follows"


@pytest.fixture(scope="module")
def risk_file() -> RiskFile:
    """The risk file of the manual's example."""
    return read_string(TEXT, read_folder(EXAMPLE / "specs"))


def _results(risk_file: RiskFile, **effects: dict[str, FaultEffect]) -> tuple[FaultResult, ...]:
    return tuple(
        FaultResult(fault, claim, effect, risk_file.spec_sha256)
        for fault, claims in effects.items()
        for claim, effect in claims.items()
    )


def test_a_fault_is_asked_about_the_claims_of_the_controls_against_it(risk_file: RiskFile) -> None:
    """A cause that names a fault asks about what its controls rest on; any other about every property."""
    asked = {trial.fault: trial.obligations for trial in failing.trials(risk_file)}
    assert asked["welded"] == (ORDER,)
    assert asked["busy"] == asked["busier"] == (MAGNET,)
    assert set(asked["door"]) == {MAGNET, ORDER, "properties.one_can_start"}


def test_a_cause_names_only_declared_faults() -> None:
    """A fault that the specification does not declare is an error at its place, with what was meant."""
    with pytest.raises(RiskFileError) as caught:
        read_string(TEXT.replace("[welded]", "[weld]"), read_folder(EXAMPLE / "specs"))
    (finding,) = [item for item in caught.value.findings if item.weight is Severity.ERROR]
    assert finding.code is Code.UNKNOWN_ELEMENT
    assert finding.location.path == "causes.stage_fails.faults[0]"
    assert "welded" in finding.advice


def test_the_graph_joins_faults_to_causes_and_to_what_they_do_to_claims(risk_file: RiskFile) -> None:
    """Each effect is an edge of its own kind; one fault may break one claim and leave another open."""
    results = _results(
        risk_file,
        welded={ORDER: FaultEffect.BROKEN, MAGNET: FaultEffect.UNKNOWN},
        busy={MAGNET: FaultEffect.TOLERATED, ORDER: FaultEffect.BROKEN_ANYWAY},
    )
    graph = build(risk_file, None, results)
    welded, busy = Node(NodeKind.FAULT, "faults.welded"), Node(NodeKind.FAULT, "faults.busy")
    assert following(graph, welded, EdgeKind.BRINGS) == ("stage_fails",)
    assert following(graph, welded, EdgeKind.BREAKS) == (ORDER,)
    assert following(graph, welded, EdgeKind.LEAVES_OPEN) == (MAGNET,)
    assert following(graph, busy, EdgeKind.TOLERATED) == (MAGNET,)
    assert following(graph, busy, EdgeKind.BREAKS) == (ORDER,)
    assert following(build(risk_file), welded, EdgeKind.BREAKS) == ()


@pytest.mark.parametrize(
    ("effect", "code", "severity", "standing", "fallen"),
    [
        (FaultEffect.TOLERATED, None, None, ("magnet",), ()),
        (FaultEffect.BROKEN, Code.FAULT_BREAKS, Severity.ERROR, (), ("magnet",)),
        (FaultEffect.BROKEN_ANYWAY, Code.FAULT_BREAKS, Severity.ERROR, (), ("magnet",)),
        (FaultEffect.UNKNOWN, Code.FAULT_UNKNOWN, Severity.WARNING, (), ()),
    ],
)
def test_a_control_stands_against_a_fault_only_if_its_claims_are_tolerated(
    risk_file: RiskFile,
    effect: FaultEffect,
    code: Code | None,
    severity: Severity | None,
    standing: tuple[str, ...],
    fallen: tuple[str, ...],
) -> None:
    """No answer never counts as standing, and what breaks is an error at the cause that names the fault."""
    report = trace(risk_file, faults=_results(risk_file, busier={MAGNET: effect}))
    (status,) = report.faults
    assert (status.causes, status.standing, status.fallen) == (("too_slow",), standing, fallen)
    found = [item for item in report.findings if item.code in (Code.FAULT_BREAKS, Code.FAULT_UNKNOWN)]
    assert [(item.code, item.weight) for item in found] == ([(code, severity)] if code else [])
    assert all(item.location.path == "causes.too_slow.faults[1]" for item in found)


def test_a_fault_that_no_cause_names_is_a_warning_where_it_is_declared(risk_file: RiskFile) -> None:
    """What breaks with it is told at the fault itself."""
    report = trace(risk_file, faults=_results(risk_file, magnet_missed={MAGNET: FaultEffect.BROKEN}))
    (finding,) = [item for item in report.findings if item.code is Code.FAULT_BREAKS]
    assert (finding.weight, finding.location.path) == (Severity.WARNING, "faults.magnet_missed")


def test_a_control_stands_only_where_each_of_its_claims_was_asked_about() -> None:
    """One tolerated claim says nothing about another that the same control rests on."""
    text = TEXT.replace(f"[{MAGNET}]", f"[{MAGNET}, {ORDER}]")
    assert text != TEXT
    changed = read_string(text, read_folder(EXAMPLE / "specs"))
    one, both = {MAGNET: FaultEffect.TOLERATED}, dict.fromkeys((MAGNET, ORDER), FaultEffect.TOLERATED)
    for asked, standing in ((one, ()), (both, ("magnet",))):
        (status,) = failing.statuses(changed, _results(changed, busy=asked))
        assert (status.standing, status.fallen) == (standing, ())


def test_results_about_another_text_do_not_count(risk_file: RiskFile) -> None:
    """What was found for an earlier version of the specification is not told of this one."""
    stale = (FaultResult("busy", MAGNET, FaultEffect.TOLERATED, "0" * 64),)
    assert trace(risk_file, faults=stale).faults == ()


def test_what_the_software_orders_does_not_stop_a_stuck_output_stage() -> None:
    """A control of a reference device falls with the output stage that it orders, and the trace says so."""
    project = load("tens")
    (trial,) = [item for item in failing.trials(project.risk_file) if item.fault == "output_stage_stuck"]
    verification = verify(project.specification, only=trial.obligations)
    report = trace(project.risk_file, None, (), analyse(verification, [trial]).effects)
    (status,) = report.faults
    assert (status.causes, status.standing, status.fallen) == (("fault_goes_on",), (), ("fault_off",))
    (finding,) = [item for item in report.findings if item.code is Code.FAULT_BREAKS]
    assert finding.weight is Severity.ERROR
    assert finding.location.path == "causes.fault_goes_on.faults[0]"


@pytest.mark.parametrize(
    ("added", "severity"),
    [("", Severity.ERROR), ("elsewhere: {control: a fuse, why: it is no software}, ", Severity.WARNING)],
)
def test_a_break_is_an_error_where_no_control_has_a_claim_against_it(added: str, severity: Severity) -> None:
    """Nobody is left against a fault whose cause no control with a claim stops, unless it is said who is."""
    text = TEXT.replace(
        "faults: [busy, busier]}", "faults: [busier]}\n  hangs: {event: it hangs, faults: [busy]}"
    )
    text = text.replace("too_slow]}", "too_slow, hangs]}").replace(
        "{hazard: strong, ", f"{{hazard: strong, {added}"
    )
    changed = read_string(text, read_folder(EXAMPLE / "specs"))
    broken = {MAGNET: FaultEffect.BROKEN, ORDER: FaultEffect.TOLERATED}
    report = trace(changed, faults=_results(changed, busy=broken))
    (finding,) = [item for item in report.findings if item.code is Code.FAULT_BREAKS]
    assert finding.weight is severity


def test_a_control_that_stands_against_one_cause_is_no_barrier_against_another() -> None:
    """Each cause that names a fault needs a control of its own that stands; the finding names the cause."""
    text = TEXT.replace("too_slow: {", "hangs: {event: it hangs, faults: [busy]}\n  too_slow: {")
    text = text.replace("[stage_fails, too_slow]", "[stage_fails, too_slow, hangs]")
    changed = read_string(text, read_folder(EXAMPLE / "specs"))
    tried = {MAGNET: FaultEffect.TOLERATED, ORDER: FaultEffect.BROKEN}
    report = trace(changed, faults=_results(changed, busy=tried))
    (finding,) = [item for item in report.findings if item.code is Code.FAULT_BREAKS]
    assert report.faults[0].standing == ("magnet",)
    assert finding.weight is Severity.ERROR
    assert "no control on the way of hangs is shown to stand" in finding.message
