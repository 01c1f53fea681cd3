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
}
INK, FAINT, GRID, LAW, LIMIT, DEVICE, HARM, SAFE = INKS
WIDTH, HEIGHT = 8.2, 6.0


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
    import io

    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    settings = {
        "svg.hashsalt": f"stimproof {picture.name}", "svg.fonttype": "none", "font.family": "DejaVu Sans",
        "font.size": 9, "axes.linewidth": 0.8, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK,
        "ytick.color": INK, "axes.edgecolor": FAINT,
    }  # fmt: skip
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
        canvas = FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        _frame(axes, picture)
        figure.draw_without_rendering()
        _laws(axes, picture)
        _limits(axes, picture)
        _points(axes, picture)
        _device(axes, picture)
        figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize=8.5, labelcolor=INK)
        buffer = io.StringIO()
        canvas.print_svg(buffer, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _inline(buffer.getvalue(), picture.name)


def _frame(axes: Any, picture: Picture) -> None:
    from matplotlib.ticker import FuncFormatter

    reach = picture.reach
    charges = [reach.low, reach.high, reach.free, *(point.charge for point in picture.points)]
    densities = [
        reach.low / reach.large,
        reach.free / reach.small,
        *(point.density for point in picture.points),
    ]
    charges += [line.value for line in picture.limits if line.law == "charge_per_phase"]
    densities += [
        line.value for line in picture.limits if line.law in ("charge_density", "charge_injection_capacity")
    ]
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(_decade(min(charges), down=True), _decade(max(charges), down=False))
    axes.set_ylim(_decade(min(densities), down=True), _decade(max(densities), down=False))
    axes.set_xlabel("charge per phase, µC")
    axes.set_ylabel("charge density per phase, µC/cm²")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.grid(True, which="major", color=GRID, linewidth=0.7)
    axes.tick_params(which="minor", length=2, color=FAINT)
    axes.patch.set_alpha(0)
    axes.figure.patch.set_alpha(0)
    axes.spines[["top", "right"]].set_visible(False)


def _decade(value: float, *, down: bool) -> float:
    exponent = math.log10(value)
    return float(10 ** (math.floor(exponent - 0.05) if down else math.ceil(exponent + 0.05)))


def _laws(axes: Any, picture: Picture) -> None:
    """Draw Shannon's lines; log D = k - log Q."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    own = {line.value for line in picture.limits if line.law == "shannon"}
    for index, k in enumerate(picture.shannon):
        axes.plot([left, right], [10**k / left, 10**k / right], color=LAW, linewidth=0.9, linestyle=(0, (1, 2)),
                  label="Shannon lines" if index == 0 else None)  # fmt: skip
        if k not in own:
            start = max(left, 10**k / top) * 1.25 * 10 ** (0.55 * index)
            _along(axes, start, 10**k / start, f"k = {k:g}", LAW, 8)
    for k in sorted(own):
        axes.plot(
            [left, right],
            [10**k / left, 10**k / right],
            color=LIMIT,
            linewidth=1.8,
            label=f"limit: Shannon k = {k:g}",
        )
        start = right / 12
        if bottom < 10**k / start < top:
            _along(axes, start, 10**k / start, f"limit k = {k:g}", LIMIT, 8.5)


def _along(axes: Any, charge: float, density: float, text: str, ink: str, size: float) -> None:
    """Write a text along a Shannon line, just above it."""
    box = axes.get_window_extent()
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    slope = -(box.height / math.log10(top / bottom)) / (box.width / math.log10(right / left))
    axes.text(charge, density, text, color=ink, fontsize=size, rotation=math.degrees(math.atan(slope)),
              rotation_mode="anchor", ha="left", va="bottom")  # fmt: skip


def _limits(axes: Any, picture: Picture) -> None:
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    for line in picture.limits:
        if line.law == "charge_per_phase":
            axes.axvline(line.value, color=LIMIT, linewidth=1.8, label=f"limit: {line.label}")
            axes.axvspan(line.value, right, color=LIMIT, alpha=0.05, linewidth=0)
        elif line.law in ("charge_density", "charge_injection_capacity"):
            dashes = "solid" if line.law == "charge_density" else (0, (6, 2))
            axes.axhline(
                line.value, color=LIMIT, linewidth=1.8, linestyle=dashes, label=f"limit: {line.label}"
            )
            axes.axhspan(line.value, top, color=LIMIT, alpha=0.05, linewidth=0)
        elif line.law == "shannon":
            axes.fill_between([left, right], [10**line.value / left, 10**line.value / right], [top * 10, top * 10],
                              color=LIMIT, alpha=0.05, linewidth=0)  # fmt: skip
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)


def _points(axes: Any, picture: Picture) -> None:
    styles: dict[str, dict[str, Any]] = {
        "no damage": {"marker": "o", "facecolors": "none", "edgecolors": SAFE, "linewidths": 1.4},
        "damage in part": {"marker": "D", "facecolors": "none", "edgecolors": HARM, "linewidths": 1.4},
        "damage": {"marker": "D", "color": HARM, "linewidths": 0},
        "no outcome given": {"marker": "s", "facecolors": "none", "edgecolors": FAINT, "linewidths": 1.2},
    }
    for outcome, style in styles.items():
        found = [point for point in picture.points if outcome_group(point.outcome) == outcome]
        if found:
            axes.scatter([point.charge for point in found], [point.density for point in found], s=34, zorder=4,
                         label=f"published: {outcome}", **style)  # fmt: skip


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
    _band(axes, reach.low, reach.high, reach, "the device can deliver", alpha=0.45, edge=1.2)
    if reach.blocked:
        _band(axes, reach.high, reach.free, reach, "interlocks keep the device out", alpha=0.12, edge=0.8)
    axes.plot([reach.high], [reach.high / reach.small], marker="^", markersize=8, color=DEVICE, linestyle="none",
              zorder=6, label="largest deliverable")  # fmt: skip
    if picture.settings:
        axes.scatter([charge for charge, _ in picture.settings], [density for _, density in picture.settings], s=80,
                     marker="x", color=HARM, linewidths=2.2, zorder=7, label="counterexample")  # fmt: skip


def _band(axes: Any, low: float, high: float, reach: Reach, label: str, *, alpha: float, edge: float) -> None:
    corners = [
        (low, low / reach.large),
        (low, low / reach.small),
        (high, high / reach.small),
        (high, high / reach.large),
    ]
    axes.fill([charge for charge, _ in corners], [density for _, density in corners], facecolor=DEVICE, alpha=alpha,
              edgecolor=DEVICE, linewidth=edge, zorder=3, label=label)  # fmt: skip


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
