"""A transition system as VMT-LIB gives it: initial states, a transition relation, properties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stimproof.verify.vmt.terms import Sort, Terms


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: its name in the file, its sort and its term; a state variable has one more, ``after``.

    ``free`` marks a variable that the file does not give a next value, and that the initial condition
    mentions: it takes part in the state, so that both speak of one value, and any value follows.
    """

    name: str
    sort: Sort
    now: int
    after: int = -1
    free: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its number in the file, the name of its definition, its term and where it stands.

    ``problem`` says why its kind is not decided here; an invariant has none.
    """

    number: int
    name: str
    term: int
    line: int
    column: int
    problem: str = ""


@dataclass(frozen=True)
class Model:
    """A system with its properties; a run is a first state and steps that the relation allows."""

    file: str
    terms: Terms
    state: tuple[Variable, ...]
    inputs: tuple[Variable, ...]
    initial: int
    relation: int
    properties: tuple[Property, ...]

    def inputs_of(self, roots: Iterable[int]) -> tuple[Variable, ...]:
        """Return the inputs that terms mention."""
        mentioned = self.terms.variables(roots)
        return tuple(item for item in self.inputs if item.now in mentioned)
