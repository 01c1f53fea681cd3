"""The risk file: how the trace came out, what is missing, hazards, harms, and published numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import (
    Content,
    Markup,
    Row,
    bullets,
    join,
    muted,
    notice,
    row,
    table,
    tag,
)
from stimproof.dossier.parts import outcomes
from stimproof.dossier.parts.references import finding_table
from stimproof.dossier.words import count, unverified
from stimproof.hazards.estimates import estimates
from stimproof.hazards.ratings import Probability, Rating
from stimproof.hazards.report import ControlState, TraceReport
from stimproof.specs.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.dossier.view import View
    from stimproof.hazards.estimates import Estimate
    from stimproof.hazards.evidence import Evidence
    from stimproof.hazards.risk_file import RiskFile

_OUTCOMES = {
    "passed": ("✓", "proved", "Every hazard is traced"),
    "failed": ("✗", "refuted", "The trace has gaps or defects"),
    "inconclusive": ("?", "unknown", "Answers are missing"),
}


def summary(view: View) -> Markup:
    """How the trace came out, in one look."""
    report = outcomes.report(view)
    if report is None:
        return notice(outcomes.NO_FILE, "bad")
    sign, style, text = _OUTCOMES[report.outcome]
    gaps = f" {count(len(report.blocking), 'finding')} block a gate." if report.blocking else ""
    head = tag("div", tag("div", text, class_="stim-band-head"), tag("div", _controls_in_short(report), gaps))
    mark = tag("span", sign, class_="stim-band-sign", aria_hidden="true")
    return tag("div", mark, head, class_=f"stim-band stim-{style}-band")


def _controls_in_short(report: TraceReport) -> str:
    good = sum(item.state is ControlState.VERIFIED for item in report.controls)
    return f"{good} of {count(len(report.controls), 'control')} verified."


def status(view: View) -> Markup:
    """How the trace came out, with what was counted."""
    report = outcomes.report(view)
    if report is None:
        return notice(outcomes.NO_FILE, "bad")
    cells = [
        tag("div", tag("strong", str(number)), " ", name, class_="stim-count")
        for name, number in report.counts
        if number
    ]
    edition = tag("p", f"Edition as configured: {report.edition}. Nothing here claims conformity to it.")
    return join((summary(view), edition, tag("div", *cells, class_="stim-counts")))


def findings(view: View) -> Markup:
    """What is untraced, contradicted or missing, the gravest first."""
    report = outcomes.report(view)
    if report is None:
        return notice(outcomes.NO_FILE, "bad")
    if not report.findings:
        return notice("Nothing is missing.", "good")
    order = [Severity.ERROR, Severity.WARNING, Severity.NOTE]
    found = sorted(report.findings, key=lambda item: order.index(item.weight))
    return finding_table(view, found, report.explained)


def hazards(view: View) -> Markup:
    """Every hazard with its situations, their causes, and the harms that they lead to."""
    risk_file = outcomes.risk_file(view)
    if risk_file is None:
        return notice(outcomes.NO_FILE)
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
    risk_file = outcomes.risk_file(view)
    if risk_file is None:
        return notice(outcomes.NO_FILE)
    headers = ("Harm", "Severity", "Probability", "Risk", "With controls", "Residual risk")
    rows = [_harm(view, risk_file, risk) for risk in estimates(risk_file)]
    return join((_scales(risk_file), table(headers, rows, label="harms")))


def _scales(risk_file: RiskFile) -> Markup:
    """Return the policy: severity by probability, and what each combination demands."""
    matrix = risk_file.matrix
    rows = [
        row(tag("strong", severity), *(outcomes.policy(cell.value) for cell in cells))
        for severity, cells in zip(matrix.severities, matrix.rows, strict=True)
    ]
    return table(("Severity \\ probability", *matrix.probabilities), list(reversed(rows)), label="policy")


def _harm(view: View, risk_file: RiskFile, risk: Estimate) -> Row:
    harm = risk_file.harms[risk.harm]
    population = risk_file.populations.get(risk.population)
    whom = tag("div", f"for: {population.population}", class_="stim-note") if population else None
    place = view.place(risk_file.at("harms", risk.harm))
    return row(
        join((tag("strong", risk.harm), tag("div", harm.harm), whom, place)),
        _rating(view, risk.severity),
        _probability(view, risk),
        outcomes.policy(risk.before.value),
        _rating(view, risk.residual),
        outcomes.policy(risk.after.value) if risk.remaining else unverified("unknown"),
        anchor=None if population else f"harm-{risk.harm}",
    )


def _probability(view: View, risk: Estimate) -> Markup:
    """Return the probability of a harm as stated, else as P1 and P2 give it."""
    if risk.stated is None and risk.combined is not None:
        return join((tag("div", str(risk.combined)), muted("from P1 and P2")))
    return _rating(view, risk.probability_rating)


def _level(rating: Rating) -> str | None:
    """Return a rating's level, or the range that it states; ``None`` where nobody has estimated it."""
    if isinstance(rating, Probability) and rating.range is not None:
        return f"{rating.range[0]} to {rating.range[1]}"
    return rating.known


def _rating(view: View, rating: Rating) -> Markup:
    note = tag("div", rating.note, class_="stim-note") if rating.note else None
    level = _level(rating)
    if level is None:
        return join((unverified("unknown"), note))
    ground = rating.confidence or ""
    doubt = unverified(ground) if ground not in ("seen", "derived") else muted(ground)
    evidence = [tag("a", name, href=f"#evidence-{name}") for name in rating.evidence]
    cited = join((view.sources(rating.sources), *evidence), " ")
    return join((tag("div", level), doubt, tag("div", cited, class_="stim-note"), note))


def published(view: View) -> Markup:
    """Published numbers and claims that are cited: in whom, how, and what says otherwise."""
    risk_file = outcomes.risk_file(view)
    if risk_file is None or not risk_file.evidence:
        return notice("The risk file cites no published number.")
    rows = [_evidence(view, risk_file, name, item) for name, item in risk_file.evidence.items()]
    headers = ("Id", "Published", "In whom, and how", "Says otherwise", "Source")
    return table(headers, rows, label="published evidence")


def _evidence(view: View, risk_file: RiskFile, name: str, item: Evidence) -> Row:
    found = (item.population, item.study, item.number, item.follow_up)
    told = [text for text in found if text] or ["not stated"]
    against = dict.fromkeys((*item.contradicts, *_contradicting(risk_file, name)))
    doubts = [tag("div", unverified(text)) for text in item.integrity]
    confidence = item.confidence or ""
    shown = muted(confidence) if confidence in ("seen", "derived") else unverified(confidence)
    direction = tag("div", f"{item.direction} the therapy", class_="stim-note") if item.direction else None
    return row(
        tag("strong", name),
        join((item.text, tag("div", item.caution, class_="stim-note") if item.caution else None, direction)),
        "; ".join(told),
        join(_claim(risk_file, other) for other in against) if against else muted("nothing cited"),
        join((view.sources(item.sources), " ", shown, *doubts)),
        anchor=f"evidence-{name}",
    )


def _contradicting(risk_file: RiskFile, name: str) -> Iterator[str]:
    return (other for other, item in risk_file.evidence.items() if name in item.contradicts)


def _claim(risk_file: RiskFile, name: str) -> Markup:
    """Return what says otherwise, in its own words where the risk file cites it."""
    item = risk_file.evidence.get(name)
    shown: Content = tag("a", name, href=f"#evidence-{name}") if item is not None else name
    return tag("div", shown, f": {item.text}" if item is not None else " (not cited here)")
