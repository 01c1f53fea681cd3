"""``trace --impact`` and ``--since``, and ``review``: what a change touches, and who reviewed what."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stimproof.cli.app import AsJson, Command, ProjectName, app
from stimproof.cli.console import Screen
from stimproof.project import load
from stimproof.specs.errors import OperatorError
from stimproof.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stimproof.hazards.impact import Impact
    from stimproof.hazards.judgements import Review
    from stimproof.hazards.reviews import Reviewed
    from stimproof.hazards.risk_file import RiskFile
    from stimproof.project import Project

_SHOWN = (
    ("hazard", "hazards"),
    ("situation", "hazardous situations"),
    ("harm", "harms"),
    ("control", "controls"),
    ("requirement", "requirements"),
    ("obligation", "proofs"),
    ("benefit-risk", "benefit-risk analyses"),
    ("document", "documents"),
    ("clause", "clauses"),
    ("review", "reviews"),
)
REVIEWS = "hazards/reviews.yaml"


def show_impact(project: str, names: Sequence[str], since: Path | None, *, as_json: bool) -> None:
    """Print what a change touches: of the named things, or of all that differs from an earlier version.

    Raises:
        OperatorError: nothing has one of the names, or there is no earlier version.
    """
    from stimproof.hazards import impact

    screen = Screen(as_json=as_json)
    risk_file = load(project).risk_file
    if since is not None:
        found = impact.since(load(since).risk_file, risk_file)
    else:
        found = impact.impact(risk_file, names)
    screen.json(found.as_json())
    _say(screen, found)


def _say(screen: Screen, found: Impact) -> None:
    for title in ("changed", "added", "removed"):
        nodes = getattr(found, title)
        if nodes:
            screen.say(f"{title}: {', '.join(f'{node.kind.value} {node.id}' for node in nodes)}", "heading")
    if not (found.changed or found.added or found.removed):
        screen.say("nothing differs", "passed")
        return
    for kind, title in _SHOWN:
        ids = [node.id for node in found.touched if node.kind.value == kind]
        if ids:
            screen.say(f"{title} ({len(ids)}):", "heading")
            for name in ids:
                screen.say(f"  {name}")
    for review in found.suspect:
        screen.say(f"suspect: {review}", "unknown")


@app.command(cls=Command)
def review(
    project: ProjectName,
    *,
    listing: Annotated[bool, typer.Option("--list", help="List the reviews; this is the default.")] = False,
    clear: Annotated[
        list[str] | None,
        typer.Option(
            "--clear", metavar="ITEM", help="Record a review of this item as it stands; repeatable."
        ),
    ] = None,
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="Who reviewed.")] = "",
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="In which role.")] = "",
    meaning: Annotated[str, typer.Option("--meaning", metavar="TEXT", help="What the review means.")] = "",
    date: Annotated[
        str, typer.Option("--date", metavar="YYYY-MM-DD", help="When; today where it is left out.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """List the reviews of a project, or record one.

    A review keeps a fingerprint of exactly what was reviewed, and one of all that it rests on: it becomes
    stale when the item changes, and suspect when something that the item rests on does.

    \b
    Example:
      stimproof review my-device
      stimproof review my-device --clear controls.stop_works --as "A. Name" --role safety --meaning "agreed"

    Exit status: 0 every review stands, 3 some do not, 2 invalid input or usage.
    """
    screen = Screen(as_json=as_json)
    loaded = load(project)
    if clear and listing:
        raise OperatorError("--list and --clear exclude each other")
    if clear:
        missing = [
            f"--{what}"
            for what, text in (("as", name), ("role", role), ("meaning", meaning))
            if not text.strip()
        ]
        if missing:
            raise OperatorError(
                f"a review says who, in which role and what it means; give {', '.join(missing)}"
            )
        loaded = _record(loaded, [(item, name, role, date or _today(), meaning) for item in clear])
    _list(screen, loaded.risk_file)


def _today() -> str:
    """Return the day by the computer's clock: the only place where reviews look at it."""
    return datetime.datetime.now(tz=datetime.UTC).date().isoformat()


def _record(loaded: Project, wanted: Sequence[tuple[str, str, str, str, str]]) -> Project:
    """Write the file of reviews anew, with the new ones in place of earlier ones by the same person."""
    from stimproof.files import write_file
    from stimproof.hazards.reviews import listed, prints

    risk_file, path = loaded.risk_file, loaded.root / REVIEWS
    _own_file_only(loaded)
    now = prints(risk_file)
    new = [_reviewed(now.of(item), item, *rest) for item, *rest in wanted]
    replaced = {(review.item, review.by, review.role) for review in new}
    kept = [item for item in risk_file.reviews if (item.item, item.by, item.role) not in replaced]
    write_file(path, listed([*kept, *new]))
    return load(loaded.root)


def _reviewed(found: tuple[str, str] | None, item: str, by: str, role: str, on: str, meaning: str) -> Review:
    from pydantic import ValidationError

    from stimproof.hazards.judgements import Review

    if found is None:
        raise OperatorError(
            f"there is no item '{item}'; name an entry such as controls.NAME or machines.NAME, or risk_file"
        )
    own, context = found
    if any("\ud800" <= sign <= "\udfff" for sign in by + role + meaning):
        raise OperatorError("the name, role and meaning have to be text that UTF-8 can hold")
    try:
        datetime.date.fromisoformat(on)
        return Review(item=item, by=by, role=role, on=on, meaning=meaning, fingerprint=own, context=context)
    except (ValidationError, ValueError):
        raise OperatorError(f"this is no review of '{item}': give the date as YYYY-MM-DD") from None


def _own_file_only(loaded: Project) -> None:
    """Refuse to write where reviews stand among other things, which would be lost."""
    for document in loaded.risk_file.documents:
        data = document.data if isinstance(document.data, dict) else {}
        own = document.name == REVIEWS
        if own and not data.keys() <= {"stimproof", "reviews"}:
            raise OperatorError(f"'{document.file}' holds more than reviews; move the rest to another file")
        if not own and "reviews" in data:
            raise OperatorError(f"'{document.file}' holds reviews; move them to {REVIEWS}")


def _list(screen: Screen, risk_file: RiskFile) -> None:
    from stimproof.hazards.reviews import judge

    found = judge(risk_file)
    screen.json({"schema": "stimproof.reviews/1", "reviews": [_as_json(item) for item in found]})
    rows = [
        [item.state, item.review.item, item.review.by, item.review.role, item.review.on, item.review.meaning]
        for item in found
    ]
    if rows:
        screen.table(["STATE", "ITEM", "BY", "ROLE", "ON", "MEANING"], rows)
    open_ = [item for item in found if item.state != "current"]
    screen.say(f"{len(found)} reviews, {len(open_)} to be done again", "unknown" if open_ else "passed")
    raise typer.Exit(Status.INCONCLUSIVE if open_ else Status.PASSED)


def _as_json(item: Reviewed) -> dict[str, object]:
    return {**item.review.model_dump(), "state": item.state, "why": item.why}
