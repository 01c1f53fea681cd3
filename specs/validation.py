"""From plain data to a frozen model, with every complaint at its line and column.

A value that does not fit is reported, cut out, and the rest is tried again, so that one bad key never
hides the errors behind it. What was cut is remembered: mentioning it later is not a second error.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from stimproof.specs.fields import EXCUSED, Constants, written_quantity
from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.keys import keys_at
from stimproof.specs.parsing import Text
from stimproof.specs.reading import MOST_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stimproof.specs.quantities import Quantity
    from stimproof.specs.reading import Document

M = TypeVar("M", bound=BaseModel)

_CODES = {
    "extra_forbidden": Code.UNKNOWN_KEY,
    "missing": Code.MISSING_KEY,
    "wrong_unit": Code.WRONG_UNIT,
    "missing_source": Code.MISSING_SOURCE,
    EXCUSED: Code.WRONG_VALUE,
}
_WORDING = {
    "dict_type": "a mapping is needed here",
    "model_type": "a mapping is needed here",
    "tuple_type": "a list is needed here",
    "too_short": "at least one is needed here",
    "string_type": "text is needed here",
    "string_pattern_mismatch": "a name is needed here: letters, digits, '_' and single '-', no digit first",
    "int_parsing": "a whole number is needed here",
    "int_type": "a whole number is needed here",
    "bool_parsing": "'true' or 'false' is needed here",
    "bool_type": "'true' or 'false' is needed here",
}
# What to write instead, by the model that pydantic names; a reader of the message has never heard of models.
_INSTEAD = {
    "tuple_type": "write it in square brackets with commas between its members, '[one, two]' or '[one]'",
    "Sourced": "write '{value: …, source: …, confidence: …}', or '{value: unknown}' if nobody can cite it",
    "Event": "write '{}' after the event's name if there is nothing to say about it",
    "Phase": "write '{polarity: cathodic}' or '{polarity: anodic}'",
    "Cause": "write '{event: …}'",
    "Severity": "write '{level: …, confidence: …}' with its ground",
    "Probability": "write '{level: …, confidence: …}' with its ground, or '{level: unknown}'",
    "Residual": "write '{level: …, confidence: …}' with its ground, or '{level: unknown}'",
    "External": "write '{ref: …, source: …, confidence: …}'",
    "Property": "write 'sentence:' before the sentence, on a line of its own",
}
_OTHERWISE = "mend the value; the language reference says what may stand here"
_ROUNDS = 25
# What a file of each kind must start with, and what stands in for it where it is broken.
SPECIFICATION_HEADS: Mapping[str, Any] = MappingProxyType(
    {"stimproof": 1, "device": {"id": "device", "name": "device"}}
)


@dataclass(slots=True)
class Bundle:
    """Several documents read as one mapping of sections; each entry knows its own file."""

    documents: tuple[Document, ...]
    heads: Mapping[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    owners: dict[tuple[str | int, ...], Document] = field(default_factory=dict)
    removed: dict[tuple[str | int, ...], list[int]] = field(default_factory=dict)
    base: Bundle | None = None
    """What this bundle extends; ``written`` is what its own documents say, and ``data`` both together."""
    written: dict[str, Any] = field(default_factory=dict)

    def original(self, path: Sequence[str | int]) -> tuple[Any, ...]:
        """Return the path in the file of a path in the data, from which bad list items were cut."""
        result: list[str | int] = []
        for length, part in enumerate(path):
            number = part
            if isinstance(number, int):
                for gone in sorted(self.removed.get(tuple(path[:length]), ())):
                    number += gone <= number
            result.append(number)
        return tuple(result)

    def at(self, path: Sequence[str | int], *, key: bool = False) -> Location:
        """Return where a path stands, in whichever file holds it."""
        parts = self.original(path)
        return self.owner(parts).at(parts, key=key)

    def owner(self, parts: tuple[Any, ...]) -> Document:
        """Return the document in which the value at a path was written."""
        if self.base is not None and self.inherits(parts):
            return self.base.owner(parts)
        return self.owners.get(parts[:2]) or self.owners.get(parts[:1]) or self.documents[0]

    def inherits(self, path: Sequence[str | int]) -> bool:
        """Return whether the value at a path was written in what this bundle extends, and only there."""
        node: Any = self.written
        under: Any = self.base.data if self.base is not None else None
        for part in path:
            if not isinstance(node, dict) or not isinstance(under, dict):
                return False
            if part not in node:
                return part in under
            node, under = node[part], under.get(part)
        return False

    def ends_a_text(self, path: Sequence[str | int]) -> bool:
        """Return whether a key without a value stands right after a comma: more of a text than a key."""
        parts = self.original(path)
        node: Any = self.data
        for part in parts:
            node = node[part]
        owner = self.owner(parts)
        place = owner.at(parts, key=True)
        line = owner.lines[place.line - 1] if place.line <= len(owner.lines) else ""
        return node is None and line[: place.column - 1].rstrip().endswith(",")

    def text(self, path: Sequence[str | int], source: str) -> Text:
        """Return a scalar of the language with its place, exact where it stands on one line as written."""
        parts = self.original(path)
        owner = self.owner(parts)
        place = owner.at(parts)
        line = owner.lines[place.line - 1] if place.line <= len(owner.lines) else ""
        return Text(source, place, line.startswith(source, place.column - 1))


def bundle(documents: Sequence[Document], heads: Mapping[str, Any] = SPECIFICATION_HEADS) -> Bundle:
    """Merge documents section by section; an entry that stands in two files is a finding.

    ``heads`` are the sections that cannot be merged, each with what stands in for it where it is broken.
    """
    merged = Bundle(tuple(documents), heads)
    for document in documents:
        if not isinstance(document.data, dict):
            merged.findings.append(
                Finding(
                    Code.WRONG_VALUE,
                    document.at(()),
                    "a mapping of sections is needed here",
                    f"start with 'stimproof: 1' and '{[*heads][-1]}:'",
                )
            )
            continue
        for section, content in document.data.items():
            _merge(merged, document, section, content)
    return merged


def _merge(merged: Bundle, document: Document, section: str, content: Any) -> None:
    if section not in merged.data:
        merged.data[section] = copy.deepcopy(content)
        merged.owners[(section,)] = document
        if isinstance(content, dict):
            merged.owners.update({(section, name): document for name in content})
        return
    present = merged.data[section]
    if section == "includes" and isinstance(present, list) and isinstance(content, list):
        present.extend(content)
        return
    if section in merged.heads and present == content and not isinstance(content, dict):
        return
    if not isinstance(present, dict) or not isinstance(content, dict) or section in merged.heads:
        first = merged.owners[(section,)].at((section,), key=True)
        merged.findings.append(
            Finding(
                Code.DUPLICATE_NAME,
                document.at((section,), key=True),
                f"'{section}' stands in two files",
                f"the first is at {first}",
            )
        )
        return
    for name, value in content.items():
        if name in present:
            first = merged.owners[(section, name)].at((section, name), key=True)
            merged.findings.append(
                Finding(
                    Code.DUPLICATE_NAME,
                    document.at((section, name), key=True),
                    f"'{name}' is declared in two files",
                    f"the first is at {first}",
                )
            )
        else:
            present[name] = copy.deepcopy(value)
            merged.owners[(section, name)] = document


@dataclass(slots=True)
class Validated(Generic[M]):
    """A model (``None`` where nothing could be saved) and the names that were cut out of it."""

    model: M | None
    excused: frozenset[str]
    used: frozenset[str] = frozenset()
    """The constants whose names stand where a number with a unit is needed."""


def validate(model: type[M], source: Bundle) -> Validated[M]:
    """Validate the bundle as ``model``; complaints are added to ``source.findings``."""
    data = source.data
    excused: set[str] = set()
    for _ in range(_ROUNDS):
        constants = Constants(_constants(data, excused))
        try:
            checked = model.model_validate(data, context=constants)
            return Validated(checked, frozenset(excused), frozenset(constants.used))
        except ValidationError as error:
            problems = _distinct(error, source, data)
            if data is source.data:  # what is sound, which most is, need not be copied
                data = copy.deepcopy(data)
            for path, details in islice(problems.items(), MOST_FINDINGS):
                if details["type"] != EXCUSED:
                    source.findings.append(_finding(path, details, source, model))
            if len(problems) > MOST_FINDINGS:
                return Validated(None, frozenset(excused))
            # Later list items first, so that the numbers of the earlier ones stay true.
            for path, details in sorted(
                problems.items(), key=lambda item: [str(part).zfill(9) for part in item[0]], reverse=True
            ):
                _cut(data, path, details["type"], source, excused)
    return Validated(None, frozenset(excused))


def _constants(data: Any, excused: set[str]) -> dict[str, Quantity | None]:
    """Return what the constants of a document stand for; ``None`` for one that is in error."""
    result: dict[str, Quantity | None] = dict.fromkeys(excused)
    section = data.get("constants")
    for name, item in section.items() if isinstance(section, dict) else ():
        value = item.get("value") if isinstance(item, dict) else None
        try:
            result[name] = written_quantity(value)
        except PydanticCustomError:
            result[name] = None
    return result


def _distinct(error: ValidationError, source: Bundle, data: Any) -> dict[tuple[str | int, ...], Any]:
    """Return one complaint for each place, our own messages before pydantic's."""
    result: dict[tuple[str | int, ...], Any] = {}
    for details in error.errors(include_url=False):
        path = _real_path(details["loc"], data, missing=details["type"] == "missing")
        if details["type"].startswith("union_tag"):
            path, details = _of_the_tag(path, details)
        held = result.get(path)
        if held is None or (held["type"] not in _CODES and details["type"] in _CODES):
            result[path] = details
    # "… or 'unknown'" is no news where the other branch of the union says what is wrong inside, nor that a
    # list is too short once its bad members do not count.
    inner = {path[:length] for path in result for length in range(len(path))}
    return {
        path: details
        for path, details in result.items()
        if not (details["type"] in ("literal_error", "too_short") and path in inner)
    }


