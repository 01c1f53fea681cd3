"""``stimproof verify MODEL.vmt``: exit statuses, output, and what is not loaded for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stimproof import models
from stimproof.cli import app
from stimproof.status import Status
from stimproof.verify import recheck
from vmt_models import counter

LIVE = "(define-fun q () Bool (! (> x 0) :live-property 4))\n"


@pytest.fixture
def safe(tmp_path: Path) -> Path:
    """A model whose property holds."""
    file = tmp_path / "safe.vmt"
    file.write_text(counter(4, 4))
    return file


@pytest.fixture
def unsafe(tmp_path: Path) -> Path:
    """A model with a violated property and one that is not decided."""
    file = tmp_path / "unsafe.vmt"
    file.write_text(counter(4, 3) + LIVE)
    return file


def _run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["verify", *map(str, words)])
    return result.exit_code, result.output


def test_exit_statuses(safe: Path, unsafe: Path, tmp_path: Path) -> None:
    """0 proved, 1 refuted, 2 not readable, 3 no answer."""
    broken = tmp_path / "broken.vmt"
    broken.write_text("(declare-const x Int)\n(define-fun p () Bool (! (x) :invar-property 0))")
    assert _run(safe)[0] == Status.PASSED
    assert _run(unsafe)[0] == Status.SAFETY_FINDING
    assert _run(unsafe, "--property", "4")[0] == Status.INCONCLUSIVE
    status, text = _run(broken)
    assert status == Status.INVALID
    assert f"{broken}:2:27: error[type]" in text
    assert _run(tmp_path / "none.vmt")[0] == Status.INVALID


@pytest.mark.parametrize("content", [b"\x00\xff\xfe", b"", b"((((((", b")", b"\xef\xbb\xbf(exit)"])
def test_no_file_makes_a_traceback(tmp_path: Path, content: bytes) -> None:
    """Whatever bytes stand in a file, the answer is a message and status 2."""
    file = tmp_path / "odd.vmt"
    file.write_bytes(content)
    status, text = _run(file)
    assert status == Status.INVALID
    assert str(file) in text


def test_wrong_options_are_told(safe: Path) -> None:
    """A number that no property has, and options that are for devices, are usage errors."""
    assert "has no property 9; it has 0" in _run(safe, "--property", "9")[1]
    assert "--property N" in _run(safe, "--only", "limits")[1]
    assert "--property chooses" in _run("drg-axium", "--property", "1")[1]


def test_the_violation_is_printed_as_a_timeline(unsafe: Path) -> None:
    """A refuted property shows each state, with what changed."""
    text = _run(unsafe)[1]
    assert "a run of 4 steps violates it; it was replayed" in text
    assert text.splitlines()[2:7] == [f"       {k}  x = {k}" for k in range(5)]


def test_output_is_whole_and_can_be_checked_again(safe: Path, unsafe: Path, tmp_path: Path) -> None:
    """``-o`` writes results, certificates that cvc5 confirms, and traces; foreign folders stay."""
    out = tmp_path / "out"
    assert _run(safe, "-o", out)[0] == Status.PASSED
    (entry,) = json.loads((out / "results.json").read_text())["properties"]
    assert entry["certificate"]["rechecked_by"]
    for path in entry["certificate"]["scripts"]:
        assert recheck.run((out / path).read_text()).confirmed
    assert _run(unsafe, "-o", out)[0] == Status.SAFETY_FINDING
    entry, _ = json.loads((out / "results.json").read_text())["properties"]
    steps = json.loads((out / entry["trace"]).read_text())["steps"]
    assert [step["state"]["x"] for step in steps] == ["0", "1", "2", "3", "4"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("mine")
    assert _run(safe, "-o", tmp_path / "other")[0] == Status.INVALID
    assert (tmp_path / "other" / "mine.txt").read_text() == "mine"


def test_plain_calls_take_the_short_way_and_others_the_long_one() -> None:
    """A call that the short way does not understand is left to the full command line."""
    assert models.parsed(
        ["verify", "a.vmt", "--json", "--budget", "5", "-o", "d", "--property", "1"]
    ) == models.Call("a.vmt", (1,), Path("d"), as_json=True, budget=5)
    for words in (
        ["verify", "a.yaml"],
        ["check", "a.vmt"],
        ["verify", "a.vmt", "b.vmt"],
        ["verify", "a.vmt", "--only", "x"],
        ["verify", "a.vmt", "--budget", "0"],
        ["verify", "a.vmt", "--budget"],
        ["verify", "a.vmt", "--help"],
        ["verify", "a.vmt", "-o", "--json"],
        [],
    ):
        assert models.parsed(words) is None, words


FOREIGN = (
    "typer",
    "click",
    "rich",
    "pydantic",
    "lark",
    "pint",
    "ruamel",
    "yaml",
    "networkx",
    "sphinx",
    "matplotlib",
    "mpmath",
)


def test_a_question_about_a_model_loads_only_what_it_needs(safe: Path, root: Path) -> None:
    """The process that answers imports neither the command line nor the specification language."""
    code = (
        f"import sys\nsys.argv = ['stimproof', 'verify', {str(safe)!r}]\n"
        "from stimproof.__main__ import main\n"
        "try:\n    main()\n"
        "except SystemExit as leaving:\n    print(leaving.code)\n"
        f"print([name for name in {FOREIGN!r} if name in sys.modules])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.splitlines()[-2:] == ["0", "[]"]


def test_both_ways_say_the_same(unsafe: Path, root: Path) -> None:
    """The short way and the full command line print the same bytes and end with the same status."""
    for words in ([], ["--json"], ["--property", "9"]):
        command = [sys.executable, "-m", "stimproof", "verify", str(unsafe), *words]
        run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
        full = CliRunner().invoke(app, ["verify", str(unsafe), *words])
        assert (run.returncode, run.stdout, run.stderr) == (full.exit_code, full.stdout, full.stderr)


def test_the_manual_shows_what_is_printed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of the manual has the output that the manual shows."""
    monkeypatch.chdir(root / "docs" / "examples")
    assert _run("pump.vmt")[1] == (root / "docs" / "examples" / "pump.txt").read_text()


_CRASHING = """
import ctypes, sys
import stimproof.verify.vmt.proving as proving
proving.verify = lambda *given, **options: ctypes.string_at(0)
sys.argv = ["stimproof", "verify", {path!r}, *{words!r}]
from stimproof.__main__ import main
main()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be copied here")
@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_solver_that_crashes_ends_in_no_answer(safe: Path, root: Path, words: list[str]) -> None:
    """A crash of native code is a message and the exit status of a missing answer, never a traceback."""
    code = _CRASHING.format(path=str(safe), words=words)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=root)
    assert run.returncode == Status.INCONCLUSIVE
    assert "a solver has crashed" in run.stderr
    assert "Traceback" not in run.stderr
    assert not words or json.loads(run.stdout)["status"] == Status.INCONCLUSIVE
