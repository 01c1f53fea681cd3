"""Specifications without some of their elements: what a device would be without a risk control.

A guard that is removed becomes true, a transition is not taken, what a transition or a mode assigns is left
out, a mode may last for ever, an interlock is not assumed, a counter that saturates wraps, and a range of
parameters or inputs becomes a thousand times as wide, since nothing ranges over all numbers. Everything
else stays, the text and its hash included: what was removed stands beside every result about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from stimproof.specs.expressions import TRUE

if TYPE_CHECKING:
    from stimproof.specs.specification import Machine, Mode, Specification, Transition

WIDER = 1000
"""How many times its own width a range grows by where it is removed."""
_CLAIMS = ("limits", "properties", "definitions", "constants", "events", "electrodes", "stimuli", "faults")


class NotRemovableError(Exception):
    """An element that cannot be removed by itself; the message says why."""


def without(specification: Specification, elements: Iterable[str]) -> Specification:
    """Return the specification without some elements, named as :mod:`stimproof.specs.elements` names them.

    Raises:
        NotRemovableError: one of them cannot be removed, or is not there.
    """
    for element in elements:
        specification = _without(specification, element)
    return specification


def _without(specification: Specification, element: str) -> Specification:
    section, _, rest = element.partition(".")
    remove = _SECTIONS.get(section)
    if remove is None:
        what = "a claim or a name" if section in _CLAIMS else "unknown"
        raise NotRemovableError(f"{element} is {what}, and no part of the device that could be left out")
    return remove(specification, rest)


def _interlock(specification: Specification, name: str) -> Specification:
    if name not in specification.interlocks:
        raise NotRemovableError(f"there is no interlock {name}")
    kept = {key: lock for key, lock in specification.interlocks.items() if key != name}
    return replace(specification, interlocks=kept)


def _parameter(specification: Specification, rest: str) -> Specification:
    item = specification.parameters.get(rest.removesuffix(".range"))
    if item is None:
        raise NotRemovableError(f"there is no parameter {rest}")
    if item.low == item.high:
        raise NotRemovableError(f"{item.name} has one value, which no range keeps")
    # The steps go on beyond the old end; where nobody states them, only the new ends are sure to be values.
    steps = tuple(
        replace(last, stop=last.stop + WIDER * last.count * last.step) for last in item.segments[-1:]
    )
    high = steps[0].stop if steps else item.high + WIDER * (item.high - item.low)
    wider = replace(item, high=high, segments=(*item.segments[:-1], *steps))
    changed = {**specification.parameters, item.name: wider}
    return replace(specification, parameters=changed)


def _input(specification: Specification, rest: str) -> Specification:
    item = specification.inputs.get(rest.removesuffix(".range"))
    if item is None or item.low is None or item.high is None:
        raise NotRemovableError(f"the input {rest} has no range")
    span = WIDER * (item.high - item.low)
    wider = replace(item, low=item.low - span, high=item.high + span)
    return replace(specification, inputs={**specification.inputs, item.name: wider})


def _variable(specification: Specification, rest: str) -> Specification:
    item = specification.variables.get(rest.removesuffix(".range"))
    if item is None or item.overflow != "saturate":
        raise NotRemovableError(
            f"that {rest} holds is a claim; only where a counter saturates does the device keep it"
        )
    changed = {**specification.variables, item.name: replace(item, overflow="wrap")}
    return replace(specification, variables=changed)


def _machine(specification: Specification, rest: str) -> Specification:
    name, _, inner = rest.partition(".")
    kind, _, part = inner.partition(".")
    machine = specification.machines.get(name)
    if machine is None or kind not in ("transitions", "modes"):
        raise NotRemovableError(f"machines.{rest} cannot be left out; name a transition or a part of a mode")
    changed = (_transition if kind == "transitions" else _mode)(machine, part)
    return replace(specification, machines={**specification.machines, name: changed})


def _transition(machine: Machine, rest: str) -> Machine:
    title, _, part = rest.partition(".")
    found = [item for item in machine.transitions if title in (item.name, f"T{item.number}")]
    # A name that looks like a number is the name of the transition that bears it.
    wanted = next((item for item in found if item.name == title), found[0] if found else None)
    if wanted is None or part not in ("", "guard", "updates"):
        raise NotRemovableError(f"machines.{machine.name} has no transition {rest}")
    changed = [_weaker(item, part) if item is wanted else item for item in machine.transitions]
    return replace(machine, transitions=tuple(item for item in changed if item is not None))


def _weaker(item: Transition, part: str) -> Transition | None:
    if not part:
        return None
    return replace(item, guard=TRUE) if part == "guard" else replace(item, updates=())


def _mode(machine: Machine, rest: str) -> Machine:
    name, _, part = rest.partition(".")
    mode = machine.modes.get(name)
    if mode is None or part not in _PARTS:
        raise NotRemovableError(
            f"machines.{machine.name}.modes.{rest} cannot be left out; name its entry, exit or stay"
        )
    changed = {**machine.modes, name: _PARTS[part](mode)}
    return replace(machine, modes=changed)


_PARTS: dict[str, Callable[[Mode], Mode]] = {
    "entry": lambda mode: replace(mode, entry=()),
    "exit": lambda mode: replace(mode, exit=()),
    "stay": lambda mode: replace(mode, stay=TRUE),
}
_SECTIONS: dict[str, Callable[[Specification, str], Specification]] = {
    "interlocks": _interlock,
    "parameters": _parameter,
    "inputs": _input,
    "variables": _variable,
    "machines": _machine,
}
