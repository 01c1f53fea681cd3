"""The risk file for other tools: what ``export`` writes of it, and ``compare`` with what comes back."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stimproof.cli.app import AsJson, Command, ProjectName, app
from stimproof.cli.console import Screen
from stimproof.project import load
from stimproof.specs.errors import OperatorError
from stimproof.status import Status

if TYPE_CHECKING:
    from stimproof.hazards.exchange.items import Items
    from stimproof.project import Project
    from stimproof.verify.results import Verification

_MOST = 20_000_000


class Form(Enum):
    """The forms in which the risk file is written."""

    NEEDS = "needs"
    REQIF = "reqif"
    CSV = "csv"
    XLSX = "xlsx"
    GRAPHML = "graphml"
    GSN = "gsn"


def content(project: Project, form: Form, output: Path, verification: Verification | None) -> str | bytes:
    """Return the risk file in a form; an assurance argument is a figure where ``output`` ends in .svg."""
    from stimproof.hazards.exchange import graphml, needs, reqif

    if form in (Form.CSV, Form.XLSX, Form.GSN):
        return _report(project, form, output, verification)
    items = _items(project)
    if form is Form.NEEDS:
        return needs.written(items, project.id)
    return reqif.written(items, project.id) if form is Form.REQIF else graphml.written(items)


def _items(project: Project) -> Items:
    from stimproof.hazards.exchange.items import items_of
    from stimproof.hazards.graph import build

    return items_of(build(project.risk_file))


def _report(project: Project, form: Form, output: Path, verification: Verification | None) -> str | bytes:
    from stimproof.hazards.exchange import gsn, gsn_figure, tables
    from stimproof.hazards.graph import build
    from stimproof.hazards.trace import trace

    report = trace(project.risk_file, verification)
    if form is Form.GSN:
        graph = build(project.risk_file, verification)
        argument = gsn.Arguing(project.risk_file, graph, report).argument()
        return gsn_figure.as_svg(argument) if output.suffix == ".svg" else gsn.as_text(argument)
    return tables.as_csv(report) if form is Form.CSV else tables.as_xlsx(report)


@app.command(cls=Command)
def compare(
    project: ProjectName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A needs.json or a ReqIF file.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Compare a project's risk file with one that comes back from another tool.

    Lists each item and link that the file lacks (-), has more (+) or says otherwise (~).

    \b
    Example:
      stimproof export my-device --format reqif -o risk.reqif
      stimproof compare my-device risk.reqif

    Exit status: 0 nothing differs, 1 something does, 2 the file cannot be read.
    """
    screen = Screen(as_json=as_json)
    lines = _items(load(project)).differences(_read(file))
    screen.json({"schema": "stimproof.compare/1", "differences": list(lines)})
    for line in lines:
        screen.say(line)
    told = f"{len(lines)} differences" if lines else "nothing differs"
    screen.say(told, "unknown" if lines else "passed")
    raise typer.Exit(Status.SAFETY_FINDING if lines else Status.PASSED)


def _read(file: Path) -> Items:
    from stimproof.hazards.exchange import needs, reqif

    try:
        if file.stat().st_size > _MOST:
            raise OperatorError(f"'{file}' is larger than {_MOST} bytes, which is more than is read")
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"'{file}' cannot be read: {error}") from None
    return needs.read(text, str(file)) if text.lstrip().startswith("{") else reqif.read(text, str(file))
