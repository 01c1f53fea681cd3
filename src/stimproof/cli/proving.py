"""Commands that prove: ``verify``, ``explain`` and ``trace``; and how the others run a proof."""

from __future__ import annotations

import difflib
import fnmatch
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stimproof import explaining, models
from stimproof.cli.app import AsJson, Budget, Command, Jobs, ProjectName, With, app
from stimproof.cli.caching import CacheFolder, Cores, NoCache, ahead, cache_folder
from stimproof.cli.console import WEIGHTS, Screen
from stimproof.cli.interrupts import Interrupts
from stimproof.cli.results import check_results_target, write_results
from stimproof.cli.tracing import show_impact
from stimproof.project import load, load_specification
from stimproof.specs.errors import OperatorError
from stimproof.status import Status, of_verification
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stimproof.hazards.report import TraceReport
    from stimproof.project import Project
    from stimproof.specs.specification import Specification
    from stimproof.verify.rechecks import Ahead
    from stimproof.verify.results import Result, Verification

_OPEN = (Verdict.REFUTED, Verdict.ERROR, Verdict.UNKNOWN)


def prove(
    screen: Screen,
    specification: Specification,
    *,
    only: Iterable[str] = (),
    budget: int | None = None,
    jobs: int | None = 1,
    cache: Path | None = None,
    cores: bool = False,
    begun: Ahead | None = None,
) -> Verification:
    """Prove a specification's obligations, all or only some, with progress on the terminal."""
    from stimproof.verify.run import verify as run

    with screen.progress("proving") as show, Interrupts() as interrupts:

        def progress(done: int, total: int, label: str) -> None:
            interrupts.check()
            show(done, total, label)

        return run(
            specification,
            only=tuple(only),
            budget=budget,
            jobs=jobs,
            cache=cache,
            cores=cores,
            sheltered=True,
            ahead=begun,
            progress=progress,
        )


def check_ids(specification: Specification, wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the obligations that ids, patterns (``*.reachable``) or first parts (``limits``) name.

    They come in the order of the results.

    Raises:
        OperatorError: nothing matches one of them; near ids are named.
    """
    from stimproof.verify.obligations import obligations

    known = [item.id for item in obligations(specification)]
    chosen: set[str] = set()
    for pattern in wanted:
        matched = {pattern} & set(known) or set(fnmatch.filter(known, pattern))
        matched = matched or set(fnmatch.filter(known, f"{pattern.rstrip('.')}.*"))
        if not matched:
            raise OperatorError(_no_obligation(pattern, known))
        chosen |= matched
    return tuple(item for item in known if item in chosen)


def leaned_on(specification: Specification, chosen: str) -> tuple[str, ...]:
    """Return an obligation's id and those that it leans on: only together do they tell what it is worth."""
    from stimproof.verify.obligations import obligations

    (found,) = (item for item in obligations(specification) if item.id == chosen)
    return (chosen, *found.depends_on)


def _no_obligation(wanted: str, known: list[str]) -> str:
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5)
    near = near or [item for item in known if wanted.lower() in item.lower()][:3]
    guess = " or ".join(f"'{item}'" for item in near)
    hint = f"did you mean {guess}?" if near else f"'stimproof verify' lists all {len(known)} of them"
    return f"there is no obligation '{wanted}'; {hint}"


_NOT_OF_A_MODEL = (
    "a VMT-LIB model has no obligations and no named values; --property N chooses among its properties"
)
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        metavar="ID",
        help="Prove only this obligation, or all under a name such as 'limits'; repeatable.",
    ),
]
Properties = Annotated[
    list[int] | None,
    typer.Option(
        "--property",
        min=0,
        metavar="N",
        help="Of a VMT-LIB model, prove only the property with this number; repeatable.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        metavar="DIR",
        help="Write results.json, certificates and traces there, in place of earlier ones.",
    ),
]


@app.command(cls=Command)
def verify(
    project: ProjectName,
    *,
    only: Only = None,
    properties: Properties = None,
    budget: Budget = None,
    jobs: Jobs = None,
    output: Output = None,
    changes: With = None,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    cores: Cores = False,
    as_json: AsJson = False,
) -> None:
    """Prove every obligation of a project, or every property of a VMT-LIB model, or show how it fails.

    Each claim is proved (with a certificate that a second solver confirmed), refuted (with a setting or a
    run of the device that the interpreter replayed), unknown, in error, or not applicable.

    \b
    Examples:
      stimproof verify drg-axium
      stimproof verify ./my-device --only limits.shannon -o results
      stimproof verify model.vmt --property 0
      stimproof verify drg-axium --only limits --with contact_area="0.05 cm^2"

    Exit status: 0 all proved or not applicable, 1 something is refuted, 3 something is unknown or in error.
    """
    if project.endswith(models.SUFFIX):
        if only or changes:
            raise OperatorError(_NOT_OF_A_MODEL)
        raise typer.Exit(models.run(models.Call(project, tuple(properties or ()), output, as_json, budget)))
    if properties:
        raise OperatorError("--property chooses among the properties of a VMT-LIB model; use --only")
    screen = Screen(as_json=as_json)
    with ahead(project, cache, jobs, off=no_cache) as begun:
        loaded = load_specification(project, changes or ())
        chosen = check_ids(loaded.specification, only or ())
        if output is not None:
            check_results_target(output)
        kept, given = cache_folder(screen, loaded, cache, off=no_cache), loaded.specification
        verification = prove(
            screen, given, only=chosen, budget=budget, jobs=jobs, cache=kept, cores=cores, begun=begun
        )
    if output is not None:
        write_results(output, verification)
    show_verification(screen, verification)
    if output is not None:
        screen.say(f"written: {output}")
    raise typer.Exit(of_verification(verification))