def _of_the_tag(path: tuple[str | int, ...], details: Any) -> tuple[tuple[str | int, ...], Any]:
    """Return pydantic's complaint about a union's tag as one about the key that holds the tag."""
    key = details["ctx"]["discriminator"].strip("'")
    inside = (*path, key)
    if details["type"] == "union_tag_not_found":
        return inside, {**details, "type": "missing"}
    context = details["ctx"]
    told = {"input": context["tag"], "msg": f"input should be {context['expected_tags']}", "ctx": {}}
    return inside, {**details, **told}


def _real_path(loc: Sequence[str | int], data: Any, *, missing: bool) -> tuple[str | int, ...]:
    """Drop from pydantic's location what names a branch of a union rather than a place in the file."""
    path: list[str | int] = []
    for index, part in enumerate(loc):
        if _holds(data, part):
            path.append(part)
            data = data[part]
        elif missing and index == len(loc) - 1:
            path.append(part)
    return tuple(path)


def _holds(node: Any, part: str | int) -> bool:
    if isinstance(node, list):
        return isinstance(part, int) and part < len(node)
    return isinstance(node, dict) and part in node


def _finding(path: tuple[str | int, ...], details: Any, source: Bundle, model: type[BaseModel]) -> Finding:
    kind = details["type"]
    code = _CODES.get(kind, Code.WRONG_VALUE)
    context = details.get("ctx") or {}
    if code is Code.UNKNOWN_KEY:
        return Finding(
            code,
            source.at(path, key=True),
            f"the language has no key '{path[-1]}' here",
            _instead_of(path, source, model),
        )
    if code is Code.MISSING_KEY:
        parent = path[:-1]
        place = source.at(parent, key=bool(parent))
        return Finding(code, place, f"the key '{path[-1]}' is missing", _stranger(path, source) or "add it")
    message, advice = str(details["msg"]), str(context.get("advice", ""))
    if code is Code.WRONG_VALUE:
        received = details.get("input")
        shown = f"received {received!r}: " if isinstance(received, str | int | bool) else ""
        message = f"{shown}{_WORDING.get(kind) or message[:1].lower() + message[1:]}"
        wanted = str(context.get("class_name", kind)).partition("[")[0]
        advice = advice or _INSTEAD.get(wanted, _OTHERWISE)
    advice = _stranger(path, source) or advice
    return Finding(code, source.at(path, key=details["loc"][-1:] == ("[key]",)), message, advice)


