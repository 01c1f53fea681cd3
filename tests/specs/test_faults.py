"""Declared faults: what each kind speaks of is checked, and none is believed to be analysed."""

from pathlib import Path

import pytest

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code, Severity
from stimproof.specs.quantities import quantity
from stimproof.specs.reader import read_string

TOY = (Path(__file__).parent / "data" / "toy.yaml").read_text(encoding="utf-8")
NAMED = TOY.replace("{from: OFF, to: ON, event: start}", "{name: begin, from: OFF, to: ON, event: start}")
FAULTS = {
    "stuck": ("{kind: stuck_at, variable: level, value: HIGH}", "level is stuck at HIGH", "level"),
    "broken": ("{kind: corrupt, variable: count}", "count takes any value at any time", "count"),
    "missed": ("{kind: omit, transition: begin}", "ipg T1: OFF → ON on start is not taken", "begin"),
    "ghost": ("{kind: spurious, event: start}", "the event start occurs without a cause", "start"),
    "slow": ("{kind: delay, event: stop, by: 200 ms}", "the event stop is up to 200 ms late", "stop"),
    "late": (
        "{kind: delay, transition: begin, by: 1 s}",
        "ipg T1: OFF → ON on start is up to 1 s late",
        "begin",
    ),
    "drift": (
        "{kind: bias, input: temperature, amount: 2 K}",
        "temperature reads up to 2 K off",
        "temperature",
    ),
}


def device(**faults: str) -> str:
    """Return the toy with faults."""
    return NAMED + "faults:\n" + "".join(f"  {name}: {text}\n" for name, text in faults.items())


@pytest.mark.parametrize(("text", "sentence", "target"), FAULTS.values(), ids=FAULTS)
def test_each_kind_of_fault_says_what_it_does(text: str, sentence: str, target: str) -> None:
    """A fault of each kind is resolved to what it is about, with a sentence for people."""
    fault = read_string(device(it=text)).faults["it"]
    assert (fault.sentence, fault.target) == (sentence, target)


def test_a_fault_is_never_silently_unanalysed() -> None:
    """Each declared fault is a finding as long as no analysis injects faults."""
    spec = read_string(device(**{name: text for name, (text, _, _) in FAULTS.items()}))
    told = [finding.location.path for finding in spec.findings if finding.code is Code.NOT_ANALYSED]
    assert told == [f"faults.{name}" for name in FAULTS]


def test_the_rate_of_a_fault_is_a_cited_number() -> None:
    """A rate is one of the device's numbers; an unknown one is a finding."""
    spec = read_string(device(it="{kind: spurious, event: hot, rate: {value: unknown}}"))
    assert ("faults.it.rate", "unknown") in [(name, text) for name, text, _, _ in spec.numbers]
    known = "{kind: spurious, event: hot, rate: {value: 1e-6 h^-1, source: manual, confidence: seen}}"
    assert read_string(device(it=known)).faults["it"].rate.quantity == quantity("1e-6 h^-1")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("{kind: stuck_at, variable: levle, value: HIGH}", Code.UNKNOWN_NAME, "did you mean level?"),
        ("{kind: stuck_at, variable: level, value: UP}", Code.UNKNOWN_NAME, "nothing is called 'UP'"),
        ("{kind: stuck_at, variable: count, value: 4}", Code.EMPTY_RANGE, "cannot have the value 4"),
        ("{kind: stuck_at, variable: count, value: 1 + 1}", Code.WRONG_VALUE, "must be a constant"),
        ("{kind: stuck_at, variable: count}", Code.MISSING_KEY, "'value' is missing"),
        ("{kind: omit, transition: T1}", Code.UNKNOWN_NAME, "declared are begin"),
        ("{kind: spurious, event: stpo}", Code.UNKNOWN_NAME, "did you mean stop?"),
        ("{kind: delay, by: 1 s}", Code.WRONG_VALUE, "one of the two"),
        ("{kind: delay, event: stop, transition: begin, by: 1 s}", Code.WRONG_VALUE, "one of the two"),
        ("{kind: delay, event: stop, by: 0 s}", Code.WRONG_VALUE, "above zero"),
        ("{kind: delay, event: stop, by: 1 mA}", Code.WRONG_UNIT, "a time is needed"),
        ("{kind: bias, input: temperature, amount: 2 degC}", Code.WRONG_UNIT, "temperatures differ in K"),
        ("{kind: bias, input: temperature, amount: 2 s}", Code.WRONG_UNIT, "is no difference"),
        ("{kind: bias, input: temperature, amount: 0 K}", Code.WRONG_VALUE, "no bias"),
        ("{kind: bias, input: heat, amount: 2 K}", Code.UNKNOWN_NAME, "declared are temperature"),
        ("{kind: loose}", Code.WRONG_VALUE, "stuck_at"),
        ("{kind: spurious, event: hot, rate: {value: 1 h^-1}}", Code.MISSING_SOURCE, "no source"),
        (
            "{kind: spurious, event: hot, rate: {value: -1 h^-1, source: manual, confidence: seen}}",
            Code.WRONG_VALUE, "a rate cannot be",
        ),
    ],
)  # fmt: skip
def test_a_fault_of_something_that_is_not_there_is_refused(text: str, code: Code, said: str) -> None:
    """A fault names what exists, with a value, time or amount that it can have."""
    with pytest.raises(SpecificationError) as caught:
        read_string(device(it=text))
    (finding,) = [found for found in caught.value.findings if found.weight is Severity.ERROR]
    assert finding.code is code
    assert said in f"{finding.message}\n{finding.advice}"
    assert finding.location.line == len(NAMED.splitlines()) + 2


def test_transitions_have_different_names() -> None:
    """A fault that names a transition means one: no two have the same name."""
    twice = NAMED.replace("{from: ON, to: OFF, event: stop}", "{name: begin, from: ON, to: OFF, event: stop}")
    with pytest.raises(SpecificationError) as caught:
        read_string(twice)
    (finding,) = caught.value.findings
    assert finding.code is Code.DUPLICATE_NAME
