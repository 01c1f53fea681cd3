"""The application object: the commands, the options that all of them share, and the boundary around each."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from stimproof import early
from stimproof.cli.boundary import Boundary

_ORDER = (
    "library",
    "init",
    "import-fret",
    "check",
    "verify",
    "envelope",
    "explain",
    "timeline",
    "trace",
    "faults",
    "review",
    "indications",
    "dossier",
    "gate",
    "audit",
    "export",
    "compare",
    "schema",
)


class Commands(TyperGroup):
    """All commands, listed in the order in which a newcomer needs them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands' names for ``--help``."""
        return sorted(super().list_commands(ctx), key=_ORDER.index)


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


class Command(TyperCommand):
    """A command inside its :class:`~stimproof.cli.boundary.Boundary`."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exceptions become a message and an exit status."""
        debug = bool(ctx.find_root().params.get("debug"))
        as_json = bool(ctx.params.get("as_json"))
        last_line = "gate: REFUSED; nothing was judged" if self.name == "gate" else ""
        with Boundary(debug=debug, as_json=as_json, last_line=last_line):
            early.begun()
            return super().invoke(ctx)


ProjectName = Annotated[
    str,
    typer.Argument(
        metavar="PROJECT",
        help="A folder with specs/*.yaml and hazards/*.yaml, or a reference device's id such as drg-axium.",
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print JSON on standard output, and nothing else there.")
]
Budget = Annotated[
    int | None,
    typer.Option(
        "--budget",
        min=1,
        metavar="N",
        help="Solver resource units for each question; a limit that does not depend on the machine's speed. "
        "What it does not suffice for is unknown.",
    ),
]


Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        max=256,
        metavar="N",
        help="Prove in N processes at a time; by default in as many as there are processors, eight at most. "
        "The answers do not depend on it.",
    ),
]

With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="NAME=VALUE",
        help="Answer for a changed value, such as contact_area='0.05 cm^2'; repeatable. "
        "No file changes, and the result says nothing about the specification as written.",
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"stimproof {version('stimproof')}")
        raise typer.Exit


@app.callback()
def stimproof(
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Print Python tracebacks of errors.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Prove that a neurostimulator's specification is safe, or show how it is not.

    \b
    Start with a reference device:
      stimproof library
      stimproof verify drg-axium
      stimproof dossier drg-axium -o dossier

    \b
    Exit status of every command:
      0  all passed
      1  a safety finding: something is refuted, or a hazard is not traced
      2  invalid input or usage
      3  inconclusive: something is unknown, or an error kept it from being judged
    """
