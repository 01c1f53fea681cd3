"""The page about names, reuse and faults: its example is a project, and the page leaves nothing out."""

import re
from pathlib import Path
from typing import get_args

import pytest

from excerpts import compare, run
from stimproof.specs import failures
from stimproof.specs.fields import Model
from stimproof.specs.findings import Code, Severity
from stimproof.specs.reader import read_folder
from stimproof.specs.reading import MAX_BYTES, MAX_PARTS, MOST_FINDINGS
from stimproof.specs.specification import Specification


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    """The folder of the page's example."""
    return root / "docs" / "examples" / "extended"


@pytest.fixture(scope="module")
def device(folder: Path) -> Specification:
    """The page's example, read."""
    return read_folder(folder / "specs")


def test_the_example_has_only_the_findings_that_the_page_tells_of(
    device: Specification, folder: Path
) -> None:
    """What the example's own files give rise to are unanalysed faults and the rate that nobody knows."""
    own = [found for found in device.findings if found.location.file.startswith(str(folder))]
    assert {found.code for found in own} == {Code.NOT_ANALYSED, Code.UNKNOWN_NUMBER}
    assert all(found.weight is not Severity.ERROR for found in own)
    assert len(device.faults) == 3


def test_the_example_changes_what_the_page_says(device: Specification) -> None:
    """One value is overridden, one limit removed; a definition is used in a sentence and one in a claim."""
    assert [(item.path, item.after) for item in device.extension.overridden] == [
        ("parameters.amplitude.default", "0.1 mA")
    ]
    assert "two_equal_phases_would_fit" not in device.limits
    assert {"below_the_ceiling", "strong_is_short"} <= device.limits.keys()
    assert [*device.constants] == ["ceiling"]


def test_what_check_prints_is_in_the_manual(folder: Path) -> None:
    """The excerpt in the manual is what ``stimproof check`` prints at its end."""
    _, printed = run("check", str(folder), columns=200)
    compare(folder / "check.txt", "\n".join(printed.splitlines()[-3:]) + "\n")


def test_every_key_of_a_fault_is_explained(root: Path) -> None:
    """Each kind of fault and each of its keys stands on the page."""
    page = (root / "docs" / "reuse.rst").read_text("utf-8")
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"``([^`]*)``", page))))
    own = [kind for kind in vars(failures).values() if getattr(kind, "__module__", "") == failures.__name__]
    kinds = [kind for kind in own if isinstance(kind, type) and issubclass(kind, Model)]
    assert len(kinds) > 6
    for kind in kinds:
        words = set(kind.model_fields)
        if "kind" in words:
            words |= set(get_args(kind.model_fields["kind"].annotation))
        assert words <= named


def test_the_limits_of_a_file_are_those_of_the_reader(root: Path) -> None:
    """The sizes that the page tells are those that the reader keeps to."""
    page = (root / "docs" / "reuse.rst").read_text("utf-8")
    assert f"{MAX_BYTES // 10**6} million bytes" in page
    assert f"{MAX_PARTS:,} lines".replace(",", " ") in page
    assert f"the first {MOST_FINDINGS}" in page
