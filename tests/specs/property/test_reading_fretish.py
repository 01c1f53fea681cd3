"""FRETish as NASA's FRET spells it."""

import re
from collections import ChainMap
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import pytest

from stimproof.specs.errors import OperatorError, SpecificationError
from stimproof.specs.property import holds, parse_requirement
from stimproof.specs.property.forms import Condition, Scope, Timing
from stimproof.specs.property.formulas import Constant, Name, Operation, Temporal
from stimproof.specs.property.requirement import FALSE, TRUE

P, Q, R = Name("p"), Name("q"), Name("r")


@pytest.mark.parametrize(
    ("words", "scope"),
    [
        ("in m mode", Scope.IN),
        ("In mode m,", Scope.IN),
        ("during m", Scope.IN),
        ("when in m mode", Scope.IN),
        ("if in m", Scope.IN),
        ("while m", Scope.IN),
        ("when not in m mode", Scope.NOT_IN),
        ("if not in m", Scope.NOT_IN),
        ("not in m mode", Scope.NOT_IN),
        ("unless in m mode", Scope.NOT_IN),
        ("except in m", Scope.NOT_IN),
        ("except during m,", Scope.NOT_IN),
        ("except while m", Scope.NOT_IN),
        ("except when in m", Scope.NOT_IN),
        ("only in m mode", Scope.ONLY_IN),
        ("only during m", Scope.ONLY_IN),
        ("only when in m", Scope.ONLY_IN),
        ("ONLY WHILE m", Scope.ONLY_IN),
        ("before m mode", Scope.BEFORE),
        ("before m", Scope.BEFORE),
        ("only before mode m", Scope.ONLY_BEFORE),
        ("after m", Scope.AFTER),
        ("only after m mode,", Scope.ONLY_AFTER),
    ],
)
@pytest.mark.parametrize("tail", ["the c shall satisfy r", "shall the c satisfy r.", "C shall satisfy r"])
def test_scopes(words: str, scope: Scope, tail: str) -> None:
    """Every spelling of a scope, with the component before or after ``shall``."""
    found = parse_requirement(f"{words} {tail}")
    assert (found.scope, found.mode, found.condition) == (scope, Name("m"), Condition.NONE)
    assert (found.timing, found.response) == (Timing.EVENTUALLY, R)


def test_a_scope_may_be_any_condition() -> None:
    """``while``, ``before`` and ``after`` take conditions, not only modes."""
    found = parse_requirement("before p & q = 3 the c shall satisfy r")
    assert found.mode == Operation("and", (P, Operation("==", (Q, Constant(3)))))


NOT_P = Operation("not", (P,))


@pytest.mark.parametrize(
    ("words", "condition", "trigger"),
    [
        ("upon p", Condition.TRIGGER, P),
        ("When p,", Condition.TRIGGER, P),
        ("where p", Condition.TRIGGER, P),
        ("if p is true,", Condition.TRIGGER, P),
        ("if p is false", Condition.TRIGGER, NOT_P),
        ("unless p", Condition.TRIGGER, NOT_P),
        ("unless p is false", Condition.TRIGGER, P),
        ("whenever p", Condition.HOLDING, P),
        ("and when p", Condition.TRIGGER, P),
        ("when p, if q", Condition.TRIGGER, Operation("and", (P, Q))),
        ("when p and whenever q", Condition.TRIGGER, Operation("and", (P, Q))),
        ("whenever p or whenever q", Condition.HOLDING, Operation("or", (P, Q))),
        (
            "when p or if q, and unless r",
            Condition.TRIGGER,
            Operation("and", (Operation("or", (P, Q)), Operation("not", (R,)))),
        ),
        ("when if p then q", Condition.TRIGGER, Operation("implies", (P, Q))),
    ],
)
def test_conditions(words: str, condition: Condition, trigger: Operation) -> None:
    """Every spelling of a condition, and several conditions joined from the left."""
    found = parse_requirement(f"in m mode {words} the c shall always satisfy r")
    assert (found.condition, found.trigger) == (condition, trigger)


