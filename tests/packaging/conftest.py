"""Where the project lies, and its own Python files."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def modules(root: Path) -> tuple[Path, ...]:
    """Every Python file that is installed, by its real path."""
    folders = ("specs", "verify", "hazards", "docs/dossier", "src/stimproof")
    return tuple(sorted({file.resolve() for folder in folders for file in (root / folder).rglob("*.py")}))
