"""Parameters whose range is known and whose steps are not."""

import pytest

from stimproof.specs.reader import read_string
from stimproof.verify.results import Result, Setting, Verdict
from stimproof.verify.run import verify

DEVICE = """
stimproof: 1
device: {id: d, name: D, component: d}
sources: {manual: {title: a manual}}
parameters:
  amplitude: {range: [1 mA, 5 mA], step: unknown, default: 2 mA, source: manual, confidence: seen}
  cap: {range: [1 mA, 5 mA], step: 1 mA, source: manual, confidence: seen}
interlocks: {capped: {claim: amplitude <= cap, source: manual, confidence: seen}}
limits: {claimed: {claim: "CLAIM"}}
"""


def decided(claim: str) -> Result:
    """Return the result of the one claim."""
    (result,) = verify(read_string(DEVICE.replace("CLAIM", claim))).results
    return result


def test_an_end_of_the_range_is_programmable() -> None:
    """A claim that fails at an end of the range is refuted there, whatever the steps are."""
    shown = decided("amplitude <= 4 mA").counterexample
    assert isinstance(shown, Setting)
    assert ("amplitude", "1/200") in shown.exact


@pytest.mark.parametrize("claim", ["amplitude <= 2.5 mA or amplitude >= 3.5 mA", "amplitude != 4.7 mA"])
def test_a_value_between_may_not_be_programmable(claim: str) -> None:
    """A claim that fails only between the ends is neither proved nor refuted, and the reason says why."""
    result = decided(claim)
    assert result.verdict is Verdict.UNKNOWN
    assert "no source says which values of 'amplitude'" in result.reason


def test_a_proof_covers_every_value_between() -> None:
    """A claim that holds on the whole range is proved without knowing the steps."""
    assert decided("amplitude <= 5 mA").verdict is Verdict.PROVED


def test_an_interlock_may_settle_what_the_steps_do_not() -> None:
    """Where only an interlock excludes the doubtful values, the claim is proved under it."""
    result = decided("not (amplitude > 4 mA and amplitude < 5 mA and cap < 4 mA)")
    assert result.verdict is Verdict.PROVED
    assert any("capped" in line for line in result.assumptions)