@pytest.mark.parametrize(
    ("words", "timing", "steps"),
    [
        ("", Timing.EVENTUALLY, 0),
        ("eventually", Timing.EVENTUALLY, 0),
        ("immediately", Timing.IMMEDIATELY, 0),
        ("initially", Timing.IMMEDIATELY, 0),
        ("at the first timepoint", Timing.IMMEDIATELY, 0),
        ("at the same timepoint", Timing.IMMEDIATELY, 0),
        (", at the next timepoint,", Timing.NEXT, 0),
        ("finally", Timing.FINALLY, 0),
        ("at the last timepoint", Timing.FINALLY, 0),
        ("always", Timing.ALWAYS, 0),
        ("Never", Timing.NEVER, 0),
        (", within 3 seconds,", Timing.WITHIN, 3),
        ("within 3 ticks", Timing.WITHIN, 3),
        ("for 5 minutes", Timing.FOR, 5),
        ("for 2.0 microsecs", Timing.FOR, 2),
        ("after 1 hour", Timing.AFTER, 1),
        ("after 100 ms", Timing.AFTER, 100),
        ("within 4", Timing.WITHIN, 4),
    ],
)
def test_timings(words: str, timing: Timing, steps: int) -> None:
    """Every timing without a condition; a duration counts steps, whatever its unit."""
    found = parse_requirement(f"the c shall {words} satisfy r")
    assert (found.timing, found.duration, found.stop) == (timing, steps, FALSE)


@pytest.mark.parametrize(("word", "timing"), [("until", Timing.UNTIL), ("before", Timing.BEFORE)])
def test_timings_with_a_stop_condition(word: str, timing: Timing) -> None:
    """``until`` and ``before`` take a condition."""
    found = parse_requirement(f"the c shall, {word} p | q, satisfy r")
    assert (found.timing, found.stop, found.mode) == (timing, Operation("or", (P, Q)), TRUE)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!p & q | r", "((!p) & q) | r"),
        ("~p and q", "(not p) && q"),
        ("p || q xor r", "(p or q) xor r"),
        ("p -> q => r", "p implies (q implies r)"),
        ("p <-> q -> r", "p <=> (q => r)"),
        ("if p then q | r", "p => (q | r)"),
        ("! x = 3", "!(x = 3)"),
        ("x = 1 + 2 * 3 ^ 2", "x == (1 + (2 * (3 ^ 2)))"),
        ("x -1 < y", "(x - 1) < y"),
        ("x > -3.5e1", "x > (-35)"),
        ("7 mod 3 / 2 >= y", "((7 mod 3) / 2) >= y"),
        ("TRUE & False", "true & false"),
        ("at the previous occurrence of p, q", "prevOcc(p, q)"),
        ("at the next occurrence of p, q & r", "nextOcc(p, q & r)"),
        ("FTP", "preBool(true, false)"),
        ("absReal(x) > maxInt(y, 2)", "abs(x) > max(y, 2)"),
        ('"a name" & p', '"a name" & (p)'),
    ],
)
def test_expressions(written: str, meant: str) -> None:
    """FRET's operators, their other spellings, and which of them binds closer."""
    first, second = (parse_requirement(f"the c shall always satisfy {text}") for text in (written, meant))
    assert first.response == second.response


def test_names_are_fret_s() -> None:
    """A name may hold dots and per cent signs, or be quoted; a hyphen subtracts."""
    found = parse_requirement('the c shall always satisfy a.b%c & "two words" & x-y > 0')
    assert found.names == {"a.b%c", "two words", "x", "y"}


def test_temporal_operators_have_a_reach() -> None:
    """``persisted(n, p)`` reaches back n steps, ``occurs(m, n, p)`` ahead from m to n."""
    found = parse_requirement("the c shall always satisfy persisted(2, p) => occurs(1, 3, q)")
    assert found.response == Operation(
        "implies", (Temporal("persisted", (P,), 0, 2), Temporal("occurs", (Q,), 1, 3))
    )


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("the c must satisfy r", "'must' cannot stand here"),
        ("the c shall r", "'r' cannot stand here"),
        ("the c shall within 2.5 ticks satisfy r", "5/2 is no whole number"),
        ("the c shall within -2 ticks satisfy r", "'-' cannot stand here"),
        ("the c shall satisfy occurred(r)", "no function 'occurred' of 1 arguments"),
        ("the c shall satisfy persisted(n, r)", "must be a whole number"),
        ("the c shall satisfy occurred(3, 2, r)", "ends before it begins"),
        ("mode m is reachable", "about all runs"),
        ('"free form text"', "cannot stand here"),
        ("", "the end of the text cannot stand here"),
        ("the c with probability > 0.5 shall satisfy r", "'with' cannot stand here"),
    ],
)
def test_what_is_no_requirement_on_a_trace_is_refused(sentence: str, words: str) -> None:
    """A sentence that cannot be judged on a trace is one finding that says why."""
    with pytest.raises(SpecificationError) as caught:
        holds(sentence, [{"r": True}])
    (finding,) = caught.value.findings
    assert words in finding.message


