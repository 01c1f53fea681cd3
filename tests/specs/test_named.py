"""Constants and definitions: what their names stand for, and where they may be used."""

from collections.abc import Callable

import pytest

from stimproof.specs.errors import SpecificationError
from stimproof.specs.expressions import Literal, show, walk
from stimproof.specs.findings import Code, Finding, Severity
from stimproof.specs.quantities import quantity
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Specification
from stimproof.verify.obligations import obligations

DEVICE = """
stimproof: 1
device: {id: d, name: D}
sources: {manual: {title: M}}
constants:
  ceiling: {value: 4 mA, source: manual, confidence: recalled}
  hold: {value: 5 s, source: manual, confidence: seen}
  most: {value: 3, source: manual, confidence: seen}
  warm: {value: 42 degC, source: manual, confidence: seen}
definitions:
  strong: {expression: "amplitude >= ceiling / 2"}
  hot: {expression: "temperature > warm"}
  busy: {expression: "on and not idle"}
  idle: {expression: "count == 0"}
  twice: {expression: "2 * most"}
parameters:
  amplitude: {range: [0 mA, ceiling], step: 0.1 mA, source: manual, confidence: seen}
limits:
  low: {claim: "strong implies amplitude <= ceiling"}
variables:
  on: {type: boolean, initial: false}
  count: {type: integer, range: [0, most], overflow: saturate, initial: most}
  t: {type: clock}
inputs:
  temperature: {type: quantity, range: [20 degC, 60 degC]}
events: {go: {}}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {stay: "t <= hold"}
      ON: {}
    transitions:
      - from: OFF
        to: ON
        event: go
        guard: "hot and count + 1 < twice"
        do: {on: "true", count: "most - 1"}
properties:
  p: {sentence: "the device shall always satisfy busy implies count <= most"}
"""


def device(*changes: tuple[str, str]) -> Specification:
    """Return the device with some of its text replaced."""
    text = DEVICE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read_string(text, "d.yaml")


def errors(*changes: tuple[str, str]) -> list[Finding]:
    """Return the errors that some changes make."""
    with pytest.raises(SpecificationError) as caught:
        device(*changes)
    return [finding for finding in caught.value.findings if finding.weight is Severity.ERROR]


def test_a_constant_stands_for_its_number_in_every_place() -> None:
    """Ranges, initial values, stay bounds, guards, updates, claims and sentences take a constant's number."""
    spec = device()
    assert spec.parameters["amplitude"].high == quantity("4 mA").si
    assert (spec.variables["count"].high, spec.variables["count"].initial.value) == (3, 3)
    (transition,) = spec.machines["ipg"].transitions
    assert show(spec.machines["ipg"].modes["OFF"].stay) == "t <= 5 s"
    assert show(transition.guard) == "temperature > 42 degC and count + 1 < 2 * 3"
    assert {name: show(term) for name, term in transition.updates}["count"] == "3 - 1"
    assert show(spec.limits["low"].claim) == "amplitude >= 4 mA / 2 implies amplitude <= 4 mA"


def test_a_constant_stands_for_a_duration() -> None:
    """A sentence takes a constant where it takes a duration, and only one that is a time above zero."""
    sentence = "the device shall always satisfy busy implies count <= most"
    quick = "upon go the device shall within hold satisfy on"
    assert device((sentence, quick)).properties["p"].meaning.within == 5
    for wrong in ("most", "ceiling", "nothing", "idle"):
        (finding,) = errors((sentence, quick.replace("hold", wrong)))
        assert finding.code is Code.WRONG_UNIT
        assert f"'{wrong}' is not a positive duration" in finding.message


def test_definitions_are_unfolded_in_definitions() -> None:
    """A definition may use another that stands after it."""
    body = device().properties["p"].meaning.body
    assert show(body) == "on and not count == 0 implies count <= 3"


def test_a_term_remembers_the_constant_it_came_from() -> None:
    """What a name was replaced by still says its name, so that its source can be found."""
    claim = device().limits["low"].claim
    assert {node.constant for node in walk(claim) if isinstance(node, Literal)} == {"ceiling", ""}


def test_a_constant_is_a_cited_number_of_the_device() -> None:
    """A recalled constant is counted among the device's numbers and is marked as unverified."""
    spec = device()
    assert ("constants.ceiling", "4 mA", "recalled") in [(n, t, c.confidence) for n, t, c, _ in spec.numbers]
    assert [f.location.line for f in spec.findings if f.code is Code.UNVERIFIED] == [6]


