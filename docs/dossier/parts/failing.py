"""What a declared fault does to the claims about the device, with the run that shows what breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Markup, join, muted, tag
from stimproof.dossier.parts import timeline
from stimproof.verify.fault_effects import FaultEffect
from stimproof.verify.results import Trace

if TYPE_CHECKING:
    from stimproof.dossier.view import View
    from stimproof.verify.fault_effects import FaultResult
    from stimproof.verify.results import Setting

_STYLES = {
    FaultEffect.BROKEN: "stim-refuted",
    FaultEffect.BROKEN_ANYWAY: "stim-refuted",
    FaultEffect.UNKNOWN: "stim-unknown",
    FaultEffect.TOLERATED: "stim-proved",
}
"""The worst first, as they are listed."""


def effects(view: View, fault: str) -> Markup:
    """Return what a fault does to each claim, worst first; the tolerated ones folded away."""
    analysis = view.inputs.faults
    tried = [item for item in analysis.effects if item.fault == fault] if analysis is not None else []
    if analysis is None or not tried:
        return muted("not tried")
    shown = {item.obligation.id: item.counterexample for item in analysis.found.get(fault, ())}
    parts = []
    for effect, style in _STYLES.items():
        found = [item for item in tried if item.effect is effect]
        if found:
            badge = tag("span", f"{effect.value}: {len(found)}", class_=f"stim-badge {style}")
            lines = join(_claim(view, item, shown.get(item.obligation)) for item in found)
            folded = tag("details", tag("summary", badge), lines)
            parts.append(folded if effect is FaultEffect.TOLERATED else join((tag("div", badge), lines)))
    return join((*parts, _causes(view, fault)))


def _claim(view: View, item: FaultResult, shown: Setting | Trace | None) -> Markup:
    told = tag("span", f" {item.reason}", class_="stim-note") if item.reason else None
    line = tag("div", view.link("obligation", item.obligation), told)
    if not isinstance(shown, Trace):
        return line
    table = timeline.table_of(view, shown, fails=True)
    return join((line, tag("details", tag("summary", "how it breaks"), table)))


def _causes(view: View, fault: str) -> Markup | None:
    """Return which causes of the risk file name the fault, and which controls stand against it."""
    report = view.inputs.trace
    found = next((item for item in report.faults if item.fault == fault), None) if report else None
    if found is None or not found.causes:
        return None
    standing = join((view.link("control", name) for name in found.standing), ", ") or "none"
    return tag(
        "div", f"brings about {', '.join(found.causes)}; controls that stand: ", standing, class_="stim-note"
    )
