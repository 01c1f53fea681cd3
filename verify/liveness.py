"""Answers that are owed without a deadline: ``eventually``, and what an ``only`` scope makes of ``always``.

The runs that count are endless, and time goes on in them without bound. A run is no counterexample because
endlessly many steps happen at one instant. Nothing is presumed of the environment: it may ignore every input
event for ever; only a mode's ``stay`` presses.

A refutation is a run that comes back to a state that it was in, after some time, while the answer is owed
all along: liveness as safety (Biere, Artho, Schuppan, FMICS 2002), with a copy of the state taken at a moment
of free choice. Clocks beyond everything that they are compared with count as equal.

A proof is a deadline: an invariant that no answer is ever owed for longer than some bound. Where time goes on
without bound, that is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    TRUE,
    Apply,
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
    ite,
    negate,
    real,
    references,
    substitute,
    walk,
)
from stimproof.specs.quantities import TIME
from stimproof.verify.encoding import DELAY_REFERENCE
from stimproof.verify.monitors import Watched
from stimproof.verify.system import EVENT, TICK, StateVariable, TransitionSystem

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.solver import Run

WAITED = "monitor.waited"
SAVE, CLOSING, MOVED = "loop.save", "loop.closing", "loop.moved"
GENEROUS = (1, 4, 16)
"""A deadline is looked for among these multiples of all that the device's modes may take together."""

_ORDERS = (Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE)


def _ticks(system: TransitionSystem) -> Expression:
    return equal(Reference(EVENT, system.event_type), Literal(TICK, system.event_type))


def deadline(watched: Watched, bound: Fraction) -> Watched:
    """Return the goal that the requirement fails or that an answer is owed for over ``bound`` seconds."""
    system, waited = watched.system, Reference(WAITED, Real(TIME))
    grown = ite(_ticks(system), add(waited, DELAY_REFERENCE), waited)
    owed_later = substitute(watched.pending, dict(system.next))
    step = {WAITED: ite(conj(watched.pending, owed_later), grown, real(0, TIME))}
    state = StateVariable(WAITED, Real(TIME), clock=True)
    timed = system.extended([state], [equal(waited, real(0, TIME))], step, {})
    late = conj(watched.pending, compare(Op.GT, waited, real(bound, TIME)))
    return Watched(timed, disj(watched.goal, late))


def bounds(specification: Specification) -> Iterator[Fraction]:
    """Yield the deadlines that are tried: multiples of what all bounded modes take one after the other."""
    total = sum((_longest(specification, stay) for stay in _stays(specification)), Fraction(0))
    yield from (total * factor for factor in GENEROUS) if total else (Fraction(0),)


def _stays(specification: Specification) -> list[Expression]:
    modes = (mode for machine in specification.machines.values() for mode in machine.modes.values())
    return [mode.stay for mode in modes if mode.stay != TRUE]


def _longest(specification: Specification, stay: Expression) -> Fraction:
    """Return the largest bound that a ``stay`` mentions, at its variable's largest value."""
    return max((_most(specification, other) for _, other in _comparisons([stay])), default=Fraction(0))


def _most(specification: Specification, term: Expression) -> Fraction:
    if isinstance(term, Literal) and isinstance(term.type, Real):
        return Fraction(term.value)
    if isinstance(term, Reference) and isinstance(term.type, Real):
        item = specification.variables.get(term.name) or specification.inputs.get(term.name)
        return item.high if item is not None and item.high is not None else Fraction(0)
    return Fraction(0)


def _comparisons(terms: Iterable[Expression]) -> Iterator[tuple[Expression, Expression]]:
    """Yield both sides of every comparison, each way round."""
    for term in terms:
        for node in walk(term):
            if isinstance(node, Apply) and node.op in _ORDERS and len(node.args) == 2:
                yield node.args
                yield node.args[1], node.args[0]


