"""Commands about the dossier: ``dossier`` builds it, ``audit`` checks one that somebody handed over."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stimproof.cli.ablating import traced
from stimproof.cli.app import AsJson, Budget, Command, Jobs, ProjectName, app
from stimproof.cli.console import Screen
from stimproof.cli.proving import TryFaults, prove, show_brief, tally
from stimproof.project import load
from stimproof.specs.errors import OperatorError
from stimproof.status import Status
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from stimproof.hazards.report import TraceReport
    from stimproof.project import Project
    from stimproof.verify.ablation import Ablation
    from stimproof.verify.faulting import FaultAnalysis
    from stimproof.verify.results import Verification


@app.command(cls=Command)
def dossier(
    project: ProjectName,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="Where the dossier goes.")],
    faults: TryFaults = False,
    budget: Budget = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """Write the dossier: pages to read, evidence to audit.

    Everything is proved and traced first.

    \b
    Example:
      stimproof dossier drg-axium -o dossier

    Exit status: 0 when the dossier was written, whatever it says; 'stimproof gate' is the command that
    judges.
    """
    from stimproof.dossier.manifest import is_dossier
    from stimproof.files import check_folder_target

    screen = Screen(as_json=as_json)
    loaded = load(project)
    check_folder_target(output, is_dossier)
    verification = prove(screen, loaded.specification, budget=budget, jobs=jobs)
    report, ablation, tried = traced(screen, loaded, verification, budget, jobs, with_faults=faults)
    page = build(screen, loaded, verification, report, ablation, output, tried)
    screen.json(
        {
            "schema": "stimproof.dossier-built/1",
            "page": str(page),
            "summary": {verdict.value: verification.count(verdict) for verdict in Verdict},
            "refuted": [
                item.obligation.id for item in verification.results if item.verdict is Verdict.REFUTED
            ],
        }
    )
    show_outcome(screen, verification)
    screen.say(f"open {page}", "heading")


def build(
    screen: Screen,
    project: Project,
    verification: Verification,
    report: TraceReport,
    ablation: Ablation,
    output: Path,
    faults: FaultAnalysis | None = None,
) -> Path:
    """Build the dossier of a verified and traced project and return the page to open."""
    from stimproof.dossier.build import build as build_dossier
    from stimproof.dossier.inputs import DossierInputs

    inputs = DossierInputs(
        project.specification,
        verification,
        project.risk_file,
        report,
        project.sources,
        project.indications,
        ablation,
        faults,
    )
    with screen.progress("dossier:") as progress:
        return build_dossier(inputs, output, progress)


def show_outcome(screen: Screen, verification: Verification) -> None:
    """Print what was proved, and by name what was not."""
    device = verification.specification.device
    screen.say(f"{device.name} ({device.id})", "heading")
    for verdict in (Verdict.REFUTED, Verdict.ERROR, Verdict.UNKNOWN):
        for item in verification.results:
            if item.verdict is verdict:
                show_brief(screen, item)
    screen.say(tally(verification), "heading")


@app.command(cls=Command)
def audit(
    folder: Annotated[Path, typer.Argument(metavar="DOSSIER", help="The folder that 'dossier -o' wrote.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Check a dossier again, trusting nobody.

    Works offline. The hashes of its manifest are compared, the obligations are derived anew from the packed
    specification, every SMT-LIB script is run with an independent solver, every trace is replayed.

    \b
    Example:
      stimproof audit ./dossier

    Exit status: 0 confirmed, 1 something in the dossier does not hold, 2 this is no dossier.
    """
    from stimproof.audit import audit as run

    screen = Screen(as_json=as_json)
    if not folder.is_dir():
        raise OperatorError(f"'{folder}' is no folder; give the folder that 'stimproof dossier -o' wrote")
    with screen.working("audit") as tell:
        report = run(folder, tell)
    screen.json(report.as_json())
    rows = [("yes" if item.ok else "NO", str(item.asked), item.question) for item in report.checks]
    screen.table(("OK", "ITEMS", "QUESTION"), rows)
    for finding in report.findings:
        screen.say(finding, "refuted")
    count = len(report.findings)
    verdict = "confirmed" if report.ok else f"NOT confirmed: {count} finding{'' if count == 1 else 's'}"
    screen.say(f"audit: {verdict}", "passed" if report.ok else "refuted")
    raise typer.Exit(Status.PASSED if report.ok else Status.SAFETY_FINDING)
