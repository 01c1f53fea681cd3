"""The command ``export``: a project's obligations in a form that other tools read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stimproof.cli.app import AsJson, Command, ProjectName, app
from stimproof.cli.console import Screen
from stimproof.cli.exchanging import Format, content
from stimproof.cli.proving import check_ids, prove
from stimproof.project import load
from stimproof.specs.errors import OperatorError

if TYPE_CHECKING:
    from stimproof.verify.results import Obligation

SCHEMA = "stimproof.export/1"
INDEX = "export.json"


Output = Annotated[
    Path,
    typer.Option(
        "-o", "--output", metavar="PATH", help="The folder of the models, or the file of the risk file."
    ),
]
Wanted = Annotated[
    Format,
    typer.Option(
        "--format",
        help="vmt: models in VMT-LIB. The others write the risk file: needs.json of Sphinx-Needs, ReqIF, "
        "its hazard table as CSV or Excel, its graph as GraphML, its assurance argument in GSN.",
    ),
]
Obligations = Annotated[
    list[str] | None,
    typer.Option("--obligation", metavar="ID", help="Only this obligation, or all under a name; repeatable."),
]
ProveFirst = Annotated[
    bool, typer.Option("--prove", help="Prove first, so that tables and arguments tell the verdicts.")
]


@app.command(cls=Command)
def export(
    project: ProjectName,
    *,
    output: Output,
    form: Wanted = Format.VMT,
    obligation: Obligations = None,
    prove_first: ProveFirst = False,
    as_json: AsJson = False,
) -> None:
    """Write a project's obligations as models, or its risk file, in forms that other tools read.

    An assurance argument is a figure where the file's name ends in .svg, else an outline.

    \b
    Example:
      stimproof export opennerve-ipg --obligation properties -o models
      stimproof verify models/properties.charging_output_off.vmt
      stimproof export opennerve-ipg --format xlsx -o hazards.xlsx
      stimproof export opennerve-ipg --format gsn -o argument.svg

    Exit status: 0 when it was written, 2 where there is nothing to write.
    """
    if form is not Format.VMT:
        _risk_file(project, form, output, proved=prove_first, as_json=as_json)
        return
    from stimproof.files import check_folder_target, write_folder
    from stimproof.verify.vmt.export import exportable, exported

    screen = Screen(as_json=as_json)
    loaded = load(project)
    wanted = set(check_ids(loaded.specification, obligation or ()))
    items = [item for item in exportable(loaded.specification) if not obligation or item.id in wanted]
    if not items:
        raise OperatorError("no obligation here is about the machines alone; only such become models")
    check_folder_target(output, holds_models)
    index = _index(loaded.specification.sha256, items, form)
    files = {f"{name}.vmt": text for name, text in exported(loaded.specification, tuple(items)).items()}
    files[INDEX] = json.dumps(index, indent=2, ensure_ascii=False) + "\n"
    write_folder(output, files, holds_models)
    screen.json(index)
    screen.say(f"{len(items)} model{'' if len(items) == 1 else 's'} written: {output}")


def _risk_file(project: str, form: Format, output: Path, *, proved: bool, as_json: bool) -> None:
    """Write the risk file as one file."""
    from stimproof.files import check_file_target, write_file

    screen = Screen(as_json=as_json)
    loaded = load(project)
    if not loaded.risk_file.present:
        raise OperatorError("the project has no risk file")
    check_file_target(output)
    verification = prove(screen, loaded.specification) if proved else None
    write_file(output, content(loaded, form, output, verification))
    screen.json({"schema": SCHEMA, "format": form.value, "file": str(output)})
    screen.say(f"risk file of {loaded.id} written: {output}")


def _index(digest: str, items: list[Obligation], form: Format) -> dict[str, Any]:
    models = [
        {
            "obligation": item.id,
            "file": f"{item.id}.vmt",
            "proved_where_property": "is violated" if item.kind == "reachable" else "holds",
        }
        for item in items
    ]
    return {"schema": SCHEMA, "format": form.value, "spec_sha256": digest, "models": models}


def holds_models(folder: Path) -> bool:
    """Return whether a folder is an earlier output of ``export`` and nothing else, so may be replaced."""
    if not all(path.name == INDEX or path.suffix == ".vmt" for path in folder.iterdir()):
        return False
    try:
        data = json.loads((folder / INDEX).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and data.get("schema") == SCHEMA