def show_verification(screen: Screen, verification: Verification) -> None:
    """Print the table of verdicts, what is behind each that is not proved, and the tally, or all as JSON."""
    screen.json(verification.as_json())
    device = verification.specification.device
    screen.say(f"{device.name} ({device.id})", "heading")
    show_changes(screen, verification.specification)
    rows = [
        (item.verdict.title, item.obligation.id, item.obligation.statement) for item in verification.results
    ]
    screen.table(("VERDICT", "OBLIGATION", "CLAIM"), rows)
    for item in verification.results:
        if item.verdict in _OPEN:
            screen.say()
            show_brief(screen, item)
    screen.say()
    for finding in verification.findings:
        screen.say(finding.text(), WEIGHTS[finding.weight])
    screen.say(tally(verification), "heading")
    show_changes(screen, verification.specification)


def show_changes(screen: Screen, specification: Specification) -> None:
    """Print loudly what was changed on the command line, if anything was."""
    for change in specification.changed:
        screen.say(
            change.text.replace("changed on the command line", "CHANGED ON THE COMMAND LINE", 1), "refuted"
        )
    if specification.changed:
        screen.say("WHAT IF: no result about the specification as written; no gate accepts it", "refuted")


def show_brief(screen: Screen, result: Result) -> None:
    """Print in two or three lines what is wrong with one obligation."""
    screen.say(
        f"{result.verdict.title}: {result.obligation.id} ({result.obligation.location})", result.verdict.title
    )
    for line in explaining.gist(result):
        screen.say(f"    {line}")


def tally(verification: Verification) -> str:
    """Return how many obligations have each verdict, on one line."""
    counts = [f"{verification.count(verdict)} {verdict.title}" for verdict in Verdict]
    return f"{len(verification.results)} obligations: {', '.join(counts)}"


