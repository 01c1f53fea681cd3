"""Specifications that were changed on purpose, verified again, and their evidence read back.

What a device would be without a control, or with a fault, is a specification like any other: the same engines
prove it, and its certificates and runs stand in a folder of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from stimproof.verify import workers

if TYPE_CHECKING:
    from pathlib import Path

    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Obligation, Result, Verification

Again = Callable[["Specification", Sequence[str]], "Verification"]
"""Verifies some obligations of a changed specification."""


@contextmanager
def verifying(*, budget: int | None, jobs: int, cache: Path | None) -> Iterator[Again]:
    """Yield what verifies one specification after another, by the same workers."""
    from stimproof.verify.run import verify

    pool = workers.processes(jobs) if jobs > 1 else None

    def again(changed: Specification, names: Sequence[str]) -> Verification:
        return verify(
            changed, only=names, budget=budget, jobs=jobs, executor=pool, cache=cache, sheltered=True
        )

    try:
        yield again
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def read_again(
    changed: Specification,
    wanted: Mapping[str, Obligation],
    entries: Sequence[Mapping[str, Any]],
    folder: str,
    files: Mapping[str, str],
) -> tuple[tuple[Result, ...], list[str], set[str]]:
    """Return stated results about a changed specification that their evidence confirms.

    ``entries`` are the stated results, ``folder`` (with its slash) is where their evidence stands among the
    ``files``. With them come every problem in words, and the files that were read; where there is a problem,
    no result counts.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: the data is not what stimproof writes.
    """
    from stimproof.verify.evidence import EvidenceCheck
    from stimproof.verify.stored import verification as stored

    own = {path.removeprefix(folder): text for path, text in files.items() if path.startswith(folder)}
    check = EvidenceCheck(changed, own)
    told = {str(entry["id"]): entry for entry in entries}
    problems = [f"{name}: no result is stated" for name in wanted if name not in told]
    problems += [f"{name}: nobody asked for it" for name in told if name not in wanted]
    problems += [
        f"{name}: {text}" for name in wanted if name in told for text in check.check(wanted[name], told[name])
    ]
    if problems:
        return (), problems, {folder + path for path in own}
    data = {"obligations": entries, "tool": {"solvers": {}, "version": ""}, "findings": []}
    return stored(changed, data, own).results, [], {folder + path for path in check.used}
