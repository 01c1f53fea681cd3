"""Each control removed from the model: what that shows, and that it is what editing the text would show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stimproof.specs.reader import read_string
from stimproof.verify.ablation import Ablation, ablate, checked
from stimproof.verify.effects import Effect, Trial
from stimproof.verify.removing import NotRemovableError, without
from stimproof.verify.results import Verdict, Verification
from stimproof.verify.run import verify

DEVICE = """\
stimproof: 1
device: {id: tried, name: Tried without, component: ipg}
sources: {manual: {title: "A made-up manual"}}
parameters:
  amplitude: {range: [0 mA, 5 mA], step: 0.1 mA, source: manual, confidence: seen}
  rate: {range: [1 Hz, 9 Hz], step: 1 Hz, source: manual, confidence: seen}
interlocks:
  slow: {claim: "rate <= 5 Hz", source: manual, confidence: seen, discharged_by: "a test"}
limits:
  cap: {claim: "amplitude <= 5 mA"}
  pace: {claim: "rate <= 5 Hz"}
  half: {claim: "amplitude <= 2 mA"}
variables:
  output_on: {type: boolean, initial: false}
  level: {type: integer, range: [0, 9], overflow: forbid, initial: 3}
  days: {type: integer, range: [0, 3], overflow: saturate, initial: 0}
  over: {type: boolean, initial: false}
  t: {type: clock}
inputs:
  wanted: {type: integer, range: [0, 4]}
events: {start: {}, stop: {}, set: {}, day: {}, idle: {}}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false}}
      ON: {entry: {t: 0 s}, exit: {output_on: false}, stay: t <= 5 s}
    transitions:
      - {name: begin, from: OFF, to: ON, event: start, guard: level <= 4, do: {output_on: true}}
      - {name: end, from: ON, to: OFF, event: stop}
      - {name: choose, from: OFF, event: set, do: {level: wanted}}
      - {from: any, event: day, guard: days < 3, do: {days: days + 1}}
      - {from: any, event: day, guard: days == 3, do: {over: true, days: days + 1}}
      - {name: nothing, from: OFF, event: idle, guard: not output_on}
properties:
  quiet: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
  low: {sentence: "the ipg shall always satisfy level <= 4"}
  stops: {sentence: "upon stop the ipg shall immediately satisfy not output_on"}
  ends: {sentence: "upon start the ipg shall within 5 s satisfy ipg == OFF"}
  counted: {sentence: "whenever over the ipg shall immediately satisfy days == 3"}
