from collections.abc import Callable
from fractions import Fraction

import pytest

from stimproof.specs.expressions import TRUE, show
from stimproof.specs.findings import Code, Finding
from stimproof.specs.reader import read_string


def test_variables_have_their_types_and_first_values(toy: str) -> None:
    """Each kind of variable resolves to its type, range in SI units and first value."""
    found = read_string(toy).variables
    assert found["output_on"].initial is not None
    assert found["output_on"].initial.value is False
    assert (found["count"].low, found["count"].high, found["count"].overflow) == (0, 3, "wrap")
    assert found["t"].initial is not None
    assert (found["t"].kind, found["t"].initial.value) == ("clock", Fraction(0))
    assert found["level"].initial is not None
    assert found["level"].initial.value == "LOW"


def test_an_initial_value_may_be_any(toy: str) -> None:
    """``initial: any`` leaves the first value open."""
    assert read_string(toy.replace("initial: LOW", "initial: any")).variables["level"].initial is None


def test_inputs_keep_their_unit(toy: str) -> None:
    """An input's range is exact in kelvin and prints in the author's unit."""
    found = read_string(toy).inputs["temperature"]
    assert (found.low, found.high) == (Fraction("293.15"), Fraction("333.15"))
    assert found.unit is not None
    assert found.unit.show(Fraction("315.15")) == "42 degC"


def test_transitions_resolve(toy: str) -> None:
    """A transition knows its sources, target, guard, updates and priority; ``any`` means every mode."""
    start, _, tick, hot = read_string(toy).machines["ipg"].transitions
    assert (start.sources, start.target, start.event, start.guard) == (("OFF",), "ON", "start", TRUE)
    assert show(tick.guard) == "t == 5 s"
    assert [(name, show(term)) for name, term in tick.updates] == [("count", "count + 1"), ("level", "HIGH")]
    assert (hot.sources, hot.priority) == (("OFF", "ON"), 2)
    assert hot.title == "ipg T4: OFF, ON → OFF on hot"


def test_modes_resolve(toy: str) -> None:
    """A mode has entry actions and a condition under which time may pass in it."""
    modes = read_string(toy).machines["ipg"].modes
    assert show(modes["ON"].stay) == "t <= 5 s"
    assert modes["OFF"].stay == TRUE
    assert [(name, show(term)) for name, term in modes["ON"].entry] == [("output_on", "true"), ("t", "0 s")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("{type: boolean, initial: false}", "{type: boolean}", Code.MISSING_KEY),
        ("{type: boolean, initial: false}", "{type: boolean, initial: 3}", Code.TYPE),
        ("{type: boolean, initial: false}", "{type: boolean, initial: output_on}", Code.UNKNOWN_NAME),
        ("{type: boolean, initial: false}", '{type: boolean, initial: "not true"}', Code.WRONG_VALUE),
        ("{type: boolean, initial: false}", "{type: boolean, values: [A], initial: false}", Code.UNKNOWN_KEY),
        (
            "{type: boolean, initial: false}",
            "{type: boolean, overflow: wrap, initial: false}",
            Code.UNKNOWN_KEY,
        ),
        ("{type: boolean, initial: false}", "{type: boolian, initial: false}", Code.WRONG_VALUE),
        ("values: [LOW, HIGH], initial: LOW", "values: [LOW, HIGH], initial: MID", Code.UNKNOWN_NAME),
        ("values: [LOW, HIGH], initial: LOW", "values: [LOW, HIGH, LOW], initial: LOW", Code.DUPLICATE_NAME),
        ("values: [LOW, HIGH], initial: LOW", "initial: LOW", Code.MISSING_KEY),
        ("values: [LOW, HIGH], initial: LOW", "values: [LOW, HIGH, and], initial: LOW", Code.DUPLICATE_NAME),
        (
            "range: [0, 3], overflow: wrap, initial: 0",
            "range: [0, 3], overflow: wrap, initial: 4",
            Code.EMPTY_RANGE,
        ),
        (
            "range: [0, 3], overflow: wrap, initial: 0",
            "range: [0, 2.5], overflow: wrap, initial: 0",
            Code.WRONG_VALUE,
        ),
        (
            "range: [0, 3], overflow: wrap, initial: 0",
            "range: [3, 0], overflow: wrap, initial: 0",
            Code.EMPTY_RANGE,
        ),
        ("range: [0, 3], overflow: wrap, initial: 0", "overflow: wrap, initial: 0", Code.MISSING_KEY),
        ("range: [20 degC, 60 degC]", "range: [20 s, 60 degC]", Code.WRONG_UNIT),
        ("range: [20 degC, 60 degC]", "range: [0, 60 degC]", Code.WRONG_UNIT),
        ("    initial: OFF\n", "    initial: NO\n", Code.UNKNOWN_NAME),
        ("{from: OFF, to: ON, event: start}", "{from: [OFF, NO], to: ON, event: start}", Code.UNKNOWN_NAME),
        ("{from: OFF, to: ON, event: start}", "{from: [], to: ON, event: start}", Code.WRONG_VALUE),
        ("    initial: OFF\n", "    initial: []\n", Code.WRONG_VALUE),
        ('do: {count: "count + 1"', 'do: {cuont: "count + 1"', Code.UNKNOWN_NAME),
        ('do: {count: "count + 1"', 'do: {count: "t"', Code.TYPE),
        ('do: {count: "count + 1"', "do: {temperature: 40 degC", Code.UNKNOWN_NAME),
        ('stay: "t <= 5 s"', 'stay: "t <= 5 s or output_on"', Code.UNSUPPORTED),
        ('stay: "t <= 5 s"', 'stay: "temperature <= 50 degC"', Code.UNKNOWN_NAME),
        ("  hot: {}\n", "  hot: {}\n  implies: {}\n", Code.DUPLICATE_NAME),
        ("  hot: {}\n", "  hot: {kind: sometimes}\n", Code.WRONG_VALUE),
        ("  hot: {}\n", "  hot: {}\n  9lives: {}\n", Code.WRONG_VALUE),
    ],
)
def test_what_a_machine_cannot_be_made_of_is_refused(
    complaints: Callable[..., list[Finding]], old: str, new: str, code: Code
) -> None:
    """A faulty declaration, update, mode or transition is one finding of its kind."""
    assert [finding.code for finding in complaints((old, new))] == [code]
