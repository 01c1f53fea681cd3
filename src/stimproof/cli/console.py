"""What reaches the terminal: text, tables, JSON and progress.

Results go to standard output, everything else to standard error. Colour, boxes and progress bars appear
on terminals only; piped output is plain text, one record per line where it can be.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stimproof.specs.findings import Severity

Progress = Callable[[int, int, str], None]

STYLES = {
    "proved": "green",
    "refuted": "bold red",
    "unknown": "yellow",
    "error": "bold yellow",
    "not applicable": "dim",
    "warning": "yellow",
    "note": "dim",
    "passed": "bold green",
    "heading": "bold",
}
WEIGHTS = {Severity.ERROR: "refuted", Severity.WARNING: "warning", Severity.NOTE: "note"}
_REDRAW = 0.1
"""Seconds between two drawings of a bar."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """Return text that cannot steer a terminal: control and direction characters become visible.

    >>> plain("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    return _CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), text)


class _Terminal(Console):
    """A console that leaves a closed pipe to the command's boundary instead of ending the process."""

    def on_broken_pipe(self) -> None:
        """Report the closed pipe as the exception that it is."""
        raise BrokenPipeError


class Screen:
    """Standard output and error of one command; with ``as_json`` only :meth:`json` writes to output."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._out = _Terminal(file=sys.stdout, highlight=False, markup=False, emoji=False)
        self._error = _Terminal(file=sys.stderr, highlight=False, markup=False, emoji=False)

    def say(self, text: str = "", style: str = "") -> None:
        """Print lines of text; ``style`` is a key of :data:`STYLES` and shows on terminals only."""
        if not self.as_json:
            self._print(self._out, text, style)

    def note(self, text: str, style: str = "") -> None:
        """Print lines of text to standard error."""
        self._print(self._error, text, style)

    def json(self, data: Any) -> None:
        """Print plain data as JSON, if JSON was asked for."""
        if self.as_json:
            sys.stdout.write(json.dumps(data, indent=2) + "\n")

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print aligned columns; on a terminal the last one wraps, and known words are coloured."""
        if self.as_json:
            return
        clean = [[plain(cell).replace("\n", " ") for cell in row] for row in rows]
        if self._out.is_terminal:
            self._out.print(_rich_table(headings, clean))
            return
        lines = [list(headings), *clean]
        widths = [max(len(line[column]) for line in lines) for column in range(len(headings) - 1)]
        for line in lines:
            cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
            self._print(self._out, "  ".join([*cells, line[-1]]).rstrip(), "")

    @contextmanager
    def progress(self, title: str) -> Iterator[Progress]:
        """Show a bar on standard error while the block runs, if that is a terminal."""
        if not self._error.is_terminal:
            yield lambda _done, _total, _label: None
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        # Without a thread that draws: a process that has one cannot be copied, and proofs are made in copies.
        with Bar(*columns, console=self._error, transient=True, auto_refresh=False) as bar:
            task, drawn = bar.add_task(title, total=None), 0.0

            def report(done: int, total: int, label: str) -> None:
                nonlocal drawn
                bar.update(task, completed=done, total=total, description=f"{title} {plain(label)}"[:60])
                if monotonic() - drawn > _REDRAW:
                    drawn = monotonic()
                    bar.refresh()

            yield report

    @contextmanager
    def working(self, title: str) -> Iterator[Callable[[str], None]]:
        """Show what is being done on standard error while the block runs, if that is a terminal."""
        if not self._error.is_terminal:
            yield lambda _label: None
            return
        with self._error.status(Text(title)) as status:
            yield lambda label: status.update(Text(f"{title}: {plain(label)}"))

    @staticmethod
    def _print(console: Console, text: str, style: str) -> None:
        for line in plain(text).split("\n"):
            words = line.lstrip(" ")
            styled = Text(words, style=STYLES.get(style, ""))
            if console.is_terminal and words:
                console.print(Padding(styled, (0, 0, 0, len(line) - len(words)), expand=False))
            else:
                console.print(Text(" " * (len(line) - len(words))).append(styled), soft_wrap=True)


def _rich_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings[:-1]:
        table.add_column(heading, overflow="fold", vertical="top")
    table.add_column(headings[-1], overflow="fold", ratio=1)
    for row in rows:
        table.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    return table
