"""Each engine by itself on each feature of the language: one claim that is true, and one that is false."""

import pytest

from engine_cases import CASES, ENGINES, Case, Claim, asked
from stimproof.verify.results import Setting, Trace

PROVING = {*ENGINES} - {"bounded search", "lasso"}
REFUTING = {*ENGINES} - {"induction", "lemmas", "mined", "deadline"}
QUICK = ("clocks", "inputs", "parameters", "upon_event")
"""The features that the default run looks at; the long one looks at all."""
ASKED = [
    pytest.param(
        case,
        claim,
        engine,
        id=f"{case.feature}-{claim.id}-{claim.wrong}-{engine.replace(' ', '_')}",
        marks=() if case.feature in QUICK else pytest.mark.slow,
    )
    for case in CASES
    for claim in case.claims
    for engine in claim.engines
]


@pytest.mark.parametrize(("case", "claim", "engine"), ASKED)
def test_a_true_claim_is_proved_and_never_refuted(case: Case, claim: Claim, engine: str) -> None:
    """An engine that proves does so, and the second solver confirms; one that only refutes finds nothing."""
    answer = asked(case, "").answer(engine, claim.id)
    assert answer.shown is None
    assert answer.proved is (engine in PROVING)


@pytest.mark.parametrize(("case", "claim", "engine"), ASKED)
def test_a_false_claim_is_refuted_by_a_replayed_run_and_never_proved(
    case: Case, claim: Claim, engine: str
) -> None:
    """An engine that refutes shows a run that replays, a shortest one if it promises so; no engine proves it.

    For an engine that only proves, the run is that of the bounded search, or of the search for loops.
    """
    answer = asked(case, claim.wrong).answer(engine, claim.id)
    assert not answer.proved
    if engine not in REFUTING:
        assert answer.shown is None
        witness = "lasso" if engine == "deadline" else "bounded search"
        answer = asked(case, claim.wrong).answer(witness, claim.id)
    assert isinstance(answer.shown, Trace | Setting)
    assert answer.shown.replayed
    if isinstance(answer.shown, Trace) and engine == "spacer":
        assert answer.shown.length >= claim.steps
    elif isinstance(answer.shown, Trace):
        assert answer.shown.length == claim.steps


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.feature)
def test_every_engine_is_asked_about_every_feature_or_says_why_not(case: Case) -> None:
    """No cell of the table is empty, and none is filled twice: a claim, or the reason why there is none."""
    named = {engine for claim in case.claims for engine in claim.engines}
    assert case.unread() == []
    assert named | case.silent.keys() == set(ENGINES)
    assert not named & case.silent.keys()
