"""The pictures of an envelope: amplitude against pulse width, each limit's part in its colour.

Drawn like :mod:`stimproof.dossier.operating_area`: the same inks, the same bytes for the same device.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from stimproof.dossier import operating_area
from stimproof.dossier.html import Markup
from stimproof.dossier.operating_area import DEVICE, FAINT, GRID, HARM, INK, LAW, LIMIT, PAPER, SAFE
from stimproof.verify.envelope.collapse import caps
from stimproof.verify.envelope.envelope import State

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.specs.specification import Parameter
    from stimproof.verify.envelope.axes import Axes
    from stimproof.verify.envelope.envelope import Envelope, LimitEnvelope, Together

WIDTH, HEIGHT = 8.2, 4.9
STYLES = (
    (LIMIT, "solid", "o"), (LAW, (0, (6, 2)), "s"), (SAFE, (0, (2, 1)), "D"), (HARM, (0, (4, 1, 1, 1)), "^"),
    (INK, (0, (1, 1)), "v"),
)  # fmt: skip
"""Ink, dashes and mark of each limit in turn: no colour carries a meaning alone."""
MARKED = 90
"""So many programmable values still have a mark each."""


@dataclass(frozen=True)
class Place:
    """One value of the key: how far the subject may go (``None``: nowhere), and what stops it there."""

    key: Fraction
    safe: Fraction | None
    stopped: bool
    binding: tuple[str, ...]


@dataclass(frozen=True)
class Boundary:
    """What is drawn: a subject over a key, at the worst value of the other keys."""

    name: str
    subject: Parameter
    key: Parameter
    places: tuple[Place, ...]
    state: State
    others: tuple[str, ...]


def of_limit(item: LimitEnvelope) -> Boundary | None:
    """Return what to draw of one limit, or ``None`` where nothing bounds anything."""
    if item.table is None or item.table.unrestricted or not item.table.axes.keys:
        return None
    places = tuple(
        Place(
            cap.key,
            cap.edge.safe,
            cap.edge.next is not None,
            (item.limit.name,) if cap.edge.next is not None else (),
        )
        for cap in caps(item.table)
    )
    return _boundary(f"limits.{item.limit.name}", item.table.axes, places, item.state)


def of_together(item: Together) -> Boundary | None:
    """Return what to draw of all limits of a stimulus, at the worst value of every key but the first."""
    axes = item.combined.axes
    worst: dict[Fraction, Place] = {}
    for row in item.combined.rows:
        edge = row.edge
        for key in _first_key(axes, row.prefix, row.first, row.last):
            held = worst.get(key)
            place = Place(key, edge.safe, edge.next is not None, row.binding)
            if held is None or _height(place) < _height(held):
                worst[key] = place
    places = tuple(worst[key] for key in sorted(worst))
    if not any(place.stopped for place in places):
        return None
    return _boundary(f"all.{item.stimulus.name}", axes, places, item.state)


def _first_key(
    axes: Axes, prefix: tuple[Fraction, ...], first: Fraction, last: Fraction
) -> Iterator[Fraction]:
    if prefix:
        yield prefix[0]
    else:
        yield from (value for value in axes.keys[0].grid() if first <= value <= last)


def _height(place: Place) -> float:
    return -1.0 if place.safe is None else float(place.safe)


def _boundary(name: str, axes: Axes, places: tuple[Place, ...], state: State) -> Boundary | None:
    if axes.keys[0].continuous or axes.subject.continuous:
        return None  # two points say nothing about what lies between them
    return Boundary(name, axes.subject, axes.keys[0], places, state, tuple(key.name for key in axes.keys[1:]))


def files(envelope: Envelope) -> Iterator[tuple[str, str]]:
    """Yield name and text of every picture of an envelope as a file of its own."""
    from stimproof.dossier.parts.areas import picture
    from stimproof.dossier.reach import reach

    verdicts = {f"limits.{item.limit.name}": item.verdict for item in envelope.limits}
    for stimulus in envelope.specification.stimuli.values():
        found = reach(envelope.specification, stimulus)
        if found is not None:
            drawn = operating_area.draw(picture(envelope.specification, verdicts, stimulus, found))
            yield f"area.{stimulus.name}", alone(drawn)
    boundaries = [of_limit(item) for item in envelope.limits] + [
        of_together(item) for item in envelope.together
    ]
    for boundary in boundaries:
        if boundary is not None:
            yield boundary.name, alone(draw(boundary))


def alone(drawn: Markup) -> str:
    """Return a picture as a file: on white, since no style sheet says otherwise."""
    head, _, body = str(drawn).partition(">")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{head} style="background:#fff">{body}\n'


def draw(boundary: Boundary) -> Markup:
    """Return the picture as inline SVG."""
    return operating_area.render(
        f"envelope {boundary.name}", (WIDTH, HEIGHT), lambda axes: _fill(axes, boundary)
    )


def _fill(axes: Any, boundary: Boundary) -> None:
    subject, key = boundary.subject, boundary.key
    x = [_in_unit(place.key, key) for place in boundary.places]
    floor = min(0.0, _in_unit(subject.low, subject))
    y = [floor if place.safe is None else _in_unit(place.safe, subject) for place in boundary.places]
    top = _in_unit(subject.high, subject)
    edges = _edges(x)
    exact = boundary.state is State.EXACT
    says = "safe" if exact else "not refuted (something is unknown)"
    if len(x) > 1:
        axes.stairs(y, edges, fill=True, color=DEVICE, alpha=0.20 if exact else 0.09, label=says, zorder=1)
        axes.stairs(
            [top] * len(y),
            edges,
            baseline=y,
            fill=True,
            color=LIMIT,
            alpha=0.08,
            label="breaks a limit",
            zorder=1,
        )
    axes.axhline(top, color=FAINT, linewidth=0.9, linestyle=(0, (1, 2)), zorder=2)
    axes.annotate(
        "largest programmable",
        (edges[-1], top),
        (-4, 4),
        textcoords="offset points",
        ha="right",
        color=FAINT,
        fontsize=8,
    )
    _curves(axes, boundary, x, y)
    axes.set_xlim(edges[0], edges[-1])
    axes.set_ylim(floor, top * 1.09)
    axes.set_xlabel(f"{_words(key)}, {_unit(key)}")
    axes.set_ylabel(f"{_words(subject)}, {_unit(subject)}")
    axes.grid(True, which="major", color=GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    if boundary.others:
        worst = f"at the worst {' and '.join(name.replace('_', ' ') for name in boundary.others)}"
        axes.annotate(
            worst,
            (1, 0),
            (-6, 6),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="right",
            color=INK,
            fontsize=8.5,
        )


def _curves(axes: Any, boundary: Boundary, x: list[float], y: list[float]) -> None:
    """Draw each limit's part of the boundary in its own ink, dashes and marks."""
    bindings = dict.fromkeys(place.binding for place in boundary.places if place.stopped)
    for number, binding in enumerate(bindings):
        ink, dashes, mark = STYLES[number % len(STYLES)]
        mine = [place.safe is not None and place.binding == binding for place in boundary.places]
        heights = [value if here else float("nan") for value, here in zip(y, mine, strict=True)]
        label = "bound by " + ", ".join(name.replace("_", " ") for name in binding)
        axes.plot(x, heights, color=ink, linestyle=dashes, linewidth=1.6, drawstyle="steps-mid", zorder=3)
        shown = len(x) <= MARKED
        style = {
            "marker": mark,
            "markersize": 3.6 if shown else 0,
            "markerfacecolor": PAPER,
            "markeredgecolor": ink,
        }
        axes.plot(
            x,
            heights,
            color=ink,
            linestyle=dashes if not shown else "none",
            linewidth=1.6,
            drawstyle="steps-mid",
            label=label,
            zorder=4,
            **style,
        )
    nowhere = [value for value, place in zip(x, boundary.places, strict=True) if place.safe is None]
    if nowhere:
        floor = [_in_unit(boundary.subject.low, boundary.subject)] * len(nowhere)
        axes.plot(nowhere, floor, "x", color=HARM, markersize=4.5, label="not even the smallest", zorder=5)


def _edges(values: list[float]) -> list[float]:
    """Return the edges of the steps: half way between neighbours."""
    inner = [(a + b) / 2 for a, b in pairwise(values)]
    if not inner:
        return [values[0] * 0.5, values[0] * 1.5 + 1e-12]
    return [2 * values[0] - inner[0], *inner, 2 * values[-1] - inner[-1]]


def _in_unit(value: Fraction, item: Parameter) -> float:
    return float((value - item.unit.offset) / item.unit.factor)


def _words(item: Parameter) -> str:
    return item.name.replace("_", " ")


def _unit(item: Parameter) -> str:
    return item.unit.text.replace("u", "µ", 1) if item.unit.text.startswith("u") else item.unit.text
