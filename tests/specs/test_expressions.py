import pickle
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stimproof.specs.expressions import (
    BOOLEAN,
    FALSE,
    INTEGER,
    PLAIN,
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Literal,
    Op,
    Real,
    Reference,
    Type,
    conj,
    disj,
    equal,
    implies,
    ite,
    negate,
    references,
    show,
    substitute,
    walk,
)
from stimproof.specs.findings import Code, Location
from stimproof.specs.parsing import MAX_LENGTH, LanguageError, Text
from stimproof.specs.quantities import CHARGE, CURRENT, FREQUENCY, TEMPERATURE, TIME, quantity
from stimproof.specs.typing import ExcusedError, Scope, expression

MODE = Enumeration("mode", ("OFF", "ON"))
LEVEL = Enumeration("level", ("ON", "LOW", "HIGH"))
NAMES: dict[str, Type] = {
    "amplitude": Real(CURRENT),
    "amplitude.delivered": Real(CURRENT),
    "width": Real(TIME),
    "rate": Real(FREQUENCY),
    "temperature": Real(TEMPERATURE),
    "share": PLAIN,
    "count": INTEGER,
    "size": INTEGER,
    "on": BOOLEAN,
    "armed": BOOLEAN,
    "mode": MODE,
    "level": LEVEL,
}
SCOPE = Scope(NAMES, frozenset({"rate", "size", "width"}), {"delivered": ".delivered"}, frozenset({"broken"}))
HERE = Location("t.yaml", 10, 5)


def parsed(source: str, wanted: Type | None = BOOLEAN) -> Expression:
    """Return the typed tree of a text."""
    return expression(Text(source, HERE), SCOPE, wanted)


def refused(source: str, wanted: Type | None = BOOLEAN) -> tuple[Code, int, str]:
    """Return code, column and words of the finding that refuses a text."""
    with pytest.raises(LanguageError) as caught:
        parsed(source, wanted)
    finding = caught.value.finding
    return finding.code, finding.location.column - HERE.column + 1, f"{finding.message}\n{finding.advice}"


@pytest.mark.parametrize(
    ("loose", "tight"),
    [
        ("on or armed and on", "on or (armed and on)"),
        ("not on and armed", "(not on) and armed"),
        ("on implies armed implies on", "on implies (armed implies on)"),
        ("on or armed implies on", "(on or armed) implies on"),
        ("not count == 3", "not (count == 3)"),
        ("count + 2 * size == 7", "(count + (2 * size)) == 7"),
        ("count - size - 1 == 0", "((count - size) - 1) == 0"),
        ("amplitude / width / rate > 1 mA", "((amplitude / width) / rate) > 1 mA"),
        ("-count + 1 == 0", "((-count) + 1) == 0"),
        ("on => armed", "on implies armed"),
        ("on && armed || !on", "(on and armed) or (not on)"),
        ("count = 3", "count == 3"),
        ("2 * count mod 4 + 1 == 3", "(((2 * count) mod 4) + 1) == 3"),
        ("count - 1 mod 4 == 3", "(count - (1 mod 4)) == 3"),
        ("0 mA <= amplitude <= 5 mA", "(0 mA <= amplitude) and (amplitude <= 5 mA)"),
        ("0 < count < size <= 9", "0 < count and count < size and size <= 9"),
        ("max(count, 3) == 3", "ite(count >= 3, count, 3) == 3"),
        ("min(count, 3) == 3", "ite(count <= 3, count, 3) == 3"),
        ("abs(count) == 3", "ite(count >= 0, count, -count) == 3"),
    ],
)
def test_precedence_and_spellings(loose: str, tight: str) -> None:
    """Operators bind as in mathematics; every other spelling means one of the plain forms."""
    assert parsed(loose) == parsed(tight)


def test_subtraction_needs_spaces_because_names_may_have_hyphens() -> None:
    """``a-b`` is one name; whoever meant a difference is told how to write it."""
    assert refused("count-size > 1") == (
        Code.UNKNOWN_NAME,
        1,
        "'count-size' is one name\nto subtract, write count - size",
    )


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("amplitude * width", Real(CHARGE)),
        ("amplitude / rate", Real(CHARGE)),
        ("rate * width", PLAIN),
        ("2 * amplitude", Real(CURRENT)),
        ("count * size", INTEGER),
        ("count / size", PLAIN),
        ("count mod 4", INTEGER),
        ("share + 1", PLAIN),
        ("pi * amplitude", Real(CURRENT)),
        ("delivered(amplitude)", Real(CURRENT)),
        ("ite(on, HIGH, LOW)", LEVEL),
        ("on", BOOLEAN),
        ("3", INTEGER),
        ("3.0", PLAIN),
        ("5 %", PLAIN),
    ],
)
def test_types_follow_from_dimensions(source: str, kind: Type) -> None:
    """Products multiply dimensions, quotients divide them, whole numbers stay whole until divided."""
    assert parsed(source, None).type == kind


