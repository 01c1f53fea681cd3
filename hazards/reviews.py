"""Reviews: who reviewed what, when and in which meaning; they go stale by themselves.

A review holds two fingerprints: of the item, and of everything that the item rests on. When the item has
changed the review is *stale*; when only what it rests on has, it is *suspect*.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import networkx as nx

from stimproof.hazards.fingerprints import fingerprint, fingerprints, together
from stimproof.hazards.graph import build
from stimproof.hazards.nodes import Node, NodeKind
from stimproof.hazards.relations import reviewed
from stimproof.hazards.spreading import spreading, trace_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stimproof.hazards.judgements import Review
    from stimproof.hazards.risk_file import RiskFile

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
WHOLE = "risk_file"
"""The item that stands for the whole project: the risk file and the specification."""
State = Literal["current", "suspect", "stale"]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review with its state, and why."""

    review: Review
    number: int
    state: State
    why: str


@dataclass(frozen=True)
class Prints:
    """The fingerprints of one version of a project."""

    risk_file: RiskFile
    known: Mapping[Node, str]
    spread: nx.DiGraph[Node]

    def of(self, item: str) -> tuple[str, str] | None:
        """Return the fingerprints of an item and of what it rests on; ``None`` where there is none."""
        if item == WHOLE:
            whole = [
                document.text for document in self.risk_file.documents if not _only_reviews(document.data)
            ]
            return fingerprint(whole), self.risk_file.spec_sha256
        node = reviewed(self.risk_file, item)
        if node not in self.known:
            return None
        return self.known[node], together(self._grounds(node), self.known)

    def _grounds(self, node: Node) -> set[Node]:
        start = trace_of(node) if node.kind is NodeKind.HAZARD else node
        found = nx.ancestors(self.spread, start) if start in self.spread else set()
        # A review is not among the grounds of what was reviewed.
        return {other for other in found if other.kind is not NodeKind.REVIEW and other != node}


def prints(risk_file: RiskFile) -> Prints:
    """Return the fingerprints of a project as it stands."""
    return Prints(risk_file, fingerprints(risk_file), spreading(build(risk_file)))


def judge(risk_file: RiskFile) -> tuple[Reviewed, ...]:
    """Return every review with its state, in the order of the file."""
    if not risk_file.reviews:
        return ()
    now = prints(risk_file)
    return tuple(_judged(review, number, now) for number, review in enumerate(risk_file.reviews))


def _judged(review: Review, number: int, now: Prints) -> Reviewed:
    found = now.of(review.item)
    if found is None:
        return Reviewed(review, number, "stale", "there is no such item any more")
    own, context = found
    if own != review.fingerprint:
        return Reviewed(review, number, "stale", "the item has changed since")
    if context != review.context:
        return Reviewed(review, number, "suspect", "something that it rests on has changed since")
    return Reviewed(review, number, "current", "")


def _only_reviews(data: object) -> bool:
    """Return whether a document holds nothing but reviews, which do not review themselves."""
    return isinstance(data, dict) and data.keys() <= {"stimproof", "reviews"} and "reviews" in data


def listed(reviews: Iterable[Review]) -> str:
    """Return the text of a file of reviews."""
    lines = [
        "# Who reviewed what, written by 'stimproof review'.",
        "# A review goes stale by itself when its item changes.",
        "stimproof: 1",
        "reviews:",
    ]
    for review in reviews:
        parts = [f"{key}: {_quoted(value)}" for key, value in review.model_dump().items()]
        lines.append("  - " + parts[0])
        lines += ["    " + part for part in parts[1:]]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return text as a quoted YAML scalar; what YAML does not keep as it is becomes its number."""
    plain = json.dumps(text, ensure_ascii=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", plain)
