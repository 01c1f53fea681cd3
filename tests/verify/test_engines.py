"""Each engine by itself, with one true and one false property; the false one gives a replayed witness."""

import pytest

from corpus import text
from stimproof.specs.expressions import FALSE
from stimproof.specs.reader import read_string
from stimproof.verify import confirming, machine, solver, spacer
from stimproof.verify.encoding import encode
from stimproof.verify.goals import watch
from stimproof.verify.interpreter import Interpreter
from stimproof.verify.machine import MachineProver
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Trace, Verdict

BUDGET = 50_000_000
TRUE_CASE, FALSE_CASE = (
    "proved/interrupt_respects_a_pending_change",
    "refuted/interrupt_overwrites_a_pending_change",
)
DEVICE = """
stimproof: 1
device: {id: engines, name: Engines}
variables:
  armed: {type: boolean, initial: false}
events: {arm: {}, fire: {}, stop: {}}
machines:
  ipg:
    initial: OFF
    modes: {OFF: {}, READY: {}, ON: {}}
    transitions:
      - {from: OFF, to: READY, event: arm, do: {armed: true}}
      - {from: READY, to: ON, event: fire}
      - {from: any, to: OFF, event: stop, do: {armed: false}}
properties:
  BY_ITSELF: {sentence: "in READY mode the device shall always satisfy armed"}
  NEEDS_MORE: {sentence: "in ON mode the device shall always satisfy armed"}
  FALSE: {sentence: "in ON mode the device shall never satisfy armed"}
"""


def formulas(name: str, device: str = DEVICE) -> tuple[solver.Formulas, object, MachineProver]:
    """Return a property's formulas and goal, and a prover for its device."""
    specification = read_string(device)
    obligation = next(item for item in obligations(specification) if item.id == f"properties.{name}")
    watched = watch(encode(specification), specification, obligation)
    return (
        solver.Formulas(watched.system.sliced(watched.goal)),
        watched.goal,
        MachineProver(specification, BUDGET),
    )


def test_induction_accepts_what_is_inductive_by_itself() -> None:
    """A claim that every step keeps is its own invariant; one that needs another fact is not, though true."""
    known, goal, _ = formulas("BY_ITSELF")
    assert known.inductive(goal, BUDGET, step=False)
    known, goal, _ = formulas("NEEDS_MORE")
    assert not known.inductive(goal, BUDGET, step=False)


def test_induction_never_accepts_what_is_false() -> None:
    """A claim that some run violates is not inductive; the whole prover shows the run."""
    known, goal, prover = formulas("FALSE")
    assert not known.inductive(goal, BUDGET, step=False)
    refuted(prover, "FALSE", 2)


def test_spacer_finds_the_missing_fact() -> None:
    """A true claim that is not inductive by itself gets an invariant that implies it."""
    known, goal, _ = formulas("NEEDS_MORE")
    assert not isinstance(spacer.ask(known, goal, BUDGET), solver.Run)


def test_spacer_has_no_invariant_for_what_is_false() -> None:
    """For a violated claim it gives a run, which replays, and the prover shows a shortest one."""
    known, goal, prover = formulas("FALSE")
    run = spacer.ask(known, goal, BUDGET)
    assert isinstance(run, solver.Run)
    obligation = next(item for item in obligations(prover.specification) if item.id == "properties.FALSE")
    _, judgement = confirming.confirm(Interpreter(prover.specification), obligation, run)
    assert judgement.shown
    refuted(prover, "FALSE", 2)


def test_bounded_search_finds_the_shortest_run_and_nothing_where_there_is_none() -> None:
    """Asked depth by depth, the search finds the violation at its least depth, and replays it."""
    known, goal, prover = formulas("FALSE")
    search = solver.Search(known, BUDGET)
    assert [search.at_depth(depth, goal, step=False) for depth in (0, 1)] == [None, None]
    run = search.at_depth(2, goal, step=False)
    assert run is not None
    obligation = next(item for item in obligations(prover.specification) if item.id == "properties.FALSE")
    history, judgement = confirming.confirm(Interpreter(prover.specification), obligation, run)
    assert judgement.shown
    assert [step.event for step in history.steps] == ["arm", "fire"]
    known, goal, _ = formulas("NEEDS_MORE")
    search = solver.Search(known, BUDGET)
    assert [search.at_depth(depth, goal, step=False) for depth in range(12)] == [None] * 12


