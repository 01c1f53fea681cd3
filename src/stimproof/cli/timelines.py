"""``timeline``: what a requirement means, as two tiny timelines."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stimproof import project as projects
from stimproof.cli.app import AsJson, Command, app
from stimproof.cli.console import Screen
from stimproof.specs.errors import OperatorError
from stimproof.specs.property import parse_requirement
from stimproof.specs.property.timelines import SHORT_DURATION, timelines
from stimproof.specs.property.typed import on_steps, values
from stimproof.specs.quantities import duration
from stimproof.specs.specification import FretRequirement, Response
from stimproof.status import Status

if TYPE_CHECKING:
    from stimproof.specs.expressions import Value
    from stimproof.specs.property.timelines import Timeline, Timelines
    from stimproof.specs.specification import Property, Specification


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
    screen = Screen(as_json=as_json)
    specification = None
    if sentence:
        requirement = parse_requirement(sentence)
        said, found, note = sentence, timelines(requirement), _shortened(requirement.duration)
    else:
        specification = projects.load(projects.locate(project)).specification
        item = _property(specification, name)
        said, note = item.sentence, _step(item)
        found = timelines(on_steps(item.meaning, SHORT_DURATION), values(item.meaning, specification))
    screen.say(said, "heading")
    screen.say(note)
    for title, line in (("satisfies", found.satisfying), ("violates", found.violating)):
        _show(screen, title, line, found.tried, specification)
    screen.json(_as_json(said, found))
    if found.satisfying is None or found.violating is None:
        raise typer.Exit(Status.SAFETY_FINDING)


def _property(specification: Specification, name: str) -> Property:
    found = specification.properties.get(name.removeprefix("properties."))
    if found is None:
        known = ", ".join(specification.properties) or "none"
        raise OperatorError(f"there is no property '{name}'; there are: {known}")
    return found


def _shortened(steps: int) -> str:
    shown = f"; {steps} steps are shown as {SHORT_DURATION}" if steps > SHORT_DURATION else ""
    return f"# is true, . is false{shown}"


def _step(item: Property) -> str:
    """Return what the signs stand for, and how long a step of the timelines is."""
    meaning = item.meaning
    if isinstance(meaning, Response):
        length = meaning.within
    elif isinstance(meaning, FretRequirement) and not meaning.in_steps:
        length = meaning.duration
    else:
        return _shortened(int(meaning.duration) if isinstance(meaning, FretRequirement) else 0)
    each = f"; a step stands for {duration(length / SHORT_DURATION)}" if length else ""
    return _shortened(0) + each


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


def _as_json(sentence: str, found: Timelines) -> dict[str, Any]:
    return {
        "schema": "stimproof.timeline/1",
        "sentence": sentence,
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
