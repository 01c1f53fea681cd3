"""What the README shows is what the program prints."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stimproof.cli import app


def _blocks(root: Path, language: str) -> list[list[str]]:
    text = (root / "README.md").read_text(encoding="utf-8")
    return [block.splitlines() for block in re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)]


def _excerpts(root: Path) -> dict[str, list[str]]:
    return {block[0].removeprefix("$ "): block[1:] for block in _blocks(root, "console")}


def _pattern(lines: list[str]) -> str:
    """Return a pattern for an excerpt; ``…`` stands for anything, alone on a line for any lines."""
    parts = [".*?" if line == "…" else re.escape(line).replace("…", "[^\n]*") + "\n" for line in lines]
    return "".join(parts)


def _run(command: str) -> str:
    program, *words = shlex.split(command)
    assert program == "stimproof"
    result = CliRunner().invoke(app, words, prog_name="stimproof", env={"COLUMNS": "90"})
    return "".join(f"{line.rstrip()}\n" for line in result.output.splitlines())


def _matches(root: Path, command: str) -> None:
    printed = _run(command)
    assert re.fullmatch(_pattern(_excerpts(root)[command]), printed, re.DOTALL), printed


def test_the_counterexample_is_real_output(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's counterexample is what ``explain`` prints."""
    monkeypatch.chdir(root)
    _matches(root, "stimproof explain docs/examples/two-mode properties.magnet_stops")


def test_the_findings_are_real_output(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's findings are what ``check`` prints."""
    monkeypatch.chdir(root)
    _matches(root, "stimproof check tests/specs/broken")


@pytest.mark.slow
def test_the_main_job_is_real_output(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's first excerpt is what the main job prints."""
    monkeypatch.chdir(tmp_path)
    _matches(root, "stimproof dossier drg-axium -o out/drg-axium")
    assert (tmp_path / "out" / "drg-axium" / "index.html").is_file()


def test_the_requirements_shown_are_those_of_the_example(root: Path) -> None:
    """The README's specification is part of the tutorial's project."""
    (block,) = _blocks(root, "yaml")
    example = (root / "docs" / "examples" / "two-mode" / "specs" / "device.yaml").read_text(encoding="utf-8")
    assert "\n".join(block) in example


def test_the_two_commands_are_those_that_ci_runs(root: Path) -> None:
    """Each command of the README's first screen is a task of ``dev``, and CI runs that very line."""
    (block,) = _blocks(root, "sh")
    commands = [line.split("#")[0].strip() for line in block]
    assert commands == ["./dev dossier", "./dev test"]
    checks = (root / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    for command in commands:
        assert command in checks


def test_make_offers_the_same_tasks(root: Path) -> None:
    """``make TASK`` is ``./dev TASK`` for every task."""
    tasks = re.findall(r"^    (\w+)\)", (root / "dev").read_text(encoding="utf-8"), re.MULTILINE)
    targets = re.findall(r"^\.PHONY: (.*)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(tasks) == sorted(targets[0].split())


def test_the_scripts_can_be_run(root: Path) -> None:
    """The scripts that people and CI start have their executable bit."""
    for name in ("dev", ".ci/run"):
        assert shutil.which(str(root / name)) is not None


def test_every_command_of_the_program_is_listed(root: Path) -> None:
    """The README's table lists every command."""
    from stimproof.cli.app import _ORDER

    text = (root / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `stimproof ([\w-]+)", text, re.MULTILINE) == list(_ORDER)
