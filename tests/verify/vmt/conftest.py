"""What the tests of VMT-LIB models share."""

from pathlib import Path

import pytest


@pytest.fixture
def root() -> Path:
    """The project's root folder."""
    return Path(__file__).parents[3]
