"""The rules of the house that a reader of the code relies on."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

MAX_LINES = 500
MAX_FUNCTION = 50

FLOATS_ALLOWED = frozenset(
    {
        ("specs/typing.py", "0.7"),  # how alike two names must be to suggest one for the other
    }
)
"""Where a float may be made: never on the way to a verdict."""


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("solver", ["z3", "cvc5"])
def test_one_module_imports_each_solver(modules: tuple[Path, ...], root: Path, solver: str) -> None:
    """Exactly one module of the project imports z3 and exactly one imports cvc5, both in ``verify``."""
    users = [file.relative_to(root) for file in modules if solver in _imports(ast.parse(file.read_text()))]
    assert len(users) == 1, users
    assert users[0].parts[0] == "verify"


def test_the_two_solvers_are_kept_apart(modules: tuple[Path, ...]) -> None:
    """No module imports both solvers: who proves does not confirm."""
    for file in modules:
        assert not {"z3", "cvc5"} <= set(_imports(ast.parse(file.read_text()))), file


def test_no_float_on_the_way_to_a_verdict(modules: tuple[Path, ...], root: Path) -> None:
    """``specs`` and ``verify`` make no float: no call of ``float`` and no literal with a point."""
    found = []
    for file in modules:
        place = file.relative_to(root).parts
        if place[0] not in ("specs", "verify"):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            called = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
            )
            written = isinstance(node, ast.Constant) and isinstance(node.value, float)
            if (called or written) and ("/".join(place), ast.unparse(node)) not in FLOATS_ALLOWED:
                found.append(f"{'/'.join(place)}:{node.lineno}: {ast.unparse(node)}")
    assert found == []


def test_no_file_is_two_rooms(modules: tuple[Path, ...], root: Path) -> None:
    """No file of the project or of its tests has more than 500 lines."""
    files = [*modules, *(root / "tests").rglob("*.py"), root / "docs" / "conf.py"]
    long = {str(file.relative_to(root)): n for file in files if (n := _lines(file)) > MAX_LINES}
    assert long == {}


def test_no_function_needs_scrolling(modules: tuple[Path, ...], root: Path) -> None:
    """No function of the project has more than 50 lines."""
    long = {}
    for file in modules:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > MAX_FUNCTION:
                    long[f"{file.relative_to(root)}:{node.name}"] = length
    assert long == {}


def test_nothing_is_evaluated(modules: tuple[Path, ...], root: Path) -> None:
    """Behaviour is never a string that is executed: no ``eval``, ``exec`` or ``compile``."""
    for file in modules:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec", "compile"), f"{file}:{node.lineno}"


def test_data_flows_one_way(root: Path) -> None:
    """The import contracts hold: no layer knows a layer above it."""
    run = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


HEAVY = ("z3", "cvc5", "matplotlib", "sphinx", "networkx", "pygraphviz", "pint", "docutils", "numpy")


def test_asking_for_help_loads_nothing_heavy(root: Path) -> None:
    """``stimproof --help`` imports no solver, no plotting, no graphs and no Sphinx."""
    code = (
        "import sys\n"
        "sys.argv = ['stimproof', '--help']\n"
        "from stimproof.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert run.stderr.strip() == "[]"


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())
