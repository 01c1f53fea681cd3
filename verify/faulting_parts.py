"""What putting faults into a specification is made of: new names, and the same change made everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stimproof.specs.expressions import TRUE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from stimproof.specs.expressions import Expression
    from stimproof.specs.specification import Machine, Specification, Transition, Updates


class InjectionError(Exception):
    """A fault that the language cannot say about a device; the message says why."""


class Names:
    """Gives names that nothing in a specification has."""

    def __init__(self, specification: Specification) -> None:
        self._taken = {
            *specification.variables,
            *specification.inputs,
            *specification.events,
            *specification.machines,
            *specification.parameters,
            *specification.constants,
            *specification.definitions,
            *(mode for machine in specification.machines.values() for mode in machine.modes),
        }

    def new(self, wanted: str) -> str:
        """Return a name that begins with the wanted one, and is given to nobody else."""
        while wanted in self._taken:
            wanted += "_"
        self._taken.add(wanted)
        return wanted


def transition_of(specification: Specification, name: str) -> Transition:
    """Return the transition of that name."""
    found = (item for machine in specification.machines.values() for item in machine.transitions)
    return next(item for item in found if item.name == name)


def with_stays(
    specification: Specification,
    machine: Machine,
    modes: Collection[str],
    change: Callable[[Expression], Expression],
) -> Specification:
    """Return the specification with another ``stay`` of some modes that have one."""
    changed = {
        name: replace(mode, stay=change(mode.stay)) if name in modes and mode.stay != TRUE else mode
        for name, mode in machine.modes.items()
    }
    return replace(
        specification, machines={**specification.machines, machine.name: replace(machine, modes=changed)}
    )


def unbounded(specification: Specification, machine: Machine, modes: Collection[str]) -> Specification:
    """Return the specification in which some modes of a machine may last for ever."""
    return with_stays(specification, machine, modes, lambda stay: TRUE)


def rewritten(specification: Specification, change: Callable[[Expression], Expression]) -> Specification:
    """Return the specification with every term of its machines changed; its claims stay as they are."""

    def assigned(updates: Updates) -> Updates:
        return tuple((name, change(term)) for name, term in updates)

    return _everywhere(specification, assigned, change)


def unwritten(specification: Specification, name: str) -> Specification:
    """Return the specification in which nothing writes a variable."""

    def kept(updates: Updates) -> Updates:
        return tuple(pair for pair in updates if pair[0] != name)

    return _everywhere(specification, kept, lambda term: term)


def _everywhere(
    specification: Specification,
    assigned: Callable[[Updates], Updates],
    change: Callable[[Expression], Expression],
) -> Specification:
    """Return the specification with other assignments, guards and stays in all machines."""
    machines = {
        machine.name: replace(
            machine,
            modes={
                mode.name: replace(
                    mode, entry=assigned(mode.entry), exit=assigned(mode.exit), stay=change(mode.stay)
                )
                for mode in machine.modes.values()
            },
            transitions=tuple(
                replace(item, guard=change(item.guard), updates=assigned(item.updates))
                for item in machine.transitions
            ),
        )
        for machine in specification.machines.values()
    }
    return replace(specification, machines=machines)
