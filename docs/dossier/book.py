"""The address book: on which page and under which anchor each object of the dossier stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from stimproof.dossier.inputs import DossierInputs
    from stimproof.specs.findings import Location

KINDS = {
    "obligation": "Obligations",
    "hazard": "Hazards",
    "control": "Risk controls",
    "requirement": "Requirements",
    "parameter": "Parameters",
    "electrode": "Electrodes",
    "stimulus": "Stimuli",
    "interlock": "Interlocks",
    "limit": "Limits",
    "machine": "Machines",
    "mode": "Modes",
    "event": "Events",
    "variable": "Variables",
    "input": "Inputs",
    "modality": "Modalities",
    "rule": "Rules of indication",
    "source": "Sources",
    "clause": "Clauses",
    "file": "Specification text",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where an object stands: a page, and an anchor on it (empty for the page itself)."""

    docname: str
    anchor: str


Key = tuple[str, str]


def slug(text: str) -> str:
    """Return a name that is safe in file names, addresses and anchors.

    >>> slug("machines.ipg.modes.OFF"), slug("../<a b>")
    ('machines.ipg.modes.OFF', 'a-b')
    """
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip(".-") or "item"


def unique_slugs(names: Iterable[str]) -> dict[str, str]:
    """Return a slug for each name, distinct even where a file system ignores case."""
    taken: set[str] = set()
    result: dict[str, str] = {}
    for name in names:
        base = candidate = slug(name)
        number = 2
        while candidate.lower() in taken:
            candidate, number = f"{base}-{number}", number + 1
        taken.add(candidate.lower())
        result[name] = candidate
    return result


class Book:
    """The addresses of all objects, made once from the inputs and never changed afterwards."""

    def __init__(self, inputs: DossierInputs, clauses: Iterable[str]) -> None:
        self.addresses: Mapping[Key, Address] = dict(_addresses(inputs, clauses))
        documents = [
            *inputs.specification.documents,
            *(inputs.risk_file.documents if inputs.risk_file else ()),
        ]
        self._files = {document.file: document.name for document in documents}
        self._names = tuple(inputs.sources)

    def on(self, docname: str) -> Iterator[tuple[Key, Address]]:
        """Yield the objects that stand on one page."""
        return ((key, place) for key, place in self.addresses.items() if place.docname == docname)

    def pages(self, kind: str) -> dict[str, str]:
        """Return the page of each object of a kind that has a page of its own."""
        return {name: place.docname for (what, name), place in self.addresses.items() if what == kind}

    def file(self, path: str) -> str:
        """Return an input file's path inside its project, whatever path it was read by."""
        if path in self._files:
            return self._files[path]
        tail = path.replace("\\", "/")
        found = [name for name in self._names if tail == name or tail.endswith(f"/{name}")]
        return max(found, key=len) if found else tail.rsplit("/", 1)[-1]

    def place(self, location: Location) -> str:
        """Return ``file:line:column`` with the file's path inside its project."""
        return f"{self.file(location.file)}:{location.line}:{location.column}"


def _addresses(inputs: DossierInputs, clauses: Iterable[str]) -> Iterator[tuple[Key, Address]]:
    spec = inputs.specification
    ids = [result.obligation.id for result in inputs.verification.results]
    for name, short in unique_slugs(ids).items():
        yield ("obligation", name), Address(f"obligations/{short}", "")
    for name, short in unique_slugs(inputs.sources).items():
        yield ("file", name), Address(f"text/{short}", "")
    modes = [f"{machine.name}.{mode}" for machine in spec.machines.values() for mode in machine.modes]
    yield from _anchored("electrode", spec.electrodes, "device")
    yield from _anchored("parameter", spec.parameters, "device")
    yield from _anchored("stimulus", spec.stimuli, "device")
    yield from _anchored("interlock", spec.interlocks, "device")
    yield from _anchored("limit", spec.limits, "limits")
    yield from _anchored("machine", spec.machines, "machines")
    yield from _anchored("mode", modes, "machines")
    yield from _anchored("event", spec.events, "machines")
    yield from _anchored("variable", spec.variables, "machines")
    yield from _anchored("input", spec.inputs, "machines")
    yield from _anchored("source", spec.sources, "sources")
    yield from _anchored("clause", clauses, "clauses")
    if inputs.indications is not None:
        told = inputs.indications
        yield from _anchored("modality", told.modalities, "indications")
        yield from _anchored("rule", told.rules, "indications")
    yield from _risk(inputs)


def _risk(inputs: DossierInputs) -> Iterator[tuple[Key, Address]]:
    risk_file = inputs.risk_file
    if risk_file is None or not risk_file.present:
        return
    yield from _anchored("hazard", risk_file.hazards, "risk")
    yield from _anchored("control", risk_file.controls, "controls")
    yield from _anchored("requirement", risk_file.requirements, "controls")
    own = inputs.specification.sources
    yield from _anchored("source", (name for name in risk_file.sources if name not in own), "sources")


def _anchored(kind: str, names: Iterable[str], docname: str) -> Iterator[tuple[Key, Address]]:
    for name, short in unique_slugs(names).items():
        yield (kind, name), Address(docname, f"{kind}-{short}")
