"""A process of its own for what may crash: a solver that dies ends its process, not the answer to the caller.

The solvers are libraries of native code. Where one of them fails, Python is given nothing to catch, so the
work is done in a copy of the process, which costs about a millisecond as long as little is loaded.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from stimproof.specs.errors import InternalError

if TYPE_CHECKING:
    from types import FrameType

_ASKED = (signal.SIGINT, signal.SIGTERM)
MOST = 8
"""Processes at most that are at work where nobody has said how many."""
_SET_PARENT_DEATH_SIGNAL = 1
"""The option of Linux's ``prctl`` by which a process asks to end with its parent."""


def copyable() -> bool:
    """Return whether this process can be copied, and the copy go on with what is loaded.

    One with threads may hold what a copy waits for in vain; a daemon of :mod:`multiprocessing` may have no
    children.
    """
    from multiprocessing import current_process

    return sys.platform == "linux" and threading.active_count() == 1 and not current_process().daemon


def processors() -> int:
    """Return how many processes may be at work where nobody has said it: one where none can be copied."""
    return min(MOST, len(os.sched_getaffinity(0))) if copyable() else 1


def isolate() -> None:
    """Go on in a child process; this one waits for it and ends as it ended.

    Where processes cannot be copied, the work goes on in this one.

    Raises:
        InternalError: in the waiting process, when something else than a request ended the child.
    """
    if not hasattr(os, "fork"):
        return
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    child = os.fork()
    if child:
        _end_as(child)
    end_with(parent)


def end_with(parent: int) -> None:
    """Let this process be killed when its parent is: nobody else would stop it."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _end_as(child: int) -> None:
    """Wait for a child, hand on to it what this process is asked, and end in the same way."""

    def hand_on(number: int, _frame: FrameType | None) -> None:
        # It may have ended by the same request a moment ago.
        with suppress(ProcessLookupError):
            os.kill(child, number)

    for number in _ASKED:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, hand_on)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        os._exit(code)
    if -code in _ASKED:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    raise InternalError(f"a solver has crashed or was stopped by the system ({signal.Signals(-code).name})")
