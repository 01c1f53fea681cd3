"""The risk file: hazards, harms, controls and requirements, the trace matrix, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import (
    Content,
    Markup,
    Row,
    bullets,
    code,
    facts,
    join,
    muted,
    notice,
    row,
    table,
    tag,
)
from stimproof.dossier.parts.references import finding_table
from stimproof.dossier.words import badge, count, unverified
from stimproof.hazards.matrix import Acceptability
from stimproof.hazards.report import ControlState, ControlStatus, TraceReport, TraceRow
from stimproof.specs.findings import Severity
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from stimproof.dossier.view import View
    from stimproof.hazards.document import Harm, Rating, Requirement
    from stimproof.hazards.risk_file import RiskFile

NO_FILE = (
    "There is no risk file beside the specification: no hazard is traced to what is proved. "
    "Put one into the project's folder hazards/."
)
_SIGNS = {
    ControlState.VERIFIED: ("✓", "proved"),
    ControlState.PARTLY: ("◐", "unknown"),
    ControlState.EXTERNAL: ("–", "not-applicable"),
    ControlState.NOT_VERIFIED: ("?", "unknown"),
    ControlState.REFUTED: ("✗", "refuted"),
}
_OUTCOMES = {
    "passed": ("✓", "proved", "Every hazard is traced to a control that is shown to work."),
    "failed": ("✗", "refuted", "The trace has gaps or defects; they are listed below."),
    "inconclusive": ("?", "unknown", "Answers are missing; what is missing is listed below."),
}


def _file(view: View) -> RiskFile | None:
    found = view.inputs.risk_file
    return found if found is not None and found.present else None


def _report(view: View) -> TraceReport | None:
    return view.inputs.trace if _file(view) is not None else None


def _sign(sign: str, style: str, text: str) -> Markup:
    return tag(
        "span",
        tag("span", sign, class_="stim-sign", aria_hidden="true"),
        text,
        class_=f"stim-badge stim-{style}",
    )


def control_state(state: ControlState) -> Markup:
    """Return the state of a control as a sign and words."""
    return _sign(*_SIGNS[state], state.value)


def policy(level: str) -> Markup | None:
    """Return what the policy says about a risk as a coloured word."""
    if level not in {item.value for item in Acceptability}:
        return escape_or_none(level)
    style = {"acceptable": "proved", "reduce": "unknown", "unacceptable": "refuted"}[level]
    return tag("span", level, class_=f"stim-badge stim-{style}")


def escape_or_none(text: str) -> Markup | None:
    """Return plain text as markup, or nothing for no text."""
    return join((text,)) if text else None


def status(view: View) -> Markup:
    """How the trace came out, in one look."""
    report = _report(view)
    if report is None:
        return notice(NO_FILE, "bad")
    sign, style, text = _OUTCOMES[report.outcome]
    head = tag("div", tag("div", report.outcome.capitalize(), class_="stim-band-head"), tag("div", text))
    band = tag(
        "div",
        tag("span", sign, class_="stim-band-sign", aria_hidden="true"),
        head,
        class_=f"stim-band stim-{style}-band",
    )
    shown = [(name.capitalize(), str(number)) for name, number in report.counts if number]
    edition = tag("p", f"Edition as configured: {report.edition}. Nothing here claims conformity to it.")
    return join((band, edition, tag("div", facts(shown), class_="stim-counts")))


def findings(view: View) -> Markup:
    """What is untraced, contradicted or missing, the gravest first."""
    report = _report(view)
    if report is None:
        return notice(NO_FILE, "bad")
    if not report.findings:
        return notice("Nothing is missing.", "good")
    order = [Severity.ERROR, Severity.WARNING, Severity.NOTE]
    return finding_table(
        view, sorted(report.findings, key=lambda item: (order.index(item.weight), item.location))
    )


def hazards(view: View) -> Markup:
    """Every hazard with its situations, their causes, and the harms that they lead to."""
    risk_file = _file(view)
    if risk_file is None:
        return notice(NO_FILE)
    rows = [_hazard(view, risk_file, name) for name in risk_file.hazards]
    return table(("Hazard", "Hazardous situations and their causes", "Harms"), rows, label="hazards")


def _hazard(view: View, risk_file: RiskFile, name: str) -> Row:
    hazard = risk_file.hazards[name]
    situations = {key: item for key, item in risk_file.situations.items() if name in item.hazards}
    harms = {key: item for key, item in risk_file.harms.items() if set(item.situations) & situations.keys()}
    told = [
        join(
            (
                tag("div", item.situation),
                tag(
                    "div",
                    "causes: ",
                    "; ".join(risk_file.causes[cause].event for cause in item.causes),
                    class_="stim-note",
                ),
                tag(
                    "div",
                    f"controlled elsewhere: {item.elsewhere.control} ({item.elsewhere.why})",
                    class_="stim-note",
                )
                if item.elsewhere
                else None,
            )
        )
        for item in situations.values()
    ]
    return row(
        join(
            (
                tag("strong", name),
                tag("div", hazard.hazard),
                tag("div", f"catalogue: {hazard.catalogue}", class_="stim-note")
                if hazard.catalogue
                else None,
                tag("div", hazard.note, class_="stim-note") if hazard.note else None,
                view.place(risk_file.at("hazards", name)),
            )
        ),
        bullets(told) if told else muted("none"),
        bullets([view.page("risk", item.harm, f"harm-{key}") for key, item in harms.items()])
        if harms
        else muted("none"),
        anchor=view.book.addresses["hazard", name].anchor,
    )


def harms(view: View) -> Markup:
    """Every harm with its estimates and what the policy says, before and after the controls."""
    risk_file = _file(view)
    if risk_file is None:
        return notice(NO_FILE)
    headers = ("Harm", "Severity", "Probability", "Risk", "With controls", "Residual risk")
    rows = [_harm(view, risk_file, name, item) for name, item in risk_file.harms.items()]
    return join((_scales(risk_file), table(headers, rows, label="harms")))


def _scales(risk_file: RiskFile) -> Markup:
    """Return the policy: severity by probability, and what each combination demands."""
    matrix = risk_file.matrix
    rows = [
        row(tag("strong", severity), *(policy(cell.value) for cell in cells))
        for severity, cells in zip(matrix.severities, matrix.rows, strict=True)
    ]
    return table(("Severity \\ probability", *matrix.probabilities), list(reversed(rows)), label="policy")


def _harm(view: View, risk_file: RiskFile, name: str, harm: Harm) -> Row:
    before = risk_file.matrix.evaluate(harm.severity.level, harm.probability.known)
    residual = harm.residual.known
    after = (
        risk_file.matrix.evaluate(harm.residual.severity or harm.severity.level, residual)
        if residual
        else None
    )
    return row(
        join((tag("strong", name), tag("div", harm.harm), view.place(risk_file.at("harms", name)))),
        _rating(view, harm.severity),
        _rating(view, harm.probability),
        policy(before.value),
        _rating(view, harm.residual),
        policy(after.value) if after else unverified("unknown"),
        anchor=f"harm-{name}",
    )


def _rating(view: View, rating: Rating) -> Markup:
    if rating.known is None:
        return join(
            (unverified("unknown"), tag("div", rating.note, class_="stim-note") if rating.note else None)
        )
    ground = rating.confidence or ""
    doubt = unverified(ground) if ground not in ("seen", "derived") else muted(ground)
    evidence = [tag("a", name, href=f"#evidence-{name}") for name in rating.evidence]
    cited = join((view.sources(rating.sources), *evidence), " ")
    note = tag("div", rating.note, class_="stim-note") if rating.note else None
    return join((tag("div", rating.level), doubt, tag("div", cited, class_="stim-note"), note))


def published(view: View) -> Markup:
    """Published numbers that estimates cite, each with its caution."""
    risk_file = _file(view)
    if risk_file is None or not risk_file.evidence:
        return notice("The risk file cites no published number.")
    rows = [
        row(
            tag("strong", name),
            join((item.text, tag("div", item.caution, class_="stim-note") if item.caution else None)),
            join(
                (
                    view.sources(item.sources),
                    " ",
                    muted(item.confidence)
                    if item.confidence in ("seen", "derived")
                    else unverified(item.confidence or ""),
                )
            ),
            anchor=f"evidence-{name}",
        )
        for name, item in risk_file.evidence.items()
    ]
    return table(("Id", "Published", "Source"), rows, label="published evidence")


def controls(view: View) -> Markup:
    """Every control: how far it is shown to work, and on what that rests."""
    risk_file, report = _file(view), _report(view)
    if risk_file is None or report is None:
        return notice(NO_FILE)
    if not report.controls:
        return notice("The risk file has no control.", "bad")
    rows = [_control(view, risk_file, item) for item in report.controls]
    return table(("State", "Control", "It stops", "Requirements", "Shown by"), rows, label="risk controls")


def _control(view: View, risk_file: RiskFile, item: ControlStatus) -> Row:
    control = risk_file.controls[item.control]
    doubt = tag("div", unverified(count(len(item.unverified), "number"))) if item.unverified else None
    return row(
        join(
            (
                control_state(item.state),
                tag("div", bullets(item.reasons), class_="stim-note") if item.reasons else None,
                doubt,
            )
        ),
        join(
            (
                tag("strong", item.control),
                tag("div", item.text),
                tag("div", item.kind, class_="stim-note"),
                view.place(risk_file.at("controls", item.control)),
            )
        ),
        bullets([_event(risk_file, name) for name in control.stops]),
        bullets([view.link("requirement", name) for name in control.requirements])
        if control.requirements
        else muted("none"),
        _shown_by(view, item),
        anchor=view.book.addresses["control", item.control].anchor,
    )


def _event(risk_file: RiskFile, name: str) -> str:
    for kind, table_, field in (
        ("cause", risk_file.causes, "event"),
        ("situation", risk_file.situations, "situation"),
        ("harm", risk_file.harms, "harm"),
    ):
        if name in table_:
            return f"{kind}: {getattr(table_[name], field)}"  # type: ignore[index]
    return name


def _shown_by(view: View, item: ControlStatus) -> Markup:
    proofs = [
        join((view.link("obligation", name), " ", verdict_badge(verdict)))
        for name, verdict in item.obligations
    ]
    return (
        join(tag("div", text) for text in (*proofs, *item.external))
        if proofs or item.external
        else muted("nothing")
    )


def verdict_badge(title: str) -> Markup:
    """Return the badge of a verdict given by its title; other words stay as they are."""
    found = next((verdict for verdict in Verdict if verdict.title == title), None)
    return badge(found) if found is not None else muted(title)


def requirements(view: View) -> Markup:
    """Every requirement with the controls that it realises and what verifies it."""
    risk_file = _file(view)
    if risk_file is None:
        return notice(NO_FILE)
    rows = [_requirement(view, risk_file, name, item) for name, item in risk_file.requirements.items()]
    return table(("Requirement", "Realises", "Verified by"), rows, label="requirements")


def _requirement(view: View, risk_file: RiskFile, name: str, item: Requirement) -> Row:
    results = view.inputs.verification.by_id()
    serves = [key for key, control in risk_file.controls.items() if name in control.requirements]
    proofs: list[Content] = [
        join(
            (
                view.link("obligation", key),
                " ",
                badge(results[key].verdict) if key in results else muted("not verified"),
            )
        )
        for key in item.verified_by
    ]
    proofs += [
        join((given.ref, " ", view.sources(given.sources))) for given in (*item.tests, *item.documents)
    ]
    return row(
        join((tag("strong", name), tag("div", item.text), view.place(risk_file.at("requirements", name)))),
        bullets([view.link("control", key) for key in serves]) if serves else muted("no control"),
        join(tag("div", proof) for proof in proofs) if proofs else tag("span", "nothing", class_="stim-warn"),
        anchor=view.book.addresses["requirement", name].anchor,
    )


def matrix(view: View) -> Markup:
    """The hazard trace matrix: one line for each way from a hazard to the evidence."""
    report = _report(view)
    if report is None:
        return notice(NO_FILE)
    headers = (
        "Hazard",
        "Hazardous situation",
        "Harm",
        "Risk",
        "Control",
        "Requirement",
        "Claim",
        "Residual risk",
    )
    rows, last = [], TraceRow("", "", "")
    for item in report.rows:
        rows.append(_matrix_row(view, item, last))
        last = item
    return table(headers, rows, style="stim-wide stim-matrix", label="hazard trace matrix")


def _matrix_row(view: View, item: TraceRow, last: TraceRow) -> Row:
    same_hazard = item.hazard == last.hazard
    same_situation = same_hazard and item.situation == last.situation
    same_harm = same_situation and item.harm == last.harm
    again = muted("″")
    return row(
        again
        if same_hazard
        else join((tag("strong", view.link("hazard", item.hazard)), tag("div", item.hazard_text))),
        again if same_situation else _situation(item),
        again if same_harm else item.harm_text or missing("harm"),
        again
        if same_harm
        else join(
            (policy(item.risk), tag("div", f"{item.severity}, {item.probability}", class_="stim-note"))
        ),
        _control_cell(view, item),
        join(
            (
                view.link("requirement", item.requirement),
                tag("div", item.requirement_text, class_="stim-note"),
            )
        )
        if item.requirement
        else missing("requirement"),
        _claim_cell(view, item),
        policy(item.residual_risk) or muted("not estimated"),
        style="stim-again" if same_situation else "stim-first",
    )


def _situation(item: TraceRow) -> Markup:
    causes = tag("div", "causes: ", "; ".join(item.causes), class_="stim-note") if item.causes else None
    elsewhere = (
        tag("div", f"controlled elsewhere: {item.elsewhere}", class_="stim-note") if item.elsewhere else None
    )
    return join((item.situation_text or missing("situation"), causes, elsewhere))


def _control_cell(view: View, item: TraceRow) -> Markup:
    if not item.control:
        return muted("elsewhere") if item.elsewhere else missing("control")
    state = next((state for state in ControlState if state.value == item.control_state), None)
    shown = control_state(state) if state is not None else muted(item.control_state)
    return join(
        (view.link("control", item.control), " ", shown, tag("div", item.control_text, class_="stim-note"))
    )


def _claim_cell(view: View, item: TraceRow) -> Markup:
    if item.obligation:
        return join((view.link("obligation", item.obligation), " ", verdict_badge(item.verdict)))
    if item.evidence:
        return join(tag("div", text) for text in item.evidence)
    return missing("evidence") if item.requirement else muted("–")


def missing(what: str) -> Markup:
    """Return the mark of a gap in the trace."""
    return tag("span", f"no {what}", class_="stim-warn")


def coverage(view: View) -> Markup:
    """What became of every hazard of the catalogue."""
    report = _report(view)
    if report is None:
        return notice(NO_FILE)
    styles = {
        "addressed": ("✓", "proved"),
        "not applicable": ("–", "not-applicable"),
        "uncovered": ("✗", "refuted"),
    }
    rows = [
        row(
            code(item.hazard),
            item.title,
            _sign(*styles[item.disposition], item.disposition),
            view.link("hazard", item.by) if item.disposition == "addressed" else item.by,
        )
        for item in sorted(
            report.coverage, key=lambda item: list(styles).index(item.disposition), reverse=True
        )
    ]
    return table(
        ("Catalogue", "Hazard", "In the risk file", "By, or why not"),
        rows,
        label="coverage of the hazard catalogue",
    )
