"""The YAML reader: plain data with the line and column of every key and value.

The document is built here from an event stream rather than by a parser's constructors, because only so are
depth, size and aliases bounded before memory is spent, all duplicate keys reported at once, and numbers kept
as the text that the author wrote (``0.1`` stays one tenth, ``ON`` stays a word: YAML 1.2, core schema).
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from stimproof.specs.errors import SpecificationError
from stimproof.specs.events import events as events_of
from stimproof.specs.findings import Code, Finding, Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_BYTES = 3_000_000
MAX_PARTS = 30_000
"""How many lines and list items one file may have: what a person reads, and a parser in about a second."""
MOST_FINDINGS = 200
MAX_DEPTH = 40
MAX_DIGITS = 60

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]{1,2})?\Z")
_WORDS: dict[str, bool | None] = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "null": None,
    "Null": None,
    "NULL": None,
    "~": None,
    "": None,
}

_PARTING = ("\n", "\r", "\x85", "\u2028", "\u2029", ",")

Path_ = tuple[str | int, ...]


def _dotted(path: Sequence[str | int]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


@dataclass
class Document:
    """One YAML file as plain data: ``dict``, ``list``, ``str``, ``bool``, ``int``, ``Fraction`` or ``None``.

    ``file`` is the path that findings print, ``name`` the path inside its project.
    ``values`` and ``keys`` hold the 1-based (line, column) of each value and each mapping key by path.
    """

    file: str
    data: Any = None
    name: str = ""
    values: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path_, tuple[int, int]] = field(default_factory=dict)
    text: str = ""

    @cached_property
    def lines(self) -> list[str]:
        """The text, line by line."""
        return self.text.splitlines()

    def at(self, path: Sequence[str | int], *, key: bool = False) -> Location:
        """Return where ``path`` stands, or the nearest enclosing place that exists."""
        parts = tuple(path)
        table = self.keys if key else self.values
        if parts in table:
            line, column = table[parts]
            return Location(self.file, line, column, _dotted(parts))
        for length in range(len(parts) - 1, -1, -1):
            place = self.keys.get(parts[:length]) or self.values.get(parts[:length])
            if place is not None:
                return Location(self.file, place[0], place[1], _dotted(parts))
        return Location(self.file, 1, 1, _dotted(parts))


def scalar(text: str) -> Any:
    """Return the YAML 1.2 core-schema value of a plain scalar, exactly.

    >>> scalar("0.1"), scalar("12"), scalar("ON"), scalar("true")
    (Fraction(1, 10), 12, 'ON', True)
    """
    if text in _WORDS:
        return _WORDS[text]
    if len(text) <= MAX_DIGITS:
        if _INTEGER.match(text):
            return int(text)
        if _DECIMAL.match(text):
            return Fraction(text)
    return text


def _kind(event: Any) -> str:
    """Return the name of an event's class, which two parsers have in common."""
    return type(event).__name__


_BEGINNINGS = ("ScalarEvent", "AliasEvent", "MappingStartEvent", "SequenceStartEvent")


