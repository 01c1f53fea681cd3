"""GraphML, for programs that draw and analyse graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from stimproof.hazards.exchange.items import to_xml

if TYPE_CHECKING:
    from stimproof.hazards.exchange.items import Items


def written(items: Items) -> str:
    """Return the items as GraphML: each node with its kind, id and text, each edge with its kind."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    names = {node: f"{node.kind.value}:{to_xml(node.id)}" for node, _ in items.nodes}
    for node, text in items.nodes:
        graph.add_node(names[node], kind=node.kind.value, id=to_xml(node.id), text=to_xml(text))
    for number, (start, kind, end) in enumerate(items.links):
        # The key becomes the edge's id, which GraphML wants to be unique and a single word.
        graph.add_edge(names[start], names[end], f"link-{number}", kind=kind.value)
    return "\n".join(nx.generate_graphml(graph)) + "\n"
