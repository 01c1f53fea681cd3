"""Deliberately broken copies of one sound risk file, described in ``broken/*.yaml``."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stimproof.hazards.effectiveness import ablations
from stimproof.hazards.reader import read_string
from stimproof.hazards.trace import trace
from stimproof.specs.errors import RiskFileError
from stimproof.specs.findings import Finding, Severity
from stimproof.specs.reading import read_text
from stimproof.verify.effects import AblationResult, Effect
from stimproof.verify.results import Verdict, Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stimproof.specs.specification import Specification

    Verified = Callable[..., Verification]

FOLDER = Path(__file__).parent / "broken"
CASES = sorted(path for path in FOLDER.glob("*.yaml") if path.name != "base.yaml")
APPLIES = (1, 10, 12)


def sound() -> str:
    """The sound risk file: every hazard of the catalogue that it does not address does not apply."""
    rest = (number for number in range(1, 53) if number not in APPLIES)
    text = (FOLDER / "base.yaml").read_text(encoding="utf-8")
    return text + "".join(f'  H{number:02}: {{why: "not part of this test"}}\n' for number in rest)


def findings(
    text: str, toy: Specification, verified: Verified, case: Mapping[str, Any]
) -> tuple[Finding, ...]:
    """What reading and tracing say, with the case's verdicts and effects."""
    try:
        risk_file = read_string(text, toy)
    except RiskFileError as error:
        return error.findings
    verdicts = {name.replace(".", "__"): Verdict(item) for name, item in case.get("verdicts", {}).items()}
    given = case.get("ablation", {})
    effects = tuple(
        AblationResult(planned.control, claim, Effect(effect), planned.elements, toy.sha256)
        for planned in ablations(risk_file)
        for claim, effect in given.get(
            planned.control, dict.fromkeys(planned.obligations, "effective")
        ).items()
    )
    report = trace(risk_file, verified(**verdicts), effects)
    return (*risk_file.findings, *report.findings)


@pytest.fixture(scope="module")
def untouched(toy: Specification, verified: Verified) -> tuple[Finding, ...]:
    """What the sound file's reading and trace say."""
    return findings(sound(), toy, verified, {})


def test_the_sound_risk_file_has_no_defect(untouched: tuple[Finding, ...]) -> None:
    """Without a defect there is neither an error nor a warning: what a case finds comes from its change."""
    assert {item.weight for item in untouched} == {Severity.NOTE}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_defect_gives_its_finding_at_its_place(
    path: Path, toy: Specification, verified: Verified, untouched: tuple[Finding, ...]
) -> None:
    """One defect gives exactly one new finding: its code, and the line and column that it is about."""
    case = read_text(path.read_text(encoding="utf-8"), path.name).data
    text = sound()
    for old, new in case.get("replace", []):
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the sound file"
        text = text.replace(old, new)
    text += case.get("append", "")
    before = Counter(_key(item) for item in untouched)
    new_ones = [item for item in findings(text, toy, verified, case) if not _known(item, before)]
    assert [item.code.slug for item in new_ones] == [case["finds"]], [item.text() for item in new_ones]
    place = new_ones[0].location
    assert place.path == case["path"]
    assert text.splitlines()[place.line - 1][place.column - 1 :].startswith(case["at"])


def _key(finding: Finding) -> Finding:
    """Return a finding without its line, which moves when something is added above it."""
    return replace(finding, location=replace(finding.location, line=0, column=0, path=""))


def _known(finding: Finding, before: Counter[Finding]) -> bool:
    key = _key(finding)
    if before[key] > 0:
        before[key] -= 1
        return True
    return False


def test_there_are_enough_cases() -> None:
    """The corpus covers every analysis of the risk file."""
    assert len(CASES) >= 25
