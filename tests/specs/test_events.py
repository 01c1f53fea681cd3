"""Two YAML parsers, one meaning: what the fast one reads, the careful one reads at the same places."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError

from stimproof.specs import events as module
from stimproof.specs.events import _by_ruamel, events

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for folder in ("specs", "hazards", "tests", "docs")
    for path in (ROOT / folder).rglob("*.yaml")
    if path.stat().st_size < 20_000
)
PIECES = st.sampled_from(
    [
        *("a", "b:", ": ", "- ", "{", "}", "[", "]", ", ", "\n", "\n  ", "\n    ", "'", '"', "#", " #"),
        *("|", ">", "|-", "0.1", "ON", "~", ":", ",", "-", "a: b", "\\n", "é", "𝛼", "''", "@", "`", "%"),
        *("x: {y: z}\n", "k: [1, 2]\n", "?", "? ", "!", "!=", " != ", "&", "& ", "*", " * ", "a*b"),
    ]
)


def _told(found: Any) -> list[tuple[object, ...]]:
    """Return what the reader takes from events."""
    told = []
    for event in found:
        kind = type(event).__name__
        scalar = (event.value, event.style or None, event.tag) if kind == "ScalarEvent" else ()
        told.append((kind, event.start_mark.line, event.start_mark.column, *scalar))
    return [item for item in told if not str(item[0]).startswith(("Stream", "Document"))]


def _same(text: str) -> None:
    try:
        careful = _told(_by_ruamel(text))
    except YAMLError:
        with pytest.raises(YAMLError):
            list(events(text))
        return
    assert [item for item in _told(events(text)) if _placed(item)] == [
        item for item in careful if _placed(item)
    ]


def _placed(item: tuple[object, ...]) -> bool:
    """Whether the reader uses the event's place: it never asks where a collection ends."""
    return not str(item[0]).endswith("EndEvent")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_both_parsers_read_the_same(path: Path) -> None:
    """Every YAML file of the project gives the same events at the same places."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        pytest.skip("not UTF-8")
    _same(text)


@settings(max_examples=200)
@given(parts=st.lists(PIECES, max_size=12))
def test_both_parsers_agree_about_any_text(parts: list[str]) -> None:
    """What the fast parser accepts, the careful one accepts with the same meaning; else it is not used."""
    _same("".join(parts))


def test_the_fast_parser_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary file never reaches the slow parser."""

    def fail(_text: str) -> None:
        raise AssertionError("the slow parser was used")

    monkeypatch.setattr(module, "_by_ruamel", fail)
    assert len(list(events("a: 1\nb: [x, 'y']\n"))) == 13
    assert len(list(events("a: x != 2 * y\nb: {c: z != 1 & 2, d: 'ht?p=1'}\n"))) == 15