@app.command(cls=Command)
def explain(
    project: ProjectName,
    obligation: Annotated[str, typer.Argument(metavar="ID", help="An obligation's id, as verify prints it.")],
    *,
    budget: Budget = None,
    cache: CacheFolder = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Explain one obligation in words.

    Prints its claim, its verdict and why, the evidence, and what a maker would do. A counterexample is told
    as a timeline: what happened, after which time, which transition fired and what it changed.

    \b
    Example:
      stimproof explain opennerve-ipg properties.charging_output_off

    Exit status: 0 whatever the verdict is (verify and gate judge), 2 when there is no such obligation.
    """
    from stimproof.verify.cores import DEFAULT_BUDGET, with_cores

    screen = Screen(as_json=as_json)
    loaded = load_specification(project)
    chosen, *more = check_ids(loaded.specification, (obligation,))
    if more:
        raise OperatorError(f"'{obligation}' matches {len(more) + 1} obligations; name one")
    needed = leaned_on(loaded.specification, chosen)
    kept = cache_folder(screen, loaded, cache, off=no_cache)
    verification = prove(screen, loaded.specification, only=needed, budget=budget, cache=kept)
    alone = [verification.by_id()[chosen]]
    (result,) = with_cores(loaded.specification, alone, verification.files, budget or DEFAULT_BUDGET)
    screen.json(
        {"schema": "stimproof.explanation/1", **result.as_json(), **_words(result, loaded.specification)}
    )
    screen.say(f"{chosen}: {result.verdict.title}", result.verdict.title)
    for section in explaining.explain(result, loaded.specification):
        screen.say()
        screen.say(section.heading, "heading")
        for line in section.lines:
            screen.say(f"  {line}")


def _words(result: Result, specification: Specification) -> dict[str, object]:
    sections = explaining.explain(result, specification)
    return {"explanation": [{"heading": item.heading, "lines": list(item.lines)} for item in sections]}


TryFaults = Annotated[
    bool, typer.Option("--faults", help="Also prove again with each declared fault, as 'faults' does.")
]
ImpactOf = Annotated[
    list[str] | None,
    typer.Option("--impact", metavar="ELEMENT", help="Only list what a change of this touches; repeatable."),
]
Since = Annotated[
    Path | None,
    typer.Option("--since", metavar="DIR", help="Only list what changed since this version."),
]
Around = Annotated[
    list[str] | None,
    typer.Option(
        "--only", metavar="ITEM", help="Look only at this entry and what stands on its ways; repeatable."
    ),
]


@app.command(cls=Command)
def trace(
    project: ProjectName,
    *,
    impact: ImpactOf = None,
    since: Since = None,
    only: Around = None,
    faults: TryFaults = False,
    budget: Budget = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
) -> None:
    """Trace hazards to controls to proofs; list what is missing.

    Every obligation is proved first. Then each control that names elements of the specification is removed
    from it, and what the control serves is proved again: it is effective only if that breaks without it.

    \b
    Example:
      stimproof trace opennerve-ipg
      stimproof trace opennerve-ipg --only amplitude_bounded
      stimproof trace opennerve-ipg --impact machines.ipg.modes.OAD
      stimproof trace my-device --since ../my-device-1.0

    Exit status: 0 complete, 1 something is refuted or not traced, 3 only answers are missing; with
    --impact and --since 0.
    """
    if sum((bool(impact), since is not None, bool(only))) > 1:
        raise OperatorError("--impact, --since and --only exclude each other")
    if faults and (impact or since is not None or only):
        raise OperatorError("--faults looks at the whole risk file; leave --impact, --since and --only out")
    if impact or since is not None:
        show_impact(project, impact or (), since, as_json=as_json)
        return
    from stimproof.cli.ablating import traced

    screen = Screen(as_json=as_json)
    loaded = load(project)
    if only:
        report = around(screen, loaded, only, budget, jobs)
    else:
        verification = prove(screen, loaded.specification, budget=budget, jobs=jobs)
        report, _, _ = traced(screen, loaded, verification, budget, jobs, with_faults=faults)
    screen.json(report.as_json())
    show_trace(screen, report)
    raise typer.Exit(_TRACED[report.outcome])


def around(
    screen: Screen, project: Project, names: Iterable[str], budget: int | None, jobs: int | None
) -> TraceReport:
    """Return the trace of some entries' neighbourhood: only what stands there is proved and tried."""
    from stimproof.cli.ablating import try_controls
    from stimproof.hazards.citations import obligation_lists
    from stimproof.hazards.neighbourhood import neighbourhood

    near = neighbourhood(project.risk_file, names)
    cited = {name for _, claims in obligation_lists(near.trials) for name in claims}
    needed = cited.union(*(near.part.supports[name] for name in cited))
    # Without a name everything would be proved.
    wanted = needed or {project.risk_file.obligations[0].id}
    verification = prove(screen, project.specification, only=wanted, budget=budget, jobs=jobs)
    tried = replace(project, risk_file=near.trials)
    return near.retrace(verification, try_controls(screen, tried, verification, budget, jobs).effects)


_TRACED = {
    "passed": Status.PASSED,
    "failed": Status.SAFETY_FINDING,
    "inconclusive": Status.INCONCLUSIVE,
}


def _show_faults(screen: Screen, report: TraceReport) -> None:
    """Print how many claims each fault breaks, and who stands against it."""
    rows = []
    for item in report.faults:
        effects = [effect for _, effect, _ in item.claims]
        broken = sum(effect.startswith("broken") for effect in effects)
        rows.append(
            (
                item.fault,
                str(effects.count("tolerated")),
                str(broken),
                str(effects.count("unknown")),
                ", ".join(item.causes) or "–",
                ", ".join(item.standing) or "–",
            )
        )
    screen.table(("FAULT", "TOLERATED", "BROKEN", "UNKNOWN", "CAUSES", "STANDING"), rows)
    screen.say()


def show_trace(screen: Screen, report: TraceReport) -> None:
    """Print the trace matrix, the state of each control, and every finding."""
    rows = [
        [row.hazard, row.situation, row.harm, row.control, row.requirement, row.obligation, row.verdict]
        for row in report.rows
    ]
    if rows:
        headings = ("HAZARD", "SITUATION", "HARM", "CONTROL", "REQUIREMENT", "OBLIGATION", "VERDICT")
        screen.table(headings, [[cell or "–" for cell in row] for row in rows])
        screen.say()
        controls = [(item.state.value, item.effect, item.control, item.text) for item in report.controls]
        screen.table(("STATE", "EFFECT", "CONTROL", "WHAT IT IS"), controls)
        screen.say()
    if report.faults:
        _show_faults(screen, report)
    for finding in report.findings:
        screen.say(finding.text(), WEIGHTS[finding.weight])
    found = f"{len(report.findings)} finding{'' if len(report.findings) == 1 else 's'}"
    left = f", {len(report.unexplained)} not explained" if report.explained else ""
    screen.say(f"trace: {report.outcome}: {found}, {len(report.blocking)} blocking{left}", "heading")
