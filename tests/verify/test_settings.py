"""Interval arithmetic: an interval contains every value that its inputs allow."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stimproof.specs.expressions import BOOLEAN, INTEGER, PLAIN, Apply, Expression, Literal, Op, Reference
from stimproof.verify.interpreter import evaluate
from stimproof.verify.settings import Interval, number, truth

F = Fraction
_fractions = st.fractions(min_value=-9, max_value=9, max_denominator=7)
X, Y = Reference("x", PLAIN), Reference("y", PLAIN)


def terms(depth: int) -> st.SearchStrategy[Expression]:
    """Return numeric terms over x and y."""
    leaf: st.SearchStrategy[Expression] = st.sampled_from((X, Y)) | _fractions.map(
        lambda v: Literal(v, PLAIN)
    )
    if depth == 0:
        return leaf
    below = terms(depth - 1)
    operators = st.sampled_from((Op.ADD, Op.SUB, Op.MUL, Op.DIV))
    result = leaf | st.builds(lambda op, a, b: Apply(op, (a, b), PLAIN), operators, below, below)
    result |= below.map(lambda a: Apply(Op.NEG, (a,), PLAIN))
    return result | st.builds(
        lambda c, a, b: Apply(Op.ITE, (c, a, b), PLAIN), conditions(depth - 1), below, below
    )


def conditions(depth: int) -> st.SearchStrategy[Expression]:
    """Return conditions over x and y."""
    orders = st.sampled_from((Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE))
    leaf = st.builds(
        lambda op, a, b: Apply(op, (a, b), BOOLEAN),
        orders,
        terms(max(depth - 1, 0)),
        terms(max(depth - 1, 0)),
    )
    if depth == 0:
        return leaf
    below = conditions(depth - 1)
    joined = st.sampled_from((Op.AND, Op.OR, Op.IMPLIES, Op.EQ, Op.NE))
    return (
        leaf
        | st.builds(lambda op, a, b: Apply(op, (a, b), BOOLEAN), joined, below, below)
        | below.map(lambda a: Apply(Op.NOT, (a,), BOOLEAN))
    )


@st.composite
def places(draw: st.DrawFn) -> tuple[dict[str, Interval], dict[str, Fraction]]:
    """Return intervals for x and y, and a point within them."""
    box, point = {}, {}
    for name in ("x", "y"):
        low, middle, high = sorted((draw(_fractions), draw(_fractions), draw(_fractions)))
        box[name], point[name] = (low, high), middle
    return box, point


@given(terms(3), places())
def test_an_interval_contains_the_value_at_every_point(
    term: Expression, place: tuple[dict[str, Interval], dict[str, Fraction]]
) -> None:
    """Whatever the values within the enclosures, the result lies within the computed interval."""
    box, point = place
    try:
        low, high = number(term, box)
        value = evaluate(term, point)
    except ZeroDivisionError:
        assume(False)
        return
    assert low <= value <= high


@given(conditions(2), places())
def test_a_decided_condition_holds_or_fails_at_every_point(
    term: Expression, place: tuple[dict[str, Interval], dict[str, Fraction]]
) -> None:
    """True means everywhere, false means nowhere; only what both can be is open."""
    box, point = place
    try:
        decided, value = truth(term, box), evaluate(term, point)
    except ZeroDivisionError:
        assume(False)
        return
    assert decided is None or decided == bool(value)


@given(conditions(2), st.fixed_dictionaries({"x": _fractions, "y": _fractions}))
def test_at_a_point_everything_is_decided(term: Expression, point: dict[str, Fraction]) -> None:
    """Where no constant is enclosed, evaluation is exact and never open."""
    try:
        value = evaluate(term, point)
        decided = truth(term, {name: (at, at) for name, at in point.items()})
    except ZeroDivisionError:
        assume(False)
        return
    assert decided == bool(value)


@pytest.mark.parametrize(
    ("op", "left", "right", "expected"),
    [
        (Op.LE, (F(0), F(1)), (F(1), F(2)), True),
        (Op.LT, (F(0), F(1)), (F(1), F(2)), None),
        (Op.LT, (F(0), F(1)), (F(2), F(2)), True),
        (Op.LE, (F(2), F(3)), (F(1), F(2)), None),
        (Op.LE, (F(3), F(3)), (F(1), F(2)), False),
        (Op.GE, (F(2), F(3)), (F(1), F(2)), True),
        (Op.GT, (F(2), F(3)), (F(1), F(2)), None),
        (Op.EQ, (F(1), F(1)), (F(1), F(1)), True),
        (Op.EQ, (F(1), F(2)), (F(1), F(2)), None),
        (Op.EQ, (F(1), F(2)), (F(3), F(4)), False),
        (Op.NE, (F(1), F(2)), (F(3), F(4)), True),
    ],
)
def test_comparisons_of_intervals(op: Op, left: Interval, right: Interval, expected: bool | None) -> None:
    """A comparison is decided exactly where all pairs of values agree; ends that touch decide at most."""
    assert truth(Apply(op, (X, Y), BOOLEAN), {"x": left, "y": right}) is expected


def test_a_divisor_that_may_be_zero_is_an_error() -> None:
    """No interval contains a quotient whose divisor may be zero."""
    with pytest.raises(ZeroDivisionError):
        number(Apply(Op.DIV, (X, Y), PLAIN), {"x": (F(1), F(1)), "y": (F(-1), F(1))})


@given(st.integers(-30, 30), st.integers(0, 30), st.integers(0, 30), st.integers(1, 9))
def test_a_remainder_is_enclosed(low: int, inside: int, above: int, divisor: int) -> None:
    """The remainder of every whole number of an interval lies in the interval of the remainder."""
    term = Apply(Op.MOD, (Reference("n", INTEGER), Literal(divisor, INTEGER)), INTEGER)
    box = {"n": (F(low), F(low + inside + above))}
    lowest, highest = number(term, box)
    assert lowest <= evaluate(term, {"n": low + inside}) <= highest
