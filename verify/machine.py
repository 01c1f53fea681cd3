"""Machine obligations: bounded search for shortest runs, induction and Spacer for invariants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING

from stimproof.specs.expressions import FALSE, Expression, Value, conj, negate
from stimproof.verify import certificates, confirming, liveness, recheck, replay, solver, spacer
from stimproof.verify.encoding import encode, pick_name
from stimproof.verify.goals import premise, terms_of, watch
from stimproof.verify.interpreter import Interpreter, ReplayError, evaluate
from stimproof.verify.lemmas import bounded, mined, multiplies
from stimproof.verify.memory import CLAIM, DEADLINE, LOOP, PREMISE, Found, Memory, Proven
from stimproof.verify.proof import Proof, exact_values, within
from stimproof.verify.recovery import meaning_of
from stimproof.verify.results import Certificate, Obligation, Result, Verdict, evidence_text, shown_text
from stimproof.verify.rivals import Rival
from stimproof.verify.strategies import Strategist
from stimproof.verify.system import DELAY, EVENT
from stimproof.verify.trimming import trimmed

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.specs.specification import Specification
    from stimproof.verify.judge import History
    from stimproof.verify.monitors import Watched
    from stimproof.verify.rivals import Place
    from stimproof.verify.system import TransitionSystem

SHORT, SHALLOW, FAR, DEEP = 2, 8, 24, 48
"""How many steps are searched before the engines of each round, and at last."""
FAR_SHARE = 8
"""The part of the budget that goes into the search before facts are mined and Spacer is asked once more."""
SHARE = 4
"""Where a run is known already, a quarter of the budget goes into the search for a shorter one."""
Suggest = Callable[[solver.Formulas, Expression], Expression | solver.Run | None]
Round = tuple[int, int | None, Suggest | None]
"""How many steps are searched, what that may cost in all if it is limited, and who is asked then."""
SEARCH = "bounded search"
EXCLUDED = "an inductive invariant excludes every violation"
NO_QUOTIENT = "no answer: a run divides by zero, which has no meaning"
NOTHING_STARTS = "there is no initial state, so nothing can be shown"
NEVER = "what it is about can never happen"
UNREACHABLE = "no run reaches this mode: the certificate proves it"


class MachineProver:
    """Decides the machine obligations of one specification."""

    def __init__(
        self,
        specification: Specification,
        budget: int,
        memory: Memory | None = None,
        place: Place | None = None,
    ) -> None:
        self.specification, self.budget, self.place = specification, budget, place
        self.system = encode(specification)
        self.interpreter = Interpreter(specification)
        self.memory = memory or Memory(None, budget)
        self.files: dict[str, str] = {}

    @cached_property
    def formulas(self) -> solver.Formulas:
        """The whole system as formulas, whose terms all slices share; made when a solver is first asked."""
        return solver.Formulas(self.system)

    def decide(self, obligation: Obligation) -> Result:
        """Return the result of one machine obligation; its files are kept in ``files``."""
        started = perf_counter()
        try:
            result = self._decide(obligation)
        except (solver.GaveUpError, ReplayError) as problem:
            result = Result(obligation, Verdict.UNKNOWN, "portfolio", 0, f"no answer: {problem}")
        except ZeroDivisionError:
            # A variable that leaves its range may become a divisor of zero; its own obligation says so.
            result = Result(obligation, Verdict.UNKNOWN, "portfolio", 0, NO_QUOTIENT)
        if result.verdict is Verdict.PROVED:
            result = replace(result, vacuous=self.vacuous(obligation))
        return replace(result, seconds=perf_counter() - started)

    def vacuous(self, obligation: Obligation) -> str:
        """Return why a proved property says nothing, or an empty text."""
        about = premise(self.system, self.specification, obligation)
        if about is None:
            return ""
        system, goal = about.system.sliced(about.goal), about.goal
        known = self.memory.recall(system, goal, PREMISE)
        if isinstance(known, solver.Run) and self._meets(known, goal):
            return ""
        if isinstance(known, Proven) and isinstance(self.confirmed(system, goal, known, obligation), Proof):
            return NEVER
        try:
            found = self._find(system, goal)
        except solver.GaveUpError:
            return "it is not known whether what it is about can ever happen"
        if found is not None:
            self.memory.keep(system, goal, found, PREMISE)
        return NEVER if isinstance(found, Proven) else ""

    def _find(self, system: TransitionSystem, goal: Expression) -> Found | None:
        """Return a run to the goal or why there is none; nothing where there is one that is not known."""
        formulas = solver.Formulas(system, self.formulas.translate)
        search = solver.Search(formulas, self.budget)
        found = self.search(search, goal, SHALLOW, [], step=system.mentions_step(goal))
        if found is not None:
            return found
        try:
            suggested = self.spacer_briefly(formulas, goal)
        except solver.GaveUpError:
            search.left = self.budget // spacer.BRIEF
            found = self.search(search, goal, FAR, [], step=system.mentions_step(goal))
            if found is not None:
                return found
            suggested = self.spacer(formulas, goal)
        if isinstance(suggested, solver.Run):
            return suggested
        first = search.initial()
        if first is None:
            return None
        kept = trimmed(formulas, goal, suggested, self.budget)
        return Proven("spacer", certificates.Script(system).term(kept), first)

    def _meets(self, run: solver.Run, goal: Expression) -> bool:
        """Return whether the interpreter follows a run to where the goal holds."""
        depth, steps = len(run.states) - 1, replay.steps_of(self.specification, run)
        moves = replay.lasting(steps[:depth])
        hints = run.states if len(moves) == depth else ()
        seen = {EVENT: steps[depth].event, **steps[depth].inputs} if len(steps) > depth else {}
        try:
            first = replay.first_state(self.specification, run.states[0])
            history = replay.replay(self.interpreter, first, moves, hints)
            return bool(evaluate(goal, {**history.states[-1], **seen}))
        except (ReplayError, KeyError, ZeroDivisionError):
            return False

    def _recalled(
        self,
        obligation: Obligation,
        system: TransitionSystem,
        goal: Expression,
        role: str = CLAIM,
        bound: Fraction | None = None,
    ) -> Result | None:
        """Return the result that an earlier run found, if it stands up to being checked again."""
        known = self.memory.recall(system, goal, role)
        try:
            if isinstance(known, solver.Run):
                result = self._shown(obligation, known, system, goal)
                return None if result.verdict is Verdict.UNKNOWN else result
        except (ReplayError, ZeroDivisionError):
            return None
        proof = known and self.confirmed(system, goal, known, obligation)
        if not isinstance(proof, Proof):
            return None
        return self.proved(obligation, within(proof, bound))

    def _decide(self, obligation: Obligation) -> Result:
        if obligation.kind == "recovery":
            return self._way(obligation)
        watched = watch(self.system, self.specification, obligation)
        if watched.pending != FALSE:
            return self._owed(obligation, watched)
        system, goal = watched.system.sliced(watched.goal), watched.goal
        if obligation.kind == "deadlock":
            return self._by_itself(obligation, system, goal) or self._way(obligation)
        recalled = self._recalled(obligation, system, goal)
        if recalled is not None:
            return recalled
        problems: list[str] = []
        found = self._settled(obligation, system, goal, problems, DEEP)
        if isinstance(found, solver.Run):
            result = self._shown(obligation, found, system, goal)
            self.memory.keep(system, goal, found)
            return result
        if isinstance(found, Proof):
            self.memory.keep(system, goal, found.found)
            return self.proved(obligation, found)
        return found or _open(obligation, problems)

    def _way(self, obligation: Obligation) -> Result:
        """Decide whether there is always a way on."""
        return Strategist(self, obligation, meaning_of(obligation, self.specification)).decide()

    def _by_itself(self, obligation: Obligation, system: TransitionSystem, goal: Expression) -> Result | None:
        """Return the proof that a machine can move on without another one, if that is so."""
        known = self.memory.recall(system, goal)
        if isinstance(known, solver.Run) and self._meets(known, goal):
            return None
        if isinstance(known, Proven):
            proof = self.confirmed(system, goal, known, obligation)
            if isinstance(proof, Proof):
                return self.proved(obligation, proof)
        found = self._settled(obligation, system, goal, [], SHALLOW)
        if isinstance(found, Proof | solver.Run):
            self.memory.keep(system, goal, found.found if isinstance(found, Proof) else found)
        return self.proved(obligation, found) if isinstance(found, Proof) else None

    def _settled(
        self,
        obligation: Obligation,
        system: TransitionSystem,
        goal: Expression,
        problems: list[str],
        deepest: int,
    ) -> Proof | solver.Run | Result | None:
        """Return a run to the goal or the proof that there is none, whichever engine finds it first."""
        step = system.mentions_step(goal)
        formulas = solver.Formulas(system, self.formulas.translate)
        search = solver.Search(formulas, self.budget)
        first = search.initial()
        if first is None:
            return Result(obligation, Verdict.ERROR, SEARCH, 0, NOTHING_STARTS)

        def found(rounds: Iterable[Round]) -> Proof | solver.Run | None:
            for stop, share, suggest in rounds:
                search.left = share
                run = self.search(search, goal, stop, problems, step=step)
                if run is not None or suggest is None:
                    return run
                proof = self.prove(suggest, formulas, goal, first, obligation, problems)
                if isinstance(proof, solver.Run):
                    return self._shorter(search, goal, proof, step=step)
                if proof is not None:
                    return proof
            return None

        quick = (SHORT, None, self.induction), (SHORT, None, self.lemmas)
        answer = found((*quick, (SHALLOW, None, self.spacer_briefly)))
        if answer is not None:
            return answer
        with self._in_full(system, goal) as rival:

            def spacer_in_full(_formulas: solver.Formulas, _goal: Expression) -> Expression | solver.Run:
                return rival.result()

            far = (min(FAR, deepest), self.budget // FAR_SHARE, self.mined)
            return found([far, (SHALLOW, None, spacer_in_full), (deepest, None, None)])

    def _in_full(self, system: TransitionSystem, goal: Expression) -> Rival[Expression | solver.Run]:
        """Return Spacer with all of the budget, which may begin before its turn.

        It has formulas of its own: what it finds must not depend on what was asked in the meantime.
        """
        return Rival(lambda: self.spacer(solver.Formulas(system, self.formulas.translate), goal), self.place)

    def _owed(self, obligation: Obligation, watched: Watched) -> Result:
        """Decide an answer without a deadline: a loop in which it never comes, or a deadline after all."""
        terms = terms_of(self.specification, obligation)
        looping = liveness.lasso(watched, self.specification, terms)
        system, problems = looping.system.sliced(looping.goal), list[str]()
        recalled = self._recalled(obligation, system, looping.goal, LOOP)
        recalled = recalled or self._recalled_deadline(obligation, watched)
        if recalled is not None:
            return recalled
        search = solver.Search(solver.Formulas(system, self.formulas.translate), self.budget)
        if search.initial() is None:
            return Result(obligation, Verdict.ERROR, SEARCH, 0, NOTHING_STARTS)
        for stop, share, engines in (
            (SHALLOW, None, (self.induction, self.spacer_briefly)),
            (FAR, self.budget // FAR_SHARE, (self.spacer,)),
            (DEEP, None, ()),
        ):
            search.left = share
            found = self.search(search, looping.goal, stop, problems, step=False)
            if found is not None:
                result = self._shown(obligation, found, system, looping.goal)
                self.memory.keep(system, looping.goal, found, LOOP)
                return result
            for bound in liveness.bounds(self.specification) if engines else ():
                late = liveness.deadline(watched, bound)
                proved = self._by_deadline(obligation, late, bound, problems, engines)
                if proved is not None:
                    return proved
        return _open(obligation, problems)

    def _recalled_deadline(self, obligation: Obligation, watched: Watched) -> Result | None:
        for bound in liveness.bounds(self.specification):
            within = liveness.deadline(watched, bound)
            system = within.system.sliced(within.goal)
            result = self._recalled(obligation, system, within.goal, DEADLINE, bound)
            if result is not None:
                return result
        return None

    def _by_deadline(
        self,
        obligation: Obligation,
        watched: Watched,
        bound: Fraction,
        problems: list[str],
        engines: Sequence[Suggest],
    ) -> Result | None:
        """Return the proof that no answer is owed for longer than the bound, or nothing."""
        system = watched.system.sliced(watched.goal)
        formulas = solver.Formulas(system, self.formulas.translate)
        first = solver.Search(formulas, self.budget).initial()
        assert first is not None
        for suggest in engines:
            proof = self.prove(suggest, formulas, watched.goal, first, obligation, problems)
            if isinstance(proof, Proof):
                self.memory.keep(system, watched.goal, proof.found, DEADLINE)
                return self.proved(obligation, within(proof, bound))
        return None

    def search(
        self, search: solver.Search, goal: Expression, stop: int, problems: list[str], *, step: bool
    ) -> solver.Run | None:
        """Return a shortest run to the goal of up to ``stop`` steps, going on where the search stands."""
        try:
            while goal != FALSE and search.asked <= stop:
                run = search.at_depth(search.asked, goal, step=step)
                if run is not None:
                    return run
        except solver.GaveUpError as problem:
            problems.append(f"{SEARCH}: {problem} at {search.asked} steps")
            return None
        if stop == DEEP:
            problems.append(f"{SEARCH}: no run of up to {stop} steps shows a violation")
        return None

    def _shorter(
        self, search: solver.Search, goal: Expression, known: solver.Run, *, step: bool
    ) -> solver.Run:
        """Return a shortest run in place of a known one, or the known one if that would cost too much."""
        search.left = self.budget // SHARE
        try:
            while search.asked < len(known.states):
                run = search.at_depth(search.asked, goal, step=step)
                if run is not None:
                    return run
        except solver.GaveUpError:
            return replace(known, excluded=search.asked - (0 if step else 1))
        return known

    def prove(
        self,
        suggest: Suggest,
        formulas: solver.Formulas,
        goal: Expression,
        first: Mapping[str, Value],
        obligation: Obligation,
        problems: list[str],
    ) -> Proof | solver.Run | None:
        """Return a proof that both solvers accept, or a run; why there is none is added to the problems."""
        engine = suggest.__name__.partition("_")[0]
        try:
            suggested = suggest(formulas, goal)
        except solver.GaveUpError as problem:
            problems.append(f"{engine}: {problem}")
            return None
        if suggested is None:
            problems.append(f"{engine}: no invariant")
        if suggested is None or isinstance(suggested, solver.Run):
            return suggested
        system = formulas.system
        kept = trimmed(formulas, goal, suggested, self.budget)
        text = certificates.Script(system).term(kept)
        proof = self.confirmed(system, goal, Proven(engine, text, first), obligation)
        if isinstance(proof, str):
            problems.append(proof)
            return None
        return proof

    def confirmed(
        self, system: TransitionSystem, goal: Expression, known: Proven, obligation: Obligation
    ) -> Proof | str:
        """Return the proof that an invariant gives, or why the second solver does not confirm it."""
        text = known.invariant
        scripts = certificates.machine_scripts(system, goal, text, obligation.id, known.first)
        for name, script in scripts.items():
            answer = self.memory.rechecks.run(script)
            if not answer.confirmed:
                return f"{known.engine}: {recheck.name()} does not confirm {name}: {answer.text}"
        return Proof(known.engine, text, certificates.readable(system, text), scripts, known.first)

    def induction(self, formulas: solver.Formulas, goal: Expression) -> Expression | None:
        """Return the claim itself where it is inductive as it stands."""
        step = formulas.system.mentions_step(goal)
        if not formulas.inductive(goal, self.budget, step=step):
            return None
        typing = formulas.system.typing()
        return typing if step else conj(typing, negate(goal))

    def lemmas(self, formulas: solver.Formulas, goal: Expression) -> Expression | None:
        """Return bounds on single variables that exclude a goal about their products."""
        if not multiplies(goal):
            return None
        return bounded(formulas.system, self.specification, goal, self.budget)

    def mined(self, formulas: solver.Formulas, goal: Expression) -> Expression | None:
        """Return simple facts that are inductive together and exclude the goal."""
        return mined(formulas.system, self.specification, goal, max(self.budget // spacer.BRIEF, 1))

    def spacer_briefly(self, formulas: solver.Formulas, goal: Expression) -> Expression | solver.Run:
        """Return what Spacer finds with a small part of the budget."""
        return self.spacer(formulas, goal, spacer.BRIEF)

    def spacer(self, formulas: solver.Formulas, goal: Expression, part: int = 1) -> Expression | solver.Run:
        """Return the invariant that Spacer found, together with what the types ensure, or its run."""
        # To the solver, a budget of nothing would be one without limit.
        found = spacer.ask(formulas, goal, max(self.budget // part, 1))
        return found if isinstance(found, solver.Run) else conj(formulas.system.typing(), found)

    def proved(self, obligation: Obligation, proof: Proof) -> Result:
        """Keep the files of a proof and return the result that refers to them."""
        folder = f"certificates/{obligation.id}"
        for name, text in proof.scripts.items():
            self.files[f"{folder}/{name}"] = text
        kept = {"obligation": obligation.id, "invariant": proof.invariant, "first": exact_values(proof.first)}
        self.files[f"{folder}/proof.json"] = evidence_text({**kept, **proof.more})
        paths = tuple(f"{folder}/{name}" for name in proof.scripts)
        certificate = Certificate(paths, (recheck.name(),), f"{folder}/proof.json", proof.readable)
        if obligation.kind == "reachable":
            return Result(obligation, Verdict.REFUTED, proof.engine, 0, UNREACHABLE, certificate=certificate)
        return Result(obligation, Verdict.PROVED, proof.engine, 0, EXCLUDED, certificate=certificate)

    def _shown(
        self, obligation: Obligation, run: solver.Run, system: TransitionSystem, goal: Expression
    ) -> Result:
        history, judgement = confirming.confirm(self.interpreter, obligation, run, liveness.loop_of(run))
        shown = replay.trace(self.specification, history, judgement.words, f"traces/{obligation.id}.json")
        self.files[shown.file] = shown_text(obligation, shown)
        engine = SEARCH if run.excluded is None else spacer.NAME
        words = judgement.words + replay.perhaps_longer(shown.length, run.excluded)
        if obligation.kind != "reachable":
            return Result(obligation, Verdict.REFUTED, engine, 0, words, counterexample=shown)
        inputs = [self._inputs(system, history, number) for number in range(len(history.steps))]
        script = certificates.run_script(system, history.states[0], inputs, goal, obligation.id)
        answer = self.memory.rechecks.run(script)
        if not answer.confirmed:
            return Result(
                obligation,
                Verdict.UNKNOWN,
                engine,
                0,
                f"{recheck.name()} does not confirm the run: {answer.text}",
            )
        folder = f"certificates/{obligation.id}"
        self.files[f"{folder}/witness.smt2"] = script
        self.files[f"{folder}/proof.json"] = evidence_text(
            {"obligation": obligation.id, "inputs": [exact_values(item) for item in inputs]}
        )
        certificate = Certificate((f"{folder}/witness.smt2",), (recheck.name(),), f"{folder}/proof.json")
        return Result(obligation, Verdict.PROVED, engine, 0, words, certificate=certificate, witness=shown)

    def _inputs(self, system: TransitionSystem, history: History, number: int) -> dict[str, Value]:
        """Return the inputs of one step of a replayed run, with the free choices that it made."""
        step, outcome = history.steps[number], history.outcomes[number]
        values = {**history.states[number], **step.inputs}
        known: dict[str, Value] = {**system.example, **step.inputs, EVENT: step.event, DELAY: step.delay}
        for taken in outcome.taken:
            known[pick_name(taken.machine, taken.number)] = True
            for name, value in self.interpreter.assignments(taken, values).items():
                kept = self.interpreter.stored(name, value) == outcome.state[name]
                known[pick_name(name, taken.machine)] = kept
        return {name: known.get(name, False) for name in system.inputs}


def _open(obligation: Obligation, problems: Sequence[str]) -> Result:
    """Return that there is no answer, with all that was tried."""
    return Result(obligation, Verdict.UNKNOWN, "portfolio", 0, "; ".join(dict.fromkeys(problems)))
