"""ReqIF read back, from this program or from a requirements tool that has rewritten the file.

Tools rename identifiers and attributes, write the text as XHTML and kinds as enumerations or as types, and
add attributes and extensions of their own. What an object is, is therefore read by the names of its
attributes, or of its type where no attribute says so. What has no place in a risk file is told, not dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

from stimproof.hazards.exchange.items import Items, Link, complete, from_xml, kind_of, why
from stimproof.hazards.nodes import EdgeKind, Node, NodeKind
from stimproof.specs.errors import OperatorError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
_Q = f"{{{NAMESPACE}}}"
_ROLES = {
    "kind": "kind",
    "reqif.category": "kind",
    "id": "id",
    "reqif.foreignid": "id",
    "text": "text",
    "reqif.text": "text",
    "reqif.description": "text",
    "reqif.name": "text",
}
"""What an attribute is by its name; the last ones are those of the ReqIF implementation guide."""


def read(text: str, name: str) -> Items:
    """Return the items of a ReqIF file.

    Raises:
        OperatorError: it is no such file, it declares entities, it holds an object or a relation that is none
            of a risk file, or a link leads nowhere.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise OperatorError(f"'{name}' declares a document type or entities, which are not read")
    try:
        root = Tree.fromstring(text.encode())
        if root.tag != f"{_Q}REQ-IF":
            raise OperatorError(f"'{name}' is no ReqIF file: its root is '{root.tag[:80]}'")
        items = _Content(root).items
    except (Tree.ParseError, KeyError, ValueError) as error:
        raise OperatorError(f"'{name}' is no ReqIF file of a risk file: {why(error)}") from None
    return complete(items, name)


@dataclass(frozen=True)
class _Content:
    """The core content of one file."""

    root: Element

    @property
    def items(self) -> Items:
        found = {key: (node, text) for key, node, text, _ in self._objects}
        if len({node for node, _ in found.values()}) != len(found):
            raise ValueError("two objects have one kind and one id")
        remarks = [told for _, _, _, extra in self._objects for told in extra]
        links = [link for link, _ in self._relations]
        remarks += [told for _, extra in self._relations for told in extra]
        return Items(tuple(sorted(found.values())), tuple(sorted(links)), tuple(remarks))

    @cached_property
    def _names(self) -> dict[str, str]:
        """The name of every definition, type and value of an enumeration by its identifier."""
        return {
            item.attrib["IDENTIFIER"]: item.attrib.get("LONG-NAME") or item.attrib["IDENTIFIER"]
            for item in self.root.iter()
            if "IDENTIFIER" in item.attrib
        }

    def _each(self, section: str, tag: str) -> list[Element]:
        return self.root.findall(f"{_Q}CORE-CONTENT/{_Q}REQ-IF-CONTENT/{_Q}{section}/{_Q}{tag}")

    @cached_property
    def _objects(self) -> list[tuple[str, Node, str, list[str]]]:
        return [self._object(item) for item in self._each("SPEC-OBJECTS", "SPEC-OBJECT")]

    def _object(self, item: Element) -> tuple[str, Node, str, list[str]]:
        identifier = item.attrib["IDENTIFIER"]
        values, extra = self._values(item)
        kind = self._kind(item, values)
        found = kind_of(NodeKind, kind.lower())
        if found is None:
            raise ValueError(f"the object '{identifier}' is '{kind}', which is no kind of item")
        missing = {"id", "text"} - values.keys()
        if missing:
            raise ValueError(f"the object '{identifier}' has no attribute {' and no '.join(sorted(missing))}")
        node = Node(found, values["id"])
        told = [f"{found.value} {node.id}: {name} is '{text}'" for name, text in extra]
        return identifier, node, values["text"], told

    @cached_property
    def _relations(self) -> list[tuple[Link, list[str]]]:
        nodes = {key: node for key, node, _, _ in self._objects}
        return [self._relation(item, nodes) for item in self._each("SPEC-RELATIONS", "SPEC-RELATION")]

    def _relation(self, item: Element, nodes: Mapping[str, Node]) -> tuple[Link, list[str]]:
        identifier = item.attrib["IDENTIFIER"]
        values, extra = self._values(item)
        kind = self._kind(item, values)
        found = kind_of(EdgeKind, kind.lower())
        if found is None:
            raise ValueError(f"the relation '{identifier}' is '{kind}', which is no kind of link")
        ends = [self._reference(item, end) for end in ("SOURCE", "TARGET")]
        lost = next((end for end in ends if end not in nodes), None)
        if lost is not None:
            raise ValueError(f"the relation '{identifier}' joins '{lost}', which is no object here")
        told = [f"{kind} of {nodes[ends[0]].id}: {name} is '{text}'" for name, text in extra]
        return (nodes[ends[0]], found, nodes[ends[1]]), told

    def _kind(self, item: Element, values: Mapping[str, str]) -> str:
        """Return the kind that an attribute states, or else the name of the type."""
        return values.get("kind") or self._names.get(self._reference(item, "TYPE"), "")

    @staticmethod
    def _reference(item: Element, where: str) -> str:
        """Return the identifier that stands below an element, whatever the reference is called."""
        found = item.find(f"{_Q}{where}")
        return "".join(found.itertext()).strip() if found is not None else ""

    def _values(self, item: Element) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """Return the attributes that have a role, and name and text of each other that is not empty."""
        roles: dict[str, str] = {}
        extra = []
        for value in item.iterfind(f"{_Q}VALUES/*"):
            name = self._names.get(self._reference(value, "DEFINITION"), "")
            text = self._text(value)
            role = _ROLES.get(name.rpartition("-")[2].lower()) or _ROLES.get(name.lower())
            if role is not None and role not in roles:
                roles[role] = text
            elif text.strip():
                extra.append((name, text))
        return roles, extra

    def _text(self, value: Element) -> str:
        """Return the text of an attribute of any datatype."""
        plain = value.attrib.get("THE-VALUE")
        if plain is not None:
            return from_xml(plain)
        rich = value.find(f"{_Q}THE-VALUE")
        if rich is not None:
            return " ".join("".join(_flat(rich)).split())
        if value.tag != f"{_Q}ATTRIBUTE-VALUE-ENUMERATION":
            raise ValueError(f"an attribute of type {value.tag.rpartition('}')[2]} has no THE-VALUE")
        chosen = value.findall(f"{_Q}VALUES/{_Q}ENUM-VALUE-REF")
        return ", ".join(self._names.get((item.text or "").strip(), "") for item in chosen)


def _flat(item: Element) -> Iterator[str]:
    """Yield the text of XHTML, with a space where a block ends."""
    yield item.text or ""
    for child in item:
        yield from _flat(child)
        if child.tag.rpartition("}")[2] in ("p", "div", "br", "li", "td"):
            yield " "
        yield child.tail or ""
