"""Requirements and interlocks that cannot do what they are there for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import Reference, references
from stimproof.specs.findings import Code, Finding, Severity
from stimproof.specs.specification import Unchanged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.specification import Specification, Updates


def findings(specification: Specification) -> Iterator[Finding]:
    """Yield properties about what never changes, and interlocks about what firmware cannot know."""
    moving = changing(specification)
    for item in specification.properties.values():
        names = item.meaning.mentioned
        if not names & moving:
            about = f"nothing sets {' or '.join(sorted(names))}" if names else "it mentions nothing"
            yield Finding(
                Code.STATIC_PROPERTY,
                item.location,
                f"'{item.name}' speaks of what never changes: {about}",
                "add the update that is missing, or say something about what does change",
                # That nothing sets a variable may be the very design that such a requirement records.
                Severity.NOTE if isinstance(item.meaning, Unchanged) else None,
            )
    for lock in specification.interlocks.values():
        delivered = sorted(name for name in references(lock.claim) if name.endswith(DELIVERED))
        if delivered:
            shown = ", ".join(f"delivered({name.removesuffix(DELIVERED)})" for name in delivered)
            yield Finding(
                Code.DELIVERED_INTERLOCK,
                lock.location,
                f"'{lock.name}' constrains {shown}, which firmware does not know",
                "write it over programmed values, with the tolerance as a margin",
            )


def changing(specification: Specification) -> set[str]:
    """Return the clocks, the variables that something sets, and the machines that can change their mode."""
    found = {item.name for item in specification.variables.values() if item.kind == "clock"}
    for machine in specification.machines.values():
        for transition in machine.transitions:
            moves = transition.target is not None
            found |= _set(transition.updates)
            if moves and any(mode != transition.target for mode in transition.sources):
                found.add(machine.name)
            for mode in transition.sources if moves else ():
                found |= _set(machine.modes[mode].exit)
            if transition.target is not None:
                found |= _set(machine.modes[transition.target].entry)
    return found


def _set(updates: Updates) -> set[str]:
    """Return the variables that get something else than what they hold."""
    return {name for name, term in updates if not (isinstance(term, Reference) and term.name == name)}
