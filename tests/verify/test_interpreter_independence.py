"""What replays and judges a run shares no code with what finds it."""

import ast
from pathlib import Path

import pytest

import stimproof.verify

HOME = Path(stimproof.verify.__file__).parent
ENGINE = {
    "encoding",
    "monitors",
    "progress",
    "goals",
    "solver",
    "system",
    "certificates",
    "smtlib",
    "recheck",
    "machine",
}
PLAIN = ("interpreter", "judge", "enabling")
PACKAGE = "stimproof.verify"


def imported(module: str) -> set[str]:
    """Return the modules of the verification layer that a module imports, wherever the import stands."""
    tree = ast.parse((HOME / f"{module}.py").read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {
        name.removeprefix(f"{PACKAGE}.").split(".")[0] for name in found if name.startswith(f"{PACKAGE}.")
    }


def reached(module: str) -> set[str]:
    """Return every module of the verification layer that is imported directly or through others."""
    todo, seen = [module], set[str]()
    while todo:
        here = todo.pop()
        if here not in seen and (HOME / f"{here}.py").exists():
            seen.add(here)
            todo.extend(imported(here))
    return seen - {module}


@pytest.mark.parametrize("module", ["interpreter", "enabling", "settings"])
def test_the_second_meaning_imports_nothing_of_the_engines(module: str) -> None:
    """The interpreter, the test of what can fire, and exact evaluation reach no encoder, goal or solver."""
    assert not reached(module) & ENGINE


def test_the_judge_imports_nothing_of_the_engines() -> None:
    """The judge itself imports no encoder, no goal and no solver."""
    assert not imported("judge") & ENGINE


@pytest.mark.parametrize("module", PLAIN)
@pytest.mark.parametrize("library", ["z3", "cvc5"])
def test_the_second_meaning_imports_no_solver_library(module: str, library: str) -> None:
    """Nothing that replays or judges imports a solver."""
    text = (HOME / f"{module}.py").read_text(encoding="utf-8")
    names = {
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert library not in names


@pytest.mark.parametrize(("library", "owner"), [("z3", "solver"), ("cvc5", "recheck")])
def test_one_module_imports_each_solver(library: str, owner: str) -> None:
    """Exactly one module of the whole project imports z3, and exactly one imports cvc5."""
    owners = []
    folders = [
        HOME.parent,
        *(item for item in HOME.parent.iterdir() if item.is_dir()),
    ]  # links are not followed
    for file in sorted(
        {file for folder in folders for file in (*folder.glob("*.py"), *folder.rglob("*.py"))}
    ):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            direct = isinstance(node, ast.Import) and any(a.name.split(".")[0] == library for a in node.names)
            from_it = isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == library
            if direct or from_it:
                owners.append(file.stem)
    assert owners == [owner]
