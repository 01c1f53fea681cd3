"""The explicit-state search: every reachable state, one after the other, breadth first.

Clocks are exact, not sampled: a state stands for its *region* (Alur and Dill, Theoretical Computer Science
126, 1994), all states whose clocks have the same whole seconds and the same order of fractions. Clocks
beyond every constant of the device are alike. Nothing here compares two clocks with each other, and no
constant is a fraction of a second; for such devices regions are exact.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from typing import Any

from plain.description import ANY, Device, Machine, Mode, Property, Transition, Variable
from plain.terms import TRUE, Term, names, value

State = dict[str, Any]
Reached = tuple[list[tuple[State, int]], int | None]
TIME = "time"
SINCE = "since"
STRAY = 3
"""How far a value may leave its declared range before the search stops following it."""


@dataclass(frozen=True)
class Move:
    """One step: what happens, the inputs, the transition that each machine takes, the new state."""

    event: str
    inputs: Mapping[str, Any]
    taken: tuple[Transition | None, ...]
    after: State


def stored(item: Variable, given: Any) -> Any:
    """Return what a variable holds after an assignment."""
    if item.overflow == "saturate":
        return item.low if given < item.low else item.high if given > item.high else given
    if item.overflow == "wrap":
        return item.low + (given - item.low) % (item.high - item.low + 1)
    return given


@dataclass(frozen=True)
class Answer:
    """The fewest steps to what was asked for, or none; ``depth`` is how far the search was complete."""

    length: int | None
    depth: int | None = None

    @property
    def complete(self) -> bool:
        """Whether every reachable state was seen."""
        return self.depth is None


@dataclass
class Search:
    """The states of a device and the steps between them."""

    device: Device
    most: int = 6000
    variables: dict[str, Variable] = field(init=False)

    def __post_init__(self) -> None:
        self.variables = {item.name: item for item in self.device.variables}
        self.clocks = self.device.clocks()
        self.horizon = max(1, self.device.horizon())  # a second is counted where time must go on
        self.choices = [
            dict(zip([item.name for item in self.device.inputs], given, strict=True))
            for given in product(*(item.values() for item in self.device.inputs))
        ]

    # ---- states ----

    def first(self) -> Iterator[State]:
        """Yield every initial state."""
        order, values = [], []
        for machine in self.device.machines:
            order.append(machine.name)
            values.append(list(machine.initial))
        for item in self.device.variables:
            order.append(item.name)
            values.append(_first(item))
        for given in product(*values):
            yield dict(zip(order, given, strict=True))

    def strays(self, state: State) -> bool:
        """Return whether some number has left its range by so much that it is not followed."""
        return any(
            not item.low - STRAY <= state[item.name] <= item.high + STRAY
            for item in self.device.variables
            if item.kind in ("integer", "quantity")
        )

    def mode(self, machine: Machine, state: State) -> Mode:
        """Return the mode that a machine is in."""
        return machine.mode(state[machine.name])

    # ---- steps ----

    def enabled(self, machine: Machine, event: str, values: State) -> list[Transition]:
        """Return the transitions of a machine that accept an event."""
        return [
            transition
            for transition in machine.transitions
            if transition.event == event
            and values[machine.name] in transition.sources
            and value(transition.guard, values)
        ]

    def writes(self, machine: Machine, transition: Transition, values: State) -> dict[str, Any]:
        """Return what a transition stores in variables."""
        given = list(transition.updates)
        if transition.target is not None:
            given = [*self.mode(machine, values).exit, *given, *machine.mode(transition.target).entry]
        return {name: stored(self.variables[name], value(term, values)) for name, term in given}

    def events(self, state: State) -> Iterator[Move]:
        """Yield every step that an event makes possible, with every way to resolve what is ambiguous."""
        for event, inputs in product(self.device.events, self.choices):
            yield from self.react(state, event, inputs)

    def react(self, state: State, event: str, inputs: Mapping[str, Any]) -> Iterator[Move]:
        """Yield every step on one event with given inputs."""
        values = {**state, **inputs}
        ranks: list[list[Transition | None]] = []
        for machine in self.device.machines:
            accepting = self.enabled(machine, event, values)
            top = max((one.priority for one in accepting), default=0)
            ranks.append([one for one in accepting if one.priority == top] or [None])
        for taken in product(*ranks):
            after, offers = dict(state), {}
            for machine, transition in zip(self.device.machines, taken, strict=True):
                if transition is not None:
                    if transition.target is not None:
                        after[machine.name] = transition.target
                    for name, new in self.writes(machine, transition, values).items():
                        offers.setdefault(name, set()).add(new)
            for picked in product(*offers.values()):
                yield Move(event, inputs, taken, {**after, **dict(zip(offers, picked, strict=True))})

    # ---- time ----

    def later(self, state: State, delay: Fraction) -> State:
        """Return the state after some time."""
        moving = (*self.clocks, SINCE) if SINCE in state else self.clocks
        return {**state, **{name: state[name] + delay for name in moving}}

    def may_last(self, state: State) -> bool:
        """Return whether every mode tolerates its clocks as they are."""
        return all(
            state[clock] <= bound
            for machine in self.device.machines
            for clock, bound in self.mode(machine, state).stay
        )

    def delays(self, state: State) -> Iterator[Fraction]:
        """Yield one delay into each region that time alone leads to, in order."""
        moving = (*self.clocks, SINCE) if SINCE in state else self.clocks
        passed = Fraction(0)
        while True:
            near = [1 - (state[name] + passed) % 1 for name in moving if state[name] + passed <= self.horizon]
            step = min(near, default=Fraction(1))
            yield passed + step / 2
            if not near:
                return
            passed += step
            yield passed

    def waits(self, state: State) -> Iterator[State]:
        """Yield the states that time alone leads to, one for each region."""
        for delay in self.delays(state):
            after = self.later(state, delay)
            if self.may_last(after):
                yield after

    def settled(self, state: State) -> State:
        """Return the state that stands for its region: fractions evenly spread, late clocks all alike."""
        moving = (*self.clocks, SINCE) if SINCE in state else self.clocks
        if not moving:
            return state
        fractions = sorted(
            {state[name] % 1 for name in moving if state[name] <= self.horizon} | {Fraction(0)}
        )
        beyond, result = Fraction(self.horizon + 1), dict(state)
        for name in moving:
            held = state[name]
            within = (
                held // 1 + Fraction(fractions.index(held % 1), len(fractions))
                if held <= self.horizon
                else beyond
            )
            result[name] = within
        return result

    # ---- what follows ----

    @cached_property
    def reached(self) -> Reached:
        """Every reachable state with its distance, and how far that is complete (``None``: entirely)."""
        return self.explore(self.first(), lambda state: (move.after for move in self.events(state)))

    @cached_property
    def moves(self) -> list[tuple[State, int, list[Move]]]:
        """Every reachable state with its distance and every step that an event makes from it."""
        return [(state, depth, list(self.events(state))) for state, depth in self.reached[0]]

    def explore(self, first: Iterable[State], step: Callable[[State], Iterable[State]]) -> Reached:
        """Return what is reachable from ``first`` by ``step`` and by waiting."""
        todo: list[tuple[State, int]] = []
        seen: set[tuple[Any, ...]] = set()

        def meet(state: State, depth: int) -> None:
            kept = self.settled(state)
            key = tuple(kept.values())
            if key not in seen:
                seen.add(key)
                todo.append((kept, depth))

        for state in first:
            meet(state, 0)
        limit = None
        for state, depth in todo:  # grows while it is read
            if self.strays(state) or len(todo) > self.most:
                limit = depth if limit is None else limit
                continue
            for after in (*step(state), *self.waits(state)):
                meet(after, depth + 1)
        return todo, limit

    def nearest(self, wanted: Callable[[State], bool]) -> Answer:
        """Return the distance of the nearest reachable state of a kind."""
        states, limit = self.reached
        return Answer(min((depth for state, depth in states if wanted(state)), default=None), limit)

    def nearest_step(self, wanted: Callable[[State, Move], bool]) -> Answer:
        """Return the fewest steps up to and including one of a kind that an event makes."""
        lengths = (
            depth + 1 for state, depth, moves in self.moves if any(wanted(state, move) for move in moves)
        )
        return Answer(min(lengths, default=None), self.reached[1])

    # ---- obligations ----

    def answers(self) -> dict[str, Answer]:
        """Return, for each obligation's id, how near its violation is (for a mode: how near the mode)."""
        result = {f"properties.{prop.name}": self.requirement(prop) for prop in self.device.properties}
        for machine in self.device.machines:
            place = f"machines.{machine.name}"
            result[f"{place}.determinism"] = self.ambiguity(machine)
            result[f"{place}.deadlock"] = self.stuck(machine)
            for mode in machine.modes:
                result[f"{place}.modes.{mode.name}.reachable"] = self.reaching(machine.name, mode.name)
        result["machines.conflict"] = self.nearest_step(self.conflict)
        if any(mode.stay for machine in self.device.machines for mode in machine.modes):
            result["machines.timelock"] = self.lock()
        for item in self.device.variables:
            if item.overflow == "forbid" or item.kind == "quantity":
                result[f"variables.{item.name}.range"] = self.nearest(
                    lambda state, item=item: not item.low <= state[item.name] <= item.high
                )
        return result

    def reaching(self, machine: str, mode: str) -> Answer:
        """Return how near a mode is."""
        return self.nearest(lambda state: state[machine] == mode)

    def ambiguity(self, machine: Machine) -> Answer:
        """Return how near an event is that two equally ranked transitions accept."""

        def ambiguous(state: State, move: Move) -> bool:
            accepting = self.enabled(machine, move.event, {**state, **move.inputs})
            return len({one.priority for one in accepting}) < len(accepting)

        return self.nearest_step(ambiguous)

    def conflict(self, state: State, move: Move) -> bool:
        """Return whether two machines write one variable in this step."""
        values = {**state, **move.inputs}
        sets = [
            set(self.writes(machine, transition, values))
            for machine, transition in zip(self.device.machines, move.taken, strict=True)
            if transition is not None
        ]
        return any(one & other for one, other in combinations(sets, 2))

    def can_take(self, machine: Machine, state: State, events: Iterable[str]) -> bool:
        """Return whether some event and inputs make a machine move now."""
        return any(
            self.enabled(machine, event, {**state, **inputs}) for event in events for inputs in self.choices
        )

    def stuck(self, machine: Machine) -> Answer:
        """Return how near a state outside terminal modes is from which the machine never moves again."""
        from plain import futures

        return futures.escaping(
            self,
            lambda state: not self.mode(machine, state).terminal,
            lambda state: self.can_take(machine, state, self.device.events),
            self.device.events,
        )

    def lock(self) -> Answer:
        """Return how near a time-lock is; what the device reads in it counts as one step more."""
        read = {item.name for item in self.device.inputs}
        guards = [
            one.guard
            for machine in self.device.machines
            for one in machine.transitions
            if self.device.events[one.event]
        ]
        found = self.nearest(self.locked)
        reads = any(names(guard) & read for guard in guards)
        return Answer(found.length + reads if found.length is not None else None, found.depth)

    def locked(self, state: State) -> bool:
        """Return whether time may not pass while, for some inputs, the device itself has nothing to do."""
        if self.may_last(self.later(state, next(self.delays(state)))):
            return False
        own = [name for name, internal in self.device.events.items() if internal]
        return any(
            not any(
                self.enabled(machine, event, {**state, **inputs})
                for machine in self.device.machines
                for event in own
            )
            for inputs in self.choices
        )

    # ---- requirements ----

    def requirement(self, prop: Property) -> Answer:
        """Return how near the violation of a requirement is; for a reachable mode, how near the mode."""
        if prop.form == "reachable":
            assert prop.scope is not None
            return self.reaching(*prop.scope)
        if prop.form in ("always", "never", "whenever"):
            wrong = prop.form == "never"
            return self.nearest(lambda state: self.applies(prop, state) and value(prop.body, state) is wrong)
        if prop.form == "unchanged":
            return self.nearest_step(
                lambda state, move: (
                    move.event == prop.premise
                    and any(state[name] != move.after[name] for name in prop.using or ())
                )
            )
        if prop.form == "for":
            return self.broken_off(prop)
        if prop.form in ("recover", "eventually"):
            from plain import futures

            return (
                futures.recovery(self, prop) if prop.form == "recover" else futures.never_answered(self, prop)
            )
        return self.late(prop) if prop.within else self.unanswered(prop)

    def applies(self, prop: Property, state: State) -> bool:
        """Return whether scope and condition hold in a state."""
        inside = prop.scope is None or state[prop.scope[0]] == prop.scope[1]
        return inside and (isinstance(prop.premise, str) or value(prop.premise, state))

    def triggers(self, prop: Property, before: State, event: str, after: State) -> bool:
        """Return whether a step calls for an answer."""
        if isinstance(prop.premise, str):
            return event == prop.premise and self.applies(prop, before)
        return self.applies(prop, after) and not self.applies(prop, before)

    def owed_at_first(self, prop: Property, state: State) -> bool:
        """Return whether an initial state already calls for an answer that it does not give."""
        return not isinstance(prop.premise, str) and self.applies(prop, state) and not value(prop.body, state)

    def unanswered(self, prop: Property) -> Answer:
        """Return how near a trigger is that is not answered at once."""
        if any(self.owed_at_first(prop, state) for state in self.first()):
            return Answer(0)
        return self.nearest_step(
            lambda state, move: (
                self.triggers(prop, state, move.event, move.after) and not value(prop.body, move.after)
            )
        )

    def late(self, prop: Property) -> Answer:
        """Return how near a trigger's deadline is missed: a clock runs while an answer is owed."""

        def onward(state: State) -> Iterator[State]:
            bare = {name: held for name, held in state.items() if name != SINCE}
            for move in self.events(bare):
                inside = prop.scope is None or move.after[prop.scope[0]] == prop.scope[1]
                owed = SINCE in state or self.triggers(prop, bare, move.event, move.after)
                if owed and inside and not value(prop.body, move.after):
                    yield {**move.after, SINCE: state.get(SINCE, Fraction(0))}
                else:
                    yield move.after

        first = [
            {**state, SINCE: Fraction(0)} if self.owed_at_first(prop, state) else state
            for state in self.first()
        ]
        found, limit = self.explore(first, onward)
        lengths = (depth for state, depth in found if state.get(SINCE, Fraction(0)) > prop.within)
        return Answer(min(lengths, default=None), limit)

    def broken_off(self, prop: Property) -> Answer:
        """Return how near a state is that ends too early what must last from a trigger on."""

        def onward(state: State) -> Iterator[State]:
            bare = {name: held for name, held in state.items() if name != SINCE}
            for move in self.events(bare):
                yield move.after
                inside = prop.scope is None or move.after[prop.scope[0]] == prop.scope[1]
                if SINCE in state and inside:
                    yield {**move.after, SINCE: state[SINCE]}
                if self.triggers(prop, bare, move.event, move.after):
                    yield {**move.after, SINCE: Fraction(0)}

        first = list(self.first())
        first += [{**state, SINCE: Fraction(0)} for state in first if self.applies(prop, state)]
        found, limit = self.explore(first, onward)
        lengths = (
            depth
            for state, depth in found
            if state.get(SINCE, prop.within + 1) <= prop.within and not value(prop.body, state)
        )
        return Answer(min(lengths, default=None), limit)

    def premise_happens(self, prop: Property) -> bool:
        """Return whether what a requirement is about can happen at all."""
        if prop.form == "unchanged":
            moved = self.nearest_step(lambda _, move: move.event == prop.premise and any(move.taken))
            return moved.length is not None
        if isinstance(prop.premise, str) or prop.scope is not None or prop.premise != TRUE:
            return self.nearest(lambda state: self.applies(prop, state)).length is not None
        return True


def _first(item: Variable) -> list[Any]:
    if item.kind == "clock":
        return [Fraction(0)]
    return item.values() if item.initial == ANY else [item.initial]


__all__ = ["SINCE", "TIME", "Answer", "Move", "Search", "Term"]
