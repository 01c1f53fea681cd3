"""Where the project lies, and a copy of the tutorial's project."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tutorial's project, in the current folder."""
    shutil.copytree(root / "docs" / "examples" / "two-mode", tmp_path / "two-mode")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "two-mode"
