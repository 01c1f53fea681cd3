"""The risk file and its proofs as one typed directed graph.

::

    hazard ─────────────┐                                     element of the specification
    evidence ──────┐    ▼                                                    │
    cause ──► situation ──► harm                                             ▼
       ▲           ▲          ▲                      certificate or run ──► obligation
       └────── control ───────┘ ◄── requirement ◄────────────────────────┘
                                        ▲
                                 test or document

An edge points from what is relied upon to what relies on it, and from an event to what follows from it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.hazards.risk_file import RiskFile
    from stimproof.verify.results import Result, Verification


class NodeKind(StrEnum):
    """What a node stands for."""

    CAUSE = "cause"
    CERTIFICATE = "certificate"
    CONTROL = "control"
    ELEMENT = "element"
    EVIDENCE = "evidence"
    EXTERNAL = "external"
    HARM = "harm"
    HAZARD = "hazard"
    OBLIGATION = "obligation"
    REQUIREMENT = "requirement"
    RUN = "run"
    SITUATION = "situation"


class EdgeKind(StrEnum):
    """How one node bears on the next."""

    CAUSES = "causes"
    CONCERNS = "concerns"
    ESTIMATES = "estimates"
    EXPOSES = "exposes to"
    LEADS = "leads to"
    PROVES = "proves"
    RAISES = "raises"
    REALISES = "realises"
    REFUTES = "refutes"
    STOPS = "stops"
    SUPPORTS = "supports"
    VERIFIES = "verifies"


class Node(NamedTuple):
    """A node of the graph: its kind and its id."""

    kind: NodeKind
    id: str


SECTIONS = {
    NodeKind.CAUSE: "causes",
    NodeKind.SITUATION: "situations",
    NodeKind.HARM: "harms",
}


def build(risk_file: RiskFile, verification: Verification | None = None) -> nx.DiGraph[Node]:
    """Return the graph of a risk file; with a verification, also its certificates and counterexamples.

    Each node has the attribute ``label`` (its text), each edge the attribute ``kind`` (:class:`EdgeKind`).
    """
    graph: nx.DiGraph[Node] = nx.DiGraph()
    graph.add_nodes_from((node, {"label": label}) for node, label in _entries(risk_file))
    for start, kind, end in _edges(risk_file):
        graph.add_edge(start, end, kind=kind)
    for result in verification.results if verification else ():
        _add_result(graph, result)
    return graph


def following(graph: nx.DiGraph[Node], node: Node, kind: EdgeKind) -> tuple[str, ...]:
    """Return the ids that edges of one kind lead to from ``node``, in the order they were written."""
    return tuple(end.id for _, end, data in graph.out_edges(node, data=True) if data["kind"] is kind)


def preceding(graph: nx.DiGraph[Node], node: Node, kind: EdgeKind) -> tuple[str, ...]:
    """Return the ids from which edges of one kind lead to ``node``, in the order they were written."""
    return tuple(start.id for start, _, data in graph.in_edges(node, data=True) if data["kind"] is kind)


def open_paths(graph: nx.DiGraph[Node], situation: str) -> tuple[tuple[str, str], ...]:
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


def stopping(graph: nx.DiGraph[Node], situation: str, harm: str) -> tuple[str, ...]:
    """Return the controls that stop a situation, one of its causes, or the harm that it leads to."""
    middle = Node(NodeKind.SITUATION, situation)
    nodes = [Node(NodeKind.CAUSE, cause) for cause in preceding(graph, middle, EdgeKind.CAUSES)]
    found = [preceding(graph, node, EdgeKind.STOPS) for node in (*nodes, middle, Node(NodeKind.HARM, harm))]
    return tuple(dict.fromkeys(control for controls in found for control in controls))


def _stopped(graph: nx.DiGraph[Node], node: Node) -> bool:
    return bool(preceding(graph, node, EdgeKind.STOPS))


def _entries(risk_file: RiskFile) -> Iterator[tuple[Node, str]]:
    for name, evidence in risk_file.evidence.items():
        yield Node(NodeKind.EVIDENCE, name), evidence.text
    for name, cause in risk_file.causes.items():
        yield Node(NodeKind.CAUSE, name), cause.event
    for name, hazard in risk_file.hazards.items():
        yield Node(NodeKind.HAZARD, name), hazard.hazard
    for name, situation in risk_file.situations.items():
        yield Node(NodeKind.SITUATION, name), situation.situation
    for name, harm in risk_file.harms.items():
        yield Node(NodeKind.HARM, name), harm.harm
    for name, control in risk_file.controls.items():
        yield Node(NodeKind.CONTROL, name), control.control
    for name, requirement in risk_file.requirements.items():
        yield Node(NodeKind.REQUIREMENT, name), requirement.text
        for ref in requirement.external:
            yield Node(NodeKind.EXTERNAL, ref), ref
    for obligation in risk_file.obligations:
        yield Node(NodeKind.OBLIGATION, obligation.id), obligation.statement
        yield Node(NodeKind.ELEMENT, obligation.element), obligation.element


def _edges(risk_file: RiskFile) -> Iterator[tuple[Node, EdgeKind, Node]]:
    yield from _events(risk_file)
    yield from _measures(risk_file)
    known = {obligation.id for obligation in risk_file.obligations}
    for obligation in risk_file.obligations:
        claim = Node(NodeKind.OBLIGATION, obligation.id)
        yield Node(NodeKind.ELEMENT, obligation.element), EdgeKind.CONCERNS, claim
        for support in obligation.depends_on:
            if support in known:
                yield Node(NodeKind.OBLIGATION, support), EdgeKind.SUPPORTS, claim


def _events(risk_file: RiskFile) -> Iterator[tuple[Node, EdgeKind, Node]]:
    """Yield what follows from what."""
    for name, situation in risk_file.situations.items():
        node = Node(NodeKind.SITUATION, name)
        for hazard in situation.hazards:
            yield Node(NodeKind.HAZARD, hazard), EdgeKind.EXPOSES, node
        for cause in situation.causes:
            yield Node(NodeKind.CAUSE, cause), EdgeKind.CAUSES, node
        for evidence in situation.p1.evidence:
            yield Node(NodeKind.EVIDENCE, evidence), EdgeKind.ESTIMATES, node
    for name, harm in risk_file.harms.items():
        node = Node(NodeKind.HARM, name)
        for start in harm.situations:
            yield Node(NodeKind.SITUATION, start), EdgeKind.LEADS, node
        ratings = (harm.severity, harm.p2, harm.probability, harm.residual)
        for evidence in dict.fromkeys(item for rating in ratings for item in rating.evidence):
            yield Node(NodeKind.EVIDENCE, evidence), EdgeKind.ESTIMATES, node


def _measures(risk_file: RiskFile) -> Iterator[tuple[Node, EdgeKind, Node]]:
    """Yield what stops what, and what shows that it does."""
    kinds = {name: kind for kind, section in SECTIONS.items() for name in getattr(risk_file, section)}
    for name, control in risk_file.controls.items():
        node = Node(NodeKind.CONTROL, name)
        for stopped in control.stops:
            yield node, EdgeKind.STOPS, Node(kinds[stopped], stopped)
        for raised in control.raises:
            yield node, EdgeKind.RAISES, Node(NodeKind.SITUATION, raised)
        for requirement in control.requirements:
            yield Node(NodeKind.REQUIREMENT, requirement), EdgeKind.REALISES, node
    for name, demand in risk_file.requirements.items():
        node = Node(NodeKind.REQUIREMENT, name)
        for obligation in demand.verified_by:
            yield Node(NodeKind.OBLIGATION, obligation), EdgeKind.VERIFIES, node
        for ref in demand.external:
            yield Node(NodeKind.EXTERNAL, ref), EdgeKind.VERIFIES, node


def _add_result(graph: nx.DiGraph[Node], result: Result) -> None:
    """Add what a verdict stands on: each script of a certificate, each run that shows something."""
    claim = Node(NodeKind.OBLIGATION, result.obligation.id)
    scripts = result.certificate.scripts if result.certificate else ()
    nodes = [Node(NodeKind.CERTIFICATE, name) for name in scripts]
    nodes += [Node(NodeKind.RUN, shown.file) for shown in (result.counterexample, result.witness) if shown]
    for node in nodes:
        graph.add_node(node, label=node.id)
        kind = EdgeKind.REFUTES if result.verdict is Verdict.REFUTED else EdgeKind.PROVES
        graph.add_edge(node, claim, kind=kind)
