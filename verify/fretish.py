"""FRETish requirements as monitors that watch a transition system and never influence it.

A requirement is violated exactly where *one* start of its timing goes unanswered. So the monitor follows one
start at a time and leaves it to a free choice which: what no choice can make fail holds for every start. The
formulas are those that FRET gives for future time (Giannakopoulou, Pressburger, Mavridou, Schumann,
Information and Software Technology 137, 2021), each as a small automaton: at every position of a run the
followed timing fails, is settled, or goes on.

Positions are the states of a run. A state where the scope does not hold any more ends what is followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    FALSE,
    INTEGER,
    TRUE,
    Expression,
    Literal,
    Op,
    Real,
    Reference,
    add,
    compare,
    conj,
    disj,
    equal,
    implies,
    ite,
    negate,
    real,
    substitute,
    whole,
)
from stimproof.specs.property.forms import Condition, Scope, Timing
from stimproof.specs.quantities import TIME
from stimproof.verify.encoding import DELAY_REFERENCE
from stimproof.verify.monitors import Watched
from stimproof.verify.system import EVENT, TICK, StateVariable, TransitionSystem, between

if TYPE_CHECKING:
    from stimproof.specs.specification import FretRequirement

FOLLOWED, FAILED, AGE = "monitor.followed", "monitor.failed", "monitor.age"
SEEN, OVER, CHOICE, STARTED = "monitor.seen", "monitor.over", "monitor.choice", "monitor.started"

_Kept = Mapping[str, tuple[Expression, Expression]]
"""What is remembered of the mode: its initial and its next value."""


@dataclass(frozen=True)
class Demand:
    """A timing as FRET evaluates it, after the negation that an ``only`` scope asks for."""

    timing: Timing
    body: Expression
    refused: bool = False

    @property
    def owed(self) -> bool:
        """Whether going on for ever is a violation; for every other timing it is none."""
        return self.timing is Timing.EVENTUALLY


_REFUSED = {
    Timing.IMMEDIATELY: (Timing.IMMEDIATELY, True),
    Timing.NEXT: (Timing.NEXT, True),
    Timing.FINALLY: (Timing.FINALLY, True),
    Timing.EVENTUALLY: (Timing.ALWAYS, True),
    Timing.ALWAYS: (Timing.EVENTUALLY, True),
    Timing.NEVER: (Timing.EVENTUALLY, False),
    Timing.WITHIN: (Timing.FOR, True),
    Timing.FOR: (Timing.WITHIN, True),
    Timing.UNTIL: (Timing.BEFORE, True),
    Timing.BEFORE: (Timing.UNTIL, True),
}
"""What must hold where a timing must not: another timing, of the response or of its negation."""


def demand(meaning: FretRequirement) -> Demand:
    """Return what a followed start must be answered with."""
    timing, body = meaning.timing, meaning.body
    if meaning.scope.only:
        if timing is Timing.AFTER:
            return Demand(timing, body, refused=True)
        timing, negated = _REFUSED[timing]
        body = negate(body) if negated else body
    if timing is Timing.NEVER:
        return Demand(Timing.ALWAYS, negate(body))
    return Demand(timing, body)


@dataclass(frozen=True)
class _Age:
    """How long a start has been followed, as conditions; ``first`` holds where it begins."""

    first: Expression
    early: Expression = FALSE  # the duration is not over
    due: Expression = FALSE  # 'after': the answer may be there
    late: Expression = FALSE  # 'within': an answer comes too late
    past: Expression = FALSE  # the duration lies behind


_Outcome = tuple[Expression, Expression]


def _outcome(wanted: Demand, body: Expression, stop: Expression, age: _Age) -> _Outcome:
    """Return where a followed start fails at a position, and where it is settled for good."""
    missing = negate(body)
    table: dict[Timing, Callable[[], _Outcome]] = {
        Timing.IMMEDIATELY: lambda: (missing, TRUE),
        Timing.NEXT: lambda: (conj(negate(age.first), missing), negate(age.first)),
        Timing.EVENTUALLY: lambda: (FALSE, body),
        Timing.ALWAYS: lambda: (missing, FALSE),
        Timing.FINALLY: lambda: (FALSE, FALSE),
        Timing.WITHIN: lambda: (conj(age.late, missing), body),
        Timing.FOR: lambda: (conj(negate(age.past), missing), age.past),
        Timing.AFTER: lambda: _after(body, age, refused=wanted.refused),
        Timing.UNTIL: lambda: (conj(negate(stop), missing), stop),
        Timing.BEFORE: lambda: (stop, body),
    }
    return table[wanted.timing]()


def _after(body: Expression, age: _Age, *, refused: bool) -> _Outcome:
    """Return the outcomes of ``after``: no response while it is early, and one as soon as it is past."""
    too_early, in_time, missed = conj(age.early, body), conj(age.due, body), conj(age.past, negate(body))
    if refused:
        return in_time, disj(too_early, missed)
    return disj(too_early, missed), in_time


class _Monitor:
    """Builds the monitor of one requirement on one system."""

    def __init__(self, system: TransitionSystem, meaning: FretRequirement) -> None:
        self.system, self.meaning, self.wanted = system, meaning, demand(meaning)
        self.timed = self.wanted.timing.timed
        self.kind = INTEGER if meaning.in_steps else Real(TIME)
        self.definitions: dict[str, Expression] = {}

    def flag(self, name: str) -> Reference:
        return Reference(name, BOOLEAN)

    def named(self, name: str, term: Expression) -> Expression:
        """Return a short name for a term that is used several times."""
        if isinstance(term, Literal):
            return term
        self.definitions[f"monitor.{name}"] = term
        return self.flag(f"monitor.{name}")

    def later(self, name: str, term: Expression) -> Expression:
        """Return a condition on states, judged in the state that the step leads to."""
        return self.named(name, substitute(term, self.system.next))

    # ---- where the scope holds ----

    def active(self, mode: Expression, seen: Expression, over: Expression) -> Expression:
        """Return that a position belongs to a stretch of the run that the requirement speaks of."""
        return {
            Scope.GLOBAL: TRUE,
            Scope.IN: mode,
            Scope.NOT_IN: negate(mode),
            Scope.ONLY_IN: negate(mode),
            Scope.BEFORE: negate(seen),
            Scope.ONLY_BEFORE: seen,
            Scope.AFTER: over,
            Scope.ONLY_AFTER: negate(over),
        }[self.meaning.scope]

    def memory(self, mode: Expression, mode_later: Expression) -> _Kept:
        """Return what must be remembered of the mode: its initial and its next value."""
        if self.meaning.scope in (Scope.BEFORE, Scope.ONLY_BEFORE):
            return {SEEN: (mode, disj(self.flag(SEEN), mode_later))}
        if self.meaning.scope in (Scope.AFTER, Scope.ONLY_AFTER):
            return {OVER: (FALSE, disj(self.flag(OVER), conj(mode, negate(mode_later))))}
        return {}

    def starts(self, active: Expression, active_later: Expression) -> Expression:
        """Return that the timing starts in the state that the step leads to."""
        meaning, kind = self.meaning, self.system.event_type
        if meaning.event is not None:
            return conj(active, equal(Reference(EVENT, kind), Literal(meaning.event, kind)))
        if meaning.condition is Condition.NONE:
            return conj(active_later, negate(active))
        holds = conj(active_later, self.later("condition", meaning.trigger))
        if meaning.condition is Condition.HOLDING:
            return holds
        return conj(holds, negate(conj(active, meaning.trigger)))

    def starts_first(self, active: Expression) -> Expression:
        """Return that the timing starts in an initial state."""
        if self.meaning.event is not None:
            return FALSE
        return active if self.meaning.condition is Condition.NONE else conj(active, self.meaning.trigger)

    # ---- how long it has been ----

    def ages(self, first: Expression, value: Expression) -> _Age:
        """Return the conditions on an age; in steps the end of a duration belongs to it."""
        if not self.timed:
            return _Age(first)
        meaning = self.meaning
        if meaning.in_steps:
            bound = whole(int(meaning.duration))
            past = compare(Op.GT, value, bound)
            return _Age(first, compare(Op.LE, value, bound), past, compare(Op.GE, value, bound), past)
        limit = real(meaning.duration, TIME)
        past = compare(Op.GT, value, limit)
        return _Age(first, compare(Op.LT, value, limit), compare(Op.GE, value, limit), past, past)

    def grown(self) -> Expression:
        """Return the age after a step of what was followed before it."""
        age = Reference(AGE, self.kind)
        if self.meaning.in_steps:
            return ite(compare(Op.LE, age, whole(int(self.meaning.duration))), add(age, whole(1)), age)
        passing = equal(Reference(EVENT, self.system.event_type), Literal(TICK, self.system.event_type))
        return ite(passing, add(age, DELAY_REFERENCE), age)

    def zero(self) -> Expression:
        return whole(0) if self.meaning.in_steps else real(0, TIME)

    def clock(self) -> StateVariable:
        typing: Expression = TRUE
        if self.meaning.in_steps:
            typing = between(Reference(AGE, self.kind), 0, int(self.meaning.duration) + 1)
        return StateVariable(AGE, self.kind, typing, clock=True)

    # ---- all together ----

    @property
    def followed(self) -> Reference:
        """Whether a start is being followed."""
        return self.flag(FOLLOWED)

    def scopes(self) -> tuple[_Kept, Expression, Expression, Expression]:
        """Return what is remembered, and that the scope holds at first, before a step, and after it."""
        mode, later = self.meaning.mode, self.later("mode", self.meaning.mode)
        kept = self.memory(mode, later)
        firsts, thens = ({name: pair[k] for name, pair in kept.items()} for k in (0, 1))
        first = self.active(mode, firsts.get(SEEN, FALSE), firsts.get(OVER, FALSE))
        now = self.active(mode, self.flag(SEEN), self.flag(OVER))
        then = self.active(later, thens.get(SEEN, FALSE), thens.get(OVER, FALSE))
        return kept, first, now, self.named("scope", then)

    def watched(self) -> Watched:
        wanted = self.wanted
        kept, first, now, then = self.scopes()
        body, stop = self.later("body", wanted.body), self.later("stop", self.meaning.stop)
        begins = self.named("begins", conj(negate(self.followed), self.flag(CHOICE), self.starts(now, then)))
        ended = self.named("ended", conj(self.followed, negate(conj(now, then))))
        goes_on = self.named("live", disj(begins, conj(self.followed, negate(ended))))
        grown = ite(begins, self.zero(), self.grown()) if self.timed else self.zero()
        fails, settled = _outcome(wanted, body, stop, self.ages(begins, grown))
        unanswered = {Timing.EVENTUALLY: TRUE, Timing.FINALLY: negate(wanted.body)}.get(wanted.timing, FALSE)
        step: dict[str, Expression] = {
            FAILED: disj(conj(goes_on, fails), conj(ended, unanswered)),
            FOLLOWED: conj(goes_on, negate(fails), negate(settled)),
        }
        # Where steps count, a step that only lets time pass must really be possible: no slice may forget
        # how long one may wait.
        state = [StateVariable(name, BOOLEAN, clock=wanted.timing is Timing.NEXT) for name in step]
        initial = self._at_first(first)
        if self.timed:
            state.append(self.clock())
            initial.append(equal(Reference(AGE, self.kind), self.zero()))
            step[AGE] = ite(step[FOLLOWED], grown, self.zero())
        system = self._extended(kept, state, initial, step).choosing([CHOICE])
        return Watched(system, self.flag(FAILED), self.followed if wanted.owed else FALSE)

    def starting(self) -> Watched:
        """Watch for a start; for ``finally``, which a stretch without an end cannot violate, for an end."""
        started = StateVariable(STARTED, BOOLEAN)
        if self.wanted.timing is Timing.FINALLY:
            system = self.watched().system
            step = {STARTED: conj(self.followed, self.definitions.get("monitor.ended", FALSE))}
            return Watched(
                system.extended([started], [negate(started.reference)], step, {}), started.reference
            )
        kept, first, now, then = self.scopes()
        initial = [equal(started.reference, self.starts_first(first))]
        system = self._extended(kept, [started], initial, {STARTED: self.starts(now, then)})
        return Watched(system, started.reference)

    def _extended(
        self,
        kept: _Kept,
        state: list[StateVariable],
        initial: list[Expression],
        step: Mapping[str, Expression],
    ) -> TransitionSystem:
        """Return the system with these variables and with what is remembered of the mode."""
        return self.system.extended(
            [*(StateVariable(name, BOOLEAN) for name in kept), *state],
            [*(equal(self.flag(name), term) for name, (term, _) in kept.items()), *initial],
            {**{name: term for name, (_, term) in kept.items()}, **step},
            self.definitions,
        )

    def _at_first(self, active: Expression) -> list[Expression]:
        """Return how following begins: of a start in the initial state, it may or may not be followed."""
        starts = self.starts_first(active)
        ages = self.ages(TRUE, self.zero())
        fails, settled = _outcome(self.wanted, self.wanted.body, self.meaning.stop, ages)
        return [
            equal(self.flag(FAILED), conj(starts, fails)),
            implies(self.followed, conj(starts, negate(fails), negate(settled))),
        ]


def watch(system: TransitionSystem, meaning: FretRequirement) -> Watched:
    """Return the system with the requirement's monitor, where it fails, and where an answer is still owed."""
    return _Monitor(system, meaning).watched()


def premise(system: TransitionSystem, meaning: FretRequirement) -> Watched:
    """Return the system with a monitor, and the goal that the requirement's timing ever starts."""
    return _Monitor(system, meaning).starting()
