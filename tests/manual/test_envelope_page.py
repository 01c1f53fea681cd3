"""The manual's page about envelopes shows real output, and its table in C is the header's."""

from __future__ import annotations

import re
from pathlib import Path

from excerpts import compare, run

CHANGE = "amplitude.range.1=6 mA"


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_envelope_of_the_tutorial_is_what_the_page_shows(root: Path, project: Path) -> None:
    """With a wider range the charge density has a boundary, and each weakest interlock its proof."""
    status, text = run(
        "envelope", project.name, "--limit", "density", "--with", CHANGE, "-o", "out", columns=110
    )
    assert status == 0
    assert text.count("proved to suffice") == 3
    assert "NOT proved" not in text
    command = '$ stimproof envelope two-mode --limit density --with amplitude.range.1="6 mA" -o out\n'
    compare(root / "docs" / "examples" / "two-mode-envelope.txt", command + text)
    header = (project.parent / "out" / "envelope.h").read_text(encoding="utf-8")
    compare(root / "docs" / "examples" / "two-mode-envelope.h", header)


def test_an_earlier_output_is_replaced_and_nothing_else(project: Path) -> None:
    """The folder of an earlier run is replaced whole; a folder with something else in it is refused."""
    words = ("envelope", project.name, "--limit", "timing", "-o", "out")
    assert [run(*words)[0], run(*words)[0]] == [0, 0]
    names = {path.name for path in (project.parent / "out").iterdir()}
    assert names == {"envelope.json", "envelope.h", "tables", "certificates", "plots"}
    (project.parent / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    assert run(*words)[0] == 2


def test_two_runs_write_the_same_bytes(project: Path) -> None:
    """Tables, header, plots and proofs are a function of the specification."""
    for name in ("one", "two"):
        run("envelope", project.name, "--limit", "density", "--with", CHANGE, "-o", name)
    one, two = (_files(project.parent / name) for name in ("one", "two"))
    assert one == two
    assert {"plots/limits.density.svg", "plots/area.therapy.svg"} <= one.keys()


def test_an_unknown_limit_is_named_with_those_that_there_are(project: Path) -> None:
    """A limit that does not exist is refused; the existing ones are listed."""
    status, text = run("envelope", project.name, "--limit", "densty")
    assert status == 2
    assert re.search("there are: density, timing", text)


def test_a_what_if_is_loud_everywhere(project: Path) -> None:
    """The answer for a changed value says so on the terminal, in the results and in every ledger."""
    import json

    status, text = run("verify", project.name, "--only", "limits", "--with", CHANGE, "-o", "results")
    assert status == 1
    assert text.count("CHANGED ON THE COMMAND LINE: parameters.amplitude.range.1 = 6 mA") == 2
    assert "no gate accepts it" in text
    results = json.loads((project.parent / "results" / "results.json").read_text(encoding="utf-8"))
    assert len(results["changed"]) == 1
    assert all(results["changed"][0] in item["assumptions"] for item in results["obligations"])
