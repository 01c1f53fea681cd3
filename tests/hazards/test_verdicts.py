"""Laws that hold for every combination of verdicts."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stimproof.hazards.report import ControlState
from stimproof.hazards.trace import trace
from stimproof.specs.findings import Code
from stimproof.verify.results import Verdict, Verification

if TYPE_CHECKING:
    from collections.abc import Callable

    from stimproof.hazards.risk_file import RiskFile

    Verified = Callable[..., Verification]

OBLIGATIONS = (
    "limits.cap",
    "properties.off_is_off",
    "properties.stops",
    "machines.ipg.determinism",
    "machines.ipg.modes.ON.reachable",
    "machines.timelock",
)
verdicts = st.dictionaries(
    st.sampled_from([name.replace(".", "__") for name in OBLIGATIONS]), st.sampled_from([*Verdict])
)
many = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@many
@given(given_verdicts=verdicts)
def test_a_control_is_verified_exactly_if_all_that_it_rests_on_is_proved(
    given_verdicts: dict[str, Verdict], whole: RiskFile, verified: Verified
) -> None:
    """No combination of other verdicts makes a control verified, and no proof is left unused."""
    for control in trace(whole, verified(**given_verdicts)).controls:
        titles = {verdict for _, verdict in control.obligations}
        assert (control.state is ControlState.VERIFIED) == (titles == {Verdict.PROVED.title})
        assert (control.state is ControlState.REFUTED) == (Verdict.REFUTED.title in titles)


def test_an_empty_claim_verifies_no_control(whole: RiskFile, verified: Verified) -> None:
    """A proof of what can never happen is no evidence: the control is open, and its finding says why."""
    proved = verified(**{name.replace(".", "__"): Verdict.PROVED for name in OBLIGATIONS})
    assert trace(whole, proved).outcome == "passed"
    name, why = "properties.stops", "what it is about can never happen"
    results = tuple(
        replace(item, vacuous=why) if item.obligation.id == name else item for item in proved.results
    )
    report = trace(whole, replace(proved, results=results))
    resting = [item for item in report.controls if name in dict(item.obligations)]
    assert resting
    assert {item.state for item in resting} == {ControlState.NOT_VERIFIED}
    assert report.outcome == "inconclusive"
    assert any(item.code is Code.OBLIGATION_UNKNOWN and why in item.message for item in report.findings)


@many
@given(given_verdicts=verdicts)
def test_the_trace_passes_exactly_if_every_control_is_verified(
    given_verdicts: dict[str, Verdict], whole: RiskFile, verified: Verified
) -> None:
    """In a whole risk file nothing blocks but a control that is not shown to work, and that always does."""
    report = trace(whole, verified(**given_verdicts))
    all_verified = all(item.state is ControlState.VERIFIED for item in report.controls)
    assert (report.outcome == "passed") == all_verified
    if any(item.state is ControlState.REFUTED for item in report.controls):
        assert report.outcome == "failed"


def test_reading_a_risk_file_does_not_load_the_graph_library() -> None:
    """Commands that only read a project do not pay for networkx."""
    code = "import sys, stimproof.hazards.reader; sys.exit('networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
