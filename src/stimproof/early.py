"""Interrupts before a command has begun: loading it may swallow the exception, or end in a traceback."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
"""As :class:`stimproof.status.Status` has it, which takes longer to load than there may be time."""


def loading() -> None:
    """Let an interrupt end the process at once from now on: nothing is half-written yet."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)


def begun() -> None:
    """Let an interrupt be an exception again, of which the command that has begun tells itself."""
    if signal.getsignal(signal.SIGINT) is _interrupted:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _interrupted(_number: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, b"stimproof: interrupted\n")
    os._exit(INTERRUPTED)
