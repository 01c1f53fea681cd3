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
    from stimproof.hazards.exchange.items import Difference, Items
    from stimproof.project import Project
    from stimproof.specs.findings import Location
    from stimproof.verify.results import Verification

_MOST = 20_000_000


class Format(Enum):
    """The forms for other tools: ``VMT`` holds the obligations, every other one the risk file."""

    VMT = "vmt"
    NEEDS = "needs"
    REQIF = "reqif"
    CSV = "csv"
    XLSX = "xlsx"
    GRAPHML = "graphml"
    GSN = "gsn"


def content(project: Project, form: Format, output: Path, verification: Verification | None) -> str | bytes:
    """Return the risk file in a form; an assurance argument is a figure where ``output`` ends in .svg."""
    from stimproof.hazards.exchange import graphml, needs, reqif

    if form in (Format.CSV, Format.XLSX, Format.GSN):
        return _report(project, form, output, verification)
    items = _items(project)
    if form is Format.NEEDS:
        return needs.written(items, project.id)
    return reqif.written(items, project.id) if form is Format.REQIF else graphml.written(items)


def _items(project: Project) -> Items:
    from stimproof.hazards.exchange.items import items_of
    from stimproof.hazards.graph import build

    return items_of(build(project.risk_file))


def _report(project: Project, form: Format, output: Path, verification: Verification | None) -> str | bytes:
    from stimproof.hazards.exchange import gsn, gsn_figure, tables
    from stimproof.hazards.graph import build
    from stimproof.hazards.trace import trace

    report = trace(project.risk_file, verification)
    if form is Format.GSN:
        graph = build(project.risk_file, verification)
        argument = gsn.Arguing(project.risk_file, graph, report).argument()
        return gsn_figure.as_svg(argument) if output.suffix == ".svg" else gsn.as_text(argument)
    return tables.as_csv(report) if form is Format.CSV else tables.as_xlsx(report)


@app.command(cls=Command)
def compare(
    project: ProjectName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A needs.json or a ReqIF file.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Compare a project's risk file with one that comes back from another tool.

    Lists each item and link that the file lacks (-), has more (+) or says otherwise (~), with the place in
    the YAML where it belongs, and what the file says for which a risk file has no place (!). Nothing is
    changed: the YAML is edited by its author.

    \b
    Example:
      stimproof export my-device --format reqif -o risk.reqif
      stimproof compare my-device risk.reqif

    Exit status: 0 nothing differs, 1 something does, 2 the file cannot be read.
    """
    from stimproof.hazards.exchange.places import place_of

    screen = Screen(as_json=as_json)
    loaded, other = load(project), _read(file)
    found = [(item, place_of(loaded.risk_file, item)) for item in _items(loaded).differences(other)]
    screen.json(
        {
            "schema": "stimproof.compare/2",
            "differences": [_as_json(item, place) for item, place in found],
            "remarks": list(other.remarks),
        }
    )
    for item, place in found:
        screen.say(f"{place}: {item.told}")
    for remark in other.remarks:
        screen.say(f"{file}: ! {remark}")
    count = len(found) + len(other.remarks)
    told = f"{count} difference{'' if count == 1 else 's'}" if count else "nothing differs"
    screen.say(told, "unknown" if count else "passed")
    raise typer.Exit(Status.SAFETY_FINDING if count else Status.PASSED)


def _as_json(item: Difference, place: Location) -> dict[str, object]:
    return {
        "change": {"-": "lacks", "+": "adds", "~": "says otherwise"}[item.sign],
        "told": item.told,
        "before": item.before,
        "after": item.after,
        "place": {"file": place.file, "line": place.line, "column": place.column, "path": place.path},
    }


def _read(file: Path) -> Items:
    from stimproof.hazards.exchange import needs, reqif

    try:
        if file.stat().st_size > _MOST:
            raise OperatorError(f"'{file}' is larger than {_MOST} bytes, which is more than is read")
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"'{file}' cannot be read: {error}") from None
    return needs.read(text, str(file)) if text.lstrip().startswith("{") else reqif.read(text, str(file))
