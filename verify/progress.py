"""Whether something can still happen: deadlock and time-lock as goals without quantifiers.

That some waiting time and some input enable a transition is a claim of existence. It is answered by
*test points*: the finitely many delays and inputs at which a guard can change its mind, and points
between them (the idea is that of Loos and Weispfenning, Computer Journal 36, 1993). Any set of points is
safe for a proof, since a guard that holds at a point holds somewhere; a set that is too small can only
make a proof fail. A refutation is confirmed by the interpreter on the concrete state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import chain, combinations, islice, product
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    INTEGER,
    TRUE,
    Apply,
    Boolean,
    Enumeration,
    Expression,
    Integer,
    Literal,
    Op,
    Real,
    Reference,
    add,
    compare,
    conj,
    disj,
    implies,
    negate,
    real,
    references,
    sub,
    substitute,
    walk,
    whole,
)
from stimproof.specs.quantities import TIME
from stimproof.specs.specification import CanReach
from stimproof.verify.encoding import enabled_name, in_mode
from stimproof.verify.monitors import Watched

if TYPE_CHECKING:
    from stimproof.specs.specification import Input, Machine, Specification, Transition
    from stimproof.verify.system import TransitionSystem

MAX_POINTS, MAX_LISTED = 96, 5
_HALF = Literal(Fraction(1, 2), Real())


def stuck(system: TransitionSystem, specification: Specification, machine: Machine) -> Watched:
    """Watch for a state outside terminal modes that the machine cannot leave unless another one moves first.

    That there is none shows that the machine is never stuck. That there is one shows nothing: see
    :func:`moving`.
    """
    terminal = (
        in_mode(machine, [mode.name for mode in machine.modes.values() if mode.terminal])
        if any(mode.terminal for mode in machine.modes.values())
        else negate(TRUE)
    )
    possible = [can_fire(specification, machine, transition) for transition in machine.transitions]
    return Watched(system, conj(negate(terminal), *(negate(term) for term in possible)))


def moving(machine: Machine) -> CanReach:
    """Return that from every state outside terminal modes some step comes in which the machine moves."""
    ends = [mode.name for mode in machine.modes.values() if mode.terminal]
    steps = (Reference(enabled_name(transition), BOOLEAN) for transition in machine.transitions)
    return CanReach(negate(in_mode(machine, ends)) if ends else TRUE, disj(*steps), None)


def time_locked(system: TransitionSystem, specification: Specification) -> Watched:
    """Watch for a state in which time cannot pass and the device itself can do nothing.

    What the device reads is the environment's choice, so there must be no inputs for which it is stuck.
    """
    internal = [
        conj(in_mode(machine, transition.sources), transition.guard)
        for machine in specification.machines.values()
        for transition in machine.transitions
        if specification.events[transition.event].internal
    ]
    return Watched(system, conj(negate(can_wait(specification)), *(negate(term) for term in internal)))


def can_wait(specification: Specification) -> Expression:
    """Return that some positive time may pass: every clock is strictly below its mode's bounds."""
    parts = []
    for machine in specification.machines.values():
        for mode in machine.modes.values():
            bounds = (
                mode.stay.args if isinstance(mode.stay, Apply) and mode.stay.op is Op.AND else (mode.stay,)
            )
            for bound in bounds:
                if isinstance(bound, Apply):
                    parts.append(implies(in_mode(machine, [mode.name]), compare(Op.LT, *bound.args)))
    return conj(*parts)


def can_fire(specification: Specification, machine: Machine, transition: Transition) -> Expression:
    """Return a condition on the state that ensures that the transition can be taken, now or after waiting."""
    points = _points(specification, transition.guard)
    cases = [
        conj(*valid, substitute(transition.guard, values)) for values, valid in islice(points, MAX_POINTS)
    ]
    return conj(in_mode(machine, transition.sources), disj(*cases))


