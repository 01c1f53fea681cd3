"""What the page about the engine shows is what the program says."""

from __future__ import annotations

from pathlib import Path

from engine_cases import table
from excerpts import compare
from stimproof import explaining
from stimproof.project import library
from stimproof.verify.run import verify

CLAIM = "properties.disabled_lead_is_not_driven"


def test_the_core_on_the_page_is_real(root: Path) -> None:
    """The excerpt is what ``explain`` prints of a reference device."""
    (device,) = (item for item in library() if item.id == "drg-axium")
    (result,) = verify(device.specification, only=[CLAIM], cores=True).results
    sections = explaining.explain(result, device.specification)
    (lines,) = (item.lines for item in sections if item.heading == "What the proof needs")
    text = "\n".join([f"$ stimproof explain drg-axium {CLAIM}", "…", "What the proof needs"])
    text += "".join(f"\n  {line}" for line in lines) + "\n"
    compare(root / "docs" / "examples" / "core.txt", text)


def test_the_page_shows_what_each_engine_is_tried_with(root: Path) -> None:
    """The table of engines and features is that of the test devices."""
    compare(root / "docs" / "examples" / "engines.txt", table())
