"""From a machine obligation to the goal that decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.verify import monitors, progress
from stimproof.verify.monitors import Watched
from stimproof.verify.obligations import reachable_of
from stimproof.verify.solver import GaveUpError

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Obligation
    from stimproof.verify.system import TransitionSystem


UNDECIDED = {
    "fretrequirement": "no engine decides this form of requirement yet",
    "canreach": "no engine decides whether a state can always be reached yet",
    "unchanged": "no engine decides what an event leaves unchanged yet",
}


def watch(system: TransitionSystem, specification: Specification, obligation: Obligation) -> Watched:
    """Return the goal that must never hold (or, for a reachable mode, that some run reaches).

    Raises:
        GaveUpError: no engine decides obligations of this kind.
    """
    kind, machines = obligation.kind, specification.machines
    if kind in UNDECIDED:
        raise GaveUpError(UNDECIDED[kind])
    if kind == "reachable":
        name, mode = reachable_of(obligation, specification)
        return monitors.reaching(system, machines[name], mode)
    if kind == "invariant":
        return monitors.invariant(system, _meaning(specification, obligation))  # type: ignore[arg-type]  # by its kind
    if kind == "response":
        return monitors.response(system, _meaning(specification, obligation))  # type: ignore[arg-type]  # by its kind
    if kind == "conflict":
        return monitors.conflicting(system, specification)
    if kind == "timelock":
        return progress.time_locked(system, specification)
    if kind == "range":
        return monitors.outside(system, specification.variables[obligation.id.split(".")[1]])
    machine = machines[obligation.id.split(".")[1]]
    return (
        monitors.ambiguous(system, machine)
        if kind == "determinism"
        else progress.stuck(system, specification, machine)
    )


def _meaning(specification: Specification, obligation: Obligation) -> object:
    return specification.properties[obligation.id.removeprefix("properties.")].meaning
