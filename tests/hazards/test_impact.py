"""What a change touches, against reachability computed in another way; and reviews that go stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimproof.hazards import impact
from stimproof.hazards.graph import build
from stimproof.hazards.judgements import Review
from stimproof.hazards.nodes import EdgeKind, Graph, Node, NodeKind
from stimproof.hazards.reader import read_string
from stimproof.hazards.reviews import judge, listed, prints
from stimproof.hazards.spreading import reached, spreading
from stimproof.specs.errors import OperatorError
from stimproof.specs.reader import read_string as read_specification
from stimproof.specs.reading import read_text

if TYPE_CHECKING:
    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.specification import Specification

HANGING = {EdgeKind.COVERED, EdgeKind.ANSWERS, EdgeKind.REVIEWED, EdgeKind.CONCERNS}
PLACES = st.builds(
    Node, st.sampled_from([NodeKind.HAZARD, NodeKind.SITUATION, NodeKind.CLAUSE]), st.sampled_from("abc")
)


def _touched(edges: list[tuple[Node, EdgeKind, Node]], starts: set[Node]) -> set[Node]:
    """Return what a change touches by its definition: rules applied until nothing is new.

    ``forward`` is what passes a change on. A hazard that is only reached passes it to what hangs on it.
    """
    forward, hit = set(starts), {start for start in starts if start.kind is NodeKind.HAZARD}
    while True:
        new = {end for start, _, end in edges if start in forward and start.kind is not NodeKind.HAZARD}
        new |= {end for start, _, end in edges if start in starts and start.kind is NodeKind.HAZARD}
        hit_now = hit | {start for start, kind, end in edges if kind is EdgeKind.EXPOSES and end in forward}
        new |= {end for start, kind, end in edges if start in hit_now and kind in HANGING}
        # A hazard at the end of another kind of edge is touched itself, with all that it leads to.
        new |= {end for start, _, end in edges if start in (new & forward) and start.kind is NodeKind.HAZARD}
        if new <= forward and hit_now == hit:
            return forward | hit
        forward, hit = forward | new, hit_now


EDGES = st.one_of(
    st.tuples(
        st.builds(Node, st.just(NodeKind.HAZARD), st.sampled_from("abc")),
        st.just(EdgeKind.EXPOSES),
        st.builds(Node, st.just(NodeKind.SITUATION), st.sampled_from("abc")),
    ),
    st.tuples(
        st.builds(Node, st.just(NodeKind.CONTROL), st.sampled_from("abc")),
        st.just(EdgeKind.STOPS),
        st.builds(Node, st.just(NodeKind.SITUATION), st.sampled_from("abc")),
    ),
    st.tuples(
        st.builds(Node, st.just(NodeKind.CONTROL), st.sampled_from("abc")),
        st.just(EdgeKind.RELIED),
        st.builds(Node, st.just(NodeKind.CONTROL), st.sampled_from("abc")),
    ),
    st.tuples(
        st.builds(
            Node,
            st.sampled_from([NodeKind.HAZARD, NodeKind.CONTROL, NodeKind.SITUATION]),
            st.sampled_from("abc"),
        ),
        st.sampled_from(sorted(HANGING)),
        st.builds(Node, st.just(NodeKind.CLAUSE), st.sampled_from("abc")),
    ),
    st.tuples(
        st.builds(Node, st.just(NodeKind.SITUATION), st.sampled_from("abc")),
        st.just(EdgeKind.LEADS),
        st.builds(Node, st.just(NodeKind.HARM), st.sampled_from("abc")),
    ),
)


@given(edges=st.lists(EDGES, min_size=1, max_size=14), number=st.integers(0, 100))
def test_the_impact_of_a_change_is_what_can_be_reached_from_it(
    edges: list[tuple[Node, EdgeKind, Node]], number: int
) -> None:
    """On any graph, impact equals the rules of spreading applied until nothing new is touched."""
    graph: Graph = nx.MultiDiGraph()
    graph.add_edges_from((start, end, kind) for start, kind, end in edges)
    start = sorted(graph)[number % len(graph)]
    assert reached(spreading(graph), [start]) == _touched(edges, {start})


@pytest.mark.parametrize(
    "name",
    ["limits.cap", "parameters.amplitude", "machines.ipg.modes.ON", "controls.bounded", "RT01", "strong"],
)
def test_the_impact_on_a_project_is_what_can_be_reached(whole: RiskFile, name: str) -> None:
    """On a project, impact equals reachability computed without the graph library."""
    found = impact.impact(whole, [name])
    plain = [(start, kind, end) for start, end, kind in build(whole).edges(keys=True)]
    assert set(found.touched) == _touched(plain, set(found.changed))


def test_a_number_touches_the_proofs_controls_and_hazards_that_rest_on_it(whole: RiskFile) -> None:
    """The amplitude bears on its limit, on the control that the limit shows, and on its hazard alone."""
    found = impact.impact(whole, ["parameters.amplitude"])
    assert "limits.cap" in found.of(NodeKind.OBLIGATION)
    assert found.of(NodeKind.CONTROL) == ("bounded",)
    assert found.of(NodeKind.HAZARD) == ("strong",)


def test_what_nobody_declared_has_no_impact(whole: RiskFile) -> None:
    """A misspelt name is told with what was perhaps meant."""
    with pytest.raises(OperatorError, match=r"did you mean .*limits\.cap"):
        impact.impact(whole, ["limits.kap"])


def test_two_versions_differ_where_their_texts_do(toy: Specification, risk: str, whole: RiskFile) -> None:
    """A changed number, an added control and a removed one are told, with what they touch."""
    changed = toy.documents[0].text.replace("amplitude <= 5 mA", "amplitude <= 4 mA")
    other = read_specification(changed, "specification.yaml")
    later = read_string(
        risk.replace("  stuck: {event", "  jammed: {event")
        .replace("[too_much, stuck]", "[too_much, jammed]")
        .replace("[stuck]", "[jammed]"),
        other,
    )
    found = impact.since(whole, later)
    assert set(found.changed) == {
        Node(NodeKind.ELEMENT, "limits.cap"),
        Node(NodeKind.OBLIGATION, "limits.cap"),
        Node(NodeKind.SITUATION, "shocked"),
        Node(NodeKind.CONTROL, "stop_works"),
    }
    assert found.added == (Node(NodeKind.CAUSE, "jammed"),)
    assert found.removed == (Node(NodeKind.CAUSE, "stuck"),)
    assert {"bounded", "stop_works"} <= set(found.of(NodeKind.CONTROL))
    assert impact.since(whole, whole).touched == ()


@pytest.fixture
def reviewed(whole: RiskFile) -> str:
    """The section of reviews of a control, a hazard and the whole, as they stand."""
    now = prints(whole)
    reviews = []
    for item in ("controls.bounded", "hazards.moved", "risk_file"):
        own = now.of(item)
        assert own is not None
        reviews.append(
            Review(
                item=item,
                by="A. B",
                role="safety",
                on="2026-01-01",
                meaning="agreed",
                fingerprint=own[0],
                context=own[1],
            )
        )
    return listed(reviews).split("stimproof: 1\n")[1]


def _states(text: str, specification: Specification) -> list[str]:
    return [item.state for item in judge(read_string(text, specification))]


def test_a_review_stands_until_its_item_changes(toy: Specification, risk: str, reviewed: str) -> None:
    """The same text: every review stands. Another text of the item: its review is stale, the others stand."""
    assert _states(risk + reviewed, toy)[:2] == ["current", "current"]
    changed = risk.replace("the amplitude is bounded", "the amplitude is limited")
    assert _states(changed + reviewed, toy)[:2] == ["stale", "current"]


def test_a_review_is_suspect_when_what_the_item_rests_on_changes(
    toy: Specification, risk: str, reviewed: str
) -> None:
    """A changed limit of the specification makes the review of the control that rests on it suspect."""
    other = read_specification(toy.documents[0].text.replace('<= 5 mA"', '<= 4 mA"'), "specification.yaml")
    assert _states(risk + reviewed, other)[:2] == ["suspect", "current"]


def test_the_review_of_a_hazard_covers_its_whole_trace(toy: Specification, risk: str, reviewed: str) -> None:
    """What a hazard leads to is part of what was reviewed: a changed situation makes its review suspect."""
    changed = risk.replace("the field reaches the wrong target", "the field reaches another target")
    assert _states(changed + reviewed, toy)[:2] == ["current", "suspect"]


def test_a_review_of_what_is_gone_is_stale(toy: Specification, risk: str, reviewed: str) -> None:
    """A review whose item nobody declares any more no longer stands, and says so."""
    gone = reviewed.replace("controls.bounded", "controls.removed")
    found = judge(read_string(risk + gone, toy))[0]
    assert (found.state, found.why) == ("stale", "there is no such item any more")


@given(
    texts=st.lists(
        st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(
            lambda text: bool(text.strip())
        ),
        min_size=3,
        max_size=3,
    )
)
def test_the_file_of_reviews_reads_back_whatever_it_says(texts: list[str]) -> None:
    """Names and meanings with any signs are written so that the reader gives them back."""
    by, role, meaning = texts
    print_ = "0" * 64
    review = Review(
        item="risk_file",
        by=by,
        role=role,
        on="2026-01-01",
        meaning=meaning,
        fingerprint=print_,
        context=print_,
    )
    data = read_text(listed([review]), "reviews.yaml").data
    assert [Review(**item) for item in data["reviews"]] == [review]
