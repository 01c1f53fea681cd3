"""SMT-LIB text: what is written is read back, and what is not ours is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimproof.specs.expressions import (
    BOOLEAN,
    INTEGER,
    PLAIN,
    Apply,
    Enumeration,
    Expression,
    Literal,
    Op,
    Real,
    Reference,
)
from stimproof.verify import recheck, smtlib
from stimproof.verify.interpreter import evaluate

KIND = Enumeration("colour", ("red", "green", "blue"))
NAMES = {"b": BOOLEAN, "n": INTEGER, "x": PLAIN, "c": KIND}
AS_READ = {**NAMES, "c": INTEGER}
_fractions = st.fractions(min_value=-9, max_value=9, max_denominator=7)


def numbers(kind: object, depth: int) -> st.SearchStrategy[Expression]:
    """Return terms of a numeric type."""
    leaf: st.SearchStrategy[Expression] = (
        st.integers(-9, 9).map(lambda value: Literal(value, INTEGER)) | st.just(Reference("n", INTEGER))
        if kind == INTEGER
        else _fractions.map(lambda value: Literal(value, PLAIN)) | st.just(Reference("x", PLAIN))
    )
    if depth == 0:
        return leaf
    below = numbers(kind, depth - 1)
    terms = leaf | st.builds(
        lambda op, a, b: Apply(op, (a, b), a.type), st.sampled_from((Op.ADD, Op.SUB, Op.MUL)), below, below
    )
    terms |= below.map(lambda a: Apply(Op.NEG, (a,), a.type))
    terms |= st.builds(lambda c, a, b: Apply(Op.ITE, (c, a, b), a.type), conditions(depth - 1), below, below)
    if kind == INTEGER:
        positive = st.integers(1, 5).map(lambda value: Literal(value, INTEGER))
        return terms | st.builds(lambda a, b: Apply(Op.MOD, (a, b), INTEGER), below, positive)
    whole = numbers(INTEGER, depth - 1).map(lambda a: Apply(Op.TO_REAL, (a,), PLAIN))
    divisor = _fractions.filter(bool).map(lambda value: Literal(value, PLAIN))
    return terms | whole | st.builds(lambda a, b: Apply(Op.DIV, (a, b), PLAIN), below, divisor)


def conditions(depth: int) -> st.SearchStrategy[Expression]:
    """Return conditions."""
    leaf = st.sampled_from((Literal(True, BOOLEAN), Literal(False, BOOLEAN), Reference("b", BOOLEAN)))
    colours = st.sampled_from(KIND.members).map(lambda member: Literal(member, KIND))
    leaf |= colours.map(lambda member: Apply(Op.EQ, (Reference("c", KIND), member), BOOLEAN))
    if depth == 0:
        return leaf
    below, orders = conditions(depth - 1), st.sampled_from((Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE))
    pairs = st.one_of(
        *(st.tuples(numbers(kind, depth - 1), numbers(kind, depth - 1)) for kind in (INTEGER, PLAIN))
    )
    terms = leaf | st.builds(lambda op, pair: Apply(op, pair, BOOLEAN), orders, pairs)
    joined = st.sampled_from((Op.AND, Op.OR))
    terms |= st.builds(
        lambda op, parts: Apply(op, tuple(parts), BOOLEAN), joined, st.lists(below, min_size=2, max_size=3)
    )
    terms |= st.builds(lambda a, b: Apply(Op.IMPLIES, (a, b), BOOLEAN), below, below)
    return terms | below.map(lambda a: Apply(Op.NOT, (a,), BOOLEAN))


values = st.fixed_dictionaries(
    {"b": st.booleans(), "n": st.integers(-5, 5), "x": _fractions, "c": st.sampled_from(KIND.members)}
)


@given(conditions(3))
def test_what_is_written_is_read_back_and_written_the_same(term: Expression) -> None:
    """Writing, reading and writing again gives the same text."""
    text = smtlib.write(term)
    assert smtlib.write(smtlib.read_term(text, AS_READ)) == text


@given(conditions(3), values)
def test_what_is_read_back_means_the_same(term: Expression, state: dict[str, object]) -> None:
    """A term that was written and read back has the same value; enumerations have become their codes."""
    read = smtlib.read_term(smtlib.write(term), AS_READ)
    codes = {**state, "c": KIND.members.index(str(state["c"]))}
    assert evaluate(read, codes) == evaluate(term, state)  # type: ignore[arg-type]


@given(conditions(2), values)
def test_the_second_solver_reads_the_text_as_the_interpreter_reads_the_term(
    term: Expression, state: dict[str, object]
) -> None:
    """At a point, cvc5 finds the opposite of what the interpreter computes unsatisfiable."""
    lines = ["(set-logic ALL)"]
    for name, kind in NAMES.items():
        lines.append(f"(declare-const {name} {smtlib.sort(kind)})")
        value = Literal(state[name], kind)  # type: ignore[arg-type]
        lines.append(f"(assert (= {name} {smtlib.write(value)}))")
    expected = bool(evaluate(term, state))  # type: ignore[arg-type]
    text = smtlib.write(term)
    lines.append(f"(assert {f'(not {text})' if expected else text})")
    assert recheck.run("\n".join([*lines, "(check-sat)"])).confirmed


@given(st.fractions())
def test_a_rational_is_written_exactly(value: Fraction) -> None:
    """A rational constant is a quotient of two whole numbers and loses nothing."""
    read = smtlib.read_term(smtlib.rational(value), {})
    assert evaluate(read, {}) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(and true",
        "true)",
        "true false",
        "(forall ((x Int)) true)",
        "unknown",
        "()",
        "(true)",
        "((and) true)",
        "1e3",
        "|n|",
        "#b1",
    ],
)
def test_what_is_not_a_term_of_certificates_is_refused(text: str) -> None:
    """An auditor's reader takes nothing but one closed term over declared names."""
    with pytest.raises(smtlib.MalformedScriptError):
        smtlib.read_term(text, AS_READ)


@pytest.mark.parametrize("text", ["a b", "", "1a", "a|b", "a(b", "a;b", "ä", "a\nb"])
def test_a_name_that_would_need_quoting_is_refused(text: str) -> None:
    """Symbols are simple symbols, so that no name can break out of its place."""
    with pytest.raises(smtlib.MalformedScriptError):
        smtlib.symbol(text)


def test_comments_are_not_terms() -> None:
    """A comment runs to the end of its line and is skipped."""
    text = "; a note (not a term)\n(and b ; inside\n true)"
    assert smtlib.write(smtlib.read_term(text, AS_READ)) == "(and b true)"


def test_every_sort_has_one_name() -> None:
    """Truth values are Bool, enumerations and whole numbers Int, everything else Real."""
    assert [smtlib.sort(kind) for kind in (BOOLEAN, KIND, INTEGER, Real())] == ["Bool", "Int", "Int", "Real"]
