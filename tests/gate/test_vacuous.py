"""A proof about something that never happens does not open the gate."""

from __future__ import annotations

from stimproof.gate.judgement import Outcome, obligations
from stimproof.specs.reader import read_string
from stimproof.verify.results import Verdict
from stimproof.verify.run import verify

SPECIFICATION = """\
stimproof: 1
device: {id: idle, name: Idle, component: ipg}
variables:
  on: {type: boolean, initial: false}
  hot: {type: boolean, initial: false}
events: {go: {}}
machines:
  ipg:
    initial: A
    modes: {A: {}}
    transitions: [{from: A, event: go, do: {on: not on}}]
properties:
  empty: {sentence: "whenever hot the ipg shall immediately satisfy not on"}
  full: {sentence: "whenever on the ipg shall immediately satisfy not hot"}
"""


def test_a_vacuous_proof_leaves_the_gate_inconclusive() -> None:
    """A requirement whose premise never holds is proved, and protects nobody."""
    found = verify(read_string(SPECIFICATION), only=["properties"])
    assert [result.verdict for result in found.results] == [Verdict.PROVED, Verdict.PROVED]
    empty, full = obligations(found)
    assert (empty.outcome, full.outcome) == (Outcome.INCONCLUSIVE, Outcome.PASSED)
    assert "can never happen" in empty.message
