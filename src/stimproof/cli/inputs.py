"""Commands about input files: ``check`` and ``library``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from stimproof import project as projects
from stimproof.cli.app import AsJson, Budget, Command, ProjectName, app
from stimproof.cli.console import WEIGHTS, Screen
from stimproof.specs.errors import AuthorError
from stimproof.specs.findings import Finding, Severity
from stimproof.status import Status

if TYPE_CHECKING:
    from stimproof.specs.extending import Extension
    from stimproof.specs.specification import Specification


@app.command(cls=Command)
def check(
    project: ProjectName,
    *,
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Ask solvers, too: guards that decide nothing, limits that never bind."),
    ] = False,
    budget: Budget = None,
    as_json: AsJson = False,
) -> None:
    """Read and validate a project; nothing is proved.

    Every finding names file, line and column, what was received and what to do next. All errors of the
    specification are reported at once; the risk file is read once the specification stands.

    \b
    Example:
      stimproof check ./my-device

    Exit status: 0 usable (there may be warnings), 2 errors.
    """
    screen = Screen(as_json=as_json)
    folder = projects.locate(project)
    try:
        loaded = projects.load(folder)
    except AuthorError as error:
        _show(screen, None, error.findings)
        raise typer.Exit(Status.INVALID) from None
    found = _deep(screen, loaded.specification, budget) if deep else ()
    _show(screen, loaded.specification, (*loaded.findings, *found))


def _deep(screen: Screen, specification: Specification, budget: int | None) -> tuple[Finding, ...]:
    from stimproof.verify.linting import DEFAULT_BUDGET, deep_lints

    with screen.progress("asking") as progress:
        return deep_lints(specification, DEFAULT_BUDGET if budget is None else budget, progress)


def _show(screen: Screen, specification: Specification | None, findings: tuple[Finding, ...]) -> None:
    counts = {weight: sum(finding.weight is weight for finding in findings) for weight in Severity}
    for finding in findings:
        screen.say(finding.text(), WEIGHTS[finding.weight])
    tally = ", ".join(plural(count, weight.value) for weight, count in counts.items())
    if specification is not None:
        screen.say(f"{specification.device.name}: {describe(specification)}")
        if specification.extension is not None:
            screen.say(_extended(specification.extension))
    screen.say(tally, "refuted" if counts[Severity.ERROR] else "passed")
    screen.json(
        {
            "schema": "stimproof.check/1",
            "ok": specification is not None,
            "device": _device(specification) if specification is not None else None,
            "findings": [finding.as_json() for finding in findings],
            "summary": {weight.value: count for weight, count in counts.items()},
        }
    )


def _device(specification: Specification) -> dict[str, Any]:
    device = specification.device
    told: dict[str, Any] = {"id": device.id, "name": device.name, "spec_sha256": specification.sha256}
    if specification.extension is not None:
        overridden = specification.extension.overridden
        told["extends"] = specification.extension.device
        told["overridden"] = [
            {"path": item.path, "place": str(item.location), "before": item.before, "after": item.after}
            for item in overridden
        ]
        told["removed"] = list(specification.extension.removed)
    return told


def _extended(extension: Extension) -> str:
    own = sum(origin == "own" for origin in extension.origins.values())
    parts = [plural(len(extension.overridden), "value") + " overridden", f"{len(extension.removed)} removed"]
    return f"extends {extension.device}: {', '.join(parts)}, {own} added"


def plural(count: int, noun: str) -> str:
    """Return a number and what is counted: ``1 fault``, ``2 faults``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def describe(specification: Specification) -> str:
    """Return what a specification holds, in a few words."""
    counted = [
        (len(specification.parameters), "parameter"),
        (len(specification.interlocks), "interlock"),
        (len(specification.limits), "limit"),
        (sum(len(machine.modes) for machine in specification.machines.values()), "mode"),
        (sum(len(machine.transitions) for machine in specification.machines.values()), "transition"),
    ]
    properties = len(specification.properties)
    last = f"{properties} {'property' if properties == 1 else 'properties'}"
    return ", ".join([*(plural(count, noun) for count, noun in counted), last])


@app.command(cls=Command)
def library(*, as_json: AsJson = False) -> None:
    """List the reference devices, with how sure their numbers are.

    A number is seen (read in its source), derived (computed from such numbers), recalled or uncertain
    (printed as unverified wherever it appears), or unknown.

    \b
    Example:
      stimproof library
    """
    screen = Screen(as_json=as_json)
    devices = projects.library()
    rows = [
        [device.id, *(str(device.confidences[key]) for key in projects.CONFIDENCES), _title(device)]
        for device in devices
    ]
    if rows:
        screen.table(["ID", *(key.upper() for key in projects.CONFIDENCES), "NAME"], rows)
    else:
        screen.say("no reference device is installed")
    screen.json(
        {
            "schema": "stimproof.library/1",
            "devices": [
                {"id": device.id, "name": _title(device), "numbers": device.confidences} for device in devices
            ],
        }
    )


def _title(device: projects.LibraryDevice) -> str:
    return device.specification.device.name