"""
TEXTS = {
    "machines.ipg.modes.ON.exit": (", exit: {output_on: false}", "", "properties.quiet", "redundant"),
    "machines.ipg.modes.OFF.entry": ("{entry: {output_on: false}}", "{}", "properties.quiet", "redundant"),
    "machines.ipg.transitions.end": (
        "      - {name: end, from: ON, to: OFF, event: stop}\n",
        "",
        "properties.stops",
        "effective",
    ),
    "machines.ipg.transitions.nothing.guard": (", guard: not output_on", "", "properties.quiet", "redundant"),
    "machines.ipg.transitions.T3.updates": (", do: {level: wanted}", "", "properties.low", "redundant"),
    "interlocks.slow": (
        "interlocks:\n"
        '  slow: {claim: "rate <= 5 Hz", source: manual, confidence: seen, discharged_by: "a test"}\n',
        "",
        "limits.pace",
        "effective",
    ),
    "machines.ipg.modes.ON.stay": (", stay: t <= 5 s", "", "properties.ends", "effective"),
    "inputs.wanted.range": ("range: [0, 4]", "range: [-4000, 4004]", "properties.low", "effective"),
    "parameters.amplitude.range": ("[0 mA, 5 mA]", "[0 mA, 5105 mA]", "limits.cap", "effective"),
    "variables.days.range": ("overflow: saturate", "overflow: wrap", "properties.counted", "effective"),
}


@pytest.fixture(scope="module")
def whole() -> Verification:
    """The device with all its controls."""
    return verify(read_string(DEVICE))


def _effect(whole: Verification, elements: tuple[str, ...], obligation: str) -> tuple[Effect, str]:
    (found,) = ablate(whole, [Trial("control", elements, (obligation,))]).effects
    return found.effect, found.reason


@pytest.mark.parametrize("element", TEXTS)
def test_removing_an_element_is_editing_the_text(whole: Verification, element: str) -> None:
    """What is proved without an element is what is proved of a text that never had it."""
    old, new, obligation, effect = TEXTS[element]
    assert DEVICE.count(old) == 1
    (edited,) = verify(read_string(DEVICE.replace(old, new)), only=[obligation]).results
    tried = ablate(whole, [Trial("control", (element,), (obligation,))])
    assert [item.verdict for item in tried.found["control"]] == [edited.verdict]
    assert [item.effect.value for item in tried.effects] == [effect]


def test_two_barriers_are_effective_only_together(whole: Verification) -> None:
    """Each of two elements that do the same is redundant alone; the control that is both is effective."""
    both = ("machines.ipg.modes.OFF.entry", "machines.ipg.modes.ON.exit")
    assert {_effect(whole, (item,), "properties.quiet")[0] for item in both} == {Effect.REDUNDANT}
    assert _effect(whole, both, "properties.quiet") == (Effect.EFFECTIVE, "")


def test_a_control_that_guards_nothing_is_redundant(whole: Verification) -> None:
    """A guard whose event changes nothing is no evidence for any control."""
    found = _effect(whole, ("machines.ipg.transitions.nothing.guard",), "properties.quiet")
    assert found == (Effect.REDUNDANT, "")


def test_what_is_empty_is_redundant_and_says_so(whole: Verification) -> None:
    """An element without content can be removed, which changes nothing and costs nothing."""
    found = _effect(whole, ("machines.ipg.transitions.end.guard",), "properties.quiet")
    assert found == (Effect.REDUNDANT, "what would be removed is empty")


def test_what_breaks_either_way_is_insufficient(whole: Verification) -> None:
    """A range that does not keep a limit is no control of it."""
    assert _effect(whole, ("parameters.amplitude.range",), "limits.half") == (Effect.INSUFFICIENT, "")


def test_a_claim_that_becomes_empty_is_unknown(whole: Verification) -> None:
    """Where a claim never asks without the control, its truth shows nothing about the control."""
    effect, reason = _effect(whole, ("machines.ipg.transitions.T5",), "properties.counted")
    assert effect is Effect.UNKNOWN
    assert reason.startswith("without the control the claim is empty")


def test_a_control_that_breaks_its_own_claim_is_told() -> None:
    """A claim that holds only without the control is neither of the three effects."""
    text = DEVICE.replace("{entry: {output_on: false}}", "{entry: {output_on: true}}")
    found = _effect(verify(read_string(text)), ("machines.ipg.modes.OFF.entry",), "properties.quiet")
    assert found[0] is Effect.UNKNOWN
    assert "the control itself breaks it" in found[1]


@pytest.mark.parametrize(
    "element",
    [
        "limits.cap",
        "properties.low",
        "variables.level.range",
        "machines.ipg",
        "machines.ipg.modes.ON",
        "machines.ipg.transitions.T99",
        "parameters.unheard_of.range",
        "interlocks.unheard_of",
        "inputs.unheard_of.range",
        "nonsense",
    ],
)
def test_what_cannot_be_removed_is_unknown_with_its_reason(whole: Verification, element: str) -> None:
    """A claim, a whole machine or mode, or a name of nothing gives no effect and says why."""
    with pytest.raises(NotRemovableError, match=r"\w"):
        without(whole.specification, [element])
    effect, reason = _effect(whole, (element,), "properties.quiet")
    assert effect is Effect.UNKNOWN
    assert reason


def _all(whole: Verification, cache: Path | None = None) -> tuple[list[Trial], Ablation]:
    trials = [Trial(f"c{n}", (name,), (TEXTS[name][2],)) for n, name in enumerate(TEXTS)]
    return trials, ablate(whole, trials, cache=cache)


def test_the_evidence_convinces_somebody_who_trusts_nobody(whole: Verification) -> None:
    """From the stored effects, certificates and runs the same ablation follows, without any search."""
    trials, tried = _all(whole)
    again, problems = checked(whole, trials, json.loads(tried.evidence[Ablation.FILE]), dict(tried.files))
    assert problems == []
    assert again.as_json() == tried.as_json()


def test_each_effective_control_has_the_run_that_it_prevents(whole: Verification) -> None:
    """The evidence of an effective control is a run or setting that was replayed without it."""
    _, tried = _all(whole)
    for item in tried.effects:
        shown = [result.counterexample for result in tried.found[item.control]]
        assert (item.file in tried.files) == (item.effect is Effect.EFFECTIVE)
        assert all(found is None or found.replayed for found in shown)


def test_a_memory_of_earlier_trials_changes_nothing(whole: Verification, tmp_path: Path) -> None:
    """With a cache, and again with a full one, every effect and every byte of evidence is the same."""
    _, plain = _all(whole)
    _, first = _all(whole, tmp_path)
    _, second = _all(whole, tmp_path)
    assert plain.evidence == first.evidence == second.evidence


@pytest.mark.parametrize(
    ("obligation", "effect"),
    [
        ("properties.quiet", Effect.REDUNDANT),
        ("limits.half", Effect.INSUFFICIENT),
        ("properties.unheard_of", Effect.UNKNOWN),
    ],
)
def test_a_control_that_nothing_implements_is_tried_as_it_stands(
    whole: Verification, obligation: str, effect: Effect
) -> None:
    """With nothing to remove, what holds is redundant and what breaks is insufficient; the reason is told."""
    trial = Trial("control", (), (obligation,), "nobody wrote it")
    tried = ablate(whole, [trial])
    (found,) = tried.effects
    assert found.effect is effect
    assert "there is nothing to remove" in found.meaning
    assert found.meaning.endswith("nobody wrote it")
    again, problems = checked(whole, [trial], json.loads(tried.evidence[Ablation.FILE]), {})
    assert problems == []
    assert again.as_json() == tried.as_json()


def test_a_control_without_elements_and_reason_is_not_tried(whole: Verification) -> None:
    """What nobody speaks of has no result, so that nobody takes one for granted."""
    assert ablate(whole, [Trial("control", (), ("properties.quiet",))]).effects == ()


def test_a_claimed_effect_of_what_nothing_implements_is_refused(whole: Verification) -> None:
    """Evidence that calls such a control effective does not convince."""
    trial = Trial("control", (), ("properties.quiet",), "nobody wrote it")
    stated = json.loads(ablate(whole, [trial]).evidence[Ablation.FILE])
    stated["effects"][0]["effect"] = "effective"
    assert checked(whole, [trial], stated, {})[1]


def test_nothing_but_the_elements_is_removed(whole: Verification) -> None:
    """The text and its hash stay: every result about the changed device names the one that was changed."""
    changed = without(whole.specification, ["interlocks.slow"])
    assert changed.sha256 == whole.specification.sha256
    assert changed.limits == whole.specification.limits
    assert whole.by_id()["limits.pace"].verdict is Verdict.PROVED
