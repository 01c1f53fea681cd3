from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from stimproof.hazards.reader import read_folder, read_string
from stimproof.hazards.report import ControlState
from stimproof.hazards.trace import trace
from stimproof.specs.findings import Code, Severity
from stimproof.specs.reader import read_string as read_specification
from stimproof.verify.results import Verdict, Verification

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stimproof.hazards.report import TraceReport
    from stimproof.specs.specification import Specification

    Verified = Callable[..., Verification]


def _codes(report: TraceReport) -> list[Code]:
    return [item.code for item in report.findings]


def test_a_whole_trace_with_proofs_passes(toy: Specification, risk: str, verified: Verified) -> None:
    """Where every hazard is traced and every obligation proved, nothing blocks."""
    report = trace(read_string(risk, toy), verified())
    assert report.outcome == "passed"
    assert report.blocking == ()
    assert [item.state for item in report.controls] == [ControlState.VERIFIED, ControlState.VERIFIED]
    assert _codes(report) == [Code.CONTROLLED_ELSEWHERE, Code.OBLIGATION_UNCITED]


def test_a_row_runs_from_the_hazard_to_the_certificate(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """The hazard trace matrix names each station of the way, and the evidence at its end."""
    row = trace(read_string(risk, toy), verified()).rows[0]
    assert (row.hazard, row.catalogue, row.situation, row.harm) == ("strong", "H01", "shocked", "pain")
    assert (row.control, row.requirement, row.obligation) == ("bounded", "R_cap", "limits.cap")
    assert (row.verdict, row.evidence) == ("proved", ("certificates/limits.cap.smt2",))
    assert (row.severity, row.probability, row.risk) == ("minor", "unknown", "reduce")
    assert (row.residual_probability, row.residual_risk) == ("remote", "acceptable")


def test_published_rates_stand_in_the_row_of_a_situation_that_software_cannot_control(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """A hazard outside the software keeps its row, with its published rates and who controls it."""
    row = trace(read_string(risk, toy), verified()).rows[-1]
    assert (row.hazard, row.estimates, row.elsewhere) == ("moved", ("RT01",), "anchoring of the lead")
    assert row.control == ""


@pytest.mark.parametrize(
    ("verdict", "state", "code", "outcome"),
    [
        (Verdict.REFUTED, ControlState.REFUTED, Code.OBLIGATION_REFUTED, "failed"),
        (Verdict.UNKNOWN, ControlState.NOT_VERIFIED, Code.OBLIGATION_UNKNOWN, "inconclusive"),
        (Verdict.ERROR, ControlState.NOT_VERIFIED, Code.OBLIGATION_UNKNOWN, "inconclusive"),
        (Verdict.NOT_APPLICABLE, ControlState.NOT_VERIFIED, Code.CONTROL_NOT_VERIFIED, "failed"),
    ],
)
def test_a_control_is_verified_only_if_all_its_obligations_are_proved(
    toy: Specification,
    risk: str,
    verified: Verified,
    verdict: Verdict,
    state: ControlState,
    code: Code,
    outcome: str,
) -> None:
    """One obligation with another verdict than proved is enough, and the finding stands where it is cited."""
    report = trace(read_string(risk, toy), verified(properties__off_is_off=verdict))
    control = next(item for item in report.controls if item.control == "stop_works")
    assert control.state is state
    assert "properties.off_is_off is " + verdict.title + ": as the test wants it" in control.reasons
    finding = next(item for item in report.blocking)
    assert finding.code is code
    assert finding.location.path == "requirements.R_stop.verified_by[1]"
    assert report.outcome == outcome
    assert next(item for item in report.controls if item.control == "bounded").state is ControlState.VERIFIED


def test_a_control_also_rests_on_what_its_proofs_presume(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """A property proved about a machine that is not deterministic shows nothing; one finding says so."""
    report = trace(read_string(risk, toy), verified(machines__ipg__determinism=Verdict.REFUTED))
    control = next(item for item in report.controls if item.control == "stop_works")
    assert control.state is ControlState.REFUTED
    refuted = [item for item in report.blocking if item.code is Code.OBLIGATION_REFUTED]
    assert len(refuted) == 1
    assert "presume machines.ipg.determinism" in refuted[0].message


def test_nothing_verified_is_inconclusive(toy: Specification, risk: str) -> None:
    """Without a verification no control counts as shown to work, and one finding says why."""
    report = trace(read_string(risk, toy))
    assert not report.verified
    assert report.outcome == "inconclusive"
    assert [item.code for item in report.blocking] == [Code.OBLIGATION_UNKNOWN]
    assert {item.state for item in report.controls} == {ControlState.NOT_VERIFIED}


def test_a_verification_of_another_text_counts_as_none(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """Proofs about a specification that has changed since are not used."""
    other = read_specification(toy.documents[0].text + "\n", "specification.yaml")
    report = trace(read_string(risk, toy), verified(other))
    assert Code.STALE_VERIFICATION in _codes(report)
    assert not report.verified
    assert report.outcome == "inconclusive"


def test_an_obligation_that_was_left_out_is_not_taken_as_proved(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """A partial verification leaves the controls unverified that rest on the rest."""
    whole = verified()
    part = Verification(
        toy, tuple(item for item in whole.results if item.obligation.id != "limits.cap"), {}, "test"
    )
    report = trace(read_string(risk, toy), part)
    assert [item.code for item in report.blocking] == [Code.OBLIGATION_UNKNOWN]


def test_a_hazard_of_the_catalogue_that_nobody_mentions_is_a_finding(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """Each hazard of the catalogue is addressed or justified; one that is neither blocks."""
    lacking = risk.replace('  H14: {why: "not part of this test"}\n', "")
    report = trace(read_string(lacking, toy), verified())
    assert [item.code for item in report.blocking] == [Code.UNCOVERED_HAZARD]
    assert "H14" in report.blocking[0].message
    assert {item.hazard for item in report.coverage if item.disposition == "uncovered"} == {"H14"}


def test_a_hazard_without_a_situation_is_untraced(toy: Specification, risk: str, verified: Verified) -> None:
    """A hazard that leads nowhere blocks, and stands in the matrix with an empty row."""
    report = trace(read_string(risk.replace("hazard: moved\n", "hazard: strong\n"), toy), verified())
    assert [item.code for item in report.blocking] == [Code.UNTRACED_HAZARD]
    assert [row.situation for row in report.rows if row.hazard == "moved"] == [""]


def test_a_situation_without_a_harm_is_untraced(toy: Specification, risk: str, verified: Verified) -> None:
    """A hazardous situation has to lead to some harm."""
    report = trace(read_string(risk.replace("[missed]", "[shocked]"), toy), verified())
    assert Code.UNTRACED_SITUATION in [item.code for item in report.blocking]


def test_a_way_that_no_control_stops_is_found(toy: Specification, risk: str, verified: Verified) -> None:
    """That one cause of two is stopped is not enough: the finding names the one that is left."""
    report = trace(read_string(risk.replace("stops: [stuck]", "stops: [pull]"), toy), verified())
    assert [item.code for item in report.blocking] == [Code.UNCONTROLLED]
    assert "between stuck and pain" in report.blocking[0].message


@pytest.mark.parametrize("target", ["shocked", "pain"])
def test_a_control_may_stop_the_situation_or_the_harm_instead(
    toy: Specification, risk: str, verified: Verified, target: str
) -> None:
    """A control behind the causes stops all of them."""
    report = trace(read_string(risk.replace("stops: [stuck]", f"stops: [{target}]"), toy), verified())
    assert report.blocking == ()


def test_a_weaker_control_has_to_say_why(toy: Specification, risk: str, verified: Verified) -> None:
    """What is not inherent safety by design needs a justification."""
    text = risk.replace('    justification: "stimulation cannot be made harmless by design"\n', "")
    report = trace(read_string(text, toy), verified())
    assert [item.code for item in report.blocking] == [Code.NO_JUSTIFICATION]


def test_a_control_without_a_requirement_is_not_verified(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """A control that nothing realises is not verified; the requirement left over is an orphan."""
    report = trace(read_string(risk.replace("    requirements: [R_cap]\n", ""), toy), verified())
    assert [item.code for item in report.blocking] == [Code.CONTROL_NOT_VERIFIED]
    assert Code.ORPHAN_REQUIREMENT in _codes(report)
    assert report.controls[0].reasons == ("no requirement realises it",)


def test_a_requirement_that_nothing_shows_blocks(toy: Specification, risk: str, verified: Verified) -> None:
    """A requirement without obligations, tests and documents leaves its control unverified."""
    report = trace(read_string(risk.replace(", verified_by: [limits.cap]", ""), toy), verified())
    assert [item.code for item in report.blocking] == [Code.CONTROL_NOT_VERIFIED]
    assert report.controls[0].state is ControlState.NOT_VERIFIED


def test_a_document_is_no_proof_but_does_not_block(toy: Specification, risk: str, verified: Verified) -> None:
    """A control that only documents show is told apart from a proved one."""
    text = risk.replace("verified_by: [limits.cap]", 'documents: [{ref: "report 7"}]')
    report = trace(read_string(text, toy), verified())
    assert report.blocking == ()
    assert report.controls[0].state is ControlState.EXTERNAL
    assert report.controls[0].external == ("report 7",)
    assert (report.rows[0].verdict, report.rows[0].evidence) == ("not provable here", ("report 7",))


def test_a_proof_with_a_document_is_verified_in_part(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """Where a proof covers only a part, the control does not count as verified."""
    text = risk.replace("verified_by: [limits.cap]", 'verified_by: [limits.cap], tests: [{ref: "test 7"}]')
    report = trace(read_string(text, toy), verified())
    assert report.controls[0].state is ControlState.PARTLY


def test_an_obligation_that_no_requirement_cites_is_remarked(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """A stated property that serves no control is a warning at its place in the specification."""
    report = trace(read_string(risk.replace(", properties.off_is_off]", "]"), toy), verified())
    found = [item for item in report.findings if item.code is Code.OBLIGATION_UNCITED]
    assert [(item.weight, item.location.file) for item in found] == [
        (Severity.NOTE, "risk.yaml"),
        (Severity.WARNING, "specification.yaml"),
    ]


def test_a_residual_risk_that_nobody_estimated_blocks(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """By severity alone a risk of unknown probability is judged at the highest probability."""
    text = risk.replace(
        '    residual: {level: remote, confidence: judgement, note: "made up for a test"}\n', ""
    )
    report = trace(read_string(text, toy), verified())
    assert [item.code for item in report.blocking] == [Code.RESIDUAL_UNKNOWN]
    assert report.outcome == "inconclusive"


def test_an_unacceptable_residual_risk_blocks_unless_the_benefit_outweighs_it(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """What the policy does not accept needs a benefit-risk argument."""
    grave = risk.replace("severity: {level: minor, confidence", "severity: {level: critical, confidence")
    grave = grave.replace("residual: {level: remote", "residual: {level: frequent")
    assert [item.code for item in trace(read_string(grave, toy), verified()).blocking] == [Code.RESIDUAL_RISK]
    argued = grave.replace("residual: {", 'residual: {benefit_risk: "nothing else helps", ')
    assert trace(read_string(argued, toy), verified()).blocking == ()


def test_a_residual_risk_to_be_reduced_is_a_warning(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """The middle of the policy asks for reduction, and does not block."""
    grave = risk.replace("severity: {level: minor, confidence", "severity: {level: critical, confidence")
    report = trace(read_string(grave, toy), verified())
    assert (Code.RESIDUAL_RISK, Severity.WARNING) in [(item.code, item.weight) for item in report.findings]
    assert report.blocking == ()


def test_without_a_risk_file_one_finding_blocks(
    toy: Specification, verified: Verified, tmp_path: Path
) -> None:
    """A device without a risk file passes no gate, and is not told so 52 times."""
    report = trace(read_folder(tmp_path / "hazards", toy), verified())
    assert [item.code for item in report.blocking] == [Code.NO_RISK_FILE]
    assert report.outcome == "failed"
    assert report.rows == ()


def test_the_report_is_the_same_every_time(toy: Specification, risk: str, verified: Verified) -> None:
    """The same input gives the same JSON, byte for byte, and it holds nothing but plain data."""
    one, two = (
        json.dumps(trace(read_string(risk, toy), verified(limits__cap=Verdict.UNKNOWN)).as_json())
        for _ in range(2)
    )
    assert one == two
    assert json.loads(one)["schema"] == "stimproof.trace/1"


def test_the_counts_add_up(toy: Specification, risk: str, verified: Verified) -> None:
    """Every hazard of the catalogue and every control is counted exactly once."""
    counts = dict(trace(read_string(risk, toy), verified()).counts)
    parts = ("catalogue addressed", "catalogue not applicable", "catalogue uncovered")
    assert counts["catalogue"] == sum(counts[part] for part in parts) == 52
    states = [number for name, number in counts.items() if name.startswith("controls ")]
    assert counts["controls"] == sum(states) == 2