def _points(
    specification: Specification, guard: Expression
) -> Iterator[tuple[Mapping[str, Expression], list[Expression]]]:
    """Yield substitutions for the inputs and clocks of a guard, each with what makes it valid."""
    mentioned = references(guard)
    inputs = [specification.inputs[name] for name in sorted(mentioned & specification.inputs.keys())]
    choices = [[(item.name, value) for value in _input_points(item, guard, specification)] for item in inputs]
    clocks = {name: item for name, item in specification.variables.items() if item.kind == "clock"}
    delays = (
        list(_delay_points(specification, guard, set(clocks)))
        if mentioned & clocks.keys()
        else [real(0, TIME)]
    )
    for delay in delays:
        shift = (
            {}
            if delay == real(0, TIME)
            else {name: add(Reference(name, item.type), delay) for name, item in clocks.items()}
        )
        for combination in product(*choices):
            values = {name: substitute(value, shift) for name, value in combination}
            yield (
                {**shift, **values},
                [*_delay_valid(specification, delay, shift), *_inputs_valid(inputs, values)],
            )


def _delay_valid(
    specification: Specification, delay: Expression, shift: Mapping[str, Expression]
) -> list[Expression]:
    if not shift:
        return []
    stays = [
        implies(in_mode(machine, [mode.name]), substitute(mode.stay, shift))
        for machine in specification.machines.values()
        for mode in machine.modes.values()
        if mode.stay != TRUE
    ]
    return [compare(Op.GT, delay, real(0, TIME)), *stays]


def _inputs_valid(inputs: Iterable[Input], values: Mapping[str, Expression]) -> list[Expression]:
    result = []
    for item in inputs:
        if item.low is not None and item.high is not None:
            low, high = (_constant(end, item) for end in (item.low, item.high))
            result += [compare(Op.GE, values[item.name], low), compare(Op.LE, values[item.name], high)]
    return result


def _constant(value: Fraction, item: Input) -> Literal:
    return Literal(value if isinstance(item.type, Real) else int(value), item.type)


def compared(guard: Expression, name: str) -> Iterator[Expression]:
    """Yield what a name is compared with, where it stands alone on one side."""
    for node in walk(guard):
        if (
            isinstance(node, Apply)
            and node.op in (Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE)
            and len(node.args) == 2
        ):
            left, right = node.args
            if isinstance(left, Reference) and left.name == name:
                yield right
            elif isinstance(right, Reference) and right.name == name:
                yield left


def _input_points(item: Input, guard: Expression, specification: Specification) -> list[Expression]:
    if isinstance(item.type, Boolean):
        return [Literal(True, BOOLEAN), Literal(False, BOOLEAN)]
    if isinstance(item.type, Enumeration):
        return [Literal(member, item.type) for member in item.type.members]
    assert item.low is not None
    assert item.high is not None
    if isinstance(item.type, Integer) and item.high - item.low < MAX_LISTED:
        return [whole(value) for value in range(int(item.low), int(item.high) + 1)]
    low, high = _constant(item.low, item), _constant(item.high, item)
    found: list[Expression] = [low, high]
    for term in dict.fromkeys(compared(guard, item.name)):
        if references(term) & specification.inputs.keys():
            continue
        found.append(term)
        if isinstance(item.type, Integer):
            found += [Apply(Op.ADD, (term, whole(1)), INTEGER), Apply(Op.SUB, (term, whole(1)), INTEGER)]
        else:
            found += [_middle(term, low), _middle(term, high)]
    return found


def _middle(left: Expression, right: Expression) -> Expression:
    return Apply(Op.MUL, (_HALF, add(left, right)), left.type)


def _delay_points(specification: Specification, guard: Expression, clocks: set[str]) -> Iterator[Expression]:
    """Yield when a guard can change its mind, a little later, and the points between any two changes.

    The bounds of modes count as changes too: what a guard needs may lie between it and such a bound.
    """
    yield real(0, TIME)
    changes = list(_changes([guard], clocks))
    for exact in changes:
        yield exact
        yield add(exact, real(1, TIME))
        yield Apply(Op.MUL, (_HALF, exact), Real(TIME))
    modes = (mode for machine in specification.machines.values() for mode in machine.modes.values())
    bounds = list(_changes([mode.stay for mode in modes], clocks))
    for one, other in chain(combinations(changes, 2), product(changes, bounds)):
        yield _middle(one, other)
    for bound in bounds:
        yield Apply(Op.MUL, (_HALF, bound), Real(TIME))


def _changes(terms: Iterable[Expression], clocks: set[str]) -> Iterator[Expression]:
    """Yield the delays after which a clock reaches something that it is compared with."""
    for name, term in product(sorted(clocks), terms):
        for bound in dict.fromkeys(compared(term, name)):
            if not references(bound) & clocks:
                yield sub(bound, Reference(name, Real(TIME)))
