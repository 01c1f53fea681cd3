"""The command line: ``stimproof COMMAND …``.

Modules that need a solver, Sphinx, a plotting or a graph library are imported by the command that uses
them, so that ``--help`` and ``check`` answer at once.
"""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from stimproof.cli import (
    delivering,
    enveloping,
    exchanging,
    exporting,
    failing,
    gating,
    importing,
    indicating,
    inputs,
    proving,
    schemas,
    starting,
    timelines,
    tracing,
)
from stimproof.cli.app import app

if TYPE_CHECKING:
    from types import FrameType

__all__ = [
    "app",
    "delivering",
    "enveloping",
    "exchanging",
    "exporting",
    "failing",
    "gating",
    "importing",
    "indicating",
    "inputs",
    "main",
    "proving",
    "schemas",
    "starting",
    "timelines",
    "tracing",
]


def _terminate(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def main() -> None:
    """Run the command line; a termination signal unwinds, so that unfinished output is removed."""
    for number in {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:  # not every system hangs up
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup stays in force
            signal.signal(number, _terminate)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="stimproof")
