"""The one form between specifications and engines: a transition system with next-state functions.

A system has typed state variables, typed step inputs, definitions, an initial condition, a constraint
that says which steps exist, and for each state variable a function of state and inputs that gives its
next value. Functions instead of a relation make two classical mistakes impossible: a variable that
nobody mentions keeps its value (its function is itself), and no update can block a step. What is left to
block is the constraint alone, and that is checked (:mod:`stimproof.verify.certificates`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    TRUE,
    Enumeration,
    Expression,
    Op,
    Reference,
    Type,
    Value,
    compare,
    conj,
    references,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Names that no specification can give to anything, since names in it have no dot.
EVENT = "step.event"
DELAY = "step.delay"
TICK = "time"


@dataclass(frozen=True, slots=True)
class StateVariable:
    """A state variable; ``typing`` holds in every state by construction of its next-state function."""

    name: str
    type: Type
    typing: Expression = TRUE
    clock: bool = False

    @property
    def reference(self) -> Reference:
        """The variable as a term."""
        return Reference(self.name, self.type)


class Known:
    """What is known of terms that many slices of one system share: computed once for each."""

    def __init__(self) -> None:
        # A term is kept beside what is known of it, so that its id is never that of another term.
        self._mentioned: dict[int, tuple[Expression, frozenset[str]]] = {}
        self._texts: dict[int, tuple[Expression, str]] = {}
        self._expanded: dict[tuple[int, int], tuple[Expression, object, frozenset[str]]] = {}

    def mentioned(self, term: Expression) -> frozenset[str]:
        """Return the names that a term mentions."""
        held = self._mentioned.get(id(term))
        if held is None:
            held = self._mentioned[id(term)] = (term, references(term))
        return held[1]

    def expanded(self, term: Expression, system: TransitionSystem) -> frozenset[str]:
        """Return the names that a term mentions, itself or through the definitions of a system."""
        key = (id(term), id(system.definitions))
        held = self._expanded.get(key)
        if held is None:
            names = frozenset(system.expand(self.mentioned(term)))
            held = self._expanded[key] = (term, system.definitions, names)
        return held[2]

    def text(self, term: Expression, write: Callable[[Expression], str]) -> str:
        """Return how a term is written, by the one way in which it is written in all slices."""
        held = self._texts.get(id(term))
        if held is None:
            held = self._texts[id(term)] = (term, write(term))
        return held[1]


@dataclass(frozen=True)
class TransitionSystem:
    """Typed variables, named initial condition, step constraint and next-state functions."""

    state: Mapping[str, StateVariable]
    inputs: Mapping[str, Type]
    initial: tuple[Expression, ...]
    constraint: tuple[Expression, ...]
    next: Mapping[str, Expression]
    definitions: Mapping[str, Expression] = field(default_factory=dict)
    example: Mapping[str, Value] = field(default_factory=dict)
    """Inputs of one step that is claimed to be possible in every state; a certificate proves the claim."""
    known: Known = field(default_factory=Known, compare=False, repr=False)

    @property
    def event_type(self) -> Enumeration:
        """The enumeration of everything that can happen in a step."""
        kind = self.inputs[EVENT]
        assert isinstance(kind, Enumeration)
        return kind

    def typing(self) -> Expression:
        """Return the conjunction of what holds of every variable by construction."""
        return conj(*(variable.typing for variable in self.state.values()))

    def mentions_step(self, term: Expression) -> bool:
        """Return whether a term speaks of a step's inputs and not of the state alone."""
        return bool(self.mentioned(term) & self.inputs.keys())

    def extended(
        self,
        state: Iterable[StateVariable],
        initial: Iterable[Expression],
        step: Mapping[str, Expression],
        definitions: Mapping[str, Expression],
    ) -> TransitionSystem:
        """Return the system with monitor variables that watch and never influence it."""
        return replace(
            self,
            state={**self.state, **{item.name: item for item in state}},
            initial=(*self.initial, *initial),
            next={**self.next, **step},
            definitions={**self.definitions, **definitions} if definitions else self.definitions,
        )

    def choosing(self, names: Iterable[str]) -> TransitionSystem:
        """Return the system with truth values that nothing determines, chosen anew in every step."""
        chosen = tuple(names)
        return replace(
            self,
            inputs={**self.inputs, **dict.fromkeys(chosen, BOOLEAN)},
            example={**self.example, **dict.fromkeys(chosen, False)},
        )

    def mentioned(self, term: Expression) -> set[str]:
        """Return the names that a term mentions, itself or through definitions."""
        return set(self.known.expanded(term, self))

    def expand(self, names: Iterable[str]) -> set[str]:
        """Return the names with those that their definitions mention, transitively."""
        todo, seen = list(names), set[str]()
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                if name in self.definitions:
                    todo.extend(self.known.mentioned(self.definitions[name]))
        return seen

    def sliced(self, goal: Expression) -> TransitionSystem:
        """Return the cone of influence of ``goal``: what can never matter to it is left out.

        Dropping a variable drops the constraints on it. Where no clock is in the cone, the constraints
        only say how long one may wait, which such a goal cannot see. Where one is, every constraint
        that mentions a clock joins the cone with all that it mentions.
        """
        needed, followed = self.mentioned(goal), set[str]()
        bounds = [(part, self.mentioned(part)) for part in self.constraint]
        while True:
            timed = any(name in self.state and self.state[name].clock for name in needed)
            grown = set(needed)
            for name in needed & self.state.keys() - followed:
                grown |= self.mentioned(self.next[name])
            followed |= needed
            for _, mentioned in bounds:
                delays = DELAY in mentioned
                if (delays and timed) or (not delays and mentioned & needed - {EVENT}):
                    grown |= mentioned
            if grown == needed:
                break
            needed = grown
        needed.add(EVENT)
        keep = tuple(part for part, mentioned in bounds if mentioned <= needed)
        return replace(
            self,
            state={name: item for name, item in self.state.items() if name in needed},
            inputs={name: kind for name, kind in self.inputs.items() if name in needed},
            initial=tuple(part for part in self.initial if self.mentioned(part) <= needed),
            constraint=keep,
            next={name: term for name, term in self.next.items() if name in needed},
            definitions={name: term for name, term in self.definitions.items() if name in needed},
            example={name: value for name, value in self.example.items() if name in needed},
        )


def between(reference: Reference, low: int, high: int) -> Expression:
    """Return ``low <= reference <= high`` for whole numbers."""
    return conj(compare(Op.GE, reference, whole(low)), compare(Op.LE, reference, whole(high)))


def member_range(reference: Reference, kind: Enumeration) -> Expression:
    """Return that an enumeration's code is one of its members, written over its whole-number code."""
    return between(reference, 0, len(kind.members) - 1)
