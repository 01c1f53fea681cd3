"""One name, one thing: what expressions could mention must be told apart by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.behaviour import RESERVED
from stimproof.specs.fields import UNKNOWN
from stimproof.specs.findings import Code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.context import Context, Path

_SHARED = ("constants", "definitions", "variables", "inputs", "events", "machines")
_WORD = "a word of the language"


def check_names(context: Context) -> None:
    """Report one name that stands for two things that expressions could mention."""
    doc = context.document
    seen: dict[str, str] = {}
    for section in _SHARED:
        for name in getattr(doc, section):
            if _taken(name, seen) or (section == "constants" and name == UNKNOWN):
                _report(context, (section, name), f"'{name}'", seen.get(name))
                context.excused |= {name}
            seen.setdefault(name, section)
    for section, name, value in _members(context):
        if _taken(value, seen):
            _report(context, (section, name), f"its value '{value}'", seen.get(value))
    everywhere = {name: section for name, section in seen.items() if section in _SHARED[:2]}
    for name in doc.parameters:
        if _taken(name, everywhere):
            _report(context, ("parameters", name), f"'{name}'", everywhere.get(name))
            context.excused |= {name} & everywhere.keys()
    _check_transitions(context)


def _taken(name: str, seen: dict[str, str]) -> bool:
    return name in seen or name in RESERVED


def _report(context: Context, path: Path, what: str, other: str | None) -> None:
    said = f"also one of the {other}" if other else _WORD
    context.report(Code.DUPLICATE_NAME, path, f"{what} is {said}", "rename one of the two", key=True)


def _members(context: Context) -> Iterator[tuple[str, str, str]]:
    doc = context.document
    for section, entries in (("variables", doc.variables), ("inputs", doc.inputs)):
        for name, item in entries.items():
            yield from ((section, name, value) for value in item.values)
    for name, machine in doc.machines.items():
        yield from (("machines", name, mode) for mode in machine.modes)


def _check_transitions(context: Context) -> None:
    seen: set[str] = set()
    for machine, item in context.document.machines.items():
        for index, transition in enumerate(item.transitions):
            if transition.name is not None and transition.name in seen:
                path: Path = ("machines", machine, "transitions", index, "name")
                message = f"'{transition.name}' is also the name of another transition"
                context.report(Code.DUPLICATE_NAME, path, message, "rename one of the two")
            seen |= {transition.name or ""}
