"""Whether a few steps on from a concrete state lead to a target, or let a machine move: a look at a trap.

Every allowed event is tried with sampled inputs, and waiting up to each moment at which a clock reaches
something that it is compared with. That finds no way where there is none; it may miss a long one, and is
no proof that there is none.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Integer,
    Reference,
    Value,
    references,
    walk,
)
from stimproof.verify.enabling import can_ever_fire
from stimproof.verify.interpreter import Interpreter, evaluate

if TYPE_CHECKING:
    from stimproof.specs.specification import CanReach, Input, Transition

MOST_STATES, MOST_INPUTS = 200, 32
Using = tuple[str, ...] | None


def escapes(interpreter: Interpreter, meaning: CanReach, state: Mapping[str, Value]) -> bool:
    """Return whether the target is found within some hundred states from here."""
    return any(
        evaluate(meaning.target, here) for here in _ahead(interpreter, meaning.using, meaning.target, state)
    )


def moves_again(interpreter: Interpreter, machine: str, state: Mapping[str, Value]) -> bool:
    """Return whether a machine can be seen to take a transition within some hundred states from here."""
    transitions = interpreter.specification.machines[machine].transitions
    return any(
        can_ever_fire(interpreter, transition, here)
        for here in _ahead(interpreter, None, TRUE, state)
        for transition in transitions
    )


def _ahead(
    interpreter: Interpreter, using: Using, target: Expression, state: Mapping[str, Value]
) -> Iterator[Mapping[str, Value]]:
    """Yield a state, and those that steps from it and from its followers lead to, nearest first."""
    look = _Look(interpreter, using, target)
    known = {tuple(state.values())}
    todo = deque([state])
    while todo:
        here = todo.popleft()
        yield here
        for following in look.onward(here) if len(known) < MOST_STATES else ():
            key = tuple(following.values())
            if key not in known:
                known.add(key)
                todo.append(following)
            if len(known) == MOST_STATES:
                break


class _Look:
    """Tries steps from states; what is the same in all of them is found out once."""

    def __init__(self, interpreter: Interpreter, using: Using, target: Expression) -> None:
        spec = interpreter.specification
        self.interpreter = interpreter
        self._events = [
            name for name, event in spec.events.items() if using is None or name in using or event.internal
        ]
        self._samples = {name: _samples(item) for name, item in spec.inputs.items()}
        self._clocks = {name for name, item in spec.variables.items() if item.kind == "clock"}
        self._bounds = tuple(dict.fromkeys(self._compared(target)))
        self._read: dict[tuple[Value, ...], set[str] | None] = {}

    def onward(self, state: Mapping[str, Value]) -> Iterator[Mapping[str, Value]]:
        """Yield where transitions and waiting lead; an event that nothing answers to changes nothing."""
        for name in self._events:
            read = self._looked_at(name, state)
            for inputs in islice(self._choices(read), MOST_INPUTS) if read is not None else ():
                for outcome in self.interpreter.responses(state, name, inputs):
                    if outcome.taken:
                        yield outcome.state
        for delay in self._delays(state):
            if self.interpreter.may_wait(state, delay):
                yield self.interpreter.later(state, delay)

    def _looked_at(self, event: str, state: Mapping[str, Value]) -> set[str] | None:
        """Return what the transitions read that an event may take, or ``None`` where it takes none."""
        machines = self.interpreter.specification.machines
        key = (event, *(state[name] for name in machines))
        if key not in self._read:
            found = answering(self.interpreter, event, state)
            self._read[key] = _read_by(self.interpreter, found) if found else None
        return self._read[key]

    def _choices(self, read: set[str]) -> Iterator[dict[str, Value]]:
        """Yield sampled inputs; one that no transition of the event looks at here has one value."""
        samples = [given[: None if name in read else 1] for name, given in self._samples.items()]
        return (dict(zip(self._samples, given, strict=True)) for given in product(*samples))

    def _compared(self, target: Expression) -> Iterator[tuple[str, Expression, frozenset[str]]]:
        """Yield each clock with what it is compared with, and the names in that."""
        machines = self.interpreter.specification.machines.values()
        terms = [target, *(mode.stay for machine in machines for mode in machine.modes.values())]
        terms += [transition.guard for machine in machines for transition in machine.transitions]
        for node in (node for term in terms for node in walk(term)):
            if not isinstance(node, Apply) or len(node.args) != 2:
                continue
            for here, other in (node.args, node.args[::-1]):
                if isinstance(here, Reference) and here.name in self._clocks:
                    names = references(other)
                    if not names & self._clocks:
                        yield here.name, other, names

    def _delays(self, state: Mapping[str, Value]) -> list[Fraction]:
        """Return when a clock reaches a constant that it is compared with, and moments between."""
        found = {
            Fraction(evaluate(other, state)) - Fraction(state[clock])
            for clock, other, names in self._bounds
            if names <= state.keys()
        }
        ahead = sorted(delay for delay in found if delay > 0)
        return [*ahead, *(delay / 2 for delay in ahead[:1]), *(delay + 1 for delay in ahead[-1:])]


def answering(interpreter: Interpreter, event: str, state: Mapping[str, Value]) -> list[Transition]:
    """Return the transitions that an event may take in a state, whatever their guards say."""
    machines = interpreter.specification.machines.items()
    return [found for name, machine in machines for found in interpreter.answers(machine, event, state[name])]


def looked_at(interpreter: Interpreter, event: str, state: Mapping[str, Value]) -> set[str]:
    """Return what the transitions read that an event may take in a state."""
    return _read_by(interpreter, answering(interpreter, event, state))


def _read_by(interpreter: Interpreter, transitions: Iterable[Transition]) -> set[str]:
    return set[str]().union(*(interpreter.reads(transition) for transition in transitions))


def _samples(item: Input) -> list[Value]:
    if isinstance(item.type, Enumeration):
        return list(item.type.members)
    if item.low is None or item.high is None:
        return [False, True]
    if isinstance(item.type, Integer):
        return [int(item.low), int(item.high)]
    return [item.low, item.high, (item.low + item.high) / 2]
