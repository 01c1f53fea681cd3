"""Along which edges a change spreads through the graph.

A hazard is reached through its situations, yet passes nothing on to its other situations: what hangs on a
hazard's trace (its documents, clauses and reviews) hangs on a node of its own for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from stimproof.hazards.nodes import EdgeKind, Graph, Node, NodeKind

if TYPE_CHECKING:
    from collections.abc import Iterable

_TRACE = "the trace of "
_HANGING = (EdgeKind.COVERED, EdgeKind.ANSWERS, EdgeKind.REVIEWED, EdgeKind.CONCERNS)


def spreading(graph: Graph) -> nx.DiGraph[Node]:
    """Return the graph along which changes spread; see the module's text about hazards."""
    spread: nx.DiGraph[Node] = nx.DiGraph()
    spread.add_nodes_from(graph)
    for start, end, kind in graph.edges(keys=True):
        if kind is EdgeKind.EXPOSES:
            spread.add_edge(start, end)
            spread.add_edge(end, trace_of(start))
            spread.add_edge(start, trace_of(start))
        elif kind in _HANGING and start.kind is NodeKind.HAZARD:
            spread.add_edge(start, trace_of(start))
            spread.add_edge(trace_of(start), end)
        else:
            spread.add_edge(start, end)
    return spread


def trace_of(hazard: Node) -> Node:
    """Return the node of all that a hazard leads to and that controls it."""
    return Node(NodeKind.HAZARD, _TRACE + hazard.id)


def reached(spread: nx.DiGraph[Node], starts: Iterable[Node]) -> set[Node]:
    """Return everything that the starts touch, themselves included; a hazard's trace counts as the hazard."""
    found: set[Node] = set()
    for start in starts:
        if start in spread:
            found |= {start, *nx.descendants(spread, start)}
        else:
            found.add(start)
    return {Node(node.kind, node.id.removeprefix(_TRACE)) for node in found}
