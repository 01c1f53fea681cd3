from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stimproof.hazards.reader import read_folder, read_string
from stimproof.specs.errors import RiskFileError
from stimproof.specs.findings import Code

if TYPE_CHECKING:
    from pathlib import Path

    from stimproof.specs.specification import Specification

# What is replaced, by what, and the finding: its code, and the text that it stands at.
MALFORMED = {
    "bad YAML": ("  severities: {minor", "  severities: [minor", Code.YAML, None),
    "duplicate key": (
        "  stuck: {event",
        "  too_much: {event",
        Code.DUPLICATE_KEY,
        'too_much: {event: "the stop',
    ),
    "unknown key": ("justification:", "why:", Code.UNKNOWN_KEY, 'why: "stim'),
    "missing key": ("    stops: [too_much]\n", "", Code.MISSING_KEY, "bounded:"),
    "wrong kind": ("kind: protective measure", "kind: hope", Code.WRONG_VALUE, "hope"),
    "unknown cause": ("[too_much, stuck]", "[too_much, stick]", Code.UNKNOWN_NAME, "stick"),
    "unknown hazard": ("hazard: strong", "hazard: strung", Code.UNKNOWN_NAME, "strung"),
    "unknown situation": ("situations: [shocked]", "situations: [shock]", Code.UNKNOWN_NAME, "shock]"),
    "unknown target": ("stops: [stuck]", "stops: [stack]", Code.UNKNOWN_NAME, "stack]"),
    "unknown requirement": ("[R_stop]", "[R_halt]", Code.UNKNOWN_NAME, "R_halt]"),
    "unknown severity": ("level: minor", "level: mild", Code.UNKNOWN_NAME, "mild"),
    "unknown probability": ("residual: {level: remote", "residual: {level: rare", Code.UNKNOWN_NAME, "rare"),
    "unknown evidence": ("[RT01]", "[RT99]", Code.UNKNOWN_NAME, "RT99]"),
    "unknown obligation": ("[limits.cap]", "[limits.cup]", Code.UNKNOWN_OBLIGATION, "limits.cup"),
    "unknown source": ("source: review", "source: rumour", Code.UNKNOWN_SOURCE, "rumour"),
    "unknown catalogue id": ("catalogue: H01", "catalogue: H99", Code.UNKNOWN_NAME, "H99"),
    "missing source": (", source: review, confidence: seen}", "}", Code.MISSING_SOURCE, '{text: "lead'),
    "severity without ground": (
        "{level: critical, confidence: judgement}",
        "{level: critical}",
        Code.MISSING_SOURCE,
        "{level: critical}",
    ),
    "judgement without a note": (', note: "made up for a test"', "", Code.MISSING_SOURCE, "{level: remote"),
    "milder although worse": (
        "[reduce, unacceptable]",
        "[reduce, acceptable]",
        Code.RISK_MATRIX,
        "critical: [red",
    ),
    "cell missing": ("minor: [acceptable, reduce]", "minor: [acceptable]", Code.RISK_MATRIX, "minor: [acc"),
    "another device": ("device: toy", "device: tea", Code.WRONG_VALUE, "tea"),
    "one name for two": ("  bounded:\n", "  stuck:\n", Code.DUPLICATE_NAME, "stuck:\n"),
    "addressed and not applicable": ("catalogue: H10", "catalogue: H11", Code.DUPLICATE_NAME, "H11: {why"),
    "addressed twice": ("catalogue: H10", "catalogue: H01", Code.DUPLICATE_NAME, "H01}"),
    "stops what it raises": (
        "stops: [stuck]",
        "stops: [shocked]\n    raises: [shocked]",
        Code.WRONG_VALUE,
        "shocked]\n    requirements: [R_stop]",
    ),
    "source of the specification": (
        'review: {title: "A',
        'manual: {title: "A',
        Code.DUPLICATE_NAME,
        'manual: {title: "A',
    ),
}


