"""Killing a command at any point leaves the old output or none, never half of the new."""

import os
import signal
import subprocess
import sys

import pytest

from stimproof import files
from stimproof.files import fresh_folder, write_file, write_folder
from stimproof.specs.errors import InternalError, OperatorError

PRELUDE = """
import os, signal, sys
from pathlib import Path
from stimproof import files
from stimproof.files import write_file, write_folder

def stop(*_, **__):
    os.kill(os.getpid(), getattr(signal, sys.argv[2]))
    signal.pause()

target = Path(sys.argv[1])
"""
# Where the process dies: while filling the new content, before it is renamed, and between the two renames.
POINTS = {
    "filling": "Path.write_bytes = os.fsync = stop",
    "renaming": "Path.rename = Path.replace = stop",
}


def killed(tmp_path, point, action, name="SIGKILL"):
    """Run an action in a process that is killed at a point; return it."""
    code = f"{PRELUDE}\nfrom stimproof.cli import _terminate\nsignal.signal(signal.SIGTERM, _terminate)\n"
    code += f"{POINTS[point]}\n{action}\n"
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "out"), name], capture_output=True, text=True, check=False
    )
    assert ended.returncode in (-signal.SIGKILL, 128 + signal.SIGTERM), ended.stderr
    return ended


WRITE_FOLDER = "write_folder(target, {'a.txt': 'new', 'b/c.txt': 'new'}, lambda _: True)"
WRITE_FILE = "write_file(target, 'new')"


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_process_leaves_no_new_folder(tmp_path, point):
    """Where there was nothing, there still is nothing under the name."""
    killed(tmp_path, point, WRITE_FOLDER)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_process_leaves_the_old_folder(tmp_path, point):
    """Where there was an earlier output, it is still there and whole."""
    write_folder(tmp_path / "out", {"a.txt": "old"}, lambda _: True)
    killed(tmp_path, point, WRITE_FOLDER)
    assert {path.name: path.read_text() for path in (tmp_path / "out").iterdir()} == {"a.txt": "old"}


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_process_leaves_the_old_file(tmp_path, point):
    """A file keeps its old content."""
    (tmp_path / "out").write_text("old")
    killed(tmp_path, point, WRITE_FILE)
    assert (tmp_path / "out").read_text() == "old"


@pytest.mark.parametrize("action", [WRITE_FOLDER, WRITE_FILE])
@pytest.mark.parametrize("point", POINTS)
def test_termination_removes_what_was_begun(tmp_path, point, action):
    """A process that is asked to end takes its unfinished work with it."""
    killed(tmp_path, point, action, "SIGTERM")
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_is_terminated_while_proving_leaves_nothing(project, tmp_path):
    """SIGTERM in the middle of 'verify -o' ends with status 143 and without an output folder."""
    code = f"""
import sys
from types import SimpleNamespace
def verify(*_, **__):
    import os, signal
    os.kill(os.getpid(), signal.SIGTERM)
    signal.pause()
sys.modules["stimproof.verify.run"] = SimpleNamespace(verify=verify)
sys.argv = ["stimproof", "verify", {str(project)!r}, "-o", {str(tmp_path / "out")!r}]
from stimproof.cli import main
main()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (143, "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["toy"]


def test_an_exception_while_filling_leaves_nothing(tmp_path):
    """A defect in what fills a folder leaves neither the folder nor what was begun."""

    def fill():
        with fresh_folder(tmp_path / "out", lambda _: True) as filled:
            (filled / "page.html").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_a_rename_that_fails_brings_the_old_folder_back(tmp_path, monkeypatch):
    """Where the new folder cannot take the place, the old one is put back."""
    write_folder(tmp_path / "out", {"a.txt": "old"}, lambda _: True)
    rename = files.Path.rename

    def fails(path, target):
        if path.name == "new":
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(files.Path, "rename", fails)
    with pytest.raises(OperatorError, match="No space left"):
        write_folder(tmp_path / "out", {"a.txt": "new"}, lambda _: True)
    assert (tmp_path / "out" / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_no_path_leaves_the_folder(tmp_path):
    """A file name that climbs out of the output is an internal error and writes nothing."""
    for name in ("../x", "/x", "a/../../x", ""):
        with pytest.raises(InternalError):
            write_folder(tmp_path / "out", {name: "x"}, lambda _: True)
    assert list(tmp_path.iterdir()) == []


def test_files_are_readable_by_those_whom_the_mask_allows(tmp_path):
    """Written files and folders have ordinary permissions, not those of temporary files."""
    write_file(tmp_path / "a", "x")
    write_folder(tmp_path / "out", {"a": "x"}, lambda _: True)
    mask = os.umask(0o022)
    os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~mask
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o777 & ~mask


SWALLOWED = """
class Swallows:
    def __del__(self):
        os.kill(os.getpid(), number)

