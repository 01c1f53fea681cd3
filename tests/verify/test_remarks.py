"""What verdicts leave open is remarked."""

from __future__ import annotations

import pytest

from stimproof.specs.findings import Code
from stimproof.specs.reader import read_string
from stimproof.verify.run import verify

DEVICE = """\
stimproof: 1
device: {{id: leaning, name: Leaning, component: ipg}}
sources: {{manual: {{title: "A made-up manual"}}}}
parameters:
  amplitude: {{range: [0 mA, 5 mA], step: 0.1 mA, source: manual, confidence: seen}}
interlocks:
  cap: {{claim: "amplitude <= 4 mA", source: manual, confidence: seen{discharged}}}
limits:
  safe: {{claim: "amplitude <= {limit}"}}
  shown: {{claim: "amplitude >= 0 mA"}}
  broken: {{claim: "amplitude >= 1 mA"}}
"""


@pytest.mark.parametrize(
    ("discharged", "limit", "said"),
    [
        ("", "4 mA", ["nothing discharges it"]),
        (", discharged_by: limits.broken", "4 mA", ["limits.broken, which should discharge it, is refuted"]),
        (", discharged_by: limits.shown", "4 mA", []),
        (", discharged_by: test record T-17", "4 mA", []),
        ("", "5 mA", []),
    ],
)
def test_an_interlock_that_a_proof_needs_must_be_discharged(
    discharged: str, limit: str, said: list[str]
) -> None:
    """A proof that leans on an interlock is remarked, unless something shows that it is enforced."""
    found = verify(read_string(DEVICE.format(discharged=discharged, limit=limit))).findings
    messages = [item.message for item in found if item.code is Code.UNDISCHARGED]
    assert len(messages) == len(said)
    for message, part in zip(messages, said, strict=True):
        assert message.startswith("the proof of limits.safe leans on the interlock 'cap'")
        assert part in message
