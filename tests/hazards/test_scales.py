"""P1 and P2 give the probability of a harm, exactly."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from stimproof.hazards.ratings import Probability
from stimproof.hazards.scales import Chances, Interval, ProbabilityScale

LEVELS = ("never", "rare", "often")
RANGES = {
    "never": (Fraction(0), Fraction(1, 1000)),
    "rare": (Fraction(1, 1000), Fraction(1, 10)),
    "often": (Fraction(1, 10), Fraction(1)),
}
SCALE = ProbabilityScale(LEVELS, RANGES)
CHANCE = st.fractions(min_value=0, max_value=1, max_denominator=1000)


def _level(value: Fraction) -> str:
    """Return the level of one number, by the plain definition of the scale."""
    return next(name for name in reversed(LEVELS) if RANGES[name][0] <= value)


@settings(max_examples=40)
@given(bounds=st.lists(CHANCE, min_size=4, max_size=4), at=st.lists(CHANCE, min_size=2, max_size=2))
def test_the_product_of_any_two_values_lies_within(bounds: list[Fraction], at: list[Fraction]) -> None:
    """Whatever P1 and P2 are within their ranges, the harm's level is among those that are computed."""
    pairs = [sorted(bounds[:2]), sorted(bounds[2:])]
    ratings = [Probability(range=(low, high), confidence="judgement", note="drawn") for low, high in pairs]
    found = SCALE.combine(*(SCALE.chances(rating) for rating in ratings))
    one, two = (low + share * (high - low) for (low, high), share in zip(pairs, at, strict=True))
    assert found is not None
    assert found.bounds is not None
    assert found.bounds.low <= one * two <= found.bounds.high
    assert _level(one * two) in found.levels


def test_the_upper_end_of_a_level_belongs_to_the_next() -> None:
    """A rare event that always harms is a rare harm, and not one that may be frequent."""
    rare, sure = Chances(("rare",), Interval(*RANGES["rare"], open=True)), Interval(Fraction(1), Fraction(1))
    assert SCALE.combine(rare, Chances(("often",), sure)) == Chances(
        ("rare",), Interval(Fraction(1, 1000), Fraction(1, 10), open=True)
    )


def test_a_qualitative_scale_combines_by_its_table_alone() -> None:
    """Words do not multiply: without a declared table, nothing is known of the harm."""
    one, two = Chances(("rare",)), Chances(("often",))
    assert ProbabilityScale(LEVELS).combine(one, two) is None
    table = {(a, b): min(a, b, key=LEVELS.index) for a in LEVELS for b in LEVELS}
    scale = ProbabilityScale(LEVELS, table=table)
    assert scale.combine(one, two) == Chances(("rare",))
    assert scale.combine(one, None) is None
    assert list(scale.defects()) == []
    assert list(ProbabilityScale(LEVELS, table={**table, ("often", "often"): "never"}).defects())


@settings(max_examples=40)
@given(highs=st.lists(CHANCE, min_size=1, max_size=4))
def test_several_situations_are_at_least_as_probable_as_each(highs: list[Fraction]) -> None:
    """A harm that comes about in several ways is bounded by the sum of their probabilities, at most one."""
    found = SCALE.worst([Chances((_level(high),), Interval(Fraction(0), high)) for high in highs])
    assert found is not None
    assert found.bounds is not None
    assert found.bounds.high == min(sum(highs), 1)
    assert all(LEVELS.index(_level(high)) <= LEVELS.index(found.worst) for high in highs)
