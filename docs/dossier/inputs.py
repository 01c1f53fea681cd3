"""What a dossier is made from: nothing else can reach a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stimproof.hazards.report import TraceReport
    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Verification


@dataclass(frozen=True)
class DossierInputs:
    """A specification, what was proved about it, its risk file, and the exact text of its files.

    ``sources`` maps each input file's path inside the project (``specs/device.yaml``) to its text.
    A project without risk file has neither ``risk_file`` nor ``trace``; the dossier says so.
    """

    specification: Specification
    verification: Verification
    risk_file: RiskFile | None = None
    trace: TraceReport | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
