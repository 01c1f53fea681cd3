"""A budget that suffices for nothing: every reference device ends, and nothing that it cannot show passes."""

from __future__ import annotations

import pytest

from stimproof.project import library
from stimproof.status import Status, of_verification
from stimproof.verify.results import Setting, Verdict
from stimproof.verify.run import verify

DEVICES = library()
FIRST, *OTHERS = [device.id for device in DEVICES]


@pytest.mark.parametrize("name", [FIRST, *(pytest.param(other, marks=pytest.mark.slow) for other in OTHERS)])
def test_one_unit_of_budget_proves_no_machine_and_passes_nothing(name: str) -> None:
    """No claim about a machine is decided; what stands needed no search, and the status is never 'passed'."""
    (device,) = (item for item in DEVICES if item.id == name)
    found = verify(device.specification, budget=1)
    of_machines = [item for item in found.results if not item.obligation.id.startswith("limits.")]
    assert {item.verdict for item in of_machines} <= {Verdict.UNKNOWN}
    assert all(item.reason for item in of_machines)
    assert all(
        isinstance(item.counterexample, Setting) for item in found.results if item.verdict is Verdict.REFUTED
    )
    refuted = found.count(Verdict.REFUTED)
    assert of_verification(found) is (Status.SAFETY_FINDING if refuted else Status.INCONCLUSIVE)
