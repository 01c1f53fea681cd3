"""What a dossier is made from: nothing else can reach a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stimproof.hazards.report import TraceReport
    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.indications.rulebook import DeviceIndications
    from stimproof.specs.specification import Specification
    from stimproof.verify.ablation import Ablation
    from stimproof.verify.faulting import FaultAnalysis
    from stimproof.verify.indications import Report as IndicationsReport
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
    indications: DeviceIndications | None = None
    ablation: Ablation | None = None
    faults: FaultAnalysis | None = None

    @cached_property
    def indications_report(self) -> IndicationsReport | None:
        """The answers about the indications, where any are stated; asked once for all parts of the page."""
        from stimproof.verify.indications import check

        stated = self.indications
        return check(stated.rulebook, stated.modalities) if stated is not None else None
