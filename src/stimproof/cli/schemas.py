"""``schema``: JSON Schemas for editors and other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stimproof.cli.app import Command, app
from stimproof.cli.console import Screen
from stimproof.specs.errors import OperatorError


@app.command(cls=Command)
def schema(
    part: Annotated[
        str,
        typer.Argument(
            metavar="[PART]",
            help="'specification', 'overrides', 'risk-file', 'risk-overrides', 'indications' or 'results'; "
            "all without it.",
        ),
    ] = "",
    *,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Write PART.schema.json into this folder."),
    ] = None,
) -> None:
    """Print or write the JSON Schemas of the input files and of results.json.

    Editors use them to complete and check while one types; 'stimproof init' sets that up.
    The two kinds of overrides are for files that extend those of a reference device.

    \b
    Example:
      stimproof schema specification
      stimproof schema -o schemas
    """
    from stimproof import schemas
    from stimproof.files import write_folder

    if part and part not in schemas.PARTS:
        raise OperatorError(f"there is no schema '{part}'; schemas: {', '.join(schemas.PARTS)}")
    wanted = (part,) if part else schemas.PARTS
    if output is not None:
        write_folder(output, schemas.files(wanted), ours=schemas.ours)
        Screen().say(f"{output} holds {', '.join(schemas.files(wanted))}")
        return
    made = {name: schemas.schema(name) for name in wanted}
    Screen(as_json=True).json(made[part] if part else made)
