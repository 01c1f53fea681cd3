"""Every lint finds what it is for, names its place, and says nothing about what is in order."""

from __future__ import annotations

import pytest

from stimproof.specs.errors import SpecificationError
from stimproof.specs.extending import gather
from stimproof.specs.findings import Code, Severity
from stimproof.specs.reader import read_string
from stimproof.specs.reading import read_text

CLEAN = """\
stimproof: 1
device: {id: clean, name: Clean, component: ipg}
sources:
  manual: {title: Manual}
electrodes:
  contact:
    geometry:
      shape: given
      area: {value: 6 mm^2, source: manual, confidence: seen}
    area_tolerance: {value: 5 %, source: manual, confidence: seen}
    material: {value: Pt, source: manual, confidence: seen}
    tissue: {value: brain, source: manual, confidence: seen}
parameters:
  ceiling:
    {range: [0 mA, 5 mA], step: 0.1 mA, default: 0 mA, source: manual, confidence: seen}
  amplitude:
    range: [0 mA, 5 mA]
    step: 0.1 mA
    default: 0 mA
    tolerance: {value: 5 %, source: manual, confidence: seen}
    at_most: {parameter: ceiling, discharged_by: test 7}
    source: manual
    confidence: seen
  width: {range: [60 us, 450 us], step: 10 us, default: 60 us, source: manual, confidence: seen}
  rate: {range: [2 Hz, 250 Hz], step: 1 Hz, default: 130 Hz, source: manual, confidence: seen}
  share: {range: [0 %, 100 %], step: 1 %, default: 0 %, source: manual, confidence: seen}
stimuli:
  therapy:
    electrode: contact
    amplitude: amplitude
    pulse_width: width
    frequency: rate
    waveform:
      phases: [{polarity: cathodic}, {polarity: anodic}]
      interphase_gap: {value: 50 us, source: manual, confidence: seen}
      source: manual
      confidence: seen
interlocks:
  little: {claim: "amplitude * share <= 5 mA", source: manual, confidence: seen}
limits:
  density: {law: charge_density, stimulus: therapy, limit: 30 uC/cm^2, source: manual, confidence: seen}
  enough: {claim: "amplitude <= 5 mA", source: manual, confidence: seen}
  half: {claim: "share <= 50 %", source: manual, confidence: seen}
variables:
  output: {type: boolean, initial: false}
  count: {type: integer, range: [0, 3], overflow: saturate, initial: 0}
  t: {type: clock}
inputs:
  level: {type: integer, range: [0, 3]}
events:
  go: {}
  halt: {}
  over: {kind: internal}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output: false}}
      ON: {entry: {output: true, t: 0 s}, stay: "t <= 5 s"}
    transitions:
      - {from: OFF, to: ON, event: go, do: {count: level}}
      - {from: ON, to: OFF, event: over, guard: "t == 5 s", source: manual, confidence: seen}
      - {from: ON, to: OFF, event: halt}
properties:
  quiet: {sentence: "in OFF mode the ipg shall never satisfy output"}
  few: {sentence: "the ipg shall always satisfy count <= 3"}
"""

CASES = {
    "a source": (
        "manual: {title: Manual}",
        "manual: {title: Manual}\n  other: {title: Other}",
        Code.SOURCE_NOT_CITED,
        "sources.other",
    ),
    "an event": ("  halt: {}\n", "  halt: {}\n  spare: {}\n", Code.EVENT_NOT_HANDLED, "events.spare"),
    "a variable": (
        "  t: {type: clock}",
        "  t: {type: clock}\n  idle: {type: boolean, initial: false}",
        Code.UNUSED,
        "variables.idle",
    ),
    "an input": (
        "{type: integer, range: [0, 3]}\nevents",
        "{type: integer, range: [0, 3]}\n  odd: {type: boolean}\nevents",
        Code.UNUSED,
        "inputs.odd",
    ),
    "a limit about nothing": (
        'half: {claim: "share <= 50 %"',
        'half: {claim: "1 <= 2"',
        Code.UNUSED,
        "limits.half",
    ),
    "a mode never entered": (
        'ON: {entry: {output: true, t: 0 s}, stay: "t <= 5 s"}',
        'ON: {entry: {output: true, t: 0 s}, stay: "t <= 5 s"}\n      LOST: {terminal: true}',
        Code.MODE_NEVER_ENTERED,
        "machines.ipg.modes.LOST",
    ),
    "a transition in another's shadow": (
        "      - {from: ON, to: OFF, event: halt}",
        "      - {from: ON, to: OFF, event: halt}\n      - {from: any, to: OFF, event: halt, priority: 2}",
        Code.SHADOWED,
        "machines.ipg.transitions[2]",
    ),
    "a clock that nothing stops in time": (
        'guard: "t == 5 s"',
        'guard: "t == 4 s"',
        Code.CLOCK_EQUALITY,
        "machines.ipg.transitions[1]",
    ),
    "a bound that ends earlier": (
        "{range: [0 mA, 5 mA], step: 0.1 mA, default: 0 mA, source",
        "{range: [0 mA, 4 mA], step: 0.1 mA, default: 0 mA, source",
        Code.RANGE_WIDER,
        "parameters.amplitude",
    ),
    "an input wider than what stores it": (
        "level: {type: integer, range: [0, 3]}",
        "level: {type: integer, range: [0, 9]}",
        Code.RANGE_WIDER,
        "machines.ipg.transitions[0]",
    ),
    "firmware that knows deliveries": (
        '"amplitude * share <= 5 mA"',
        '"delivered(amplitude) * share <= 5 mA"',
        Code.DELIVERED_INTERLOCK,
        "interlocks.little",
    ),
    "a plain number beside per cent": ("share <= 50 %", "share <= 50", Code.PERCENT, "limits.half"),
    "a unit a thousand times too large": (
        '"amplitude <= 5 mA"',
        '"amplitude <= 5 A"',
        Code.UNIT_SLIP,
        "limits.enough",
    ),
    "a unit a thousand times too small": (
        '"amplitude <= 5 mA"',
        '"amplitude <= 5 uA"',
        Code.UNIT_SLIP,
        "limits.enough",
    ),
    "a guard's number without a source": (
        ', guard: "t == 5 s", source: manual, confidence: seen}',
        ', guard: "t == 5 s"}',
        Code.MISSING_SOURCE,
        "machines.ipg.transitions[1]",
    ),
}


