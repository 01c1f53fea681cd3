"""Each declared fault put into the model: what it does to claims, and that it is what the fault means."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stimproof.specs.reader import read_string
from stimproof.specs.specification import Specification
from stimproof.verify.fault_effects import FaultEffect, FaultTrial
from stimproof.verify.faulting import FaultAnalysis, analyse, checked
from stimproof.verify.faulting_model import faulted
from stimproof.verify.interpreter import TIME_STEP, Interpreter, Step
from stimproof.verify.results import Verdict, Verification
from stimproof.verify.run import verify

DEVICE = """\
stimproof: 1
device: {id: failing, name: Failing, component: ipg}
variables:
  output_on: {type: boolean, initial: false}
  level: {type: integer, range: [0, 9], overflow: forbid, initial: 0}
  seen: {type: boolean, initial: false}
  hot: {type: boolean, initial: false}
  t: {type: clock}
inputs:
  wanted: {type: integer, range: [0, 4]}
  temperature: {type: quantity, range: [30 K, 50 K]}
events:
  start: {}
  stop: {}
  set: {}
  measure: {}
  over: {kind: internal}
  sense: {kind: internal}
  reset: {}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false}}
      ON: {entry: {t: 0 s, output_on: true}, stay: t <= 5 s}
      DEAD: {entry: {output_on: false}}
    transitions:
      - {name: begin, from: OFF, to: ON, event: start, guard: level <= 4}
      - {name: end, from: ON, to: OFF, event: stop}
      - {name: elapsed, from: ON, to: OFF, event: over, guard: t >= 5 s}
      - {name: choose, from: OFF, event: set, do: {level: wanted}}
      - {name: too_hot, from: [OFF, ON], to: DEAD, event: measure, guard: temperature > 42 K,
         do: {hot: temperature > 44 K}}
      - {name: noticed, from: [OFF, ON], event: sense, guard: level > 4, do: {seen: true}}
      - {name: revive, from: DEAD, to: OFF, event: reset}
properties:
  quiet: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
  low: {sentence: "the ipg shall always satisfy level <= 4"}
  stops: {sentence: "upon stop the ipg shall immediately satisfy not output_on"}
  soon: {sentence: "upon stop the ipg shall within 1 s satisfy not output_on"}
  ends: {sentence: "upon start the ipg shall within 6 s satisfy not output_on"}
  blind: {sentence: "the ipg shall never satisfy seen"}
  cold: {sentence: "the ipg shall never satisfy hot"}
  out: {sentence: "from DEAD one can always reach ON"}
faults:
  welded: {kind: stuck_at, variable: output_on, value: true}
  stopped_clock: {kind: stuck_at, variable: t, value: 0 s}
  flipping: {kind: corrupt, variable: level}
  any_time: {kind: corrupt, variable: t}
  never_ends: {kind: omit, transition: elapsed}
  no_way_back: {kind: omit, transition: revive}
  ghost: {kind: spurious, event: sense}
  radio: {kind: spurious, event: start}
  late_stop: {kind: delay, event: stop, by: 1 s}
  later_stop: {kind: delay, transition: end, by: 2 s}
  slow_timer: {kind: delay, transition: elapsed, by: 1 s}
  slower_timer: {kind: delay, event: over, by: 2 s}
  warm_sensor: {kind: bias, input: temperature, amount: 2 K}
