"""Copies of a process that share what a cache answers: the same bytes, whoever does it and whoever dies."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import apart
from on_and_off import MACHINE
from stimproof.isolation import copyable
from stimproof.specs.reader import read_string
from stimproof.verify import copies, workers
from stimproof.verify.obligations import obligations
from stimproof.verify.rechecks import Ahead
from stimproof.verify.run import verify

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux")

DEVICE = f"""\
stimproof: 1
device: {{id: demo, name: Demo, component: ipg}}
sources: {{}}
{MACHINE}"""

# Forking is left to a process without the threads that a test runner may have.
RUN = """
import json, os, sys
from pathlib import Path
from stimproof.specs.reader import read_string
from stimproof.verify import copies, workers
from stimproof.verify.run import verify

specification, folder, way = read_string(sys.stdin.read()), Path(sys.argv[1]), sys.argv[2]
alone = verify(specification)
verify(specification, cache=folder)
copies.LEAST, copies.PIECE = 1, 1
os.sched_getaffinity = lambda _process: {0, 1, 2}
made, fork = [], os.fork
os.fork = lambda: made.append(1) or fork()
if way == "dying":
    copies._work = lambda *_: os.abort()
elif way == "refused" or way == "one":
    def refuse():
        made.append(1)
        if way == "one" and len(made) == 1:
            return fork()
        raise BlockingIOError(11, "no more processes")
    os.fork = refuse
elif way == "losing":
    copies._work = lambda work, *_: (os.read(work.queue, copies.WIDTH), os.abort())
told = []
tell = lambda done, total, what: told.append((done, total))
shared = verify(specification, cache=folder, jobs=None, progress=tell)
print(json.dumps({
    "copies": len(made),
    "told": told,
    "same": shared.as_json(timed=False) == alone.as_json(timed=False),
    "files": list(shared.files.items()) == list(alone.files.items()),
}))
"""


def _run(folder: Path, way: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(apart.run(RUN, str(folder), way, given=DEVICE))
    return found


@pytest.mark.parametrize("way", ["working", "dying", "losing", "one"])
def test_copies_change_no_byte(tmp_path: Path, way: str) -> None:
    """Shared by three, by copies that die at once or with work in hand, or by one alone: the same answers."""
    found = _run(tmp_path, way)
    assert found["copies"] >= 2
    assert found["same"]
    assert found["files"]
    assert [done for done, _ in found["told"]] == list(range(1, found["told"][-1][1] + 1))


@pytest.mark.parametrize(
    ("jobs", "ahead", "made"), [(64, False, 2), (2, False, 2), (2, True, 1), (1, True, 1)]
)
def test_no_more_processes_are_made_than_were_allowed_or_have_work(
    jobs: int, ahead: bool, made: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two claims are two pieces of work; what re-checks ahead is one of the processes that were allowed."""
    specification = read_string(DEVICE)
    chosen = obligations(specification)[:2]
    asked: list[int] = []

    monkeypatch.setattr(copies, "copyable", lambda: True)
    monkeypatch.setattr("stimproof.verify.run.copyable", lambda: True)
    monkeypatch.setattr(copies, "_Copy", lambda *_given: asked.append(1) or SimpleNamespace(end=lambda: None))
    monkeypatch.setattr(copies._Team, "answers", lambda _team: iter(()))
    monkeypatch.setattr(workers, "one_by_one", lambda *given: workers.decide(*given))
    only = [item.id for item in chosen]
    verify(specification, only=only, jobs=jobs, sheltered=True, ahead=Ahead([]) if ahead else None)
    assert len(asked) == made


def test_where_no_process_can_be_made_this_one_does_the_work(tmp_path: Path) -> None:
    """A system that allows no more processes costs no verdict."""
    found = _run(tmp_path, "refused")
    assert (found["copies"], found["same"], found["files"]) == (1, True, True)


def test_there_are_no_more_copies_than_work_and_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few obligations are the work of one process; what re-checks ahead has a processor of its own."""
    monkeypatch.setattr("threading.active_count", lambda: 1)
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: {0, 1, 2})
    wanted: Any = range(40)
    assert copies.sensible(wanted) == 3
    assert copies.sensible(wanted, Ahead([])) == 2
    assert copies.sensible(wanted[:4]) == 2
    assert copies.sensible(wanted[:3]) == 1
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: {0})
    assert copies.sensible(wanted, Ahead([])) == 1


def test_a_process_with_threads_is_never_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy would wait for ever for what a thread held that it does not have."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _process: {0, 1, 2})
    wanted: Any = range(40)
    monkeypatch.setattr("threading.active_count", lambda: 2)
    assert copies.sensible(wanted) == 1


def test_a_worker_of_somebody_else_is_never_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of :mod:`multiprocessing` may have no children: they prove by themselves."""
    monkeypatch.setattr("threading.active_count", lambda: 1)
    assert copyable()
    monkeypatch.setattr("multiprocessing.current_process", lambda: SimpleNamespace(daemon=True))
    assert not copyable()
