from collections.abc import Callable
from fractions import Fraction

import pytest

from stimproof.specs.expressions import FALSE, TRUE, show
from stimproof.specs.findings import Code, Finding
from stimproof.specs.property.forms import Condition, Scope, Timing
from stimproof.specs.reader import read_string
from stimproof.specs.specification import (
    CanReach,
    FretRequirement,
    Invariant,
    Meaning,
    Reachable,
    Response,
    Unchanged,
)

LINE = '  P1: {sentence: "in OFF mode the ipg shall never satisfy output_on"}'


@pytest.fixture
def meaning(toy: str) -> Callable[[str], Meaning]:
    """Give the toy another first sentence and return its meaning."""

    def read(sentence: str) -> Invariant | Response | Reachable:
        assert toy.count(LINE) == 1
        return read_string(toy.replace(LINE, f'  P1: {{sentence: "{sentence}"}}')).properties["P1"].meaning

    return read


@pytest.fixture
def complaint(complaints: Callable[..., list[Finding]]) -> Callable[[str], Finding]:
    """Give the toy a bad first sentence and return the one finding."""

    def read(sentence: str) -> Finding:
        (finding,) = complaints((LINE, f'  P1: {{sentence: "{sentence}"}}'))
        assert finding.location.line == 78
        return finding

    return read


@pytest.mark.parametrize(
    ("sentence", "scope", "body"),
    [
        ("the ipg shall always satisfy output_on", "true", "output_on"),
        ("ipg shall always satisfy output_on", "true", "output_on"),
        ("the ipg shall never satisfy output_on", "true", "not output_on"),
        ("in OFF mode the ipg shall always satisfy output_on", "ipg == OFF", "output_on"),
        ("in OFF the ipg shall always satisfy output_on", "ipg == OFF", "output_on"),
        ("in ipg.OFF mode, the ipg shall always satisfy output_on", "ipg == OFF", "output_on"),
        ("whenever count == 3 the ipg shall immediately satisfy output_on", "count == 3", "output_on"),
        ("whenever count == 3, the ipg shall immediately satisfy output_on", "count == 3", "output_on"),
        ("not in ON mode the ipg shall never satisfy output_on", "not ipg == ON", "not output_on"),
        ("except in ON the ipg shall always satisfy output_on", "not ipg == ON", "output_on"),
        ("while count == 3 the ipg shall always satisfy output_on", "count == 3", "output_on"),
        ("only in ON mode shall the ipg eventually satisfy output_on", "not ipg == ON", "not output_on"),
        ("only in ON mode shall the ipg satisfy output_on", "not ipg == ON", "not output_on"),
        (
            "in ON mode whenever count == 3 the ipg shall immediately satisfy level == LOW or output_on",
            "ipg == ON and count == 3",
            "level == LOW or output_on",
        ),
    ],
)
def test_invariants(meaning: Callable[[str], Meaning], sentence: str, scope: str, body: str) -> None:
    """``always``, ``never`` and ``whenever`` speak of every reachable state of their scope."""
    found = meaning(sentence)
    assert isinstance(found, Invariant)
    assert (show(found.scope), show(found.body)) == (scope, body)


@pytest.mark.parametrize(
    ("sentence", "event", "condition", "within"),
    [
        (
            "upon stop the ipg shall within 100 ms satisfy output_on == false",
            "stop",
            "false",
            Fraction(1, 10),
        ),
        ("when stop, ipg shall within 2 min satisfy output_on == false", "stop", "false", Fraction(120)),
        ("if stop the ipg shall immediately satisfy output_on == false", "stop", "false", Fraction(0)),
        ("upon count == 3 the ipg shall immediately satisfy output_on", None, "count == 3", Fraction(0)),
        (
            "in ON mode upon count == 3 the ipg shall within 1 s satisfy output_on",
            None,
            "count == 3",
            Fraction(1),
        ),
    ],
)
def test_responses(
    meaning: Callable[[str], Meaning],
    sentence: str,
    event: str | None,
    condition: str,
    within: Fraction,
) -> None:
    """``upon`` waits for an event or for a condition to become true; the answer has a time limit."""
    found = meaning(sentence)
    assert isinstance(found, Response)
    assert (found.event, show(found.condition), found.within) == (event, condition, within)
    assert (found.condition == FALSE) == (event is not None)
    assert (found.scope == TRUE) == (not sentence.startswith("in"))