"""
PLAIN = read_string(DEVICE)
BREAKS = {
    # What follows from the meaning of each fault, by hand.
    "welded": {"quiet", "stops", "soon", "ends"},
    "stopped_clock": {"ends"},
    "flipping": {"low", "blind"},
    "never_ends": {"ends"},
    "no_way_back": {"out"},
    "ghost": {"blind"},
    "radio": set(),
    "late_stop": {"stops"},
    "later_stop": {"stops", "soon"},
    "slow_timer": set(),
    "slower_timer": {"ends"},
}


@pytest.fixture(scope="module")
def whole() -> Verification:
    """The device without any fault."""
    return verify(read_string(DEVICE))


@pytest.fixture(scope="module")
def found(whole: Verification) -> FaultAnalysis:
    """What each of its faults does to each property."""
    return analyse(whole, _trials(whole.specification))


def _trials(specification: Specification) -> list[FaultTrial]:
    claims = tuple(f"properties.{name}" for name in specification.properties)
    return [FaultTrial(name, claims) for name in specification.faults]


def _having(found: FaultAnalysis, fault: str, *effects: FaultEffect) -> set[str]:
    own = [item for item in found.effects if item.fault == fault]
    return {item.obligation.removeprefix("properties.") for item in own if item.effect in effects}


@pytest.mark.parametrize("fault", BREAKS)
def test_what_breaks_with_each_fault_is_what_the_fault_means(found: FaultAnalysis, fault: str) -> None:
    """For each kind of fault, exactly the claims break that its meaning, thought through by hand, breaks."""
    assert _having(found, fault, FaultEffect.BROKEN) == BREAKS[fault]


def test_a_claim_that_breaks_anyway_is_told_apart(whole: Verification, found: FaultAnalysis) -> None:
    """A claim that is refuted without any fault is never put down to a fault."""
    refuted = {name for name, item in whole.by_id().items() if item.verdict is Verdict.REFUTED}
    assert "properties.cold" in refuted
    assert "cold" in _having(found, "welded", FaultEffect.BROKEN_ANYWAY)
    assert not any(item.obligation in refuted for item in found.effects if item.effect is FaultEffect.BROKEN)


def test_every_break_has_a_run_that_was_replayed_with_the_fault(found: FaultAnalysis) -> None:
    """The trace of a broken claim stands in the fault's folder, and the evidence names it."""
    broken = [item for item in found.effects if item.effect is FaultEffect.BROKEN]
    assert broken
    for item in broken:
        assert item.file is not None
        assert item.file.startswith(f"faults/{item.fault}/traces/")
        assert json.loads(found.files[item.file])["obligation"] == item.obligation


def test_a_clock_cannot_be_corrupt_within_a_range_and_says_so(found: FaultAnalysis) -> None:
    """What the language cannot say has no answer, with the reason; it is never tolerated."""
    own = [item for item in found.effects if item.fault == "any_time"]
    assert {item.effect for item in own} == {FaultEffect.UNKNOWN}
    assert all("has no range" in item.reason for item in own)


def test_a_way_that_the_fault_could_open_is_no_answer(found: FaultAnalysis) -> None:
    """That one can always get somewhere is not called tolerated where the fault's choices may help."""
    assert "out" in _having(found, "flipping", FaultEffect.UNKNOWN)
    assert "out" in _having(found, "welded", FaultEffect.TOLERATED)


def test_a_fault_that_changes_nothing_says_so(found: FaultAnalysis) -> None:
    """An input event may occur at any time anyhow: nothing is verified twice, and the reason is told."""
    assert "radio" not in found.found
    own = [item for item in found.effects if item.fault == "radio" and item.effect is FaultEffect.TOLERATED]
    assert own
    assert all("at any time anyhow" in item.reason for item in own)


def test_the_evidence_is_read_back_and_gives_the_same(whole: Verification) -> None:
    """An auditor who puts each fault in anew finds what is stated; one changed effect is a problem."""
    trials = [FaultTrial("no_way_back", ("properties.out", "properties.low"))]
    found = analyse(whole, trials)
    stated = json.loads(found.evidence[FaultAnalysis.FILE])
    files = {path: text for path, text in found.evidence.items() if path != FaultAnalysis.FILE}
    again, problems = checked(whole, trials, stated, files)
    assert problems == []
    assert again.effects == found.effects
    wrong = {path: text.replace("(assert", "(assert true) ;") for path, text in files.items()}
    assert checked(whole, trials, stated, wrong)[1]
    stated["effects"][0]["effect"] = "tolerated"
    assert checked(whole, trials, stated, files)[1] == [
        "the effects stated in faults.json are not what their evidence gives"
    ]


