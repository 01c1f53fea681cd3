"""What parts about the risk file share: whether there is one, and the signs of its outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Markup, join, muted, tag
from stimproof.dossier.words import badge
from stimproof.hazards.matrix import Acceptability
from stimproof.hazards.report import ControlState, TraceReport
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from stimproof.dossier.view import View
    from stimproof.hazards.risk_file import RiskFile

NO_FILE = (
    "There is no risk file beside the specification: no hazard is traced to what is proved. "
    "Put one into the project's folder hazards/."
)
_STATES = {
    ControlState.VERIFIED: ("✓", "proved"),
    ControlState.PARTLY: ("◐", "unknown"),
    ControlState.EXTERNAL: ("–", "not-applicable"),
    ControlState.NOT_VERIFIED: ("?", "unknown"),
    ControlState.REFUTED: ("✗", "refuted"),
}
_POLICY = {
    Acceptability.ACCEPTABLE: "proved",
    Acceptability.REDUCE: "unknown",
    Acceptability.UNACCEPTABLE: "refuted",
}


def risk_file(view: View) -> RiskFile | None:
    """Return the risk file, or ``None`` where the project has none."""
    found = view.inputs.risk_file
    return found if found is not None and found.present else None


def report(view: View) -> TraceReport | None:
    """Return the trace report of the risk file, or ``None`` where there is none."""
    return view.inputs.trace if risk_file(view) is not None else None


def sign(mark: str, style: str, text: str) -> Markup:
    """Return a sign and a word in the colour of a verdict."""
    shown = tag("span", mark, class_="stim-sign", aria_hidden="true")
    return tag("span", shown, text, class_=f"stim-badge stim-{style}")


def control_state(state: ControlState) -> Markup:
    """Return the state of a control as a sign and words."""
    return sign(*_STATES[state], state.value)


def policy(level: str) -> Markup | None:
    """Return what the policy says about a risk as a coloured word; nothing for no word."""
    known = next((item for item in Acceptability if item.value == level), None)
    if known is None:
        return join((level,)) if level else None
    return tag("span", level, class_=f"stim-badge stim-{_POLICY[known]}")


def verdict_badge(title: str) -> Markup:
    """Return the badge of a verdict given by its title; other words stay as they are."""
    found = next((verdict for verdict in Verdict if verdict.title == title), None)
    return badge(found) if found is not None else muted(title)


def missing(what: str) -> Markup:
    """Return the mark of a gap in the trace."""
    return tag("span", f"no {what}", class_="stim-warn")
