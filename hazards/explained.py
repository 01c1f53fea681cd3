"""Why findings stay open: what the risk file says of one entry, or of all findings of a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.findings import Code

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.findings import Finding

_ABOUT_EFFECT = (
    Code.CONTROL_REDUNDANT,
    Code.CONTROL_INSUFFICIENT,
    Code.ABLATION_UNKNOWN,
    Code.EFFECT_NOT_SHOWN,
)


def explained(risk_file: RiskFile, findings: Iterable[Finding]) -> dict[Finding, str]:
    """Return those of the findings that the risk file explains, each with its explanation.

    What the entry itself says goes before what stands under ``open_findings`` of all findings of the code.
    """
    whole = risk_file.open_findings
    told = ((item, (_own(risk_file, item) or whole.get(item.code.slug, "")).strip()) for item in findings)
    return {item: text for item, text in told if text}


def _own(risk_file: RiskFile, finding: Finding) -> str:
    """Return what the entry that a finding is about says of such findings; empty where it says nothing."""
    section, _, rest = finding.location.path.partition(".")
    name = rest.partition(".")[0]
    if section == "controls" and finding.code in _ABOUT_EFFECT and name in risk_file.controls:
        return risk_file.controls[name].explanation
    if section == "situations" and name in risk_file.situations:
        situation = risk_file.situations[name]
        if finding.code is Code.UNCONTROLLED:
            return situation.explanation
        if finding.code is Code.CONTROLLED_ELSEWHERE and situation.elsewhere is not None:
            return situation.elsewhere.why
    return ""
