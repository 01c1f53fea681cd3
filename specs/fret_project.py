"""A FRET project's JSON export as a specification: its variables, and its requirements as properties.

FRET exports a list of requirements, or an object with ``requirements`` and ``variables``. What a
specification has no place for, or cannot read, is reported and never dropped in silence.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stimproof.specs.document import SpecificationDocument
from stimproof.specs.errors import OperatorError, SpecificationError
from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.property.domains import conditions, domains
from stimproof.specs.property.formulas import Name, Operation, parts
from stimproof.specs.property.operators import EQUALITY
from stimproof.specs.property.sentence import parse_requirement
from stimproof.specs.reader import read_string
from stimproof.specs.writing import write

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from stimproof.specs.property.requirement import Requirement

_WORD = re.compile(r'[A-Za-z][A-Za-z0-9_.%]*|"(?:\\.|[^"\\])*"')
_UNSPACED_MINUS = re.compile(r"(?<=[\w)])-(?=[\w(])")
_TYPES = {
    "boolean": "boolean",
    "integer": "integer",
    "unsigned integer": "integer",
    "single": "quantity",
    "double": "quantity",
}
_WIDTHS = {
    "integer": [-(2**31), 2**31 - 1],
    "unsigned integer": [0, 2**32 - 1],
    "single": [-(10**9), 10**9],
    "double": [-(10**9), 10**9],
}
"""FRET states no ranges; these stand in until the author states them, and the report says so."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A specification as YAML, how many requirements it holds, and what it does not hold."""

    text: str
    carried: int
    findings: tuple[Finding, ...]


def imported(text: str, file: str, component: str = "") -> Imported:
    """Return a FRET export as a specification; ``component`` chooses one of several.

    Raises:
        SpecificationError: the text is no FRET export.
        OperatorError: it speaks of several components and none is chosen, or not of the chosen one.
    """
    requirements, variables = _sections(text, file)
    chosen = _chosen(requirements, component)
    work = _Import(file, chosen, _numbers(requirements, chosen))
    for item in variables:
        work.variable(item)
    for item in requirements:
        work.requirement(item)
    return work.result()


