"""The process's start: ``stimproof`` and ``python -m stimproof``.

A question about one VMT-LIB model is answered without loading the command line; all else goes there.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import FrameType

COLLECT_AFTER = 100_000
"""New objects before Python looks for cycles among them: terms and models are large and hold none."""
INTERRUPTED = 130
"""As :class:`stimproof.status.Status` has it, which takes longer to load than there may be time."""


def main() -> None:
    """Run the command that the process's arguments ask for."""
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    _complete_streams()
    # A command tells of an interrupt itself; before there is one, importing may swallow the exception.
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)
    answer = _answer()
    signal.signal(signal.SIGINT, usual)
    answer()


def _answer() -> Callable[[], None]:
    """Load what answers the command line."""
    if len(sys.argv) > 2 and any(word.endswith(".vmt") for word in sys.argv[2:]):
        from stimproof import models

        call = models.parsed(sys.argv[1:])
        if call is not None:
            return partial(models.main, call)
    from stimproof.cli import main as commands

    return commands


def _interrupted(_number: int, _frame: FrameType | None) -> NoReturn:
    """End the process: nothing is half-written yet."""
    os.write(2, b"stimproof: interrupted\n")
    os._exit(INTERRUPTED)


def _complete_streams() -> None:
    """Open standard streams that the caller has closed, so that no file or pipe of ours takes their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


if __name__ == "__main__":
    main()
