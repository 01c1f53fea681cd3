from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path

import pytest

from stimproof.hazards.effectiveness import ablations, judged
from stimproof.hazards.reader import read_folder
from stimproof.hazards.report import TraceReport
from stimproof.hazards.risk_file import RiskFile
from stimproof.hazards.trace import trace
from stimproof.project import load
from stimproof.specs.findings import Code, Finding, Severity
from stimproof.specs.reader import read_folder as read_specification
from stimproof.verify.ablation import Ablation, ablate
from stimproof.verify.effects import Effect
from stimproof.verify.removing import NotRemovableError, without
from stimproof.verify.run import verify

LIBRARY = Path(str(resources.files("stimproof.specs") / "library"))
DEVICES = tuple(sorted(path.parent.name for path in LIBRARY.glob("*/specs")))
DESCRIBED = ("drg-axium", "opennerve-ipg")
"""Those that documents describe; the others are reference designs."""
# Stated in the specification to show that a law says nothing about the device; no control can rest on it.
UNCITED = {"drg-axium": {"limits.shannon_as_measured"}, "opennerve-ipg": set()}


GUARDS_NOTHING = {
    "drg-axium": "machines.stimulator.transitions.magnet_off",
    "pns": "machines.implant.modes.RAMP.stay",
}
"""For devices whose largest charge of a pulse is proved, a part of the machine, which does not bound it."""


def _copy(sources: Mapping[str, str], folder: Path) -> None:
    """Write the files of a project, and of what it extends, into another folder."""
    for name, text in sources.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


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
        Code.UNCOVERED_HAZARD,
    }


@pytest.mark.parametrize("device", DESCRIBED)
def test_every_stated_obligation_serves_a_control(device: str) -> None:
    """Each limit and property of a described device shows that some control works."""
    library_risk_file = read_folder(
        LIBRARY / device / "hazards", read_specification(LIBRARY / device / "specs")
    )
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
    assert all(item.sources for item in library_risk_file.evidence.values())
    if library_risk_file.device != "tens":  # nothing is implanted, and no rate of such devices was read
        assert "RT08" in library_risk_file.evidence


def test_hazards_that_software_cannot_control_say_who_does(library_risk_file: RiskFile) -> None:
    """Migration, infection and the like keep their published rates and name the control outside."""
    addressed = library_risk_file.addressed
    for catalogued in ("H10", "H13", "H44", "H45", "H19", "H21"):
        hazard = addressed.get(catalogued)
        found = [item for item in library_risk_file.situations.values() if hazard in item.hazards]
        assert bool(found) != (catalogued in library_risk_file.not_applicable)
        assert not found or any(item.elsewhere is not None for item in found)


def test_the_risk_file_reads_without_a_warning(library_risk_file: RiskFile) -> None:
    """Nothing is declared in vain; only unverified grounds are noted."""
    weights = {item.weight for item in library_risk_file.findings}
    assert weights <= {Severity.NOTE}


@pytest.mark.parametrize("device", DESCRIBED)
def test_what_nobody_describes_is_reported_as_a_gap(device: str) -> None:
    """Where no published page shows a control, the trace says so instead of inventing one."""
    report = trace(read_folder(LIBRARY / device / "hazards", read_specification(LIBRARY / device / "specs")))
    assert report.outcome == "failed"
    assert any(item.code is Code.UNCONTROLLED for item in report.blocking)


def test_each_control_of_the_software_can_be_tried(library_risk_file: RiskFile) -> None:
    """Every element that a control names can be removed, but for those whose control says why not."""
    specification = library_risk_file.specification
    assert specification is not None
    for planned in ablations(library_risk_file):
        control = library_risk_file.controls[planned.control]
        try:
            without(specification, planned.elements)
        except NotRemovableError:
            assert control.explanation


def test_a_control_of_the_software_names_its_elements_or_says_why_it_has_none(
    library_risk_file: RiskFile,
) -> None:
    """Each control of the software can be tried; one that nothing implements says what a maker would do."""
    planned = {trial.control for trial in ablations(library_risk_file)}
    for name, control in library_risk_file.controls.items():
        if control.means == "software":
            assert name in planned
            assert bool(control.elements) != bool(control.elements_none)
            assert control.elements or control.explanation, name


