"""ReqIF 1.2, the exchange format of requirement tools (OMG formal/2016-07-01): written and read back.

Every node is a specification object with the attributes ``kind``, ``id`` and ``text``, every link a
relation with the attribute ``kind``. The time of the last change is fixed, so that the same risk file gives
the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from stimproof.hazards.exchange.items import Items, Link, from_xml, kind_of, to_xml, unknown_ends
from stimproof.hazards.nodes import EdgeKind, Node, NodeKind
from stimproof.specs.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAMESPACE = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
_WHEN = "2000-01-01T00:00:00Z"
_OBJECT, _RELATION, _TEXT = "item-type", "link-type", "text-type"
_OBJECT_PARTS = ("kind", "id", "text")
_Q = f"{{{NAMESPACE}}}"


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
    _under(datatypes, "DATATYPE-DEFINITION-STRING", _TEXT, **{"MAX-LENGTH": "1000000"})
    types = _under(content, "SPEC-TYPES")
    _type(types, "SPEC-OBJECT-TYPE", _OBJECT, _OBJECT_PARTS)
    _type(types, "SPEC-RELATION-TYPE", _RELATION, ("kind",))
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
    Tree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, encoding="unicode") + "\n"


def _under(parent: Tree.Element, name: str, identifier: str = "", **attributes: str) -> Tree.Element:
    made = {"IDENTIFIER": identifier, "LAST-CHANGE": _WHEN} if identifier else {}
    return Tree.SubElement(parent, name, {**made, **attributes})


def _ref(parent: Tree.Element, name: str, target: str) -> None:
    _under(parent, name).text = target


def _type(parent: Tree.Element, name: str, identifier: str, parts: tuple[str, ...]) -> None:
    attributes = _under(_under(parent, name, identifier), "SPEC-ATTRIBUTES")
    for part in parts:
        definition = _under(
            attributes, "ATTRIBUTE-DEFINITION-STRING", f"{identifier}-{part}", **{"LONG-NAME": part}
        )
        _ref(_under(definition, "TYPE"), "DATATYPE-DEFINITION-STRING-REF", _TEXT)


def _values(parent: Tree.Element, owner: str, given: Mapping[str, str]) -> None:
    values = _under(parent, "VALUES")
    for part, text in given.items():
        value = _under(values, "ATTRIBUTE-VALUE-STRING", **{"THE-VALUE": to_xml(text)})
        _ref(_under(value, "DEFINITION"), "ATTRIBUTE-DEFINITION-STRING-REF", f"{owner}-{part}")


def read(text: str, name: str) -> Items:
    """Return the items of a ReqIF file that :func:`written` wrote, perhaps changed since.

    Raises:
        OperatorError: it is no such file, it declares entities, or a link leads nowhere.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise OperatorError(f"'{name}' declares a document type or entities, which are not read")
    try:
        root = Tree.fromstring(text.encode())
        found = dict(_objects(root))
        links = tuple(sorted(_relations(root, {key: node for key, (node, _) in found.items()})))
    except (Tree.ParseError, KeyError, ValueError) as error:
        raise OperatorError(f"'{name}' is no ReqIF file of a risk file: {error}") from None
    if root.tag != f"{_Q}REQ-IF":
        raise OperatorError(f"'{name}' is no ReqIF file: its root is '{root.tag[:80]}'")
    items = Items(tuple(sorted(found.values())), links)
    lost = next(iter(unknown_ends(items)), None)
    if lost is not None:
        raise OperatorError(f"'{name}' links to {lost.kind.value} {lost.id}, which it does not hold")
    return items


def _objects(root: Tree.Element) -> Iterator[tuple[str, tuple[Node, str]]]:
    for item in root.iter(f"{_Q}SPEC-OBJECT"):
        values = dict(_read_values(item, _OBJECT))
        kind = kind_of(NodeKind, values["kind"])
        if kind is None:
            raise ValueError(f"'{values['kind']}' is no kind of item")
        yield item.attrib["IDENTIFIER"], (Node(kind, values["id"]), values["text"])


def _relations(root: Tree.Element, nodes: Mapping[str, Node]) -> Iterator[Link]:
    kinds = {kind.value: kind for kind in EdgeKind}
    for item in root.iter(f"{_Q}SPEC-RELATION"):
        values = dict(_read_values(item, _RELATION))
        ends = [item.findtext(f"{_Q}{end}/{_Q}SPEC-OBJECT-REF", "").strip() for end in ("SOURCE", "TARGET")]
        yield nodes[ends[0]], kinds[values["kind"]], nodes[ends[1]]


def _read_values(item: Tree.Element, owner: str) -> Iterator[tuple[str, str]]:
    for value in item.iter(f"{_Q}ATTRIBUTE-VALUE-STRING"):
        wanted = value.findtext(f"{_Q}DEFINITION/{_Q}ATTRIBUTE-DEFINITION-STRING-REF", "").strip()
        yield wanted.removeprefix(f"{owner}-"), from_xml(value.attrib["THE-VALUE"])
