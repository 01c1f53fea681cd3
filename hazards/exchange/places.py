"""Where in the YAML a difference belongs: the text of an entry, or the list that makes a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.hazards.graph import LABELS
from stimproof.hazards.nodes import ENTRIES, EdgeKind, Node, NodeKind
from stimproof.specs.elements import elements

if TYPE_CHECKING:
    from stimproof.hazards.exchange.items import Difference, Link
    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.findings import Location

_START, _END = 0, 2
# Which end of a link writes it, and under which key; the first key that the entry has is meant.
_WRITTEN: dict[EdgeKind, tuple[int, tuple[str, ...]]] = {
    EdgeKind.ANSWERS: (_END, ("answered_by",)),
    EdgeKind.BRINGS: (_END, ("faults",)),
    EdgeKind.CAUSES: (_END, ("causes",)),
    EdgeKind.CITED: (_END, ("source",)),
    EdgeKind.CONCERNS: (_END, ("concerns",)),
    EdgeKind.CONTRADICTS: (_START, ("contradicts",)),
    EdgeKind.COVERED: (_END, ("covers",)),
    EdgeKind.ESTIMATES: (_END, ("p1", "probability", "p2")),
    EdgeKind.EXPOSES: (_END, ("hazard",)),
    EdgeKind.LEADS: (_END, ("situations",)),
    EdgeKind.MAKES: (_END, ("elements",)),
    EdgeKind.RAISES: (_START, ("raises",)),
    EdgeKind.REALISES: (_END, ("requirements",)),
    EdgeKind.RELIED: (_END, ("relies_on", "rests_on")),
    EdgeKind.SHOWS: (_END, ("effectiveness",)),
    EdgeKind.STOPS: (_START, ("stops",)),
    EdgeKind.VERIFIES: (_END, ("verified_by", "implementation")),
    EdgeKind.WEIGHED: (_END, ("evidence", "harms")),
}
_SECTIONS = {kind: section for section, kind in ENTRIES.items()} | {NodeKind.DOCUMENT: "documents"}


def place_of(risk_file: RiskFile, difference: Difference) -> Location:
    """Return where a difference belongs, or the nearest place around it: the entry, its section, the file."""
    about = difference.about
    return _of_node(risk_file, about) if isinstance(about, Node) else _of_link(risk_file, about)


def _of_node(risk_file: RiskFile, node: Node, *keys: str) -> Location:
    """Return the place of a node's text, or of the first of some other keys of its entry."""
    section = _SECTIONS.get(node.kind)
    own = node.kind is not NodeKind.SOURCE or risk_file.at("sources", node.id).path == f"sources.{node.id}"
    if section is None or not own:
        return _elsewhere(risk_file, node)
    wanted = keys or (LABELS["written" if section == "documents" else section],)
    entry = risk_file.at(section, node.id)
    found = (risk_file.at(section, node.id, key) for key in wanted)
    return next((place for place in found if place.path.count(".") > entry.path.count(".")), entry)


def _elsewhere(risk_file: RiskFile, node: Node) -> Location:
    """Return the place of what the specification or a review says."""
    if node.kind is NodeKind.SOURCE:
        path = ("sources", node.id, "title")
        documents = [item for item in risk_file.specification.documents if path in item.values]
        return documents[0].at(path) if documents else risk_file.at("sources")
    claims = {item.id: item.location for item in risk_file.obligations}
    if node.kind is NodeKind.OBLIGATION and node.id in claims:
        return claims[node.id]
    if node.kind in (NodeKind.ELEMENT, NodeKind.FAULT):
        return elements(risk_file.specification).get(node.id, risk_file.at())
    titles = [review.title for review in risk_file.reviews]
    if node.kind is NodeKind.REVIEW and node.id in titles:
        return risk_file.at("reviews", titles.index(node.id))
    return risk_file.at()


def _of_link(risk_file: RiskFile, link: Link) -> Location:
    """Return where the end that writes a link does so."""
    side, keys = _WRITTEN.get(link[1], (_END, ()))
    owner = link[side]
    assert isinstance(owner, Node)
    return _of_node(risk_file, owner, *keys)
