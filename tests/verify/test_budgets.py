"""A budget that suffices for nothing: every reference device ends, and nothing that it cannot show passes."""

from __future__ import annotations

import pytest

from stimproof.project import library
from stimproof.status import Status, of_verification
from stimproof.verify import parameters
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Verdict
from stimproof.verify.run import verify

DEVICES = library()
FIRST, *OTHERS = [device.id for device in DEVICES]


@pytest.mark.parametrize("name", [FIRST, *(pytest.param(other, marks=pytest.mark.slow) for other in OTHERS)])
def test_one_unit_of_budget_decides_nothing(name: str) -> None:
    """No claim is proved and none refuted; only a law that does not apply says so, and nothing passes."""
    (device,) = (item for item in DEVICES if item.id == name)
    found = verify(device.specification, budget=1)
    open_still = [item for item in found.results if item.verdict is not Verdict.NOT_APPLICABLE]
    assert {item.verdict for item in open_still} == {Verdict.UNKNOWN}
    assert all(item.reason for item in open_still)
    assert found.files == {}
    assert of_verification(found) is Status.INCONCLUSIVE


def test_a_budget_for_a_few_settings_stops_after_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Evaluating a setting has its price: a budget buys what it pays for, and then the claim is open."""
    seen: list[object] = []

    def note(*told: object) -> bool:
        seen.append(told)
        return False

    monkeypatch.setattr(parameters, "violates", note)
    (device,) = (item for item in DEVICES if item.id == "drg-axium")
    prover = parameters.ParameterProver(device.specification, 3 * parameters.EVALUATION)
    bought = []
    for item in obligations(device.specification):
        if item.id.startswith("limits."):
            seen.clear()
            if prover.decide(item).verdict is Verdict.UNKNOWN:
                bought.append(len(seen))
    assert set(bought) <= {0, 1, 2, 3}
    assert 3 in bought