def test_a_claim_with_constants_cites_through_them() -> None:
    """A claim whose numbers are constants needs no citation of its own."""
    assert not [f for f in device().findings if f.code is Code.MISSING_SOURCE]


def test_what_nothing_mentions_is_unused() -> None:
    """Constants and definitions that nothing mentions are findings."""
    spec = device(('"hot and count + 1 < twice"', '"count + 1 < 6"'), ("range: [0, most]", "range: [0, 3]"))
    unused = [f.location.path for f in spec.findings if f.code is Code.UNUSED]
    assert {"definitions.hot", "definitions.twice"} <= set(unused)
    assert "definitions.busy" not in unused


def test_a_named_device_means_what_the_written_out_one_means() -> None:
    """Replacing every name by hand gives the same obligations."""
    plain = device(
        ('guard: "hot and count + 1 < twice"', 'guard: "temperature > 42 degC and count + 1 < 2 * 3"'),
        ('amplitude <= ceiling"', 'amplitude <= 4 mA"'),
    )
    assert plain.machines["ipg"].transitions[0].guard == device().machines["ipg"].transitions[0].guard
    assert plain.limits["low"].claim == device().limits["low"].claim
    assert [o.id for o in obligations(plain)] == [o.id for o in obligations(device())]


CITED = "source: manual, confidence: seen}"
MOST = "  most: {"
END = 'amplitude <= ceiling"'
IDLE = '"count == 0"'


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        (IDLE, '"busy"', Code.WRONG_VALUE, "busy → idle → busy"),
        (IDLE, '"idle"', Code.WRONG_VALUE, "idle → idle"),
        (IDLE, '"cuont == 0"', Code.UNKNOWN_NAME, "did you mean count"),
        (IDLE, '"count =="', Code.SYNTAX, "the end of the text"),
        (IDLE, '"count == 0 mA"', Code.TYPE, "do not fit"),
        (IDLE, '"count == 0 and amplitude > 0 mA"', Code.UNKNOWN_NAME, "is a parameter, and machines"),
        (END, 'amplitude <= ceiling and on"', Code.UNKNOWN_NAME, "'on' belongs to the machines"),
        (END, 'idle"', Code.UNKNOWN_NAME, "the definition 'idle' is about machines"),
        ("hot and count", "strong and count", Code.UNKNOWN_NAME, "'strong' is about parameters"),
        ("hot and count", "amplitude > 0 mA and count", Code.UNKNOWN_NAME, "declare under 'variables:'"),
        ("satisfy busy", "satisfy hot", Code.UNKNOWN_NAME, "'hot' is about parameters, or inputs"),
        ("[0 mA, ceiling]", "[0 mA, cieling]", Code.WRONG_UNIT, "did you mean ceiling"),
        ("[0 mA, ceiling]", "[0 mA, hold]", Code.WRONG_UNIT, "but the range ends with '5 s'"),
        ("value: 5 s,", "value: unknown,", Code.WRONG_UNIT, "is not a number with a unit"),
        ("value: 5 s,", "value: most,", Code.WRONG_UNIT, "is not a number with a unit"),
        ("value: 5 s, source: manual, ", "value: 5 s, ", Code.MISSING_SOURCE, "this constant has no source"),
        ("value: 4 mA, source: manual, ", "value: 4 mA, ", Code.MISSING_SOURCE, "this constant has no"),
        (MOST, f"  unknown: {{value: 1, {CITED}\n{MOST}", Code.DUPLICATE_NAME, "word of the language"),
        (MOST, f"  on: {{value: 1, {CITED}\n{MOST}", Code.DUPLICATE_NAME, "constants"),
        (MOST, f"  ON: {{value: 1, {CITED}\n{MOST}", Code.DUPLICATE_NAME, "constants"),
        (MOST, f"  amplitude: {{value: 1, {CITED}\n{MOST}", Code.DUPLICATE_NAME, "constants"),
    ],
)
def test_one_mistake_gives_one_finding(old: str, new: str, code: Code, said: str) -> None:
    """A mistake with a name is one finding, however many places use it."""
    (finding,) = errors((old, new))
    assert finding.code is code
    assert said in f"{finding.message}\n{finding.advice}"


def test_the_place_of_a_mistake_in_a_definition_is_there(complaints: Callable[..., list[Finding]]) -> None:
    """A mistake in a definition is reported where the definition was written, to the column."""
    (finding,) = complaints(
        ("variables:\n", 'definitions:\n  odd: {expression: "count + output_on"}\nvariables:\n')
    )
    assert (finding.location.line, finding.location.path) == (55, "definitions.odd.expression")
    assert finding.location.column == len('  odd: {expression: "count + ') + 1
