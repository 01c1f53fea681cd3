"""ReqIF 1.2, the exchange format of requirement tools (OMG formal/2016-07-01): written, and read back.

Every node is a specification object with the attributes ``Kind``, ``ReqIF.ForeignID`` and ``ReqIF.Text``,
every link a relation with the attribute ``Kind``; one specification lists all objects, since tools show no
object that stands in none. The time of the last change is fixed, so that equal risk files give equal bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from stimproof.hazards.exchange.items import to_xml
from stimproof.hazards.exchange.reqif_read import NAMESPACE, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stimproof.hazards.exchange.items import Items

__all__ = ["NAMESPACE", "read", "written"]

_WHEN = "2000-01-01T00:00:00Z"
_OBJECT, _RELATION, _LIST, _TEXT = "item-type", "link-type", "list-type", "text-type"
_OBJECT_PARTS = {"kind": "Kind", "id": "ReqIF.ForeignID", "text": "ReqIF.Text"}
_RELATION_PARTS = {"kind": "Kind"}


def written(items: Items, project: str) -> str:
    """Return the items as the text of a ReqIF file."""
    root = Tree.Element("REQ-IF", {"xmlns": NAMESPACE})
    header = _under(_under(root, "THE-HEADER"), "REQ-IF-HEADER", IDENTIFIER="header")
    for name, text in (
        ("CREATION-TIME", _WHEN),
        ("REQ-IF-TOOL-ID", "stimproof"),
        ("REQ-IF-VERSION", "1.0"),
        ("SOURCE-TOOL-ID", "stimproof"),
        ("TITLE", to_xml(project)),
    ):
        _under(header, name).text = text
    content = _under(_under(root, "CORE-CONTENT"), "REQ-IF-CONTENT")
    datatypes = _under(content, "DATATYPES")
    _under(datatypes, "DATATYPE-DEFINITION-STRING", _TEXT, **{"MAX-LENGTH": "1000000", "LONG-NAME": "Text"})
    types = _under(content, "SPEC-TYPES")
    _type(types, "SPEC-OBJECT-TYPE", _OBJECT, _OBJECT_PARTS)
    _type(types, "SPEC-RELATION-TYPE", _RELATION, _RELATION_PARTS)
    _under(types, "SPECIFICATION-TYPE", _LIST, **{"LONG-NAME": _LIST})
    ids = {node: f"item-{number}" for number, (node, _) in enumerate(items.nodes)}
    objects, relations = _under(content, "SPEC-OBJECTS"), _under(content, "SPEC-RELATIONS")
    for node, text in items.nodes:
        made = _under(objects, "SPEC-OBJECT", ids[node])
        _values(made, _OBJECT, {"kind": node.kind.value, "id": node.id, "text": text})
        _ref(_under(made, "TYPE"), "SPEC-OBJECT-TYPE-REF", _OBJECT)
    for number, (start, kind, end) in enumerate(items.links):
        made = _under(relations, "SPEC-RELATION", f"link-{number}")
        _values(made, _RELATION, {"kind": kind.value})
        _ref(_under(made, "TYPE"), "SPEC-RELATION-TYPE-REF", _RELATION)
        _ref(_under(made, "SOURCE"), "SPEC-OBJECT-REF", ids[start])
        _ref(_under(made, "TARGET"), "SPEC-OBJECT-REF", ids[end])
    _listed(_under(content, "SPECIFICATIONS"), ids.values())
    Tree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, encoding="unicode") + "\n"


def _under(parent: Tree.Element, name: str, identifier: str = "", **attributes: str) -> Tree.Element:
    made = {"IDENTIFIER": identifier, "LAST-CHANGE": _WHEN} if identifier else {}
    return Tree.SubElement(parent, name, {**made, **attributes})


def _ref(parent: Tree.Element, name: str, target: str) -> None:
    _under(parent, name).text = target


def _listed(parent: Tree.Element, objects: Iterable[str]) -> None:
    """Add the specification that lists all objects, one after the other."""
    made = _under(parent, "SPECIFICATION", "risk-file", **{"LONG-NAME": "Risk file"})
    _ref(_under(made, "TYPE"), "SPECIFICATION-TYPE-REF", _LIST)
    children = _under(made, "CHILDREN")
    for name in objects:
        place = _under(children, "SPEC-HIERARCHY", f"place-of-{name}")
        _ref(_under(place, "OBJECT"), "SPEC-OBJECT-REF", name)


def _type(parent: Tree.Element, name: str, identifier: str, parts: Mapping[str, str]) -> None:
    attributes = _under(_under(parent, name, identifier, **{"LONG-NAME": identifier}), "SPEC-ATTRIBUTES")
    for part, title in parts.items():
        definition = _under(
            attributes, "ATTRIBUTE-DEFINITION-STRING", f"{identifier}-{part}", **{"LONG-NAME": title}
        )
        _ref(_under(definition, "TYPE"), "DATATYPE-DEFINITION-STRING-REF", _TEXT)


def _values(parent: Tree.Element, owner: str, given: Mapping[str, str]) -> None:
    values = _under(parent, "VALUES")
    for part, text in given.items():
        value = _under(values, "ATTRIBUTE-VALUE-STRING", **{"THE-VALUE": to_xml(text)})
        _ref(_under(value, "DEFINITION"), "ATTRIBUTE-DEFINITION-STRING-REF", f"{owner}-{part}")
