"""Excerpts of what the program prints or writes: compared with what the manual shows, or written anew."""

import os
from pathlib import Path

from typer.testing import CliRunner

from stimproof.cli import app

REFRESH = "STIMPROOF_REFRESH"
"""Where this variable is set, the manual gets what the program says now."""


def run(*words: str, columns: int = 90) -> tuple[int, str]:
    """Run a command; return its exit status and what it prints, without spaces at the ends of lines."""
    result = CliRunner().invoke(app, list(words), prog_name="stimproof", env={"COLUMNS": str(columns)})
    return result.exit_code, "\n".join(line.rstrip() for line in result.output.strip().splitlines()) + "\n"


def compare(file: Path, text: str) -> None:
    """Demand that a file of the manual holds exactly this text."""
    if os.environ.get(REFRESH):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text, f"set {REFRESH}=1 to rewrite {file}"
