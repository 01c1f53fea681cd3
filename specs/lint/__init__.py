"""Findings about a specification that is well formed: what is unused, unsourced, or cannot be meant.

Nothing here asks a solver; what only a solver can tell is in :mod:`stimproof.verify.linting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.lint import comparisons, machines, numbers, ranges, requirements, unused

if TYPE_CHECKING:
    from stimproof.specs.context import Context
    from stimproof.specs.findings import Finding
    from stimproof.specs.specification import Specification


def lint(specification: Specification, context: Context) -> list[Finding]:
    """Return every warning and note about the specification."""
    return [
        *unused.findings(specification, context),
        *numbers.findings(specification),
        *machines.findings(specification),
        *comparisons.findings(specification),
        *ranges.findings(specification, context),
        *requirements.findings(specification),
    ]
