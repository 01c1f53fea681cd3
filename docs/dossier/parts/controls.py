"""Risk controls and requirements: how far each is shown to work, and on what that rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Content, Markup, Row, bullets, join, muted, notice, row, table, tag
from stimproof.dossier.parts import outcomes
from stimproof.dossier.parts.effects import effects
from stimproof.dossier.words import badge, count, unverified

if TYPE_CHECKING:
    from stimproof.dossier.view import View
    from stimproof.hazards.measures import Requirement
    from stimproof.hazards.report import ControlStatus
    from stimproof.hazards.risk_file import RiskFile

FEW = 4  # more claims than these are folded away; a requirement's own claims stand first


def controls(view: View) -> Markup:
    """Every control: how far it is shown to work, and on what that rests."""
    risk_file, report = outcomes.risk_file(view), outcomes.report(view)
    if risk_file is None or report is None:
        return notice(outcomes.NO_FILE)
    if not report.controls:
        return notice("The risk file has no control.", "bad")
    rows = [_control(view, risk_file, item) for item in report.controls]
    headers = ("Control", "State", "Shown by", "Without it")
    return table(headers, rows, style="stim-controls", label="risk controls")


def _control(view: View, risk_file: RiskFile, item: ControlStatus) -> Row:
    control = risk_file.controls[item.control]
    links = join((view.link("requirement", name) for name in control.requirements), ", ")
    return row(
        join(
            (
                tag("strong", item.control),
                tag("div", item.text),
                tag("div", item.kind, class_="stim-note"),
                tag("div", "stops"),
                bullets([_event(risk_file, name) for name in control.stops]),
                tag("div", "required by ", links if control.requirements else muted("nothing")),
                view.place(risk_file.at("controls", item.control)),
            )
        ),
        _state(item),
        _shown_by(view, item),
        effects(view, item.control, item.effect),
        anchor=view.book.addresses["control", item.control].anchor,
    )


def _state(item: ControlStatus) -> Markup:
    """Return the state of a control and the reasons against it; what is proved stands beside it."""
    proved = {f"{name} is proved" for name, _ in item.obligations}
    against = [reason for reason in item.reasons if reason not in proved]
    doubt = tag("div", unverified(count(len(item.unverified), "number"))) if item.unverified else None
    reasons = tag("div", bullets(against), class_="stim-note") if against else None
    return join((outcomes.control_state(item.state), reasons, doubt))


def _event(risk_file: RiskFile, name: str) -> str:
    if name in risk_file.causes:
        return f"cause: {risk_file.causes[name].event}"
    if name in risk_file.situations:
        return f"situation: {risk_file.situations[name].situation}"
    return f"harm: {risk_file.harms[name].harm}"


def _shown_by(view: View, item: ControlStatus) -> Markup:
    proofs = [
        tag("div", view.link("obligation", name), " ", outcomes.verdict_badge(verdict))
        for name, verdict in item.obligations
    ]
    proofs += [tag("div", text) for text in item.external]
    if not proofs:
        return muted("nothing")
    return folded(proofs)


def folded(lines: list[Markup]) -> Markup:
    """Return the first lines, and the others folded away where they are many."""
    if len(lines) <= FEW + 1:
        return join(lines)
    rest = tag("details", tag("summary", f"and {len(lines) - FEW} more"), *lines[FEW:])
    return join((*lines[:FEW], rest))


def requirements(view: View) -> Markup:
    """Every requirement with the controls that it realises and what verifies it."""
    risk_file = outcomes.risk_file(view)
    if risk_file is None:
        return notice(outcomes.NO_FILE)
    rows = [_requirement(view, risk_file, name, item) for name, item in risk_file.requirements.items()]
    return table(("Requirement", "Realises", "Verified by"), rows, label="requirements")


def _requirement(view: View, risk_file: RiskFile, name: str, item: Requirement) -> Row:
    serves = [key for key, control in risk_file.controls.items() if name in control.requirements]
    links = [tag("div", view.link("control", key)) for key in serves]
    proofs = _proofs(view, item)
    return row(
        join((tag("strong", name), tag("div", item.text), view.place(risk_file.at("requirements", name)))),
        join(links) if links else muted("no control"),
        folded(proofs) if proofs else outcomes.missing("evidence"),
        anchor=view.book.addresses["requirement", name].anchor,
    )


def _proofs(view: View, item: Requirement) -> list[Markup]:
    results = view.inputs.verification.by_id()
    found: list[Markup] = []
    for key in item.verified_by:
        verdict: Content = badge(results[key].verdict) if key in results else muted("not verified")
        found.append(tag("div", view.link("obligation", key), " ", verdict))
    found += [
        tag("div", given.ref, " ", view.sources(given.sources)) for given in (*item.tests, *item.documents)
    ]
    return found
