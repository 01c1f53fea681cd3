"""Obligations decided one after another, or side by side in processes of their own.

Each obligation is decided in a solver context of its own, so that neither the order of work nor the number
of workers changes a verdict or a byte of its evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TYPE_CHECKING

from stimproof.verify.machine import MachineProver
from stimproof.verify.parameters import ParameterProver
from stimproof.verify.results import Obligation, Result, Verdict

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification

Decided = tuple[Result, dict[str, str]]
Progress = Callable[[int, int, str], None]
CHUNKS_PER_WORKER = 6
"""Chunks are small enough to share the work evenly, and large enough to pay for encoding the device."""


def decide(specification: Specification, obligations: Sequence[Obligation], budget: int) -> Iterator[Decided]:
    """Yield the result of each obligation in order, with the text of its evidence by path.

    A prover may have written evidence for an answer that it then gave up; only what the result refers to
    is kept.
    """
    provers = ParameterProver(specification, budget), MachineProver(specification, budget)
    for obligation in obligations:
        prover = provers[0] if obligation.id.startswith("limits.") else provers[1]
        prover.files = {}
        result = prover.decide(obligation)
        yield result, {path: text for path, text in prover.files.items() if path in result.files}


def alone(
    specification: Specification, obligations: Sequence[Obligation], budget: int, tell: Progress
) -> list[Decided]:
    """Decide everything in this process; ``tell`` hears of each obligation before it is begun."""
    decided: list[Decided] = []
    work = decide(specification, obligations, budget)
    for number, obligation in enumerate(obligations):
        tell(number, len(obligations), obligation.id)
        decided.append(next(work))
    return decided


def together(
    specification: Specification, obligations: Sequence[Obligation], budget: int, jobs: int, tell: Progress
) -> list[Decided]:
    """Decide everything in ``jobs`` processes; what a process that dies has not answered is an error."""
    size = max(1, len(obligations) // (jobs * CHUNKS_PER_WORKER))
    chunks = [obligations[start : start + size] for start in range(0, len(obligations), size)]
    known: dict[str, Decided] = {}
    # A forked copy of a process that has used a solver or a thread is not safe; a fresh one is.
    pool = ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn"))
    try:
        futures = {pool.submit(_chunk, specification, chunk, budget): chunk for chunk in chunks}
        for future in as_completed(futures):
            known.update({item[0].obligation.id: item for item in _answers(future, futures[future])})
            tell(len(known), len(obligations), futures[future][-1].id)
    finally:
        pool.shutdown(cancel_futures=True)
    return [known[obligation.id] for obligation in obligations]


def _chunk(specification: Specification, obligations: Sequence[Obligation], budget: int) -> list[Decided]:
    return list(decide(specification, obligations, budget))


def _answers(future: Future[list[Decided]], chunk: Sequence[Obligation]) -> list[Decided]:
    try:
        return future.result()
    except BrokenProcessPool:
        reason = "a worker process ended before it answered"
        return [(Result(obligation, Verdict.ERROR, "worker", 0, reason), {}) for obligation in chunk]
