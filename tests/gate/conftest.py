"""A made-up device and made-up results about it: the gate judges results, it does not prove."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from stimproof.hazards.report import TraceReport
from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Specification
from stimproof.verify.results import (
    Certificate,
    Obligation,
    Result,
    Setting,
    Trace,
    TraceStep,
    Verdict,
    Verification,
)

SPECIFICATION = """
stimproof: 1
device: {id: toy, name: "Toy <stimulator> | one", component: ipg}
sources: {manual: {title: Toy manual}}
electrodes:
  contact:
    geometry:
      shape: cylinder
      diameter: {value: 1.27 mm, source: manual, confidence: seen}
      length: {value: 1.5 mm, source: manual, confidence: uncertain}
    area_tolerance: {value: 5 %, source: manual, confidence: seen}
    material: {value: Pt/Ir, source: manual, confidence: seen}
    tissue: {value: brain, source: manual, confidence: seen}
variables:
  output_on: {type: boolean, initial: false}
events:
  start: {}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false}}
      ON: {entry: {output_on: true}}
    transitions:
      - {from: OFF, to: ON, event: start}
properties:
  P1: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
"""


@pytest.fixture
def specification() -> Specification:
    """A small specification with one uncertain number."""
    return read_string(SPECIFICATION, "specs/device.yaml")


Make = Callable[..., Result]


@pytest.fixture
def result() -> Make:
    """A result about an obligation that stands at line 20, column 3."""

    def make(name: str, verdict: Verdict, **more: object) -> Result:
        place = Location("specs/device.yaml", 20, 3, name)
        obligation = Obligation(name, "invariant", f"{name} holds", place, name)
        made = Result(obligation, verdict, "spacer", 0.25, **more)  # type: ignore[arg-type]
        if verdict is Verdict.PROVED and not more:
            return replace(made, certificate=Certificate(("certificates/a.smt2",), ("cvc5 1.4",)))
        return made

    return make


@pytest.fixture
def run() -> Trace:
    """A run of two steps: the beginning, and 'start', on which the toy's transition fires."""
    first = TraceStep(None, None, (), (("ipg", "OFF"), ("output_on", "false")), (), (), None, (), ())
    state = (("ipg", "ON"), ("output_on", "true"))
    second = TraceStep(
        "start",
        None,
        (("temp", "43 degC"),),
        state,
        ("ipg", "output_on"),
        ("ipg T1: OFF → ON on start",),
        None,
        (),
        (),
    )
    return Trace((first, second), "the output is on", replayed=True, file="traces/P1.json")


@pytest.fixture
def setting() -> Setting:
    """A setting that can be programmed and breaks a limit."""
    return Setting(
        (("amplitude", "5 mA"),),
        (),
        (("charge", "2.5 uC"),),
        "the charge is above 1 uC",
        replayed=True,
        file="",
    )


@pytest.fixture
def verification(specification: Specification) -> Callable[..., Verification]:
    """A verification of the toy with the given results."""
    return lambda *results: Verification(specification, results, {"z3": "5.4", "cvc5": "1.4"}, "0.1.0")


@pytest.fixture
def traced() -> Callable[..., TraceReport]:
    """A hazard trace with the given findings."""

    def make(*findings: Finding, verified: bool = True) -> TraceReport:
        return TraceReport("toy", "", "", verified, (), (), (), findings, ())

    return make


@pytest.fixture
def gap() -> Finding:
    """A finding that no gate passes with."""
    place = Location("hazards/risk.yaml", 7, 5, "controls.c1")
    return Finding(Code.UNCONTROLLED, place, "nothing stops it")
