"""Attacks on soundness: whatever goes wrong around a proof, nothing false or unconfirmed is called proved."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import z3

from corpus import CORPUS, text, verified
from stimproof.specs.expressions import INTEGER, TRUE, Literal
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Specification
from stimproof.verify import machine, parameters, recheck, solver, spacer
from stimproof.verify.recheck import Recheck
from stimproof.verify.results import Verdict, Verification
from stimproof.verify.run import DEFAULT_BUDGET, verify
from stimproof.verify.solver import Run

TRUE_MACHINE = "proved/rejected_configuration_disarms"
TIMED_MACHINE = "proved/watchdog_refreshed_by_its_own_task"
FALSE_MACHINE = "refuted/interrupt_overwrites_a_pending_change"
TRUE_LIMIT = "proved/interlock_needed"
FALSE_LIMIT = "refuted/charge_one_step_above_the_limit"
ALL = [TRUE_MACHINE, FALSE_MACHINE, TRUE_LIMIT, FALSE_LIMIT]


def decide(case: str, budget: int | None = None) -> Verification:
    """Verify one case of the corpus anew."""
    return verify(read_string(text(case)), budget=budget)


@pytest.fixture(scope="module", autouse=True)
def undisturbed() -> dict[str, Verification]:
    """Verify the cases before anything interferes; later calls find these results in the cache."""
    return {case: full(case) for case in ALL}


def full(case: str) -> Verification:
    """Return the verification of a case with nothing interfering."""
    return verified(CORPUS / f"{case}.yaml")


def proved(found: Verification) -> set[str]:
    """Return the ids of what is proved."""
    return {result.obligation.id for result in found.results if result.verdict is Verdict.PROVED}


def truly_proved(case: str) -> set[str]:
    """Return the ids of what is proved when nothing interferes."""
    return proved(full(case))


# ---- the second solver ----


@pytest.mark.parametrize("case", ALL)
@pytest.mark.parametrize(
    "answer",
    [
        Recheck(("sat",)),
        Recheck(("unknown",)),
        Recheck(()),
        Recheck(("unsat", "sat")),
        Recheck(("unsat",), "cvc5 stopped in the middle"),
    ],
    ids=["sat", "unknown", "silence", "one of two", "problem"],
)
def test_nothing_is_proved_that_the_second_solver_does_not_confirm(
    case: str, answer: Recheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever cvc5 says other than unsat to everything, no verdict is proved, and no mode is unreachable."""
    monkeypatch.setattr(recheck, "run", lambda *_: answer)
    found = decide(case)
    assert proved(found) == set()
    assert all(result.certificate is None for result in found.results)


def test_a_missing_second_solver_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where cvc5 cannot even be constructed, the verification fails loudly instead of trusting the first."""

    class Gone:
        def __init__(self, *_: object) -> None:
            raise RuntimeError("cvc5 is not here")

    monkeypatch.setattr(recheck.cvc5, "Solver", Gone)
    with pytest.raises(RuntimeError, match="not here"):
        decide(TRUE_MACHINE)


@pytest.mark.parametrize(
    "script",
    [
        "",
        "(check-sat)",
        "(assert false)",
        "(assert false)(check-sat)(check-sat",
        "nonsense",
        "(set-logic ALL)(exit)",
    ],
)
def test_only_a_script_that_asks_and_is_answered_is_confirmed(script: str) -> None:
    """A script that asks nothing, is satisfiable, or breaks off confirms nothing."""
    assert not recheck.run(script).confirmed


def test_the_second_solver_keeps_to_its_budget() -> None:
    """With one unit of resources a hard question is not answered unsat."""
    names = " ".join(f"(declare-const x{n} Int)" for n in range(8))
    script = f"(set-logic ALL){names}(assert (= (+ (* x0 x1 x2) (* x3 x4 x5) 1) (* 2 x6 x7 x0)))(check-sat)"
    assert not recheck.run(script, budget=1).confirmed


# ---- the first solver ----


def _gives_up(*_: object, **__: object) -> Any:
    raise solver.GaveUpError("it does not know")


@pytest.mark.parametrize("case", ALL)
def test_nothing_is_proved_when_the_first_solver_does_not_know(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every question to z3 ends in unknown, no verdict is proved."""
    monkeypatch.setattr(z3.Solver, "check", lambda *_: z3.unknown)
    monkeypatch.setattr(z3.Fixedpoint, "query", lambda *_: z3.unknown)
    assert proved(decide(case)) == set()


