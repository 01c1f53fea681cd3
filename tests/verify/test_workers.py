"""Work shared among processes gives the same answers, and a process that dies gives none."""

from __future__ import annotations

import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from random import Random
from typing import Any

import pytest

from on_and_off import MACHINE
from stimproof.specs.reader import read_string
from stimproof.verify import fences, recheck, workers
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Verdict
from stimproof.verify.run import verify

DEVICE = f"""\
stimproof: 1
device: {{id: shared, name: Shared work, component: ipg}}
sources: {{manual: {{title: "A made-up manual"}}}}
parameters:
  amplitude: {{range: [0 mA, 5 mA], step: 0.1 mA, source: manual, confidence: seen}}
limits:
  cap: {{claim: "amplitude <= 5 mA"}}
  tight: {{claim: "amplitude <= 4 mA"}}
{MACHINE}"""


def test_the_number_of_workers_changes_nothing() -> None:
    """Verdicts, ledgers, certificates and traces are the same, byte for byte and in the same order."""
    specification = read_string(DEVICE)
    alone, together = verify(specification), verify(specification, jobs=2)
    assert together.as_json(timed=False) == alone.as_json(timed=False)
    assert list(together.files.items()) == list(alone.files.items())


def test_what_is_asked_alone_is_answered_alike() -> None:
    """An answer and its evidence do not depend on what else is asked."""
    specification = read_string(DEVICE)
    whole = verify(specification)
    for item in whole.results:
        single = verify(specification, only=[item.obligation.id])
        folder = f"certificates/{item.obligation.id}/"
        wanted = {path: text for path, text in whole.files.items() if path.startswith(folder)}
        assert {path: text for path, text in single.files.items() if path.startswith(folder)} == wanted


def test_progress_ends_with_everything_done() -> None:
    """Whoever watches shared work hears of every obligation."""
    told: list[tuple[int, int]] = []
    specification = read_string(DEVICE)
    verify(specification, jobs=2, progress=lambda done, total, what: told.append((done, total)))
    assert told[-1] == (len(obligations(specification)),) * 2


def test_an_answer_that_is_given_up_leaves_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the second solver confirms nothing, no file of an abandoned answer stays behind."""
    monkeypatch.setattr(recheck, "run", lambda script, budget=0: recheck.Recheck(("unknown",)))
    found = verify(read_string(DEVICE))
    assert any(result.verdict is Verdict.UNKNOWN for result in found.results)
    assert set(found.files) == {path for result in found.results for path in result.files}
    assert not any(path.startswith("certificates/") for path in found.files)


class Inline(Executor):
    """Workers in this very thread, which take their chunks in an order of their own and may fail."""

    def __init__(self, fails: dict[str, BaseException] | None = None, shuffle: int = 0) -> None:
        self.fails, self.shuffle = fails or {}, Random(shuffle)
        self.waiting: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []
        self.broken = False

    def submit(self, call: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Answer at once; what asks for a failing obligation breaks the executor, like a dead process."""
        if self.broken:
            raise BrokenProcessPool("gone")
        future: Future[Any] = Future()
        problem = next((self.fails[item.id] for item in given[1] if item.id in self.fails), None)
        if problem is None:
            future.set_result(call(*given, **named))
        else:
            future.set_exception(problem)
            self.broken = isinstance(problem, BrokenProcessPool)
        return future


class Shuffled(Inline):
    """Does nothing until everything is handed in, and then all of it in a random order."""

    def submit(self, call: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Keep the work until the last chunk has come."""
        future: Future[Any] = Future()
        self.waiting.append((future, call, given))
        last = obligations(given[0])[-1].id
        if any(item.id == last for item in given[1]):
            self.shuffle.shuffle(self.waiting)
            for later, work, arguments in self.waiting:
                later.set_result(work(*arguments))
        return future


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("jobs", [1, 3])
def test_the_order_of_work_changes_nothing(seed: int, jobs: int) -> None:
    """Whatever comes first, and however it is cut into chunks: the same bytes, in the same order."""
    specification = read_string(DEVICE)
    alone = verify(specification)
    shuffled = verify(specification, executor=Shuffled(shuffle=seed), jobs=jobs)
    assert shuffled.as_json(timed=False) == alone.as_json(timed=False)
    assert list(shuffled.files.items()) == list(alone.files.items())


def test_threads_are_workers_too() -> None:
    """No solver context is shared: threads that solve at the same time answer what one does alone."""
    specification = read_string(DEVICE)
    alone = verify(specification)
    with ThreadPoolExecutor(4) as threads:
        together = verify(specification, executor=threads, jobs=4)
    assert together.as_json(timed=False) == alone.as_json(timed=False)
    assert list(together.files.items()) == list(alone.files.items())


def test_an_obligation_that_kills_its_worker_costs_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its chunk and all that was waiting are asked again elsewhere; it alone is in error, with the reason."""
    specification, killer = read_string(DEVICE), "properties.quiet"
    alone = verify(specification).by_id()
    fails: dict[str, BaseException] = {killer: BrokenProcessPool("gone")}
    monkeypatch.setattr(workers, "processes", lambda jobs: Inline(fails))
    found = verify(specification, jobs=2)
    error = found.by_id()[killer]
    assert error.verdict is Verdict.ERROR
    assert "its worker process ended before it answered" in error.reason
    assert error.certificate is None
    others = {name: item.verdict for name, item in found.by_id().items() if name != killer}
    assert others == {name: item.verdict for name, item in alone.items() if name != killer}


def test_an_obligation_that_fails_in_its_worker_costs_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception, such as that the memory is exhausted, is the reason of one verdict."""
    specification, heavy = read_string(DEVICE), "properties.counts"
    monkeypatch.setattr(workers, "processes", lambda jobs: Inline({heavy: MemoryError("full")}))
    found = verify(specification, jobs=2)
    assert found.by_id()[heavy].reason == "its worker failed: MemoryError: full"
    assert found.count(Verdict.ERROR) == 1


def test_an_alarm_ends_a_process_of_ours_whatever_it_does() -> None:
    """The last fence needs no cooperation: the signal kills, and the pool says that its process is gone."""
    with workers.processes(1) as pool:
        assert isinstance(pool.submit(signal.raise_signal, signal.SIGALRM).exception(), BrokenExecutor)


def test_a_process_of_ours_has_a_limit_of_memory() -> None:
    """More than it may have is refused there, and this process goes on."""
    with workers.processes(1) as pool:
        assert isinstance(pool.submit(bytearray, fences.MEMORY + 1).exception(), MemoryError)
        assert pool.submit(len, "alive").result() == 5
