"""The page about sentences shows what is so."""

import re
from pathlib import Path

from stimproof.specs.property import holds, parse_requirement
from stimproof.specs.property.forms import Condition, Scope, Timing

_ROW = re.compile(r"(?P<name>[a-z])  (?P<marks>[#.]+)(?:  (?P<verdict>holds|fails))?\Z")


def _timelines(page: str) -> list[tuple[str, dict[str, str], bool]]:
    """Return sentence, signals and verdict of each timeline of the page."""
    found: list[tuple[str, dict[str, str], bool]] = []
    sentence, signals = "", {}
    for line in (line.strip() for line in page.splitlines()):
        row = _ROW.match(line)
        if row is None:
            if " shall " in line:
                sentence, signals = line, {}
            continue
        signals[row["name"]] = row["marks"]
        if row["verdict"]:
            found.append((sentence, dict(signals), row["verdict"] == "holds"))
    return found


def test_every_timeline_of_the_page_is_judged_as_it_says(root: Path) -> None:
    """Each timeline holds or fails as the page says, and the page shows each scope's kind and each timing."""
    found = _timelines((root / "docs" / "sentences.rst").read_text(encoding="utf-8"))
    for sentence, signals, verdict in found:
        steps = zip(*signals.values(), strict=True)
        trace = [{name: mark == "#" for name, mark in zip(signals, step, strict=True)} for step in steps]
        assert holds(sentence, trace) is verdict, (sentence, signals)
    shown = [parse_requirement(sentence) for sentence, _, _ in found]
    assert {item.condition for item in shown} == set(Condition)
    assert {item.timing for item in shown} | {Timing.NEVER} == set(Timing)
    assert {item.scope for item in shown} | {Scope.NOT_IN, Scope.ONLY_BEFORE} == set(Scope)


def test_every_form_stands_on_the_page(root: Path) -> None:
    """Each scope and each timing is explained."""
    page = (root / "docs" / "sentences.rst").read_text(encoding="utf-8")
    for words in (
        *Timing,
        *(scope.value for scope in Scope if scope is not Scope.GLOBAL),
        "upon",
        "whenever",
    ):
        assert f"``{words}" in page or f"``when {words}" in page, words
