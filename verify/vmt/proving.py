"""Which engine is asked when, and what its answer must pass before it is a verdict.

A property is proved when an inductive invariant stands behind it whose certificate the second solver has
confirmed, and when there is an initial state. It is refuted when a run that violates it has been replayed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stimproof.verify import recheck, solver
from stimproof.verify.results import Verdict
from stimproof.verify.solver import GaveUpError
from stimproof.verify.vmt.certifying import (
    NotConfirmedError,
    confirm,
    induction_scripts,
    part_scripts,
    scripts,
)
from stimproof.verify.vmt.engine import Engine, Induction, LostError, Run, Search
from stimproof.verify.vmt.evaluation import NotReplayedError, replay
from stimproof.verify.vmt.mining import lemmas
from stimproof.verify.vmt.model import Model, Property
from stimproof.verify.vmt.outcome import Answer, Outcome
from stimproof.verify.vmt.reducing import Reduction, reduced
from stimproof.verify.vmt.slicing import Slice, completed, sliced
from stimproof.verify.vmt.trimming import trimmed
from stimproof.verify.vmt.writing import Text, quoted

DEFAULT_BUDGET = 600_000_000
"""Solver resource units for Spacer; the quick questions before it and the search after it get parts."""
QUICK, DEEP, RECHECK = 1000, 10, 20
FIRST, FURTHER, BRIEF, BETWEEN = 600, 600, 6, 100
"""By what the budget is divided: Spacer at first, search before it goes on, Spacer again, search again."""
SHORT, LAST, INDUCTIVE, FEW = 20, 400, 8, 4
"""Steps: of the first search, of the last, of the first induction; so few that no lemmas are tried."""
SEARCHED = 200_000
"""The weight of what a search may go through, all its steps together, before the general engine is asked."""
NO_FIRST = "there is no initial state: the model has no run, and nothing is shown of it"
STOPS = "no step is possible from any initial state, so what is said is about initial states alone"
SPACER, INDUCTION, SEARCH, LEMMAS = "spacer", "induction", "bounded search", "candidate lemmas"


def verify(model: Model, *, wanted: Sequence[int] = (), budget: int | None = None) -> Answer:
    """Decide a model's properties, all or those with the numbers that are wanted."""
    chosen = [item for item in model.properties if not wanted or item.number in wanted]
    try:
        prover = Prover(model, chosen, DEFAULT_BUDGET if budget is None else budget)
        outcomes = tuple(prover.decide(item) for item in chosen)
    except GaveUpError as problem:
        outcomes = tuple(Outcome(item, Verdict.UNKNOWN, "", str(problem)) for item in chosen)
    return Answer(model, outcomes, {"solvers": {"z3": solver.name(), "cvc5": recheck.name()}})


