"""Re-checks begun ahead: the second solver's own answers, for exactly the text that is asked."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

import apart
from on_and_off import MACHINE
from stimproof.verify import recheck, rechecks
from stimproof.verify.cache import Cache
from stimproof.verify.rechecks import Ahead, Rechecks

TITLE, HEAD = "; a title\n", "(set-logic ALL)\n(declare-const x Int)\n"
TRUE = f"{HEAD}(assert (and (> x 0) (< x 1)))\n(check-sat)\n"
FALSE = f"{HEAD}(assert (> x 0))\n(check-sat)\n"
DEVICE = f"stimproof: 1\ndevice: {{id: demo, name: Demo, component: ipg}}\nsources: {{}}\n{MACHINE}"

forking = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux")


def refuse(script: str) -> recheck.Recheck:
    """Stand for a solver that must not be asked."""
    raise AssertionError(script)


def test_a_text_that_was_confirmed_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one process has confirmed is confirmed for all that share the marks, whatever its title is."""
    ahead = Ahead([TRUE, FALSE])
    Rechecks(ahead).run(TITLE + TRUE)
    monkeypatch.setattr(recheck, "run", refuse)
    assert Rechecks(ahead).run("; another title\n" + TRUE).confirmed


def test_a_refusal_is_never_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who needs a script that was not confirmed asks again, and hears the solver's reason for themselves."""
    ahead = Ahead([TRUE, FALSE])
    assert not Rechecks(ahead).run(TITLE + FALSE).confirmed
    assert not ahead.confirmed(FALSE)
    monkeypatch.setattr(recheck, "run", lambda script: recheck.Recheck(("unknown",)))
    assert Rechecks(ahead).run(TITLE + FALSE).text == "unknown"


def test_only_a_comment_is_no_part_of_what_is_asked() -> None:
    """A script that begins without a title is asked about with its first line."""
    assert rechecks.untitled(TITLE + TRUE) == TRUE
    assert rechecks.untitled(TRUE) == TRUE
    assert rechecks.untitled("(assert false)\n(check-sat)\n") == "(assert false)\n(check-sat)\n"


def test_what_is_marked_says_nothing_about_another_text() -> None:
    """One letter more is another script: no mark of what is like it counts."""
    ahead = Ahead([TRUE])
    assert ahead.answer(TRUE).confirmed
    assert ahead.confirmed(TRUE)
    for other in (TRUE + " ", TRUE[:-1], TITLE + TRUE):
        assert ahead.answer(other).confirmed
        assert not ahead.confirmed(other)


@forking
def test_a_process_answers_ahead_and_ends_with_its_purpose(tmp_path: Path) -> None:
    """What the last run left is answered by another process; what it cannot confirm it leaves alone."""
    cache = Cache(tmp_path)
    rechecks.leave(
        cache, {"certificates/a.smt2": TITLE + TRUE, "b.smt2": TITLE + FALSE, "c.json": "{}"}, None
    )
    assert rechecks.last(cache) == (TRUE, FALSE)
    found = apart.run(
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from stimproof.verify import rechecks\n"
        "from stimproof.verify.cache import Cache\n"
        "os.sched_getaffinity = lambda _process: {0, 1}\n"
        "with rechecks.begun(Cache(Path(sys.argv[1]))) as ahead:\n"
        "    child = ahead._process.pid\n"
        "    until = time.monotonic() + 60\n"
        "    while not ahead.confirmed(ahead.scripts[0]) and time.monotonic() < until: time.sleep(0.01)\n"
        "    print(ahead.confirmed(ahead.scripts[0]), 'cvc5' in sys.modules)\n"
        "    ahead._process.join()\n"
        "    print(ahead.confirmed(ahead.scripts[1]), Path(f'/proc/{child}').exists())\n",
        str(tmp_path),
    )
    assert found.split() == ["True", "False", "False", "False"]


