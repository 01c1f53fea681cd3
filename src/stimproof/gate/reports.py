"""Where the gate's reports go: old ones are removed first, so that none survives a run that fails."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stimproof.files import check_file_target, write_file
from stimproof.gate.junit import junit
from stimproof.gate.sarif import sarif
from stimproof.gate.summary import summary
from stimproof.specs.errors import OperatorError

if TYPE_CHECKING:
    from stimproof.gate.judgement import Judgement


_MARKS = ("<testsuites ", '"version": "2.1.0"', "specification sha256")


def _replaceable(path: Path) -> bool:
    """Return whether a file may go: there is none, it is empty, or it reads like one of our reports."""
    if not path.exists():
        return True
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return not text.strip() or any(mark in text for mark in _MARKS)


@dataclass(frozen=True, slots=True)
class Reports:
    """The files that were asked for."""

    junit: Path | None = None
    sarif: Path | None = None
    summary: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Those that were asked for."""
        return tuple(path for path in (self.junit, self.sarif, self.summary) if path is not None)

    def prepare(self) -> None:
        """Check that every file can be written, and remove what an earlier run left there.

        A CI server that collects reports whatever happened must never find the last run's pass.

        Raises:
            OperatorError: two reports share one file, one cannot be written or would replace something else.
        """
        if len({path.absolute() for path in self.paths}) < len(self.paths):
            raise OperatorError("two reports would be written to the same file; give each its own")
        for path in self.paths:
            check_file_target(path)
            if not _replaceable(path):
                raise OperatorError(f"'{path}' exists and is no report of the gate; name another file")
        for path in self.paths:
            path.unlink(missing_ok=True)

    def write(self, judgement: Judgement, project: Path, base: Path) -> None:
        """Write every report, each whole; ``base`` is the folder that SARIF's URIs are relative to."""
        if self.junit is not None:
            write_file(self.junit, junit(judgement))
        if self.sarif is not None:
            write_file(self.sarif, sarif(judgement, project, base))
        if self.summary is not None:
            write_file(self.summary, summary(judgement))
