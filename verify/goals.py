"""From a machine obligation to the goal that decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.specification import FretRequirement
from stimproof.verify import fretish, monitors, progress
from stimproof.verify.monitors import Watched
from stimproof.verify.obligations import reachable_of

if TYPE_CHECKING:
    from stimproof.specs.expressions import Expression
    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Obligation
    from stimproof.verify.system import TransitionSystem


def watch(system: TransitionSystem, specification: Specification, obligation: Obligation) -> Watched:
    """Return the goal that must never hold (or, for a reachable mode, that some run reaches)."""
    kind, machines = obligation.kind, specification.machines
    if kind == "reachable":
        name, mode = reachable_of(obligation, specification)
        return monitors.reaching(system, machines[name], mode)
    if kind == "invariant":
        return monitors.invariant(system, _meaning(specification, obligation))  # type: ignore[arg-type]  # by its kind
    if kind == "response":
        return monitors.response(system, _meaning(specification, obligation))  # type: ignore[arg-type]  # by its kind
    if kind == "requirement":
        return fretish.watch(system, _meaning(specification, obligation))  # type: ignore[arg-type]  # by its kind
    if kind == "unchanged":
        return monitors.changing(system, _meaning(specification, obligation))  # type: ignore[arg-type]  # by its kind
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


def premise(system: TransitionSystem, specification: Specification, obligation: Obligation) -> Watched | None:
    """Return what must be able to happen for a property to say anything; ``None`` where that is sure."""
    if obligation.kind == "requirement":
        return fretish.premise(system, _meaning(specification, obligation))  # type: ignore[arg-type]  # by its kind
    return monitors.premise(system, specification, obligation)


def terms_of(specification: Specification, obligation: Obligation) -> tuple[Expression, ...]:
    """Return the terms of a requirement: what its truth is made of at each moment."""
    meaning = _meaning(specification, obligation)
    if not isinstance(meaning, FretRequirement):
        return ()
    return (meaning.mode, meaning.trigger, meaning.body, meaning.stop)


def _meaning(specification: Specification, obligation: Obligation) -> object:
    return specification.properties[obligation.id.removeprefix("properties.")].meaning
