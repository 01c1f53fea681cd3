"""The risk file of the repaired copy: what a passing device needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stimproof.hazards.reader import read_folder
from stimproof.hazards.report import ControlState
from stimproof.hazards.trace import trace
from stimproof.specs.findings import Code
from stimproof.specs.reader import read_folder as read_specification
from stimproof.verify.results import Verdict, Verification

if TYPE_CHECKING:
    from collections.abc import Callable

    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.specification import Specification

    Verified = Callable[..., Verification]

FOLDER = Path(__file__).parents[1] / "fixtures" / "opennerve-repaired"


@pytest.fixture(scope="module")
def specification() -> Specification:
    """The repaired copy of the OpenNerve implant."""
    return read_specification(FOLDER / "specs")


@pytest.fixture(scope="module")
def repaired(specification: Specification) -> RiskFile:
    """Its risk file, with the gaps of the library's closed by stand-ins."""
    return read_folder(FOLDER / "hazards", specification)


def test_with_every_control_proved_the_repaired_copy_passes(
    specification: Specification, repaired: RiskFile, verified: Verified
) -> None:
    """A law that does not apply is no obstacle as long as no control rests on it."""
    report = trace(repaired, verified(specification, limits__pulse_shannon=Verdict.NOT_APPLICABLE))
    assert report.outcome == "passed", [item.text() for item in report.blocking]
    states = {item.state for item in report.controls}
    assert states == {ControlState.VERIFIED, ControlState.PARTLY, ControlState.EXTERNAL}


def test_with_nothing_proved_the_repaired_copy_is_inconclusive(repaired: RiskFile) -> None:
    """What lacks is answers alone: no gap of the risk file itself remains."""
    report = trace(repaired)
    assert report.outcome == "inconclusive"
    assert {item.code for item in report.blocking} == {Code.OBLIGATION_UNKNOWN}


def test_the_stand_ins_are_marked_as_such(repaired: RiskFile) -> None:
    """No test record or estimate of the fixture can be taken for a real one."""
    tests = [item.ref for entry in repaired.requirements.values() for item in entry.tests]
    assert tests
    assert all("stand-in" in ref for ref in tests)
    assert all("stand-in" in harm.residual.note for harm in repaired.harms.values())
