"""needs.json, the form in which Sphinx-Needs exports and imports its items."""

from __future__ import annotations

import json
from typing import Any

from stimproof.hazards.exchange.items import Items, Link, complete, kind_of, why
from stimproof.hazards.nodes import EdgeKind, Node, NodeKind
from stimproof.specs.errors import OperatorError

VERSION = "1"
# What Sphinx-Needs keeps about where a need stands and how it looks.
_KEPT = (
    "doc",
    "external_",
    "id_",
    "is_",
    "lineno",
    "section",
    "type_",
    "full_title",
    "layout",
    "style",
    "parent",
)


def written(items: Items, project: str) -> str:
    """Return the items as the text of a needs.json."""
    needs: dict[str, dict[str, Any]] = {}
    for node, text in items.nodes:
        needs[_id(node)] = {"id": _id(node), "type": node.kind.value, "title": text, "links": []}
    for start, kind, end in items.links:
        need = needs[_id(start)]
        need["links"].append(_id(end))
        need.setdefault(_field(kind), []).append(_id(end))
    content = {
        "current_version": VERSION,
        "project": project,
        "versions": {VERSION: {"needs_amount": len(needs), "needs": needs}},
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def read(text: str, name: str) -> Items:
    """Return the items of a needs.json that :func:`written` wrote, perhaps changed since.

    Raises:
        OperatorError: it is no such file, or a link leads nowhere.
    """
    try:
        content = json.loads(text)
        version = content["versions"][content["current_version"]]
        needs = [*version["needs"].values()]
        nodes = tuple(sorted((_node(need["id"]), _text(need["title"])) for need in needs))
        links = tuple(sorted(link for need in needs for link in _links(need)))
        remarks = tuple(told for need in needs for told in _remarks(need))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise OperatorError(f"'{name}' is no needs.json of a risk file: {why(error)}") from None
    items = Items(nodes, links, remarks)
    return complete(items, name)


def _id(node: Node) -> str:
    return f"{node.kind.value}:{node.id}"


def _field(kind: EdgeKind) -> str:
    return kind.value.replace(" ", "_")


_OWN = frozenset({"id", "type", "title", "links", *(_field(kind) for kind in EdgeKind)})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _node(name: str) -> Node:
    kind, _, rest = _text(name).partition(":")
    found = kind_of(NodeKind, kind)
    if found is None:
        raise ValueError(f"'{name}' has no known kind")
    return Node(found, rest)


def _remarks(need: dict[str, Any]) -> list[str]:
    """Return what a need says that has no place in a risk file, and that a person may have written."""
    other = {name: value for name, value in need.items() if name not in _OWN and not name.endswith("_back")}
    return [
        f"{need['type']} {_node(need['id']).id}: {name} is {value!r}"
        for name, value in other.items()
        if value and isinstance(value, str | list) and not name.startswith(_KEPT)
    ]


def _links(need: dict[str, Any]) -> list[Link]:
    start = _node(need["id"])
    return [(start, kind, _node(end)) for kind in EdgeKind for end in need.get(_field(kind), [])]