def test_what_only_informs_is_no_software(library_risk_file: RiskFile) -> None:
    """A control that consists in the words of a manual says so; what shows no effect has an explanation."""
    for name, control in library_risk_file.controls.items():
        if control.kind == "information for safety":
            assert control.means in ("labelling", "training"), name
            assert control.elements or control.explanation, name


@pytest.mark.parametrize("device", GUARDS_NOTHING)
def test_a_planted_control_that_guards_nothing_is_redundant(device: str, tmp_path: Path) -> None:
    """A control whose elements have nothing to do with its claim comes out redundant, which blocks."""
    given, claim = load(device), "limits.largest_pulse_charge"
    _copy(given.sources, tmp_path)
    cause = next(iter(given.risk_file.causes))
    (tmp_path / "hazards" / "planted.yaml").write_text(
        "stimproof: 1\ncontrols:\n  planted:\n    control: a guard that looks good\n"
        f"    kind: inherent safety by design\n    stops: [{cause}]\n"
        f"    elements: [{GUARDS_NOTHING[device]}]\n    implementation: {{obligations: [{claim}]}}\n",
        encoding="utf-8",
    )
    copy = load(tmp_path)
    verification = verify(copy.specification, only=[claim])
    tried = ablate(verification, [item for item in ablations(copy.risk_file) if item.control == "planted"])
    assert [(item.effect, item.reason) for item in tried.effects] == [(Effect.REDUNDANT, "")]
    report = trace(copy.risk_file, verification, tried.effects)
    (found,) = (item for item in report.findings if item.code is Code.CONTROL_REDUNDANT)
    assert "planted" in found.message
    assert found.weight is Severity.ERROR


@pytest.fixture(scope="module")
def tried(library_risk_file: RiskFile) -> tuple[TraceReport, Ablation]:
    """The trace of one reference device with everything proved and every control tried."""
    verification = verify(library_risk_file.specification, jobs=2)
    ablation = ablate(verification, ablations(library_risk_file), jobs=2)
    return trace(library_risk_file, verification, ablation.effects), ablation


@pytest.mark.slow
def test_every_control_of_the_software_has_its_result(
    library_risk_file: RiskFile, tried: tuple[TraceReport, Ablation]
) -> None:
    """Each was tried against all that it serves; one that is not effective says why it is kept."""
    report, ablation = tried
    effects = {item.control: item.effect for item in report.controls}
    told = {effect.value for effect in Effect}
    for planned in ablations(library_risk_file):
        assert tuple(item.obligation for item in ablation.of(planned.control)) == planned.obligations
        effect, why = judged(planned, ablation.effects)
        assert effects[planned.control] == effect.value
        explained = library_risk_file.controls[planned.control].explanation
        assert effect is Effect.EFFECTIVE or explained, f"{planned.control} is {effect.value}: {why}"
    for name, control in library_risk_file.controls.items():
        assert effects[name] in told or control.means != "software", name


@pytest.mark.slow
def test_every_open_finding_is_explained(tried: tuple[TraceReport, Ablation]) -> None:
    """With everything proved and every control tried, the file says of each finding why it stays open."""
    report, _ = tried
    assert [item.text() for item in report.unexplained] == []


def test_what_stays_open_without_any_proof_is_explained(library_risk_file: RiskFile) -> None:
    """Before anything is proved, only the trials are missing; all other findings are explained."""
    codes = {item.code for item in trace(library_risk_file).unexplained}
    assert codes <= {Code.ABLATION_UNKNOWN}


@pytest.mark.parametrize("device", ["pns", "scs-burst"])
def test_the_order_of_findings_does_not_depend_on_where_a_project_lies(device: str, tmp_path: Path) -> None:
    """A copy that carries the devices that it extends gives the same findings in the same order."""
    given = load(device)
    _copy(given.sources, tmp_path)
    copy = load(tmp_path)

    def told(found: Iterable[Finding]) -> list[tuple[object, ...]]:
        return [
            (item.code, Path(item.location.file).name, item.location.line, item.message) for item in found
        ]

    assert told(trace(copy.risk_file).findings) == told(trace(given.risk_file).findings)
    assert told(copy.findings) == told(given.findings)
