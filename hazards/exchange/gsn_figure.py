"""The assurance argument as a figure: goals are boxes, strategies slanted, solutions round."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from stimproof.hazards.exchange.gsn import Argument, Element
from stimproof.hazards.exchange.items import to_xml

if TYPE_CHECKING:
    import pygraphviz

_SHAPES = {
    Element.GOAL: {"shape": "box"},
    Element.STRATEGY: {"shape": "parallelogram"},
    Element.CONTEXT: {"shape": "box", "style": "rounded"},
    Element.ASSUMPTION: {"shape": "ellipse"},
    Element.SOLUTION: {"shape": "circle", "margin": "0"},
}
_WIDTH = 28


def as_svg(argument: Argument) -> str:
    """Return the argument as an SVG figure, the same bytes for the same argument."""
    import pygraphviz

    graph = pygraphviz.AGraph(directed=True, rankdir="LR", nodesep="0.15", ranksep="0.5")
    graph.node_attr.update(fontname="sans-serif", fontsize="9")
    counts = dict.fromkeys(Element, 0)
    _draw(graph, argument, counts)
    return str(graph.draw(format="svg", prog="dot").decode())


def _draw(graph: pygraphviz.AGraph, item: Argument, counts: dict[Element, int]) -> str:
    counts[item.element] += 1
    name = f"{item.element.value}{counts[item.element]}"
    lines = textwrap.wrap(to_xml(item.text), _WIDTH) + (["◇ undeveloped"] if item.undeveloped else [])
    label = "\n".join([name, *lines]).replace("\\", "\\\\")
    graph.add_node(name, label=label, **_SHAPES[item.element])
    for part in item.in_context_of:
        graph.add_edge(name, _draw(graph, part, counts), arrowhead="empty", style="dashed")
    for part in item.supported_by:
        graph.add_edge(name, _draw(graph, part, counts), arrowhead="normal")
    return name
