"""Commands about input files: ``check``, ``library``, ``schema`` and ``init``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stimproof import project as projects
from stimproof.cli.app import AsJson, Command, ProjectName, app
from stimproof.cli.console import WEIGHTS, Screen
from stimproof.specs.errors import AuthorError, OperatorError
from stimproof.specs.findings import Finding, Severity
from stimproof.status import Status

if TYPE_CHECKING:
    from stimproof.specs.extending import Extension
    from stimproof.specs.specification import Specification


@app.command(cls=Command)
def check(project: ProjectName, *, as_json: AsJson = False) -> None:
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
    _show(screen, loaded.specification, loaded.findings)


def _show(screen: Screen, specification: Specification | None, findings: tuple[Finding, ...]) -> None:
    counts = {weight: sum(finding.weight is weight for finding in findings) for weight in Severity}
    for finding in findings:
        screen.say(finding.text(), WEIGHTS[finding.weight])
    tally = ", ".join(_plural(count, weight.value) for weight, count in counts.items())
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
    parts = [_plural(len(extension.overridden), "value") + " overridden", f"{len(extension.removed)} removed"]
    return f"extends {extension.device}: {', '.join(parts)}, {own} added"


def _plural(count: int, noun: str) -> str:
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
    return ", ".join([*(_plural(count, noun) for count, noun in counted), last])


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


def _schemas() -> dict[str, Any]:
    """Return the JSON Schemas of the input files by the name of their model."""
    from stimproof.hazards.document import RiskFileDocument
    from stimproof.specs.document import SpecificationDocument
    from stimproof.specs.indications.document import IndicationsDocument

    return {
        "specification": SpecificationDocument.model_json_schema(),
        "risk-file": RiskFileDocument.model_json_schema(),
        "indications": IndicationsDocument.model_json_schema(),
    }


@app.command(cls=Command)
def schema(
    model: Annotated[
        str,
        typer.Argument(metavar="[MODEL]", help="'specification', 'risk-file' or 'indications'."),
    ] = "",
) -> None:
    """Print the JSON Schemas of the input files.

    Editors use them to complete and check while one types.

    \b
    Example:
      stimproof schema specification > specification.schema.json
    """
    screen = Screen(as_json=True)
    known = _schemas()
    if model and model not in known:
        raise OperatorError(f"there is no model '{model}'; models: {', '.join(known)}")
    screen.json(known[model] if model else known)


@app.command(cls=Command)
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to create.")],
    *,
    source: Annotated[
        str, typer.Option("--from", metavar="LIBRARY-ID", help="The reference device to start from.")
    ] = "drg-axium",
) -> None:
    """Create a project folder from a reference device.

    The copy is ready to verify and to change.

    \b
    Example:
      stimproof init my-device --from drg-axium
      stimproof verify my-device
    """
    from stimproof.files import write_folder

    known = {device.id: device.root for device in projects.library()}
    if source not in known:
        raise OperatorError(
            f"there is no reference device '{source}'; there are: {', '.join(known) or 'none'}"
        )
    loaded = projects.load(known[source])
    write_folder(folder, loaded.sources, ours=lambda _folder: False)
    Screen().say(f"{folder} holds a copy of {source}; next: stimproof verify {folder}")
