from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code, Finding
from stimproof.specs.reading import MAX_BYTES, MAX_DEPTH, read_file, read_text, scalar

TEXT = """\
a: 1
b: {c: [1.5, "x y", ON], d: yes}
e:
  - f: 10 mA
    g: null
"""


def _refused(text: str) -> tuple[Finding, ...]:
    with pytest.raises(SpecificationError) as caught:
        read_text(text, "t.yaml")
    return caught.value.findings


def test_values_are_those_of_yaml_1_2() -> None:
    """``ON`` and ``yes`` stay words, decimals are exact, ``null`` is nothing."""
    assert read_text(TEXT, "t.yaml").data == {
        "a": 1,
        "b": {"c": [Fraction(3, 2), "x y", "ON"], "d": "yes"},
        "e": [{"f": "10 mA", "g": None}],
    }


@pytest.mark.parametrize(
    ("path", "key", "line", "column"),
    [
        (("a",), True, 1, 1),
        (("a",), False, 1, 4),
        (("b", "c", 0), False, 2, 9),
        (("b", "c", 1), False, 2, 15),
        (("b", "c", 2), False, 2, 21),
        (("b", "d"), True, 2, 26),
        (("e", 0), False, 4, 5),
        (("e", 0, "g"), True, 5, 5),
        (("e", 0, "g"), False, 5, 8),
    ],
)
def test_each_key_and_value_has_its_place(
    path: tuple[str | int, ...], key: bool, line: int, column: int
) -> None:
    """Lines and columns count from one; a quoted text begins after its quote."""
    place = read_text(TEXT, "t.yaml").at(path, key=key)
    assert (place.line, place.column) == (line, column)


def test_a_path_that_does_not_exist_is_placed_at_its_nearest_neighbour() -> None:
    """A missing key is placed at the key of what should hold it, and its path is kept."""
    place = read_text(TEXT, "t.yaml").at(("b", "zz"))
    assert (place.line, place.column, place.path) == (2, 1, "b.zz")


@pytest.mark.parametrize(
    "word", ["on", "off", "yes", "no", "NO", "y", "0x10", "1_000", "12:30", ".inf", ".nan"]
)
def test_words_that_yaml_1_1_would_change_stay_words(word: str) -> None:
    """No country becomes false, no clock time a number: YAML 1.2's core schema, less its floats."""
    assert scalar(word) == word


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12))
def test_decimals_are_exact(number: object) -> None:
    """A decimal number is read as the very rational that it writes."""
    text = format(number, "f")
    assert scalar(text) == Fraction(text)


def test_numbers_of_absurd_length_stay_text() -> None:
    """A number is read only up to sixty characters, so that no file can ask for gigabytes of digits."""
    assert scalar("1" * 60) == int("1" * 60)
    assert scalar("1" * 61) == "1" * 61
    assert scalar("1e999") == "1e999"


def test_quoted_numbers_are_text() -> None:
    """Quotes make text of anything."""
    assert read_text("a: '1.5'\nb: \"true\"", "t.yaml").data == {"a": "1.5", "b": "true"}


def test_every_duplicate_key_is_reported() -> None:
    """All duplicate keys are reported at once, each with the line of its first."""
    findings = _refused("a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert [(f.code, f.location.line, f.location.column) for f in findings] == [
        (Code.DUPLICATE_KEY, 2, 1),
        (Code.DUPLICATE_KEY, 3, 11),
    ]
    assert "line 1" in findings[0].advice


def test_aliases_are_refused() -> None:
    """An alias is refused where it stands; bombs are made of them."""
    (finding,) = _refused("a: &x [1]\nb: *x\n")
    assert (finding.code, finding.location.line, finding.location.column) == (Code.WRONG_VALUE, 2, 4)


def test_deep_nesting_is_refused() -> None:
    """Nesting beyond the limit is refused before it costs memory or stack."""
    (finding,) = _refused("[" * 100_000)
    assert finding.code is Code.TOO_LARGE
    read_text("[" * MAX_DEPTH + "]" * MAX_DEPTH, "t.yaml")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("a: [1,2", 1, 8), ("\ta: 1", 1, 1), ('a: "x', 1, 6), ("a: @x", 1, 4), ("a: 1\n b: 2", 2, 3)],
)
def test_bad_yaml_has_a_place(text: str, line: int, column: int) -> None:
    """What is not YAML is reported where the parser stumbled."""
    (finding,) = _refused(text)
    assert finding.code is Code.YAML
    assert (finding.location.line, finding.location.column) == (line, column)


def test_a_key_must_be_a_word() -> None:
    """A list as a mapping key is refused."""
    assert _refused("? [a]\n: 1\n")[0].code is Code.YAML


def test_one_document_for_each_file() -> None:
    """A second YAML document in a file is refused where it starts."""
    (finding,) = _refused("---\na: 1\n---\nb: 2\n")
    assert (finding.code, finding.location.line) == (Code.YAML, 3)


def test_bytes_that_are_not_utf8_are_placed(tmp_path: Path) -> None:
    """A byte that is not UTF-8 is reported with its line and column."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(SpecificationError) as caught:
        read_file(file)
    (finding,) = caught.value.findings
    assert (finding.code, finding.location.line, finding.location.column) == (Code.ENCODING, 2, 7)


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    """Editors on Windows write a byte order mark; it changes nothing."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_file(file).data == {"a": 1}


def test_a_file_too_large_is_not_parsed(tmp_path: Path) -> None:
    """A file beyond the limit is refused by its size alone."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(SpecificationError) as caught:
        read_file(file)
    assert caught.value.findings[0].code is Code.TOO_LARGE


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A path that cannot be read is a finding that names the path."""
    with pytest.raises(SpecificationError) as caught:
        read_file(tmp_path / "none.yaml")
    assert "none.yaml" in str(caught.value)


def test_an_empty_file_is_nothing() -> None:
    """An empty file holds no document; whoever needs one says so."""
    assert read_text("", "t.yaml").data is None
    assert read_text("# only a comment\n", "t.yaml").data is None
