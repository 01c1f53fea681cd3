"""State diagrams: readable, the same everywhere, independent of the fonts of the machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stimproof.dossier import statechart
from stimproof.dossier.inputs import DossierInputs
from stimproof.dossier.statechart import Marks
from stimproof.specs.reader import read_folder, read_string
from stimproof.specs.specification import Machine

NO_MARKS = Marks((), {}, {})
LIBRARY = Path(__file__).parent.parent.parent / "specs" / "library"


@pytest.fixture
def ipg(toy: DossierInputs) -> Machine:
    """The toy's machine: OFF and ON, with a transition from any mode."""
    return toy.specification.machines["ipg"]


def test_every_mode_and_event_is_drawn(ipg: Machine) -> None:
    """Each mode is a box, each event that leaves a mode a line of a label, with the number of its row."""
    svg = statechart.draw(ipg, NO_MARKS)
    for text in ("OFF", "ON", "start T1", "stop T2", "tick [if] T3", "hot [if] T4"):
        assert f">{text}</text>" in svg, text


def test_parallel_transitions_share_one_edge(ipg: Machine) -> None:
    """Three transitions from ON to OFF are one curve with three lines."""
    edges = statechart.diagram(ipg, NO_MARKS).edges
    ways = [(tail, head) for tail, head, _, _ in edges]
    assert len(ways) == len(set(ways))
    lines = {(tail, head): len(lines) for tail, head, lines, _ in edges}
    assert lines["mode ON", "mode OFF"] == 3


def test_the_golden_diagram(ipg: Machine) -> None:
    """The layout of the toy's machine is known to the tenth of a point."""
    svg = statechart.draw(ipg, NO_MARKS)
    assert svg.startswith('<svg class="stim-diagram" width="')
    assert re.findall(r'<rect [^>]*y="([0-9.]+)"', svg) == sorted(
        re.findall(r'<rect [^>]*y="([0-9.]+)"', svg), key=float
    )
    assert svg.count("<polygon") == 3
    assert svg.count('class="initial"') == 1


def test_failing_and_terminal_modes_are_marked_without_colour(ipg: Machine) -> None:
    """A mode in which a counterexample ends carries a sign, not only a colour; names are links."""
    svg = statechart.draw(ipg, Marks({"ON"}, {"ON": "#mode-ipg.ON"}, {}))
    assert ">✗ ON</text>" in svg
    assert '<a href="#mode-ipg.ON">' in svg


def test_an_emergency_stop_of_many_modes_is_one_edge() -> None:
    """A transition that leaves more than three modes starts at one small frame."""
    modes = ", ".join(f"M{number}: {{}}" for number in range(6))
    text = (
        "stimproof: 1\ndevice: {id: x, name: X}\nevents: {stop: {}, go: {}}\n"
        "machines:\n  m:\n    initial: M0\n"
        f"    modes: {{{modes}}}\n    transitions:\n      - {{from: any, to: M0, event: stop}}\n"
        "      - {from: [M0, M1, M2, M3], to: M5, event: go}\n"
    )
    drawn = statechart.diagram(read_string(text).machines["m"], NO_MARKS)
    frames = [box.lines for box in drawn.boxes.values() if box.style == "many"]
    assert [[line.text for line in lines] for lines in frames] == [["any mode"], ["any mode but", "M4", "M5"]]


def test_no_text_reaches_graphviz(ipg: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fonts differ between machines, so Graphviz gets sizes only and the layout does not depend on them."""
    import pygraphviz

    seen: list[str] = []
    draw = pygraphviz.AGraph.draw

    def spy(graph: pygraphviz.AGraph, *arguments: object, **options: object) -> bytes:
        seen.append(graph.to_string())
        return bytes(draw(graph, *arguments, **options))

    monkeypatch.setattr(pygraphviz.AGraph, "draw", spy)
    statechart.draw(ipg, NO_MARKS)
    assert "start T1" not in seen[0]
    assert 'label=""' in seen[0]


def test_a_large_real_machine_stays_legible() -> None:
    """Fifteen modes and over sixty transitions fit a picture whose boxes do not overlap."""
    machine = read_folder(LIBRARY / "opennerve-ipg" / "specs").machines["ipg"]
    svg = statechart.draw(machine, NO_MARKS)
    boxes = [
        tuple(float(side) for side in found)
        for found in re.findall(
            r'<rect x="([0-9.]+)" y="([0-9.]+)" width="([0-9.]+)" height="([0-9.]+)"', svg
        )
    ]
    apart = [box for box in boxes if not any(_inside(box, other) for other in boxes if other != box)]
    assert len(apart) >= len(machine.modes)
    for index, one in enumerate(apart):
        for other in apart[index + 1 :]:
            assert not _overlap(one, other)
    width = float(svg.split('width="')[1].split('"')[0])
    assert width < 2600


def _inside(box: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Return whether a box is the inner frame of another."""
    return box[0] > other[0] and box[1] > other[1] and box[0] + box[2] < other[0] + other[2]


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(
        one[axis] < other[axis] + other[axis + 2] and other[axis] < one[axis] + one[axis + 2]
        for axis in (0, 1)
    )
