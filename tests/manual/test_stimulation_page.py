"""The pages about stimulation and its laws leave nothing out; their example has the verdicts it states."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from stimproof.specs import stimulation
from stimproof.specs.laws import LAWS
from stimproof.specs.reader import read_folder
from stimproof.verify.run import verify


def test_every_key_of_stimulation_is_explained(root: Path) -> None:
    """Each key of each model stands on the page of the language, or on that of stimulation."""
    pages = [(root / "docs" / name).read_text("utf-8") for name in ("language.rst", "stimulation.rst")]
    named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"``([^`]*)``", " ".join(pages)))))
    models = [
        kind
        for kind in vars(stimulation).values()
        if isinstance(kind, type)
        and issubclass(kind, stimulation.Model)
        and kind.__module__ == stimulation.__name__
    ]
    keys = {field.alias or key for kind in models for key, field in kind.model_fields.items()}
    assert keys - named == set()


def test_the_example_has_the_verdicts_that_it_states(root: Path) -> None:
    """Each limit of the example is decided as the comment above it says."""
    folder = root / "docs" / "examples" / "stimulation" / "specs"
    text = (folder / "device.yaml").read_text("utf-8")
    pairs = re.findall(r"^  # expect: (.+)\n  ([a-z]+):", text, flags=re.MULTILINE)
    stated = {name: verdict for verdict, name in pairs}
    found = verify(read_folder(folder)).by_id()
    assert {name: found[f"limits.{name}"].verdict.title for name in stated} == stated
    assert len(stated) == len([name for name in found if name.startswith("limits.")]) == 8


@pytest.mark.parametrize("name", LAWS)
def test_every_law_says_formula_units_and_rounding(name: str) -> None:
    """A law is one module, whose words give its units, its validity or definition, and what is rounded."""
    said = " ".join((importlib.import_module(f"stimproof.verify.laws.{name}").__doc__ or "").split())
    assert "Units:" in said
    assert re.search(r"constant is rounded|enclosed|rounded (up|down|so)|rounds", said)
    assert re.search(
        r"[Vv]alid |definition|was fitted|[Ff]or electrodes on the skin only|Ohm's law|measured", said
    )
