"""Machine obligations: bounded search for shortest runs, induction and Spacer for invariants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from time import perf_counter
from typing import TYPE_CHECKING

from stimproof.specs.expressions import FALSE, Expression, Value, conj, negate, substitute
from stimproof.verify import certificates, monitors, progress, recheck, replay, solver
from stimproof.verify.encoding import encode
from stimproof.verify.interpreter import Interpreter, ReplayError, Step
from stimproof.verify.monitors import Watched
from stimproof.verify.obligations import reachable_of
from stimproof.verify.results import Certificate, Obligation, Result, Trace, Verdict
from stimproof.verify.system import DELAY, EVENT

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.system import TransitionSystem

SHALLOW, DEEP = 8, 48


@dataclass(frozen=True)
class Proof:
    """An invariant that both solvers accept, with its scripts."""

    engine: str
    invariant: Expression
    scripts: Mapping[str, str]


def watch(system: TransitionSystem, specification: Specification, obligation: Obligation) -> Watched:
    """Return the goal that must never hold (or, for a reachable mode, that some run reaches)."""
    kind, machines = obligation.kind, specification.machines
    if kind == "reachable":
        name, mode = reachable_of(obligation, specification)
        return monitors.reaching(system, machines[name], mode)
    if kind == "invariant":
        return monitors.invariant(system, _meaning(specification, obligation))  # type: ignore[arg-type]  # by its kind
    if kind == "response":
        return monitors.response(system, _meaning(specification, obligation))  # type: ignore[arg-type]  # by its kind
    if kind == "conflict":
        return monitors.conflicting(system, specification)
    if kind == "timelock":
        return progress.time_locked(system, specification)
    if kind == "range":
        return monitors.outside(system, specification.variables[obligation.id.split(".")[1]])
    machine = machines[obligation.id.split(".")[1]]
    return monitors.ambiguous(system, machine) if kind == "determinism" else progress.stuck(system, specification, machine)


def _meaning(specification: Specification, obligation: Obligation) -> object:
    return specification.properties[obligation.id.removeprefix("properties.")].meaning


class MachineProver:
    """Decides the machine obligations of one specification."""

    def __init__(self, specification: Specification, budget: int) -> None:
        self.specification, self.budget = specification, budget
        self.system = encode(specification)
        self.interpreter = Interpreter(specification)
        self.files: dict[str, str] = {}

    def decide(self, obligation: Obligation) -> Result:
        """Return the result of one machine obligation; its files are kept in ``files``."""
        started = perf_counter()
        try:
            result = self._decide(obligation)
        except (solver.GaveUp, ReplayError) as problem:
            result = Result(obligation, Verdict.UNKNOWN, "portfolio", 0, f"no answer: {problem}")
        if result.verdict is Verdict.PROVED:
            result = replace(result, vacuous=self._vacuous(obligation))
        return replace(result, seconds=perf_counter() - started)

    def _vacuous(self, obligation: Obligation) -> str:
        """Return why a proved property says nothing, or an empty text."""
        premise = monitors.premise(self.system, self.specification, obligation)
        if premise is None:
            return ""
        system, goal = premise.system.sliced(premise.goal), premise.goal
        step = system.mentions_step(goal)
        try:
            found, _ = self._search(solver.Search(system, self.budget), goal, 0, SHALLOW, step=step)
            reached = found is not None or solver.invariant(system, goal, self.budget) is None
        except solver.GaveUp:
            return "it is not known whether what it is about can ever happen"
        return "" if reached else "what it is about can never happen"

    def _decide(self, obligation: Obligation) -> Result:
        watched = watch(self.system, self.specification, obligation)
        system = watched.system.sliced(watched.goal)
        step = system.mentions_step(watched.goal)
        search = solver.Search(system, self.budget)
        run = search.at_depth(0, negate(FALSE), step=False)
        if run is None:
            return Result(obligation, Verdict.ERROR, "bounded search", 0, "there is no initial state, so nothing can be shown")
        first = run.states[0]
        found, gave_up = self._search(search, watched.goal, 0, SHALLOW, step=step)
        if found is not None:
            return self._shown(obligation, found, system, watched.goal)
        proof, problem = self._prove(system, watched.goal, first, obligation)
        if proof is not None:
            return self._proved(obligation, proof)
        if not gave_up:
            found, _ = self._search(search, watched.goal, SHALLOW + 1, DEEP, step=step)
        if found is not None:
            return self._shown(obligation, found, system, watched.goal)
        return Result(obligation, Verdict.UNKNOWN, "portfolio", 0,
                      f"no proof ({problem}), and no run of up to {search.depth} steps shows the contrary")

    def _search(self, search: solver.Search, goal: Expression, start: int, stop: int, *, step: bool) -> tuple[solver.Run | None, bool]:
        """Return a shortest run to the goal if one is found, and whether the budget ran out."""
        if goal == FALSE:
            return None, False
        try:
            for depth in range(start, stop + 1):
                run = search.at_depth(depth, goal, step=step)
                if run is not None:
                    return run, False
        except solver.GaveUp:
            return None, True
        return None, False

    def _prove(self, system: TransitionSystem, goal: Expression, first: Mapping[str, Value],
               obligation: Obligation) -> tuple[Proof | None, str]:
        """Return a proof that both solvers accept, or why there is none."""
        problems = []
        for engine, suggest in (("induction", self._inductive), ("spacer", self._spacer)):
            try:
                suggested = suggest(system, goal)
            except solver.GaveUp as problem:
                problems.append(f"{engine}: {problem}")
                continue
            if suggested is None:
                problems.append(f"{engine}: none")
                continue
            scripts = certificates.machine_scripts(system, goal, suggested, obligation.id, first)
            answers = {name: recheck.run(text) for name, text in scripts.items()}
            if all(answer.confirmed for answer in answers.values()):
                return Proof(engine, suggested, scripts), ""
            failed = next(f"{name} is {answer.text}" for name, answer in answers.items() if not answer.confirmed)
            problems.append(f"{engine}: not confirmed by {recheck.name()}, {failed}")
        return None, "; ".join(problems)

    def _inductive(self, system: TransitionSystem, goal: Expression) -> Expression | None:
        """Return the claim itself where it is inductive as it stands."""
        typing = system.typing()
        if system.mentions_step(goal):
            candidate = typing
            question = [typing, *system.constraint, goal]
        else:
            candidate = conj(typing, negate(goal))
            question = [candidate, *system.constraint, substitute(goal, system.next)]
        kinds = {**{name: item.type for name, item in system.state.items()}, **system.inputs}
        unfolded = [_unfold(term, system) for term in question]
        return candidate if solver.find(unfolded, kinds, self.budget) is None else None

    def _spacer(self, system: TransitionSystem, goal: Expression) -> Expression | None:
        found = solver.invariant(system, goal, self.budget)
        return None if found is None else conj(system.typing(), found)

    def _proved(self, obligation: Obligation, proof: Proof) -> Result:
        folder = f"certificates/{obligation.id}"
        paths = []
        for name, text in proof.scripts.items():
            self.files[f"{folder}/{name}"] = text
            paths.append(f"{folder}/{name}")
        certificate = Certificate(tuple(paths), (recheck.name(),), f"{folder}/consecution.smt2")
        if obligation.kind == "reachable":
            return Result(obligation, Verdict.REFUTED, proof.engine, 0, "no run reaches this mode: the certificate proves it",
                          certificate=certificate)
        return Result(obligation, Verdict.PROVED, proof.engine, 0, "an inductive invariant excludes every violation",
                      certificate=certificate)

    def _shown(self, obligation: Obligation, run: solver.Run, system: TransitionSystem, goal: Expression) -> Result:
        history, judgement = replay.confirm(self.interpreter, obligation, run)
        shown = replay.trace(self.specification, history, judgement.words, f"traces/{obligation.id}.json")
        self._keep(shown, obligation)
        if obligation.kind != "reachable":
            return Result(obligation, Verdict.REFUTED, "bounded search", 0, judgement.words, counterexample=shown)
        inputs = [self._inputs(system, step, given) for step, given in zip_longest(history.steps, run.inputs[: len(history.steps)])]
        script = certificates.run_script(system, history.states[0], inputs, goal, obligation.id)
        answer = recheck.run(script)
        if not answer.confirmed:
            return Result(obligation, Verdict.UNKNOWN, "bounded search", 0, f"{recheck.name()} does not confirm the run: {answer.text}")
        path = f"certificates/{obligation.id}/witness.smt2"
        self.files[path] = script
        return Result(obligation, Verdict.PROVED, "bounded search", 0, judgement.words,
                      certificate=Certificate((path,), (recheck.name(),)), witness=shown)

    def _inputs(self, system: TransitionSystem, step: Step, given: Mapping[str, Value] | None) -> dict[str, Value]:
        """Return the inputs of one step of a replayed run; free choices are those that the solver made."""
        known: dict[str, Value] = {**system.example, **(given or {}), **step.inputs, EVENT: step.event, DELAY: step.delay}
        return {name: known.get(name, False) for name in system.inputs}

    def _keep(self, shown: Trace, obligation: Obligation) -> None:
        import json

        self.files[shown.file] = json.dumps({"obligation": obligation.id, **shown.as_json()}, indent=1, ensure_ascii=False) + "\n"


def _unfold(term: Expression, system: TransitionSystem) -> Expression:
    """Return a term with every definition written out."""
    known: dict[str, Expression] = {}

    def definition(name: str) -> Expression:
        if name not in known:
            known[name] = _unfold(system.definitions[name], system)
        return known[name]

    from stimproof.specs.expressions import rewrite

    return rewrite(term, lambda reference: definition(reference.name) if reference.name in system.definitions else reference)
