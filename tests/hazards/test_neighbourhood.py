"""One item looked at again, without the rest, against the trace of the whole."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stimproof.hazards.neighbourhood import neighbourhood
from stimproof.hazards.reader import read_folder
from stimproof.hazards.trace import trace
from stimproof.specs.errors import OperatorError
from stimproof.specs.reader import read_folder as read_specification

if TYPE_CHECKING:
    from stimproof.hazards.report import TraceReport
    from stimproof.hazards.risk_file import RiskFile

DEVICE = Path(str(resources.files("stimproof.specs") / "library")) / "opennerve-ipg"


@pytest.fixture(scope="module")
def device() -> RiskFile:
    """The risk file of a reference device."""
    return read_folder(DEVICE / "hazards", read_specification(DEVICE / "specs"))


@pytest.fixture(scope="module")
def traced(device: RiskFile) -> TraceReport:
    """Its whole trace."""
    return trace(device)


@pytest.mark.parametrize("section", ["controls", "causes", "situations", "harms", "hazards", "requirements"])
def test_a_look_at_an_item_says_what_the_whole_trace_says(
    device: RiskFile, traced: TraceReport, section: str
) -> None:
    """Its rows are exactly those of the whole for its situations, and no finding is new."""
    for name in [*getattr(device, section)][:4]:
        near = neighbourhood(device, [name])
        found = near.retrace()
        assert found.rows == tuple(row for row in traced.rows if row.situation in near.situations)
        assert set(found.findings) <= set(traced.findings)
        about = [
            item
            for item in traced.findings
            if item.location.path.removeprefix("situations.") in near.situations
        ]
        assert set(about) <= set(found.findings)


def test_a_control_stands_in_its_neighbourhood(device: RiskFile) -> None:
    """The rows of a control's neighbourhood hold the control, and only ways that touch it."""
    name = next(iter(device.controls))
    near = neighbourhood(device, [name])
    assert {row.control for row in near.retrace().rows} >= {name}
    assert 0 < len(near.situations) < len(device.situations)


def test_an_item_that_is_not_there_is_told(device: RiskFile) -> None:
    """A misspelt id ends in a message."""
    with pytest.raises(OperatorError, match="no entry 'nothing'"):
        neighbourhood(device, ["nothing"])