@pytest.mark.parametrize(
    "sentence",
    [
        "In OFF mode, the ipg shall never satisfy output_on.",
        "Whenever ipg == OFF, the ipg shall immediately satisfy not output_on.",
    ],
)
def test_a_sentence_may_look_like_one(meaning: Callable[[str], Meaning], sentence: str) -> None:
    """A capital at the beginning and a full stop at the end change nothing."""
    found = meaning(sentence)
    assert isinstance(found, Invariant)
    assert (show(found.scope), show(found.body)) == ("ipg == OFF", "not output_on")


@pytest.mark.parametrize(
    "sentence", ["mode ON is reachable", "mode ipg.ON is reachable", "Mode ON is reachable."]
)
def test_reachability(meaning: Callable[[str], Meaning], sentence: str) -> None:
    """``mode M is reachable`` names one mode of one machine."""
    assert meaning(sentence) == Reachable("ipg", "ON")


@pytest.mark.parametrize(
    ("sentence", "scope", "condition", "timing"),
    [
        ("the ipg shall satisfy output_on", Scope.GLOBAL, Condition.NONE, Timing.EVENTUALLY),
        ("the ipg shall immediately satisfy output_on", Scope.GLOBAL, Condition.NONE, Timing.IMMEDIATELY),
        (
            "before ON mode the ipg shall always satisfy output_on",
            Scope.BEFORE,
            Condition.NONE,
            Timing.ALWAYS,
        ),
        (
            "only after ON shall the ipg finally satisfy output_on",
            Scope.ONLY_AFTER,
            Condition.NONE,
            Timing.FINALLY,
        ),
        (
            "whenever output_on the ipg shall always satisfy output_on",
            Scope.GLOBAL,
            Condition.HOLDING,
            Timing.ALWAYS,
        ),
        ("upon stop the ipg shall always satisfy output_on", Scope.GLOBAL, Condition.TRIGGER, Timing.ALWAYS),
        (
            "after ON upon stop the ipg shall immediately satisfy output_on",
            Scope.AFTER,
            Condition.TRIGGER,
            Timing.IMMEDIATELY,
        ),
        (
            "in ON mode the ipg shall until count == 3 satisfy output_on",
            Scope.IN,
            Condition.NONE,
            Timing.UNTIL,
        ),
    ],
)
def test_every_other_form_is_a_requirement_of_fret(
    meaning: Callable[[str], Meaning], sentence: str, scope: Scope, condition: Condition, timing: Timing
) -> None:
    """What is neither an invariant nor a response keeps FRET's three choices."""
    found = meaning(sentence)
    assert isinstance(found, FretRequirement)
    assert (found.scope, found.condition, found.timing) == (scope, condition, timing)


@pytest.mark.parametrize(
    ("written", "duration", "in_steps"),
    [
        ("100 ms", Fraction(1, 10), False),
        ("2 min", Fraction(120), False),
        ("3 ticks", Fraction(3), True),
        ("1 step", Fraction(1), True),
    ],
)
def test_a_duration_is_a_time_or_a_number_of_steps(
    meaning: Callable[[str], Meaning], written: str, duration: Fraction, in_steps: bool
) -> None:
    """A duration has a unit of time, or counts steps of the device."""
    found = meaning(f"the ipg shall for {written} satisfy output_on")
    assert isinstance(found, FretRequirement)
    assert (found.duration, found.in_steps) == (duration, in_steps)


def test_several_conditions_are_joined(meaning: Callable[[str], Meaning]) -> None:
    """``when p and unless q or if r`` is joined from the left; ``unless`` and ``is false`` negate."""
    found = meaning(
        "when output_on, and unless count == 3 or if level == LOW is false "
        "the ipg shall always satisfy output_on"
    )
    assert isinstance(found, FretRequirement)
    assert show(found.trigger) == "output_on and not count == 3 or not level == LOW"


def test_a_requirement_that_reaches_from_then_on_is_noted(toy: str) -> None:
    """``whenever … always`` says more than a newcomer may think, so it is noted; ``immediately`` is not."""
    for timing, noted in (("always", True), ("never", True), ("immediately", False)):
        text = toy.replace(
            LINE, f'  P1: {{sentence: "whenever output_on the ipg shall {timing} satisfy count == 0"}}'
        )
        codes = [finding.code for finding in read_string(text).findings]
        assert (Code.FROM_THEN_ON in codes) == noted


def test_what_can_always_be_reached(meaning: Callable[[str], Meaning]) -> None:
    """``from … one can always reach …`` names modes or conditions, and the events that may be used."""
    found = meaning("from ON mode one can always reach count == 0 using stop, tick")
    assert isinstance(found, CanReach)
    assert (show(found.source), show(found.target), found.using) == (
        "ipg == ON",
        "count == 0",
        ("stop", "tick"),
    )
    found = meaning("from anywhere one can always reach OFF.")
    assert isinstance(found, CanReach)
    assert (found.source, show(found.target), found.using) == (TRUE, "ipg == OFF", None)