def _found(text: str) -> list[tuple[Code, str]]:
    return [(item.code, item.location.path) for item in read_string(text).findings]


def test_nothing_is_said_about_what_is_in_order() -> None:
    """A specification without a mistake has no finding."""
    assert _found(CLEAN) == []


@pytest.mark.parametrize("name", CASES)
def test_a_lint_finds_its_mistake_and_nothing_else(name: str) -> None:
    """One mistake gives one finding, at the place where it was written."""
    old, new, code, path = CASES[name]
    assert CLEAN.count(old) == 1
    assert _found(CLEAN.replace(old, new)) == [(code, path)]


def test_an_interlock_without_a_limit_is_unused() -> None:
    """An interlock counts as used only if some limit speaks of a parameter that it constrains."""
    text = CLEAN.replace('  half: {claim: "share <= 50 %", source: manual, confidence: seen}\n', "").replace(
        '"amplitude * share <= 5 mA"', '"share <= 90 %"'
    )
    assert _found(text) == [(Code.UNUSED, "interlocks.little")]


def test_a_dead_end_is_named_unless_it_is_meant() -> None:
    """A mode without a way out is a finding; 'terminal: true' says that it is meant."""
    more = "      END: {}\n    transitions:\n      - {from: OFF, to: END, event: halt}\n"
    text = CLEAN.replace("    transitions:\n", more)
    assert _found(text) == [(Code.MODE_NEVER_LEFT, "machines.ipg.modes.END")]
    assert _found(text.replace("END: {}", "END: {terminal: true}")) == []


def test_a_property_about_what_never_changes() -> None:
    """A property that mentions only what no transition sets is a finding; of 'unchanged' it is a note."""
    fixed = "  fixed: {type: boolean, initial: true}\n  t: {type: clock}"
    text = CLEAN.replace("  t: {type: clock}", fixed)
    about = text.replace("satisfy count <= 3", "satisfy fixed").replace(
        "do: {count: level}", "guard: level > 1"
    )
    found = {item.code: item.weight for item in read_string(about).findings}
    assert found[Code.STATIC_PROPERTY] is Severity.WARNING
    kept = text.replace("the ipg shall always satisfy count <= 3", "halt shall leave fixed unchanged")
    found = {item.code: item.weight for item in read_string(kept).findings}
    assert found[Code.STATIC_PROPERTY] is Severity.NOTE


def test_what_an_override_leaves_unused_is_no_finding() -> None:
    """An inherited entry that only an override made useless is not the author's to remove."""
    text = """\
stimproof: 1
extends: drg-axium
remove: [limits.charge_per_phase]
device: {id: mine, name: Mine}
"""
    source = gather([read_text(text, "mine.yaml")], None)
    names = sorted(source.data["limits"])
    whole = text.replace("limits.charge_per_phase", ", ".join(f"limits.{name}" for name in names))
    found = [item for item in read_string(whole).findings if item.code is Code.UNUSED]
    assert found == []


def test_a_comma_that_ends_a_text_is_explained() -> None:
    """A comma inside braces ends a text; the advice is to quote it, not to look for a key."""
    text = CLEAN.replace("t: {type: clock}", "t: {type: clock, doc: time since a, or b}")
    with pytest.raises(SpecificationError) as caught:
        read_string(text)
    (found,) = caught.value.findings
    assert found.code is Code.UNKNOWN_KEY
    assert "quote the text" in found.advice
