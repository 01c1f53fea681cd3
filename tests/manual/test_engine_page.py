"""What the page about the engine shows is what the program says."""

from __future__ import annotations

import os
from pathlib import Path

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
    file = root / "docs" / "examples" / "core.txt"
    if os.environ.get("STIMPROOF_REFRESH"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), f"set STIMPROOF_REFRESH=1 to rewrite {file}"
