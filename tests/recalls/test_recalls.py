"""The recall corpus: every published fault is found, every corrected design is proved.

A case is ``docs/examples/recalls/ID-NAME/{fault,corrected}``, two projects that anybody can verify. Comments
at the head of each specification say what must come out: ``# expect: OBLIGATION: VERDICT[ in N steps]``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from stimproof.specs.reader import read_folder
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.results import Setting, Trace, Verdict, Verification
from stimproof.verify.run import verify

ROOT = Path(__file__).parents[2] / "docs" / "examples" / "recalls"
CASES = sorted(path for path in ROOT.iterdir() if path.is_dir())
SIDES = [case / side for case in CASES for side in ("fault", "corrected")]
_EXPECT = re.compile(
    r"# expect: (?P<id>\S+): (?P<verdict>proved|refuted)(?: in (?P<steps>[0-9]+) steps?)?$", re.M
)


def name(project: Path) -> str:
    """The case and its side."""
    return "/".join(project.parts[-2:])


def expected(project: Path) -> dict[str, tuple[Verdict, int | None]]:
    """What the comments at the head of a specification say."""
    text = (project / "specs" / "device.yaml").read_text(encoding="utf-8")
    assert text.count("# expect:") == len(_EXPECT.findall(text))
    return {
        match["id"]: (Verdict(match["verdict"]), int(match["steps"]) if match["steps"] else None)
        for match in _EXPECT.finditer(text)
    }


@cache
def verified(project: Path) -> Verification:
    """The verification of one side of a case."""
    return verify(read_folder(project / "specs"))


@pytest.mark.parametrize("project", SIDES, ids=name)
def test_a_fault_is_found_and_its_correction_is_proved(project: Path) -> None:
    """Each side comes out as it says: the fault with a replayed run of that length, the rest proved."""
    wanted, found = expected(project), verified(project).by_id()
    assert any(verdict is Verdict.REFUTED for verdict, _ in wanted.values()) == (project.name == "fault")
    for obligation, result in found.items():
        verdict, steps = wanted.get(obligation, (Verdict.PROVED, None))
        assert result.verdict is verdict, f"{obligation}: {result.reason}"
        if verdict is Verdict.REFUTED:
            shown = result.counterexample
            assert isinstance(shown, Trace | Setting)
            assert shown.replayed
            assert steps == (shown.length if isinstance(shown, Trace) else None)
    assert set(wanted) <= set(found)


@pytest.mark.parametrize("project", SIDES, ids=name)
def test_nothing_is_proved_of_what_never_happens(project: Path) -> None:
    """No proof of the corpus is vacuous, and no assumption in it is left undischarged."""
    report = verified(project)
    assert [result.obligation.id for result in report.results if result.vacuous] == []
    assert {item.code.slug for item in report.findings} & {"vacuous", "undischarged-assumption"} == set()


@pytest.mark.parametrize("project", SIDES, ids=name)
def test_the_evidence_is_enough_for_somebody_else(project: Path) -> None:
    """From the specification and the written evidence alone every verdict is shown again."""
    found = verified(project)
    stated = [result.as_json() for result in found.results]
    assert EvidenceCheck(found.specification, found.files).problems(stated) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_sides_ask_the_same(case: Path) -> None:
    """What the fault violates is asked of the corrected design by the same name, and both cite one source."""
    sides = [read_folder(case / side / "specs") for side in ("fault", "corrected")]
    asked = [{*side.properties, *side.limits} for side in sides]
    assert asked[0] == asked[1]
    assert sides[0].sources == sides[1].sources
    described = sides[0].device.description
    assert "Modelled:" in described
    assert "Not modelled:" in described


def test_every_recall_is_a_case_or_has_a_reason() -> None:
    """The corpus' list names each case, and says of each recall that is no case why not."""
    text = (ROOT / "README.rst").read_text(encoding="utf-8")
    for case in CASES:
        assert case.name in text
    for number in range(1, 13):
        assert f"R{number:02}" in text
