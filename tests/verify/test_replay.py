"""Traces as text: nothing is lost on the way out and back, and only what the device can do is replayed."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import CORPUS, verified
from stimproof.specs.expressions import BOOLEAN, INTEGER, PLAIN, Enumeration, Type, Value
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.replay import exact, value_of
from stimproof.verify.results import Trace

KIND = Enumeration("mode", ("ON", "OFF", "true"))
typed_values = st.one_of(
    st.tuples(st.just(BOOLEAN), st.booleans()),
    st.tuples(st.just(INTEGER), st.integers()),
    st.tuples(st.just(PLAIN), st.fractions()),
    st.tuples(st.just(KIND), st.sampled_from(KIND.members)),
)
CASES = ["refuted/watchdog_refreshed_by_the_wrong_task", "refuted/missing_hysteresis", "refuted/time_lock"]


@given(typed_values)
def test_a_value_survives_the_way_through_text(item: tuple[Type, Value]) -> None:
    """Truth values, whole numbers, rationals and members come back exactly as they were written."""
    kind, value = item
    read = value_of(json.loads(json.dumps(exact(value))), kind)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("True", BOOLEAN),
        ("1", BOOLEAN),
        ("", BOOLEAN),
        ("1.5", INTEGER),
        ("x", INTEGER),
        ("IDLE", KIND),
        ("x", PLAIN),
    ],
)
def test_text_that_is_no_value_is_refused(text: str, kind: Type) -> None:
    """What cannot be read as a value of its type is an error, never a default."""
    with pytest.raises(ValueError, match=r"."):
        value_of(text, kind)


@pytest.mark.parametrize("case", CASES)
def test_a_trace_file_holds_the_trace(case: str) -> None:
    """The file of a trace is the trace of its result; its length counts steps after the first state."""
    found = verified(CORPUS / f"{case}.yaml")
    for result in found.results:
        shown = result.counterexample or result.witness
        if isinstance(shown, Trace):
            held = json.loads(found.files[shown.file])
            assert held == json.loads(json.dumps({"obligation": result.obligation.id, **shown.as_json()}))
            assert held["length"] == len(held["steps"]) - 1


def _changed(case: str, change: object) -> list[str]:
    """Return what an evidence check says after one change of a trace, in its file and its result alike."""
    found = verified(CORPUS / f"{case}.yaml")
    stated = json.loads(json.dumps([result.as_json() for result in found.results]))
    entry = next(item for item in stated if (item["counterexample"] or {}).get("form") == "trace")
    change(entry["counterexample"])  # type: ignore[operator]
    path = entry["counterexample"]["file"]
    files = {**found.files, path: json.dumps({"obligation": entry["id"], **entry["counterexample"]})}
    return EvidenceCheck(found.specification, files).problems(stated)


def test_an_untouched_trace_is_accepted() -> None:
    """The check that follows accepts the evidence as it is."""
    assert _changed("refuted/missing_hysteresis", lambda trace: None) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda trace: trace["steps"][0]["exact"]["state"].update(last="1000"),
        lambda trace: trace["steps"][-1]["exact"]["state"].update(charger="PAUSED"),
        lambda trace: trace["steps"][1]["exact"]["inputs"].update(measured="0"),
        lambda trace: trace["steps"][1].update(event="nonsense"),
        lambda trace: trace["steps"].pop(),
        lambda trace: trace.update(explanation="all is well"),
    ],
    ids=["first state", "last state", "input", "event", "cut short", "words"],
)
def test_a_changed_trace_is_noticed(change: object) -> None:
    """A trace changed in any place, in its file and in the result alike, is not accepted."""
    assert _changed("refuted/missing_hysteresis", change) != []


def test_times_in_traces_are_exact() -> None:
    """A delay stands in the trace as a rational number of seconds beside what people read."""
    found = verified(CORPUS / "refuted/time_lock.yaml")
    shown = found.by_id()["machines.timelock"].counterexample
    assert isinstance(shown, Trace)
    waits = [step for step in shown.steps if step.event == "time"]
    assert [(step.delay, Fraction(step.exact_delay or 0)) for step in waits] == [("1 s", Fraction(1))]
