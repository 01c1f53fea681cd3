"""How commands try the risk controls of a project: each is removed from the model, and proved again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.cli.caching import cache_folder
from stimproof.cli.interrupts import Interrupts

if TYPE_CHECKING:
    from stimproof.cli.console import Screen
    from stimproof.hazards.report import TraceReport
    from stimproof.project import Project
    from stimproof.verify.ablation import Ablation
    from stimproof.verify.faulting import FaultAnalysis
    from stimproof.verify.results import Verification


def try_controls(
    screen: Screen, project: Project, verification: Verification, budget: int | None, jobs: int | None
) -> Ablation:
    """Return what removing each control shows, with progress on the terminal.

    What was found for an earlier version of the device is looked up in the cache, and checked again.
    """
    from stimproof.hazards.effectiveness import ablations
    from stimproof.verify.ablation import ablate

    planned = ablations(project.risk_file)
    kept = cache_folder(screen, project, None, off=not planned)
    with screen.progress("without each control:") as show, Interrupts() as interrupts:

        def progress(done: int, total: int, label: str) -> None:
            interrupts.check()
            show(done, total, label)

        return ablate(verification, planned, budget=budget, jobs=jobs, cache=kept, progress=progress)


def traced(
    screen: Screen,
    project: Project,
    verification: Verification,
    budget: int | None,
    jobs: int | None,
    *,
    with_faults: bool = False,
) -> tuple[TraceReport, Ablation, FaultAnalysis | None]:
    """Return the trace of a verified project, its controls tried, with the evidence of the trials.

    Where that is asked for, every declared fault is tried, too.
    """
    from stimproof.cli.failing import try_faults
    from stimproof.hazards.trace import trace

    ablation = try_controls(screen, project, verification, budget, jobs)
    faults = try_faults(screen, project, verification, budget, jobs) if with_faults else None
    told = faults.effects if faults is not None else ()
    return trace(project.risk_file, verification, ablation.effects, told), ablation, faults
