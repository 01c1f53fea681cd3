from collections.abc import Callable
from fractions import Fraction

import pytest

from stimproof.specs.expressions import FALSE, TRUE, show
from stimproof.specs.findings import Code, Finding
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Invariant, Reachable, Response

LINE = '  P1: {sentence: "in OFF mode the ipg shall never satisfy output_on"}'


@pytest.fixture
def meaning(toy: str) -> Callable[[str], Invariant | Response | Reachable]:
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
        ("whenever count == 3 the ipg shall always satisfy output_on", "count == 3", "output_on"),
        ("whenever count == 3, the ipg shall immediately satisfy output_on", "count == 3", "output_on"),
        ("whenever output_on the ipg shall never satisfy count == 3", "output_on", "not count == 3"),
        (
            "in ON mode whenever count == 3 the ipg shall always satisfy level == LOW or output_on",
            "ipg == ON and count == 3",
            "level == LOW or output_on",
        ),
    ],
)
def test_invariants(
    meaning: Callable[[str], Invariant | Response | Reachable], sentence: str, scope: str, body: str
) -> None:
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
    meaning: Callable[[str], Invariant | Response | Reachable],
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
        "Whenever ipg == OFF the ipg shall never satisfy output_on.",
    ],
)
def test_a_sentence_may_look_like_one(
    meaning: Callable[[str], Invariant | Response | Reachable], sentence: str
) -> None:
    """A capital at the beginning and a full stop at the end change nothing."""
    found = meaning(sentence)
    assert isinstance(found, Invariant)
    assert (show(found.scope), show(found.body)) == ("ipg == OFF", "not output_on")


@pytest.mark.parametrize(
    "sentence", ["mode ON is reachable", "mode ipg.ON is reachable", "Mode ON is reachable."]
)
def test_reachability(meaning: Callable[[str], Invariant | Response | Reachable], sentence: str) -> None:
    """``mode M is reachable`` names one mode of one machine."""
    assert meaning(sentence) == Reachable("ipg", "ON")


@pytest.mark.parametrize(
    ("sentence", "code", "words"),
    [
        ("the ipg shall satisfy output_on", Code.UNSUPPORTED, "no timing means 'eventually'"),
        ("the ipg shall within 1 s satisfy output_on", Code.UNSUPPORTED, "'within'"),
        ("the ipg shall immediately satisfy output_on", Code.UNSUPPORTED, "'immediately'"),
        ("whenever output_on the ipg shall within 1 s satisfy output_on", Code.UNSUPPORTED, "'within'"),
        ("upon stop the ipg shall always satisfy output_on", Code.UNSUPPORTED, "'always'"),
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
        ("the ipg shall always satisfy amplitude > 3 mA", Code.UNKNOWN_NAME, "nothing is called 'amplitude'"),
        ("the ipg must always satisfy output_on", Code.SYNTAX, "'must' cannot stand here"),
        ("the ipg shall always", Code.SYNTAX, "the end of the text cannot stand here"),
        ("from ON one can always reach OFF using stop", Code.SYNTAX, "cannot stand here"),
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
