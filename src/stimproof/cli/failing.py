"""The command ``faults``: with each declared fault present, the claims are proved again."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stimproof.cli.app import AsJson, Budget, Command, Jobs, ProjectName, app
from stimproof.cli.caching import CacheFolder, NoCache, cache_folder
from stimproof.cli.console import Screen
from stimproof.cli.inputs import plural
from stimproof.cli.interrupts import Interrupts
from stimproof.cli.proving import check_ids, prove
from stimproof.project import load
from stimproof.specs.errors import OperatorError
from stimproof.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stimproof.hazards.failing import FaultStatus
    from stimproof.project import Project
    from stimproof.verify.fault_effects import FaultTrial
    from stimproof.verify.faulting import FaultAnalysis
    from stimproof.verify.results import Verification

_LISTED = 4
"""How many tolerated claims are named one by one; with ``--json`` all of them are."""
_STYLES = {"tolerated": "proved", "broken": "refuted", "broken anyway": "refuted", "unknown": "unknown"}


def try_faults(
    screen: Screen,
    project: Project,
    verification: Verification,
    budget: int | None,
    jobs: int | None,
    *,
    trials: Sequence[FaultTrial] | None = None,
    cache: Path | None = None,
) -> FaultAnalysis:
    """Return what each declared fault does, with progress on the terminal."""
    from stimproof.hazards import failing
    from stimproof.verify.faulting import analyse

    planned = failing.trials(project.risk_file) if trials is None else trials
    kept = cache if trials is not None else cache_folder(screen, project, None, off=not planned)
    with screen.progress("with each fault:") as show, Interrupts() as interrupts:

        def progress(done: int, total: int, label: str) -> None:
            interrupts.check()
            show(done, total, label)

        return analyse(verification, planned, budget=budget, jobs=jobs, cache=kept, progress=progress)


OnlyFaults = Annotated[
    list[str] | None, typer.Option("--only", metavar="FAULT", help="Only this declared fault; repeatable.")
]
Asked = Annotated[
    list[str] | None,
    typer.Option(
        "--property",
        metavar="ID",
        help="Ask about this obligation, or all under a name, in place of those that the risk file "
        "cites against the fault; repeatable.",
    ),
]
FaultsFolder = Annotated[
    Path | None,
    typer.Option(
        "-o", "--output", metavar="DIR", help="Write faults.json there, with certificates and runs."
    ),
]


@app.command(cls=Command)
def faults(
    project: ProjectName,
    *,
    only: OnlyFaults = None,
    properties: Asked = None,
    output: FaultsFolder = None,
    budget: Budget = None,
    jobs: Jobs = None,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Prove again with each declared fault present, one at a time.

    A claim that still holds is tolerated; one that breaks comes with the run that shows how. A fault that a
    cause of the risk file names is asked about the claims of the controls against that cause, any other
    about every property.

    \b
    Example:
      stimproof faults scs-tonic
      stimproof faults scs-tonic --only memory_flips -o faults

    Exit status: 0 every claim is tolerated, 1 some break, 3 some have no answer.
    """
    from stimproof.files import check_folder_target, write_folder
    from stimproof.hazards import failing

    screen = Screen(as_json=as_json)
    loaded = load(project)
    trials = _planned(loaded, only or (), properties or ())
    if output is not None:
        check_folder_target(output, holds_faults)
    kept = cache_folder(screen, loaded, cache, off=no_cache)
    verification = prove(screen, loaded.specification, only=_needed(loaded, trials), budget=budget, jobs=jobs)
    analysis = try_faults(screen, loaded, verification, budget, jobs, trials=trials, cache=kept)
    if output is not None:
        write_folder(output, analysis.evidence, holds_faults)
    found = failing.statuses(loaded.risk_file, analysis.effects)
    screen.json({**analysis.as_json(), "faults": [item.as_json() for item in found]})
    show_faults(screen, found)
    if output is not None:
        screen.say(f"written: {output}")
    raise typer.Exit(_status(found))


def _planned(loaded: Project, only: Sequence[str], properties: Sequence[str]) -> tuple[FaultTrial, ...]:
    """Return what is tried.

    Raises:
        OperatorError: there is no such fault or obligation, or nothing to try.
    """
    from stimproof.hazards import failing

    known = loaded.specification.faults
    lost = next((name for name in only if name not in known), None)
    if lost is not None:
        told = f"it has {', '.join(known)}" if known else "it declares none"
        raise OperatorError(f"the specification has no fault '{lost}'; {told}")
    claims = check_ids(loaded.specification, properties)
    planned = [item for item in failing.trials(loaded.risk_file) if not only or item.fault in only]
    asked = tuple(replace(item, obligations=claims) if claims else item for item in planned)
    if not any(item.obligations for item in asked):
        raise OperatorError(
            "the specification declares no fault" if not known else "there is no claim to ask about"
        )
    return asked


def _needed(loaded: Project, trials: Sequence[FaultTrial]) -> list[str]:
    """Return the obligations that are verified without any fault: those asked about, and their supports."""
    asked = dict.fromkeys(name for trial in trials for name in trial.obligations)
    supports = loaded.risk_file.supports
    return [*dict.fromkeys((*asked, *(support for name in asked for support in supports.get(name, ()))))]


def show_faults(screen: Screen, found: Sequence[FaultStatus]) -> None:
    """Print what each fault does to each claim, and which controls stand against it."""
    from stimproof.verify.fault_effects import FaultEffect

    for item in found:
        screen.say(f"{item.fault}: {item.sentence}", "heading")
        for name, effect, told in _in_short(item.claims):
            screen.say(f"    {effect}: {name}{f' ({told})' if told else ''}", _STYLES[effect])
        for title, names in (("causes", item.causes), ("standing", item.standing), ("fallen", item.fallen)):
            if names:
                screen.say(f"    {title}: {', '.join(names)}")
    claims = [effect for item in found for _, effect, _ in item.claims]
    counts = ", ".join(f"{claims.count(effect.value)} {effect.value}" for effect in FaultEffect)
    screen.say(f"{plural(len(found), 'fault')}, {plural(len(claims), 'claim')}: {counts}", "heading")


def _in_short(claims: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield claims one by one; many that are tolerated for the same reason are only counted, at the end."""
    alike = Counter((effect, told) for _, effect, told in claims if effect == "tolerated")
    many = {key: number for key, number in alike.items() if number > _LISTED}
    yield from (item for item in claims if item[1:] not in many)
    for (effect, told), number in many.items():
        which = "every claim" if number == len(claims) else f"{number} of {len(claims)} claims"
        yield which, effect, told


def _status(found: Sequence[FaultStatus]) -> Status:
    effects = {effect for item in found for _, effect, _ in item.claims}
    if effects & {"broken", "broken anyway"}:
        return Status.SAFETY_FINDING
    return Status.INCONCLUSIVE if "unknown" in effects else Status.PASSED


def holds_faults(folder: Path) -> bool:
    """Return whether a folder is an earlier output of ``faults -o`` and nothing else, so may be replaced."""
    from stimproof.verify.faulting import FaultAnalysis

    if not {path.name for path in folder.iterdir()} <= {FaultAnalysis.FILE, FaultAnalysis.FOLDER}:
        return False
    try:
        data = json.loads((folder / FaultAnalysis.FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("schema") == FaultAnalysis.SCHEMA
