"""What a property means: every kind of claim about the machines, resolved."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from stimproof.specs.expressions import Expression, references
from stimproof.specs.property.forms import Condition, Scope, Timing


@dataclass(frozen=True, slots=True)
class Invariant:
    """``scope`` implies ``body`` in every reachable state."""

    scope: Expression
    body: Expression

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset(references(self.scope) | references(self.body))


@dataclass(frozen=True, slots=True)
class Response:
    """Each time the trigger happens inside ``scope``, ``body`` holds within ``within`` seconds.

    The trigger is an ``event`` or the rising edge of a ``condition``. Leaving the scope cancels what
    is still owed. ``within`` zero demands ``body`` in the very state that the trigger leads to.
    """

    scope: Expression
    event: str | None
    condition: Expression
    body: Expression
    within: Fraction

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset(references(self.scope) | references(self.condition) | references(self.body))


@dataclass(frozen=True, slots=True)
class Reachable:
    """Some run reaches ``mode`` of ``machine``."""

    machine: str
    mode: str

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset((self.machine,))


@dataclass(frozen=True, slots=True)
class FretRequirement:
    """A FRETish requirement of any form; :mod:`stimproof.specs.property` gives its meaning on traces.

    ``mode`` is what the scope refers to (``TRUE`` for the global scope). ``trigger`` is the condition
    (``TRUE`` where there is none), unless an ``event`` is the trigger, with ``trigger`` ``FALSE``: then
    the scope is judged before the event's step and the timing counts from the state that it leads to.
    ``duration`` is in seconds, or in steps where ``in_steps``; 0 for a timing that takes none.
    ``stop`` is the condition of ``until`` and ``before``, ``FALSE`` for every other timing.
    """

    scope: Scope
    mode: Expression
    condition: Condition
    event: str | None
    trigger: Expression
    timing: Timing
    duration: Fraction
    in_steps: bool
    stop: Expression
    body: Expression

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset().union(*map(references, (self.mode, self.trigger, self.stop, self.body)))


@dataclass(frozen=True, slots=True)
class CanReach:
    """From every reachable state of ``source``, some continuation reaches a state of ``target``.

    ``using`` names the input events that the continuation may use besides internal events and the
    passing of time; ``None`` allows every event.
    """

    source: Expression
    target: Expression
    using: tuple[str, ...] | None

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset(references(self.source) | references(self.target))


@dataclass(frozen=True, slots=True)
class Unchanged:
    """No step of ``event`` changes any of ``variables``."""

    event: str
    variables: tuple[str, ...]

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset(self.variables)


Meaning = Invariant | Response | Reachable | FretRequirement | CanReach | Unchanged
