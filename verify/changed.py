"""Specifications that were changed on purpose, verified again, and their evidence read back.

What a device would be without a control, or with a fault, is a specification like any other: the same engines
prove it, and its certificates and runs stand in a folder of their own. Ablation and faults differ in how they
change the specification and in what they conclude; everything else is here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from stimproof.verify import workers
from stimproof.verify.results import Obligation, Result, evidence_text

if TYPE_CHECKING:
    from pathlib import Path

    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Verification
    from stimproof.verify.workers import Progress

Again = Callable[["Specification", Sequence[str]], "Verification"]
"""Verifies some obligations of a changed specification."""
Stated = Mapping[str, Any]


class Judged(Protocol):
    """What a change shows about one obligation."""

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""


J = TypeVar("J", bound=Judged)
T = TypeVar("T")


@dataclass(frozen=True)
class Changes(Generic[J]):
    """What every change that was tried showed: the effects, the results with each, the evidence by path.

    ``found`` holds, for each change, the results about the changed specification; the paths in them are
    relative to the folder of the change, those of ``files`` are not. ``KEY`` says in data and in words that
    the specification is one *without* something, or *with* it.
    """

    SCHEMA: ClassVar[str]
    FILE: ClassVar[str]
    FOLDER: ClassVar[str]
    KEY: ClassVar[str]

    spec_sha256: str
    effects: tuple[J, ...] = ()
    found: Mapping[str, tuple[Result, ...]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def concluded(self) -> dict[str, Any]:
        """What follows from the results, as plain data."""
        return {
            "schema": self.SCHEMA,
            "spec_sha256": self.spec_sha256,
            "effects": [item.as_json() for item in self.effects],
        }

    def as_json(self) -> dict[str, Any]:
        """Return the content of ``FILE``."""
        results = {
            name: [result.as_json(timed=False) for result in found] for name, found in self.found.items()
        }
        return {**self.concluded, self.KEY: results}

    @property
    def evidence(self) -> dict[str, str]:
        """Return the text of every file of the evidence by path, ``FILE`` among them."""
        return {self.FILE: evidence_text(self.as_json()), **self.files} if self.effects else {}


C = TypeVar("C", bound=Changes[Any])


@dataclass(frozen=True)
class Changed:
    """A changed specification and what is asked about it; or why it could not be made."""

    specification: Specification | None
    asked: Mapping[str, Obligation] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Way(Generic[T, J, C]):
    """A way of changing specifications: how it names a trial, what it changes, and what it concludes.

    ``judged`` has the trial, what was found without the change, what was found with it, and why nothing
    could be. Without results and without a reason, the change left the specification as it was.
    """

    kind: type[C]
    name: Callable[[T], str]
    change: Callable[[Specification, T], Changed]
    judged: Callable[[T, Verification, Sequence[Result], str], Sequence[J]]

    def folder(self, trial: T) -> str:
        """Return where the evidence of a trial stands, with its slash."""
        return f"{self.kind.FOLDER}/{self.name(trial)}/"

    def made(self, specification: Specification, trial: T) -> Changed:
        """Return the changed specification, or none where nothing new is to be asked."""
        changed = self.change(specification, trial)
        same = changed.specification == specification or not changed.asked
        return Changed(None, {}, changed.reason) if same else changed

    def tried(
        self,
        verification: Verification,
        trials: Sequence[T],
        *,
        budget: int | None,
        jobs: int | None,
        cache: Path | None,
        progress: Progress | None,
    ) -> C:
        """Verify again what each change touches; ``progress`` hears of the next change before it is tried."""
        tell = progress or (lambda done, total, what: None)
        effects: list[J] = []
        found: dict[str, tuple[Result, ...]] = {}
        files: dict[str, str] = {}
        with verifying(budget=budget, jobs=jobs if trials else 1, cache=cache) as again:
            for number, trial in enumerate(trials):
                tell(number, len(trials), self.name(trial))
                changed = self.made(verification.specification, trial)
                results: tuple[Result, ...] = ()
                if changed.specification is not None:
                    told = again(changed.specification, tuple(changed.asked))
                    results = found[self.name(trial)] = told.results
                    files |= {self.folder(trial) + path: text for path, text in told.files.items()}
                effects += self.judged(trial, verification, results, changed.reason)
        return self.kind(verification.specification.sha256, tuple(effects), found, files)

    def checked(
        self, verification: Verification, trials: Sequence[T], stated: Stated, files: Mapping[str, str]
    ) -> tuple[C, list[str]]:
        """Return what stored results show, read from their evidence, and every problem in words.

        Each change is made anew. ``stated`` is the content of ``FILE``, ``files`` the texts of the folder by
        path.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: the data is not what stimproof writes.
        """
        effects: list[J] = []
        found: dict[str, tuple[Result, ...]] = {}
        problems: list[str] = []
        used: set[str] = set()
        key = self.kind.KEY
        for trial in trials:
            name, changed = self.name(trial), self.made(verification.specification, trial)
            results: tuple[Result, ...] = ()
            if changed.specification is not None:
                entries = stated[key].get(name, [])
                results, wrong, read = read_again(changed, entries, self.folder(trial), files)
                problems += [f"{key} {name}, {problem}" for problem in wrong]
                used |= read
            if results:
                found[name] = results
            effects += self.judged(trial, verification, results, changed.reason)
        again = self.kind(verification.specification.sha256, tuple(effects), found, files)
        problems += [f"{path}: nothing refers to this file" for path in sorted(set(files) - used)]
        same = all(stated.get(name) == value for name, value in again.concluded.items())
        if not same or set(stated[key]) != set(found):
            problems.append(f"the effects stated in {self.kind.FILE} are not what their evidence gives")
        return again, problems


@contextmanager
def verifying(*, budget: int | None, jobs: int | None, cache: Path | None) -> Iterator[Again]:
    """Yield what verifies one specification after another, by the same workers."""
    from stimproof.verify.run import verify

    pool = workers.processes(jobs) if jobs is not None and jobs > 1 else None

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
    changed: Changed, entries: Sequence[Mapping[str, Any]], folder: str, files: Mapping[str, str]
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

    assert changed.specification is not None
    wanted = changed.asked
    own = {path.removeprefix(folder): text for path, text in files.items() if path.startswith(folder)}
    check = EvidenceCheck(changed.specification, own)
    told = {str(entry["id"]): entry for entry in entries}
    problems = [f"{name}: no result is stated" for name in wanted if name not in told]
    problems += [f"{name}: nobody asked for it" for name in told if name not in wanted]
    problems += [
        f"{name}: {text}" for name in wanted if name in told for text in check.check(wanted[name], told[name])
    ]
    if problems:
        return (), problems, {folder + path for path in own}
    data = {"obligations": entries, "tool": {"solvers": {}, "version": ""}, "findings": []}
    return stored(changed.specification, data, own).results, [], {folder + path for path in check.used}