def verify(*_, progress=None, **__):
    made = Swallows()
    del made
    progress(0, 1, "next")
"""
WRAPPED = """
import ctypes

def verify(*_, **__):
    try:
        os.kill(os.getpid(), number)
        signal.pause()
    except BaseException as error:
        raise ctypes.ArgumentError(f"argument 1: {error!r}") from None
"""
LAST = """
class Swallows:
    def __del__(self):
        os.kill(os.getpid(), number)

def verify(*_, **__):
    made = Swallows()
    del made
"""


@pytest.mark.parametrize("prover", [SWALLOWED, WRAPPED, LAST])
@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_an_interrupt_that_a_library_loses_still_ends_the_command(project, tmp_path, prover, name, status):
    """Whatever a solver's binding does with the exception, the run ends as interrupted and writes nothing."""
    code = f"""
import os, signal, sys
from types import SimpleNamespace
number = signal.{name}
{prover}
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.unraisablehook = lambda _: None
sys.modules["stimproof.verify.run"] = SimpleNamespace(verify=verify)
sys.argv = ["stimproof", "verify", {str(project)!r}, "-o", {str(tmp_path / "out")!r}]
from stimproof.cli import main
main()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (status, ""), ended.stderr
    assert not (tmp_path / "out").exists()


LOADING = """
class Stops:
    def find_spec(self, name, *_):
        if name == "stimproof.cli":
            stop()

sys.meta_path.insert(0, Stops())
"""
BUILDING = """
import typer.main
typer.main.get_command = stop
"""


@pytest.mark.parametrize("moment", [LOADING, BUILDING])
def test_an_interrupt_before_the_command_has_begun_ends_it_with_a_message(moment):
    """While commands are loaded, an interrupt ends the process at once, even where the exception is lost."""
    code = f"""
import os, signal, sys

def stop(*_):
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        pass

signal.signal(signal.SIGINT, signal.default_int_handler)
{moment}
sys.argv = ["stimproof", "--version"]
from stimproof.__main__ import main
main()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "stimproof: interrupted\n")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_standard_streams_may_be_closed(project, tmp_path, closed):
    """A command whose caller has closed a standard stream does its work, and says the rest where it can."""
    told = tmp_path / "told"
    line = f'exec "$0" -m stimproof export "$1" --format vmt -o "$2" {closed}'
    command = ["sh", "-c", line, sys.executable, str(project), str(tmp_path / "out")]
    with told.open("w") as stream:
        ended = subprocess.run(command, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL, check=False)
    assert ended.returncode == 0, told.read_text()
    assert "Traceback" not in told.read_text()
    assert (tmp_path / "out").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are copied where they can be")
def test_a_request_that_the_child_has_already_followed_is_not_an_error():
    """Both processes of a terminal are asked to end; the child may be gone when it is asked once more."""
    code = """
import os, signal
from stimproof import isolation

wait = os.waitpid

def asked_once_more(child, options):
    ended = wait(child, options)
    os.kill(os.getpid(), signal.SIGTERM)
    return ended

os.waitpid = asked_once_more
isolation.isolate()
os.kill(os.getpid(), signal.SIGTERM)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (-signal.SIGTERM, "")
