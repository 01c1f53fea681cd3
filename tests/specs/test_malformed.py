"""Each malformed file says at its end, in ``#!`` lines, exactly what its author must be told.

A reviewer adds a case by adding a file.
"""

from pathlib import Path

import pytest

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code
from stimproof.specs.reader import read_string

FILES = sorted((Path(__file__).parent / "malformed").glob("*.yaml"))
DEMANDED = {
    "bad_yaml": Code.YAML,
    "duplicate_key": Code.DUPLICATE_KEY,
    "unknown_key": Code.UNKNOWN_KEY,
    "wrong_unit": Code.WRONG_UNIT,
    "unknown_name": Code.UNKNOWN_NAME,
    "empty_range": Code.EMPTY_RANGE,
    "step_does_not_fit": Code.GRID,
    "type_error_in_guard": Code.TYPE,
    "undeclared_event": Code.UNDECLARED_EVENT,
    "missing_source": Code.MISSING_SOURCE,
}


def _expected(text: str) -> str:
    return "\n".join(line[3:] for line in text.splitlines() if line.startswith("#!"))


def _read(file: Path) -> SpecificationError:
    with pytest.raises(SpecificationError) as caught:
        read_string(file.read_text(encoding="utf-8"), file.name)
    return caught.value


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_message_is_the_one_in_the_file(file: Path) -> None:
    """A malformed file gives the message that stands at its end, with its line and column."""
    assert str(_read(file)) == _expected(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", [f for f in FILES if f.stem != "all_at_once"], ids=lambda file: file.stem)
def test_one_mistake_gives_one_message(file: Path) -> None:
    """One mistake gives one finding, with a place and an advice, and no second one for its consequences."""
    (finding,) = _read(file).findings
    assert finding.advice
    assert finding.location.line > 0
    assert finding.location.column > 0


@pytest.mark.parametrize(("name", "code"), DEMANDED.items())
def test_the_ten_kinds_have_their_codes(name: str, code: Code) -> None:
    """Each of the ten common kinds of mistake has a finding code of its own."""
    (finding,) = _read(Path(__file__).parent / "malformed" / f"{name}.yaml").findings
    assert finding.code is code


def test_all_mistakes_of_a_file_are_reported_at_once() -> None:
    """Mistakes that do not hide each other are all reported, in the order of the file."""
    error = _read(Path(__file__).parent / "malformed" / "all_at_once.yaml")
    assert len(error.findings) >= 12
    assert len({finding.code for finding in error.findings}) >= 10
    assert [f.location for f in error.findings] == sorted(f.location for f in error.findings)
