import pytest

from stimproof.gate.judgement import judge
from stimproof.gate.summary import escape, summary
from stimproof.verify.results import Verdict


def test_the_summary_starts_with_the_verdict_and_counts(verification, traced, result):
    """The first lines are the device and the verdict; a table counts each verdict."""
    text = summary(judge(verification(result("a", Verdict.PROVED)), traced()))
    lines = text.splitlines()
    assert lines[0] == r"# Toy \<stimulator\> \| one"
    assert lines[2].startswith("**gate: PASSED")
    assert "| proved | 1 |" in lines


def test_refused_items_are_told_with_their_counterexample(verification, traced, result, run, gap):
    """What is refused is listed by name and place, with how it happens."""
    refuted = result("b", Verdict.REFUTED, counterexample=run)
    text = summary(judge(verification(refuted), traced(gap)))
    assert "## Refused (2)" in text
    assert "- **b** (specs/device.yaml:20:3): b holds" in text
    assert "in 1 step: start with temp = 43 degC" in text
    assert "the output is on" in text


def test_text_of_the_specification_is_escaped(verification, traced, result):
    """A reason cannot smuggle markup, links or line breaks into the page."""
    nasty = result("a", Verdict.UNKNOWN, reason="<img src=x>\n# [click](http://x) `code` @someone")
    text = summary(judge(verification(nasty), traced()))
    assert r"\<img src=x\> # \[click\](http://x) \`code\` \@someone" in text


@pytest.mark.parametrize(
    ("text", "shown"), [("- a", r"\- a"), ("1. a", r"1\. a"), ("# a", r"\# a"), ("a-b 1.5", "a-b 1.5")]
)
def test_a_line_cannot_become_a_list_or_heading(text, shown):
    """Signs that mean something only at the start of a line are escaped there and nowhere else."""
    assert escape(text) == shown
