"""Every edge of the graph of a risk file, from its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.hazards import dependencies
from stimproof.hazards.citations import ratings
from stimproof.hazards.nodes import ENTRIES, SECTIONS, EdgeKind, Node, NodeKind
from stimproof.specs.elements import PARTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stimproof.hazards.measures import External, Shown
    from stimproof.hazards.risk_file import RiskFile

Edge = tuple[Node, EdgeKind, Node]


def edges(risk_file: RiskFile) -> Iterator[Edge]:
    """Yield (start, kind, end) for everything that the risk file and its specification say."""
    yield from _events(risk_file)
    yield from _estimates(risk_file)
    yield from _measures(risk_file)
    yield from _judgements(risk_file)
    yield from _citations(risk_file)
    yield from _claims(risk_file)


def element(name: str) -> Node:
    """Return the node of an element of the specification; faults have a kind of their own."""
    return Node(NodeKind.FAULT if name.startswith("faults.") else NodeKind.ELEMENT, name)


def entry_nodes(risk_file: RiskFile) -> dict[str, Node]:
    """Return the node of each entry by its id; of two entries of one id, the one of the later section."""
    sections = [
        (getattr(risk_file, section), kind) for section, kind in ENTRIES.items() if section != "sources"
    ]
    return {name: Node(kind, name) for entries, kind in sections for name in entries}


def reviewed(risk_file: RiskFile, item: str) -> Node:
    """Return the node of a reviewed item: ``controls.stop``, or an element of the specification."""
    section, _, name = item.partition(".")
    section = "written" if section == "documents" else section
    kind = ENTRIES.get(section)
    return Node(kind, name) if kind is not None and name in getattr(risk_file, section) else element(item)


def _events(risk_file: RiskFile) -> Iterator[Edge]:
    """Yield what follows from what."""
    for name, event in risk_file.causes.items():
        for fault in event.faults:
            yield element(f"faults.{fault}"), EdgeKind.BRINGS, Node(NodeKind.CAUSE, name)
    for name, situation in risk_file.situations.items():
        node = Node(NodeKind.SITUATION, name)
        for hazard in situation.hazards:
            yield Node(NodeKind.HAZARD, hazard), EdgeKind.EXPOSES, node
        for cause in situation.causes:
            yield Node(NodeKind.CAUSE, cause), EdgeKind.CAUSES, node
    for name, harm in risk_file.harms.items():
        for start in harm.situations:
            yield Node(NodeKind.SITUATION, start), EdgeKind.LEADS, Node(NodeKind.HARM, name)


def _estimates(risk_file: RiskFile) -> Iterator[Edge]:
    for path, rating in ratings(risk_file):
        node = Node(ENTRIES[str(path[0])], str(path[1]))
        for evidence in rating.evidence:
            yield Node(NodeKind.EVIDENCE, evidence), EdgeKind.ESTIMATES, node
        for source in rating.sources:
            yield Node(NodeKind.SOURCE, source), EdgeKind.CITED, node
    for name, item in risk_file.evidence.items():
        node = Node(NodeKind.EVIDENCE, name)
        # A risk file need not take over all that the register connects with what it cites.
        for other in item.rests_on:
            if other in risk_file.evidence:
                yield Node(NodeKind.EVIDENCE, other), EdgeKind.RELIED, node
        for other in item.contradicts:
            if other in risk_file.evidence:
                yield node, EdgeKind.CONTRADICTS, Node(NodeKind.EVIDENCE, other)


def _measures(risk_file: RiskFile) -> Iterator[Edge]:
    """Yield what stops what, of what it is made, and what shows that it does."""
    kinds = {name: kind for kind, section in SECTIONS.items() for name in getattr(risk_file, section)}
    for name, control in risk_file.controls.items():
        node = Node(NodeKind.CONTROL, name)
        for stopped in control.stops:
            yield node, EdgeKind.STOPS, Node(kinds[stopped], stopped)
        for raised in control.raises:
            yield node, EdgeKind.RAISES, Node(NodeKind.SITUATION, raised)
        for requirement in control.requirements:
            yield Node(NodeKind.REQUIREMENT, requirement), EdgeKind.REALISES, node
        for other in control.relies_on:
            yield Node(NodeKind.CONTROL, other), EdgeKind.RELIED, node
        for part in control.elements:
            yield element(part), EdgeKind.MAKES, node
            yield from _within(part)
        yield from _shown(control.implementation, EdgeKind.VERIFIES, node)
        yield from _shown(control.effectiveness, EdgeKind.SHOWS, node)
    for name, demand in risk_file.requirements.items():
        node = Node(NodeKind.REQUIREMENT, name)
        for obligation in demand.verified_by:
            yield Node(NodeKind.OBLIGATION, obligation), EdgeKind.VERIFIES, node
        yield from _external(demand.tests, demand.documents, EdgeKind.VERIFIES, node)


def _within(part: str) -> Iterator[Edge]:
    """Yield what ties a guard, an entry or a range to the element that it is a part of."""
    whole, _, last = part.rpartition(".")
    if last in PARTS:
        yield element(whole), EdgeKind.FEEDS, element(part)
        yield element(part), EdgeKind.FEEDS, element(whole)


def _shown(shown: Shown, kind: EdgeKind, node: Node) -> Iterator[Edge]:
    for obligation in shown.obligations:
        yield Node(NodeKind.OBLIGATION, obligation), kind, node
    for evidence in shown.evidence:
        yield Node(NodeKind.EVIDENCE, evidence), kind, node
    yield from _external(shown.tests, shown.documents, kind, node)


def _external(
    tests: Iterable[External], documents: Iterable[External], kind: EdgeKind, node: Node
) -> Iterator[Edge]:
    for what, items in ((NodeKind.TEST, tests), (NodeKind.EXTERNAL, documents)):
        for item in items:
            yield Node(what, item.ref), kind, node
            for source in item.sources:
                yield Node(NodeKind.SOURCE, source), EdgeKind.CITED, Node(what, item.ref)


def _judgements(risk_file: RiskFile) -> Iterator[Edge]:
    known = entry_nodes(risk_file)
    for name, weighed in risk_file.benefit_risk.items():
        node = Node(NodeKind.BENEFIT_RISK, name)
        for harm in weighed.harms:
            yield Node(NodeKind.HARM, harm), EdgeKind.WEIGHED, node
        for evidence in weighed.evidence:
            yield Node(NodeKind.EVIDENCE, evidence), EdgeKind.WEIGHED, node
    for name, collected in risk_file.post_production.items():
        for wanted in collected.concerns:
            yield known[wanted], EdgeKind.CONCERNS, Node(NodeKind.POST_PRODUCTION, name)
    for name, written in risk_file.written.items():
        for wanted in written.covers:
            yield known[wanted], EdgeKind.COVERED, Node(NodeKind.DOCUMENT, name)
    for name, clause in risk_file.clauses.items():
        for wanted in clause.answered_by:
            yield known[wanted], EdgeKind.ANSWERS, Node(NodeKind.CLAUSE, name)
    for review in risk_file.reviews:
        yield reviewed(risk_file, review.item), EdgeKind.REVIEWED, Node(NodeKind.REVIEW, review.title)


def _citations(risk_file: RiskFile) -> Iterator[Edge]:
    for section in ("evidence", "written", "clauses"):
        for name, entry in getattr(risk_file, section).items():
            for source in entry.sources:
                yield Node(NodeKind.SOURCE, source), EdgeKind.CITED, Node(ENTRIES[section], name)


def _claims(risk_file: RiskFile) -> Iterator[Edge]:
    """Yield what obligations are about, and what they presume."""
    known = {obligation.id for obligation in risk_file.obligations}
    for obligation in risk_file.obligations:
        claim = Node(NodeKind.OBLIGATION, obligation.id)
        for support in obligation.depends_on:
            if support in known:
                yield Node(NodeKind.OBLIGATION, support), EdgeKind.SUPPORTS, claim
    for start, end, claimed in dependencies.edges(risk_file.specification, risk_file.obligations):
        if claimed:
            yield element(start), EdgeKind.CONCERNS, Node(NodeKind.OBLIGATION, end)
        else:
            yield element(start), EdgeKind.FEEDS, element(end)
