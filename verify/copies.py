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
from multiprocessing import get_context
from typing import TYPE_CHECKING

from stimproof.verify import workers

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

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
    """Share the obligations among this process and copies of it, ``count`` together.

    The processes take numbers of pieces of work from a pipe, so that none is idle while there is work.
    """
    pieces = range((len(obligations) + PIECE - 1) // PIECE)
    take, give = os.pipe()
    os.write(give, b"".join(piece.to_bytes(WIDTH, "big") for piece in pieces))
    os.close(give)
    known: dict[str, Decided] = {}
    with os.fdopen(take, "rb", buffering=0) as queue:
        others = [_Copy(specification, obligations, terms, queue.fileno()) for _ in range(count - 1)]
        try:
            mine = _told(_taken(queue.fileno(), obligations), obligations, tell)
            answers = list(workers.decide(specification, mine, terms))
            for found in (answers, *(other.answers() for other in others)):
                known.update((decided[0].obligation.id, decided) for decided in found)
        finally:
            for other in others:
                other.end()
    lost = [item for item in obligations if item.id not in known]
    for decided in workers.one_by_one(specification, lost, terms):
        known[decided[0].obligation.id] = decided
    return [known[obligation.id] for obligation in obligations]


def _taken(queue: int, obligations: Sequence[Obligation]) -> Iterator[Obligation]:
    """Yield obligations whose pieces nobody else has taken, until all are."""
    while piece := os.read(queue, WIDTH):
        start = int.from_bytes(piece, "big") * PIECE
        yield from obligations[start : start + PIECE]


def _told(
    taken: Iterator[Obligation], obligations: Sequence[Obligation], tell: Progress
) -> Iterator[Obligation]:
    """Yield obligations, and tell of each before it is begun; those before it are done, or in other hands."""
    places = {item.id: place for place, item in enumerate(obligations)}
    for item in taken:
        tell(places[item.id], len(obligations), item.id)
        yield item


class _Copy:
    """A forked copy of this process at work; it answers once, when nothing is left to take."""

    def __init__(
        self, specification: Specification, obligations: Sequence[Obligation], terms: Terms, queue: int
    ) -> None:
        context = get_context("fork")
        self._receiver, sender = context.Pipe(duplex=False)
        asked = (specification, obligations, terms, queue, sender)
        self._process = context.Process(target=_work, args=asked, daemon=True)
        self._process.start()
        sender.close()

    def answers(self) -> list[Decided]:
        """Return what the copy decided; nothing where it ended before it could tell."""
        try:
            found: list[Decided] = self._receiver.recv()
        except (EOFError, OSError):
            return []
        return found

    def end(self) -> None:
        """End the copy, whatever it is doing."""
        self._receiver.close()
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
    answer.send(list(workers.decide(specification, _fenced(_taken(queue, obligations)), terms)))


def _fenced(taken: Iterator[Obligation]) -> Iterator[Obligation]:
    """Yield obligations, and let an alarm end this process if one of them takes far too long."""
    for item in taken:
        signal.alarm(workers.FENCE)
        yield item
    signal.alarm(0)
