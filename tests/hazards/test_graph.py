from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from stimproof.hazards.graph import build, open_paths, preceding, stopping
from stimproof.hazards.nodes import ENTRIES, EdgeKind, Node, NodeKind
from stimproof.hazards.reader import read_string
from stimproof.verify.results import Verdict, Verification

if TYPE_CHECKING:
    from collections.abc import Callable

    from stimproof.specs.specification import Specification

    Verified = Callable[..., Verification]

_ENTRIES = set(ENTRIES.values()) - {NodeKind.SOURCE}
_PARTS = (NodeKind.ELEMENT, NodeKind.FAULT)
_SHOWING = (NodeKind.OBLIGATION, NodeKind.EXTERNAL, NodeKind.TEST, NodeKind.EVIDENCE)
ANSWERS = {(kind, NodeKind.CLAUSE) for kind in _ENTRIES}
# What an edge of each kind may lead from and to.
SHAPE = {
    EdgeKind.ANSWERS: ANSWERS,
    EdgeKind.BREAKS: {(NodeKind.FAULT, NodeKind.OBLIGATION)},
    EdgeKind.BRINGS: {(NodeKind.FAULT, NodeKind.CAUSE)},
    EdgeKind.LEAVES_OPEN: {(NodeKind.FAULT, NodeKind.OBLIGATION)},
    EdgeKind.TOLERATED: {(NodeKind.FAULT, NodeKind.OBLIGATION)},
    EdgeKind.CAUSES: {(NodeKind.CAUSE, NodeKind.SITUATION)},
    EdgeKind.CITED: {(NodeKind.SOURCE, kind) for kind in (*_ENTRIES, NodeKind.TEST, NodeKind.EXTERNAL)},
    EdgeKind.CONCERNS: {(kind, NodeKind.OBLIGATION) for kind in _PARTS}
    | {(kind, NodeKind.POST_PRODUCTION) for kind in _ENTRIES},
    EdgeKind.CONTRADICTS: {(NodeKind.EVIDENCE, NodeKind.EVIDENCE)},
    EdgeKind.COVERED: {(kind, NodeKind.DOCUMENT) for kind in _ENTRIES},
    EdgeKind.FEEDS: {(start, end) for start in _PARTS for end in _PARTS},
    EdgeKind.MAKES: {(kind, NodeKind.CONTROL) for kind in _PARTS},
    EdgeKind.RELIED: {(NodeKind.CONTROL, NodeKind.CONTROL), (NodeKind.EVIDENCE, NodeKind.EVIDENCE)},
    EdgeKind.REVIEWED: {(kind, NodeKind.REVIEW) for kind in (*_ENTRIES, NodeKind.SOURCE, *_PARTS)},
    EdgeKind.SHOWS: {(kind, NodeKind.CONTROL) for kind in _SHOWING},
    EdgeKind.WEIGHED: {(NodeKind.HARM, NodeKind.BENEFIT_RISK), (NodeKind.EVIDENCE, NodeKind.BENEFIT_RISK)},
    EdgeKind.ESTIMATES: {(NodeKind.EVIDENCE, NodeKind.SITUATION), (NodeKind.EVIDENCE, NodeKind.HARM)},
    EdgeKind.EXPOSES: {(NodeKind.HAZARD, NodeKind.SITUATION)},
    EdgeKind.LEADS: {(NodeKind.SITUATION, NodeKind.HARM)},
    EdgeKind.PROVES: {(NodeKind.CERTIFICATE, NodeKind.OBLIGATION), (NodeKind.RUN, NodeKind.OBLIGATION)},
    EdgeKind.RAISES: {(NodeKind.CONTROL, NodeKind.SITUATION)},
    EdgeKind.REALISES: {(NodeKind.REQUIREMENT, NodeKind.CONTROL)},
    EdgeKind.REFUTES: {(NodeKind.CERTIFICATE, NodeKind.OBLIGATION), (NodeKind.RUN, NodeKind.OBLIGATION)},
    EdgeKind.STOPS: {
        (NodeKind.CONTROL, NodeKind.CAUSE),
        (NodeKind.CONTROL, NodeKind.SITUATION),
        (NodeKind.CONTROL, NodeKind.HARM),
    },
    EdgeKind.SUPPORTS: {(NodeKind.OBLIGATION, NodeKind.OBLIGATION)},
    EdgeKind.VERIFIES: {
        (start, end) for start in _SHOWING for end in (NodeKind.REQUIREMENT, NodeKind.CONTROL)
    },
}


def test_every_edge_joins_what_its_kind_joins(toy: Specification, risk: str, verified: Verified) -> None:
    """The graph is typed: each kind of edge has its kinds of ends, and every node its text."""
    text = risk.replace("requirements: [R_cap]", "requirements: [R_cap]\n    raises: [missed]")
    text = text.replace('    raises_none: "a bound delivers nothing"\n', "")
    graph = build(read_string(text, toy), verified(limits__cap=Verdict.REFUTED))
    assert set(SHAPE) == set(EdgeKind)
    assert {kind for _, _, kind in graph.edges(keys=True)} <= set(SHAPE)
    for start, end, kind in graph.edges(keys=True):
        assert (start.kind, end.kind) in SHAPE[kind], (start, end)
    assert all(data["label"] for _, data in graph.nodes(data=True))


def test_a_certificate_is_joined_to_the_harm_that_it_helps_to_prevent(
    toy: Specification, risk: str, verified: Verified
) -> None:
    """One path leads from the certificate of a proof to the harm."""
    graph = build(read_string(risk, toy), verified())
    start = Node(NodeKind.CERTIFICATE, "certificates/limits.cap.smt2")
    path = nx.shortest_path(graph, start, Node(NodeKind.HARM, "pain"))
    assert [node.kind.value for node in path] == [
        "certificate",
        "obligation",
        "requirement",
        "control",
        "cause",
        "situation",
        "harm",
    ]


def test_a_counterexample_refutes_its_obligation(toy: Specification, risk: str, verified: Verified) -> None:
    """What stands against a claim is joined to it by another kind of edge than what stands for it."""
    graph = build(read_string(risk, toy), verified(limits__cap=Verdict.REFUTED))
    node = Node(NodeKind.OBLIGATION, "limits.cap")
    assert preceding(graph, node, EdgeKind.REFUTES) == ("traces/limits.cap.json",)
    assert preceding(graph, node, EdgeKind.PROVES) == ()


def test_open_paths_are_those_that_no_control_cuts(toy: Specification, risk: str) -> None:
    """Each cause and each harm of a situation has to be cut apart."""
    whole = build(read_string(risk, toy))
    assert open_paths(whole, "shocked") == ()
    assert open_paths(whole, "missed") == (("pull", "revision"),)
    half = build(read_string(risk.replace("stops: [stuck]", "stops: [pull]"), toy))
    assert open_paths(half, "shocked") == (("stuck", "pain"),)


def test_the_controls_of_a_risk_are_those_on_its_way(toy: Specification, risk: str) -> None:
    """Controls of other situations are not counted for this one."""
    graph = build(read_string(risk, toy))
    assert stopping(graph, "shocked", "pain") == ("bounded", "stop_works")
    assert stopping(graph, "missed", "revision") == ()
