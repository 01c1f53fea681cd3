from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from stimproof.hazards.reader import read_folder
from stimproof.hazards.risk_file import RiskFile
from stimproof.hazards.trace import trace
from stimproof.specs.findings import Code, Severity
from stimproof.specs.reader import read_folder as read_specification

LIBRARY = Path(str(resources.files("stimproof.specs") / "library"))
DEVICES = ("drg-axium", "opennerve-ipg")
# Stated in the specification to show that a law says nothing about the device; no control can rest on it.
UNCITED = {"drg-axium": {"limits.shannon_as_measured"}, "opennerve-ipg": set()}


@pytest.fixture(scope="module", params=DEVICES)
def library_risk_file(request: pytest.FixtureRequest) -> RiskFile:
    """The risk file of one reference device."""
    folder = LIBRARY / str(request.param)
    return read_folder(folder / "hazards", read_specification(folder / "specs"))


def test_every_hazard_of_the_catalogue_is_addressed_or_justified(library_risk_file: RiskFile) -> None:
    """No hazard of the catalogue is passed over in silence."""
    report = trace(library_risk_file)
    assert {item.disposition for item in report.coverage} == {"addressed", "not applicable"}
    assert all(item.by for item in report.coverage)


def test_every_hazard_leads_to_a_harm(library_risk_file: RiskFile) -> None:
    """Each addressed hazard has a situation, each situation a harm: no row of the matrix ends before it."""
    report = trace(library_risk_file)
    assert all(row.situation and row.harm and row.severity for row in report.rows)
    codes = {item.code for item in report.findings}
    assert not codes & {
        Code.UNTRACED_HAZARD,
        Code.UNTRACED_SITUATION,
        Code.ORPHAN_REQUIREMENT,
        Code.NO_JUSTIFICATION,
        Code.CONTROL_NOT_VERIFIED,
    }


def test_every_stated_obligation_serves_a_control(library_risk_file: RiskFile) -> None:
    """Each limit and property of the specification shows that some control works."""
    cited = {item for entry in library_risk_file.requirements.values() for item in entry.verified_by}
    stated = {
        item.id for item in library_risk_file.obligations if item.id.startswith(("limits.", "properties."))
    }
    assert stated - cited == UNCITED[library_risk_file.device]


def test_severities_are_judgement_and_probabilities_are_not_invented(library_risk_file: RiskFile) -> None:
    """Nobody has measured how severe or how probable these harms are, and the file does not pretend it."""
    for harm in library_risk_file.harms.values():
        assert harm.severity.confidence == "judgement"
        assert harm.probability.known is harm.residual.known is harm.p2.known is None
    assert all(item.p1.known is None for item in library_risk_file.situations.values())


def test_published_rates_carry_what_limits_them(library_risk_file: RiskFile) -> None:
    """Each published rate has a source and says why it is no estimate for this device."""
    assert {"RT01", "RT02", "RT03", "RT04", "RT05", "RT08"} <= library_risk_file.evidence.keys()
    assert all(item.caution and item.sources for item in library_risk_file.evidence.values())


def test_hazards_that_software_cannot_control_say_who_does(library_risk_file: RiskFile) -> None:
    """Migration, infection and the like keep their published rates and name the control outside."""
    addressed = library_risk_file.addressed
    for catalogued in ("H10", "H13", "H44", "H45"):
        hazard = addressed[catalogued]
        found = [item for item in library_risk_file.situations.values() if hazard in item.hazards]
        assert all(item.elsewhere is not None and item.p1.evidence for item in found)


def test_the_risk_file_reads_without_a_warning(library_risk_file: RiskFile) -> None:
    """Nothing is declared in vain; only unverified grounds are noted."""
    weights = {item.weight for item in library_risk_file.findings}
    assert weights <= {Severity.NOTE}


def test_what_nobody_describes_is_reported_as_a_gap(library_risk_file: RiskFile) -> None:
    """Where no published page shows a control, the trace says so instead of inventing one."""
    report = trace(library_risk_file)
    assert report.outcome == "failed"
    assert any(item.code is Code.UNCONTROLLED for item in report.blocking)