@pytest.mark.parametrize(
    ("source", "code", "column", "words"),
    [
        ("amplitude + width > 3 mA", Code.TYPE, 13, "a current and a time"),
        ("amplitude <= 30 uC", Code.TYPE, 14, "a current and a charge"),
        ("amplitude > 3", Code.TYPE, 13, "a current and a plain number"),
        ("on > armed", Code.TYPE, 1, "a number is needed here, not a truth value"),
        ("count and on", Code.TYPE, 1, "a condition is needed here, not a whole number"),
        ("amplitude", Code.TYPE, 1, "a truth value is needed here, and 'amplitude' is a current"),
        ("mode == HIGH", Code.TYPE, 9, "'HIGH' is not one of mode's values: OFF, ON"),
        ("mode == level", Code.TYPE, 9, "one of mode's values and one of level's values"),
        ("OFF == OFF", Code.TYPE, 1, "two constants"),
        ("mode == ite(on, ON, ON)", Code.TYPE, 17, "two constants"),
        ("mode + 1 == 2", Code.TYPE, 8, "do not fit"),
        ("ampliture > 3 mA", Code.UNKNOWN_NAME, 1, "did you mean amplitude?"),
        ("amplitude > 3 mAx", Code.WRONG_UNIT, 13, "'mAx' is not a unit of the language"),
        ("1 / count > 2", Code.TYPE, 5, "may be zero"),
        ("1 / (count - 3) > 2", Code.TYPE, 6, "may be zero"),
        ("count mod size == 2", Code.TYPE, 11, "must be a whole number above zero"),
        ("count mod 0 == 2", Code.TYPE, 11, "must be a whole number above zero"),
        ("amplitude mod 2 == 1", Code.TYPE, 1, "'mod' is about whole numbers, not a current"),
        ("temperature > 0", Code.TYPE, 15, "a temperature and a plain number"),
        ("temperature + 2 degC > 40 degC", Code.WRONG_UNIT, 15, "write differences of temperature in K"),
        ("2 * 20 degC > 40 degC", Code.WRONG_UNIT, 5, "cannot be added or multiplied"),
        ("delivered(count + 1) > 3", Code.TYPE, 1, "the name of one parameter"),
        ("sqrt(count) > 3", Code.UNKNOWN_NAME, 1, "there is no function 'sqrt' of 1 arguments"),
        ("count ==", Code.SYNTAX, 9, "the end of the text cannot stand here"),
        ("(count == 3", Code.SYNTAX, 12, "expected ')'"),
        ("count $ 3", Code.SYNTAX, 7, "'$' cannot stand here"),
        ("", Code.SYNTAX, 1, "the end of the text"),
        ("count == 3; count", Code.SYNTAX, 11, "';' cannot stand here"),
    ],
)
def test_what_does_not_fit_is_placed_to_the_column(source: str, code: Code, column: int, words: str) -> None:
    """A mistake in an expression is reported where it stands, with both sides' dimensions."""
    got_code, got_column, message = refused(source)
    assert (got_code, got_column) == (code, column)
    assert words in message


def test_ambiguous_members_are_settled_by_their_neighbour() -> None:
    """A value that two enumerations share takes the type of what it is compared with."""
    assert parsed("mode == ON") == equal(Reference("mode", MODE), Literal("ON", MODE))
    assert parsed("ON == level") == equal(Literal("ON", LEVEL), Reference("level", LEVEL))
    assert parsed("ON", LEVEL) == Literal("ON", LEVEL)
    assert refused("ON", None)[0] is Code.TYPE


def test_names_that_are_already_reported_are_not_reported_again() -> None:
    """An expression that mentions a faulty declaration is excused."""
    with pytest.raises(ExcusedError):
        parsed("broken > 3 mA")


def test_celsius_is_a_point_of_a_scale() -> None:
    """Temperatures compare as points; a negative one is below zero on its own scale."""
    (_, literal) = parsed("temperature > -5 degC").args  # type: ignore[union-attr]
    assert literal == Literal(quantity("268.15 K").si, Real(TEMPERATURE))


@pytest.mark.parametrize("source", ["(" * 400 + "on" + ")" * 400, "not " * 70 + "on"])
def test_parentheses_cost_nothing(source: str) -> None:
    """Redundant parentheses and moderate nesting are fine."""
    assert references(parsed(source)) == {"on"}


