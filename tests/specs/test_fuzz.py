"""Whatever happens to the text of a specification, its author gets findings, never a traceback."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Location
from stimproof.specs.parsing import LanguageError, Text, parse
from stimproof.specs.quantities import UnitError, quantity
from stimproof.specs.reader import read_string

TOY = (Path(__file__).parent / "data" / "toy.yaml").read_text(encoding="utf-8")
LINES = TOY.splitlines()
SNIPPETS = [
    "",
    " ",
    "  ",
    "\t",
    ":",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "'",
    '"',
    "#",
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "!<x> ",
    "|",
    ">",
    "%YAML 9.9\n",
    "%TAG ! x\n",
    "---\n",
    "...\n",
    "<<: ",
    "~",
    "null",
    "true",
    "0",
    "-1",
    "1e9",
    "1e99",
    "5 mA",
    "5 s",
    "unknown",
    "any",
    "9" * 70,
    "\x00",
    "\ufeff",
    "\u2028",
    "é",
    "\ud7ff",
    "a: b",
    "[]",
    "{}",
    "{a: {b: {c: d}}}",
    "t <= 5 s",
    "(((",
    "not ",
    " and ",
    "ite(",
    "count + ",
    " / 0",
    "delivered(",
    "the ipg shall ",
    "mode ON is reachable",
]


def _survives(text: str) -> None:
    with suppress(SpecificationError):
        read_string(text)


@st.composite
def _mutants(draw: st.DrawFn) -> str:
    """Return the toy after a few edits of lines, tokens or characters."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        where = draw(st.integers(0, len(lines) - 1))
        kind = draw(
            st.sampled_from(["delete", "repeat", "swap", "insert", "cut", "indent", "replace", "value"])
        )
        line = lines[where]
        column = draw(st.integers(0, len(line)))
        snippet = draw(st.sampled_from(SNIPPETS))
        if kind == "delete":
            lines[where] = ""
        elif kind == "repeat":
            lines[where] = f"{line}\n{line}"
        elif kind == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[where], lines[other] = lines[other], lines[where]
        elif kind == "insert":
            lines[where] = line[:column] + snippet + line[column:]
        elif kind == "cut":
            lines[where] = line[:column]
        elif kind == "indent":
            lines[where] = draw(st.sampled_from(["", " ", "    ", "        "])) + line.lstrip()
        elif kind == "replace":
            lines[where] = line[:column] + snippet + line[column + draw(st.integers(1, 8)) :]
        else:
            lines[where] = f"{line.split(':', 1)[0]}: {snippet}"
    return "\n".join(lines)


@given(_mutants())
@settings(max_examples=150)
def test_a_damaged_specification_gives_findings(text: str) -> None:
    """A valid file after random edits is read or refused with findings; nothing else is ever raised."""
    _survives(text)


@pytest.mark.slow
@given(_mutants())
@settings(max_examples=5000)
def test_a_damaged_specification_gives_findings_at_length(text: str) -> None:
    """The same over many more edits."""
    _survives(text)


@given(st.text(max_size=200))
def test_any_text_gives_findings(text: str) -> None:
    """Any text at all is read or refused with findings."""
    _survives(text)


_DATA = st.recursive(
    st.sampled_from([*SNIPPETS[30:], "amplitude", "OFF", "manual", "seen"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda xs: "[" + ", ".join(xs) + "]")
        | st.dictionaries(
            st.sampled_from(
                [
                    "from",
                    "to",
                    "value",
                    "source",
                    "type",
                    "range",
                    "shape",
                    "law",
                    "claim",
                    "sentence",
                    "modes",
                ]
            ),
            inner,
            max_size=4,
        ).map(lambda d: "{" + ", ".join(f"{k}: {v}" for k, v in d.items()) + "}")
    ),
    max_leaves=8,
)


@given(st.sampled_from([line.rstrip(":") for line in LINES if line[0] != " " and line.endswith(":")]), _DATA)
def test_any_content_of_a_section_gives_findings(section: str, content: str) -> None:
    """Any YAML under any section's name is read or refused with findings."""
    _survives(f"stimproof: 1\ndevice: {{id: d, name: D}}\n{section}:\n  x: {content}\n")
    _survives(f"stimproof: 1\ndevice: {{id: d, name: D}}\n{section}: {content}\n")


def _column_of_trouble(source: str, start: str) -> int:
    try:
        parse(Text(source, Location("t.yaml", 1, 1)), start)
    except LanguageError as problem:
        return problem.finding.location.column
    return 1


@given(
    st.lists(
        st.sampled_from([*"abt()+-*/<>=!&|,.%° ", "5 mA", "and", "not", "the", "in", "mode", "shall"])
    ).map("".join)
)
def test_any_words_of_the_language_parse_or_are_placed(source: str) -> None:
    """Any string of words parses or is refused at a column inside the text or just after it."""
    for start in ("expression", "sentence"):
        assert 1 <= _column_of_trouble(source, start) <= len(source) + 1


@given(st.text(max_size=60) | st.from_regex(r"[0-9.e-]{1,8} ?[A-Za-z^*/0-9-]{0,20}", fullmatch=True))
def test_any_text_is_a_quantity_or_not(text: str) -> None:
    """Reading a quantity either works or says that it is none."""
    with suppress(UnitError):
        quantity(text)
