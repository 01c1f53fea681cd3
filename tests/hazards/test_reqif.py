"""ReqIF as the standard wants it, and as other tools write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as Tree

import pytest

from stimproof.hazards.exchange import needs, reqif
from stimproof.hazards.exchange.items import Items, items_of
from stimproof.hazards.exchange.places import place_of
from stimproof.hazards.graph import build
from stimproof.hazards.nodes import EdgeKind, Node, NodeKind
from stimproof.hazards.reader import read_string
from stimproof.hazards.risk_file import RiskFile
from stimproof.specs.errors import OperatorError
from stimproof.specs.specification import Specification

FOREIGN = (Path(__file__).parent / "data" / "foreign.reqif").read_text(encoding="utf-8")
Q = f"{{{reqif.NAMESPACE}}}"
CONTROL, CAUSE = Node(NodeKind.CONTROL, "bounded"), Node(NodeKind.CAUSE, "too_much")
# What the schema of ReqIF 1.2 demands of each element that is written: attributes, and children in any order.
IDENTIFIABLE = {"IDENTIFIER", "LAST-CHANGE"}
RULES: dict[str, tuple[set[str], set[str]]] = {
    "REQ-IF": (set(), {"THE-HEADER", "CORE-CONTENT"}),
    "THE-HEADER": (set(), {"REQ-IF-HEADER"}),
    "REQ-IF-HEADER": (
        {"IDENTIFIER"},
        {"CREATION-TIME", "REQ-IF-TOOL-ID", "REQ-IF-VERSION", "SOURCE-TOOL-ID", "TITLE"},
    ),
    "CORE-CONTENT": (set(), {"REQ-IF-CONTENT"}),
    "REQ-IF-CONTENT": (
        set(),
        {"DATATYPES", "SPEC-TYPES", "SPEC-OBJECTS", "SPEC-RELATIONS", "SPECIFICATIONS"},
    ),
    "DATATYPES": (set(), {"DATATYPE-DEFINITION-STRING"}),
    "DATATYPE-DEFINITION-STRING": ({*IDENTIFIABLE, "MAX-LENGTH"}, set()),
    "SPEC-TYPES": (set(), {"SPEC-OBJECT-TYPE", "SPEC-RELATION-TYPE", "SPECIFICATION-TYPE"}),
    "SPEC-OBJECT-TYPE": (IDENTIFIABLE, {"SPEC-ATTRIBUTES"}),
    "SPEC-RELATION-TYPE": (IDENTIFIABLE, {"SPEC-ATTRIBUTES"}),
    "SPECIFICATION-TYPE": (IDENTIFIABLE, set()),
    "SPEC-ATTRIBUTES": (set(), {"ATTRIBUTE-DEFINITION-STRING"}),
    "ATTRIBUTE-DEFINITION-STRING": (IDENTIFIABLE, {"TYPE"}),
    "SPEC-OBJECTS": (set(), {"SPEC-OBJECT"}),
    "SPEC-OBJECT": (IDENTIFIABLE, {"VALUES", "TYPE"}),
    "SPEC-RELATIONS": (set(), {"SPEC-RELATION"}),
    "SPEC-RELATION": (IDENTIFIABLE, {"VALUES", "TYPE", "SOURCE", "TARGET"}),
    "ATTRIBUTE-VALUE-STRING": ({"THE-VALUE"}, {"DEFINITION"}),
    "SPECIFICATIONS": (set(), {"SPECIFICATION"}),
    "SPECIFICATION": (IDENTIFIABLE, {"TYPE", "CHILDREN"}),
    "CHILDREN": (set(), {"SPEC-HIERARCHY"}),
    "SPEC-HIERARCHY": (IDENTIFIABLE, {"OBJECT"}),
    "VALUES": (set(), {"ATTRIBUTE-VALUE-STRING"}),
}
# What a reference of each name may stand for, and what holds it.
REFERENCES = {
    "DATATYPE-DEFINITION-STRING-REF": "DATATYPE-DEFINITION-STRING",
    "ATTRIBUTE-DEFINITION-STRING-REF": "ATTRIBUTE-DEFINITION-STRING",
    "SPEC-OBJECT-TYPE-REF": "SPEC-OBJECT-TYPE",
    "SPEC-RELATION-TYPE-REF": "SPEC-RELATION-TYPE",
    "SPECIFICATION-TYPE-REF": "SPECIFICATION-TYPE",
    "SPEC-OBJECT-REF": "SPEC-OBJECT",
}
HOLDERS = ("TYPE", "DEFINITION", "SOURCE", "TARGET", "OBJECT")


def _name(item: Tree.Element) -> str:
    return item.tag.removeprefix(Q)


def _problems(root: Tree.Element) -> Iterator[str]:
    """Yield what the schema of ReqIF 1.2 would not accept, as far as these rules know it."""
    owners = {item.attrib["IDENTIFIER"]: _name(item) for item in root.iter() if "IDENTIFIER" in item.attrib}
    if len(owners) != sum("IDENTIFIER" in item.attrib for item in root.iter()):
        yield "an IDENTIFIER stands twice"
    yield from (f"{key} is no xsd:ID" for key in owners if not re.fullmatch(r"[A-Za-z_][\w.-]*", key))
    for item in root.iter():
        name = _name(item)
        if name in RULES:
            attributes, children = RULES[name]
            yield from (f"{name} lacks {key}" for key in attributes - item.attrib.keys())
            extra = item.attrib.keys() - attributes - {"LONG-NAME"}
            yield from (f"{name} has {key}" for key in extra)
            found = {_name(child) for child in item}
            many = name.endswith(("S", "CHILDREN"))
            wrong = found - children if many else found ^ children
            yield from (f"{name}: {child}" for child in wrong)
        elif name in REFERENCES:
            if owners.get((item.text or "").strip()) != REFERENCES[name]:
                yield f"{name} to {item.text} leads nowhere"
        elif name in HOLDERS:
            if len(item) != 1 or _name(item[0]) not in REFERENCES:
                yield f"{name} holds no reference"
        elif name not in RULES["REQ-IF-HEADER"][1]:
            yield f"{name} is no element of ReqIF"
        when = item.attrib.get("LAST-CHANGE", "2000-01-01T00:00:00Z")
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", when):
            yield f"{when} is no xsd:dateTime"


def test_what_is_written_keeps_the_rules_of_the_standard(whole: RiskFile) -> None:
    """Required attributes and children, unique identifiers, declared types, references to the right kind."""
    root = Tree.fromstring(reqif.written(items_of(build(whole)), "toy").encode())
    assert list(_problems(root)) == []
    for value in root.iter(f"{Q}ATTRIBUTE-VALUE-STRING"):
        assert len(value.attrib["THE-VALUE"]) <= 1_000_000


def test_every_object_stands_in_the_specification_once(whole: RiskFile) -> None:
    """Requirements tools show only objects that a specification lists."""
    root = Tree.fromstring(reqif.written(items_of(build(whole)), "toy").encode())
    objects = [item.attrib["IDENTIFIER"] for item in root.iter(f"{Q}SPEC-OBJECT")]
    assert [
        item.findtext(f"{Q}OBJECT/{Q}SPEC-OBJECT-REF") for item in root.iter(f"{Q}SPEC-HIERARCHY")
    ] == objects


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('IDENTIFIER="item-1"', 'IDENTIFIER="item-0"', "stands twice"),
        ('IDENTIFIER="item-1"', 'IDENTIFIER="1"', "no xsd:ID"),
        (' MAX-LENGTH="1000000"', "", "lacks MAX-LENGTH"),
        (">text-type<", ">item-type<", "leads nowhere"),
    ],
)
def test_the_rules_find_what_is_wrong(whole: RiskFile, old: str, new: str, told: str) -> None:
    """The check itself can fail: a broken file breaks the rule that it is broken by."""
    text = reqif.written(items_of(build(whole)), "toy")
    assert old in text
    assert any(told in problem for problem in _problems(Tree.fromstring(text.replace(old, new, 1).encode())))


def test_a_file_in_the_style_of_another_tool_is_read_whole() -> None:
    """Prefixes, other identifiers, XHTML, kinds as enumerations or types, and extensions lose nothing."""
    items = reqif.read(FOREIGN, "foreign")
    assert items.nodes == (
        (CAUSE, "too high an amplitude is set"),
        (CONTROL, "the amplitude is limited by design"),
    )
    assert items.links == ((CONTROL, EdgeKind.STOPS, CAUSE),)


def test_what_has_no_place_in_a_risk_file_is_told() -> None:
    """An attribute of the tool's own is no loss in silence."""
    assert reqif.read(FOREIGN, "foreign").remarks == ("control bounded: Status is 'accepted'",)
    text = needs.written(Items(((CONTROL, "it is"),), ()), "toy").replace(
        '"links": []', '"links": [], "status": "open", "docname": "x", "tags": [], "stops_back": ["y"]'
    )
    assert needs.read(text, "f").remarks == ("control bounded: status is 'open'",)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'LONG-NAME="Control"',
            'LONG-NAME="Heading"',
            "the object '_o1' is 'Heading', which is no kind of item",
        ),
        (
            'LONG-NAME="stops"',
            'LONG-NAME="satisfies"',
            "the relation '_r1' is 'satisfies', which is no kind of link",
        ),
        (">_a2<", ">_a4<", "the object '_o1' has no attribute id"),
        ("SPEC-OBJECT-REF>_o2<", "SPEC-OBJECT-REF>_o9<", "joins '_o9', which is no object here"),
        ('THE-VALUE="too_much"', "", "ATTRIBUTE-VALUE-STRING has no THE-VALUE"),
        ("</xhtml:p>", "", "mismatched tag"),
        ("20110401/reqif.xsd", "rif.xsd", "is no ReqIF file"),
    ],
)
def test_what_cannot_be_read_says_why(old: str, new: str, told: str) -> None:
    """A foreign object, a foreign relation, or a broken file ends in a message that names it."""
    assert old in FOREIGN
    with pytest.raises(OperatorError, match=re.escape(told)):
        reqif.read(FOREIGN.replace(old, new), "foreign")


