"""Fingerprints: what exactly a version of a project says in each entry, and what that rests on."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from stimproof.hazards import dependencies
from stimproof.hazards.nodes import ENTRIES, Node, NodeKind
from stimproof.hazards.relations import element

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stimproof.hazards.risk_file import RiskFile


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of plain data or of a model, whatever the order of its keys."""
    data = value.model_dump() if isinstance(value, BaseModel) else value
    text = json.dumps(data, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def fingerprints(risk_file: RiskFile) -> dict[Node, str]:
    """Return the fingerprint of every entry of the risk file and every element of the specification."""
    found = {
        Node(kind, name): fingerprint(entry)
        for section, kind in ENTRIES.items()
        for name, entry in getattr(risk_file, section).items()
    }
    for name, entry in dependencies.contents(risk_file.specification).items():
        found[element(name)] = fingerprint(entry)
    for obligation in risk_file.obligations:
        found[Node(NodeKind.OBLIGATION, obligation.id)] = fingerprint(obligation.statement)
    return found


def together(nodes: Iterable[Node], known: Mapping[Node, str]) -> str:
    """Return one fingerprint of several nodes; those that are no entry count by their names."""
    return fingerprint(sorted((node.kind.value, node.id, known.get(node, "")) for node in nodes))
