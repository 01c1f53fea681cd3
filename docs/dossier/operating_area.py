"""The safe-operating-area picture: charge per phase against charge density, with laws, limits and device.

Drawn by matplotlib with a fixed salt and without metadata, so that the same device gives the same bytes.
Colours are placeholders that the page's style sheet fills in, for light, dark and print.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stimproof.dossier.html import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stimproof.dossier.reach import Reach

# Placeholder in the drawing -> variable of the style sheet and what stands in where there is none.
INKS = {
    "#010101": ("--stim-ink", "#1f2328"),
    "#020202": ("--stim-faint", "#8b929a"),
    "#030303": ("--stim-grid", "#dfe3e8"),
    "#040404": ("--stim-law", "#7a5ea8"),
    "#050505": ("--stim-limit", "#c4320a"),
    "#060606": ("--stim-device", "#1666b0"),
    "#070707": ("--stim-harm", "#b3261e"),
    "#080808": ("--stim-safe", "#1a7f4b"),
    "#090909": ("--color-background-primary", "#ffffff"),
}
INK, FAINT, GRID, LAW, LIMIT, DEVICE, HARM, SAFE, PAPER = INKS
WIDTH, HEIGHT = 8.2, 6.0
DECADES = 6
_HORIZONTAL = ("charge_density", "charge_injection_capacity")


@dataclass(frozen=True)
class Point:
    """A published observation: charge in µC, density in µC/cm², and what became of the tissue."""

    charge: float
    density: float
    outcome: str


@dataclass(frozen=True)
class Line:
    """A limit of the specification: its law, its value in µC, µC/cm² or k, and how it is written."""

    law: str
    value: float
    label: str


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn; ``settings`` are counterexamples as (charge, density)."""

    reach: Reach
    limits: tuple[Line, ...]
    shannon: tuple[float, ...]
    points: tuple[Point, ...]
    settings: tuple[tuple[float, float], ...]
    name: str


def draw(picture: Picture) -> Markup:
    """Return the picture as inline SVG."""

    def fill(axes: Any) -> None:
        _frame(axes, picture)
        _laws(axes, picture)
        _limits(axes, picture)
        _points(axes, picture)
        _device(axes, picture)

    return render(picture.name, (WIDTH, HEIGHT), fill, lambda axes: _names(axes, picture))


def render(
    name: str,
    size: tuple[float, float],
    fill: Callable[[Any], None],
    after: Callable[[Any], None] = lambda axes: None,
) -> Markup:
    """Return as inline SVG what ``fill`` draws; ``after`` adds what needs the final layout."""
    import io

    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    settings: dict[Any, Any] = {
        "svg.hashsalt": f"stimproof {name}", "svg.fonttype": "none", "font.family": "DejaVu Sans",
        "font.size": 9, "axes.linewidth": 0.8, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK,
        "ytick.color": INK, "axes.edgecolor": FAINT,
    }  # fmt: skip
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=size, layout="constrained")
        canvas: Any = FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.patch.set_alpha(0)
        figure.patch.set_alpha(0)
        axes.spines[["top", "right"]].set_visible(False)
        fill(axes)
        figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=8.5, labelcolor=INK)
        figure.draw_without_rendering()  # the layout must stand before texts can follow its slopes
        after(axes)
        buffer = io.StringIO()
        canvas.print_svg(buffer, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _inline(buffer.getvalue(), name)


def _frame(axes: Any, picture: Picture) -> None:
    from matplotlib.ticker import FuncFormatter

    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(*_span(list(_charges(picture))))
    axes.set_ylim(*_span(list(_densities(picture))))
    axes.set_xlabel("charge per phase, µC")
    axes.set_ylabel("charge density per phase, µC/cm²")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.grid(True, which="major", color=GRID, linewidth=0.7)
    axes.tick_params(which="minor", length=2, color=FAINT)


def _charges(picture: Picture) -> Iterator[float]:
    yield from (picture.reach.low, picture.reach.high, picture.reach.free)
    yield from (point.charge for point in picture.points)
    yield from (line.value for line in picture.limits if line.law == "charge_per_phase")


def _densities(picture: Picture) -> Iterator[float]:
    yield from (picture.reach.low / picture.reach.large, picture.reach.free / picture.reach.small)
    yield from (point.density for point in picture.points)
    yield from (line.value for line in picture.limits if line.law in _HORIZONTAL)


def _span(values: list[float]) -> tuple[float, float]:
    """Return whole decades around the values, at most ``DECADES`` of them below the largest."""
    top = math.ceil(math.log10(max(values)) + 0.05)
    bottom = math.floor(math.log10(min(values)) - 0.05)
    return 10.0 ** max(bottom, top - DECADES), 10.0**top


def _laws(axes: Any, picture: Picture) -> None:
    """Draw Shannon's lines: log D = k - log Q."""
    left, right = axes.get_xlim()
    own = _own(picture)
    for number, k in enumerate(picture.shannon):
        label = "Shannon lines" if number == 0 else None
        ends = [10**k / left, 10**k / right]
        axes.plot([left, right], ends, color=LAW, linewidth=0.9, linestyle=(0, (1, 2)), label=label)
    for k in own:
        ends = [10**k / left, 10**k / right]
        axes.plot([left, right], ends, color=LIMIT, linewidth=1.8, label=f"limit: Shannon k = {k:g}")


def _own(picture: Picture) -> list[float]:
    """Return the k that the specification sets as limits, each once."""
    return sorted({line.value for line in picture.limits if line.law == "shannon"})


def _names(axes: Any, picture: Picture) -> None:
    """Write the k of each line beside it, staggered so that the names keep apart."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    own = _own(picture)
    others = [k for k in picture.shannon if k not in own]
    for number, k in enumerate(others):
        start = max(left, 10**k / top) * 10 ** (0.12 + 0.42 * number)
        _along(axes, start, 10**k / start, f"k = {k:g}", LAW)
    for number, k in enumerate(own):
        start = right / 10 ** (0.95 + 0.5 * number)
        if bottom < 10**k / start < top:
            _along(axes, start, 10**k / start, f"limit k = {k:g}", LIMIT)


def _along(axes: Any, charge: float, density: float, text: str, ink: str) -> None:
    """Write a text along a Shannon line, just above it."""
    box = axes.get_window_extent()
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    slope = -(box.height / math.log10(top / bottom)) / (box.width / math.log10(right / left))
    axes.text(
        charge, density, text, color=ink, fontsize=8, rotation=math.degrees(math.atan(slope)),
        rotation_mode="anchor", ha="left", va="bottom",
        bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 0.4}, zorder=2.5,
    )  # fmt: skip


def _limits(axes: Any, picture: Picture) -> None:
    """Draw the limits of the specification and shade what lies beyond them."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    shade: dict[str, Any] = {"color": LIMIT, "alpha": 0.05, "linewidth": 0}
    for line in picture.limits:
        stroke: dict[str, Any] = {"color": LIMIT, "linewidth": 1.8, "label": f"limit: {line.label}"}
        if line.law == "charge_per_phase":
            axes.axvline(line.value, **stroke)
            axes.axvspan(line.value, right, **shade)
        elif line.law in _HORIZONTAL:
            dashes = "solid" if line.law == "charge_density" else (0, (6, 2))
            axes.axhline(line.value, linestyle=dashes, **stroke)
            axes.axhspan(line.value, top, **shade)
        elif line.law == "shannon":
            edge = [10**line.value / left, 10**line.value / right]
            axes.fill_between([left, right], edge, [top * 10, top * 10], **shade)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)


