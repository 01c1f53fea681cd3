"""What is exchanged: the nodes of the graph with their texts, and the links between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeVar

import networkx as nx

from stimproof.hazards.nodes import EdgeKind, Graph, Node, NodeKind
from stimproof.specs.errors import OperatorError

Link = tuple[Node, EdgeKind, Node]
Kind = TypeVar("Kind", NodeKind, EdgeKind)
# What XML 1.0 cannot hold or does not keep, and the sign that stands before what replaces it.
_UNSAFE = re.compile("[^\\t\\n\\x20-\\x5b\\x5d-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_WRITTEN = re.compile(r"\\u\{([0-9a-f]+)\}")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that another collection lacks (``-``), has more (``+``) or says otherwise (``~``).

    ``about`` is the node or the link; ``before`` and ``after`` are the texts of a node, where it has one.
    """

    sign: Literal["-", "+", "~"]
    about: Node | Link
    before: str = ""
    after: str = ""

    @property
    def told(self) -> str:
        """The difference in one line."""
        if not isinstance(self.about, Node):
            start, kind, end = self.about
            return f"{self.sign} {_title(start)} {kind.value} {_title(end)}"
        texts = {"-": "", "+": f": {self.after}", "~": f": {self.before} -> {self.after}"}
        return f"{self.sign} {_title(self.about)}{texts[self.sign]}"


@dataclass(frozen=True, slots=True)
class Items:
    """All nodes with their texts, and all links; each in a fixed order.

    ``remarks`` tell what a file says besides, for which a risk file has no place.
    """

    nodes: tuple[tuple[Node, str], ...]
    links: tuple[Link, ...]
    remarks: tuple[str, ...] = ()

    def differences(self, other: Items) -> tuple[Difference, ...]:
        """Return what another collection has more, less or otherwise."""
        mine, theirs = dict(self.nodes), dict(other.nodes)
        found = [Difference("-", node, mine[node]) for node in mine if node not in theirs]
        found += [Difference("+", node, "", text) for node, text in theirs.items() if node not in mine]
        found += [
            Difference("~", node, mine[node], text)
            for node, text in theirs.items()
            if mine.get(node, text) != text
        ]
        before, after = set(self.links), set(other.links)
        found += [Difference("-", link) for link in self.links if link not in after]
        found += [Difference("+", link) for link in other.links if link not in before]
        return tuple(found)


def _title(node: Node) -> str:
    return f"{node.kind.value} {node.id}"


def items_of(graph: Graph) -> Items:
    """Return what a graph holds."""
    nodes = tuple(sorted((node, str(data["label"])) for node, data in graph.nodes(data=True)))
    links = tuple(sorted((start, kind, end) for start, end, kind in graph.edges(keys=True)))
    return Items(nodes, links)


def graph_of(items: Items) -> Graph:
    """Return the graph that some items are."""
    graph: Graph = nx.MultiDiGraph()
    graph.add_nodes_from((node, {"label": text}) for node, text in items.nodes)
    for start, kind, end in items.links:
        graph.add_edge(start, end, kind)
    return graph


def same(one: Graph, other: Graph) -> bool:
    """Return whether two graphs have the same nodes, texts, links and kinds of links."""
    return items_of(one) == items_of(other)


def to_xml(text: str) -> str:
    """Return text that XML keeps: what it cannot hold becomes its number, as does the backslash.

    >>> to_xml("a" + chr(0)), from_xml(to_xml("a" + chr(0))) == "a" + chr(0)
    ('a\\\\u{0}', True)
    """
    return _UNSAFE.sub(lambda found: f"\\u{{{ord(found.group()):x}}}", text)


def from_xml(text: str) -> str:
    """Return the text that :func:`to_xml` was given."""
    return _WRITTEN.sub(lambda found: chr(int(found.group(1), 16)), text)


def kind_of(kinds: type[Kind], value: str) -> Kind | None:
    """Return the kind of that name, ``None`` where there is none."""
    return next((kind for kind in kinds if kind.value == value), None)


def complete(items: Items, name: str) -> Items:
    """Return what a file holds, of which every link leads somewhere.

    Raises:
        OperatorError: a link has an end that is no node of the file.
    """
    known = {node for node, _ in items.nodes}
    ends = (node for start, _, end in items.links for node in (start, end))
    lost = next((node for node in ends if node not in known), None)
    if lost is not None:
        raise OperatorError(f"'{name}' links to {lost.kind.value} {lost.id}, which it does not hold")
    return items


def why(error: Exception) -> str:
    """Return what is wrong with a file, from what reading it has raised."""
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
