"""The tutorial's project does what the tutorial says, and its excerpts are real output."""

from __future__ import annotations

import re
from pathlib import Path

from excerpts import compare, run
from stimproof.specs.reader import read_folder

MAGNET = "event: magnet, guard: t >= 1 s}"


def _change(project: Path, old: str, new: str) -> None:
    file = project / "specs" / "device.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_blocks_of_the_page_are_the_whole_file(root: Path) -> None:
    """Whoever types the blocks one after the other has exactly the project that the tutorial goes on with."""
    page = (root / "docs" / "start.rst").read_text(encoding="utf-8")
    whole = (root / "docs" / "examples" / "two-mode" / "specs" / "device.yaml").read_text(encoding="utf-8")
    shown = ""
    for block in re.findall(r"literalinclude:: examples/two-mode/specs/device.yaml\n((?:   .*\n)+)", page):
        options = dict(re.findall(r":([a-z-]+): (.*)\n", block))
        start = whole.index(options["start-at"]) if "start-at" in options else 0
        stop = whole.index(options["end-before"], start) if "end-before" in options else len(whole)
        shown += whole[start:stop]
    assert shown == whole


def test_check_points_at_the_number_that_will_be_wrong(root: Path, project: Path) -> None:
    """The only note is about the second that nobody has cited."""
    status, text = run("check", project.name)
    assert status == 0
    assert text.count("note[") == 1
    assert "states 1 s and cites nothing" in text
    compare(root / "docs" / "examples" / "two-mode" / "check.txt", "$ stimproof check two-mode\n" + text)


def test_the_number_of_settings_is_right(root: Path, project: Path) -> None:
    """The page counts the settings as the grid does."""
    counts = [item.count for item in read_folder(project / "specs").parameters.values()]
    page = (root / "docs" / "start.rst").read_text(encoding="utf-8")
    assert f"all {' × '.join(map(str, counts))} programmable settings" in page


def test_the_charge_limit_is_proved_and_one_requirement_refuted(root: Path, project: Path) -> None:
    """The tutorial's device keeps its charge density, and breaks exactly one requirement."""
    status, text = run("verify", project.name)
    assert status == 1
    assert "proved   limits.density" in text
    assert "refuted  properties.magnet_stops" in text
    assert "1 refuted, 0 unknown, 0 error" in text
    compare(root / "docs" / "examples" / "two-mode" / "verify.txt", "$ stimproof verify two-mode\n" + text)


def test_a_little_more_amplitude_is_refuted_with_a_setting(root: Path, project: Path) -> None:
    """One grid step more amplitude breaks the charge density, at a setting that is named."""
    _change(project, "range: [0 mA, 3.5 mA]", "range: [0 mA, 3.6 mA]")
    status, text = run("explain", project.name, "limits.density")
    assert status == 0
    assert "limits.density: refuted" in text
    assert "3.6 mA" in text
    command = "$ stimproof explain two-mode limits.density\n"
    compare(root / "docs" / "examples" / "two-mode" / "too-much.txt", command + text)


def test_the_counterexample_is_told_as_arun(root: Path, project: Path) -> None:
    """The run shows the magnet coming within the first second, and nothing happening."""
    status, text = run("explain", project.name, "properties.magnet_stops")
    assert status == 0
    assert "2  magnet\n       nothing changes" in text
    command = "$ stimproof explain two-mode properties.magnet_stops\n"
    compare(root / "docs" / "examples" / "two-mode" / "explain.txt", command + text)


def test_without_the_guard_everything_is_proved(project: Path) -> None:
    """Removing the guard repairs the device, as the tutorial says."""
    _change(project, MAGNET, "event: magnet}")
    status, text = run("verify", project.name)
    assert status == 0
    assert "0 refuted, 0 unknown, 0 error" in text
