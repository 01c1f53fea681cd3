"""A solver that dies costs one verdict and not the run: faults put into the second solver's own library.

The commands below are run as a user runs them. Only their environment differs: a ``sitecustomize`` module
makes the library of the second solver crash, hang until the alarm, or ask for too much memory, as soon as it
is given a script of one obligation. Every process that is started meets the same fault.
"""

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from on_and_off import MACHINE

KILLER = "properties.quiet"
DEVICE = f"""\
stimproof: 1
device: {{id: sheltered, name: Sheltered, component: ipg}}
{MACHINE}"""
FAULTS = {
    "crashes": "os.kill(os.getpid(), signal.SIGSEGV)",
    "is killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "meets the alarm": "os.kill(os.getpid(), signal.SIGALRM)",
    "asks for too much memory": "bytearray(5 << 30)",
}
ENDINGS = ("SIGKILL", "SIGTERM", "SIGINT")
CUSTOM = """
import os, signal
import cvc5

class Faulty(cvc5.InputParser):
    def setStringInput(self, language, text, name):
        if {obligation!r} in text:
            {fault}
        super().setStringInput(language, text, name)

cvc5.InputParser = Faulty
"""


def _command(folder: Path, fault: str) -> list[str]:
    """Return the command that verifies the device, and make the fault that it will meet."""
    (folder / "device" / "specs").mkdir(parents=True)
    (folder / "device" / "specs" / "device.yaml").write_text(DEVICE)
    (folder / "sitecustomize.py").write_text(CUSTOM.format(obligation=KILLER, fault=fault))
    return [sys.executable, "-m", "stimproof", "verify", str(folder / "device"), "--json", "--no-cache"]


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder)}


def verified(folder: Path, fault: str) -> tuple[int, dict[str, dict[str, object]], str]:
    """Return the exit status of ``verify`` under a fault, its results by id, and its messages."""
    command = _command(folder, fault)
    ended = subprocess.run(command, env=_environment(folder), capture_output=True, text=True, check=False)
    return (
        ended.returncode,
        {item["id"]: item for item in json.loads(ended.stdout)["obligations"]},
        ended.stderr,
    )


@pytest.mark.parametrize(
    "fault", [pytest.param(name, marks=() if name == "crashes" else pytest.mark.slow) for name in FAULTS]
)
def test_a_solver_that_dies_costs_one_error(fault: str, tmp_path: Path) -> None:
    """Without any option the run ends with every other verdict, and with the reason of the one in error."""
    status, found, said = verified(tmp_path, FAULTS[fault])
    assert status == 1, said  # for the claim that is refuted
    assert "Traceback" not in said
    error = found.pop(KILLER)
    assert error["verdict"] == "error"
    assert error["certificate"] is None
    reason = "MemoryError" if "memory" in fault else "its worker process ended before it answered"
    assert reason in str(error["reason"])
    assert found.pop("properties.counts")["verdict"] == "refuted"
    assert {item["verdict"] for item in found.values()} == {"proved"}


def test_a_single_worker_decides_the_same(tmp_path: Path) -> None:
    """In a copy of the process, and in the process itself: the same bytes; and the process uses no solver."""
    code = (
        "import os, sys\n"
        "from stimproof.specs.reader import read_string\n"
        "from stimproof.verify import recheck, workers\n"
        "from stimproof.verify.run import verify\n"
        "specification = read_string(sys.stdin.read())\n"
        "alone = verify(specification)\n"
        "inside = os.getpid()\n"
        "run = recheck.run\n"
        "recheck.run = lambda script: run(script) if os.getpid() != inside else sys.exit('asked here')\n"
        "copied = verify(specification, sheltered=True)\n"
        "assert copied.as_json(timed=False) == alone.as_json(timed=False)\n"
        "assert list(copied.files.items()) == list(alone.files.items())\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], input=DEVICE, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name == "SIGKILL" else pytest.mark.slow) for name in ENDINGS]
)
def test_a_copy_ends_with_its_process(name: str, tmp_path: Path) -> None:
    """However the run is ended while a solver works, nothing goes on behind it."""
    place = tmp_path / "pipe"
    os.mkfifo(place)
    # The copy keeps the pipe open as long as it lives.
    command = _command(
        tmp_path, f"kept = open({str(place)!r}, 'w'); kept.write('here'); kept.flush(); signal.pause()"
    )
    run = subprocess.Popen(
        command, env=_environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with place.open() as pipe:
        assert pipe.read(4) == "here"
        run.send_signal(getattr(signal, name))
        run.wait()
        ready, _, _ = select.select([pipe], [], [], 60)
        assert ready
        assert pipe.read() == ""


def test_workers_that_are_interrupted_while_they_start_are_silent(tmp_path):
    """An interrupt reaches every process of a terminal; those that have just been started say nothing.

    Processes are started where one cannot be copied: here because it has a thread.
    """
    command = [*_command(tmp_path, "pass"), "--jobs", "2", "--only", KILLER, "--only", "properties.counts"]
    custom = """
import os, signal, sys, threading
if len(sys.argv) > 1:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
if "--multiprocessing-fork" in sys.orig_argv:
    # Whoever runs the tests may ignore interrupts, which every process inherits.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGINT)
"""
    (tmp_path / "sitecustomize.py").write_text(custom)
    run = subprocess.run(command, env=_environment(tmp_path), capture_output=True, text=True, check=False)
    told = {item["id"]: item["reason"] for item in json.loads(run.stdout)["obligations"]}
    assert (run.returncode, run.stderr) == (3, "")
    assert len(told) > 1
    assert all("its worker process ended" in reason for reason in told.values())
