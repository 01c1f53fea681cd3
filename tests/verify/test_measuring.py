"""A refutation of a limit is read a second time, by arithmetic that shares nothing with its law's draft."""

from __future__ import annotations

import ast
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from stimproof.specs.reader import read_string
from stimproof.verify import measuring, measuring_time, meters, prepared
from stimproof.verify.results import Setting, Verdict
from stimproof.verify.run import verify

DEVICE = """\
stimproof: 1
device: {id: measured, name: Measured, component: ipg}
sources: {manual: {title: "A made-up manual"}}
electrodes:
  contact:
    geometry: {shape: disc, diameter: {value: 3 mm, source: manual, confidence: seen}}
    area_tolerance: {value: 10 %, source: manual, confidence: seen}
    material: {value: Pt, source: manual, confidence: seen}
    tissue: {value: cortex, source: manual, confidence: seen}
parameters:
  amplitude: {range: [0 mA, 20 mA], step: 1 mA, source: manual, confidence: seen,
              tolerance: {value: 5 %, source: manual, confidence: seen}}
  width: {range: [100 us, 1000 us], step: 100 us, source: manual, confidence: seen,
          tolerance: {value: 2 %, source: manual, confidence: seen}}
  rate: {range: [50 Hz, 500 Hz], step: 50 Hz, source: manual, confidence: seen,
         tolerance: {value: 1 %, source: manual, confidence: seen}}
stimuli:
  train:
    electrode: contact
    amplitude: amplitude
    pulse_width: width
    frequency: rate
    waveform:
      phases: [{polarity: cathodic}, {polarity: cathodic, amplitude: 0.5}, {polarity: anodic, width: 1.5}]
      interphase_gap: {value: 100 us, source: manual, confidence: seen}
      source: manual
      confidence: seen
limits:
  charge: {law: charge_per_phase, stimulus: train, limit: 10 uC, source: manual, confidence: seen}
  density: {law: charge_density, stimulus: train, limit: 30 uC/cm^2, source: manual, confidence: seen}
  capacity: {law: charge_injection_capacity, stimulus: train, limit: 50 uC/cm^2, source: manual,
             confidence: seen}
  line: {law: shannon, stimulus: train, limit: 1.85, source: manual, confidence: seen, argument: "made up"}
  timing: {law: timing, stimulus: train}
  claim: {claim: "delivered(amplitude) <= 20 mA", source: manual, confidence: seen}
"""
LIMITS = ("charge", "density", "capacity", "line", "timing", "claim")


def refuted(name: str) -> tuple[Any, Any, dict[str, Fraction]]:
    """Return the specification, the limit and the exact setting that refutes it."""
    specification = read_string(DEVICE)
    (result,) = verify(specification, only=[f"limits.{name}"]).results
    assert result.verdict is Verdict.REFUTED
    assert isinstance(result.counterexample, Setting)
    exact = {key: Fraction(text) for key, text in result.counterexample.exact}
    return specification, specification.limits[name], exact


@pytest.mark.parametrize("name", LIMITS)
def test_both_readings_agree_on_what_is_refuted(name: str) -> None:
    """What a law's draft refutes, plain arithmetic refutes."""
    assert measuring.refutes(*refuted(name))


@pytest.mark.parametrize("name", LIMITS)
def test_a_harmless_setting_refutes_nothing(name: str) -> None:
    """At the smallest setting no limit of the device is broken."""
    specification, limit, exact = refuted(name)
    least = {key: specification.parameters[key.removesuffix(".delivered")].low for key in exact}
    assert not measuring.refutes(specification, limit, least)


@pytest.mark.parametrize("name", LIMITS)
def test_what_cannot_be_programmed_or_delivered_refutes_nothing(name: str) -> None:
    """A value off the grid, or delivered outside the tolerance, is no counterexample."""
    specification, limit, exact = refuted(name)
    for key, value in exact.items():
        assert not measuring.refutes(specification, limit, {**exact, key: value * Fraction(1070001, 1000000)})


def test_a_draft_that_is_wrong_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a draft refutes too much, the second reading leaves the claim unknown instead of refuted."""
    honest = prepared.prepare

    def wrong(specification: Any, limit: Any) -> Any:
        given = honest(specification, limit)
        harsher = replace(given.problem.claim, args=tuple(reversed(given.problem.claim.args)))
        return replace(given, problem=replace(given.problem, claim=harsher))

    monkeypatch.setattr("stimproof.verify.parameters.prepare", wrong)
    text = DEVICE.replace("limit: 10 uC", "limit: 100 uC")
    (result,) = verify(read_string(text), only=["limits.charge"]).results
    assert result.verdict is Verdict.UNKNOWN
    assert result.counterexample is None


def test_the_second_reading_is_independent() -> None:
    """It imports neither drafts nor problems nor encoders nor solvers."""
    imported: set[str] = set()
    for module in (measuring, measuring_time, meters):
        tree = ast.parse(Path(module.__file__).read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and "verify" in node.module:
                imported |= {f"{node.module}.{name.name}" for name in node.names}
    own = ("measuring", "measuring_time", "meters", "settings")
    assert all(name.startswith("stimproof.verify.") and name.split(".")[2] in own for name in imported)
