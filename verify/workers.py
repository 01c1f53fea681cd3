"""Obligations decided one after another, or side by side by the workers of any executor.

Each obligation is decided in a solver context of its own, so that neither the order of work nor the number
of workers changes a verdict or a byte of its evidence. What a worker did not answer, because it died, hung
or ran out of memory, is asked once more in a process that has nothing else to do: so one obligation that
kills its worker costs one ``error`` and no other verdict.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from typing import TYPE_CHECKING

from stimproof.verify.fences import FENCE, MEMORY, fenced, starting
from stimproof.verify.machine import MachineProver
from stimproof.verify.memory import Memory
from stimproof.verify.parameters import ParameterProver
from stimproof.verify.rechecks import Rechecks
from stimproof.verify.results import Obligation, Result, Verdict

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.cache import Cache
    from stimproof.verify.rechecks import Ahead
    from stimproof.verify.rivals import Place

Decided = tuple[Result, dict[str, str]]
Progress = Callable[[int, int, str], None]
CHUNKS_PER_WORKER = 6
"""Chunks are small enough to share the work evenly, and large enough to pay for encoding the device."""


@dataclass(frozen=True)
class Beside:
    """What a worker shares with those beside it: re-checks that were begun ahead, and the processors."""

    ahead: Ahead | None = None
    place: Place | None = None


@dataclass(frozen=True)
class Terms:
    """How obligations are decided, whoever does it: the budget of a question, and what is remembered."""

    budget: int
    cache: Cache | None = None


def decide(
    specification: Specification,
    obligations: Iterable[Obligation],
    terms: Terms,
    beside: Beside | None = None,
) -> Iterator[Decided]:
    """Yield the result of each obligation in order, with the text of its evidence by path.

    A prover may have written evidence for an answer that it then gave up; only what the result refers to
    is kept. A prover is made when there is something for it to do.
    """
    beside = beside or Beside()
    memory = Memory(terms.cache, terms.budget, Rechecks(beside.ahead))
    limits: ParameterProver | None = None
    machines: MachineProver | None = None
    for obligation in obligations:
        prover: ParameterProver | MachineProver
        if obligation.id.startswith("limits."):
            prover = limits = limits or ParameterProver(specification, terms.budget, memory)
        else:
            prover = machines = machines or MachineProver(specification, terms.budget, memory, beside.place)
        prover.files = {}
        result = prover.decide(obligation)
        yield result, {path: text for path, text in prover.files.items() if path in result.files}


def alone(
    specification: Specification, obligations: Sequence[Obligation], terms: Terms, tell: Progress
) -> list[Decided]:
    """Decide everything in this process; ``tell`` hears of each obligation before it is begun."""
    decided: list[Decided] = []
    work = decide(specification, obligations, terms)
    for number, obligation in enumerate(obligations):
        tell(number, len(obligations), obligation.id)
        decided.append(next(work))
    return decided


def processes(jobs: int) -> Executor:
    """Return an executor of processes of our own, each behind its fences."""
    # A forked copy of a process that has used a solver or a thread is not safe; a fresh one is.
    return ProcessPoolExecutor(jobs, get_context("spawn"), fenced, (MEMORY,))


def together(
    specification: Specification,
    obligations: Sequence[Obligation],
    terms: Terms,
    tell: Progress,
    executor: Executor,
    jobs: int,
) -> list[Decided]:
    """Share the obligations among the workers of an executor of any kind, which stays open."""
    size = max(1, len(obligations) // (jobs * CHUNKS_PER_WORKER))
    chunks = [obligations[start : start + size] for start in range(0, len(obligations), size)]
    known: dict[str, Decided] = {}
    answers = _answers(specification, chunks, terms, executor)
    lost = (item for item in obligations if item.id not in known)
    # What is lost is looked at only once all that the executor answers is known.
    for decided in chain(answers, one_by_one(specification, lost, terms)):
        known[decided[0].obligation.id] = decided
        tell(len(known), len(obligations), decided[0].obligation.id)
    return [known[obligation.id] for obligation in obligations]


def _answers(
    specification: Specification, chunks: Sequence[Sequence[Obligation]], terms: Terms, executor: Executor
) -> Iterator[Decided]:
    """Yield what an executor answers, as it comes; a chunk that fails is not answered."""
    fence = FENCE if isinstance(executor, ProcessPoolExecutor) else 0
    futures: list[Future[list[Decided]]] = []
    try:
        with suppress(BrokenExecutor), starting():
            for chunk in chunks:
                futures.append(executor.submit(_chunk, specification, chunk, terms, fence))
        for future in as_completed(futures):
            if future.exception() is None:
                yield from future.result()
    finally:
        for future in futures:
            future.cancel()


def one_by_one(
    specification: Specification, obligations: Iterable[Obligation], terms: Terms
) -> Iterator[Decided]:
    """Yield the result of each obligation from a process that has no other to answer for."""
    pool: Executor | None = None
    try:
        for obligation in obligations:
            pool = pool or processes(1)
            with starting():
                future = pool.submit(_chunk, specification, [obligation], terms, FENCE)
            problem = future.exception()
            if problem is None:
                yield future.result()[0]
                continue
            yield Result(obligation, Verdict.ERROR, "worker", 0, _reason(problem)), {}
            pool.shutdown()
            pool = None
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _chunk(
    specification: Specification, obligations: Sequence[Obligation], terms: Terms, fence: int
) -> list[Decided]:
    decided: list[Decided] = []
    work = decide(specification, obligations, terms)
    for _ in obligations:
        if fence:
            signal.alarm(fence)
        decided.append(next(work))
    if fence:
        signal.alarm(0)
    return decided


def _reason(problem: BaseException) -> str:
    if isinstance(problem, BrokenExecutor):
        return (
            "its worker process ended before it answered: it crashed, needed more than "
            f"{MEMORY >> 30} GiB of memory, or took longer than {FENCE} s"
        )
    return f"its worker failed: {type(problem).__name__}: {problem}"
