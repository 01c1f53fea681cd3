"""Obligations decided by copies of this process: by one, which may die of them, or by several.

The solvers are native code: one that crashes or exhausts its memory would take the run with it. A forked copy
starts within milliseconds and knows the specification already, so that one does the work even where there is
nothing to share, and several share what a cache answers, which are pieces of work shorter than the start of a
fresh process. As everywhere, each obligation is decided by itself, so that it does not matter who decides it;
what a copy does not answer is asked once more in a fresh process.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, NoReturn

from stimproof.isolation import copyable, end_with, processors
from stimproof.verify import workers
from stimproof.verify.fences import FENCE, MEMORY, fenced, starting
from stimproof.verify.rivals import Places

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from stimproof.specs.specification import Specification
    from stimproof.verify.rechecks import Ahead
    from stimproof.verify.results import Obligation
    from stimproof.verify.rivals import Place
    from stimproof.verify.workers import Decided, Progress, Terms

LEAST = 2
"""Obligations for which one more process is worth making."""
PIECE, PIECES, WIDTH = 4, 30_000, 2
"""Obligations that are taken at a time, neighbours that share scripts, fewer where that gives no even shares,
and more where there were too many pieces for a pipe to number; bytes of such a number."""


def sensible(obligations: Sequence[Obligation], ahead: Ahead | None = None) -> int:
    """Return how many processes should share obligations; what re-checks ``ahead`` is one more."""
    return max(1, min(processors() - (ahead is not None), len(obligations) // LEAST))


def shared(
    specification: Specification,
    obligations: Sequence[Obligation],
    terms: Terms,
    tell: Progress,
    count: int,
    most: int,
    ahead: Ahead | None = None,
) -> list[Decided]:
    """Share the obligations among ``count`` copies of this process; ``tell`` hears of each when it is done.

    They may begin with more than one thing at a time where fewer than ``most`` processes are at work.

    The copies take numbers of pieces of work from a pipe, so that none is idle while there is work. Where one
    dies, another goes on with what nobody has taken.
    """
    size = _size(len(obligations), count)
    pieces = [obligations[start : start + size] for start in range(0, len(obligations), size)]
    # What keeps one process busy by itself comes first: nobody should be left alone with it.
    order = sorted(range(len(pieces)), key=lambda number: not any(_lonely(item) for item in pieces[number]))
    known: dict[str, Decided] = {}
    with _queue(order) as queue:
        team = _Team(_Work(specification, obligations, terms, size, queue), len(pieces), most, ahead)
        try:
            if not team.begin(min(count, len(pieces))):
                return workers.alone(specification, obligations, terms, tell)
            lost = (item for item in obligations if item.id not in known)
            # What is lost is looked at only once all that the copies answer is known.
            for decided in chain(team.answers(), workers.one_by_one(specification, lost, terms)):
                known[decided[0].obligation.id] = decided
                tell(len(known), len(obligations), decided[0].obligation.id)
        finally:
            team.end()
    return [known[obligation.id] for obligation in obligations]


@contextmanager
def _queue(numbers: Sequence[int]) -> Iterator[int]:
    """Yield the end of a pipe from which processes take numbers of pieces."""
    take, give = os.pipe()
    os.write(give, b"".join(number.to_bytes(WIDTH, "big") for number in numbers))
    os.close(give)
    try:
        yield take
    finally:
        os.close(take)


@dataclass(frozen=True)
class _Work:
    """All that a copy knows, and the pipe from which it takes numbers of pieces of ``size`` obligations."""

    specification: Specification
    obligations: Sequence[Obligation]
    terms: Terms
    size: int
    queue: int

    def taken(self) -> Iterator[Obligation]:
        """Yield obligations whose pieces nobody else has taken, until all are."""
        while piece := os.read(self.queue, WIDTH):
            start = int.from_bytes(piece, "big") * self.size
            yield from self.obligations[start : start + self.size]


class _Team:
    """The copies at work, with new ones in place of those that die, and for a processor that becomes free."""

    def __init__(self, work: _Work, pieces: int, most: int, ahead: Ahead | None) -> None:
        self._work, self._spare, self._ahead = work, pieces, ahead
        self._copies: list[_Copy] = []
        # One for each that is begun with and for each piece of which one could die, and one that comes later.
        self._places = Places(2 * pieces + 1, most, reserved=ahead is not None)

    def begin(self, count: int) -> bool:
        """Make copies; return whether there are any: where the system has no room, fewer do the work."""
        while len(self._copies) < count and self._another():
            pass
        return bool(self._copies)

    def _another(self) -> _Copy | None:
        place = self._places.place(len(self._copies))
        with suppress(OSError):
            self._copies.append(_Copy(self._work, self._ahead, place))
            return self._copies[-1]
        return None

    def answers(self) -> Iterator[Decided]:
        """Yield what copies decide, as it comes."""
        working: dict[object, _Copy] = {copy.receiver: copy for copy in self._copies}
        freed = () if self._ahead is None else self._ahead.ended
        while working:
            wanted = 0
            for ready in wait([*(copy.receiver for copy in working.values()), *freed]):
                if ready in freed:
                    self._places.release()
                    freed, wanted = (), wanted + 1
                    continue
                try:
                    yield working[ready].receiver.recv()
                except (EOFError, OSError):
                    if working.pop(ready).died() and self._spare:
                        self._spare, wanted = self._spare - 1, wanted + 1
            for _ in range(wanted if copyable() else 0):
                made = self._another()
                if made is not None:
                    working[made.receiver] = made

    def end(self) -> None:
        """End all copies, whatever they are doing."""
        for copy in self._copies:
            copy.end()


def _lonely(obligation: Obligation) -> bool:
    """Return whether most of the work is looking at settings or at ways on, and no script for a solver."""
    return obligation.id.startswith("limits.") or obligation.kind in ("deadlock", "recovery")


def _size(number: int, count: int) -> int:
    """Return how many obligations are one piece of work."""
    even = min(PIECE, number // (count * workers.CHUNKS_PER_WORKER))
    return max(1, even, -(-number // PIECES))


class _Copy:
    """A forked copy of this process at work; what it decides comes through ``receiver``."""

    def __init__(self, work: _Work, ahead: Ahead | None, place: Place) -> None:
        context = get_context("fork")
        self.receiver, sender = context.Pipe(duplex=False)
        self._place = place
        asked = (work, ahead, place, sender, os.getpid())
        self._process = context.Process(target=_work, args=asked, daemon=True)
        with sender, starting():
            self._process.start()

    def died(self) -> bool:
        """Return whether the copy, which gives no more answers, ended before its work did."""
        self._process.join()
        self._place.left()
        return self._process.exitcode != 0

    def end(self) -> None:
        """End the copy, whatever it is doing."""
        self.receiver.close()
        self._process.kill()
        self._process.join()


def _work(work: _Work, ahead: Ahead | None, place: Place, answer: Connection, parent: int) -> NoReturn:
    status = 1
    try:
        gc.freeze()  # what is there already is no garbage, and to look at it would copy it
        end_with(parent)
        fenced(MEMORY)
        place.taken(taken=True)
        beside = workers.Beside(ahead, place)
        for decided in workers.decide(work.specification, _fenced(work.taken()), work.terms, beside):
            answer.send(decided)
        status = 0
    finally:
        # Whatever went wrong is tried again in a fresh process, which says what it is.
        os._exit(status)


def _fenced(taken: Iterator[Obligation]) -> Iterator[Obligation]:
    """Yield obligations, and let an alarm end this process if one of them takes far too long."""
    for item in taken:
        signal.alarm(FENCE)
        yield item
    signal.alarm(0)
