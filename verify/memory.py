"""What engines found in earlier runs: a run or an inductive invariant for a question, by what is asked.

A question is a sliced transition system and a goal. Its key is a hash of exactly these, of the budget, and of
the tools that would answer it: not of files, names of obligations or line numbers. So a change re-opens
the questions whose slices it touches, and no other. What is recalled is a suggestion like an engine's own:
scripts are written from the present specification and confirmed by the second solver, runs are replayed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from stimproof.specs.expressions import Enumeration, Expression, Type, Value
from stimproof.verify import recheck, smtlib, solver
from stimproof.verify.certificates import Script, read_invariant
from stimproof.verify.rechecks import Rechecks
from stimproof.verify.recovery import Plan, plan_text, read_plan
from stimproof.verify.replay import exact, value_of
from stimproof.verify.solver import Run

if TYPE_CHECKING:
    from stimproof.verify.cache import Cache
    from stimproof.verify.problem import Problem
    from stimproof.verify.system import TransitionSystem

FORMAT = "stimproof.cache/3"
CLAIM, PREMISE, LOOP, DEADLINE = "claim", "premise", "loop", "deadline"
STRATEGY, TRAP = "strategy", "trap"
ENGINES = ("induction", "lemmas", "spacer", "mined")
RELAXED, GRID = "continuous relaxation", "grid"
_NUMBER = re.compile(r"-?[0-9]{1,4000}(/[0-9]{1,4000})?")
_DAMAGED = (LookupError, TypeError, ValueError, AttributeError, ZeroDivisionError, RecursionError)


@dataclass(frozen=True, slots=True)
class Proven:
    """An invariant over ``s.`` names, the engine that suggested it, and one initial state."""

    engine: str
    invariant: str
    first: Mapping[str, Value]


Found = Run | Proven


class Memory:
    """Recalls and keeps what was found; without a cache it knows nothing and keeps nothing.

    ``rechecks`` has what the second solver has said in this run.
    """

    def __init__(self, cache: Cache | None, budget: int, rechecks: Rechecks | None = None) -> None:
        self.cache = cache
        self.rechecks = Rechecks() if rechecks is None else rechecks
        # The term is kept beside its text, so that its id is never that of another term.
        self._texts: dict[int, tuple[Expression, str]] = {}
        self._tools = (FORMAT, version("stimproof"), solver.name(), recheck.name(), str(budget))

    def recall(self, system: TransitionSystem, goal: Expression, role: str = CLAIM) -> Found | None:
        """Return what was once found about a question; it is well formed, and not yet believed.

        ``role`` says what the question is asked for: engines go another way for each, and the run that they
        show must be the same with and without a memory.
        """
        if self.cache is None:
            return None
        try:
            return _read(system, self.cache.read(self._key(role, self._told(system, goal))))
        except _DAMAGED:
            return None

    def keep(self, system: TransitionSystem, goal: Expression, found: Found, role: str = CLAIM) -> None:
        """Keep what answers a question."""
        if self.cache is not None:
            self.cache.write(self._key(role, self._told(system, goal)), _written(found))

    def recall_strategy(
        self, system: TransitionSystem, goal: Expression
    ) -> tuple[tuple[Plan, ...], Proven] | None:
        """Return the plans that once covered every state of a kind, with the invariant; not yet believed.

        ``system`` has the steps that plans may take, ``goal`` is what asks for a plan.
        """
        if self.cache is None:
            return None
        try:
            entry = self.cache.read(self._key(STRATEGY, self._told(system, goal)))
            found = entry and _read(system, entry["proof"])
            if not isinstance(found, Proven):
                return None
            return tuple(read_plan(system, plan) for plan in entry["plans"]), found
        except _DAMAGED:
            return None

    def keep_strategy(
        self, system: TransitionSystem, goal: Expression, plans: Iterable[Plan], found: Proven
    ) -> None:
        """Keep the plans that cover every state of a kind."""
        if self.cache is not None:
            kept = {"plans": [plan_text(system, plan) for plan in plans], "proof": _written(found)}
            self.cache.write(self._key(STRATEGY, self._told(system, goal)), kept)

    def recall_trap(self, system: TransitionSystem, goal: Expression) -> tuple[Run, str] | None:
        """Return the way into a trap that was once found, and the trap itself; not yet believed."""
        if self.cache is None:
            return None
        try:
            entry = self.cache.read(self._key(TRAP, self._told(system, goal)))
            run, text = entry and _read(system, entry["way"]), entry and entry["trap"]
            if not isinstance(run, Run) or smtlib.write(read_invariant(system, text)) != text:
                return None
        except _DAMAGED:
            return None
        return run, text

    def keep_trap(self, system: TransitionSystem, goal: Expression, run: Run, text: str) -> None:
        """Keep the way into a trap, and an inductive set around its end."""
        if self.cache is not None:
            entry = {"way": _written(run), "trap": text}
            self.cache.write(self._key(TRAP, self._told(system, goal)), entry)

    def recall_limit(self, given: Problem, assuming: tuple[Expression, ...]) -> str | None:
        """Return which attempt once proved a claim about parameters; it is not yet believed."""
        if self.cache is None:
            return None
        found = self.cache.read(self._limit_key(given, assuming))
        return found if found in (RELAXED, GRID) else None

    def keep_limit(self, given: Problem, assuming: tuple[Expression, ...], attempt: str) -> None:
        """Keep which attempt proved a claim about parameters."""
        if self.cache is not None:
            self.cache.write(self._limit_key(given, assuming), attempt)

    def _limit_key(self, given: Problem, assuming: tuple[Expression, ...]) -> str:
        steps, grid = given.grid()
        kinds = (f"{name} {_kind(kind)}" for name, kind in {**given.variables(), **steps}.items())
        terms = (smtlib.write(term) for term in (*given.domain(), *grid, *assuming, given.claim))
        return self._key(CLAIM, (*kinds, "terms", *terms))

    def _key(self, role: str, told: Iterable[str]) -> str:
        digest = sha256()
        for text in (*self._tools, role, *told):
            digest.update(text.encode("utf-8"))
            digest.update(b"\n")
        return digest.hexdigest()

    def _told(self, system: TransitionSystem, goal: Expression) -> Iterator[str]:
        """Yield everything that an answer depends on, in the order in which engines see it."""
        # Terms are told as scripts have them, which are written anyway.
        script = Script(system)
        yield "state"
        for item in system.state.values():
            yield f"{item.name} {_kind(item.type)} {item.clock} {self._text(item.typing, script)}"
        yield "inputs"
        for name, kind in system.inputs.items():
            yield f"{name} {_kind(kind)} {system.example.get(name)}"
        for heading, terms in (("initial", system.initial), ("constraint", system.constraint)):
            yield heading
            yield from (self._text(term, script) for term in terms)
        for heading, named in (("next", system.next), ("definitions", system.definitions)):
            yield heading
            yield from (f"{name} {self._text(term, script)}" for name, term in named.items())
        yield "goal"
        yield self._text(goal, script)

    def _text(self, term: Expression, script: Script) -> str:
        """Return a short text that stands for a term; slices of one system share their terms."""
        held = self._texts.get(id(term))
        if held is None:
            held = (term, sha256(script.term(term).encode("utf-8")).hexdigest())
            self._texts[id(term)] = held
        return held[1]


def _kind(kind: Type) -> str:
    """Return a type as the solvers see it; dimensions were checked before and mean nothing to them."""
    return f"({' '.join(kind.members)})" if isinstance(kind, Enumeration) else smtlib.sort(kind)


def _written(found: Found) -> dict[str, Any]:
    if isinstance(found, Proven):
        first = _exact(found.first)
        return {"form": "proof", "engine": found.engine, "invariant": found.invariant, "first": first}
    states, inputs = ([_exact(item) for item in items] for items in (found.states, found.inputs))
    excluded = None if found.excluded is None else str(found.excluded)
    return {"form": "run", "states": states, "inputs": inputs, "excluded": excluded}


def _read(system: TransitionSystem, entry: Any) -> Found | None:
    kinds = {name: item.type for name, item in system.state.items()}
    if entry is None:
        return None
    if entry["form"] == "run":
        states = tuple(_values(item, kinds) for item in entry["states"])
        inputs = tuple(_values(item, system.inputs) for item in entry["inputs"])
        excluded = None if entry["excluded"] is None else int(_fraction(entry["excluded"]))
        whole = states and len(inputs) in (len(states) - 1, len(states))
        return Run(states, inputs, excluded) if whole else None
    engine, text = entry["engine"], entry["invariant"]
    # What nests too deeply for us to read never reaches the second solver, which could not survive it.
    if engine not in ENGINES or smtlib.write(read_invariant(system, text)) != text:
        return None
    return Proven(engine, text, _values(entry["first"], kinds))


def _exact(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: exact(value) for name, value in values.items()}


def _values(given: Mapping[str, str], kinds: Mapping[str, Type]) -> dict[str, Value]:
    return {name: _value(given[name], kind) for name, kind in kinds.items()}


def _value(text: str, kind: Type) -> Value:
    """Return a value; a number must be spelled as we spell it: ``1e999999999`` would fill the memory."""
    if smtlib.sort(kind) != "Bool" and not isinstance(kind, Enumeration):
        _fraction(text)
    return value_of(text, kind)


def _fraction(text: str) -> Fraction:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"'{text[:40]}' is not a number")
    return Fraction(text)