def _all_terms(specification: Specification, also: Iterable[Expression]) -> list[Expression]:
    """Return every term of the machines in which a clock could be read, and those of a requirement."""
    terms = [*also, *_stays(specification)]
    for machine in specification.machines.values():
        for mode in machine.modes.values():
            terms += [term for _, term in (*mode.entry, *mode.exit)]
        for transition in machine.transitions:
            terms += [transition.guard, *(term for _, term in transition.updates)]
    return terms


def ceiling(specification: Specification, clock: str, also: Iterable[Expression]) -> Fraction | None:
    """Return a value beyond which no comparison can tell two values of a clock apart.

    ``None`` where the clock is read otherwise than in comparisons with constants and ranged variables.
    """
    highest = Fraction(0)
    for term in _all_terms(specification, also):
        reads = sum(isinstance(node, Reference) and node.name == clock for node in walk(term))
        others = [other for side, other in _comparisons([term]) if getattr(side, "name", "") == clock]
        if reads != len(others) or any(_unbounded(specification, other) for other in others):
            return None
        highest = max([highest, *(_most(specification, other) for other in others)])
    return highest


def _unbounded(specification: Specification, term: Expression) -> bool:
    if isinstance(term, Literal):
        return False
    item = (
        specification.variables.get(term.name) or specification.inputs.get(term.name)
        if isinstance(term, Reference)
        else None
    )
    return item is None or item.high is None


def lasso(watched: Watched, specification: Specification, also: Iterable[Expression]) -> Watched:
    """Return the goal that the requirement fails or that a loop is closed in which the answer is owed.

    ``also`` are the requirement's own terms; clocks in them are compared as well.
    """
    system, terms = watched.system, list(also)
    needed = system.expand(references(conj(watched.pending, *system.constraint)))
    cone = system.sliced(conj(*(_touch(system, name) for name in sorted(needed & system.state.keys()))))
    save, closing, moved = (Reference(name, BOOLEAN) for name in (SAVE, CLOSING, MOVED))
    begins = conj(save, negate(closing), watched.pending)
    owed_later = substitute(watched.pending, dict(system.next))
    state = [StateVariable(CLOSING, BOOLEAN), StateVariable(MOVED, BOOLEAN, clock=True)]
    initial = [negate(closing), negate(moved)]
    step: dict[str, Expression] = {
        CLOSING: conj(disj(closing, begins), owed_later),
        MOVED: disj(conj(closing, moved), _ticks(system)),
    }
    same: list[Expression] = [closing, moved]
    for name, item in cone.state.items():
        copy = StateVariable(f"loop.{name}", item.type, _renamed(item))
        state.append(copy)
        initial.append(equal(copy.reference, item.reference))
        step[copy.name] = ite(closing, copy.reference, item.reference)
        same.append(_alike(item, copy, specification, terms))
    looping = system.extended(state, initial, step, {}).choosing([SAVE])
    return Watched(looping, disj(watched.goal, conj(*same)))


def _touch(system: TransitionSystem, name: str) -> Expression:
    here = system.state[name].reference
    return here if here.type == BOOLEAN else Apply(Op.NE, (here, here), BOOLEAN)


def _renamed(item: StateVariable) -> Expression:
    return substitute(item.typing, {item.name: Reference(f"loop.{item.name}", item.type)})


def _alike(
    item: StateVariable, copy: StateVariable, specification: Specification, also: Iterable[Expression]
) -> Expression:
    equation = equal(item.reference, copy.reference)
    top = ceiling(specification, item.name, also) if item.clock else None
    if top is None:
        return equation
    limit = real(top, TIME)
    beyond = (compare(Op.GT, here, limit) for here in (item.reference, copy.reference))
    return disj(equation, conj(*beyond))


def loop_of(run: Run) -> int | None:
    """Return the number of the state to which a run comes back, where it shows a loop."""
    if not run.states[-1].get(CLOSING, False):
        return None
    return max(number for number, state in enumerate(run.states) if not state[CLOSING])
