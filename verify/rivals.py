"""An engine that runs beside others: in a copy of the process, where a processor has nothing else to do.

Towards the end of a run there are fewer claims than processors. Then the last and most expensive engine of a
hard claim begins while the ones before it are still at work. Which answer counts is decided by the order of
the engines and never by the clock: an engine whose turn comes is waited for, and one whose turn does not come
is ended. So it does not matter for any answer whether there was a processor.
"""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from mmap import mmap
from multiprocessing import Pipe
from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar

from stimproof.isolation import end_with
from stimproof.verify.fences import FENCE
from stimproof.verify.solver import GaveUpError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from types import TracebackType

T = TypeVar("T")


class Places:
    """The processors that copies of one process share: a mark for each copy at work, and for its rival.

    One may be ``reserved`` for something else, until it is released.
    """

    def __init__(self, copies: int, processors: int, *, reserved: bool = False) -> None:
        self._marks, self._processors = mmap(-1, 2 * copies + 1), processors
        self._marks[-1] = reserved

    def release(self) -> None:
        """Give the reserved processor to whoever needs one."""
        self._marks[-1] = False

    def place(self, number: int) -> Place:
        """Return the place of one copy."""
        return Place(self, number)

    def mark(self, number: int, *, taken: bool) -> None:
        """Say whether somebody is at work."""
        self._marks[number] = taken

    @property
    def free(self) -> bool:
        """Whether a processor has nothing to do, as far as these copies know."""
        return sum(self._marks[:]) < self._processors


class Place:
    """What one copy knows of the others, and tells them of itself."""

    def __init__(self, places: Places, number: int) -> None:
        self._places, self._number = places, 2 * number

    @property
    def free(self) -> bool:
        """Whether a processor has nothing to do."""
        return self._places.free

    def taken(self, *, taken: bool, rival: bool = False) -> None:
        """Say that this copy, or its rival, is at work or has ended."""
        self._places.mark(self._number + rival, taken=taken)

    def left(self) -> None:
        """Say for a copy that has ended that it, and what it had begun, needs no processor any more."""
        self.taken(taken=False)
        self.taken(taken=False, rival=True)


class Rival(Generic[T]):
    """Some work that may be needed later, begun at once where a processor is free, and else when it is."""

    def __init__(self, work: Callable[[], T], place: Place | None) -> None:
        self._work, self._place = work, place
        self._process = 0
        self._receiver: Connection[Any, Any] | None = None
        if place is not None and place.free:
            self._begin(place)

    def _begin(self, place: Place) -> None:
        parent = os.getpid()
        # Where the system has no room for another process, the work is done when it is needed.
        with suppress(OSError):
            self._receiver, sender = Pipe(duplex=False)
            with sender:
                place.taken(taken=True, rival=True)
                self._process = os.fork()
                if not self._process:
                    _run(self._work, sender, parent)

    def result(self) -> T:
        """Return what the work gives.

        Raises:
            GaveUpError: the work gives up.
        """
        if self._process and self._receiver is not None:
            # What ends without an answer is tried again here, where whatever it was happens again.
            with suppress(EOFError, OSError):
                answer, problem = self._receiver.recv()
                self._end()  # it needs its processor no more
                if problem is not None:
                    raise GaveUpError(problem)
                found: T = answer
                return found
            self._end()
        return self._work()

    def _end(self) -> None:
        """End the process, whatever it is doing, and give its place back."""
        if self._receiver is not None:
            self._receiver.close()
        if self._place is not None:
            self._place.taken(taken=False, rival=True)
        if self._process:
            # Where the system reaps processes by itself, it may be gone.
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._process, signal.SIGKILL)
                os.waitpid(self._process, 0)
            self._process = 0

    def __enter__(self) -> Rival[T]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the work, whatever it is doing."""
        self._end()


def _run(work: Callable[[], object], answer: Connection[Any, Any], parent: int) -> NoReturn:
    try:
        end_with(parent)
        signal.alarm(FENCE)
        gc.freeze()
        try:
            answer.send((work(), None))
        except GaveUpError as problem:
            answer.send((None, str(problem)))
    finally:
        os._exit(0)
