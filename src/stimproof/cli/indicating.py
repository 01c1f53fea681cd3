"""The command about who a device is for: ``indications``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stimproof.cli.app import AsJson, Command, app
from stimproof.cli.console import WEIGHTS, Screen
from stimproof.specs.errors import OperatorError
from stimproof.status import Status
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from stimproof.specs.indications.rulebook import DeviceIndications
    from stimproof.verify.indications import Answer, Report

RESULTS = "indications.json"
_PARTS = {RESULTS, "certificates"}
_TITLES = {
    "satisfiable": "Is anybody a candidate to whom no document objects",
    "contradiction": "Does a document contradict itself",
    "disagreement": "Do two documents answer differently about one patient",
    "topic": "Disagreements that are kept",
    "coverage": "Is every patient covered",
    "overlap": "Which patients are covered twice",
}


@app.command(cls=Command)
def indications(
    projects: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PROJECT]...",
            help="Projects or reference devices; without any, all modalities that are shipped.",
        ),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Write the answers and their scripts there."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask of whom the documents say that a device is for them, and where they disagree.

    Each question is about every possible patient. 'Nobody' is proved by two solvers; 'somebody' is shown
    by a patient with the fewest attributes that decide it. It is about what documents say, for the
    intended use and the information for safety of a dossier. It is not medical advice.

    \b
    Example:
      stimproof indications drg-axium
    """
    from stimproof.files import check_folder_target

    screen = Screen(as_json=as_json)
    if output is not None:
        check_folder_target(output, _ours)
    reports = {name: _report(screen, chosen) for name, chosen in _chosen(projects or [])}
    for name, report in reports.items():
        _show(screen, name, report)
    screen.json(_json(reports))
    if output is not None:
        _write(output, reports)
    raise typer.Exit(_status(reports))


def _chosen(projects: list[str]) -> list[tuple[str, DeviceIndications]]:
    """Return the indications of each project, or all that are shipped."""
    from stimproof.project import load
    from stimproof.specs.indications.reader import shipped
    from stimproof.specs.indications.rulebook import DeviceIndications

    if not projects:
        rules = shipped()
        return [(rules.head.id, DeviceIndications(rules, tuple(rules.modalities), own=False))]
    found = []
    for name in projects:
        stated = load(name).indications
        if stated is None:
            raise OperatorError(
                f"nothing states who '{name}' is for; put indications/*.yaml into the project's folder"
            )
        found.append((name, stated))
    return found


def _report(screen: Screen, chosen: DeviceIndications) -> Report:
    from stimproof.verify.indications import check

    with screen.working("indications"):
        return check(chosen.rulebook, chosen.modalities)


def _show(screen: Screen, name: str, report: Report) -> None:
    from stimproof.verify.indications import NOTICE

    for finding in report.rulebook.findings:
        screen.note(finding.text(), WEIGHTS[finding.weight])
    screen.say(f"{name}: {report.rulebook.head.title}", "heading")
    screen.say(NOTICE)
    screen.say(f"{report.size:,} different patients can be told apart.")
    rows = [
        [
            name,
            f"{some:,}",
            f"{undisputed:,}",
            ", ".join(report.rulebook.speakers(name)) or "none",
            report.rulebook.modalities[name].title,
        ]
        for name, (some, undisputed) in report.candidates.items()
    ]
    screen.table(["MODALITY", "SOME DOCUMENT", "UNDISPUTED", "DOCUMENTS", "NAME"], rows)
    broken = [item for item in report.of("population", "rule") if item.verdict is not Verdict.PROVED]
    for answer in broken:
        _answer(screen, answer)
    for kind, title in _TITLES.items():
        if not report.of(kind):
            continue
        screen.say()
        screen.say(title, "heading")
        for answer in report.of(kind):
            _answer(screen, answer)


def _answer(screen: Screen, answer: Answer) -> None:
    brief = answer.kind == "overlap"
    shown = answer.shown
    if brief and shown is None and answer.verdict is Verdict.PROVED:
        return
    kept = f" (see also: {answer.topic})" if answer.topic else ""
    screen.say(f"  {answer.verdict.value}: {answer.statement}{kept}", answer.verdict.value)
    if answer.reason:
        screen.say(f"    {answer.reason}")
    if shown is not None:
        screen.say(f"    {shown.count:,} patients; for example {shown.text}")
        for opinion in shown.opinions if answer.kind in ("contradiction", "disagreement", "topic") else ():
            if opinion.rules:
                screen.say(f"      {opinion.text}")


def _json(reports: dict[str, Report]) -> dict[str, Any]:
    return {
        "schema": "stimproof.indications-of/1",
        "projects": {name: report.as_json() for name, report in reports.items()},
    }


def _write(folder: Path, reports: dict[str, Report]) -> None:
    from stimproof.files import write_folder

    text = json.dumps(_json(reports), indent=2, ensure_ascii=False) + "\n"
    scripts = {path: script for report in reports.values() for path, script in report.files.items()}
    write_folder(folder, {RESULTS: text, **scripts}, _ours)


def _ours(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()}
    return RESULTS in names and names <= _PARTS


def _status(reports: dict[str, Report]) -> Status:
    worst = {report.worst for report in reports.values()}
    if Verdict.REFUTED in worst:
        return Status.SAFETY_FINDING
    return Status.PASSED if worst == {Verdict.PROVED} else Status.INCONCLUSIVE
