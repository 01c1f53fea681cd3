import os
import subprocess
import sys

import pytest
from typer.main import get_command

from stimproof.cli import app
from stimproof.specs.errors import InternalError, OperatorError

HEAVY = ("z3", "cvc5", "sphinx", "matplotlib", "networkx", "pint", "pygraphviz", "docutils", "lark")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (OperatorError("no such tool"), 2, "stimproof: no such tool"),
        (FileNotFoundError(2, "No such file", "x"), 2, "stimproof: 'x': No such file"),
        (InternalError("encoder and interpreter disagree"), 3, "please report"),
        (ZeroDivisionError("division by zero"), 3, "internal error: ZeroDivisionError: division by zero"),
        (RecursionError("too deep"), 3, "internal error: RecursionError"),
        (MemoryError(), 3, "internal error: MemoryError"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
@pytest.mark.parametrize("command", ["verify", "trace", "gate"])
def test_every_error_is_a_message_and_a_status(call, project, prover, command, error, status, said):
    """Whatever goes wrong, the user reads one message and no traceback, and nothing counts as a pass."""
    prover.fails = error
    found = call(command, project)
    assert found.status == status
    assert said in found.err
    assert "Traceback" not in found.err


def test_debug_shows_the_traceback(call, project, prover):
    """With --debug the traceback is printed too, and the status stays."""
    prover.fails = ZeroDivisionError("x")
    found = call("--debug", "verify", project)
    assert found.status == 3
    assert "Traceback" in found.err


def test_text_cannot_steer_the_terminal(call, project, prover):
    """Escape sequences in a name are printed as visible text."""
    file = project / "specs" / "device.yaml"
    file.write_text(file.read_text().replace("name: Toy stimulator", 'name: "Toy \\e[31m\\u202e"'))
    out = call("verify", project).out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert r"\x1b[31m" in out


def run(code, **more):
    """Run Python code in another process."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def test_help_imports_nothing_heavy():
    """--help must answer at once: no solver, page builder, plot, graph, unit or parser library is loaded."""
    code = f"""
import sys
from stimproof.cli import main
sys.argv = ["stimproof", "--help"]
try:
    main()
except SystemExit:
    pass
print("loaded:", [name for name in {HEAVY!r} if name in sys.modules])
"""
    assert run(code).stdout.splitlines()[-1] == "loaded: []"


COMMANDS = tuple(get_command(app).list_commands(None))


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_with_an_example(call, command):
    """Each command's help names its exit statuses or shows an example of a call."""
    found = call(command, "--help")
    assert found.status == 0
    assert f"stimproof {command}" in found.out.split("Example", 1)[1]


def test_usage_errors_are_status_2(call):
    """A missing argument, an unknown option and an unknown command are usage errors."""
    assert [call(*words).status for words in (["verify"], ["verify", "--frob", "x"], ["frob"])] == [2, 2, 2]
    assert call("verify", "x", "--budget", "0").status == 2


def test_a_closed_pipe_is_no_traceback(project):
    """'stimproof … | head' ends quietly when head closes the pipe."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        command = [sys.executable, "-m", "stimproof", "check", str(project)]
        ended = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 141
    assert ended.stderr == ""


def test_output_that_cannot_show_a_letter_does_not_fail(project):
    """An ASCII terminal gets escapes instead of an encoding error."""
    file = project / "specs" / "device.yaml"
    file.write_text(file.read_text().replace("Toy stimulator", "Stimulateur à µA"), encoding="utf-8")
    command = [sys.executable, "-m", "stimproof", "check", str(project)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ended = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert ended.returncode == 0
    assert rb"Stimulateur \xe0" in ended.stdout


def test_proving_imports_nothing_for_pages_and_graphs():
    """What verify does not need is not loaded: pages, plots, graphs and general libraries of units."""
    code = """
import sys
from stimproof.cli import main
sys.argv = ["stimproof", "verify", "tens", "--no-cache"]
try:
    main()
except SystemExit:
    pass
heavy = ("sphinx", "docutils", "matplotlib", "networkx", "pygraphviz", "pint", "numpy", "openpyxl")
print("loaded:", [name for name in heavy if name in sys.modules])
"""
    assert run(code).stdout.splitlines()[-1] == "loaded: []"