@forking
def test_a_process_that_hangs_ends_when_nobody_waits_for_it_any_more(tmp_path: Path) -> None:
    """A script without an end, which a forger may have left, costs the run nothing."""
    Cache(tmp_path).write(rechecks.ENTRY, [TRUE])
    started = time.monotonic()
    found = apart.run(
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from stimproof.verify import recheck, rechecks\n"
        "from stimproof.verify.cache import Cache\n"
        "os.sched_getaffinity = lambda _process: {0, 1}\n"
        "recheck.run = lambda script: time.sleep(600)\n"
        "with rechecks.begun(Cache(Path(sys.argv[1]))) as ahead:\n"
        "    child = ahead._process.pid\n"
        "    print(Path(f'/proc/{child}').exists())\n"
        "print(Path(f'/proc/{child}').exists())\n",
        str(tmp_path),
    )
    assert found.split() == ["True", "False"]
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("entry", [None, {}, "text", [1], [TRUE, None], {"0": TRUE}])
def test_a_damaged_entry_is_no_entry(tmp_path: Path, entry: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stands where the scripts of the last run should be, there is nothing to begin with."""
    monkeypatch.setattr(rechecks, "processors", lambda: 2)
    cache = Cache(tmp_path)
    if entry is not None:
        cache.write(rechecks.ENTRY, entry)
    assert rechecks.last(cache) == ()
    with rechecks.begun(cache) as ahead:
        assert ahead is None


def test_no_more_is_left_than_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts beyond what a cache reads at once are not left; what is there already is not written again."""
    monkeypatch.setattr(rechecks, "MOST", len(TRUE) + 1)
    cache, files = Cache(tmp_path), {"a.smt2": TITLE + TRUE, "b.smt2": TITLE + FALSE}
    rechecks.leave(cache, files, None)
    assert rechecks.last(cache) == (TRUE,)
    monkeypatch.setattr(Cache, "write", refuse)
    rechecks.leave(cache, files, Ahead([TRUE]))


@pytest.mark.parametrize(
    "line",
    [
        '(set-option :regular-output-channel "{file}")',
        '(set-option :diagnostic-output-channel "{file}")',
        "(push 1)",
        "(reset-assertions)",
        '(echo "unsat")',
        "(declare-datatypes ((T 0)) (((c))))",
    ],
)
def test_a_script_does_nothing_but_declare_assert_and_ask(tmp_path: Path, line: str) -> None:
    """A command that could write a file, or take back what was asserted, is refused, not carried out."""
    target = tmp_path / "written"
    answer = recheck.run(HEAD + line.format(file=target) + "\n" + TRUE.removeprefix(HEAD))
    assert not answer.confirmed
    assert "has no place in a certificate" in answer.text
    assert not target.exists()


@forking
def test_a_run_says_the_same_with_what_was_begun_ahead(tmp_path: Path) -> None:
    """Verdicts and evidence do not depend on who asked the second solver, nor on what a forger left.

    The scripts of a forger are those of the device with one assertion more, which makes them all true.
    """
    found = json.loads(
        apart.run(
            "import json, os, sys, time\n"
            "from pathlib import Path\n"
            "from stimproof.specs.reader import read_string\n"
            "from stimproof.verify import rechecks\n"
            "from stimproof.verify.cache import Cache\n"
            "from stimproof.verify.run import verify\n"
            "os.sched_getaffinity = lambda _process: {0, 1}\n"
            "specification, cache = read_string(sys.stdin.read()), Cache(Path(sys.argv[1]))\n"
            "alone, told = verify(specification), []\n"
            "verify(specification, cache=cache.folder)\n"
            "left = rechecks.last(cache)\n"
            "forged = [text.replace('(check-sat)', '(assert false)\\n(check-sat)') for text in left]\n"
            "for scripts in (left, forged):\n"
            "    cache.write(rechecks.ENTRY, scripts)\n"
            "    with rechecks.begun(cache) as ahead:\n"
            "        until = time.monotonic() + 60\n"
            "        while not any(map(ahead.confirmed, scripts)) and time.monotonic() < until:\n"
            "            time.sleep(0.01)\n"
            "        given = {'cache': cache.folder, 'jobs': None, 'sheltered': True, 'ahead': ahead}\n"
            "        warm = verify(specification, **given)\n"
            "        marked = sum(map(ahead.confirmed, ahead.scripts))\n"
            "    same = warm.as_json(timed=False) == alone.as_json(timed=False)\n"
            "    told.append([len(left) > 5, marked > 0, same and warm.files == alone.files])\n"
            "print(json.dumps([told, rechecks.last(cache) == left]))\n",
            str(tmp_path),
            given=DEVICE,
        )
    )
    assert found == [[[True, True, True], [True, True, True]], True]


@forking
def test_a_forged_proof_with_its_own_scripts_left_ahead_proves_nothing(tmp_path: Path) -> None:
    """A false claim stays refuted where a cache says that it is proved and leaves exactly the scripts.

    The forger takes the widest invariant, so that each script is one that the proof would need.
    """
    found = json.loads(
        apart.run(
            "import json, os, sys\n"
            "from pathlib import Path\n"
            "from stimproof.specs.reader import read_string\n"
            "from stimproof.verify import certificates, rechecks, solver\n"
            "from stimproof.verify.cache import Cache\n"
            "from stimproof.verify.goals import watch\n"
            "from stimproof.verify.machine import MachineProver\n"
            "from stimproof.verify.memory import Memory, Proven\n"
            "from stimproof.verify.obligations import obligations\n"
            "from stimproof.verify.run import DEFAULT_BUDGET, verify\n"
            "os.sched_getaffinity = lambda _process: {0, 1}\n"
            "specification, cache = read_string(sys.stdin.read()), Cache(Path(sys.argv[1]))\n"
            "(false,) = (item for item in obligations(specification) if item.id == 'properties.counts')\n"
            "prover = MachineProver(specification, DEFAULT_BUDGET)\n"
            "watched = watch(prover.system, specification, false)\n"
            "system, goal = watched.system.sliced(watched.goal), watched.goal\n"
            "first = solver.Search(solver.Formulas(system), DEFAULT_BUDGET).initial()\n"
            "text = certificates.Script(system).term(system.typing())\n"
            "forged = Proven('spacer', text, first)\n"
            "Memory(cache, DEFAULT_BUDGET).keep(system, goal, forged)\n"
            "known = Memory(cache, DEFAULT_BUDGET).recall(system, goal)\n"
            "scripts = certificates.machine_scripts(system, goal, text, false.id, first)\n"
            "cache.write(rechecks.ENTRY, [rechecks.untitled(script) for script in scripts.values()])\n"
            "with rechecks.begun(cache) as ahead:\n"
            "    ahead._process.join()\n"
            "    done = {name: ahead.confirmed(rechecks.untitled(text)) for name, text in scripts.items()}\n"
            "    given = {'cache': cache.folder, 'jobs': None, 'sheltered': True, 'ahead': ahead}\n"
            "    (result,) = verify(specification, only=[false.id], **given).results\n"
            "print(json.dumps([known == forged, done['safety.smt2'], result.verdict.value]))\n",
            str(tmp_path),
            given=DEVICE,
        )
    )
    assert found == [True, False, "refuted"]
