"""The risk file and its proofs as one typed directed graph.

::

    source ──► evidence ──┐
    hazard ─────────────┐ │                                   element of the specification, fault
                        ▼ ▼                                      │        │
    cause ──► situation ──► harm ──► benefit-risk                │        ▼ (breaks, or is tolerated by)
       ▲           ▲          ▲         certificate or run ──────┼──► obligation
       └────── control ◄──────┼──────────────────────────────────┘        │
                  ▲           └──── (stops)                               │
                  └── requirement ◄── test, document ◄────────────────────┘

    any entry ──► document that covers it, clause that it answers, review of it

An edge points from what is relied upon to what relies on it, and from an event to what follows from it. Two
nodes may be joined by several edges of different kinds: one claim may verify a control and show its effect.
A fault also leads to the causes that name it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from stimproof.hazards.nodes import ENTRIES, EdgeKind, Graph, Node, NodeKind
from stimproof.hazards.relations import edges, element
from stimproof.verify.fault_effects import FaultEffect
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.hazards.risk_file import RiskFile
    from stimproof.verify.fault_effects import FaultResults
    from stimproof.verify.results import Result, Verification

_DOES = {
    FaultEffect.TOLERATED: EdgeKind.TOLERATED,
    FaultEffect.BROKEN: EdgeKind.BREAKS,
    FaultEffect.BROKEN_ANYWAY: EdgeKind.BREAKS,
    FaultEffect.UNKNOWN: EdgeKind.LEAVES_OPEN,
}
LABELS = {
    "sources": "title",
    "evidence": "text",
    "causes": "event",
    "hazards": "hazard",
    "situations": "situation",
    "harms": "harm",
    "controls": "control",
    "requirements": "text",
    "benefit_risk": "benefits",
    "post_production": "collects",
    "written": "title",
    "clauses": "demands",
}
"""For each section the key of an entry that holds its text."""


def build(risk_file: RiskFile, verification: Verification | None = None, faults: FaultResults = ()) -> Graph:
    """Return the graph of a risk file; with a verification, also its certificates and counterexamples.

    ``faults`` adds what each fault that was tried does to each claim.

    Each node has the attribute ``label`` (its text); the key of each edge is its :class:`EdgeKind`.
    """
    graph: Graph = nx.MultiDiGraph()
    graph.add_nodes_from((node, {"label": label}) for node, label in _entries(risk_file))
    for start, kind, end in edges(risk_file):
        if end not in graph:
            graph.add_node(end, label=end.id)
        if start not in graph:
            graph.add_node(start, label=start.id)
        graph.add_edge(start, end, kind)
    for result in verification.results if verification else ():
        _add_result(graph, result)
    for tried in faults:
        start, end = element(f"faults.{tried.fault}"), Node(NodeKind.OBLIGATION, tried.obligation)
        if start in graph and end in graph:
            graph.add_edge(start, end, _DOES[tried.effect])
    return graph


def following(graph: Graph, node: Node, kind: EdgeKind) -> tuple[str, ...]:
    """Return the ids that edges of one kind lead to from ``node``, in the order they were written."""
    return tuple(end.id for end in graph.successors(node) if graph.has_edge(node, end, kind))


def preceding(graph: Graph, node: Node, kind: EdgeKind) -> tuple[str, ...]:
    """Return the ids from which edges of one kind lead to ``node``, in the order they were written."""
    return tuple(start.id for start in graph.predecessors(node) if graph.has_edge(start, node, kind))


def open_paths(graph: Graph, situation: str) -> tuple[tuple[str, str], ...]:
    """Return each (cause, harm) of a situation between which no control stands."""
    middle = Node(NodeKind.SITUATION, situation)
    if _stopped(graph, middle):
        return ()
    causes = preceding(graph, middle, EdgeKind.CAUSES)
    harms = following(graph, middle, EdgeKind.LEADS)
    return tuple(
        (cause, harm)
        for cause in causes
        for harm in harms
        if not _stopped(graph, Node(NodeKind.CAUSE, cause)) and not _stopped(graph, Node(NodeKind.HARM, harm))
    )


def stopping(graph: Graph, situation: str, harm: str) -> tuple[str, ...]:
    """Return the controls that stop a situation, one of its causes, or the harm that it leads to."""
    middle = Node(NodeKind.SITUATION, situation)
    nodes = [Node(NodeKind.CAUSE, cause) for cause in preceding(graph, middle, EdgeKind.CAUSES)]
    found = [preceding(graph, node, EdgeKind.STOPS) for node in (*nodes, middle, Node(NodeKind.HARM, harm))]
    return tuple(dict.fromkeys(control for controls in found for control in controls))


def _stopped(graph: Graph, node: Node) -> bool:
    return bool(preceding(graph, node, EdgeKind.STOPS))


def _entries(risk_file: RiskFile) -> Iterator[tuple[Node, str]]:
    for section, kind in ENTRIES.items():
        for name, entry in getattr(risk_file, section).items():
            yield Node(kind, name), getattr(entry, LABELS[section])
    for obligation in risk_file.obligations:
        yield Node(NodeKind.OBLIGATION, obligation.id), obligation.statement
        yield element(obligation.element), obligation.element


def _add_result(graph: Graph, result: Result) -> None:
    """Add what a verdict stands on: each script of a certificate, each run that shows something."""
    claim = Node(NodeKind.OBLIGATION, result.obligation.id)
    scripts = result.certificate.scripts if result.certificate else ()
    nodes = [Node(NodeKind.CERTIFICATE, name) for name in scripts]
    nodes += [Node(NodeKind.RUN, shown.file) for shown in (result.counterexample, result.witness) if shown]
    for node in nodes:
        graph.add_node(node, label=node.id)
        kind = EdgeKind.REFUTES if result.verdict is Verdict.REFUTED else EdgeKind.PROVES
        graph.add_edge(node, claim, kind)
