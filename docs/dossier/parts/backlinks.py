"""References that lead back: from a claim to the requirements and controls that rest on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Markup, join, muted, tag

if TYPE_CHECKING:
    from stimproof.dossier.view import View


def of_obligation(view: View, name: str) -> Markup | None:
    """Return the requirements that an obligation verifies and the controls and hazards that they serve."""
    risk_file = view.inputs.risk_file
    if risk_file is None or not risk_file.present:
        return None
    demands = [key for key, item in risk_file.requirements.items() if name in item.verified_by]
    controls = [key for key, item in risk_file.controls.items() if set(item.requirements) & set(demands)]
    if not demands:
        return muted("no requirement of the risk file rests on it")
    served = [join((view.link("requirement", key) for key in demands), ", ")]
    if controls:
        served.append(
            join(("for the controls ", join((view.link("control", key) for key in controls), ", ")))
        )
    if hazards := _hazards(view, controls):
        served.append(join(("against ", join((view.link("hazard", key) for key in hazards), ", "))))
    return join(tag("div", text) for text in served)


def _hazards(view: View, controls: list[str]) -> list[str]:
    trace = view.inputs.trace
    rows = trace.rows if trace is not None else ()
    return list(dict.fromkeys(item.hazard for item in rows if item.control in controls))
