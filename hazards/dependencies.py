"""Which elements of a specification bear on which others, and on which obligations.

A dependency is taken wherever the text of one entry names another: this finds at least what the meaning
depends on, and perhaps more, which is the safe side for asking what a change touches. Every claim about
behaviour depends on all machines, for it is proved about them together; every limit depends on every
interlock, for interlocks restrict the settings of all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stimproof.specs.elements import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.specification import Machine, Specification
    from stimproof.verify.results import Obligation

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")
MACHINES = "machines"
"""All machines together."""


def contents(specification: Specification) -> dict[str, Any]:
    """Return what is written about each element: the plain data of its entry, or of its part of a machine.

    Where the specification extends a device, what its own files say goes before what it takes over.
    """
    found: dict[str, Any] = {}
    for document in specification.documents:
        data = document.data if isinstance(document.data, dict) else {}
        for section in SECTIONS:
            entries = data.get(section)
            for name, entry in entries.items() if isinstance(entries, dict) else ():
                element = f"{section}.{name}"
                found[element] = _over(found.get(element), entry)
    for machine in specification.machines.values():
        element = f"{MACHINES}.{machine.name}"
        written = found.get(element)
        layers = written if isinstance(written, list) else [written]
        for layer in layers:
            found.update(_parts(element, layer, machine))
        found[element] = [_own(layer) for layer in layers]
    return found


def _over(before: Any, entry: Any) -> Any:
    """Return an entry of two files: both are kept, for either may bear on the meaning."""
    return entry if before is None else [*(before if isinstance(before, list) else [before]), entry]


def _own(written: Any) -> Any:
    """Return what is written about a machine apart from its modes and transitions."""
    if not isinstance(written, Mapping):
        return written
    return {key: value for key, value in written.items() if key not in ("modes", "transitions")}


def _parts(element: str, written: Any, machine: Machine) -> Iterator[tuple[str, Any]]:
    if not isinstance(written, Mapping):
        return
    modes, transitions = written.get("modes"), written.get("transitions")
    for name, mode in modes.items() if isinstance(modes, Mapping) else ():
        yield f"{element}.modes.{name}", mode
    numbered = zip(machine.transitions, transitions, strict=False) if isinstance(transitions, list) else ()
    for item, transition in numbered:
        yield f"{element}.transitions.{item.name or f'T{item.number}'}", transition


def edges(
    specification: Specification, obligations: tuple[Obligation, ...]
) -> Iterator[tuple[str, str, bool]]:
    """Yield (element, what depends on it, whether that is an obligation)."""
    texts = contents(specification)
    named: dict[str, list[str]] = {}
    for element in texts:
        section, _, name = element.partition(".")
        if "." not in name:
            named.setdefault(name, []).append(f"{section}.{name}")
    for element, entry in texts.items():
        for word in _words(entry):
            yield from ((other, element, False) for other in named.get(word, ()) if other != element)
        whole = _whole(element)
        if whole is not None:
            yield element, whole, False
    interlocks = [element for element in texts if element.startswith("interlocks.")]
    for obligation in obligations:
        yield obligation.element, obligation.id, True
        if obligation.element.startswith("limits."):
            yield from ((element, obligation.id, True) for element in interlocks)
        elif specification.machines:
            yield MACHINES, obligation.id, True


def _whole(element: str) -> str | None:
    """Return what an element is part of."""
    parts = element.split(".")
    if parts[0] != MACHINES:
        return None
    return MACHINES if len(parts) == 2 else ".".join(parts[:2])


def _words(value: Any) -> set[str]:
    """Return every name in the keys and texts of plain data."""
    if isinstance(value, str):
        return set(_NAME.findall(value))
    if isinstance(value, Mapping):
        found = {name for key in value for name in _NAME.findall(str(key))}
        return found.union(*(_words(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(_words(item) for item in value))
    return set()
