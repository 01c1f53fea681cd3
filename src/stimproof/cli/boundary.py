"""The last line of defence: whatever goes wrong becomes a message and an exit status, not a traceback."""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

import typer

from stimproof.cli.console import plain
from stimproof.specs.errors import AuthorError, InternalError, StimproofError
from stimproof.status import Status

if TYPE_CHECKING:
    from types import TracebackType

_OWN_WAY_OUT = (typer.Exit, typer.Abort, SystemExit, GeneratorExit)
_REPORT = "this is a defect of stimproof; please report it with the output of 'stimproof --debug …'"


class Boundary:
    """Context manager that ends a command with the exit status which its exception stands for.

    ``last_line`` is printed to standard output after the message; the gate says there that nothing passed.
    """

    def __init__(self, *, debug: bool, as_json: bool, last_line: str = "") -> None:
        self.debug = debug
        self.as_json = as_json
        self.last_line = last_line

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        unwritable = _flush()
        if unwritable is not None:
            _let_go_of_output()
        if error is None or isinstance(error, _OWN_WAY_OUT):
            error = unwritable
        if error is None:
            return
        if self.debug:
            traceback.print_exception(error)
        if isinstance(error, BrokenPipeError):
            raise typer.Exit(Status.BROKEN_PIPE) from None
        self._tell(error)
        raise typer.Exit(status_of(error)) from None

    def _tell(self, error: BaseException) -> None:
        sys.stderr.write(plain(message(error)) + "\n")
        if self.as_json:
            sys.stdout.write(json.dumps(_as_json(error), indent=2) + "\n")
        elif self.last_line:
            sys.stdout.write(f"{self.last_line} (exit status {int(status_of(error))})\n")


def status_of(error: BaseException) -> Status:
    """Return the exit status that an exception stands for."""
    if isinstance(error, KeyboardInterrupt):
        return Status.INTERRUPTED
    if isinstance(error, InternalError):
        return Status.INCONCLUSIVE
    return Status.INVALID if isinstance(error, StimproofError | OSError) else Status.INCONCLUSIVE


def message(error: BaseException) -> str:
    """Return what the person at the terminal reads about an exception."""
    if isinstance(error, KeyboardInterrupt):
        return "stimproof: interrupted"
    if isinstance(error, AuthorError):
        errors = sum(finding.weight.value == "error" for finding in error.findings)
        return f"{error}\n{errors} error{'' if errors == 1 else 's'}"
    if isinstance(error, InternalError):
        return f"stimproof: internal error: {error}\n{_REPORT}"
    if isinstance(error, StimproofError):
        return f"stimproof: {error}"
    if isinstance(error, OSError):
        where = f"'{error.filename}': " if error.filename else ""
        return f"stimproof: {where}{error.strerror or error}"
    first = (str(error).splitlines() or [""])[0]
    return f"stimproof: internal error: {type(error).__name__}: {first}\n{_REPORT}"


def _as_json(error: BaseException) -> dict[str, Any]:
    findings = error.findings if isinstance(error, AuthorError) else ()
    return {
        "schema": "stimproof.error/1",
        "status": int(status_of(error)),
        "error": message(error),
        "findings": [finding.as_json() for finding in findings],
    }


def _flush() -> OSError | None:
    """Write out what is buffered while a closed pipe or a full disk can still be handled."""
    try:
        sys.stdout.flush()
    except OSError as error:
        return error
    return None


def _let_go_of_output() -> None:
    """Point standard output at nothing, so that the interpreter's last flush cannot fail."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
