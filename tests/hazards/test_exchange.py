"""Handing the risk file to other tools loses nothing, and hands nobody a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as Tree

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from stimproof.hazards.exchange import graphml, gsn, gsn_figure, needs, reqif, tables
from stimproof.hazards.exchange.items import Items, graph_of, items_of, same
from stimproof.hazards.graph import build, following
from stimproof.hazards.nodes import EdgeKind, Graph, Node, NodeKind
from stimproof.hazards.reader import read_string
from stimproof.hazards.report import TraceReport, TraceRow
from stimproof.hazards.trace import trace
from stimproof.specs.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.specification import Specification

FORMS = {"needs": needs, "reqif": reqif}
TEXTS = st.text(max_size=12)
NODES = st.builds(Node, st.sampled_from(NodeKind), TEXTS)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any typed graph, with any texts, and with several kinds of links between two nodes."""
    nodes = draw(st.dictionaries(NODES, TEXTS, min_size=1, max_size=6))
    ends = st.sampled_from(sorted(nodes))
    links = draw(st.lists(st.tuples(ends, st.sampled_from(EdgeKind), ends), max_size=8))
    graph: Graph = nx.MultiDiGraph()
    graph.add_nodes_from((node, {"label": text}) for node, text in nodes.items())
    graph.add_edges_from((start, end, kind) for start, kind, end in links)
    return graph


@pytest.mark.parametrize("form", FORMS)
@given(graph=graphs())
def test_what_is_read_back_is_an_equal_graph(form: str, graph: Graph) -> None:
    """Whatever the ids and texts hold, needs.json and ReqIF give the graph back."""
    text = FORMS[form].written(items_of(graph), "a project").encode("utf-8", "surrogatepass")
    again = FORMS[form].read(text.decode("utf-8", "surrogatepass"), "file")
    assert same(graph, graph_of(again))
    assert items_of(graph).differences(again) == ()


@pytest.mark.parametrize("form", FORMS)
def test_a_real_risk_file_comes_back_equal(form: str, whole: RiskFile) -> None:
    """The same for a risk file, and the same risk file gives the same bytes."""
    graph = build(whole)
    text = FORMS[form].written(items_of(graph), whole.device)
    assert text == FORMS[form].written(items_of(build(whole)), whole.device)
    assert nx.utils.graphs_equal(graph_of(FORMS[form].read(text, "file")), graph)


@pytest.mark.parametrize("form", FORMS)
def test_a_claim_that_verifies_and_shows_is_joined_twice(form: str, toy: Specification, risk: str) -> None:
    """One claim that verifies that a control is there and shows that it helps has both links everywhere."""
    given = '    effectiveness: {documents: [{ref: "why five milliamperes suffice"}]}\n'
    both = "    implementation: {obligations: [limits.cap]}\n    effectiveness: {obligations: [limits.cap]}\n"
    assert given in risk
    graph = build(read_string(risk.replace(given, both), toy))
    claim, control = Node(NodeKind.OBLIGATION, "limits.cap"), Node(NodeKind.CONTROL, "bounded")
    wanted = {EdgeKind.VERIFIES, EdgeKind.SHOWS}
    assert set(graph[claim][control]) == wanted
    assert "bounded" in following(graph, claim, EdgeKind.VERIFIES)
    assert "bounded" in following(graph, claim, EdgeKind.SHOWS)
    again = graph_of(FORMS[form].read(FORMS[form].written(items_of(graph), "toy"), "file"))
    assert set(again[claim][control]) == wanted
    fewer = Items(
        items_of(graph).nodes,
        tuple(link for link in items_of(graph).links if link != (claim, EdgeKind.SHOWS, control)),
    )
    assert [item.told for item in items_of(graph).differences(fewer)] == [
        "- obligation limits.cap shows the effect of control bounded"
    ]


def test_a_change_made_elsewhere_is_told(whole: RiskFile) -> None:
    """What another tool removed, added and reworded is listed, and nothing else."""
    items = items_of(build(whole))
    text = needs.written(items, "toy").replace("the amplitude is bounded", "the amplitude is limited")
    assert [item.told for item in items.differences(needs.read(text, "f"))] == [
        "~ control bounded: the amplitude is bounded -> the amplitude is limited"
    ]
    shorter = Items(items.nodes, tuple(link for link in items.links if link[1] is not EdgeKind.RAISES)[1:])
    assert [item.sign for item in items.differences(shorter)] == ["-"]
    assert [item.sign for item in shorter.differences(items)] == ["+"]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("needs", "{}"),
        ("needs", "[" * 100_000),
        ("needs", '{"current_version": "1", "versions": {"1": {"needs": {"a": {"id": "a", "title": ""}}}}}'),
        ("needs", '{"current_version": "1", "versions": {"1": {"needs": {"a": {"id": 3, "title": ""}}}}}'),
        (
            "needs",
            '{"current_version": "1", "versions": {"1": {"needs": '
            '{"a": {"id": "harm:a", "title": "", "stops": ["harm:b"]}}}}}',
        ),
        ("reqif", "<a/>"),
        ("reqif", "not XML"),
        ("reqif", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    ],
)
def test_what_is_no_risk_file_is_refused_with_a_message(form: str, text: str) -> None:
    """A broken, foreign or hostile file ends in a message that names it."""
    with pytest.raises(OperatorError, match="'its name'"):
        FORMS[form].read(text, "its name")


