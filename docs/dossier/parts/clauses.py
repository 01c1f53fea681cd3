"""The checklist of clauses: what in this dossier speaks to each, and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from stimproof.dossier.clauses import Clause, applicable, checklist
from stimproof.dossier.html import Markup, Row, join, muted, row, table, tag
from stimproof.dossier.words import count
from stimproof.hazards.report import ControlState
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from stimproof.dossier.view import View

State = Literal["here", "part", "missing"]

_SHOWN: dict[State, str] = {"here": "● shown here", "part": "◐ in part", "missing": "○ missing"}
_TITLES = {
    "index": "overview", "device": "device", "limits": "limits", "machines": "state machines",
    "obligations": "claims", "anomalies": "anomalies", "risk": "risk", "controls": "risk controls",
    "matrix": "trace matrix", "findings": "findings", "recheck": "re-check",
}  # fmt: skip


def _risk_file(view: View) -> str | None:
    risk_file = view.inputs.risk_file
    return None if risk_file is not None and risk_file.present else "a risk file"


def _class_rationale(view: View) -> str | None:
    return None if view.spec.device.class_rationale else "the rationale of the class"


def _decided(view: View) -> str | None:
    still_open = len(view.having(Verdict.UNKNOWN, Verdict.ERROR))
    return f"{count(still_open, 'claim')} still open" if still_open else None


def _traced(view: View) -> str | None:
    trace = view.inputs.trace
    if trace is None:
        return "a trace of the risk file"
    return f"{count(len(trace.blocking), 'gap')} listed on the risk page" if trace.blocking else None


def _controls_verified(view: View) -> str | None:
    trace = view.inputs.trace
    if trace is None:
        return "a trace of the risk file"
    lacking = [item.control for item in trace.controls if item.state is not ControlState.VERIFIED]
    return f"{count(len(lacking), 'control')} not fully verified" if lacking else None


CHECKS: dict[str, Callable[[View], str | None]] = {
    "risk-file": _risk_file,
    "class-rationale": _class_rationale,
    "decided": _decided,
    "traced": _traced,
    "controls-verified": _controls_verified,
}


def assess(view: View, clause: Clause) -> tuple[State, list[str]]:
    """Return how far a clause is served here, and what is missing."""
    lacking = [text for name in clause.needs if (text := CHECKS[name](view)) is not None]
    lacking += [clause.missing] if clause.missing else []
    without_risk = "risk-file" in clause.needs and _risk_file(view) is not None
    if not clause.here or without_risk:
        return "missing", lacking
    return ("part" if lacking else "here"), lacking


def _clauses(view: View) -> list[Clause]:
    return applicable(view.spec.device.software_safety_class)


def checklist_table(view: View) -> Markup:
    """Every clause that applies, and what speaks to it."""
    headers = ("Clause", "What it asks for", "State", "In this dossier", "Missing")
    rows = [_heading(view, item) if item.kind == "clause" else _row(view, item) for item in _clauses(view)]
    return table(headers, rows, style="stim-clauses", label="clauses")


def _heading(view: View, clause: Clause) -> Row:
    anchor = view.book.addresses["clause", clause.id].anchor
    number, title = tag("strong", clause.id), tag("strong", clause.title)
    return row(number, title, None, None, None, anchor=anchor, style="stim-heading")


def _row(view: View, clause: Clause) -> Row:
    state, lacking = assess(view, clause)
    pages = tag(
        "div", join((view.page(name, _TITLES[name]) for name in clause.pages), ", "), class_="stim-note"
    )
    return row(
        clause.id,
        join((clause.title, *_facts(clause))),
        tag("span", _SHOWN[state], class_=f"stim-state stim-state-{state}"),
        join((clause.here, pages)) if state != "missing" else muted("nothing"),
        join(tag("div", text) for text in lacking),
        anchor=view.book.addresses["clause", clause.id].anchor,
    )


def _facts(clause: Clause) -> list[Markup]:
    """Return the classes of a clause, and how sure its number and classes are where that is in doubt."""
    facts = [tag("div", f"class {', '.join(clause.classes)}", class_="stim-note")]
    if clause.confidence != "high":
        note = f" ({clause.note})" if clause.note else ""
        told = f"number and class: {clause.confidence} confidence{note}"
        facts.append(tag("div", told, class_="stim-note"))
    return facts


def totals(view: View) -> Markup:
    """How many clauses are shown, in part or missing, for which class and edition."""
    states = [assess(view, item)[0] for item in _clauses(view) if item.kind == "requirement"]
    parts = [f"{states.count(state)} {text}" for state, text in _SHOWN.items()]
    level = view.spec.device.software_safety_class
    lead = f"Edition as configured: {checklist().edition}. Software safety class as configured: {level}. "
    told = f"Of {count(len(states), 'requirement')}: {', '.join(parts)}."
    return tag("p", lead, tag("strong", told))


def origins(_: View) -> Markup:
    """Where the numbers and classes of the clauses were read."""
    rows = [row(name, text) for name, text in checklist().sources.items()]
    return table(("Key", "Read in"), rows, label="where clauses were read")
