"""A table of small devices, each a file that says in its own comments what must come out.

A case is a specification under ``tests/corpus/VERDICT/``. Comments at its head say what is expected, one line
each; any other comment line explains the case:

    # expect: ID: VERDICT            the verdict of one obligation; at least one has the folder's verdict
    # expect: ID: VERDICT in N steps its trace has this length, and none is shorter
    # engine: ID: TEXT               the engine that decides it
    # reason: ID: TEXT               the reason contains the text
    # ledger: ID: TEXT               an entry of its assumption ledger contains the text
    # no ledger: ID[: TEXT]          none of its entries does (without a text: the ledger is empty)
    # setting: ID: TEXT              the violating setting contains the text
    # finding: CODE: TEXT            a finding of the verification with this code contains the text

Obligations that no line expects must be proved. A new case needs a new file and nothing else.

A case under ``corpus/invalid/`` is refused when it is read, with each finding that its comments expect.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus import CASES, INVALID, name, verified
from stimproof.specs.errors import SpecificationError
from stimproof.specs.reader import read_string
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.results import Result, Setting, Trace, Verdict, Verification

KEYS = ("expect", "engine", "reason", "ledger", "no ledger", "setting", "finding")
_LINE = re.compile(rf"# (?P<key>{'|'.join(KEYS)}): (?P<subject>[^:]+?)(?:: (?P<text>.*))?\Z")
_VERDICT = re.compile(r"(?P<verdict>[a-z_]+)(?: in (?P<steps>[0-9]+) steps?)?\Z")


@dataclass(frozen=True)
class Expectation:
    """One line of a case."""

    key: str
    subject: str
    text: str


def expectations(text: str) -> Iterator[Expectation]:
    """Yield what the comments at the head of a case expect."""
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        match = _LINE.match(line)
        if match:
            yield Expectation(match["key"], match["subject"], match["text"] or "")
        else:
            assert not line.startswith(tuple(f"# {key}" for key in KEYS)), f"unreadable: {line}"


def meets(found: Verification, wanted: Expectation) -> bool:
    """Return whether a verification is as one line expects."""
    if wanted.key == "finding":
        return any(
            item.code.slug == wanted.subject and wanted.text in item.message for item in found.findings
        )
    result = found.by_id()[wanted.subject]
    shown = result.counterexample or result.witness
    if wanted.key == "expect":
        return _verdict(result, wanted.text)
    if wanted.key == "setting":
        return isinstance(shown, Setting) and wanted.text in shown.explanation
    if wanted.key == "no ledger":
        return not any(wanted.text in entry for entry in result.assumptions)
    place = {"engine": [result.engine], "reason": [result.reason], "ledger": result.assumptions}[wanted.key]
    return any(wanted.text in entry for entry in place)


def _verdict(result: Result, text: str) -> bool:
    match = _VERDICT.match(text)
    assert match, f"unreadable expectation: {text}"
    shown = result.witness or result.counterexample
    length = match["steps"]
    fits = length is None or (isinstance(shown, Trace) and shown.length == int(length))
    return result.verdict is Verdict(match["verdict"]) and fits


@pytest.mark.parametrize("case", CASES, ids=name)
def test_case_comes_out_as_it_says(case: Path) -> None:
    """Each case's verdicts, shortest lengths, ledgers and findings are those in its comments."""
    found = verified(case)
    lines = list(expectations(case.read_text(encoding="utf-8")))
    for wanted in lines:
        received = [f"{item.obligation.id}: {item}" for item in found.results] + [str(found.findings)]
        assert meets(found, wanted), f"{wanted}\n" + "\n".join(received)
    named = {wanted.subject for wanted in lines if wanted.key == "expect"}
    silent = [item for item in found.results if item.obligation.id not in named]
    assert [item.obligation.id for item in silent if item.verdict is not Verdict.PROVED] == []
    assert Verdict(case.parent.name) in {found.by_id()[subject].verdict for subject in named}


@pytest.mark.parametrize("case", CASES, ids=name)
def test_evidence_of_a_case_is_enough_for_somebody_else(case: Path) -> None:
    """From the specification and the files alone every stated verdict of a case is shown again."""
    found = verified(case)
    stated = [result.as_json() for result in found.results]
    assert EvidenceCheck(found.specification, found.files).problems(stated) == []


@pytest.mark.parametrize("case", CASES, ids=name)
def test_findings_stay_quiet_unless_expected(case: Path) -> None:
    """A case in which nothing is vacuous has no finding that says so."""
    wanted = {
        line.subject for line in expectations(case.read_text(encoding="utf-8")) if line.key == "finding"
    }
    assert ("vacuous" in {item.code.slug for item in verified(case).findings}) == ("vacuous" in wanted)


@pytest.mark.parametrize("case", INVALID, ids=name)
def test_invalid_case_is_refused_with_the_findings_that_it_expects(case: Path) -> None:
    """A specification that means nothing is refused, and says what is wrong with it."""
    text = case.read_text(encoding="utf-8")
    with pytest.raises(SpecificationError) as refused:
        read_string(text, case.name)
    lines = list(expectations(text))
    assert lines
    for wanted in lines:
        assert wanted.key == "finding"
        assert any(
            found.code.slug == wanted.subject and wanted.text in found.message
            for found in refused.value.findings
        ), f"{wanted}\n{refused.value}"


def test_corpus_has_every_verdict() -> None:
    """Every folder is named by a verdict, and there are at least 80 cases."""
    assert {case.parent.name for case in CASES} == {"proved", "refuted", "unknown", "not_applicable"}
    assert len(CASES) + len(INVALID) >= 80
