"""Re-checks that are shared: one answer of the second solver for each text, whoever asked for it first.

A run that finds its answers in a cache spends most of its time in the second solver, on the same scripts as
the run before. So a process of its own begins with these as soon as the command is known, while this one
still loads the engines and reads the specification. Nothing of the former run is believed: which scripts are
needed is found out from the specification, as ever, and one counts as confirmed only where the second solver
has answered exactly this text in this run. What was not needed after all was work in vain.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from mmap import mmap
from multiprocessing import get_context
from typing import TYPE_CHECKING, NoReturn

from stimproof.isolation import end_with, processors
from stimproof.verify.fences import MEMORY, fenced, starting

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from stimproof.verify.cache import Cache
    from stimproof.verify.recheck import Recheck

ENTRY = "rechecks"
"""The name of the cache's entry that holds the scripts of the last run."""
MOST = 3_000_000
"""Characters of scripts that are kept for the next run; with its signs for new lines, a cache reads an entry
of about so much."""
_BEGUN, _CONFIRMED = 1, 2


class Ahead:
    """Scripts that are answered ahead of being asked, by a process that shares nothing but a mark for each.

    Every mark may be set by any process and is only ever about one exact text. Two that begin with the same
    script at the same moment both answer it.
    """

    def __init__(self, scripts: Sequence[str]) -> None:
        self.scripts = tuple(dict.fromkeys(scripts))
        self._numbers = {script: number for number, script in enumerate(self.scripts)}
        self._marks = mmap(-1, max(1, len(self.scripts)))
        self._process: BaseProcess | None = None

    def confirmed(self, script: str) -> bool:
        """Return whether the second solver has confirmed this text in this run."""
        number = self._numbers.get(script)
        return number is not None and self._marks[number] == _CONFIRMED

    def answer(self, script: str, titled: str = "") -> Recheck:
        """Ask the second solver about a text, which may have a title, and tell the others of it."""
        from stimproof.verify import recheck

        self._mark(script, _BEGUN)
        answer = recheck.run(titled or script)
        if answer.confirmed:
            self._mark(script, _CONFIRMED)
        return answer

    def _mark(self, script: str, mark: int) -> None:
        number = self._numbers.get(script)
        if number is not None:
            self._marks[number] = mark

    def start(self) -> None:
        """Start the process, where the system has room for one."""
        process = get_context("fork").Process(target=_work, args=(self, os.getpid()), daemon=True)
        with suppress(OSError), starting():
            process.start()
            self._process = process

    @property
    def ended(self) -> tuple[int, ...]:
        """What can be waited for to know that the process has ended; nothing where none was started."""
        return () if self._process is None else (self._process.sentinel,)

    def end(self) -> None:
        """End the process, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def open(self) -> Iterator[str]:
        """Yield the texts that nobody has begun with, the long ones, which take longest, first."""
        for script in sorted(self.scripts, key=len, reverse=True):
            if not self._marks[self._numbers[script]]:
                yield script


def _work(ahead: Ahead, parent: int) -> NoReturn:
    try:
        end_with(parent)
        fenced(MEMORY)
        for script in ahead.open():
            ahead.answer(script)
    finally:
        # Whoever needs an answer that does not come asks for it again.
        os._exit(0)


class Rechecks:
    """The second solver's answers within one process, and those that were given ahead."""

    def __init__(self, ahead: Ahead | None = None) -> None:
        self._ahead = ahead
        self._known: dict[str, Recheck] = {}

    def run(self, script: str) -> Recheck:
        """Return what the second solver says; scripts that differ in their title alone are run once."""
        asked = untitled(script)
        if asked not in self._known:
            self._known[asked] = self._answer(asked, script)
        return self._known[asked]

    def _answer(self, asked: str, script: str) -> Recheck:
        from stimproof.verify import recheck

        if self._ahead is None:
            return recheck.run(script)
        return recheck.CONFIRMED if self._ahead.confirmed(asked) else self._ahead.answer(asked, script)


def untitled(script: str) -> str:
    """Return a script without a comment in its first line, which says what it is about."""
    first, _, rest = script.partition("\n")
    return rest if first.startswith(";") else script


@contextmanager
def begun(cache: Cache | None) -> Iterator[Ahead | None]:
    """Begin with what the last run asked the second solver, where there is a processor for it.

    What was begun ends when this is left.
    """
    scripts = last(cache) if cache is not None and processors() > 1 else ()
    if not scripts:
        yield None
        return
    ahead = Ahead(scripts)
    try:
        ahead.start()
        yield ahead
    finally:
        ahead.end()


def last(cache: Cache) -> tuple[str, ...]:
    """Return the scripts that the last run has left; none where the entry is damaged."""
    found = cache.read(ENTRY)
    whole = isinstance(found, list) and all(isinstance(script, str) for script in found)
    return tuple(found) if whole else ()


def leave(cache: Cache, files: Mapping[str, str], ahead: Ahead | None) -> None:
    """Leave the scripts among the evidence to the next run, unless they are there already."""
    texts = dict.fromkeys(untitled(text) for path, text in files.items() if path.endswith(".smt2"))
    scripts = list(_within(texts, MOST))
    if scripts != list(ahead.scripts if ahead is not None else last(cache)):
        cache.write(ENTRY, scripts)


def _within(texts: Iterable[str], most: int) -> Iterator[str]:
    """Yield texts as long as all of them together have at most so many characters."""
    for text in texts:
        most -= len(text)
        if most < 0:
            return
        yield text
