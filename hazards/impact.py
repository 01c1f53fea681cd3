"""What a change touches: everything that relies on the changed thing, however far.

The impact of a change is what can be reached from it in :mod:`stimproof.hazards.spreading`'s graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stimproof.hazards.fingerprints import fingerprints
from stimproof.hazards.graph import build
from stimproof.hazards.nodes import Node, NodeKind
from stimproof.hazards.relations import element, entry_nodes
from stimproof.hazards.reviews import WHOLE, judge
from stimproof.hazards.spreading import reached, spreading
from stimproof.specs.elements import PARTS
from stimproof.specs.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stimproof.hazards.risk_file import RiskFile

SCHEMA = "stimproof.impact/1"


@dataclass(frozen=True, slots=True)
class Impact:
    """What changed, what that touches by kind, and the reviews that it makes suspect."""

    changed: tuple[Node, ...]
    touched: tuple[Node, ...]
    added: tuple[Node, ...] = ()
    removed: tuple[Node, ...] = ()
    suspect: tuple[str, ...] = ()

    def of(self, kind: NodeKind) -> tuple[str, ...]:
        """Return the ids of what is touched of one kind."""
        return tuple(node.id for node in self.touched if node.kind is kind)

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        listed = {
            name: [{"kind": node.kind.value, "id": node.id} for node in getattr(self, name)]
            for name in ("changed", "added", "removed", "touched")
        }
        return {"schema": SCHEMA, **listed, "suspect_reviews": list(self.suspect)}


def locate(risk_file: RiskFile, name: str) -> Node:
    """Return the node that a name on the command line means.

    ``controls.stop`` and ``machines.ipg.modes.MRI`` are found by their section; an entry's id alone will do.

    Raises:
        OperatorError: nothing has that name.
    """
    graph = build(risk_file)
    entries = entry_nodes(risk_file)
    section, _, rest = name.partition(".")
    candidates = [
        element(name),
        entries.get(name),
        Node(NodeKind.OBLIGATION, name),
        Node(NodeKind.SOURCE, name),
    ]
    if section in (*_SECTION_NAMES, "documents"):
        candidates.insert(0, entries.get(rest))
    whole, _, part = name.rpartition(".")
    candidates += [element(whole)] if part in PARTS else []
    for node in candidates:
        if node is not None and node in graph:
            return node
    near = get_close_matches(name, [node.id for node in graph], n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise OperatorError(f"nothing in the project is called '{name}'{hint}")


_SECTION_NAMES = (
    "causes",
    "hazards",
    "situations",
    "harms",
    "controls",
    "requirements",
    "evidence",
    "clauses",
    "benefit_risk",
    "post_production",
)


def impact(risk_file: RiskFile, names: Iterable[str]) -> Impact:
    """Return what a change of the named things would touch.

    Raises:
        OperatorError: nothing has one of the names.
    """
    changed = tuple(dict.fromkeys(locate(risk_file, name) for name in names))
    touched = reached(spreading(build(risk_file)), changed)
    return Impact(changed, tuple(sorted(touched)), suspect=_suspect(risk_file, touched))


def since(earlier: RiskFile, later: RiskFile) -> Impact:
    """Return what differs between two versions of a project, and what that touches in either.

    What only the earlier version has touches what relied on it there.
    """
    before, after = fingerprints(earlier), fingerprints(later)
    changed = [node for node in after if node in before and before[node] != after[node]]
    added = [node for node in after if node not in before]
    removed = [node for node in before if node not in after]
    spread = spreading(build(later))
    spread.add_edges_from(spreading(build(earlier)).edges())
    touched = reached(spread, (*changed, *added, *removed))
    return Impact(
        tuple(sorted(changed)),
        tuple(sorted(touched)),
        tuple(sorted(added)),
        tuple(sorted(removed)),
        _suspect(later, touched),
    )


def _suspect(risk_file: RiskFile, touched: set[Node]) -> tuple[str, ...]:
    """Return the reviews among what is touched or about the whole, and those that no longer stand anyway."""
    hit = {node.id for node in touched if node.kind is NodeKind.REVIEW}
    broken = {item.review.title for item in judge(risk_file) if item.state != "current"}
    if touched:
        hit |= {review.title for review in risk_file.reviews if review.item == WHOLE}
    return tuple(review.title for review in risk_file.reviews if review.title in hit | broken)
