"""``init``: a new project folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stimproof.cli.app import Command, app
from stimproof.cli.console import Screen
from stimproof.specs.errors import OperatorError


@app.command(cls=Command)
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to create.")],
    *,
    source: Annotated[
        str, typer.Option("--from", metavar="LIBRARY-ID", help="Copy a reference device.")
    ] = "",
    extends: Annotated[
        str,
        typer.Option(
            "--extends",
            metavar="LIBRARY-ID",
            help="Take over a reference device; write what differs.",
        ),
    ] = "",
) -> None:
    """Create a project folder, with schemas and settings for editors.

    Without an option: a small stimulator in which every section is explained, and every claim is proved.
    A copy of a device that extends another one carries that one in 'library/'. Nothing is overwritten.

    \b
    Example:
      stimproof init my-device
      stimproof init my-axium --from drg-axium
      stimproof init my-scs --extends scs-tonic
      stimproof verify my-device
    """
    from stimproof import starting
    from stimproof.files import write_folder

    if source and extends:
        raise OperatorError("give --from to copy a device, or --extends to change it, and not both")
    name = folder.absolute().name
    if source:
        files, what = starting.copied(source), f"a copy of {source}"
    elif extends:
        files, what = starting.extended(extends, name), f"a device that extends {extends}"
    else:
        files, what = starting.fresh(name), "a small stimulator, every section explained"
    write_folder(folder, files, ours=lambda _folder: False)
    Screen().say(f"{folder} holds {what}; next: stimproof verify {folder}")
    if not source and not extends:
        Screen().say("The gate refuses it until its risk file answers for every hazard of the catalogue.")
