"""The number of independent barriers, against trying every combination of failures."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from stimproof.hazards.barriers import Foundations, least_cut
from stimproof.hazards.measures import Control

ELEMENTS = [f"limits.{name}" for name in "abcde"]
NAMES = ["one", "two", "three", "four"]


@st.composite
def controls(draw: st.DrawFn) -> dict[str, Control]:
    """Controls that share elements and rely on each other, also in circles."""
    return {
        name: Control(
            control=name,
            kind="inherent safety by design",
            stops=("cause",),
            elements=tuple(draw(st.lists(st.sampled_from(ELEMENTS), max_size=3, unique=True))),
            relies_on=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=1))),
        )
        for name in NAMES
    }


def _stands(name: str, given: dict[str, Control], failed: set[str], asked: frozenset[str]) -> bool:
    """Whether a control stands after failures: asked of each part anew, without any set of foundations."""
    if name in failed or any(item in failed for item in given[name].elements):
        return False
    needed = [other for other in given[name].relies_on if other not in asked]
    return all(_stands(other, given, failed, asked | {name}) for other in needed)


@settings(max_examples=40)
@given(given_=controls(), way=st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
def test_the_number_of_independent_barriers_is_that_of_trying_all_failures(
    given_: dict[str, Control], way: list[str]
) -> None:
    """No smaller set of failures brings all barriers of a way down, and the set that is named does."""
    found = least_cut(Foundations(given_).of(name) for name in way)
    everything = [*NAMES, *ELEMENTS]
    smallest = next(
        size
        for size in range(1, len(everything) + 1)
        for failed in combinations(everything, size)
        if not any(_stands(name, given_, set(failed), frozenset()) for name in way)
    )
    assert len(found) == smallest
    assert not any(_stands(name, given_, set(found), frozenset()) for name in way)


def test_what_lies_in_a_shared_part_is_shared() -> None:
    """A guard fails with its transition: two controls made of these are one barrier."""
    part, whole = (
        Control(
            control="c", kind="inherent safety by design", stops=("cause",), elements=(f"machines.m{end}",)
        )
        for end in (".transitions.T1.guard", ".transitions.T1")
    )
    found = Foundations({"part": part, "whole": whole})
    assert found.shared("part", "whole") == ("machines.m.transitions.T1",)
    assert len(least_cut([found.of("part"), found.of("whole")])) == 1
