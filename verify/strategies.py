"""Deciding whether one can always get there: plans until none is missing, or a trap."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from stimproof.specs.expressions import FALSE, TRUE, Expression, Value, conj, negate
from stimproof.verify import certificates, confirming, recheck, replay, solver, spacer
from stimproof.verify.interpreter import Outcome, ReplayError, evaluate
from stimproof.verify.obligations import machine_of
from stimproof.verify.recovery import Move, Plan, Recovery, plan_text
from stimproof.verify.results import Certificate, Obligation, Result, Verdict, evidence_text, shown_text
from stimproof.verify.system import TICK

if TYPE_CHECKING:
    from stimproof.specs.specification import CanReach
    from stimproof.verify.machine import MachineProver
    from stimproof.verify.proof import Proof
    from stimproof.verify.system import TransitionSystem

PLANNED = "strategy"
TRAPPED = "trap"
SHALLOW, FAR, DEEP, MOST = 8, 24, 48, 60
"""How many steps a plan may have in each round, and how many plans a strategy."""
TRAP_SCRIPTS = ("initiation.smt2", "consecution.smt2", "safety.smt2")


@dataclass
class Strategist:
    """Decides one requirement of recovery with the means of a prover."""

    prover: MachineProver
    obligation: Obligation
    meaning: CanReach
    plans: list[Plan] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.recovery = Recovery(self.prover.system, self.prover.specification, self.meaning)
        self.system = self.recovery.system

    @cached_property
    def formulas(self) -> solver.Formulas:
        """The system as formulas, made when a solver is first asked."""
        return self._formulas(self.system)

    def _formulas(self, system: TransitionSystem) -> solver.Formulas:
        return solver.Formulas(system, self.prover.formulas.translate)

    def decide(self) -> Result:
        """Return the result; states without a plan are looked for near the beginning first.

        At each depth plans are added until every state there has one, so that a trap that is found is
        the nearest.
        """
        known = self._recalled()
        if known is not None:
            return known
        search = solver.Search(self.formulas, self.prover.budget)
        first = search.at_depth(0, TRUE, step=False)
        if first is None:
            return self._result(Verdict.ERROR, "there is no initial state, so nothing can be shown")
        tried = -1
        for depth in range(DEEP + 1):
            while True:
                goal = self.recovery.uncovered(self.plans)
                run = None if goal == FALSE else search.at_depth(depth, goal, step=False)
                if run is None:
                    break
                answer = self._answer(run)
                if answer is not None:
                    return answer
            if depth >= 2 and (tried != len(self.plans) or depth == SHALLOW):
                tried = len(self.plans)
                proof = self._proof(goal, first.states[0], briefly=depth < SHALLOW)
                if proof is not None:
                    self.prover.memory.keep_strategy(*self._question(), self.plans, proof.found)
                    return self._planned(proof)
        self.problems.append(f"no state within {DEEP} steps is without a way")
        return self._result(Verdict.UNKNOWN, "; ".join(self.problems))

    def _question(self) -> tuple[TransitionSystem, Expression]:
        """Return what an answer is remembered by: the steps that plans may take, and who needs one."""
        return self.recovery.helped, conj(self.meaning.source, negate(self.meaning.target))

    def _recalled(self) -> Result | None:
        """Return the trap or the strategy of an earlier run, if it stands up to being checked again."""
        trap = self.prover.memory.recall_trap(*self._question())
        if trap is not None:
            with suppress(ReplayError, ZeroDivisionError):
                result, _ = self._trapped(*trap)
                return result if result.verdict is Verdict.REFUTED else None
        known = self.prover.memory.recall_strategy(*self._question())
        if known is None:
            return None
        plans, found = known
        goal = self.recovery.uncovered(plans)
        proof = self.prover.confirmed(self.system, goal, found, self.obligation)
        if isinstance(proof, str):
            return None
        self.plans = list(plans)
        return self._planned(proof)

    def _result(self, verdict: Verdict, reason: str) -> Result:
        return Result(self.obligation, verdict, "portfolio", 0, reason)

    def _answer(self, run: solver.Run) -> Result | None:
        """Find a plan for the last state of a run, or show that it is a trap."""
        formulas = self._formulas(self.recovery.within(run.states[-1]))
        search = solver.Search(formulas, self.prover.budget)
        brief = self.prover.budget // spacer.BRIEF
        for stop, share, budget in (
            (SHALLOW, None, brief),
            (FAR, brief, self.prover.budget),
            (DEEP, None, 0),
        ):
            search.left = share
            way = self.prover.search(
                search, self.meaning.target, stop, self.problems, step=self.recovery.acts
            )
            if way is not None:
                return self._learned(run, way)
            trap = self._trap(formulas, budget) if budget else None
            if isinstance(trap, solver.Run):
                return self._learned(run, trap)
            if trap is not None:
                return self._remembered(run, trap)
        return self._result(Verdict.UNKNOWN, "; ".join(self.problems))

    def _learned(self, run: solver.Run, way: solver.Run) -> Result | None:
        """Keep the plan behind a way; return a result only where there are too many."""
        self._learn(run, way)
        return None if len(self.plans) <= MOST else self._result(Verdict.UNKNOWN, "too many plans")

    def _learn(self, run: solver.Run, way: solver.Run) -> None:
        """Keep the plan behind a way, after the interpreter has gone it.

        Raises:
            ReplayError: the specification does not allow it, or it does not lead to the target.
        """
        plan = self.recovery.plan(way)
        if plan in self.plans or not evaluate(self.recovery.works(plan), run.states[-1]):
            raise solver.GaveUpError("a plan does not cover the state that it was made for")
        self._walk(run, plan)
        self.plans.append(plan)

    def _walk(self, run: solver.Run, plan: Plan) -> None:
        spec, interpreter = self.prover.specification, self.prover.interpreter
        steps = replay.steps_of(spec, run)
        history = replay.replay(interpreter, replay.first_state(spec, run.states[0]), steps, run.states)
        outcomes = [Outcome(history.states[-1], ())]
        for move in plan:
            outcomes = [after for before in outcomes for after in self._after(before.state, move)]
        if not any(self._there(outcome) for outcome in outcomes):
            raise ReplayError("a plan does not lead where it should")

    def _there(self, outcome: Outcome) -> bool:
        """Return whether a way has reached its end: the machine has moved, or the target state is here."""
        if self.recovery.acts:
            return any(taken.machine == machine_of(self.obligation) for taken in outcome.taken)
        return bool(evaluate(self.meaning.target, outcome.state))

    def _after(self, state: Mapping[str, Value], move: Move) -> list[Outcome]:
        """Return where a move may lead: more than one state only where the device is ambiguous."""
        given = {name: evaluate(term, state) for name, term in move.given.items()}
        step = replay.steps_of(self.prover.specification, solver.Run((), (given,)))[0]
        interpreter = self.prover.interpreter
        if step.event == TICK and not interpreter.may_wait(state, step.delay):
            return []
        return interpreter.outcomes(state, step)

    def _proof(self, goal: Expression, first: Mapping[str, Value], *, briefly: bool) -> Proof | None:
        ask = self.prover.spacer_briefly if briefly else self.prover.spacer
        for suggest in (ask, self.prover.induction):
            proof = self.prover.prove(suggest, self.formulas, goal, first, self.obligation, self.problems)
            if proof is not None and not isinstance(proof, solver.Run):
                return proof
        return None

    def _planned(self, proof: Proof) -> Result:
        kept = {"plans": [plan_text(self.system, plan) for plan in self.plans]}
        result = self.prover.proved(self.obligation, replace(proof, more=kept))
        return replace(result, engine=PLANNED, reason=self.recovery.words(self.plans))

    def _trap(self, formulas: solver.Formulas, budget: int) -> Expression | solver.Run | None:
        """Return an inductive set without the target, or a way there, if one is found within the budget."""
        try:
            return spacer.ask(formulas, self.meaning.target, budget)
        except solver.GaveUpError as problem:
            self.problems.append(f"{TRAPPED}: {problem}")
            return None

    def _trapped(self, run: solver.Run, text: str) -> tuple[Result, str]:
        """Return the refutation, and the trap around the end of the run that was replayed.

        It consists of the way into the trap, and the scripts that show that nothing leaves it.
        """
        history, judgement = confirming.confirm(self.prover.interpreter, self.obligation, run)
        end = history.states[-1]
        scripts = self._shut(end, text)
        if isinstance(scripts, str) and any(end[name] != run.states[-1][name] for name in self.system.state):
            found = self._trap(self._formulas(self.recovery.within(end)), self.prover.budget)
            text = text if found is None or isinstance(found, solver.Run) else self._text(found)
            scripts = self._shut(end, text)
        if isinstance(scripts, str):
            return self._result(Verdict.UNKNOWN, scripts), text
        shown = replay.trace(
            self.prover.specification, history, judgement.words, f"traces/{self.obligation.id}.json"
        )
        folder = f"certificates/{self.obligation.id}"
        self.prover.files[shown.file] = shown_text(self.obligation, shown)
        self.prover.files.update({f"{folder}/{name}": script for name, script in scripts.items()})
        self.prover.files[f"{folder}/proof.json"] = evidence_text(
            {"obligation": self.obligation.id, "invariant": text}
        )
        paths = tuple(f"{folder}/{name}" for name in scripts)
        readable = certificates.readable(self.recovery.within(end), text)
        certificate = Certificate(paths, (recheck.name(),), f"{folder}/proof.json", readable)
        result = Result(self.obligation, Verdict.REFUTED, TRAPPED, 0, judgement.words)
        return replace(result, certificate=certificate, counterexample=shown), text

    def _remembered(self, run: solver.Run, trap: Expression) -> Result:
        """Return the refutation by a trap that was found, and keep it for later runs."""
        result, text = self._trapped(run, self._text(trap))
        if result.verdict is Verdict.REFUTED:
            self.prover.memory.keep_trap(*self._question(), run, text)
        return result

    def _text(self, trap: Expression) -> str:
        return certificates.Script(self.system).term(conj(self.system.typing(), trap))

    def _shut(self, end: Mapping[str, Value], text: str) -> dict[str, str] | str:
        """Return the scripts that show that a set is a trap around a state, or what is not confirmed."""
        scripts = trap_scripts(self.recovery, end, text, self.obligation)
        for name, script in scripts.items():
            answer = self.prover.memory.rechecks.run(script)
            if not answer.confirmed:
                return f"{recheck.name()} does not confirm {name}: {answer.text}"
        return scripts


def trap_scripts(
    recovery: Recovery, state: Mapping[str, Value], invariant: str, obligation: Obligation
) -> dict[str, str]:
    """Return the scripts that show that from a state on no allowed step ever leads to the target.

    A trap may block time and every step: so nothing is shown of existence and totality.
    """
    written = certificates.machine_scripts(
        recovery.within(state), recovery.meaning.target, invariant, obligation.id, state
    )
    return {f"trap-{name}": written[name] for name in TRAP_SCRIPTS}