def _position(text: str, part: str) -> tuple[int, int]:
    before = text[: text.index(part)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_risk_file_gives_a_finding_at_its_line_and_column(
    case: str, toy: Specification, risk: str
) -> None:
    """Each kind of malformed input is reported with its code, at the place where it stands."""
    old, new, code, part = MALFORMED[case]
    assert old in risk
    broken = risk.replace(old, new, 1)
    with pytest.raises(RiskFileError) as caught:
        read_string(broken, toy, "risk.yaml")
    found = [item for item in caught.value.findings if item.code is code]
    assert found, str(caught.value)
    if part is not None:
        places = [(item.location.line, item.location.column) for item in found]
        assert _position(broken, part) in places


def test_a_sound_risk_file_has_no_findings(toy: Specification, risk: str) -> None:
    """A risk file in which all fits together is read without a remark."""
    risk_file = read_string(risk, toy)
    assert risk_file.findings == ()
    assert risk_file.present
    assert risk_file.addressed == {"H01": "strong", "H10": "moved"}


def test_all_errors_of_a_file_are_reported_at_once(toy: Specification, risk: str) -> None:
    """One error never hides the others."""
    broken = (
        risk.replace("kind: protective measure", "kind: hope")
        .replace("[limits.cap]", "[limits.cup]")
        .replace("causes: [pull]", "causes: [pill]")
    )
    with pytest.raises(RiskFileError) as caught:
        read_string(broken, toy)
    codes = [item.code for item in caught.value.findings]
    assert codes == [Code.UNKNOWN_NAME, Code.WRONG_VALUE, Code.UNKNOWN_OBLIGATION]


def test_a_broken_head_is_reported_once(toy: Specification, risk: str) -> None:
    """What stands in for a broken head causes no further complaints."""
    with pytest.raises(RiskFileError) as caught:
        read_string(risk.replace("    minor: [acceptable, reduce]\n", "    minor: [fine, reduce]\n"), toy)
    assert [item.code for item in caught.value.findings] == [Code.WRONG_VALUE]


def test_near_names_are_offered(toy: Specification, risk: str) -> None:
    """An unknown obligation is answered with those that the author may have meant."""
    with pytest.raises(RiskFileError, match=r"did you mean limits\.cap"):
        read_string(risk.replace("[limits.cap]", "[limits.cup]"), toy)


def test_what_nothing_uses_is_a_warning(toy: Specification, risk: str) -> None:
    """A cause without a situation and evidence that nothing cites are remarked, and the file is read."""
    extra = risk.replace("  pull: {event", '  idle: {event: "nothing"}\n  pull: {event')
    extra = extra.replace("    p1: {evidence: [RT01]}\n", "")
    codes = [(item.code, item.location.path) for item in read_string(extra, toy).findings]
    assert codes == [(Code.UNUSED, "evidence.RT01"), (Code.UNUSED, "causes.idle")]


def test_uncertain_evidence_is_marked(toy: Specification, risk: str) -> None:
    """Evidence that is recalled or uncertain is noted as unverified."""
    risk_file = read_string(risk.replace("confidence: seen}", "confidence: uncertain}"), toy)
    assert [item.code for item in risk_file.findings] == [Code.UNVERIFIED]


def test_an_absent_folder_is_an_empty_risk_file(toy: Specification, tmp_path: Path) -> None:
    """Without a risk file a device can still be verified; that there is none is a finding."""
    risk_file = read_folder(tmp_path / "hazards", toy)
    assert not risk_file.present
    assert [item.code for item in risk_file.findings] == [Code.NO_RISK_FILE]
    assert risk_file.obligations


def test_a_folder_is_read_as_one_risk_file(toy: Specification, risk: str, tmp_path: Path) -> None:
    """Sections may be spread over files; findings name the right one."""
    head, requirements = risk.rsplit("\nrequirements:\n", 1)
    (tmp_path / "a.yaml").write_text(head, encoding="utf-8")
    (tmp_path / "b.yaml").write_text("requirements:\n" + requirements, encoding="utf-8")
    risk_file = read_folder(tmp_path, toy)
    assert risk_file.at("requirements", "R_cap").file.endswith("b.yaml")
    assert risk_file.at("requirements", "R_cap").line == 2


def test_every_broken_file_of_a_folder_is_reported(toy: Specification, tmp_path: Path) -> None:
    """Files that cannot be parsed are all named, as findings of the risk file."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("x: [1\n", encoding="utf-8")
    with pytest.raises(RiskFileError) as caught:
        read_folder(tmp_path, toy)
    assert [item.code for item in caught.value.findings] == [Code.YAML, Code.YAML]
