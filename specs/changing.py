"""What if: values of a specification changed for one run, without a change of its files.

A changed value cites the command line and is uncertain, so that it is printed as unverified wherever a
verdict leans on it. What is read so is another specification: its hash covers the changes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from stimproof.specs.errors import OperatorError
from stimproof.specs.findings import Code, Finding
from stimproof.specs.quantities import exact_text
from stimproof.specs.reading import Document, scalar

if TYPE_CHECKING:
    from stimproof.specs.validation import Bundle

SOURCE = "command_line"
_TITLE = "Changed on the command line for this run (--with)"
_SECTIONS = ("constants", "electrodes", "parameters", "stimuli", "limits", "faults")
_PLAIN = frozenset({"limit", "step", "default", "from", "to"})
"""Keys whose value is a number written without a source of its own: the entry around it cites one."""
AREA = "contact_area"
"""Stands for whatever geometry an electrode has: the area given as such."""
_SHOWN = 12

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One changed value: its path in the specification, and what stood and stands there."""

    path: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """The change in words."""
        return (
            f"changed on the command line: {self.path} = {self.after} (the specification says {self.before})"
        )


def parse(settings: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the names and values of ``name=value`` settings.

    Raises:
        OperatorError: one of them has no name, no value, or stands twice.
    """
    found: dict[str, str] = {}
    for given in settings:
        name, sign, value = (part.strip() for part in given.partition("="))
        if not (name and sign and value):
            raise OperatorError(f"'{given}' is no change; write name=value, as in {AREA}='0.05 cm^2'")
        if name in found:
            raise OperatorError(f"'{name}' is changed twice; keep one of the two")
        found[name] = value
    return tuple(found.items())


def change(source: Bundle, settings: Sequence[str]) -> tuple[Change, ...]:
    """Change values in the data of a bundle and return what was changed; adds a finding for each.

    Raises:
        OperatorError: a name that nothing has, or that several values have; candidates are named.
    """
    places = dict(_places(source.data))
    made: dict[Path, Change] = {}
    for name, value in parse(settings):
        path = _resolve(name, places)
        if path in made:
            raise OperatorError(
                f"'{name}' and another setting both change {_dotted(path)}; keep one of the two"
            )
        before = _put(source.data, path, scalar(value))
        made[path] = Change(_dotted(path), before, value)
    if made:
        sources = source.data.setdefault("sources", {})
        if isinstance(sources, dict):
            sources[SOURCE] = {"title": _TITLE}
        text = "".join(f"{item.path}={item.after}\n" for item in made.values())
        source.documents = (*source.documents, Document("<command line>", name="<command line>", text=text))
    source.findings += [
        Finding(
            Code.CHANGED,
            source.at(path[:2], key=True),
            item.text,
            "leave out --with to judge the specification",
        )
        for path, item in made.items()
    ]
    return tuple(made.values())


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)


def _places(data: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    """Yield the dotted name and the path of every value that can be changed."""
    for section in _SECTIONS:
        entries = data.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            paths = dict.fromkeys([*_numbers(entry, (section, name)), *_absent(section, name)])
            yield from ((_dotted(path), path) for path in paths)


def _absent(section: str, name: str) -> Iterator[Path]:
    """Yield what an entry may have even where nothing is written."""
    if section == "electrodes":
        yield (section, name, AREA)
    if section == "parameters":
        yield (section, name, "tolerance")


def _numbers(node: Any, path: Path) -> Iterator[Path]:
    if isinstance(node, dict):
        if "value" in node:
            yield path
        for key, value in node.items():
            if key in _PLAIN and not isinstance(value, dict | list):
                yield (*path, key)
            else:
                yield from _numbers(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            if path[-1] == "range" and not isinstance(value, dict | list):
                yield (*path, index)
            else:
                yield from _numbers(value, (*path, index))


def _resolve(name: str, places: dict[str, Path]) -> Path:
    """Return the path that a name means: its whole dotted name, or an ending that only one value has."""
    if name in places:
        return places[name]
    ending = [dotted for dotted in places if dotted.endswith(f".{name}")]
    if len(ending) == 1:
        return places[ending[0]]
    if ending:
        raise OperatorError(f"'{name}' may mean {_listed(ending)}; write one of these in full")
    last = {dotted: dotted.rpartition(".")[2] for dotted in places}
    alike = set(difflib.get_close_matches(name.rpartition(".")[2], set(last.values())))
    near = [dotted for dotted in places if last[dotted] in alike]
    hint = f"near are {_listed(near)}" if near else f"there are {_listed(list(places))}"
    raise OperatorError(f"nothing that can be changed is called '{name}'; {hint}")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _put(data: dict[str, Any], path: Path, value: Any) -> str:
    """Put a value at a path, citing the command line; return the text of what stood there."""
    cited = {} if value == "unknown" else {"source": SOURCE, "confidence": "uncertain"}
    node: Any = data
    for part in path[:-1]:
        node = node[part]
    last: Any = path[-1]
    if last == AREA:
        held = node.get("geometry")
        before = _shown(held)
        node["geometry"] = {"shape": "given", "area": {"value": value, **cited}}
    elif path[-2] == "range" or last in _PLAIN:
        before, node[last] = _shown(node[last]), value
        data[str(path[0])][path[1]].update(cited)
    else:
        held = node.get(last)
        before = _shown(held.get("value")) if isinstance(held, dict) else "nothing"
        kept = {key: item for key, item in held.items() if key == "doc"} if isinstance(held, dict) else {}
        node[last] = {**kept, "value": value, **cited}
    return before


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        parts = (
            f"{key} {_shown(item.get('value') if isinstance(item, dict) else item)}"
            for key, item in value.items()
        )
        return ", ".join(parts)
    if isinstance(value, Fraction):
        return exact_text(value)
    return "nothing" if value is None else str(value)
