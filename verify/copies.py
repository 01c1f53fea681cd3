"""Obligations whose answers a cache holds, shared among copies of this process.

What is recalled needs no search, only to be checked again: many short pieces of work, for which starting
fresh processes would take longer than the work itself. A forked copy starts at once and knows the
specification already. As everywhere, each obligation is decided by itself, so that it does not matter who
decides it; what a copy does not answer is asked once more in a fresh process.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from itertools import chain
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING

from stimproof.verify import workers

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.cache import Cache
    from stimproof.verify.results import Obligation
    from stimproof.verify.workers import Decided, Progress, Terms

MOST, LEAST, TOO_MANY = 8, 16, 50_000
"""Processes at most; obligations for which one is worth making; and obligations that no pipe can number."""
PIECE, WIDTH = 4, 2
"""Obligations that are taken at a time, neighbours that share scripts; bytes that number such a piece."""


def sensible(obligations: Sequence[Obligation], cache: Cache | None) -> int:
    """Return how many processes should share obligations: one where copies are unsafe or nothing is known."""
    # A copy of a process with threads may wait for ever for what one of them held.
    if cache is None or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    if len(cache) < len(obligations) // 2 or len(obligations) > TOO_MANY:
        return 1
    return max(1, min(MOST, len(os.sched_getaffinity(0)), len(obligations) // LEAST))


def shared(
    specification: Specification, obligations: Sequence[Obligation], terms: Terms, tell: Progress, count: int
) -> list[Decided]:
    """Share the obligations among ``count`` copies of this process; ``tell`` hears of each when it is done.

    The copies take numbers of pieces of work from a pipe, so that none is idle while there is work.
    """
    pieces = range((len(obligations) + PIECE - 1) // PIECE)
    take, give = os.pipe()
    os.write(give, b"".join(piece.to_bytes(WIDTH, "big") for piece in pieces))
    os.close(give)
    known: dict[str, Decided] = {}
    with os.fdopen(take, "rb", buffering=0) as queue:
        copies = [_Copy(specification, obligations, terms, queue.fileno()) for _ in range(count)]
        try:
            lost = (item for item in obligations if item.id not in known)
            # What is lost is looked at only once all that the copies answer is known.
            for decided in chain(_answers(copies), workers.one_by_one(specification, lost, terms)):
                known[decided[0].obligation.id] = decided
                tell(len(known), len(obligations), decided[0].obligation.id)
        finally:
            for copy in copies:
                copy.end()
    return [known[obligation.id] for obligation in obligations]


def _answers(copies: Sequence[_Copy]) -> Iterator[Decided]:
    """Yield what copies decide, as it comes; one that ends too early has answered less."""
    working = [copy.receiver for copy in copies]
    while working:
        for receiver in wait(working):
            assert isinstance(receiver, Connection)
            try:
                yield receiver.recv()
            except (EOFError, OSError):
                working.remove(receiver)


def _taken(queue: int, obligations: Sequence[Obligation]) -> Iterator[Obligation]:
    """Yield obligations whose pieces nobody else has taken, until all are."""
    while piece := os.read(queue, WIDTH):
        start = int.from_bytes(piece, "big") * PIECE
        yield from obligations[start : start + PIECE]


class _Copy:
    """A forked copy of this process at work; what it decides comes through ``receiver``."""

    def __init__(
        self, specification: Specification, obligations: Sequence[Obligation], terms: Terms, queue: int
    ) -> None:
        context = get_context("fork")
        self.receiver, sender = context.Pipe(duplex=False)
        asked = (specification, obligations, terms, queue, sender)
        self._process = context.Process(target=_work, args=asked, daemon=True)
        self._process.start()
        sender.close()

    def end(self) -> None:
        """End the copy, whatever it is doing."""
        self.receiver.close()
        self._process.kill()
        self._process.join()


def _work(
    specification: Specification,
    obligations: Sequence[Obligation],
    terms: Terms,
    queue: int,
    answer: Connection,
) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    workers.fenced(workers.MEMORY)
    for decided in workers.decide(specification, _fenced(_taken(queue, obligations)), terms):
        answer.send(decided)


def _fenced(taken: Iterator[Obligation]) -> Iterator[Obligation]:
    """Yield obligations, and let an alarm end this process if one of them takes far too long."""
    for item in taken:
        signal.alarm(workers.FENCE)
        yield item
    signal.alarm(0)