@pytest.mark.parametrize(
    "source",
    [
        "+".join(["count"] * 500) + " == 1",
        "not " * 500 + "on",
        "-" * 900 + "count == 1",
        "on and " * MAX_LENGTH,
    ],
)
def test_absurd_expressions_are_refused(source: str) -> None:
    """Nesting and length beyond any honest requirement are refused, not overflowed."""
    assert refused(source)[0] is Code.SYNTAX


def test_constructors_simplify() -> None:
    """The constructors drop what is neutral and keep the rest in order."""
    on, armed = Reference("on", BOOLEAN), Reference("armed", BOOLEAN)
    assert conj() == TRUE
    assert disj() == FALSE
    assert conj(on, TRUE, conj(armed, on)) == Apply(Op.AND, (on, armed), BOOLEAN)
    assert conj(on, FALSE) == FALSE
    assert disj(on, TRUE) == TRUE
    assert negate(negate(on)) == on
    assert implies(TRUE, on) == on
    assert implies(on, TRUE) == TRUE
    assert ite(on, armed, armed) == armed
    assert equal(Literal("ON", MODE), Literal("OFF", MODE)) == FALSE


def test_substitution_reaches_every_reference() -> None:
    """Substituting a name replaces it everywhere and leaves other terms as they are."""
    term = parsed("on and (armed or on)")
    changed = substitute(term, {"on": TRUE})
    assert references(changed) == {"armed"}
    assert substitute(term, {"elsewhere": TRUE}) is term
    assert len(list(walk(term))) == 5


# ---- what show() prints reads back as the same tree ------------------------------------------------

_NUMBERS = st.one_of(
    st.integers(0, 10**6).map(str),
    st.decimals(min_value=0, max_value=10**6, places=6).map(lambda number: f"{number:f}"),
    st.sampled_from(["1e-15", "2.50e3", "12345678901234567890.125", "0.0000000000000000001"]),
)
_QUANTITIES = {
    "amplitude": ["mA", "uA", "A"],
    "width": ["us", "ms", "min"],
    "rate": ["Hz", "kHz", "s^-1"],
    "temperature": ["K", "degC"],
    "share": ["%", ""],
}


def _amounts(name: str) -> st.SearchStrategy[str]:
    unit = st.sampled_from([spelling for spelling in _QUANTITIES[name] if spelling != "degC"])
    literal = st.builds(lambda number, spelling: f"{number} {spelling}".strip(), _NUMBERS, unit)
    if name == "share":
        literal = literal.map(lambda text: text if "%" in text or "." in text or "e" in text else text + ".0")
    base = literal | st.just(name)
    if name == "amplitude":
        base |= st.just("delivered(amplitude)")
    return st.recursive(
        base,
        lambda inner: st.one_of(
            st.builds("({} + {})".format, inner, inner),
            st.builds("({} - {})".format, inner, inner),
            st.builds("(-{})".format, inner),
            st.builds("({} * {})".format, inner, st.sampled_from(["2", "count", "pi", "0.5", "(count + 1)"])),
            st.builds("({} * {})".format, st.sampled_from(["3", "size", "(2 * pi)"]), inner),
            st.builds(
                "({} / {})".format, inner, st.sampled_from(["3", "size", "pi", "(2 * size)", "(-size)"])
            ),
            st.builds("min({}, {})".format, inner, inner),
            st.builds("abs({})".format, inner),
            st.builds("ite(on, {}, {})".format, inner, inner),
        ),
        max_leaves=5,
    )


_WHOLE = st.recursive(
    st.integers(0, 99).map(str) | st.sampled_from(["count", "size"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("(-{})".format, inner),
        st.builds("({} mod {})".format, inner, st.integers(1, 9)),
        st.builds("max({}, {})".format, inner, inner),
    ),
    max_leaves=5,
)
_COMPARE = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def _comparisons() -> st.SearchStrategy[str]:
    kinds = [st.tuples(_amounts(name), _amounts(name), _amounts(name)) for name in _QUANTITIES]
    kinds.append(st.tuples(_WHOLE, _WHOLE, _WHOLE))
    terms = st.one_of(kinds)
    return st.one_of(
        st.builds(lambda t, op: f"({t[0]} {op} {t[1]})", terms, _COMPARE),
        st.builds(lambda t, a, b: f"({t[0]} {a} {t[1]} {b} {t[2]})", terms, _COMPARE, _COMPARE),
        st.builds("(amplitude * width {} {} uC)".format, _COMPARE, _NUMBERS),
        st.builds(
            "(count {} {})".format, _COMPARE, st.sampled_from(["0.5", "3.0", "share", "50 %", "100 %"])
        ),
        st.builds("(temperature {} {} degC)".format, _COMPARE, st.sampled_from(["37", "-5", "0.25"])),
        st.builds("(mode {} {})".format, st.sampled_from(["==", "!="]), st.sampled_from(["ON", "OFF"])),
        st.builds("(level == ite(armed, {}, LOW))".format, st.sampled_from(["ON", "HIGH", "level"])),
        st.builds("(amplitude {} 0)".format, _COMPARE),
    )


_CONDITIONS = st.recursive(
    st.sampled_from(["on", "armed", "true", "false"]) | _comparisons(),
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} and {} and {})".format, inner, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("({} implies {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("({} == {})".format, inner, inner),
        st.builds("ite({}, {}, {})".format, inner, inner, inner),
    ),
    max_leaves=6,
)


