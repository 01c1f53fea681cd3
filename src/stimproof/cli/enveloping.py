"""The command ``envelope``: how far a device may be programmed, exactly, and which limit binds where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stimproof.cli.app import AsJson, Budget, Command, ProjectName, With, app
from stimproof.cli.console import Screen
from stimproof.cli.interrupts import Interrupts
from stimproof.cli.proving import show_changes
from stimproof.files import check_folder_target, write_folder
from stimproof.project import load
from stimproof.specs.errors import OperatorError
from stimproof.status import Status

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.envelope.envelope import Envelope, LimitEnvelope, Lock, Together

RESULT = "envelope.json"
_PARTS = {RESULT, "envelope.h", "tables", "plots", "certificates"}


@app.command(cls=Command)
def envelope(
    project: ProjectName,
    *,
    limit: Annotated[
        list[str] | None, typer.Option("--limit", metavar="ID", help="Only this limit; repeatable.")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Print every row instead of ranges.")] = False,
    budget: Budget = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help="Write envelope.json, tables as CSV, a C header, plots and the proofs there.",
        ),
    ] = None,
    changes: With = None,
    as_json: AsJson = False,
) -> None:
    """Print the exact safe envelope of each limit, and of all together.

    For each pulse width (and what else matters) the largest programmable amplitude that is safe at any
    delivery within tolerance; the next programmable value is not. Then the weakest simple interlocks that
    make a claim true, each proved. Where an input is unknown, the answer is unknown and says why.

    \b
    Examples:
      stimproof envelope opennerve-ipg --limit sine_half_cycle_charge
      stimproof envelope ./my-device -o envelope

    Exit status: 0 every envelope is exact or does not apply, 2 invalid input, 3 something is unknown.
    """
    screen = Screen(as_json=as_json)
    loaded = load(project, changes or ())
    chosen = _chosen(loaded.specification, limit or [])
    if output is not None:
        check_folder_target(output, holds_envelope)
    found = survey(screen, loaded.specification, chosen, budget)
    if output is not None:
        write_folder(output, written(found), holds_envelope)
    from stimproof.verify.envelope.printing import as_json as data

    screen.json(data(found))
    show(screen, found, whole=whole)
    if output is not None:
        screen.say(f"written: {output}")
    raise typer.Exit(_status(found))


def _chosen(specification: Specification, wanted: list[str]) -> list[str]:
    """Return the names of limits; ``limits.`` before a name may be written or left out."""
    names = [name.removeprefix("limits.") for name in wanted]
    for name in names:
        if name not in specification.limits:
            known = ", ".join(specification.limits) or "none"
            raise OperatorError(f"there is no limit '{name}'; there are: {known}")
    return names


def survey(
    screen: Screen, specification: Specification, only: list[str], budget: int | None = None
) -> Envelope:
    """Find the envelopes with progress on the terminal."""
    from stimproof.verify.envelope.envelope import survey as run
    from stimproof.verify.run import DEFAULT_BUDGET

    with screen.progress("envelope") as tell, Interrupts() as interrupts:

        def progress(done: int, total: int, label: str) -> None:
            interrupts.check()
            tell(done, total, label)

        return run(specification, budget or DEFAULT_BUDGET, only=only, progress=progress)


def _status(found: Envelope) -> Status:
    from stimproof.verify.envelope.envelope import State

    open_ = any(item.state in (State.UNKNOWN, State.CEILING) for item in found.limits)
    return Status.INCONCLUSIVE if open_ or not found.limits else Status.PASSED


def written(found: Envelope) -> dict[str, str]:
    """Return the texts of all output files by path."""
    from stimproof.dossier import envelope_plot
    from stimproof.verify.envelope import printing
    from stimproof.verify.envelope.c_header import header

    files = {RESULT: json.dumps(printing.as_json(found), indent=1, ensure_ascii=False) + "\n"}
    files["envelope.h"] = header(found)
    for item in found.tabulated:
        files[f"tables/limits.{item.limit.name}.csv"] = printing.csv_text(*printing.csv_rows(item))
    for together in found.together:
        files[f"tables/all.{together.stimulus.name}.csv"] = printing.csv_text(*printing.csv_joint(together))
    files.update({f"plots/{name}.svg": text for name, text in envelope_plot.files(found)})
    return {**files, **found.files}


def holds_envelope(folder: Path) -> bool:
    """Return whether a folder is an earlier output of this command and nothing else, so may be replaced."""
    if not {path.name for path in folder.iterdir()} <= _PARTS:
        return False
    try:
        data: Any = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and data.get("schema") == "stimproof.envelope/1"


def show(screen: Screen, found: Envelope, *, whole: bool) -> None:
    """Print every envelope as a table, and what is known of those that have none."""
    device = found.specification.device
    screen.say(f"{device.name} ({device.id})", "heading")
    show_changes(screen, found.specification)
    for item in found.limits:
        screen.say()
        _show_limit(screen, item, whole=whole)
    for together in found.together:
        screen.say()
        _show_together(screen, together, whole=whole)
    show_changes(screen, found.specification)


def _show_limit(screen: Screen, item: LimitEnvelope, *, whole: bool) -> None:
    from stimproof.verify.envelope.envelope import State
    from stimproof.verify.envelope.printing import heading, run_cells

    screen.say(f"limits.{item.limit.name}: {item.state.title}", "heading")
    if item.reason:
        screen.say(f"  {item.reason}", "unknown")
    if item.state is not State.NO_SUBJECT:
        screen.say(f"  as specified: {item.held}")
    if item.table is None:
        return
    if item.table.unrestricted:
        screen.say(
            "  no programmable value breaks it" if item.state is State.EXACT else "  nothing refutes it"
        )
        return
    if item.table.exhaustive:
        screen.say("  not proved monotone: every programmable value was tried")
    rows = [run_cells(item.table.axes, run) for run in item.table.runs]
    screen.table(heading(item.table.axes, item.state), rows if whole else shortened(rows))
    for lock in item.locks:
        _show_lock(screen, lock)


_HEAD, _TAIL = 4, 2


def shortened(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the first and last rows of a long table, and between them how many are left out."""
    left = len(rows) - _HEAD - _TAIL
    if left < 2:
        return rows
    gap = (f"({left} more, --all)", *[""] * (len(rows[0]) - 1))
    return [*rows[:_HEAD], gap, *rows[-_TAIL:]]