def _instead_of(path: tuple[str | int, ...], source: Bundle, model: type[BaseModel]) -> str:
    """Return what to do about a key that the language does not have at its place."""
    if source.base is not None and source.inherits(path):
        return f"the extended device has it; add '{'.'.join(map(str, path))}' to 'remove:'"
    if source.ends_a_text(path):
        return "a comma ends a text inside braces; if this belongs to the text before it, quote the text"
    known = keys_at(model, path[:-1])
    near = get_close_matches(str(path[-1]), known, n=2)
    if near:
        return f"did you mean {' or '.join(near)}?"
    keys = f"; the keys here are {', '.join(known)}" if known else ""
    return f"remove it, or mend its spelling{keys}"


def _stranger(path: tuple[str | int, ...], source: Bundle) -> str:
    """Return advice about an entry that changes nothing of the extended device, for that has none such."""
    if source.base is None or len(path) < 2 or source.inherits(path[:2]):
        return ""
    section = source.base.data.get(str(path[0]))
    if not isinstance(section, dict) or path[1] in section:
        return ""
    near = get_close_matches(str(path[1]), section, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"the extended device has no '{path[0]}.{path[1]}', so it must be complete here{hint}"


def _entry(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the smallest entry around a bad value without which the rest still makes sense."""
    if path[0] == "machines" and len(path) > 3 and path[2] in ("modes", "transitions"):
        return path[:4]
    return path[:2]


def _cut(data: Any, path: tuple[str | int, ...], kind: str, source: Bundle, excused: set[str]) -> None:
    if path and path[0] in source.heads and kind != "extra_forbidden":
        _patch(data, path, source.heads[str(path[0])])
        return
    parts = path if kind == "extra_forbidden" else _entry(path)
    node: Any = data
    for part in parts[:-1]:
        if not _holds(node, part):
            return  # an enclosing entry was cut already
        node = node[part]
    if kind != "extra_forbidden":
        excused.update(str(part) for part in parts[1:] if isinstance(part, str))
    last = parts[-1]
    if isinstance(node, dict):
        gone = node.pop(last, None)
        if len(parts) == 1:
            excused.update(_words(gone))
        elif len(parts) == 2 and isinstance(gone, dict) and kind != "extra_forbidden":
            # a machine's modes and an enumeration's members are names, too
            modes = gone.get("modes")
            excused.update(_words([*modes] if isinstance(modes, dict) else []), _words(gone.get("values")))
    elif isinstance(node, list) and isinstance(last, int) and last < len(node):
        del node[last]
        source.removed.setdefault(parts[:-1], []).append(source.original(parts)[-1])


def _words(node: Any) -> set[str]:
    """Return every name that a section of a wrong form may have meant to declare."""
    if isinstance(node, str):
        return {node}
    if isinstance(node, dict):
        return {str(key) for key in node}.union(*map(_words, node.values()))
    return set().union(*map(_words, node)) if isinstance(node, list) else set()


def _patch(data: dict[str, Any], path: tuple[str | int, ...], harmless: Any) -> None:
    """Put something harmless where the head of the file is broken, so that the rest is still checked."""
    head = str(path[0])
    if not isinstance(harmless, dict) or not isinstance(data.get(head), dict) or len(path) == 1:
        data[head] = copy.deepcopy(harmless)
        return
    data[head].pop(path[1], None)
    if path[1] in harmless:
        data[head][path[1]] = copy.deepcopy(harmless[path[1]])
