"""A small made-up device, its risk file, and verifications of it with chosen verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stimproof.hazards.reader import read_string as read_risk_file
from stimproof.specs.reader import read_string as read_specification
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Certificate, Result, Trace, Verdict, Verification

if TYPE_CHECKING:
    from collections.abc import Callable

    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.specification import Specification

SPECIFICATION = """\
stimproof: 1
device: {id: toy, name: Toy stimulator, component: ipg}
sources:
  manual: {title: "Toy manual"}
parameters:
  amplitude: {range: [0 mA, 5 mA], step: 0.1 mA, source: manual, confidence: seen}
limits:
  cap: {claim: "amplitude <= 5 mA"}
variables:
  output_on: {type: boolean, initial: false}
  t: {type: clock}
events:
  start: {}
  stop: {}
  tick: {kind: internal}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false}}
      ON: {entry: {output_on: true, t: 0 s}, stay: "t <= 5 s"}
    transitions:
      - {from: OFF, to: ON, event: start}
      - {from: ON, to: OFF, event: stop}
      - {from: ON, to: OFF, event: tick, guard: "t == 5 s"}
properties:
  off_is_off: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
  stops: {sentence: "upon stop the ipg shall immediately satisfy output_on == false"}
"""

RISK = """\
stimproof: 1
risk_file:
  device: toy
  edition: "ISO 14971:2019"
  severities: {minor: "passes without treatment", critical: "permanent impairment"}
  probabilities: {remote: "unlikely", frequent: "often"}
  acceptability:
    minor: [acceptable, reduce]
    critical: [reduce, unacceptable]
sources:
  review: {title: "A review of leads"}
evidence:
  RT01: {text: "lead migration 9.97 %", source: review, confidence: seen}
causes:
  too_much: {event: "an amplitude above what the patient tolerates"}
  stuck: {event: "the stop command is lost"}
  pull: {event: "the lead is pulled"}
hazards:
  strong: {hazard: "over-stimulation", catalogue: H01}
  moved: {hazard: "lead migration", catalogue: H10}
situations:
  shocked: {hazard: strong, situation: "stimulation too strong", causes: [too_much, stuck]}
  missed:
    hazard: moved
    situation: "the field reaches the wrong target"
    causes: [pull]
    p1: {evidence: [RT01]}
    elsewhere: {control: "anchoring of the lead", why: "software cannot hold a lead"}
harms:
  pain:
    harm: "pain"
    situations: [shocked]
    severity: {level: minor, confidence: judgement}
    residual: {level: remote, confidence: judgement, note: "made up for a test"}
  revision:
    harm: "revision surgery"
    situations: [missed]
    severity: {level: critical, confidence: judgement}
controls:
  bounded:
    control: "the amplitude is bounded"
    kind: inherent safety by design
    stops: [too_much]
    requirements: [R_cap]
    effectiveness: {documents: [{ref: "why five milliamperes suffice"}]}
    raises_none: "a bound delivers nothing"
  stop_works:
    control: "stop turns the output off"
    kind: protective measure
    justification: "stimulation cannot be made harmless by design"
    stops: [stuck]
    requirements: [R_stop]
    effectiveness: {documents: [{ref: "trial of the stop command"}]}
    raises_none: "therapy that is off can be started again"
overall_residual_risk:
  {method: "a look at all rows", criteria: "none is unacceptable", conclusion: acceptable, why: "made up"}
post_production:
  complaints: {collects: "complaints", reviewed_by: "the manufacturer"}
requirements:
  R_cap: {text: "no amplitude above 5 mA", verified_by: [limits.cap]}
  R_stop: {text: "the output is off after stop", verified_by: [properties.stops, properties.off_is_off]}
not_applicable:
"""


@pytest.fixture(scope="session")
def toy() -> Specification:
    """The made-up device."""
    return read_specification(SPECIFICATION)


@pytest.fixture
def risk() -> str:
    """A risk file in which nothing is missing: every other hazard of the catalogue does not apply."""
    rest = (number for number in range(1, 53) if number not in (1, 10))
    return RISK + "".join(f'  H{number:02}: {{why: "not part of this test"}}\n' for number in rest)


@pytest.fixture
def whole(toy: Specification, risk: str) -> RiskFile:
    """That risk file, read."""
    return read_risk_file(risk, toy)


@pytest.fixture(scope="session")
def verified(toy: Specification) -> Callable[..., Verification]:
    """Build a verification in which all is proved, but for the verdicts given by obligation id."""

    def build(specification: Specification = toy, **exceptions: Verdict) -> Verification:
        given = {name.replace("__", "."): verdict for name, verdict in exceptions.items()}
        results = []
        for item in obligations(specification):
            verdict = given.get(item.id, Verdict.PROVED)
            proved = verdict is Verdict.PROVED
            results.append(
                Result(
                    item,
                    verdict,
                    "test",
                    0,
                    reason="" if proved else "as the test wants it",
                    certificate=Certificate((f"certificates/{item.id}.smt2",), ("cvc5",)) if proved else None,
                    counterexample=Trace((), "", True, f"traces/{item.id}.json")
                    if verdict is Verdict.REFUTED
                    else None,
                )
            )
        return Verification(specification, tuple(results), {}, "test")

    return build
