"""What nobody writes by mistake: each hostile file ends in a message, soon, and without much memory."""

import json
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stimproof.specs.errors import SpecificationError
from stimproof.specs.reading import MAX_PARTS, MOST_FINDINGS, read_text

PROGRAM = Path(__file__).parents[1] / "support" / "hostile.py"
MEGABYTE = 2**20
SECONDS = 2
"""CPU seconds for one file: one on the machine of the recorded benchmark, two where it is busy or slower."""
NO_MISTAKE = {
    "guard-large-exponent", "guard-small-exponent", "range-small-exponent", "integer-large-exponent",
    "many-anchors", "contacts", "limit-small-exponent", "squaring-definitions",
    "shannon-fraction", "priority", "tabs",
}  # fmt: skip


def _run(folder: Path, extent: str) -> dict[str, Any]:
    """Read every hostile file in a process that may have 500 MB."""
    result = subprocess.run(
        [sys.executable, str(PROGRAM), str(folder), extent],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (500 * MEGABYTE, 500 * MEGABYTE)),
    )
    assert result.returncode == 0, result.stderr[-2000:]
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def _check(told: dict[str, Any], least: int) -> None:
    cases = told["cases"]
    assert len(cases) >= least
    assert {name: seconds for name, (seconds, _, _) in cases.items() if seconds > SECONDS} == {}
    # A finding is a line or two; nothing is repeated as often as it stands in the file.
    assert {name: count for name, (_, count, _) in cases.items() if count > 5000} == {}
    silent = {name for name, (_, count, _) in cases.items() if count == 0}
    assert silent <= NO_MISTAKE
    assert told["peak"] < 500


def test_hostile_files_end_in_a_message(tmp_path: Path) -> None:
    """Random bytes, deep nesting, aliases, huge numbers and odd files give findings in time and memory."""
    _check(_run(tmp_path, "quick"), 60)


@pytest.mark.slow
def test_long_hostile_files_end_in_a_message(tmp_path: Path) -> None:
    """The same for files of up to nine million bytes."""
    _check(_run(tmp_path, "all"), 90)


def test_very_many_mistakes_are_not_all_told() -> None:
    """A file with thousands of mistakes gives the first of them, not all."""
    with pytest.raises(SpecificationError) as caught:
        read_text("a: 1\n" * (MAX_PARTS - 1), "x.yaml")
    assert len(caught.value.findings) == MOST_FINDINGS


def test_a_file_with_too_many_lines_is_not_parsed() -> None:
    """A file with more lines and list items than a person reads is refused before it is parsed."""
    for text in ("\n" * (MAX_PARTS + 1), "[" + "a," * (MAX_PARTS + 1) + "]"):
        with pytest.raises(SpecificationError) as caught:
            read_text(text, "x.yaml")
        (finding,) = caught.value.findings
        assert "split it into several files" in finding.advice


@pytest.mark.slow
@given(st.binary(max_size=400), st.binary(max_size=40))
@settings(max_examples=3000, deadline=None)
def test_any_bytes_of_a_file_give_findings(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, tail: bytes
) -> None:
    """Whatever bytes a file holds, reading its folder succeeds or gives findings."""
    from stimproof.specs.reader import read_folder

    folder = tmp_path_factory.mktemp("any") / "specs"
    folder.mkdir()
    (folder / "a.yaml").write_bytes(head + b"\nstimproof: 1\ndevice: {id: d, name: D}\n" + tail)
    with suppress(SpecificationError):
        read_folder(folder)