@pytest.mark.parametrize(
    ("true", "off", "mode", "hot"),
    [(41, 2, "DEAD", False), (41, 1, "OFF", False), (43, -2, "OFF", False), (43, 2, "DEAD", True)],
)
def test_a_sensor_that_is_off_misleads_the_device(true: int, off: int, mode: str, hot: bool) -> None:
    """What the device does follows from the true value and the bias together, in guards and assignments."""
    interpreter = Interpreter(faulted(PLAIN, PLAIN.faults["warm_sensor"]))
    state = {"ipg": "OFF", "output_on": False, "level": 0, "seen": False, "hot": False, "t": Fraction(0)}
    inputs = {"wanted": 0, "temperature": Fraction(true), "warm_sensor_amount": Fraction(off)}
    (outcome,) = interpreter.outcomes(state, Step("measure", Fraction(0), inputs))
    assert (outcome.state["ipg"], outcome.state["hot"]) == (mode, hot)


def test_a_sensor_reads_nothing_beyond_its_range() -> None:
    """A reading that is off stays within what the input can read, so that it breaks no range by itself."""
    text = DEVICE.replace("do: {hot: temperature > 44 K}", "do: {hot: temperature > 50 K}")
    spec = read_string(text)
    result = analyse(verify(spec), [FaultTrial("warm_sensor", ("properties.cold",))])
    assert [item.effect for item in result.effects] == [FaultEffect.TOLERATED]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["start", "stop", "set", "measure", "over", "sense", "reset", TIME_STEP]),
        st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(5)]),
        st.integers(0, 4),
        st.integers(0, 9),
        st.booleans(),
    ),
    max_size=10,
)


@given(steps=STEPS)
@settings(max_examples=60)
def test_a_stuck_variable_is_one_that_is_put_back_after_every_step(
    steps: list[tuple[str, Fraction, int, int, bool]],
) -> None:
    """The model with a stuck variable runs as the plain one does whose variable is held from outside."""
    held = {**PLAIN.faults}["welded"]
    plain, stuck = Interpreter(PLAIN), Interpreter(faulted(PLAIN, held))
    state = {"ipg": "OFF", "output_on": True, "level": 0, "seen": False, "hot": False, "t": Fraction(0)}
    assert stuck.is_initial(state)
    for event, delay, wanted, _, _ in steps:
        step = Step(
            event,
            delay if event == TIME_STEP else Fraction(0),
            {"wanted": wanted, "temperature": Fraction(43)},
        )
        if event == TIME_STEP and not plain.may_wait(state, delay):
            assert not stuck.may_wait(state, delay)
            continue
        (one,), (other,) = plain.outcomes(state, step), stuck.outcomes(state, step)
        state = {**one.state, "output_on": True}
        assert other.state == state


@given(steps=STEPS)
@settings(max_examples=60)
def test_a_corrupt_variable_may_hold_anything_after_every_event(
    steps: list[tuple[str, Fraction, int, int, bool]],
) -> None:
    """Whatever is written into a variable from outside after an event, the model with the fault can do it."""
    fault = PLAIN.faults["flipping"]
    plain, corrupt = Interpreter(PLAIN), Interpreter(faulted(PLAIN, fault))
    state = {"ipg": "OFF", "output_on": False, "level": 7, "seen": False, "hot": False, "t": Fraction(0)}
    mode = {"flipping": "CORRUPT"}
    assert corrupt.is_initial({**state, **mode})
    for event, delay, wanted, value, alone in steps:
        inputs = {"wanted": wanted, "temperature": Fraction(43)}
        step = Step(event, delay if event == TIME_STEP else Fraction(0), inputs)
        if event == TIME_STEP and not plain.may_wait(state, delay):
            continue
        if alone:
            step = Step("flipping_occurs", Fraction(0), inputs)
            after = {**state, "level": value}
        else:
            (one,) = plain.outcomes(state, step)
            after = {**one.state, "level": one.state["level"] if event == TIME_STEP else value}
        given_to = {**step.inputs, "flipping_value": value}
        outcomes = corrupt.outcomes({**state, **mode}, Step(step.event, step.delay, given_to))
        assert {**after, **mode} in [dict(item.state) for item in outcomes]
        state = after


