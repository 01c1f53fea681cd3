"""The kinds of nodes and edges of the risk file's graph."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import networkx as nx


class NodeKind(StrEnum):
    """What a node stands for."""

    BENEFIT_RISK = "benefit-risk"
    CAUSE = "cause"
    CERTIFICATE = "certificate"
    CLAUSE = "clause"
    CONTROL = "control"
    DOCUMENT = "document"
    ELEMENT = "element"
    EVIDENCE = "evidence"
    EXTERNAL = "external"
    FAULT = "fault"
    HARM = "harm"
    HAZARD = "hazard"
    OBLIGATION = "obligation"
    POST_PRODUCTION = "post-production"
    REQUIREMENT = "requirement"
    REVIEW = "review"
    RUN = "run"
    SITUATION = "situation"
    SOURCE = "source"
    TEST = "test"


class EdgeKind(StrEnum):
    """How one node bears on the next."""

    ANSWERS = "answers"
    BREAKS = "breaks"
    BRINGS = "brings about"
    CAUSES = "causes"
    CITED = "is cited by"
    CONCERNS = "concerns"
    CONTRADICTS = "contradicts"
    COVERED = "is covered by"
    ESTIMATES = "estimates"
    EXPOSES = "exposes to"
    FEEDS = "is used by"
    LEADS = "leads to"
    LEAVES_OPEN = "leaves open"
    MAKES = "makes up"
    PROVES = "proves"
    RAISES = "raises"
    REALISES = "realises"
    REFUTES = "refutes"
    RELIED = "is relied on by"
    REVIEWED = "is reviewed in"
    SHOWS = "shows the effect of"
    STOPS = "stops"
    SUPPORTS = "supports"
    TOLERATED = "is tolerated by"
    VERIFIES = "verifies"
    WEIGHED = "is weighed in"


class Node(NamedTuple):
    """A node of the graph: its kind and its id."""

    kind: NodeKind
    id: str


Graph: TypeAlias = "nx.MultiDiGraph[Node]"
"""Between two nodes, at most one edge of each kind: its key is its :class:`EdgeKind`."""

SECTIONS = {
    NodeKind.CAUSE: "causes",
    NodeKind.SITUATION: "situations",
    NodeKind.HARM: "harms",
}
"""What a control may stop, with the section that declares it."""

ENTRIES: dict[str, NodeKind] = {
    "sources": NodeKind.SOURCE,
    "evidence": NodeKind.EVIDENCE,
    "causes": NodeKind.CAUSE,
    "hazards": NodeKind.HAZARD,
    "situations": NodeKind.SITUATION,
    "harms": NodeKind.HARM,
    "controls": NodeKind.CONTROL,
    "requirements": NodeKind.REQUIREMENT,
    "benefit_risk": NodeKind.BENEFIT_RISK,
    "post_production": NodeKind.POST_PRODUCTION,
    "written": NodeKind.DOCUMENT,
    "clauses": NodeKind.CLAUSE,
}
"""The sections of a resolved risk file whose entries are nodes, and the kind of each."""
