"""Whether one can always get there: from every reachable state of a kind, a way to a target.

A proof is a *strategy*: finitely many plans, each a sequence of events, inputs and delays written as terms
over the state that each step starts from, and an inductive invariant that leaves no state without a plan.
A refutation is a *trap*: a reachable state, the shortest way into it, and an inductive set around it that no
allowed step leaves and that holds no target.

Plans are learned from states that no plan covers yet: the nearest one is reached by bounded search, a way on
is searched from there, and what it waits and chooses is turned into terms, so that it covers other states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    INTEGER,
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Literal,
    Op,
    Reference,
    Type,
    Value,
    add,
    conj,
    disj,
    equal,
    negate,
    real,
    references,
    show,
    sub,
    walk,
)
from stimproof.specs.quantities import TIME
from stimproof.verify.folding import Folder
from stimproof.verify.interpreter import evaluate
from stimproof.verify.obligations import recovery_of
from stimproof.verify.progress import compared, moving
from stimproof.verify.smtlib import MalformedScriptError, read_term, write
from stimproof.verify.solver import GaveUpError
from stimproof.verify.system import DELAY, EVENT, TICK, TransitionSystem

if TYPE_CHECKING:
    from stimproof.specs.specification import CanReach, Specification
    from stimproof.verify.results import Obligation
    from stimproof.verify.solver import Run

MAX_NODES = 20_000
"""A plan whose condition is larger is given up: no solver would thank for it."""


@dataclass(frozen=True)
class Move:
    """One step of a plan: every input of the system as a term over the state that the step starts from."""

    given: Mapping[str, Expression]

    @property
    def event(self) -> str:
        """What happens."""
        event = self.given[EVENT]
        assert isinstance(event, Literal)
        return str(event.value)


Plan = tuple[Move, ...]


def meaning_of(obligation: Obligation, specification: Specification) -> CanReach:
    """Return between what a way must exist: as a requirement says, or to a step in which a machine moves."""
    if obligation.kind == "recovery":
        return recovery_of(obligation, specification)
    return moving(specification.machines[obligation.id.split(".")[1]])


class Recovery:
    """The question of one requirement, and the conditions that answer it.

    Where the target speaks of a step, a way ends with such a step; otherwise it ends in a target state.
    """

    def __init__(self, system: TransitionSystem, specification: Specification, meaning: CanReach) -> None:
        self.specification, self.meaning = specification, meaning
        # Not of their disjunction: it may be plainly true, and then mentions nothing.
        self.system = system.sliced(Apply(Op.AND, (meaning.source, meaning.target), BOOLEAN))
        self.acts = system.mentions_step(meaning.target)
        allowed = set(meaning.using if meaning.using is not None else specification.events)
        allowed |= {name for name, event in specification.events.items() if event.internal}
        self.allowed = tuple(name for name in specification.events if name in allowed)

    @cached_property
    def permitted(self) -> Expression:
        """That a step is one of those that a plan may take; time counts where anything can see it pass."""
        names = [*self.allowed, *([TICK] if DELAY in self.system.inputs else [])]
        kind = self.system.event_type
        return disj(*(equal(Reference(EVENT, kind), Literal(name, kind)) for name in names))

    @property
    def helped(self) -> TransitionSystem:
        """The system in which only the steps are left that a plan may take."""
        return replace(self.system, constraint=(*self.system.constraint, self.permitted))

    def within(self, state: Mapping[str, Value]) -> TransitionSystem:
        """Return the helped system as it goes on from one state."""
        parts = (
            equal(item.reference, Literal(state[name], item.type)) for name, item in self.system.state.items()
        )
        return replace(self.helped, initial=tuple(parts))

    def works(self, plan: Sequence[Move]) -> Expression:
        """Return the condition on a state from which the plan can be taken and reaches the target.

        Raises:
            GaveUpError: it is too large to be of use.
        """
        wanted = TRUE if self.acts else self.meaning.target
        for number, move in enumerate(reversed(plan)):
            here = Folder(move.given, self.system.definitions)
            changed = references(wanted) & self.system.next.keys()
            after = Folder({name: here(self.system.next[name]) for name in changed})
            ends = (self.meaning.target,) if self.acts and number == 0 else ()
            wanted = conj(*(here(part) for part in (*self.helped.constraint, *ends)), after(wanted))
            if sum(1 for _ in zip(walk(wanted), range(MAX_NODES + 1), strict=False)) > MAX_NODES:
                raise GaveUpError("what a plan needs is too much to write down")
        return wanted

    def uncovered(self, plans: Iterable[Sequence[Move]]) -> Expression:
        """Return that a state asks for a way to the target and that no plan is one."""
        rest = [negate(self.works(plan)) for plan in plans]
        if self.acts:
            return conj(self.meaning.source, *rest)
        return conj(self.meaning.source, negate(self.meaning.target), *rest)

    # ---- from a run to a plan ----

    def plan(self, run: Run) -> Plan:
        """Return the steps of a run as a plan that fits as many states as it can."""
        moves = [self._literal(given) for given in run.inputs]
        for number, given in enumerate(run.inputs):
            for name in (DELAY, *self.specification.inputs):
                if name not in self.system.inputs or (name == DELAY and given[EVENT] != TICK):
                    continue
                for term in self._candidates(name):
                    tried = Move({**moves[number].given, name: term})
                    if self._reaches([*moves[:number], tried, *moves[number + 1 :]], run.states[0]):
                        moves[number] = tried
                        break
        return read_plan(self.system, plan_text(self.system, tuple(moves)))

    def _literal(self, given: Mapping[str, Value]) -> Move:
        return Move({name: Literal(given[name], kind) for name, kind in self.system.inputs.items()})

    def _reaches(self, moves: Sequence[Move], first: Mapping[str, Value]) -> bool:
        try:
            return bool(evaluate(self.works(moves), first))
        except (GaveUpError, ZeroDivisionError):
            return False

    def _candidates(self, name: str) -> Iterator[Expression]:
        """Yield terms that may stand for what a plan waits or gives: what guards compare with."""
        machines = self.specification.machines.values()
        guards = [transition.guard for machine in machines for transition in machine.transitions]
        if name != DELAY:
            yield from (
                term
                for guard in guards
                for term in dict.fromkeys(compared(guard, name))
                if references(term) <= self.system.state.keys() and references(term)
            )
            return
        clocks = [item.reference for item in self.system.state.values() if item.clock]
        waits = [
            sub(bound, clock)
            for clock in clocks
            for guard in (self.meaning.target, *guards)
            for bound in dict.fromkeys(compared(guard, clock.name))
            if references(bound) <= self.system.state.keys()
        ]
        yield from dict.fromkeys(waits)
        yield from dict.fromkeys(add(wait, real(1, TIME)) for wait in waits)

    def words(self, plans: Sequence[Plan]) -> str:
        """Return the strategy in words."""
        if not plans:
            return "it is there already, wherever it is asked for"
        ways = [", then ".join(self._said(move) for move in plan) for plan in plans]
        return "from every such state one of these leads there: " + "; ".join(ways)

    def _said(self, move: Move) -> str:
        if move.event == TICK:
            delay = move.given[DELAY]
            return f"wait {show(delay)}"
        read = self._read_by(move.event)
        given = [f"{name} = {show(term)}" for name, term in move.given.items() if name in read]
        return f"{move.event} with {', '.join(given)}" if given else move.event

    def _read_by(self, event: str) -> set[str]:
        """Return the inputs that some transition of the event looks at."""
        found: set[str] = set()
        for machine in self.specification.machines.values():
            for transition in machine.transitions:
                if transition.event == event:
                    terms = [transition.guard, *(term for _, term in transition.updates)]
                    found |= {name for term in terms for name in references(term)}
        return found & self.specification.inputs.keys()


def plan_text(system: TransitionSystem, plan: Plan) -> list[dict[str, str]]:
    """Return a plan as it is kept with its certificate."""
    return [{name: write(move.given[name], lambda n: f"s.{n}") for name in system.inputs} for move in plan]


def read_plan(system: TransitionSystem, kept: Sequence[Mapping[str, str]]) -> Plan:
    """Return the plan that :func:`plan_text` wrote.

    Raises:
        MalformedScriptError: a term is none, or not over the system's state.
    """
    known = {
        f"s.{name}": INTEGER if isinstance(item.type, Enumeration) else item.type
        for name, item in system.state.items()
    }
    return tuple(
        Move({name: _given(system, name, read_term(entry[name], known)) for name in system.inputs})
        for entry in kept
    )


def _given(system: TransitionSystem, name: str, term: Expression) -> Expression:
    kind = system.inputs[name]
    if isinstance(kind, Enumeration):
        if not isinstance(term, Literal) or not 0 <= int(term.value) < len(kind.members):
            raise MalformedScriptError(f"a plan gives '{name}' a value that it does not have")
        return Literal(kind.members[int(term.value)], kind)
    values = {f"s.{key}": item.reference for key, item in system.state.items()}
    found = Folder(values)(term)
    return _of_kind(found, kind)


def _of_kind(term: Expression, kind: Type) -> Expression:
    """Return a term that was read without units as what its place demands."""
    if isinstance(term, Literal):
        return replace(term, type=kind)
    if isinstance(term, Apply) and term.op in (Op.ADD, Op.SUB, Op.NEG):
        return replace(term, args=tuple(_of_kind(part, kind) for part in term.args), type=kind)
    return term
