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


SHARED = """
stimproof: 1
device: {id: d, name: D, component: d}
sources: {manual: {title: a manual}}
parameters:
  amplitude: {range: [1 mA, 20 mA], step: unknown, source: manual, confidence: seen}
  left: {range: [0 %, 100 %], step: unknown, source: manual, confidence: seen}
  right: {range: [0 %, 100 %], step: unknown, DEFAULT source: manual, confidence: seen}
interlocks: {whole: {claim: left + right == 100 %, source: manual, confidence: seen}}
limits: {claimed: {claim: "amplitude * left <= 12 mA or amplitude * left >= 19 mA"}}
"""


def test_as_few_values_as_can_be_are_in_doubt() -> None:
    """Where some value between the ends is needed, all others stand at an end."""
    (result,) = verify(read_string(SHARED.replace("DEFAULT", ""))).results
    assert result.verdict is Verdict.UNKNOWN
    assert "at amplitude = 20 mA" in result.reason
    assert "which values of 'left' and 'right' between the ends" in result.reason


def test_a_default_inside_the_range_is_programmable() -> None:
    """A claim that fails where every value is an end or a default, and at no corner, is refuted there."""
    given = SHARED.replace("DEFAULT", "default: 20 %,").replace("left: {", "left: {default: 80 %, ")
    (result,) = verify(read_string(given)).results
    assert result.verdict is Verdict.REFUTED
    assert isinstance(result.counterexample, Setting)
    assert dict(result.counterexample.exact) == {"amplitude": "1/50", "left": "4/5", "right": "1/5"}
