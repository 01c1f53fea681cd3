"""``timeline``: what a requirement means, as two tiny timelines."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stimproof import project as projects
from stimproof.cli.app import AsJson, Command, app
from stimproof.cli.console import Screen
from stimproof.specs.errors import OperatorError
from stimproof.status import Status

if TYPE_CHECKING:
    from stimproof.specs.expressions import Value
    from stimproof.specs.property.timelines import Timeline
    from stimproof.specs.specification import Specification
    from stimproof.timelines import Told


@app.command(cls=Command)
def timeline(
    project: Annotated[
        str, typer.Argument(metavar="[PROJECT]", help="A project's folder, or a reference device's id.")
    ] = "",
    name: Annotated[str, typer.Argument(metavar="[PROPERTY]", help="One of its properties.")] = "",
    *,
    sentence: Annotated[
        str,
        typer.Option(
            "--sentence", metavar="TEXT", help="A FRETish sentence instead; a duration counts steps."
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show what a requirement says: a tiny timeline that satisfies it and one that violates it.

    Both are found by trying all short ones. Where none is found, the requirement demands nothing, or nothing
    can satisfy it. They show what the sentence means, not what the device does.

    \b
    Examples:
      stimproof timeline drg-axium magnet_stops
      stimproof timeline --sentence "in m mode upon p the c shall within 2 ticks satisfy r"

    Exit status: 0 both were found, 1 one of them does not exist among the short ones.
    """
    if bool(sentence) == bool(project and name):
        raise OperatorError("name a project and one of its properties, or give a --sentence")
    from stimproof import timelines

    screen = Screen(as_json=as_json)
    specification = None if sentence else projects.load(projects.locate(project)).specification
    if specification is None:
        told = timelines.of_sentence(sentence)
    else:
        told = timelines.of_property(specification, name)
    screen.say(told.sentence, "heading")
    screen.say(told.note)
    found = told.found
    for title, line in (("satisfies", found.satisfying), ("violates", found.violating)):
        _show(screen, title, line, found.tried, specification)
    screen.json(_as_json(told))
    if found.satisfying is None or found.violating is None:
        raise typer.Exit(Status.SAFETY_FINDING)


def _show(
    screen: Screen, title: str, line: Timeline | None, tried: int, specification: Specification | None
) -> None:
    screen.say()
    if line is None:
        screen.say(f"nothing {title} it: every timeline of up to {tried} steps was tried", "refuted")
        return
    screen.say(f"{title} it", "heading")
    rows = [[name, *(_text(name, step[name], specification) for step in line)] for name in line[0]]
    screen.table(["step", *map(str, range(len(line)))], rows)


def _text(name: str, value: Value, specification: Specification | None) -> str:
    if isinstance(value, bool):
        return "#" if value else "."
    variable = specification.variables.get(name) if specification is not None else None
    if variable is not None and variable.unit is not None and not isinstance(value, str):
        return variable.unit.show(Fraction(value))
    return str(value)


def _as_json(told: Told) -> dict[str, Any]:
    found = told.found
    return {
        "schema": "stimproof.timeline/1",
        "sentence": told.sentence,
        "duration": found.requirement.duration,
        "satisfying": _steps(found.satisfying),
        "violating": _steps(found.violating),
        "tried": found.tried,
    }


def _steps(line: Timeline | None) -> list[dict[str, Any]] | None:
    """Return a timeline as plain data; a fraction is text, for JSON has only floats."""
    if line is None:
        return None
    return [
        {name: str(value) if isinstance(value, Fraction) else value for name, value in step.items()}
        for step in line
    ]