@pytest.mark.parametrize(("name", "engine"), [("BY_ITSELF", "induction"), ("NEEDS_MORE", "spacer")])
def test_portfolio_says_which_engine_decided(name: str, engine: str) -> None:
    """The result names the engine whose invariant the second solver accepted."""
    _, _, prover = formulas(name)
    obligation = next(item for item in obligations(prover.specification) if item.id == f"properties.{name}")
    result = prover.decide(obligation)
    assert (result.verdict, result.engine) == (Verdict.PROVED, engine)


@pytest.mark.parametrize("engine", ["induction", "spacer"])
def test_each_proving_engine_alone_is_right(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the other proving engine silenced, what is true is proved or open, what is false refuted."""

    def silent(*_: object) -> None:
        return None

    other = {"induction": "spacer", "spacer": "induction"}[engine]
    silent.__name__ = other
    monkeypatch.setattr(machine, "DEEP", 9)
    monkeypatch.setattr(MachineProver, other, staticmethod(silent))
    for case, allowed in ((TRUE_CASE, {Verdict.PROVED, Verdict.UNKNOWN}), (FALSE_CASE, {Verdict.REFUTED})):
        specification = read_string(text(case))
        prover = MachineProver(specification, BUDGET)
        obligation = next(item for item in obligations(specification) if item.id == "properties.OFF_WINS")
        assert prover.decide(obligation).verdict in allowed


def refuted(prover: MachineProver, name: str, length: int) -> None:
    """Demand a refutation with a replayed trace of a length."""
    obligation = next(item for item in obligations(prover.specification) if item.id == f"properties.{name}")
    result = prover.decide(obligation)
    assert result.verdict is Verdict.REFUTED
    assert isinstance(result.counterexample, Trace)
    assert result.counterexample.replayed
    assert result.counterexample.length == length


@pytest.mark.parametrize(
    ("case", "name", "engine", "verdict"),
    [
        ("proved/recovery_after_a_lockout", "UNLOCK", "strategy", Verdict.PROVED),
        ("refuted/empty_battery_is_a_trap", "SESSIONS", "trap", Verdict.REFUTED),
        ("proved/answer_after_two_bounded_modes", "ANSWER", "spacer", Verdict.PROVED),
        ("refuted/bounded_modes_take_turns_for_ever", "FOUND", "bounded search", Verdict.REFUTED),
        ("proved/charge_bounded_by_its_factors", "CHARGE", "lemmas", Verdict.PROVED),
        ("refuted/charge_checked_when_only_one_factor_changes", "CHARGE", "bounded search", Verdict.REFUTED),
    ],
)
def test_engines_of_recovery_liveness_and_products(
    case: str, name: str, engine: str, verdict: Verdict
) -> None:
    """Each has a true and a false claim: a certificate for one, a replayed run for the other."""
    specification = read_string(text(case))
    prover = MachineProver(specification, BUDGET)
    obligation = next(item for item in obligations(specification) if item.id == f"properties.{name}")
    result = prover.decide(obligation)
    assert (result.verdict, result.engine) == (verdict, engine)
    assert (result.certificate is not None) is (verdict is Verdict.PROVED or engine == "trap")
    shown = result.counterexample
    assert shown is None if verdict is Verdict.PROVED else isinstance(shown, Trace) and shown.replayed


def test_a_product_that_its_factors_do_not_bound_gets_no_lemma() -> None:
    """Where the bounds of the factors allow more than the claim, bounds on factors prove nothing."""
    specification = read_string(text("refuted/charge_checked_when_only_one_factor_changes"))
    prover = MachineProver(specification, BUDGET)
    obligation = next(item for item in obligations(specification) if item.id == "properties.CHARGE")
    watched = watch(prover.system, specification, obligation)
    known = solver.Formulas(watched.system.sliced(watched.goal), prover.formulas.translate)
    assert prover.lemmas(known, watched.goal) is None


def test_a_run_that_is_perhaps_not_a_shortest_one_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the search for a shorter run has no budget, the reason tells what is known of one."""
    monkeypatch.setattr(machine, "SHARE", BUDGET + 1)
    specification = read_string(text("refuted/fifty_steps_to_a_violation"))
    prover = MachineProver(specification, BUDGET)
    obligation = next(item for item in obligations(specification) if item.id == "properties.LONG")
    result = prover.decide(obligation)
    assert (result.verdict, result.engine) == (Verdict.REFUTED, "spacer")
    assert isinstance(result.counterexample, Trace)
    assert result.counterexample.replayed
    assert "after 50 steps; no run of up to 24 steps shows it" in result.reason


def test_a_machine_that_waits_is_proved_by_a_strategy_or_refuted_by_a_trap() -> None:
    """Where a machine cannot move by itself, plans of the whole device decide, or a trap."""
    for case, engine, verdict in (
        ("proved/deadlock_only_without_the_other_machine", "strategy", Verdict.PROVED),
        ("refuted/machine_waits_for_one_that_has_ended", "trap", Verdict.REFUTED),
    ):
        specification = read_string(text(case))
        prover = MachineProver(specification, BUDGET)
        obligation = next(item for item in obligations(specification) if item.id == "machines.pump.deadlock")
        result = prover.decide(obligation)
        assert (result.verdict, result.engine) == (verdict, engine)
        assert result.certificate is not None


@pytest.mark.parametrize(
    ("case", "name", "engine", "verdict"),
    [
        ("proved/armed_before_it_fires", "ARMED_FIRST", "mined", Verdict.PROVED),
        ("refuted/fires_without_being_armed", "ARMED_FIRST", "bounded search", Verdict.REFUTED),
        ("proved/output_only_after_the_check", "CHECKED_FIRST", "mined", Verdict.PROVED),
        ("refuted/output_before_the_check", "CHECKED_FIRST", "bounded search", Verdict.REFUTED),
        ("proved/alarm_sounds_until_acknowledged", "SOUNDS", "mined", Verdict.PROVED),
        ("refuted/alarm_gives_up", "SOUNDS", "bounded search", Verdict.REFUTED),
    ],
)
def test_mined_facts_decide_where_spacer_gives_up(
    case: str, name: str, engine: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is true is proved by simple facts, confirmed by the second solver; what is false has its run."""

    def silent(*_: object) -> None:
        raise solver.GaveUpError("silenced")

    monkeypatch.setattr(spacer, "ask", silent)
    specification = read_string(text(case))
    obligation = next(item for item in obligations(specification) if item.id == f"properties.{name}")
    result = MachineProver(specification, BUDGET).decide(obligation)
    assert (result.verdict, result.engine) == (verdict, engine)
    assert (result.certificate is not None) is (verdict is Verdict.PROVED)


def test_what_takes_long_to_prove_is_searched_deeper_before_it_has_the_whole_budget(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A violation of a dozen steps costs a small part of Spacer's budget, and its run is a shortest one."""
    asked: list[int] = []

    def spent(_formulas: object, _goal: object, budget: int) -> None:
        asked.append(budget)
        raise solver.GaveUpError("max. resource limit exceeded")

    monkeypatch.setattr(spacer, "ask", spent)
    specification = read_string(text("refuted/fifty_steps_to_a_violation").replace("n == 50", "n == 12"))
    obligation = next(item for item in obligations(specification) if item.id == "properties.LONG")
    result = MachineProver(specification, BUDGET).decide(obligation)
    assert (result.verdict, result.engine) == (Verdict.REFUTED, "bounded search")
    assert isinstance(result.counterexample, Trace)
    assert result.counterexample.length == 12
    assert asked == [BUDGET // spacer.BRIEF]


@pytest.mark.parametrize("budget", [1, 15, 19])
def test_a_part_of_next_to_nothing_is_not_a_budget_without_limit(
    monkeypatch: pytest.MonkeyPatch, budget: int
) -> None:
    """To z3 a budget of 0 is none at all: what is divided among engines never comes to that."""
    asked: list[int] = []
    monkeypatch.setattr(machine.spacer, "ask", lambda _formulas, _goal, share: asked.append(share) or FALSE)
    monkeypatch.setattr(machine, "mined", lambda _system, _specification, _goal, share: asked.append(share))
    made, goal, _ = formulas("NEEDS_MORE")
    prover = MachineProver(read_string(DEVICE), budget)
    prover.spacer_briefly(made, goal)
    prover.mined(made, goal)
    assert len(asked) == 2
    assert min(asked) >= 1
