"""Engines that begin before their turn: the same answers whether a processor was free or not."""

from __future__ import annotations

import json
import os
import sys

import pytest

import apart
from on_and_off import MACHINE
from stimproof.verify.rivals import Places, Rival
from stimproof.verify.solver import GaveUpError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux")

DEVICE = f"stimproof: 1\ndevice: {{id: demo, name: Demo, component: ipg}}\nsources: {{}}\n{MACHINE}"


def test_without_a_place_work_is_done_when_it_is_needed_and_not_before() -> None:
    """Nobody works on what may never be needed."""
    done: list[int] = []
    with Rival(lambda: done.append(os.getpid()) or 7, None) as rival:
        assert done == []
        assert rival.result() == 7
    assert done == [os.getpid()]


def test_a_processor_is_free_as_long_as_fewer_are_at_work() -> None:
    """Copies and their rivals count alike, and what has ended counts no more."""
    places = Places(2, 2)
    one, other = places.place(0), places.place(1)
    one.taken(taken=True)
    assert other.free
    one.taken(taken=True, rival=True)
    assert not other.free
    one.taken(taken=False, rival=True)
    other.taken(taken=True)
    assert not one.free
    one.taken(taken=False)
    assert one.free


def test_a_reserved_processor_is_free_when_it_is_released() -> None:
    """What re-checks ahead has a processor until it has ended."""
    places = Places(1, 1, reserved=True)
    assert not places.place(0).free
    places.release()
    assert places.place(0).free


ANSWERS = {
    "answer": "(os.getpid() == here, 7)",
    "nothing free": "(os.getpid() == here, 7)",
    "giving up": "give_up()",
    "dying": "os.getpid() == here or os.abort()",
    "reaped by the system": "(os.getpid() == here, 7)",
    "not needed": "time.sleep(600)",
}


def test_work_goes_on_in_another_process() -> None:
    """What was begun is done elsewhere; where nothing was free, when it is needed; and it has one end."""
    assert _rival("answer") == {"ended": True, "result": [False, 7]}
    assert _rival("nothing free") == {"ended": True, "result": [True, 7]}


def test_a_system_that_reaps_processes_by_itself_is_no_obstacle() -> None:
    """Who starts us may ignore that children end, which every process inherits."""
    assert _rival("reaped by the system") == {"ended": True, "result": [False, 7]}


def test_what_gives_up_elsewhere_gives_up_here() -> None:
    """The reason is that of the engine, wherever it ran."""
    assert _rival("giving up") == {"ended": True, "result": "gave up: enough"}


def test_work_whose_process_dies_is_done_once_more() -> None:
    """A rival that crashes is as if it had never been: whatever happened to it happens again in its place."""
    assert _rival("dying") == {"ended": True, "result": True}


def test_work_that_is_not_needed_is_ended() -> None:
    """Nothing goes on behind the answer of an engine whose turn came before."""
    assert _rival("not needed") == {"ended": True, "result": None}


def test_an_engine_gives_up_here_as_well() -> None:
    """Without a place the reason comes from the engine itself."""

    def give_up() -> int:
        raise GaveUpError("enough")

    with Rival(give_up, None) as rival, pytest.raises(GaveUpError, match="enough"):
        rival.result()


def test_a_hard_claim_has_the_same_evidence_with_and_without_a_rival() -> None:
    """Spacer with all of the budget finds the same before its turn elsewhere and at its turn here."""
    found = json.loads(
        apart.run(
            "import json, os, sys\n"
            "from stimproof.specs.reader import read_string\n"
            "from stimproof.verify import machine, solver, workers\n"
            "from stimproof.verify.obligations import obligations\n"
            "from stimproof.verify.rivals import Places\n"
            "def brief(*_): raise solver.GaveUpError('briefly')\n"
            "brief.__name__ = 'spacer_briefly'\n"
            "machine.MachineProver.spacer_briefly = brief\n"
            "machine.mined = lambda *_: None\n"
            "forked, fork = [], os.fork\n"
            "os.fork = lambda: forked.append(1) or fork()\n"
            "specification = read_string(sys.stdin.read())\n"
            "terms = workers.Terms(50_000_000)\n"
            "def decided(processors):\n"
            "    beside = workers.Beside(None, Places(1, processors).place(0))\n"
            "    found = workers.decide(specification, obligations(specification), terms, beside)\n"
            "    return [(result.as_json(timed=False), files) for result, files in found]\n"
            "with_rivals, made = decided(2), len(forked)\n"
            "without = decided(0)\n"
            "by = {result['engine'] for result, _ in without}\n"
            "print(json.dumps([made > 0, len(forked) == made, 'spacer' in by, with_rivals == without]))\n",
            given=DEVICE,
        )
    )
    assert found == [True, True, True, True]


def _rival(way: str) -> dict[str, object]:
    """Run a rival in a process without threads, and tell what it gave and whether its process has ended."""
    text = apart.run(
        "import json, os, signal, time\n"
        f"{'signal.signal(signal.SIGCHLD, signal.SIG_IGN)' if way.startswith('reaped') else ''}\n"
        "from stimproof.verify.rivals import Places, Rival\n"
        "from stimproof.verify.solver import GaveUpError\n"
        "def give_up(): raise GaveUpError('enough')\n"
        "here, children, fork = os.getpid(), [], os.fork\n"
        "def noted():\n"
        "    children.append(fork())\n"
        "    return children[-1]\n"
        "os.fork = noted\n"
        f"place = Places(1, {0 if way == 'nothing free' else 1}).place(0)\n"
        f"with Rival(lambda: {ANSWERS[way]}, place) as rival:\n"
        "    try:\n"
        f"        result = {'None' if way == 'not needed' else 'rival.result()'}\n"
        "    except GaveUpError as problem:\n"
        "        result = f'gave up: {problem}'\n"
        "    assert result is None or place.free or not children\n"
        "ended = place.free or place._places._processors == 0\n"
        "ended = ended and not any(os.path.exists(f'/proc/{child}') for child in children)\n"
        "print(json.dumps({'ended': ended, 'result': result}))\n"
    )
    told: dict[str, object] = json.loads(text)
    return told