def test_each_difference_has_its_place_in_the_yaml(toy: Specification, risk: str) -> None:
    """A changed text is placed at that text, a link at the list that makes it, a new entry at its section."""
    risk_file = read_string(risk, toy)
    mine = items_of(build(risk_file))
    lines = risk.splitlines()
    texts = dict(mine.nodes) | {CONTROL: "the amplitude is limited", Node(NodeKind.CONTROL, "new"): "new"}
    cut = (CONTROL, EdgeKind.STOPS, CAUSE)
    other = Items(tuple(sorted(texts.items())), tuple(link for link in mine.links if link != cut))
    placed = {item.told: place_of(risk_file, item) for item in mine.differences(other)}
    assert len(placed) == 3
    changed = placed["~ control bounded: the amplitude is bounded -> the amplitude is limited"]
    assert "the amplitude is bounded" in lines[changed.line - 1]
    assert changed.path == "controls.bounded.control"
    assert placed["- control bounded stops cause too_much"].path == "controls.bounded.stops"
    assert "stops: [too_much]" in lines[placed["- control bounded stops cause too_much"].line - 1]
    assert placed["+ control new: new"].path == "controls"


def test_every_link_of_a_risk_file_has_a_place(whole: RiskFile) -> None:
    """No difference is without file and line, whatever kind of item or link it is about."""
    mine = items_of(build(whole))
    for item in mine.differences(Items((), ())):
        place = place_of(whole, item)
        assert place.file
        assert place.line >= 1