def _table(*texts: str) -> TraceReport:
    rows = tuple(TraceRow(text, text, text, causes=(text,)) for text in texts)
    return TraceReport(
        "toy", "", "", verified=False, rows=rows, controls=(), coverage=(), findings=(), counts=()
    )


@given(text=st.text(alphabet=st.sampled_from("=+-@\t\r\n\"',;a1(\0"), max_size=8))
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    """No cell begins with a sign that makes a spreadsheet program compute; the text stays readable."""
    table = list(csv.reader(io.StringIO(tables.as_csv(_table(text)), newline=""), strict=True))
    assert not [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert table[1][0].removeprefix("'") == text.removeprefix("'")


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    """Every cell of the workbook is text, also one that begins like a formula; equal input, equal bytes."""
    report = _table("=HYPERLINK(1)", "+1", "-1", "@x", "plain\0")
    made = tables.as_xlsx(report)
    assert made == tables.as_xlsx(report)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert set(re.findall(r"\d{4}-\d\d-\d\dT", parts.read("docProps/core.xml").decode())) == {
            "2000-01-01T"
        }
    sheet = load_workbook(io.BytesIO(made)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [
        "=HYPERLINK(1)",
        "+1",
        "-1",
        "@x",
        "plain\\u{0}",
    ]


def test_the_graph_is_written_for_other_programs(whole: RiskFile) -> None:
    """GraphML holds every node and every edge with its kind."""
    graph = build(whole)
    read = nx.parse_graphml(graphml.written(items_of(graph)), force_multigraph=True)
    nodes = {name: Node(NodeKind(data["kind"]), data["id"]) for name, data in read.nodes(data=True)}
    texts = tuple(sorted((nodes[name], data["text"]) for name, data in read.nodes(data=True)))
    links = tuple(
        sorted((nodes[start], EdgeKind(kind), nodes[end]) for start, end, kind in read.edges(data="kind"))
    )
    assert Items(texts, links) == items_of(graph)
    assert len({name for _, _, name in read.edges(keys=True)}) == len(links)


def test_the_argument_rests_every_control_on_its_proofs(
    toy: Specification, risk: str, verified: Callable[..., object]
) -> None:
    """Every hazard is a goal, every control a goal below it, every obligation a solution with its verdict."""
    risk_file = read_string(risk, toy)
    verification = verified()
    report = trace(risk_file, verification)  # type: ignore[arg-type]
    argument = gsn.Arguing(risk_file, build(risk_file), report).argument()
    elements = [item.element for item in argument.walk()]
    assert elements.count(gsn.Element.GOAL) == 1 + 2 + 2 + 2
    solutions = [item.text for item in argument.walk() if item.element is gsn.Element.SOLUTION]
    assert "limits.cap: proved" in solutions
    assumed = [item.text for item in argument.walk() if item.element is gsn.Element.ASSUMPTION]
    assert any("anchoring of the lead" in text for text in assumed)


def test_a_goal_that_nothing_supports_is_undeveloped(toy: Specification, risk: str) -> None:
    """The argument shows its gaps: a situation that no control stops is an undeveloped goal."""
    text = risk.replace("    stops: [too_much]", "    stops: [pull]").replace(
        "    stops: [stuck]", "    stops: [pull]"
    )
    risk_file = read_string(text, toy)
    argument = gsn.Arguing(risk_file, build(risk_file), trace(risk_file)).argument()
    assert [item.text for item in argument.walk() if item.undeveloped] == [
        "that stimulation too strong does not lead to: pain"
    ]


def test_the_argument_is_drawn_as_it_is_told(whole: RiskFile) -> None:
    """The figure has a node for each line of the outline, is XML, and is the same every time."""
    argument = gsn.Arguing(whole, build(whole), trace(whole)).argument()
    outline, figure = gsn.as_text(argument), gsn_figure.as_svg(argument)
    assert figure == gsn_figure.as_svg(argument)
    root = Tree.fromstring(figure)
    titles = [item.text for item in root.iter("{http://www.w3.org/2000/svg}title")]
    drawn = [title for title in titles if title and "->" not in title and title != "%3"]
    assert sorted(drawn) == sorted(re.findall(r"^\s*(\w+)", outline, re.MULTILINE))
