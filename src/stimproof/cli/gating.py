"""The command ``gate``: one verdict for CI, with reports; it fails closed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stimproof import explaining
from stimproof.cli.app import AsJson, Budget, Command, Jobs, ProjectName, app
from stimproof.cli.console import Screen
from stimproof.cli.proving import TryFaults, prove
from stimproof.project import load
from stimproof.status import Status

if TYPE_CHECKING:
    from stimproof.gate.judgement import Item, Judgement

RefuseUnverified = Annotated[
    bool, typer.Option("--refuse-unverified", help="Also refuse recalled, uncertain and unknown numbers.")
]


@app.command(cls=Command)
def gate(
    project: ProjectName,
    *,
    budget: Budget = None,
    jobs: Jobs = None,
    faults: TryFaults = False,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML for the CI server.")
    ] = None,
    sarif: Annotated[
        Path | None,
        typer.Option("--sarif", metavar="FILE", help="Write SARIF 2.1.0 with places in the YAML."),
    ] = None,
    summary: Annotated[
        Path | None, typer.Option("--summary", metavar="FILE", help="Write a summary in Markdown.")
    ] = None,
    refuse_unverified: RefuseUnverified = False,
    as_json: AsJson = False,
) -> None:
    """Judge a release for CI; fails closed.

    Verifies, traces the hazards, and passes only what is shown to be good: what is unknown, in error or cut
    short never passes. Reports of an earlier run are removed before anything else is done. The verdict is
    the last line printed.

    \b
    Example:
      stimproof gate ./my-device --junit gate.xml --sarif gate.sarif --summary gate.md

    Exit status: 0 passed, 1 refuted or a hazard not traced, 2 invalid input or usage, 3 inconclusive.
    """
    from stimproof.cli.ablating import traced
    from stimproof.gate.judgement import Outcome, judge
    from stimproof.gate.reports import Reports

    screen = Screen(as_json=as_json)
    reports = Reports(junit, sarif, summary)
    reports.prepare()
    loaded = load(project)
    verification = prove(screen, loaded.specification, budget=budget, jobs=jobs)
    report, _, _ = traced(screen, loaded, verification, budget, jobs, with_faults=faults)
    judgement = judge(verification, report, refuse_unverified=refuse_unverified)
    reports.write(judgement, loaded.root, Path.cwd())
    screen.json(_as_json(judgement))
    for outcome, style in ((Outcome.REFUSED, "refuted"), (Outcome.INCONCLUSIVE, "unknown")):
        for item in judgement.of(outcome):
            _show(screen, item, style)
    screen.say(judgement.line, "passed" if judgement.status is Status.PASSED else "refuted")
    raise typer.Exit(judgement.status)


def _show(screen: Screen, item: Item, style: str) -> None:
    screen.say(f"{item.outcome.value}: {item.id} ({item.location})", style)
    told = explaining.gist(item.result) if item.result is not None else ()
    for line in dict.fromkeys((item.claim, *told, item.message)):
        if line:
            screen.say(f"    {line}")


def _as_json(judgement: Judgement) -> dict[str, object]:
    from stimproof.gate.judgement import Outcome

    specification = judgement.verification.specification
    return {
        "schema": "stimproof.gate/1",
        "device": {"id": specification.device.id, "spec_sha256": specification.sha256},
        "passed": judgement.status is Status.PASSED,
        "status": int(judgement.status),
        "verdict": judgement.line,
        "summary": {outcome.value: len(judgement.of(outcome)) for outcome in Outcome},
        "items": [_item(item) for item in judgement.items],
    }


def _item(item: Item) -> dict[str, object]:
    place = item.location
    return {
        "id": item.id,
        "subject": item.subject.value,
        "rule": item.rule,
        "outcome": item.outcome.value,
        "claim": item.claim,
        "message": item.message,
        "location": {"file": place.file, "line": place.line, "column": place.column},
    }
