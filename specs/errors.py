"""The exception tree of stimproof: one family for each person who must act.

::

    StimproofError
    ├── AuthorError             the author of an input file must act
    │   ├── SpecificationError      … of the specification
    │   ├── RiskFileError           … of the risk file
    │   └── ModelError              … of a model in VMT-LIB
    ├── OperatorError           whoever called the tool must act (a path, an option, a missing tool)
    └── InternalError           we must act: a defect of stimproof itself
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stimproof.specs.findings import Finding


class StimproofError(Exception):
    """Root of every exception that stimproof raises on purpose."""


class AuthorError(StimproofError):
    """Input files that cannot be used; carries every finding, not just the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(finding.text() for finding in self.findings))


class SpecificationError(AuthorError):
    """A specification that cannot be read, typed or resolved."""


class RiskFileError(AuthorError):
    """A risk file that cannot be read, typed or resolved."""


class ModelError(AuthorError):
    """A model in VMT-LIB that cannot be read, or that uses what is not read."""


class OperatorError(StimproofError):
    """The call itself is wrong: a path, an option, or a tool that is not installed."""


class InternalError(StimproofError):
    """A broken promise between two parts of stimproof; never the user's fault."""