@pytest.mark.parametrize(
    ("condition", "step", "words"),
    [
        ("r", {}, "step 0: the trace gives no value for 'r'"),
        ("r", {"r": 1}, "'r' is 1, and a truth value is needed"),
        ("!r", {"r": "yes"}, "'yes', and a truth value is needed"),
        ("r > 1", {"r": True}, "True is compared or computed with"),
        ("r > 1", {"r": float("nan")}, "nan is no number"),
        ("r > 1", {"r": Decimal("Infinity")}, "is no number"),
        ("r > 1", {"r": None}, "None is no value of a trace"),
        ("level(tank) > 1", {"r": 1}, "the trace gives no value for 'level(tank)'"),
        ("r = 1", {"r": "one"}, "'one' is compared with 1"),
        ("1 / r > 1", {"r": 0}, "division by zero"),
        ("r mod 2 = 1", {"r": Fraction(1, 2)}, "'mod' takes whole numbers"),
        ("2 ^ r > 1", {"r": 65}, "an exponent"),
        ("r + 1", {"r": 1}, "a truth value is needed"),
    ],
)
def test_a_trace_must_fit_the_requirement(condition: str, step: dict[str, object], words: str) -> None:
    """A name that is missing, or a value of the wrong type, is the caller's mistake and is named."""
    with pytest.raises(OperatorError, match=re.escape(words)):
        holds(f"the c shall always satisfy {condition}", [step])  # type: ignore[list-item]  # on purpose


@pytest.mark.parametrize("trace", [{"r": True}, "r", ["r"], [{"r": True}, None]])
def test_a_trace_is_one_mapping_for_each_step(trace: object) -> None:
    """A single mapping, text, or a step that is no mapping is named as the caller's mistake."""
    with pytest.raises(OperatorError, match="mapping from names to values"):
        holds("the c shall always satisfy r", trace)  # type: ignore[arg-type]  # on purpose


def test_any_sequence_of_mappings_is_a_trace() -> None:
    """A tuple of read-only mappings is judged as a list of dictionaries is."""
    trace = (MappingProxyType({"r": True}), ChainMap({"r": False}))
    assert holds("the c shall immediately satisfy r", trace)
    assert not holds("the c shall always satisfy r", trace)


@pytest.mark.parametrize("tenth", [Fraction(1, 10), 0.1, Decimal("0.1")])
def test_a_number_of_a_trace_is_what_it_is_written_as(tenth: Fraction) -> None:
    """A float and a decimal number equal the number of a sentence that is written alike."""
    assert holds("the c shall always satisfy x = 0.1 & 3 * x = 0.3 & x < 1 & -x > -0.2", [{"x": tenth}])


def test_a_function_that_nothing_is_known_about_is_a_value_of_the_trace() -> None:
    """Such a function stands, with its arguments, for a name; it may be a truth value or a number."""
    sentence = "upon near( pump,wall ) the c shall immediately satisfy 2 * level(tank_1) > gain(step(2), x)"
    found = parse_requirement(sentence)
    assert found.names == {"near(pump, wall)", "level(tank_1)", "gain(step(2), x)"}
    step = {"near(pump, wall)": True, "level(tank_1)": Fraction(3, 2), "gain(step(2), x)": 2}
    assert holds(found, [step])
    assert not holds(found, [step | {"level(tank_1)": 1}])


@pytest.mark.parametrize(
    ("word", "name"), [("in", "in.x"), ("not", "not.ok"), ("if", "if.a.b"), ("the", "the%2")]
)
def test_a_word_before_a_dot_is_part_of_a_name(word: str, name: str) -> None:
    """A name may begin with a word of the language, which ends at no dot and no per cent sign."""
    found = parse_requirement(f"when {name} > 3 the c shall satisfy {name} > 4")
    assert found.names == {name}, word
    assert found.condition is Condition.TRIGGER


@pytest.mark.parametrize("component", ["c", "c_2", "a.b%1", "pns-sprint", "vivo-2", '"two words"'])
@pytest.mark.parametrize("the", ["", "the ", "The "])
def test_a_component_may_have_any_name(component: str, the: str) -> None:
    """A name may hold dots, per cent signs and hyphens, or be quoted; with and without an article."""
    found = parse_requirement(f"{the}{component} shall within 2 ticks satisfy x-y > 0")
    assert (found.component, found.names) == (component, {"x", "y"})


def test_values_are_exact_and_may_be_words() -> None:
    """Fractions are compared exactly; a name that the trace lacks is a word beside a name that is text."""
    third = [{"x": Fraction(1, 3), "state": "RUN"}]
    assert holds("the c shall always satisfy 3 * x = 1 & state = RUN & state != STOP", third)
    assert holds("the c shall always satisfy x ^ 2 = 1 / 9 & minReal(x, 1) = x & -x < 0", third)
