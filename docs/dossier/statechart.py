"""State diagrams as SVG: laid out by Graphviz from sizes that we measure, drawn by ourselves.

Fonts differ between machines; because no text reaches Graphviz, the layout does not. Transitions between
the same two modes share an edge; one that leaves more than three modes starts at a small frame that names
them, so that a machine with an emergency stop stays readable.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stimproof.dossier.html import Content, Markup, join, tag
from stimproof.specs.expressions import TRUE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from stimproof.specs.specification import Machine, Transition

Flip = Callable[[float, float], tuple[float, float]]
MAX_SOURCES = 3
MAX_LINES = 6
POINT = 72.0  # points in an inch, Graphviz' unit of size
BIG, SMALL = 13.0, 10.5
LEADING = 1.35


@dataclass(frozen=True)
class Marks:
    """What the diagram points out: modes in which a claim fails, and where its names lead."""

    failing: Collection[str]
    modes: Mapping[str, str]
    transitions: Mapping[int, str]


@dataclass(frozen=True)
class Line:
    """A line of text with its size; ``href`` makes it a link."""

    text: str
    size: float = SMALL
    href: str | None = None
    style: str | None = None

    @property
    def width(self) -> float:
        """The width in points, estimated from the proportions of Helvetica and its kin."""
        return sum(_advance(letter) for letter in self.text) * self.size


def _advance(letter: str) -> float:
    if letter in "ijl'|":
        return 0.23
    if letter in "ftI .,:;!/[]()":
        return 0.29
    if letter in "mMW✗":
        return 0.86
    return 0.71 if letter.isupper() else 0.56


@dataclass(frozen=True)
class Box:
    """A node: its lines and how it is drawn."""

    lines: tuple[Line, ...]
    style: str
    title: str
    href: str = ""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        if not self.lines:
            return 9.0, 9.0
        return max(line.width for line in self.lines) + 22, _height(self.lines) + 14


@dataclass
class Diagram:
    """Boxes by key and edges between keys."""

    boxes: dict[str, Box] = field(default_factory=dict)
    edges: list[tuple[str, str, tuple[Line, ...], str]] = field(default_factory=list)


def _height(lines: Sequence[Line]) -> float:
    return sum(line.size * LEADING for line in lines)


def draw(machine: Machine, marks: Marks) -> Markup:
    """Return the state diagram of a machine as inline SVG; the same machine gives the same bytes."""
    return _svg(diagram(machine, marks))


def diagram(machine: Machine, marks: Marks) -> Diagram:
    """Return what is to be drawn, before it has places."""
    result = Diagram()
    for name, mode in machine.modes.items():
        styles = [
            "mode",
            *(["terminal"] if mode.terminal else []),
            *(["failing"] if name in marks.failing else []),
        ]
        lines = _mode_lines(machine, name, marks)
        result.boxes[_key(name)] = Box(lines, " ".join(styles), mode.doc or name, marks.modes.get(name, ""))
    for name in machine.initial:
        start = f"start of {name}"
        result.boxes[start] = Box((), "initial", "initial mode")
        result.edges.append((start, _key(name), (), "initial mode"))
    _add_edges(result, machine, marks)
    return result


def _key(mode: str) -> str:
    return f"mode {mode}"


def _mode_lines(machine: Machine, name: str, marks: Marks) -> tuple[Line, ...]:
    """Return the name, and below it what is handled without leaving the mode."""
    inside = [item for item in machine.transitions if name in item.sources and item.target in (None, name)]
    sign = "✗ " if name in marks.failing else ""
    title = Line(f"{sign}{name}", BIG, marks.modes.get(name), "name")
    return (title, *_transition_lines(inside, marks, lead="↻ "))


def _transition_lines(items: Sequence[Transition], marks: Marks, lead: str = "") -> tuple[Line, ...]:
    """Return one line for each event, with the numbers of its transitions."""
    events: dict[str, list[Transition]] = defaultdict(list)
    for item in items:
        events[item.event].append(item)
    lines = [_event_line(event, group, marks, lead) for event, group in events.items()]
    if len(lines) > MAX_LINES + 1:
        lines[MAX_LINES:] = [Line(f"and {len(lines) - MAX_LINES} more")]
    return tuple(lines)


def _event_line(event: str, group: Sequence[Transition], marks: Marks, lead: str) -> Line:
    guarded = " [if]" if any(item.guard != TRUE for item in group) else ""
    numbers = " ".join(f"T{item.number}" for item in group)
    return Line(f"{lead}{event}{guarded} {numbers}", SMALL, marks.transitions.get(group[0].number))


def _add_edges(result: Diagram, machine: Machine, marks: Marks) -> None:
    merged: dict[tuple[str, str], list[Transition]] = defaultdict(list)
    for item in machine.transitions:
        if item.target is None:
            continue
        leaving = [name for name in item.sources if name != item.target]
        tails = (
            [_many(result, machine, leaving)]
            if len(leaving) > MAX_SOURCES
            else [_key(name) for name in leaving]
        )
        for tail in tails:
            merged[tail, _key(item.target)].append(item)
    for (tail, head), items in merged.items():
        lines = _transition_lines(items, marks)
        result.edges.append((tail, head, lines, "; ".join(item.title for item in items)))


def _many(result: Diagram, machine: Machine, leaving: list[str]) -> str:
    """Add (once) the small frame that stands for several modes; return its key."""
    key = f"from {' '.join(leaving)}"
    if key not in result.boxes:
        others = [name for name in machine.modes if name not in leaving]
        if len(others) <= 1:
            texts = ["any mode"]
        elif len(others) <= MAX_SOURCES:
            texts = ["any mode but", *others]
        else:
            texts = [", ".join(leaving[index : index + 2]) for index in range(0, len(leaving), 2)]
        result.boxes[key] = Box(tuple(Line(text) for text in texts), "many", ", ".join(leaving))
    return key


def _place(drawn: Diagram) -> dict[str, Any]:
    """Let Graphviz place boxes and edges of known sizes."""
    import pygraphviz  # loaded only when a diagram is drawn

    graph = pygraphviz.AGraph(directed=True, strict=False, rankdir="TB", nodesep="0.22", ranksep="0.4")
    for key, box in drawn.boxes.items():
        width, height = (f"{side / POINT:.4f}" for side in box.size)
        graph.add_node(key, label="", shape="box", fixedsize="true", width=width, height=height)
    for number, (tail, head, lines, _) in enumerate(drawn.edges):
        more = {"label": _blank(lines)} if lines else {}
        graph.add_edge(tail, head, key=str(number), id=str(number), **more)
    placed: dict[str, Any] = json.loads(graph.draw(format="json0", prog="dot"))
    return placed


def _blank(lines: Sequence[Line]) -> str:
    """Return an empty Graphviz label of the size of the lines, so that it measures no text."""
    width, height = max(line.width for line in lines) + 10, _height(lines) + 4
    size = f'fixedsize="true" width="{width:.0f}" height="{height:.0f}"'
    return f'<<table border="0" {size}><tr><td></td></tr></table>>'


def _svg(drawn: Diagram) -> Markup:
    placed = _place(drawn)
    left, bottom, right, top = (float(part) for part in placed["bb"].split(","))
    width, height = right - left + 12, top - bottom + 12

    def flip(x: float, y: float) -> tuple[float, float]:
        """Graphviz counts upwards, SVG downwards."""
        return x - left + 6, top - y + 6

    edges = [
        _edge(edge, flip, drawn.edges[int(edge["id"])])
        for edge in sorted(placed.get("edges", []), key=lambda edge: int(edge["id"]))
    ]
    boxes = [_box(item, flip, drawn.boxes[item["name"]]) for item in placed["objects"]]
    return tag(
        "svg",
        *edges,
        *boxes,
        class_="stim-diagram",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        viewBox=f"0 0 {width:.1f} {height:.1f}",
        xmlns="http://www.w3.org/2000/svg",
    )


def _text(lines: Sequence[Line], x: float, middle: float, style: str) -> Markup:
    y = middle - _height(lines) / 2
    parts: list[Content] = []
    for line in lines:
        y += line.size * LEADING
        shown = tag(
            "text",
            line.text,
            x=f"{x:.1f}",
            y=f"{y - line.size * 0.38:.1f}",
            font_size=f"{line.size:g}",
            class_=f"{style} {line.style}" if line.style else style,
        )
        parts.append(tag("a", shown, href=line.href) if line.href else shown)
    return join(parts)


def _box(item: Mapping[str, Any], flip: Flip, box: Box) -> Markup:
    x, y = flip(*(float(part) for part in item["pos"].split(",")))
    width, height = box.size
    title = tag("title", box.title)
    if not box.lines:
        return tag("g", title, tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="4.5"), class_=box.style)
    frames = [_rect(x, y, width, height)]
    if "terminal" in box.style:
        frames.append(_rect(x, y, width - 6, height - 6))
    return tag("g", title, *frames, _text(box.lines, x, y, "label"), class_=box.style)


def _rect(x: float, y: float, width: float, height: float) -> Markup:
    return tag(
        "rect",
        x=f"{x - width / 2:.1f}",
        y=f"{y - height / 2:.1f}",
        width=f"{width:.1f}",
        height=f"{height:.1f}",
        rx="7",
    )


def _edge(edge: Mapping[str, Any], flip: Flip, drawn: tuple[str, str, tuple[Line, ...], str]) -> Markup:
    tip, *points = _points(edge["pos"], flip)
    curve = f"M{points[0][0]:.1f},{points[0][1]:.1f}C" + " ".join(f"{x:.1f},{y:.1f}" for x, y in points[1:])
    parts = [tag("title", drawn[3]), tag("path", d=curve), tag("polygon", points=_arrow(points[-1], tip))]
    if drawn[2] and "lp" in edge:
        x, y = flip(*(float(part) for part in edge["lp"].split(",")))
        parts.append(_text(drawn[2], x, y, "label"))
    return tag("g", *parts, class_="edge")


def _points(text: str, flip: Flip) -> list[tuple[float, float]]:
    """Return the tip and then the control points of a spline that Graphviz wrote as ``e,x,y x,y …``."""
    parts = [part.removeprefix("e,").split(",") for part in text.split()]
    return [flip(float(x), float(y)) for x, y in parts]


def _arrow(base: tuple[float, float], tip: tuple[float, float]) -> str:
    dx, dy = tip[0] - base[0], tip[1] - base[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    across = (-dy / length * 3.6, dx / length * 3.6)
    corners = [tip, (base[0] + across[0], base[1] + across[1]), (base[0] - across[0], base[1] - across[1])]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
