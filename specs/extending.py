"""Extending a reference device: ``extends: drg-axium`` takes over all that it says, and single values change.

Mappings are merged key by key, however deep; a list replaces the whole list. ``remove:`` names entries that
the new device does not have. Each value keeps the file in which it was written.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.including import included
from stimproof.specs.quantities import exact_text
from stimproof.specs.reading import Document, read_files
from stimproof.specs.validation import SPECIFICATION_HEADS, Bundle, bundle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*\Z")
_LAYERS = 8
_KEYS = ("extends", "remove", "includes")
"""What says how files belong together, and is taken over by none."""
_OWN = (("stimproof",), ("device", "id"), ("device", "name"))
"""What every device has of its own."""


@dataclass(frozen=True, slots=True)
class Override:
    """A value of the extended device that a specification changes: where, from what, to what."""

    path: str
    location: Location
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Extension:
    """Which device is extended, what of it is changed, and which entries come from where."""

    device: str
    overridden: tuple[Override, ...]
    removed: tuple[str, ...]
    origins: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is extended: in which folder of a device it stands, its heads, and where its id stands."""

    folder: str
    heads: Mapping[str, Any]
    id: tuple[str, str]


SPECIFICATION = Kind("specs", SPECIFICATION_HEADS, ("device", "id"))


def gather(documents: Iterable[Document], root: Path | None, kind: Kind = SPECIFICATION) -> Bundle:
    """Return the documents of a project with what they include and extend, as one bundle.

    ``root`` is the project's folder; its ``library/`` goes before the reference devices of the program, so
    that a project can carry the device that it extends.
    """
    return _layered(list(documents), root, _Shelves(root, kind), ())


def _layered(
    documents: list[Document], folder: Path | None, shelves: _Shelves, chain: tuple[str, ...]
) -> Bundle:
    findings: list[Finding] = []
    source = bundle(tuple(included(documents, folder, findings)), shelves.kind.heads)
    source.findings.extend(findings)
    source.written = source.data
    extended = source.data.get("extends")
    if isinstance(extended, str):
        _put_on(source, _base(source, extended, shelves, (*chain, extended)), shelves.kind)
    elif extended is not None:
        raise _refused(source, "'extends' names one reference device", "write its id, such as drg-axium")
    elif "remove" in source.data:
        _refuse(source, ("remove",), "nothing is extended of which something could be removed", "remove it")
    return source


def _refuse(source: Bundle, path: tuple[Any, ...], message: str, advice: str) -> None:
    source.findings.append(Finding(Code.EXTENDS, source.at(path), message, advice))


def _refused(source: Bundle, message: str, advice: str) -> SpecificationError:
    """Return the error of a device that cannot be extended, without which nothing else can be judged."""
    _refuse(source, ("extends",), message, advice)
    return SpecificationError(source.findings)


def _base(source: Bundle, name: str, shelves: _Shelves, chain: tuple[str, ...]) -> Bundle:
    """Read the device that is extended.

    Raises:
        SpecificationError: there is none of that name, it cannot be read, or it extends itself.
    """
    if name in chain[:-1] or len(chain) > _LAYERS:
        message = f"extended is in turn {' → '.join(chain)}"
        raise _refused(source, message, "extend only what stands alone")
    folder = shelves.find(name)
    if folder is None:
        known = shelves.known()
        near = get_close_matches(name, known, n=2)
        advice = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
        raise _refused(source, f"there is no reference device '{name[:80]}'", advice)
    documents = read_files(folder / shelves.kind.folder)
    for document in documents:
        document.name = f"library/{name}/{document.name}"
    return _layered(documents, folder.parent.parent, shelves, chain)


@dataclass(frozen=True, slots=True)
class _Shelves:
    """Where what can be extended stands: in the project, then in the program."""

    root: Path | None
    kind: Kind

    def _all(self) -> list[Path]:
        own = [] if self.root is None else [self.root / "library"]
        return [*own, Path(str(resources.files("stimproof.specs") / "library"))]

    def find(self, name: str) -> Path | None:
        """Return the folder of a reference device, or ``None``; links are not followed."""
        if not _ID.match(name):
            return None
        for shelf in self._all():
            place = shelf / name
            inner = place / self.kind.folder
            if inner.is_dir() and not any(part.is_symlink() for part in (shelf, place, inner)):
                return place
        return None

    def known(self) -> list[str]:
        """Return the names of everything that can be extended."""
        places = [place for shelf in self._all() if shelf.is_dir() for place in shelf.iterdir()]
        return sorted({place.name for place in places if (place / self.kind.folder).is_dir()})