class _Builder:
    """Builds a :class:`Document` from events; collects findings instead of stopping at the first."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings: list[Finding] = []

    def _mark(self, event: Any) -> tuple[int, int]:
        # ruamel counts from zero; a quoted scalar's text starts one column after its quote.
        quote = 1 if _kind(event) == "ScalarEvent" and event.style in ("'", '"') else 0
        return event.start_mark.line + 1, event.start_mark.column + 1 + quote

    def _report(self, code: Code, event: Any, path: Path_, message: str, advice: str) -> None:
        line, column = self._mark(event)
        place = Location(self.document.file, line, column, _dotted(path))
        self.findings.append(Finding(code, place, message, advice))
        if len(self.findings) >= MOST_FINDINGS:
            raise SpecificationError(self.findings)

    def value(self, event: Any, events: Iterator[Any], path: Path_) -> Any:
        """Build the value that starts with ``event``, consuming its events."""
        self.document.values[path] = self._mark(event)
        kind = _kind(event)
        if kind == "ScalarEvent":
            return scalar(event.value) if not event.style and event.tag is None else event.value
        if kind == "AliasEvent":
            self._report(
                Code.WRONG_VALUE,
                event,
                path,
                f"the alias *{event.anchor} is not allowed",
                "write the value out; a specification is read by people, line by line",
            )
            return None
        if len(path) > MAX_DEPTH:
            self._report(
                Code.TOO_LARGE, event, (), f"nesting deeper than {MAX_DEPTH} levels", "flatten the document"
            )
            raise SpecificationError(self.findings)
        if kind == "MappingStartEvent":
            return self._mapping(events, path)
        return self._sequence(events, path)

    def _mapping(self, events: Iterator[Any], path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for event in events:
            kind = _kind(event)
            if kind == "MappingEndEvent":
                break
            if kind != "ScalarEvent":
                self._report(
                    Code.YAML, event, path, "a mapping key must be a plain word", "use a string as key"
                )
                raise SpecificationError(self.findings)
            name = event.value
            child = (*path, name)
            if name in result:
                first = self.document.keys[child][0]
                self._report(
                    Code.DUPLICATE_KEY,
                    event,
                    child,
                    f"the key '{name}' stands here a second time",
                    f"the first is on line {first}; keep one of the two",
                )
                self.value(next(events), events, (*path, f"{name} (second)"))
                continue
            self.document.keys[child] = self._mark(event)
            result[name] = self.value(next(events), events, child)
        return result

    def _sequence(self, events: Iterator[Any], path: Path_) -> list[Any]:
        result: list[Any] = []
        for event in events:
            if _kind(event) == "SequenceEndEvent":
                break
            result.append(self.value(event, events, (*path, len(result))))
        return result


def _raw(path: Path, file: str) -> bytes:
    """Return the bytes of a file; of what is no file, or too large, nothing is read.

    Raises:
        SpecificationError: the path is no file, cannot be read, or is too large.
    """
    try:
        # Opening a pipe would wait for somebody to write into it.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as stream:
            facts = os.fstat(stream.fileno())
            if not stat.S_ISREG(facts.st_mode):
                problem = Code.YAML, "is not a file", "put a file there"
            elif facts.st_size > MAX_BYTES:
                size = f"the file has {facts.st_size} bytes, more than the {MAX_BYTES} that are read"
                problem = Code.TOO_LARGE, size, "split the specification"
            else:
                return stream.read(MAX_BYTES + 1)
    except IsADirectoryError:
        problem = Code.YAML, "is not a file", "put a file there"
    except OSError as error:
        problem = Code.YAML, f"cannot be read: {error.strerror}", "check the path and its permissions"
    code, message, advice = problem
    raise SpecificationError([Finding(code, Location(file), message, advice)]) from None


def _decode(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise SpecificationError(
            [
                Finding(
                    Code.ENCODING,
                    Location(file, line, column),
                    f"byte 0x{raw[error.start]:02x} is not UTF-8",
                    "save the file as UTF-8",
                )
            ]
        ) from None


def _syntax_finding(error: YAMLError, file: str) -> Finding:
    mark = error.problem_mark or error.context_mark if isinstance(error, MarkedYAMLError) else None
    place = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    advice = "mend the indentation, quote or bracket at this place"
    start = getattr(error, "context_mark", None)
    if "\\t" in problem:
        advice = "indent with spaces; YAML allows no tabs there"
    elif start is not None and start.line != place.line - 1:
        advice += f", or at line {start.line + 1}, column {start.column + 1}, where the construct begins"
    return Finding(Code.YAML, place, f"not valid YAML: {problem}", advice)


def read_text(text: str, file: str, name: str = "") -> Document:
    """Read one YAML document from text.

    ``file`` is the path that findings print, ``name`` identifies the document in its project.

    Raises:
        SpecificationError: bad YAML, a duplicate key, an alias, or too deep nesting.
    """
    parts = sum(text.count(mark) for mark in _PARTING)
    if parts > MAX_PARTS:
        message = f"the file has {parts} lines and list items, more than the {MAX_PARTS} that are read"
        raise SpecificationError(
            [Finding(Code.TOO_LARGE, Location(file), message, "split it into several files")]
        )
    document = Document(file, name=name or file, text=text)
    builder = _Builder(document)
    try:
        events = events_of(text)
        started = False
        for event in events:
            if _kind(event) == "DocumentStartEvent":
                if started:
                    builder._report(
                        Code.YAML, event, (), "a second document starts here", "keep one document per file"
                    )
                    break
                started = True
            elif _kind(event) in _BEGINNINGS:
                document.data = builder.value(event, events, ())
    except YAMLError as error:
        raise SpecificationError([*builder.findings, _syntax_finding(error, file)]) from None
    except StopIteration:  # pragma: no cover - the parser always closes what it opens
        raise SpecificationError(
            [Finding(Code.YAML, Location(file), "the document ends too early", "")]
        ) from None
    if builder.findings:
        raise SpecificationError(builder.findings)
    return document


def read_file(path: Path, name: str = "") -> Document:
    """Read one YAML file; ``name`` identifies it inside its project.

    Raises:
        SpecificationError: the file cannot be read, decoded or parsed.
    """
    file = str(path)
    return read_text(_decode(_raw(path, file), file), file, name)


def read_files(folder: Path) -> list[Document]:
    """Read every ``*.yaml`` of a folder, in the order of their names; none where there is no such folder.

    Raises:
        SpecificationError: with the findings of all files that cannot be read, and of those that their author
            may believe to be read.
    """
    names = sorted(folder.iterdir()) if folder.is_dir() else []
    documents: list[Document] = []
    findings: list[Finding] = []
    for file in names:
        if file.suffix == ".yaml":
            try:
                documents.append(read_file(file, f"{folder.name}/{file.name}"))
            except SpecificationError as error:
                findings.extend(error.findings)
        elif file.suffix.lower() in (".yaml", ".yml"):
            findings.append(_overlooked(file))
    if findings:
        raise SpecificationError(findings)
    return documents


def _overlooked(file: Path) -> Finding:
    return Finding(
        Code.UNREAD_FILE,
        Location(str(file)),
        "the name does not end in '.yaml', so that the file would not be read",
        "rename it, or move it out of the folder",
    )
