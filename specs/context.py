"""What resolution needs everywhere: places, findings, citations, and what is already excused."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from stimproof.specs import fields
from stimproof.specs import specification as resolved
from stimproof.specs.document import SpecificationDocument
from stimproof.specs.errors import SpecificationError
from stimproof.specs.expressions import BOOLEAN, Expression, Type
from stimproof.specs.findings import Code, Finding, Location, Severity
from stimproof.specs.parsing import LanguageError, Text
from stimproof.specs.quantities import NamedQuantity, Quantity
from stimproof.specs.reading import MOST_FINDINGS
from stimproof.specs.typing import ExcusedError, Scope, expression, typed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lark import Tree
    from lark.lexer import Token

    from stimproof.specs.validation import Bundle

Path = tuple[str | int, ...]
_MANY = 12
_SECTIONS = {"stimulus": "stimuli"}


@dataclass
class Context:
    """What resolution needs everywhere: the bundle for places, the findings, what is already excused."""

    source: Bundle
    document: SpecificationDocument
    excused: frozenset[str]
    cited: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    """The constants and definitions that something mentions."""
    constants: dict[str, Expression] = field(default_factory=dict)
    """What the names of constants stand for."""

    def report(
        self,
        code: Code,
        path: Path,
        message: str,
        advice: str = "",
        *,
        key: bool = False,
        severity: Severity | None = None,
    ) -> None:
        """Add a finding at a path of the document."""
        self._add(Finding(code, self.source.at(path, key=key), message, advice, severity))

    def _add(self, finding: Finding) -> None:
        """Add a finding; of very many, the first ones are enough."""
        self.source.findings.append(finding)
        if len(self.source.findings) >= MOST_FINDINGS:
            raise SpecificationError(self.source.findings)

    def at(self, path: Path) -> Location:
        """Return where a path stands, by its key where it has one."""
        return self.source.at(path, key=True)

    def expression(
        self, path: Path, source: str, scope: Scope, wanted: Type | None = BOOLEAN
    ) -> Expression | None:
        """Type one expression; ``None`` after reporting why that failed."""
        try:
            return expression(self.source.text(path, source), scope, wanted)
        except LanguageError as problem:
            self.complain(problem, path)
        except ExcusedError:
            pass
        return None

    def typed(self, tree: Tree[Token], text: Text, scope: Scope, path: Path) -> Expression | None:
        """Type a parsed expression of any type; ``None`` after reporting why that failed."""
        try:
            return typed(tree, text, scope)
        except LanguageError as problem:
            self.complain(problem, path)
        except ExcusedError:
            pass
        return None

    def complain(self, problem: LanguageError, path: Path) -> None:
        """Add the finding of an expression that stands at a path."""
        found = problem.finding
        place = Location(
            found.location.file, found.location.line, found.location.column, self.source.at(path).path
        )
        self._add(Finding(found.code, place, found.message, found.advice))

    def unknown(
        self,
        path: Path,
        noun: str,
        name: str,
        declared: Iterable[str],
        advice: str = "",
        *,
        code: Code = Code.UNKNOWN_NAME,
        key: bool = False,
    ) -> None:
        """Report a name that nothing declares, with near names or all of them; once for each name."""
        if name in self.excused:
            return
        known = [*declared]
        near = get_close_matches(name, known, n=2)
        if near:
            advice = f"did you mean {' or '.join(near)}?"
        elif known and not advice:
            rest = f" and {len(known) - _MANY} more" if len(known) > _MANY else ""
            advice = f"declared are {', '.join(known[:_MANY])}{rest}"
        section = _SECTIONS.get(noun, f"{noun}s")
        advice = advice or f"none is declared; declare it under '{section}:'"
        self.report(code, path, f"no {noun} is called '{name}'", advice, key=key)

    def constant_scope(self, kind: Type) -> Scope:
        """Return the names that a constant value of a type may use."""
        return Scope({"": kind}, excuses=self.excused, unfolded=self.constants, used=self.used)

    def citation(
        self, path: Path, cited: fields.Cited, *, known: bool = True, value: object = None
    ) -> resolved.Citation:
        """Return a citation after checking that its sources are declared.

        Where it cites nothing and its ``value`` is a constant, the constant's own citation is returned.
        """
        if isinstance(value, NamedQuantity) and not cited.sources and value.name in self.document.constants:
            declared = self.document.constants[value.name]
            return resolved.Citation(declared.sources, str(declared.confidence), cited.note or declared.note)
        self.cited.update(cited.sources)
        for name in cited.sources:
            if name not in self.document.sources:
                self.unknown(
                    (*path, "source"), "source", name, self.document.sources, code=Code.UNKNOWN_SOURCE
                )
        confidence = cited.confidence or ("unknown" if not known else "not stated")
        return resolved.Citation(cited.sources, confidence, cited.note)

    def number(self, path: Path, name: str, given: fields.Sourced[Any] | None) -> resolved.Number:
        """Resolve a sourced quantity; absent and ``unknown`` give none, told apart by their confidence."""
        if given is None:
            return resolved.Number(name, None, resolved.Citation((), "not stated"), self.at(path))
        citation = self.citation(path, given, known=given.known, value=given.value)
        if not isinstance(given.value, Quantity):
            citation = resolved.Citation(citation.sources, "unknown", citation.note)
            return resolved.Number(name, None, citation, self.at(path))
        return resolved.Number(name, given.value, citation, self.at(path))