def _put_on(source: Bundle, below: Bundle, kind: Kind) -> None:
    """Lay what a bundle's own documents say over what it extends."""
    source.findings.extend(below.findings)
    below.data = {key: copy.deepcopy(value) for key, value in below.data.items() if key not in _KEYS}
    _remove(source, below)
    source.base = below
    source.documents = (*source.documents, *below.documents)
    source.data = _merged(below.data, source.written)
    head, key = kind.id
    own = source.written.get(head)
    if not isinstance(own, dict) or own.get(key) in (None, below.data.get(head, {}).get(key)):
        message = f"what extends '{source.written['extends']}' is another device and needs an id of its own"
        advice = "add 'device: {id: …, name: …}'" if kind is SPECIFICATION else f"add '{head}: {{{key}: …}}'"
        _refuse(source, (head,), message, advice)


def _remove(source: Bundle, below: Bundle) -> None:
    given = source.written.get("remove")
    for index, path in enumerate(given if isinstance(given, list) else ()):
        parts = path.split(".") if isinstance(path, str) else []
        node: Any = below.data
        for part in parts[:-1]:
            node = node.get(part) if isinstance(node, dict) else None
        if parts and parts[0] not in below.heads and isinstance(node, dict) and parts[-1] in node:
            del node[parts[-1]]
            continue
        known = [*node] if isinstance(node, dict) else []
        near = get_close_matches(parts[-1], known, n=2) if parts else []
        advice = f"did you mean {' or '.join(near)}?" if near else "write the keys with points: limits.charge"
        _refuse(source, ("remove", index), f"the extended device has no '{str(path)[:80]}'", advice)


def _merged(below: Any, above: Any) -> Any:
    """Return one value laid over another: mappings key by key, anything else as a whole."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return copy.deepcopy(above)
    both = {key: _merged(value, above[key]) if key in above else value for key, value in below.items()}
    return {**both, **{key: copy.deepcopy(value) for key, value in above.items() if key not in below}}


def extension(source: Bundle) -> Extension | None:
    """Return what a bundle extends and changes; an override that changes nothing becomes a finding."""
    if source.base is None:
        return None
    overridden: list[Override] = []
    for path, before, after in _differences(source.base.data, source.written, ()):
        if path in _OWN:
            continue
        text = ".".join(map(str, path))
        if before == after:
            message = f"'{text}' is {_short(after)} in the extended device, too"
            place = source.at(path, key=True)
            source.findings.append(Finding(Code.NO_CHANGE, place, message, "remove it, or change it"))
        else:
            overridden.append(Override(text, source.at(path, key=True), _short(before), _short(after)))
    removed = source.written.get("remove")
    names = tuple(map(str, removed)) if isinstance(removed, list) else ()
    return Extension(str(source.written["extends"]), tuple(overridden), names, _origins(source, source.base))


def _differences(below: Any, above: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Yield each value that changes in an entry that both have: its path, the old (or ``None``), the new."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        yield path, below, above
        return
    for key, value in above.items():
        if key in below:
            yield from _differences(below[key], value, (*path, key))
        elif len(path) > 1:
            yield (*path, key), None, value


def _short(value: Any) -> str:
    if value is None:
        return "not given"
    if isinstance(value, dict | list):
        return f"a {'mapping' if isinstance(value, dict) else 'list'} of {len(value)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return exact_text(value) if isinstance(value, Fraction) else str(value)[:80]


def _origins(source: Bundle, below: Bundle) -> Mapping[tuple[str, str], str]:
    """Return for each entry whether it is inherited, overridden or the specification's own."""
    result: dict[tuple[str, str], str] = {}
    for section, content in source.data.items():
        for name in content if isinstance(content, dict) else ():
            own = _has(source.written, section, name)
            inherited = _has(below.data, section, name)
            result[section, name] = "overridden" if own and inherited else "own" if own else "inherited"
    return result


def _has(data: dict[str, Any], section: str, name: str) -> bool:
    content = data.get(section)
    return isinstance(content, dict) and name in content