@pytest.mark.parametrize("case", ALL)
def test_a_first_solver_that_claims_everything_unsatisfiable_proves_nothing_false(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where z3 wrongly says that nothing can go wrong, the second solver still refuses what is false."""
    monkeypatch.setattr(solver.Formulas, "inductive", lambda *_, **__: True)
    monkeypatch.setattr(parameters.solver, "find", lambda *_: None)
    monkeypatch.setattr(solver.Search, "at_depth", _only_first_state(solver.Search.at_depth))
    assert proved(decide(case)) <= truly_proved(case)


def _only_first_state(original: Callable[..., Run | None]) -> Callable[..., Run | None]:
    def blind(self: solver.Search, depth: int, goal: Any, *, step: bool) -> Run | None:
        self.asked = depth + 1
        return original(self, 0, goal, step=step) if goal == TRUE else None

    return blind


@pytest.mark.parametrize("case", [TRUE_MACHINE, FALSE_MACHINE])
def test_a_wrong_invariant_proves_nothing(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that offers ``true`` as invariant for everything proves only what the types alone ensure."""
    monkeypatch.setattr(spacer, "ask", lambda *_: TRUE)
    assert proved(decide(case)) <= truly_proved(case)


def test_a_wrong_run_refutes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that the device cannot do is not shown as a counterexample: the verdict is unknown."""
    original = solver.Search.at_depth

    def lying(self: solver.Search, depth: int, goal: Any, *, step: bool) -> Run | None:
        run = original(self, depth, TRUE, step=step)
        assert run is not None
        return Run(tuple(_other_mode(state) for state in run.states), run.inputs)

    monkeypatch.setattr(solver.Search, "at_depth", lying)
    found = decide(TRUE_MACHINE).by_id()["properties.DISARMED"]
    assert found.verdict is Verdict.UNKNOWN
    assert found.counterexample is None


def test_a_wrong_derivation_refutes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that Spacer is said to have derived, and that the device cannot do, is no counterexample."""

    def lying(formulas: solver.Formulas, goal: Any, budget: int) -> Run:
        run = solver.Search(formulas, budget).at_depth(1, TRUE, step=False)
        assert run is not None
        return Run((*run.states[:-1], _other_mode(run.states[-1])), run.inputs, 0)

    monkeypatch.setattr(spacer, "ask", lying)
    monkeypatch.setattr(machine, "SHARE", DEFAULT_BUDGET + 1)
    found = decide(TRUE_MACHINE).by_id()["properties.DISARMED"]
    assert found.verdict is not Verdict.REFUTED
    assert found.counterexample is None


def _other_mode(state: Mapping[str, Any]) -> dict[str, Any]:
    return {**state, "ipg": "REJECTED", "armed": True}


# ---- budgets ----


@pytest.mark.parametrize("case", ALL)
@pytest.mark.parametrize("budget", [1, 100, 5_000])
def test_a_small_budget_loses_answers_and_never_makes_them(case: str, budget: int) -> None:
    """What a tiny budget proves or refutes is what a full one does; with one unit most stays unknown."""
    wanted = full(case).by_id()
    for result in decide(case, budget).results:
        if result.verdict is not Verdict.UNKNOWN:
            assert result.verdict is wanted[result.obligation.id].verdict


def test_a_budget_of_one_unit_proves_no_property() -> None:
    """With nothing to spend, no property of a machine is proved."""
    assert "properties.DISARMED" not in proved(decide(TRUE_MACHINE, 1))


def test_the_same_question_gets_the_same_answer() -> None:
    """Two processes that verify one text agree in every byte except the seconds they took."""
    program = """
import hashlib, json, sys
from stimproof.specs.reader import read_string
from stimproof.verify.run import verify
found = verify(read_string(sys.stdin.read()))
print(hashlib.sha256(json.dumps([found.as_json(timed=False), dict(found.files)]).encode()).hexdigest())
"""
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=text(TIMED_MACHINE),
            env={**os.environ, "PYTHONHASHSEED": number},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("case", ALL)
def test_asking_twice_in_one_process_changes_no_verdict(case: str) -> None:
    """What a process has decided before changes no verdict."""
    first, second = decide(case), decide(case)
    verdicts = [[(item.obligation.id, item.verdict) for item in found.results] for found in (first, second)]
    assert verdicts[0] == verdicts[1]


# ---- specifications that block ----


def broken_start(specification: Specification) -> Specification:
    """Return the specification with a counter whose first value is outside its own range."""
    item = replace(specification.variables["errors"], initial=Literal(1000, INTEGER))
    return replace(specification, variables={**specification.variables, "errors": item})


def test_no_initial_state_is_an_error_and_never_a_proof() -> None:
    """A device that cannot start satisfies every sentence; each of its obligations is an error instead."""
    given = read_string(text("proved/counter_saturates_and_output_stays_off"))
    found = verify(broken_start(given))
    about_errors = [item for item in found.results if item.obligation.id == "properties.STAYS_OFF"]
    assert [item.verdict for item in about_errors] == [Verdict.ERROR]
    assert "no initial state" in about_errors[0].reason


def test_no_initial_mode_is_never_a_proof() -> None:
    """A machine without a first mode has no state, and nothing about it is proved."""
    given = read_string(text(TRUE_MACHINE))
    item = replace(given.machines["ipg"], initial=())
    found = verify(replace(given, machines={"ipg": item}))
    assert {result.verdict for result in found.results} == {Verdict.ERROR}


def test_the_certificate_shows_that_there_is_a_first_state() -> None:
    """The scripts of a proof contain a first state; with another one they are refused."""
    found = full(TIMED_MACHINE)
    script = found.files["certificates/properties.SAFE_SOON/existence.smt2"]
    assert recheck.run(script).confirmed
    wrong = script.replace("(= s.ipg 0)", "(= s.ipg 1)", 1)
    assert wrong != script
    assert not recheck.run(wrong).confirmed


def test_an_empty_range_of_an_input_is_an_error_or_refused() -> None:
    """An environment that can present nothing blocks every step; nothing is proved about such a device."""
    given = read_string(text("proved/hysteresis"))
    item = replace(given.inputs["measured"], low=Fraction(300), high=Fraction(299))
    found = verify(replace(given, inputs={"measured": item}))
    assert "properties.COOL_FIRST" not in proved(found)


def test_a_mode_that_forbids_every_wait_blocks_no_event() -> None:
    """A mode in which no time may pass still takes events, so a claim about what follows is not vacuous."""
    found = decide("refuted/time_lock")
    assert found.by_id()["machines.ipg.modes.OFF.reachable"].verdict is Verdict.PROVED
    assert found.by_id()["machines.timelock"].verdict is Verdict.REFUTED


def test_what_leans_on_a_refuted_range_says_so() -> None:
    """A property proved about a number that leaves its range carries that in its ledger."""
    result = decide("refuted/integer_leaves_its_range").by_id()["properties.NOT_NEGATIVE"]
    assert result.verdict is Verdict.PROVED
    assert any("variables.level.range (refuted)" in entry for entry in result.assumptions)


def test_the_prover_never_reads_the_traces_it_wrote() -> None:
    """Deciding in another order gives the same verdicts: obligations share no hidden state."""
    specification = read_string(text(FALSE_MACHINE))
    prover = machine.MachineProver(specification, 50_000_000)
    from stimproof.verify.obligations import obligations

    wanted = {item.id: prover.decide(item).verdict for item in obligations(specification)}
    again = machine.MachineProver(specification, 50_000_000)
    backwards = {item.id: again.decide(item).verdict for item in reversed(obligations(specification))}
    assert wanted == backwards