def _sections(text: str, file: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the requirements and the variables of an export."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise _no_export(Location(file, line, column), f"the text is no JSON: {error}") from None
    found = {"requirements": data} if isinstance(data, list) else data
    if not isinstance(found, dict) or not isinstance(found.get("requirements"), list):
        raise _no_export(Location(file), "there is no list of requirements")
    variables = found.get("variables") or []
    if isinstance(variables, dict):
        variables = variables.get("docs") or []
    for item in (*found["requirements"], *variables):
        if not isinstance(item, dict):
            raise _no_export(Location(file), f"{str(item)[:60]!r} is neither a requirement nor a variable")
    return found["requirements"], variables


def _no_export(place: Location, message: str) -> SpecificationError:
    advice = "export the project in FRET as JSON, with requirements and variables"
    return SpecificationError([Finding(Code.WRONG_VALUE, place, message, advice)])


def _component(item: Mapping[str, Any]) -> str:
    """Return the component that a requirement is about, or an empty text where nobody can tell."""
    found = item.get("semantics")
    named = found.get("component_name") if isinstance(found, dict) else None
    if isinstance(named, str) and named:
        return named
    try:
        return parse_requirement(_sentence(item)).component
    except SpecificationError:
        return ""


def _sentence(item: Mapping[str, Any]) -> str:
    return " ".join(str(item.get("fulltext") or "").split())


def _chosen(requirements: Sequence[Mapping[str, Any]], component: str) -> str:
    """Return the component to import.

    Raises:
        OperatorError: there are several and none is chosen, or the chosen one is not among them.
    """
    known = dict.fromkeys(map(_component, requirements))
    known.pop("", None)
    if component in known or (not component and len(known) <= 1):
        return component or next(iter(known), "system")
    names = ", ".join(known) or "none"
    if component:
        raise OperatorError(f"the export has no component '{component}'; its components: {names}")
    raise OperatorError(f"the export speaks of several components; choose one with --component: {names}")


def _numbers(requirements: Sequence[Mapping[str, Any]], component: str) -> frozenset[str]:
    """Return the names that some requirement of a component computes with or compares.

    FRET compares nothing but numbers; truth values have ``<->``.
    """
    found: set[str] = set()
    for item in requirements:
        if _component(item) == component:
            try:
                demand = parse_requirement(_sentence(item))
            except SpecificationError:
                continue
            found.update(name for name, tried in domains(demand).items() if not isinstance(tried[0], bool))
            found.update(_compared(demand))
    return frozenset(found)


def _compared(demand: Requirement) -> Iterator[str]:
    for formula in conditions(demand):
        for part in parts(formula):
            if isinstance(part, Operation) and part.op in EQUALITY:
                yield from (side.name for side in part.args if isinstance(side, Name))


def _identifier(name: str, taken: Collection[str]) -> str:
    """Return a name of the language for a name of FRET, unlike those that are taken."""
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_")
    plain = plain if plain[:1].isalpha() else f"x_{plain}"
    while plain in taken:
        plain += "_"
    return plain


@dataclass
class _Import:
    """Gathers what can be carried over."""

    file: str
    component: str
    numbers: frozenset[str]
    data: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        title = self._identifier(self.component)
        self.data = {
            "stimproof": 1,
            "device": {"id": title, "name": f"{self.component} (from FRET)", "component": title},
            "sources": {"fret": {"title": f"FRET export {self.file}"}},
            "variables": {},
            "properties": {},
        }

    def _report(self, path: str, message: str, advice: str = "") -> None:
        self.findings.append(Finding(Code.NOT_CARRIED, Location(self.file, path=path), message, advice))

    def _identifier(self, name: str) -> str:
        """Return a FRET name as a name of the language: the same one each time, and no two alike."""
        if name not in self.names:
            self.names[name] = _identifier(name, self.names.values())
        return self.names[name]

    def variable(self, item: Mapping[str, Any]) -> None:
        """Carry one variable over; the description of a model's port is no variable of its own."""
        name = item.get("variable_name")
        if not isinstance(name, str) or item.get("modeldoc") is True:
            return
        if item.get("component_name") not in (None, "", self.component):
            return
        kind, role, path = str(item.get("dataType", "")), str(item.get("idType", "")), f"variables.{name}"
        if role == "Function":
            self._report(path, "functions have no place in a specification", "write what it computes")
            return
        if role == "Mode" or not kind:
            kind = "boolean" if role == "Mode" else kind
        if kind not in _TYPES:
            self._report(
                path, f"the type {kind or 'that nobody chose'!r} is not known", "choose a type in FRET"
            )
            return
        if str(item.get("assignment") or item.get("modeRequirement") or ""):
            self._report(path, "its definition is not carried over", "write it under 'definitions:'")
        self._declare(name, kind, str(item.get("description") or ""))

    def _declare(self, name: str, kind: str, doc: str) -> None:
        entry: dict[str, Any] = {"type": _TYPES[kind], "initial": "any"}
        if kind in _WIDTHS:
            entry["range"] = [str(end) for end in _WIDTHS[kind]]
            self._report(
                f"variables.{name}", "FRET states no range", "replace the stand-in by the true range"
            )
        if _TYPES[kind] == "integer":
            entry["overflow"] = "forbid"
        if doc:
            entry["doc"] = doc
        self.data["variables"][self._identifier(name)] = entry

    def requirement(self, item: Mapping[str, Any]) -> None:
        """Carry one requirement over, if the language can read it."""
        sentence = _sentence(item)
        name = str(item.get("reqid") or f"requirement {len(self.data['properties']) + 1}")
        path = f"requirements.{name}"
        if _component(item) not in ("", self.component):
            self._report(path, "it is about another component", "import that component by itself")
            return
        try:
            demand = parse_requirement(sentence)
        except SpecificationError as error:
            self._report(
                path, f"'{sentence}' is not read: {error.findings[0].message}", error.findings[0].advice
            )
            return
        said = len(self.findings)
        untyped = self._undeclared(demand)
        entry = {"sentence": self._rewritten(sentence), "source": "fret", "confidence": "seen"}
        if item.get("rationale"):
            entry["doc"] = " ".join(str(item["rationale"]).split())
        refused = self._refused(entry)
        if refused is not None:
            del self.findings[said:]
            self._report(path, f"'{sentence}' is not carried over: {refused.message}", refused.advice)
            for unused in untyped:
                del self.data["variables"][self.names[unused]]
            return
        for found in untyped:
            kind = "number" if found in self.numbers else "truth value"
            self._report(path, f"the export gives '{found}' no type", f"it is declared as a {kind}")
        self.data["properties"][_identifier(name, self.data["properties"])] = entry

    def _undeclared(self, demand: Requirement) -> list[str]:
        """Declare the names that the export gives no type, as they are used, and return them."""
        found = [
            name for name in sorted(demand.names) if self._identifier(name) not in self.data["variables"]
        ]
        for name in found:
            self._declare(name, "double" if name in self.numbers else "boolean", "")
        return found

    def _rewritten(self, sentence: str) -> str:
        """Return a sentence with the names and the spacing of the language."""
        renamed = _WORD.sub(lambda word: self.names.get(word.group(), word.group()), sentence)
        spaced = _UNSPACED_MINUS.sub(" - ", renamed)
        component = re.escape(self.names[self.component])
        return re.sub(
            rf"(?<!the )\b{component}(?= shall\b)", lambda found: f"the {found.group()}", spaced, flags=re.I
        )

    def _refused(self, entry: Mapping[str, Any]) -> Finding | None:
        """Return why a specification with this property would not be usable, or ``None``."""
        trial = {**self.data, "properties": {"trial": entry}}
        try:
            read_string(json.dumps(trial), self.file)
        except SpecificationError as error:
            return error.findings[0]
        return None

    def result(self) -> Imported:
        """Return what was gathered."""
        document = SpecificationDocument.model_validate(self.data)
        return Imported(write(document), len(self.data["properties"]), tuple(self.findings))
