"""Work shared among processes gives the same answers, and a process that dies gives none."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

import pytest

from stimproof.specs.reader import read_string
from stimproof.verify import recheck, workers
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Verdict
from stimproof.verify.run import verify

DEVICE = """\
stimproof: 1
device: {id: shared, name: Shared work, component: ipg}
sources: {manual: {title: "A made-up manual"}}
parameters:
  amplitude: {range: [0 mA, 5 mA], step: 0.1 mA, source: manual, confidence: seen}
limits:
  cap: {claim: "amplitude <= 5 mA"}
  tight: {claim: "amplitude <= 4 mA"}
variables:
  output_on: {type: boolean, initial: false}
  count: {type: integer, range: [0, 5], overflow: wrap, initial: 0}
events: {start: {}, stop: {}}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false}}
      ON: {entry: {output_on: true, count: count + 1}}
    transitions:
      - {from: OFF, to: ON, event: start}
      - {from: ON, to: OFF, event: stop}
properties:
  quiet: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
  counts: {sentence: "the ipg shall always satisfy count <= 2"}
  stops: {sentence: "upon stop the ipg shall immediately satisfy not output_on"}
"""


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


def test_a_worker_that_dies_is_an_error_and_never_an_answer() -> None:
    """What a dead process was asked has the verdict error, with the reason."""
    asked = obligations(read_string(DEVICE))[:2]
    future: Future[list[workers.Decided]] = Future()
    future.set_exception(BrokenProcessPool("gone"))
    answers = workers._answers(future, asked)
    assert [result.verdict for result, _ in answers] == [Verdict.ERROR, Verdict.ERROR]
    assert all("worker process ended" in result.reason for result, _ in answers)
