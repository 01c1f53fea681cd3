"""Which findings a risk file explains: each by its own entry, or all of a code together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stimproof.hazards.reader import read_string
from stimproof.hazards.trace import trace
from stimproof.specs.errors import RiskFileError
from stimproof.specs.findings import Code

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification

HEAD = '  edition: "ISO 14971:2019"\n'


def _opened(risk: str, code: str) -> str:
    assert risk.count(HEAD) == 1
    return risk.replace(HEAD, HEAD + f"  open_findings: {{{code}: because of a test}}\n")


def test_a_code_explains_all_its_findings_and_no_other(toy: Specification, risk: str) -> None:
    """What stands under a code goes with each finding of the code, and leaves the others unexplained."""
    before = trace(read_string(risk, toy))
    after = trace(read_string(_opened(risk, "obligation-unknown"), toy))
    chosen = [item for item in after.findings if item.code is Code.OBLIGATION_UNKNOWN]
    assert chosen
    assert [after.explained.get(item) for item in chosen] == ["because of a test"] * len(chosen)
    assert len(after.unexplained) == len(before.unexplained) - len(chosen)
    assert after.outcome == before.outcome


def test_a_situation_that_nothing_controls_explains_itself(toy: Specification, risk: str) -> None:
    """Its explanation stands in the finding, which still blocks."""
    causes = "causes: [too_much, stuck]"
    assert risk.count(causes) == 1
    open_ = risk.replace(causes, causes + ", explanation: nobody has found a way yet")
    for name in ("too_much", "stuck"):
        open_ = open_.replace(f"stops: [{name}]", "stops: [revision]")
    report = trace(read_string(open_, toy))
    (found,) = (item for item in report.findings if item.code is Code.UNCONTROLLED)
    assert found.message.endswith("explained: nobody has found a way yet")
    assert report.explained[found] == "nobody has found a way yet"
    assert found in report.blocking


def test_json_tells_what_is_not_explained(toy: Specification, risk: str) -> None:
    """Each finding carries its explanation, or none, and the rest is counted."""
    data = trace(read_string(_opened(risk, "obligation-uncited"), toy)).as_json()
    told = [item["explained"] for item in data["findings"]]
    assert data["unexplained"] == told.count("")
    assert any(told)


def test_an_explanation_of_findings_that_do_not_exist_is_refused(toy: Specification, risk: str) -> None:
    """A misspelt code would explain nothing."""
    with pytest.raises(RiskFileError, match="obligation-uncited"):
        read_string(_opened(risk, "obligation-unsited"), toy)
