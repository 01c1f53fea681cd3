import pytest

from stimproof.gate.judgement import Outcome, Subject, judge
from stimproof.specs.findings import Code, Finding, Location
from stimproof.status import Status
from stimproof.verify.results import Certificate, Verdict


def test_all_proved_and_traced_passes(verification, traced, result):
    """Only proofs with confirmed certificates and a complete trace pass the gate."""
    judgement = judge(verification(result("a", Verdict.PROVED)), traced())
    assert judgement.status is Status.PASSED
    assert judgement.line == "gate: PASSED: toy: 1 proved, 0 refused, 0 inconclusive (exit status 0)"


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (Verdict.REFUTED, Status.SAFETY_FINDING),
        (Verdict.UNKNOWN, Status.INCONCLUSIVE),
        (Verdict.ERROR, Status.INCONCLUSIVE),
        (Verdict.NOT_APPLICABLE, Status.PASSED),
    ],
)
def test_each_verdict_decides_the_status(verification, traced, result, verdict, status):
    """Refuted is a safety finding, unknown and error are inconclusive, not applicable is skipped."""
    results = (result("a", Verdict.PROVED), result("b", verdict))
    assert judge(verification(*results), traced()).status is status


def test_a_refutation_outweighs_everything_inconclusive(verification, traced, result):
    """Where something is refuted and something unknown, the status is that of the refutation."""
    results = (result("a", Verdict.UNKNOWN), result("b", Verdict.REFUTED), result("c", Verdict.ERROR))
    assert judge(verification(*results), traced()).status is Status.SAFETY_FINDING


def test_nothing_proved_never_passes(verification, traced, result):
    """A device about which nothing was proved does not pass, not even when nothing speaks against it."""
    assert judge(verification(), traced()).status is Status.INCONCLUSIVE
    skipped = result("a", Verdict.NOT_APPLICABLE)
    assert judge(verification(skipped), traced()).status is Status.INCONCLUSIVE


def test_a_proof_that_nobody_confirmed_is_inconclusive(verification, traced, result):
    """'Proved' without a certificate that a second solver confirmed is not believed."""
    alone = result("a", Verdict.PROVED, certificate=Certificate(("a.smt2",), ()))
    judgement = judge(verification(alone), traced())
    assert judgement.status is Status.INCONCLUSIVE
    assert "no second solver" in judgement.items[0].message


def test_a_replayed_witness_confirms_a_reachable_mode(verification, traced, result, run):
    """That a mode is reachable is confirmed by the run that reaches it."""
    reached = result("a", Verdict.PROVED, witness=run)
    assert judge(verification(reached), traced()).status is Status.PASSED


def test_a_gap_in_the_trace_is_a_safety_finding(verification, traced, result, gap):
    """A hazard that no control stops refuses the gate although everything is proved."""
    judgement = judge(verification(result("a", Verdict.PROVED)), traced(gap))
    assert judgement.status is Status.SAFETY_FINDING
    (item,) = judgement.of(Outcome.REFUSED)
    assert (item.subject, item.rule) == (Subject.HAZARD, "uncontrolled-situation")


def test_a_missing_answer_in_the_trace_is_inconclusive(verification, traced, result):
    """A residual risk that nobody has estimated leaves the gate inconclusive."""
    open_ = Finding(Code.RESIDUAL_UNKNOWN, Location("hazards/risk.yaml", 1, 1), "nobody says")
    assert judge(verification(result("a", Verdict.PROVED)), traced(open_)).status is Status.INCONCLUSIVE


def test_a_trace_without_verification_is_inconclusive(verification, traced, result):
    """A trace that saw no verdicts says nothing about the controls' effectiveness."""
    report = traced(verified=False)
    assert judge(verification(result("a", Verdict.PROVED)), report).status is Status.INCONCLUSIVE


def test_unverified_numbers_are_refused_on_demand(verification, traced, result):
    """With the option, an uncertain number leaves the gate inconclusive and is named with its place."""
    proved = verification(result("a", Verdict.PROVED))
    assert judge(proved, traced()).status is Status.PASSED
    judgement = judge(proved, traced(), refuse_unverified=True)
    assert judgement.status is Status.INCONCLUSIVE
    (item,) = judgement.of(Outcome.INCONCLUSIVE)
    assert (item.subject, item.id, item.location.line) == (Subject.NUMBER, "electrodes.contact.length", 10)
    assert item.message == "electrodes.contact.length = 1.5 mm is uncertain"