class Prover:
    """Decides the properties of one model, one after the other."""

    def __init__(self, model: Model, properties: Sequence[Property], budget: int) -> None:
        self.model, self.budget = model, budget
        decided = [item for item in properties if not item.problem]
        self.reduction = reduced(model, decided)
        self.engine = Engine(self.reduction.part, decided)
        self.problem, self.notes = self._begin()

    def _begin(self) -> tuple[str, tuple[str, ...]]:
        """Return why nothing can be shown of this model, if so, and what is to be said with every verdict."""
        search = Search(self.engine, max(self.budget // DEEP, 1))
        try:
            if not search.possible():
                return NO_FIRST, ()
        except GaveUpError as problem:
            return f"it is not known whether there is an initial state: {problem}", ()
        search.solver.set(rlimit=max(self.budget // QUICK, 1))
        search.extend()
        try:
            return "", () if search.possible() else (STOPS,)
        except GaveUpError:
            return "", ()

    def decide(self, item: Property) -> Outcome:
        """Return the outcome of one property."""
        if item.problem or self.problem:
            return Outcome(item, Verdict.UNKNOWN, "", item.problem or self.problem)
        part = self.reduction.part
        given = sliced(part, item)
        if len(given.part.state) == len(part.state):
            given, engine = replace(given, part=part), self.engine
        else:
            engine = Engine(given.part, [item])
        problems = list[str]()
        question = Question(item, self.reduction, given, engine, self.budget)
        for name, attempt in (
            ("at once", question.quick),
            ("spacer, at first", question.first),
            (LEMMAS, question.mined),
            ("further steps", question.further),
            ("spacer, briefly", question.brief),
            ("more steps", question.between),
            (SPACER, question.spacer),
            (SEARCH, question.deep),
        ):
            try:
                found = attempt()
            except (GaveUpError, NotReplayedError, NotConfirmedError) as problem:
                problems.append(f"{name}: {problem}")
                continue
            if found is not None:
                return replace(found, notes=self.notes)
        return Outcome(item, Verdict.UNKNOWN, "", "; ".join(problems) or "no engine has an answer")


@dataclass(frozen=True)
class Question:
    """One property, the reduced model, the part of it that matters, and the first solver on that part."""

    item: Property
    reduction: Reduction
    given: Slice
    engine: Engine
    budget: int

    def quick(self) -> Outcome | None:
        """Try what is cheap: some steps of search and of induction, within a small part of the budget."""
        return self._bounded(min(SHORT, self._cheap), max(self.budget // QUICK, 1), INDUCTIVE)

    def mined(self) -> Outcome | None:
        """Try an invariant made of simple facts about the variables, where a step is not too large."""
        if self._cheap <= FEW:
            return None
        found = lemmas(self.engine, self.item, max(self.budget // QUICK, 1))
        return None if found is None else self._proved(found, LEMMAS)

    def further(self) -> Outcome | None:
        """Search on as long as steps are cheap: many a loop runs long before it goes wrong."""
        last = min(LAST, self._cheap)
        return None if last <= SHORT else self._bounded(last, max(self.budget // FURTHER, 1))

    @property
    def _cheap(self) -> int:
        """How many steps the solver is asked about before Spacer has tried: few where a step is large."""
        model = self.given.part
        return 1 + SEARCHED // model.terms.weight([model.initial, model.relation, self.item.term])

    def first(self) -> Outcome | None:
        """Let Spacer try what it can do at once, which is most of the models of translators."""
        return self._spaced(max(self.budget // FIRST, 1))

    def brief(self) -> Outcome | None:
        """Let Spacer try within a small part of the budget, which suffices for most of what it can do."""
        return self._spaced(max(self.budget // BRIEF, 1))

    def between(self) -> Outcome | None:
        """Look for longer runs before Spacer is given all the time that there is."""
        return self._bounded(LAST, max(self.budget // BETWEEN, 1), 0)

    def spacer(self) -> Outcome | None:
        """Let Spacer find an inductive invariant or a violation."""
        return self._spaced(self.budget)

    def _spaced(self, budget: int) -> Outcome | None:
        try:
            return self._told_by_spacer(budget, unfolding=True)
        except LostError:
            return self._told_by_spacer(budget, unfolding=False)

    def _told_by_spacer(self, budget: int, *, unfolding: bool) -> Outcome | None:
        # What a solver has done before changes how it goes on, and seldom for the better: a new one begins.
        engine = Engine(self.given.part, [self.item])
        found = engine.invariant(self.item, budget, unfolding=unfolding)
        try:
            if isinstance(found, int):
                return self._proved(found, SPACER)
            return self._refuted(engine.completed(self.item, found, self.budget), SPACER)
        except (GaveUpError, NotReplayedError) as problem:
            raise LostError(str(problem)) from None

    def deep(self) -> Outcome | None:
        """Go on with search and induction where Spacer has given up."""
        found = self._bounded(LAST, max(self.budget // DEEP, 1))
        if found is None:
            raise GaveUpError("neither a short run nor an induction over few steps decides it")
        return found

    def _bounded(self, last: int, budget: int, inductive: int = LAST) -> Outcome | None:
        """Search as far as ``last`` steps, and try induction over at most ``inductive`` of them."""
        search, induction = Search(self.engine, budget), Induction(self.engine, self.item, budget)
        begun = None
        while search.depth <= last:
            run = search.violated(self.item)
            if run is not None:
                return self._refuted(run, SEARCH)
            try:
                if search.depth < inductive and induction.holds():
                    return self._inductive(induction.depth)
            except GaveUpError:
                inductive = 0
            used = self.engine.spent(search.solver)
            begun = used if begun is None else begun
            if used - begun > budget:
                return None
            search.extend()
        return None

    def _inductive(self, depth: int) -> Outcome:
        item, model = self.item, self.reduction.whole
        if depth == 1 and not model.inputs_of([item.term]):
            return self._proved(item.term, INDUCTION)
        reason = f"{depth}-induction: after {depth} steps without a violation there is none"
        return self._certified(INDUCTION, reason, "", induction_scripts(model, item, depth))

    def _proved(self, invariant: int, engine: str) -> Outcome:
        model = self.reduction.whole
        try:
            return self._inductively(engine, invariant, scripts(model, self.item, invariant))
        except NotConfirmedError:
            # What the property does not need may be what the second solver cannot confirm.
            parts = trimmed(self.engine, self.item, invariant, self.budget)
            return self._inductively(engine, model.terms.both(parts), part_scripts(model, self.item, parts))

    def _inductively(self, engine: str, invariant: int, written: Mapping[str, str]) -> Outcome:
        model = self.reduction.whole
        text = Text(model.terms, {variable.now: quoted(variable.name) for variable in model.state})
        (readable,) = text.write([invariant])
        lines = "\n".join([*text.lines, readable])
        reason = "an inductive invariant excludes every violation"
        return self._certified(engine, reason, lines, written)

    def _certified(self, engine: str, reason: str, invariant: str, written: Mapping[str, str]) -> Outcome:
        confirm(written, max(self.budget // RECHECK, 1))
        by = (recheck.name(),)
        return Outcome(self.item, Verdict.PROVED, engine, reason, invariant, written, rechecked_by=by)

    def _refuted(self, run: Run, engine: str) -> Outcome:
        whole = self.reduction.lifted(completed(self.given, run, self.budget))
        replay(self.reduction.whole, self.item, whole)
        steps = len(run.states) - 1
        reason = f"a run of {steps} step{'' if steps == 1 else 's'} violates it; it was replayed"
        return Outcome(self.item, Verdict.REFUTED, engine, reason, run=whole)