@st.composite
def _any_condition(draw: st.DrawFn) -> str:
    """Draw a condition; the name keeps hypothesis from printing the whole strategy."""
    return draw(_CONDITIONS)


@given(_any_condition())
def test_what_show_prints_reads_back_as_the_same_tree(source: str) -> None:
    """For every expression of the language, reading what is shown gives the same typed tree."""
    term = parsed(source)
    assert parsed(show(term)) == term


@pytest.mark.slow
@given(_any_condition())
@settings(max_examples=5000)
def test_what_show_prints_reads_back_as_the_same_tree_at_length(source: str) -> None:
    """The same over many more expressions."""
    term = parsed(source)
    assert parsed(show(term)) == term


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("((amplitude * width) <= (0.5 uC))", "amplitude * width <= 0.5 uC"),
        ("((0 mA <= amplitude) and (amplitude <= 5 mA)) and on", "0 mA <= amplitude <= 5 mA and on"),
        ("(on implies (armed implies on))", "on implies armed implies on"),
        ("((on implies armed) implies on)", "(on implies armed) implies on"),
        ("not (mode == ON)", "not mode == ON"),
        ("count - (size - 1) == 0", "count - (size - 1) == 0"),
        ("2 * pi * rate > 0 Hz", "2 * pi * rate > 0 Hz"),
        ("count == 3.0", "count == 3.0"),
        ("amplitude > 0", "amplitude > 0 A"),
        ("count == 1.0e30", "count == 1.0e30"),
        ("count == 1e99", "count == 1e99"),
        ("count == -(-(-3.0))", "count == -3.0"),
        ("delivered(amplitude) <= 6 mA", "delivered(amplitude) <= 6 mA"),
    ],
)
def test_shown_expressions_are_as_plain_as_possible(source: str, shown: str) -> None:
    """What is shown has no parenthesis and no decimal point that reading it does not need."""
    assert show(parsed(source)) == shown


def test_terms_without_a_spelling_are_still_shown() -> None:
    """What only engines build is shown for people: rounded numbers are marked."""
    third = Literal(Fraction(1, 3), Real(CURRENT))
    assert (
        show(Apply(Op.LE, (Reference("amplitude", Real(CURRENT)), third), BOOLEAN))
        == "amplitude <= ≈0.333333 A"
    )
    counts = (Reference("count", INTEGER), Literal(1, INTEGER), Reference("size", INTEGER))
    assert show(Apply(Op.ADD, counts, INTEGER)) == "count + 1 + size"
    assert show(Apply(Op.EQ, counts, BOOLEAN)) == "count == 1 == size"
    assert show(Reference("fire.ipg.1", BOOLEAN)) == "fire.ipg.1"


@pytest.mark.parametrize("name", ["min", "max"])
def test_what_repeats_itself_too_often_is_refused(name: str) -> None:
    """Functions that repeat what stands in them cannot be nested until the term fills the memory."""
    code, _, words = refused(f"{name}(count, " * 40 + "count" + ")" * 40 + " > 3")
    assert code is Code.TOO_LARGE
    assert "nest fewer" in words
    assert parsed(f"{name}(count, " * 8 + "count" + ")" * 8 + " > 3")


def test_a_term_forgets_its_hash_when_it_goes_to_another_process() -> None:
    """Hashes of texts differ from process to process, so a term that arrives computes its own."""
    term = conj(Reference("on", BOOLEAN), negate(Reference("armed", BOOLEAN)))
    wanted = hash(term)
    object.__setattr__(term, "_hash", wanted + 1)
    arrived = pickle.loads(pickle.dumps(term))
    assert arrived == term
    assert hash(arrived) == wanted
