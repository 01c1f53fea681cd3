"""What is printed of a counterexample is what was computed."""

from pathlib import Path

import pytest

from stimproof.specs.reader import read_string
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Setting
from stimproof.verify.run import verify


@pytest.fixture
def device() -> str:
    """Return the tutorial's specification."""
    root = Path(__file__).parents[2]
    return (root / "docs" / "examples" / "two-mode" / "specs" / "device.yaml").read_text(encoding="utf-8")


def test_a_rounded_value_is_not_said_to_be_equal(device: str) -> None:
    """A setting in words has ``=`` before exact values and ``≈`` before rounded ones, never both."""
    specification = read_string(device.replace("3.5 mA", "3.6 mA"))
    (result,) = verify(specification, only=["limits.density"]).results
    assert isinstance(result.counterexample, Setting)
    words = result.counterexample.explanation
    assert words.startswith("at amplitude = 3.6 mA, pulse_width = 450 us")
    assert "contact area ≈ 0.056855 cm^2" in words
    assert "= ≈" not in words


def test_an_unknown_limit_is_named_as_such(device: str) -> None:
    """The claim of a limit that nobody has cited reads as a sentence."""
    specification = read_string(device.replace("limit: 30 uC/cm^2", "limit: unknown"))
    (claim,) = (item.statement for item in obligations(specification) if item.id == "limits.density")
    assert claim.endswith("stays within a limit that is unknown")
