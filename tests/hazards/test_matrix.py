from __future__ import annotations

import pytest

from stimproof.hazards.matrix import Acceptability, RiskMatrix

A, R, U = Acceptability


def test_an_unknown_probability_counts_as_the_highest() -> None:
    """Where nobody knows how probable a harm is, its severity alone decides."""
    matrix = RiskMatrix(("minor", "grave"), ("rare", "often"), ((A, R), (R, U)))
    assert matrix.evaluate("grave", None) is U
    assert matrix.evaluate("minor", None) is R
    assert matrix.evaluate("grave", "rare") is R


@pytest.mark.parametrize(
    ("rows", "severities"),
    [
        (((A, R), (R, U)), []),
        (((R, A), (R, U)), ["minor"]),
        (((A, U), (A, R)), ["grave"]),
        (((U, R), (R, A)), ["minor", "grave", "grave", "grave"]),
    ],
)
def test_a_greater_risk_is_never_judged_more_mildly(
    rows: tuple[tuple[Acceptability, ...], ...], severities: list[str]
) -> None:
    """A matrix that grows milder with probability or with severity is a defect of the policy."""
    matrix = RiskMatrix(("minor", "grave"), ("rare", "often"), rows)
    assert [severity for severity, _ in matrix.defects()] == severities
