"""What has to be shown about a specification: every obligation, from the specification alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import TRUE
from stimproof.specs.laws import LAWS
from stimproof.specs.specification import CanReach, FretRequirement, Parameter, Reachable, Response
from stimproof.verify.fretish import demand
from stimproof.verify.monitors import write_conflicts
from stimproof.verify.results import Obligation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.specification import Limit, Machine, Specification, Variable

TIME_GOES_ON = "time goes on: the device never takes endlessly many steps at one instant"
"""Presumed by every deadline where modes limit how long they last; the time-lock obligation is weaker."""


def obligations(specification: Specification) -> tuple[Obligation, ...]:
    """Return every obligation in a fixed order: limits, properties, then what each machine owes by itself."""
    return (
        *_limits(specification),
        *_properties(specification),
        *_machines(specification),
        *_variables(specification),
    )


def _limits(specification: Specification) -> Iterator[Obligation]:
    for limit in specification.limits.values():
        kind = "claim" if limit.law is None else limit.law
        yield Obligation(
            f"limits.{limit.name}",
            kind,
            _limit_statement(limit),
            limit.location,
            f"limits.{limit.name}",
            doc=limit.doc,
            if_refuted=limit.if_refuted,
            sources=limit.citation.sources,
        )


def _limit_statement(limit: Limit) -> str:
    law = LAWS.get(limit.law) if limit.law is not None else None
    if law is None:
        return f"for every programmable setting: {limit.text}"
    shown = limit.limit.text if limit.limit is not None else ""
    if shown == "unknown" and "{limit}" in law.sentence and limit.law != "shannon":
        shown = "a limit that is unknown"
    trains = " and ".join(f"'{item.name}'" for item in limit.stimuli)
    contact = next((f"'{item.electrode.name}'" for item in limit.stimuli), "")
    inputs = {
        name: f"'{item.name}'" if isinstance(item, Parameter) else item.text
        for name, item in limit.inputs.items()
    }
    sentence = law.sentence.format(train=trains, contact=contact, limit=shown, **inputs)
    return f"for every programmable setting at worst-case delivery, {sentence}"


def _properties(specification: Specification) -> Iterator[Obligation]:
    wellformed = _wellformed(specification)
    for item in specification.properties.values():
        kind = _KINDS.get(type(item.meaning), type(item.meaning).__name__.lower())
        yield Obligation(
            f"properties.{item.name}",
            kind,
            item.sentence,
            item.location,
            f"properties.{item.name}",
            wellformed,
            item.doc,
            item.if_refuted,
            item.citation.sources,
            _presumed(item.meaning, specification),
        )


_KINDS: dict[type, str] = {FretRequirement: "requirement", CanReach: "recovery"}


def _presumed(meaning: object, specification: Specification) -> tuple[str, ...]:
    """Return what a proof takes for granted: a deadline means nothing where time can stand still."""
    timed = isinstance(meaning, Response) and meaning.within > 0
    if isinstance(meaning, FretRequirement):
        owed = demand(meaning)
        timed = owed.owed or (owed.timing.timed and not meaning.in_steps)
    return (TIME_GOES_ON,) if timed and has_time_limits(specification) else ()


def _wellformed(specification: Specification) -> tuple[str, ...]:
    """Return the ids that every property leans on: what they show keeps the model's meaning unambiguous."""
    names = [f"machines.{name}.determinism" for name in specification.machines]
    if has_write_conflicts(specification):
        names.append("machines.conflict")
    if has_time_limits(specification):
        names.append("machines.timelock")
    return (*names, *(f"variables.{item.name}.range" for item in bounded_variables(specification)))


def bounded_variables(specification: Specification) -> list[Variable]:
    """Return the variables whose values could leave their range: quantities, and integers that must not."""
    return [
        item
        for item in specification.variables.values()
        if item.low is not None and (item.overflow == "forbid" or item.kind == "quantity")
    ]


def has_write_conflicts(specification: Specification) -> bool:
    """Return whether two machines could write one variable on one event."""
    return next(iter(write_conflicts(specification)), None) is not None


def has_time_limits(specification: Specification) -> bool:
    """Return whether some mode limits how long it may last."""
    return any(
        mode.stay != TRUE for machine in specification.machines.values() for mode in machine.modes.values()
    )


def _machines(specification: Specification) -> Iterator[Obligation]:
    for machine in specification.machines.values():
        place, element = machine.location, f"machines.{machine.name}"
        yield Obligation(
            f"{element}.determinism",
            "determinism",
            f"no event is ever accepted by two equally ranked transitions of '{machine.name}'",
            place,
            element,
        )
        yield Obligation(
            f"{element}.deadlock",
            "deadlock",
            f"outside its terminal modes, '{machine.name}' can always come to take some transition, "
            "now or after other steps of the device",
            place,
            element,
        )
        yield from _reachability(machine, element)
    first = next(iter(specification.machines.values()), None)
    if first is not None and has_write_conflicts(specification):
        yield Obligation(
            "machines.conflict",
            "conflict",
            "no variable is ever written by two machines in one step",
            first.location,
            "machines",
        )
    if first is not None and has_time_limits(specification):
        yield Obligation(
            "machines.timelock",
            "timelock",
            "wherever time may not pass, the device itself can act",
            first.location,
            "machines",
        )


def _reachability(machine: Machine, element: str) -> Iterator[Obligation]:
    for mode in machine.modes.values():
        yield Obligation(
            f"{element}.modes.{mode.name}.reachable",
            "reachable",
            f"mode {mode.name} of '{machine.name}' is reachable",
            mode.location,
            f"{element}.modes.{mode.name}",
        )


def _variables(specification: Specification) -> Iterator[Obligation]:
    for item in bounded_variables(specification):
        assert item.low is not None
        assert item.high is not None
        ends = [item.unit.show(end) if item.unit else str(end) for end in (item.low, item.high)]
        yield Obligation(
            f"variables.{item.name}.range",
            "range",
            f"'{item.name}' stays between {ends[0]} and {ends[1]}",
            item.location,
            f"variables.{item.name}",
        )


def recovery_of(obligation: Obligation, specification: Specification) -> CanReach:
    """Return the requirement that an obligation of recovery is about."""
    meaning = specification.properties[obligation.id.removeprefix("properties.")].meaning
    assert isinstance(meaning, CanReach)
    return meaning


def machine_of(obligation: Obligation) -> str:
    """Return the name of the machine that an obligation such as ``machines.M.deadlock`` is about."""
    return obligation.id.split(".")[1]


def reachable_of(obligation: Obligation, specification: Specification) -> tuple[str, str]:
    """Return the machine and mode that a reachability obligation is about."""
    if obligation.id.startswith("properties."):
        meaning = specification.properties[obligation.id.removeprefix("properties.")].meaning
        assert isinstance(meaning, Reachable)
        return meaning.machine, meaning.mode
    _, machine, _, mode, _ = obligation.id.split(".")
    return machine, mode
