"""The hazard trace matrix and the coverage of the hazard catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Content, Markup, Row, code, join, muted, notice, row, table, tag
from stimproof.dossier.parts import outcomes
from stimproof.hazards.report import ControlState, TraceRow

if TYPE_CHECKING:
    from stimproof.dossier.view import View

HEADERS = (
    "Hazard",
    "Hazardous situation",
    "Harm",
    "Risk",
    "Control",
    "Requirement",
    "Claim",
    "Residual risk",
)
_AGAIN = muted("″")
_COVERAGE = {
    "uncovered": ("✗", "refuted"),
    "not applicable": ("–", "not-applicable"),
    "addressed": ("✓", "proved"),
}


def matrix(view: View) -> Markup:
    """The hazard trace matrix: one line for each way from a hazard to the evidence."""
    report = outcomes.report(view)
    if report is None:
        return notice(outcomes.NO_FILE)
    rows = []
    last = TraceRow("", "", "")
    for item in report.rows:
        rows.append(_row(view, item, last))
        last = item
    return table(HEADERS, rows, style="stim-wide stim-matrix", label="hazard trace matrix")


def _row(view: View, item: TraceRow, last: TraceRow) -> Row:
    """Return one line; what is the same as in the line above is a ditto mark."""
    hazard = item.hazard == last.hazard
    situation = hazard and item.situation == last.situation
    harm = situation and item.harm == last.harm
    control = harm and item.control == last.control
    requirement = control and item.requirement == last.requirement
    return row(
        _AGAIN
        if hazard
        else join((tag("strong", view.link("hazard", item.hazard)), tag("div", item.hazard_text))),
        _AGAIN if situation else _situation(view, item),
        _AGAIN if harm else item.harm_text or outcomes.missing("harm"),
        _AGAIN if harm else _risk(item.risk, f"{item.severity}, {item.probability}"),
        _AGAIN if control else _control(view, item),
        _AGAIN if requirement else _requirement(view, item),
        _claim(view, item),
        _AGAIN if harm else _risk(item.residual_risk, item.residual_probability),
        style="stim-again" if situation else "stim-first",
    )


def _risk(level: str, why: str) -> Markup:
    shown: Content = outcomes.policy(level) or muted("not estimated")
    return join((shown, tag("div", why, class_="stim-note")))


def _situation(view: View, item: TraceRow) -> Markup:
    risk_file = outcomes.risk_file(view)
    known = risk_file.causes if risk_file is not None else {}
    causes = [known[name].event if name in known else name for name in item.causes]
    why = tag("div", "causes: ", "; ".join(causes), class_="stim-note") if causes else None
    return join((item.situation_text or outcomes.missing("situation"), why))


def _control(view: View, item: TraceRow) -> Markup:
    if not item.control:
        elsewhere = join((muted("elsewhere: "), item.elsewhere))
        return elsewhere if item.elsewhere else outcomes.missing("control")
    state = next((state for state in ControlState if state.value == item.control_state), None)
    shown = outcomes.control_state(state) if state is not None else muted(item.control_state)
    text = tag("div", item.control_text, class_="stim-note")
    return join((view.link("control", item.control), " ", shown, text))


def _requirement(view: View, item: TraceRow) -> Markup:
    if item.requirement:
        text = tag("div", item.requirement_text, class_="stim-note")
        return join((view.link("requirement", item.requirement), text))
    return outcomes.missing("requirement") if item.control else muted("–")


def _claim(view: View, item: TraceRow) -> Markup:
    if item.obligation:
        return join((view.link("obligation", item.obligation), " ", outcomes.verdict_badge(item.verdict)))
    if item.evidence:
        return join(tag("div", text) for text in item.evidence)
    return outcomes.missing("evidence") if item.requirement else muted("–")


def coverage(view: View) -> Markup:
    """What became of every hazard of the catalogue, the uncovered first."""
    report = outcomes.report(view)
    if report is None:
        return notice(outcomes.NO_FILE)
    order = list(_COVERAGE)
    rows = [
        row(
            code(item.hazard),
            item.title,
            outcomes.sign(*_COVERAGE[item.disposition], item.disposition),
            view.link("hazard", item.by) if item.disposition == "addressed" else item.by,
        )
        for item in sorted(report.coverage, key=lambda item: order.index(item.disposition))
    ]
    headers = ("Catalogue", "Hazard", "In the risk file", "By, or why not")
    return table(headers, rows, label="coverage of the hazard catalogue")
