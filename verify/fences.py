"""Fences around processes of our own: what memory they may use, and how they are started and ended."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

MEMORY = 4 << 30
"""Bytes of address space for each process of our own; one that needs more fails alone."""
FENCE = 3600
"""Seconds of real time for one obligation in a process of our own: the last fence, far behind the budgets."""


def fenced(memory: int) -> None:
    """Limit the memory of this process, and let an alarm end it even inside a solver."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    end_silently()


def end_silently() -> None:
    """Let an interrupt or a request to terminate end this process without a word; its parent has one."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def starting() -> Iterator[None]:
    """Let an interrupt wait while this is entered, and in processes that are started until they can end."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
