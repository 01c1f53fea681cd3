"""Verification of a whole specification: each obligation decided, evidence gathered, nothing assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from stimproof.isolation import copyable, processors
from stimproof.specs.errors import OperatorError
from stimproof.verify import copies, recheck, rechecks, solver, workers
from stimproof.verify.cache import Cache
from stimproof.verify.obligations import obligations
from stimproof.verify.remarks import remarks
from stimproof.verify.results import Obligation, Result, Verification, leans_on

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path

    from stimproof.specs.specification import Specification
    from stimproof.verify.rechecks import Ahead
    from stimproof.verify.workers import Progress

DEFAULT_BUDGET = 50_000_000
"""z3 resource units for each question (deterministic, not seconds)."""


def verify(
    specification: Specification,
    *,
    only: Sequence[str] = (),
    budget: int | None = None,
    jobs: int | None = 1,
    executor: Executor | None = None,
    cache: Path | None = None,
    cores: bool = False,
    sheltered: bool = False,
    ahead: Ahead | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Decide the obligations of a specification.

    Args:
        specification: what is verified.
        only: ids, or prefixes of ids that end with a dot or at a dot, to restrict the work to.
        budget: solver resource units for each question; what cannot be decided within is ``unknown``.
        jobs: how many workers share the work; neither a verdict nor its evidence depends on it. ``None``
            makes as many copies of this process as there are processors (:mod:`.copies`).
        executor: the workers, of any :mod:`concurrent.futures` kind, which stay the caller's to shut down;
            without it and with more than one job, processes of our own.
        cache: a folder in which to look for, and to keep, what answers the solvers' questions; whatever
            stands there is checked again before it counts.
        cores: whether to find out, for each proof, which elements of the specification it needs.
        sheltered: whether workers are copies of this process, and one alone, too, is a process of its own;
            not where this process has threads.
        ahead: re-checks that were begun before the specification was read (:mod:`.rechecks`).
        progress: called with how many obligations are done, how many there are, and the id of one.

    Raises:
        OperatorError: ``only`` names nothing.
    """
    chosen = _chosen(obligations(specification), only)
    terms = workers.Terms(DEFAULT_BUDGET if budget is None else budget, _usable(cache))
    tell = progress or (lambda done, total, what: None)
    decided = _decided(specification, chosen, terms, tell, jobs, executor, ahead, sheltered=sheltered)
    results = leaning([result for result, _ in decided])
    results = _said(specification, results)
    files = {path: text for _, written in decided for path, text in written.items()}
    if terms.cache is not None and not only and not specification.changed:
        rechecks.leave(terms.cache, files, ahead)
    if cores:
        from stimproof.verify.cores import with_cores

        results = with_cores(specification, results, files, terms.budget)
    solvers = {"z3": solver.name(), "cvc5": recheck.name()}
    found = () if only else remarks(specification, results)
    return Verification(specification, tuple(results), solvers, version("stimproof"), files, found)


def _said(specification: Specification, results: Sequence[Result]) -> list[Result]:
    """Return the results; in the ledger of each, what was changed in the specification comes first."""
    changes = tuple(item.text for item in specification.changed)
    return [replace(item, assumptions=(*changes, *item.assumptions)) for item in results]


def _decided(
    specification: Specification,
    chosen: Sequence[Obligation],
    terms: workers.Terms,
    tell: Progress,
    jobs: int | None,
    executor: Executor | None,
    ahead: Ahead | None,
    *,
    sheltered: bool,
) -> list[workers.Decided]:
    if executor is not None:
        return workers.together(specification, chosen, terms, tell, executor, jobs or 1)
    # What re-checks ahead is one of the processes that somebody allowed.
    count = max(1, jobs - (ahead is not None)) if jobs else copies.sensible(chosen, ahead)
    if copyable() and (sheltered or (jobs is None and count > 1)):
        most = jobs or processors()
        return copies.shared(specification, chosen, terms, tell, count, most, ahead)
    if jobs is None or jobs == 1 or len(chosen) < 2:
        return workers.alone(specification, chosen, terms, tell)
    pool = workers.processes(jobs)
    try:
        return workers.together(specification, chosen, terms, tell, pool, jobs)
    finally:
        pool.shutdown(cancel_futures=True)


def _usable(folder: Path | None) -> Cache | None:
    cache = None if folder is None else Cache(folder)
    return None if cache is None or cache.prepare() else cache


def _chosen(found: Sequence[Obligation], only: Sequence[str]) -> list[Obligation]:
    for name in only:
        if not any(_matches(obligation.id, name) for obligation in found):
            raise OperatorError(
                f"no obligation is called '{name}'; 'stimproof verify' without --only lists them all"
            )
    return [
        obligation for obligation in found if not only or any(_matches(obligation.id, name) for name in only)
    ]


def _matches(identity: str, name: str) -> bool:
    return identity == name or identity.startswith(f"{name.rstrip('.')}.")


def leaning(results: Sequence[Result]) -> list[Result]:
    """Return the results with a note in the ledger of each that leans on an obligation that is not proved."""
    verdicts = {result.obligation.id: result.verdict.value for result in results}
    return [
        replace(result, assumptions=(*result.assumptions, *leans_on(result.obligation, verdicts)))
        for result in results
    ]
