"""Where what solvers found is kept between runs, and the options that say so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stimproof.project import library, locate

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from stimproof.cli.console import Screen
    from stimproof.project import Specified
    from stimproof.verify.rechecks import Ahead

VARIABLE = "STIMPROOF_CACHE"
"""The environment variable that names the folder, or says ``off``."""

CacheFolder = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        help="Keep what the solvers found there, and look there first; whatever is found is checked again. "
        "By default .stimproof/cache in the project's folder.",
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Look nothing up and keep nothing; the answers are the same.")
]


Cores = Annotated[
    bool, typer.Option("--cores", help="Also find out which elements each proof needs, and store them.")
]


def cache_folder(screen: Screen, project: Specified, given: Path | None, *, off: bool) -> Path | None:
    """Return the folder to use, or ``None``; one that was named and cannot be used is told."""
    from stimproof.verify.cache import Cache

    folder = _named(project.root, given, off=off)
    if folder is None:
        return None
    problem = Cache(folder).prepare()
    if problem:
        screen.note(f"note: {problem}")
    return None if problem else folder


def ahead(
    project: str, given: Path | None, jobs: int | None, *, off: bool
) -> AbstractContextManager[Ahead | None]:
    """Return what begins with the last run's re-checks, before anything else of a project is looked at.

    Whoever wants one worker gets one.

    Raises:
        OperatorError: there is no such project.
    """
    from stimproof.verify import rechecks
    from stimproof.verify.cache import Cache

    folder = _named(locate(project), given, off=off)
    return rechecks.begun(None if folder is None or jobs == 1 else Cache(folder))


def _named(root: Path, given: Path | None, *, off: bool) -> Path | None:
    """Return the folder that is named, or else the usual one; none where nothing is to be kept."""
    said = os.environ.get(VARIABLE, "")
    if off or (given is None and said == "off"):
        return None
    return given or (Path(said) if said else _usual(root))


def _usual(root: Path) -> Path:
    """Return a folder inside the project; reference devices are installed where nobody should write."""
    if root in [device.root for device in library()]:
        base = os.environ.get("XDG_CACHE_HOME", "")
        return (Path(base) if base else Path.home() / ".cache") / "stimproof" / root.name
    return root / ".stimproof" / "cache"