def _points(axes: Any, picture: Picture) -> None:
    """Draw the published observations, each outcome by a shape of its own."""
    styles: dict[str, dict[str, Any]] = {
        "no damage": {"marker": "o", "facecolors": "none", "edgecolors": SAFE, "linewidths": 1.4},
        "damage in part": {"marker": "D", "facecolors": "none", "edgecolors": HARM, "linewidths": 1.4},
        "damage": {"marker": "D", "color": HARM, "linewidths": 0},
        "no outcome given": {"marker": "s", "facecolors": "none", "edgecolors": FAINT, "linewidths": 1.2},
    }
    for outcome, style in styles.items():
        found = [point for point in picture.points if outcome_group(point.outcome) == outcome]
        if found:
            charges, densities = [point.charge for point in found], [point.density for point in found]
            axes.scatter(charges, densities, s=34, zorder=4, label=f"published: {outcome}", **style)


def outcome_group(outcome: str) -> str:
    """Return how a published outcome is drawn."""
    if outcome == "none":
        return "no damage"
    if outcome.startswith("partial"):
        return "damage in part"
    return "damage" if outcome.startswith("damage") else "no outcome given"


def _device(axes: Any, picture: Picture) -> None:
    """Draw the band that the device can reach: for a given area, density rises with charge."""
    reach = picture.reach
    _band(axes, reach.low, reach.high, reach, "the device can deliver", alpha=0.45, edge=2.4)
    if reach.blocked:
        _band(axes, reach.high, reach.free, reach, "interlocks keep the device out", alpha=0.12, edge=0.8)
    corner = reach.high / reach.small
    label = "largest deliverable"
    axes.plot([reach.high], [corner], "^", markersize=8, color=DEVICE, zorder=6, label=label)
    if picture.settings:
        charges, densities = zip(*picture.settings, strict=True)
        style: dict[str, Any] = {"marker": "x", "color": HARM, "linewidths": 2.2, "s": 80, "zorder": 7}
        axes.scatter(charges, densities, label="counterexample", **style)


def _band(axes: Any, low: float, high: float, reach: Reach, label: str, *, alpha: float, edge: float) -> None:
    charges = [low, low, high, high]
    densities = [low / reach.large, low / reach.small, high / reach.small, high / reach.large]
    style: dict[str, Any] = {"facecolor": DEVICE, "edgecolor": DEVICE, "alpha": alpha, "linewidth": edge}
    axes.fill(charges, densities, label=label, zorder=3, **style)


def _inline(svg: str, name: str) -> Markup:
    """Strip what only a stand-alone file needs; hand the colours to the style sheet; make ids distinct."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->\s*|<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    for ink, (variable, fallback) in INKS.items():
        svg = svg.replace(ink, f"var({variable}, {fallback})")
    svg = re.sub(r"font: ([0-9.]+)px [^;\"]*", r"font: \1px var(--font-stack, sans-serif)", svg)
    prefix = "area-" + re.sub(r"[^A-Za-z0-9_-]", "-", name)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r'xlink:href="#([^"]+)"', rf'xlink:href="#{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    return Markup(svg.strip())
