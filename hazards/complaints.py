"""Complaining about a risk file: at the right place, with the name that the author may have meant."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from stimproof.specs.findings import Code, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Collection

    from stimproof.specs.validation import Bundle

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Complaints:
    """Adds findings to those of ``source``; ``excused`` are names that were already cut out as wrong."""

    source: Bundle
    excused: frozenset[str]

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
        """Add a finding about the value at ``path``, or about its key."""
        self.source.findings.append(Finding(code, self.source.at(path, key=key), message, advice, severity))

    def known(self, code: Code, path: Path, name: str, table: Collection[str], what: str) -> bool:
        """Report a name that is not in the table, with what the author may have meant."""
        if name in table:
            return True
        if name not in self.excused:
            near = get_close_matches(name, sorted(table), n=3)
            advice = "the manual lists its ids" if "catalogue" in what else "declare it, or mend its spelling"
            advice = f"did you mean {' or '.join(near)}?" if near else advice
            self.report(code, path, f"{what} '{name}' is not known", advice)
        return False

    @property
    def fatal(self) -> bool:
        """Whether an error was reported."""
        return any(finding.weight is Severity.ERROR for finding in self.source.findings)