def _show_lock(screen: Screen, lock: Lock) -> None:
    words = "proved to suffice" if lock.proved else "NOT proved to suffice"
    if lock.candidate.claim is None:
        screen.say(f"  interlock, {lock.candidate.form}: none: {lock.candidate.reason}")
        return
    text = lock.text if len(lock.text) < 200 else f"{lock.text[:160].rpartition(' ')[0]} … (whole with -o)"
    screen.say(f"  interlock, {lock.candidate.form}: {text}")
    screen.say(f"    {words}; {lock.candidate.sense}", "proved" if lock.proved else "unknown")
    admits = ", ".join(f"{name} = {value}" for name, value in admitted(lock))
    screen.say(f"    a weaker one, {lock.candidate.weaker}, admits {admits}, which breaks the limit")


def admitted(lock: Lock) -> list[tuple[str, str]]:
    """Return the setting that a weaker interlock admits, in the parameters' own units."""
    return [(name, unit.show(value)) for name, value, unit in lock.setting]


def _show_together(screen: Screen, together: Together, *, whole: bool) -> None:
    from stimproof.verify.envelope.printing import grouped, joint_cells, joint_heading

    screen.say(f"all limits of {together.stimulus.name} together: {together.state.title}", "heading")
    for reason in together.open:
        screen.say(f"  {reason}", "unknown")
    axes = together.combined.axes
    rows = [joint_cells(axes, row) for row in together.combined.rows] if whole else list(grouped(together))
    screen.table(joint_heading(together), rows)
