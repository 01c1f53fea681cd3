"""The hazard trace matrix and the coverage of the hazard catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Content, Markup, Row, code, join, muted, notice, row, table, tag
from stimproof.dossier.parts import outcomes
from stimproof.hazards.report import ControlState, TraceRow

if TYPE_CHECKING:
    from collections.abc import Hashable

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
    cells = _Cells(view)
    pairs = zip((TraceRow("", "", ""), *report.rows), report.rows, strict=False)
    rows = (_row(cells, item, last) for last, item in pairs)
    return table(HEADERS, rows, style="stim-wide stim-matrix", label="hazard trace matrix")


def _row(cells: _Cells, item: TraceRow, last: TraceRow) -> Row:
    """Return one line; what is the same as in the line above is a ditto mark."""
    hazard = item.hazard == last.hazard
    situation = hazard and item.situation == last.situation
    harm = situation and item.harm == last.harm
    control = harm and item.control == last.control
    requirement = control and item.requirement == last.requirement
    return row(
        _AGAIN if hazard else cells.of("hazard", item.hazard, item),
        _AGAIN if situation else cells.of("situation", item.situation, item),
        _AGAIN if harm else item.harm_text or outcomes.missing("harm"),
        _AGAIN if harm else cells.risk(item.risk, f"{item.severity}, {item.probability}"),
        _AGAIN if control else cells.of("control", item.control or item.elsewhere, item),
        _AGAIN if requirement else cells.of("requirement", (item.control, item.requirement), item),
        cells.of("claim", (item.requirement, item.obligation, item.verdict, item.evidence), item),
        _AGAIN if harm else cells.risk(item.residual_risk, item.residual_probability),
        style="stim-again" if situation else "stim-first",
    )


class _Cells:
    """Makes each cell once: a control or a claim stands in many lines."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.made: dict[tuple[str, Hashable], Markup] = {}

    def of(self, column: str, key: Hashable, item: TraceRow) -> Markup:
        """Return the cell of a column; lines with the same key have the same one."""
        found = self.made.get((column, key))
        if found is None:
            found = self.made[column, key] = _MAKERS[column](self.view, item)
        return found

    def risk(self, level: str, why: str) -> Markup:
        """Return the cell of a risk."""
        found = self.made.get((level, why))
        if found is None:
            found = self.made[level, why] = _risk(level, why)
        return found


def _hazard(view: View, item: TraceRow) -> Markup:
    return join((tag("strong", view.link("hazard", item.hazard)), tag("div", item.hazard_text)))


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


_MAKERS = {
    "hazard": _hazard,
    "situation": _situation,
    "control": _control,
    "requirement": _requirement,
    "claim": _claim,
}


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
