"""Whatever stands in an indications file, it is read or refused with findings; nothing else happens."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.indications.reader import read_string

LINES = """\
stimproof: 1
indications: {id: small, title: Small}
sources: {review: {title: A review}}
attributes:
  adult: {type: boolean, source: review, confidence: seen}
  trial: {type: enum, values: [not_done, failed], source: review, confidence: seen}
definitions: {tried: {when: trial == failed, source: review, confidence: seen}}
facts: {all: {when: adult or tried, source: review, confidence: seen}}
modalities: {scs: {title: Stimulation, source: review, confidence: seen}}
rules:
  pain: {modality: scs, kind: indicated, when: adult, source: review, confidence: seen}
  first:
    {modality: scs, kind: prerequisite, when: tried, over: [pain], why: so, source: review, confidence: seen}
disagreements: {phase: {title: T, modality: scs, for: pain, against: first}}
""".splitlines()
WORDS = sorted({word for line in LINES for word in line.replace("{", " ").replace("}", " ").split()})
ODD = (
    "[]",
    "{}",
    "null",
    "true",
    "1e999",
    "'",
    "*x",
    "&x 1",
    "- 1",
    "pi",
    "adult adult",
    "\u0000",
    "…",
    "tried",
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    """Words replaced, lines dropped and doubled: an exception other than the author's never comes out."""
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(("drop", "double", "replace")))
        if change == "replace":
            old, new = data.draw(st.sampled_from(WORDS)), data.draw(st.sampled_from((*ODD, *WORDS)))
            lines[number] = lines[number].replace(old, new)
        else:
            lines[number : number + 1] = [] if change == "drop" and len(lines) > 1 else [lines[number]] * 2
    assert all(finding.location.line >= 1 for finding in _findings("\n".join(lines)))


def _findings(text: str) -> tuple[Finding, ...]:
    try:
        return read_string(text).findings
    except SpecificationError as error:
        return error.findings or (Finding(Code.YAML, Location("no finding at all", 0)),)


def test_the_whole_file_can_be_read() -> None:
    """What is damaged above is sound before."""
    assert set(read_string("\n".join(LINES)).rules) == {"pain", "first"}


def test_a_precedence_over_itself_is_refused() -> None:
    """A rule cannot go before itself."""
    with pytest.raises(SpecificationError):
        read_string("\n".join(LINES).replace("over: [pain]", "over: [first]"))
