"""``import-fret``: a project of NASA's FRET as the beginning of a specification."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stimproof.cli.app import AsJson, Command, app
from stimproof.cli.console import WEIGHTS, Screen
from stimproof.specs.errors import OperatorError

FILE = "specs/requirements.yaml"


@app.command("import-fret", cls=Command)
def import_fret(
    export: Annotated[Path, typer.Argument(metavar="FILE", help="The project, exported by FRET as JSON.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to create.")],
    *,
    component: Annotated[
        str, typer.Option("--component", metavar="NAME", help="Which component, if there are several.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Create a project from a FRET export: variables, and requirements as properties.

    A FRET project has no machines: write those next, for until then nothing changes the variables. What
    could not be carried over is reported.

    \b
    Example:
      stimproof import-fret pump.json my-pump
      stimproof check my-pump

    Exit status: 0 a project was created, 2 the file is no FRET export.
    """
    from stimproof.files import write_folder
    from stimproof.specs.fret_project import imported

    try:
        text = export.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"'{export}' cannot be read: {error}") from None
    found = imported(text, export.name, component)
    write_folder(folder, {FILE: found.text}, ours=lambda _folder: False)
    screen = Screen(as_json=as_json)
    for finding in found.findings:
        screen.say(finding.text(), WEIGHTS[finding.weight])
    screen.say(
        f"{folder} holds {found.carried} {'property' if found.carried == 1 else 'properties'}, "
        f"with {len(found.findings)} remarks; "
        f"next: write the machines, then stimproof check {folder}"
    )
    screen.json(
        {
            "schema": "stimproof.import-fret/1",
            "properties": found.carried,
            "findings": [finding.as_json() for finding in found.findings],
        }
    )
