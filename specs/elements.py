"""The named elements of a specification: what a risk control, a review or a change can point at.

::

    parameters.amplitude            parameters.amplitude.range
    machines.ipg                    machines.ipg.modes.MRI       machines.ipg.modes.MRI.entry|exit|stay
    machines.ipg.transitions.NAME (T3 where it has no name)      machines.ipg.transitions.NAME.guard|updates
    variables.t   variables.t.range    interlocks.X   limits.Y   properties.Z   constants.C   …
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.findings import Location
    from stimproof.specs.specification import Machine, Specification

SECTIONS = (
    "constants",
    "electrodes",
    "parameters",
    "stimuli",
    "interlocks",
    "limits",
    "variables",
    "inputs",
    "events",
    "definitions",
    "machines",
    "properties",
    "faults",
)
"""The sections of a specification whose entries are elements."""
PARTS = ("entry", "exit", "stay", "guard", "updates", "range")
"""What an element may have as a part of its own."""
_RANGED = ("parameters", "variables", "inputs")


def elements(specification: Specification) -> dict[str, Location]:
    """Return every named element with the place where it is written, in the order of the language."""
    found: dict[str, Location] = {}
    for section in SECTIONS:
        for name, item in getattr(specification, section).items():
            found[f"{section}.{name}"] = item.location
            if section in _RANGED:
                found[f"{section}.{name}.range"] = item.location
    for machine in specification.machines.values():
        found.update(_parts(machine))
    return found


def _parts(machine: Machine) -> Iterator[tuple[str, Location]]:
    for mode in machine.modes.values():
        name = f"machines.{machine.name}.modes.{mode.name}"
        yield name, mode.location
        for part in ("entry", "exit", "stay"):
            yield f"{name}.{part}", mode.location
    for item in machine.transitions:
        name = f"machines.{machine.name}.transitions.{item.name or f'T{item.number}'}"
        yield name, item.location
        for part in ("guard", "updates"):
            yield f"{name}.{part}", item.location
