"""Interrupts that cannot get lost.

An exception that a signal handler raises inside a library's finaliser is swallowed, and ctypes turns one
that arrives while it converts arguments into its own error. The solvers' bindings do both all the time.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType, TracebackType

Handler = Callable[[int, "FrameType | None"], object]


class Interrupts:
    """While it is entered, remembers what was asked to stop; :meth:`check` and leaving it ask again."""

    def __init__(self) -> None:
        self._handlers: dict[int, Handler] = {}
        self._noticed: int | None = None

    def __enter__(self) -> Interrupts:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                handler = signal.getsignal(number)
                if callable(handler):
                    self._handlers[number] = handler
                    signal.signal(number, self._notice)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self.check()

    def check(self) -> None:
        """Raise what the handler of a noticed signal raises.

        Raises:
            KeyboardInterrupt: the user interrupted.
            SystemExit: the process is to terminate.
        """
        if self._noticed is not None:
            self._handlers[self._noticed](self._noticed, None)

    def _notice(self, number: int, frame: FrameType | None) -> None:
        self._noticed = number
        self._handlers[number](number, frame)