@given(steps=STEPS, late=st.sampled_from(["late_stop", "later_stop", "slow_timer", "slower_timer"]))
@settings(max_examples=60)
def test_what_is_late_is_never_later_than_the_fault_allows(
    steps: list[tuple[str, Fraction, int, int, bool]], late: str
) -> None:
    """In no run does what is under way last longer than the amount of the fault."""
    fault = PLAIN.faults[late]
    interpreter = Interpreter(faulted(PLAIN, fault))
    state = {"ipg": "OFF", "output_on": False, "level": 0, "seen": False, "hot": False, "t": Fraction(0)}
    state |= {late: "ON_TIME", f"{late}_since": Fraction(0)}
    waited = Fraction(0)
    for event, delay, wanted, _, ends in steps:
        name = f"{late}_ends" if ends else event
        inputs = {"wanted": wanted, "temperature": Fraction(43)}
        step = Step(name, delay if name == TIME_STEP else Fraction(0), inputs)
        if name == TIME_STEP and not interpreter.may_wait(state, delay):
            continue
        (outcome,) = interpreter.outcomes(state, step)
        waited = waited + step.delay if state[late] == "LATE" == outcome.state[late] else Fraction(0)
        state = dict(outcome.state)
        assert fault.amount is not None
        assert waited <= fault.amount


@given(steps=STEPS, name=st.sampled_from(["never_ends", "no_way_back", "ghost"]))
@settings(max_examples=60)
def test_where_a_fault_does_not_show_nothing_differs(
    steps: list[tuple[str, Fraction, int, int, bool]], name: str
) -> None:
    """A step that takes no omitted transition, and in which nothing is spurious, is one of the device."""
    fault = PLAIN.faults[name]
    plain, failing = Interpreter(PLAIN), Interpreter(faulted(PLAIN, fault))
    state = {"ipg": "OFF", "output_on": False, "level": 0, "seen": False, "hot": False, "t": Fraction(0)}
    for event, delay, wanted, _, _ in steps:
        inputs = {"wanted": wanted, "temperature": Fraction(43)}
        step = Step(event, delay if event == TIME_STEP else Fraction(0), inputs)
        if event == TIME_STEP and not plain.may_wait(state, delay):
            continue
        own = {**inputs, "ghost_happens": False} if name == "ghost" else inputs
        (one,) = plain.outcomes(state, step)
        (other,) = failing.outcomes(state, Step(step.event, step.delay, own))
        omitted = any(taken.name == fault.target for taken in one.taken)
        assert other.state == (state if omitted else one.state)
        state = dict(one.state)


RANKED = """\
stimproof: 1
device: {id: ranked, name: Ranked, component: ipg}
variables:
  held: {type: boolean, initial: any}
  ignored: {type: integer, range: [0, 3], overflow: saturate, initial: 0}
events: {stop: {}}
machines:
  ipg:
    initial: ON
    modes: {OFF: {}, ON: {}}
    transitions:
      - {from: ON, event: stop, guard: held, priority: 2, do: {ignored: ignored + 1}}
      - {name: end, from: ON, to: OFF, event: stop, priority: 1}
properties:
  stays_on: {sentence: "the ipg shall always satisfy ipg = ON"}
faults:
  late: {kind: delay, transition: end, by: 1 s}
"""


@pytest.mark.parametrize(("held", "effect"), [("true", "tolerated"), ("false", "broken anyway")])
def test_what_a_transition_of_higher_rank_takes_is_not_done_later(held: str, effect: str) -> None:
    """A late transition does later what it would have done, and nothing where another one goes first."""
    whole = verify(read_string(RANKED.replace("initial: any", f"initial: {held}")))
    (found,) = analyse(whole, [FaultTrial("late", ("properties.stays_on",))]).effects
    assert found.effect.value == effect
