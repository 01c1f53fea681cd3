"""Which programmed value an envelope bounds, and for which combinations of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import references
from stimproof.specs.quantities import CURRENT

if TYPE_CHECKING:
    from stimproof.specs.expressions import Expression
    from stimproof.specs.specification import Limit, Parameter, Specification, Stimulus


@dataclass(frozen=True)
class Axes:
    """The bounded ``subject``, and the ``keys`` that its bound depends on, the pulse width first.

    The subject is the amplitude; of a claim that speaks of no amplitude, the pulse width. What is not
    programmed (measured at the patient, derived by the device) is ``free``: a setting must be safe at each
    of its values.
    """

    subject: Parameter
    keys: tuple[Parameter, ...]
    free: tuple[Parameter, ...] = ()

    @property
    def stepless(self) -> tuple[Parameter, ...]:
        """The programmed parameters of which nobody says the steps."""
        return tuple(item for item in (self.subject, *self.keys) if item.continuous)


def axes_of(specification: Specification, limit: Limit, claim: Expression) -> Axes | None:
    """Return the axes of a claim, or ``None`` where it speaks of no amplitude and no pulse width."""
    named = {name.removesuffix(DELIVERED) for name in references(claim)}
    mentioned = [item for name, item in specification.parameters.items() if name in named]
    programmed = [item for item in mentioned if item.kind == "programmed"]
    roles = _roles(_train(specification, limit, named))
    currents = [item for item in programmed if item.unit.dimension == CURRENT]
    if not roles and len(currents) == 1:
        roles = currents
    roles = [item for item in roles if item in programmed]
    if not roles:
        return None
    subject, *first = roles
    others = [item for item in programmed if item not in roles]
    return Axes(subject, (*first, *others), tuple(item for item in mentioned if item not in programmed))


def _roles(train: Stimulus | None) -> list[Parameter]:
    if train is None:
        return []
    return [train.amplitude, *((train.pulse_width,) if train.pulse_width is not None else ())]


def _train(specification: Specification, limit: Limit, named: set[str]) -> Stimulus | None:
    """Return the stimulus that a limit is about; of a free claim, the first one whose values it names."""
    if limit.stimuli:
        return limit.stimuli[0]
    for place in (0, 1):
        for train in specification.stimuli.values():
            if any(item.name in named for item in _roles(train)[place : place + 1]):
                return train
    return None