def test_what_an_event_leaves_unchanged(meaning: Callable[[str], Meaning]) -> None:
    """``EVENT shall leave V, W unchanged`` names an event and variables."""
    assert meaning("stop shall leave count, level unchanged") == Unchanged("stop", ("count", "level"))


@pytest.mark.parametrize(
    ("sentence", "code", "words"),
    [
        ("the ipg shall always satisfy persisted(2, output_on)", Code.UNSUPPORTED, "speaks of one state"),
        (
            "the ipg shall satisfy at the next occurrence of output_on, count == 3",
            Code.UNSUPPORTED,
            "speaks of one state",
        ),
        ("the ipg shall until stop satisfy output_on", Code.UNSUPPORTED, "'stop' is an event"),
        ("whenever stop the ipg shall immediately satisfy output_on", Code.UNSUPPORTED, "'stop' is an event"),
        ("the ipg shall eventually satisfy t > 3 s", Code.UNSUPPORTED, "the clock 't'"),
        ("the ipg shall for 5 mA satisfy output_on", Code.WRONG_UNIT, "not a positive duration"),
        ("stop shall leave t, colour unchanged", Code.UNKNOWN_NAME, "no variable is called 'colour'"),
        ("halt shall leave t unchanged", Code.UNKNOWN_NAME, "no event is called 'halt'"),
        ("from ON one can always reach OFF using halt", Code.UNKNOWN_NAME, "no event is called 'halt'"),
        ("from MRI one can always reach OFF", Code.UNKNOWN_NAME, "no machine has a mode 'MRI'"),
        ("the device shall always satisfy output_on", Code.UNKNOWN_NAME, "the component is called 'ipg'"),
        (
            "in MRI mode the ipg shall always satisfy output_on",
            Code.UNKNOWN_NAME,
            "no machine has a mode 'MRI'",
        ),
        ("in ipg.MRI mode the ipg shall always satisfy output_on", Code.UNKNOWN_NAME, "no mode 'ipg.MRI'"),
        ("mode MRI is reachable", Code.UNKNOWN_NAME, "no machine has a mode 'MRI'"),
        ("the ipg shall always satisfy temperature < 40 degC", Code.UNSUPPORTED, "'temperature' is an input"),
        ("the ipg shall always satisfy stop", Code.UNSUPPORTED, "'stop' is an event"),
        ("upon stop the ipg shall within 5 mA satisfy output_on", Code.WRONG_UNIT, "not a positive duration"),
        ("upon stop the ipg shall within 0 s satisfy output_on", Code.WRONG_UNIT, "not a positive duration"),
        ("upon t > 3 s the ipg shall within 1 s satisfy output_on", Code.UNSUPPORTED, "the clock 't'"),
        ("upon stop the ipg shall within 1 s satisfy t == 0 s", Code.UNSUPPORTED, "the clock 't'"),
        ("the ipg shall always satisfy count", Code.TYPE, "a truth value is needed here"),
        ("the ipg shall always satisfy amplitude > 3 mA", Code.UNKNOWN_NAME, "'amplitude' is a parameter"),
        ("the ipg must always satisfy output_on", Code.SYNTAX, "'must' cannot stand here"),
        ("the ipg shall always", Code.SYNTAX, "the end of the text cannot stand here"),
    ],
)
def test_sentences_without_a_meaning_are_refused(
    complaint: Callable[[str], Finding], sentence: str, code: Code, words: str
) -> None:
    """A sentence whose meaning this version does not define is refused, never guessed."""
    finding = complaint(sentence)
    assert finding.code is code
    assert words in finding.message
    assert finding.location.path == "properties.P1.sentence"


def test_a_wrong_word_is_placed_to_the_column(complaint: Callable[[str], Finding]) -> None:
    """A mistake inside a quoted sentence has its own column in the file."""
    assert complaint("the ipg shall always satisfy cuont == 3").location.column == 19 + len(
        "the ipg shall always satisfy "
    )


def test_two_machines_with_the_same_mode_must_be_told_apart(toy: str) -> None:
    """A mode that two machines have is written with its machine."""
    machine = "  lamp:\n    initial: OFF\n    modes: {OFF: {}}\n"
    text = toy.replace("properties:\n", f"{machine}properties:\n").replace("in OFF mode", "in lamp.OFF mode")
    found = read_string(text).properties["P1"].meaning
    assert isinstance(found, Invariant)
    assert show(found.scope) == "lamp == OFF"
