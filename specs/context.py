"""What resolution needs everywhere: places, findings, citations, and what is already excused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stimproof.specs import fields
from stimproof.specs import specification as resolved
from stimproof.specs.document import SpecificationDocument
from stimproof.specs.expressions import BOOLEAN, Expression, Type
from stimproof.specs.findings import Code, Finding, Location, Severity
from stimproof.specs.parsing import LanguageError
from stimproof.specs.quantities import Quantity
from stimproof.specs.typing import ExcusedError, Scope, expression

if TYPE_CHECKING:
    from stimproof.specs.validation import Bundle

Path = tuple[str | int, ...]


@dataclass
class Context:
    """What resolution needs everywhere: the bundle for places, the findings, what is already excused."""

    source: Bundle
    document: SpecificationDocument
    excused: frozenset[str]
    cited: set[str] = field(default_factory=set)

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
        self.source.findings.append(Finding(code, self.source.at(path, key=key), message, advice, severity))

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
            found = problem.finding
            place = Location(
                found.location.file, found.location.line, found.location.column, self.source.at(path).path
            )
            self.source.findings.append(Finding(found.code, place, found.message, found.advice))
        except ExcusedError:
            pass
        return None

    def citation(self, path: Path, cited: fields.Cited, *, known: bool = True) -> resolved.Citation:
        """Return a citation after checking that its sources are declared."""
        self.cited.update(cited.sources)
        for name in cited.sources:
            if name not in self.document.sources and name not in self.excused:
                self.report(
                    Code.UNKNOWN_SOURCE,
                    (*path, "source"),
                    f"no source is called '{name}'",
                    f"declare it under 'sources:'; declared are {', '.join(self.document.sources) or 'none'}",
                )
        confidence = cited.confidence or ("unknown" if not known else "not stated")
        return resolved.Citation(cited.sources, confidence, cited.note)

    def number(self, path: Path, name: str, given: fields.Sourced[Any] | None) -> resolved.Number:
        """Resolve a sourced quantity; absent and ``unknown`` give none, told apart by their confidence."""
        if given is None:
            return resolved.Number(name, None, resolved.Citation((), "not stated"), self.at(path))
        citation = self.citation(path, given, known=given.known)
        if not isinstance(given.value, Quantity):
            citation = resolved.Citation(citation.sources, "unknown", citation.note)
            return resolved.Number(name, None, citation, self.at(path))
        return resolved.Number(name, given.value, citation, self.at(path))
