"""Indications: what documents say about who the device is for, and patients who show where they disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Content, Markup, Row, code, join, muted, notice, row, table, tag
from stimproof.dossier.words import badge, confidence

if TYPE_CHECKING:
    from stimproof.dossier.view import View
    from stimproof.specs.indications.rulebook import Rule
    from stimproof.verify.indications import Answer, Report, Shown

_NONE = "No indications are stated for this device: the project has no indications/*.yaml."


def summary(view: View) -> Markup:
    """Which indications these are, and what is missing."""
    report, stated = view.inputs.indications_report, view.inputs.indications
    if report is None or stated is None:
        return notice(_NONE, "bad")
    whose = "the project's own" if stated.own else "shipped with stimproof for this device"
    head = report.rulebook.head
    told = tag("p", tag("strong", head.title), f" ({whose}). {head.description}")
    return join((told, tag("p", f"{report.size:,} different patients can be told apart.")))


def candidates(view: View) -> Markup:
    """For each modality, how many patients some document indicates it for, and how many undisputed."""
    report = view.inputs.indications_report
    if report is None:
        return notice(_NONE)
    rows = [
        row(
            join((tag("strong", name), tag("div", report.rulebook.modalities[name].title))),
            ", ".join(report.rulebook.speakers(name)) or muted("none"),
            f"{some:,}",
            f"{undisputed:,}",
            anchor=view.book.addresses["modality", name].anchor,
        )
        for name, (some, undisputed) in report.candidates.items()
    ]
    return table(
        ("Modality", "Documents that speak of it", "Some document says yes", "Undisputed"),
        rows,
        label="candidates",
    )


def disagreements(view: View) -> Markup:
    """Each pair of documents with opposite answers, and each disagreement that is kept."""
    report = view.inputs.indications_report
    if report is None:
        return notice(_NONE)
    found = [item for item in report.of("topic", "disagreement", "contradiction") if item.shown]
    if not found:
        return notice(_no_disagreement(report))
    rows = [row(_told(item), _patient(view, item.shown), _opinions(item.shown)) for item in found]
    return table(
        ("Question", "A patient who shows it", "What the documents say"), rows, label="disagreements"
    )


def _no_disagreement(report: Report) -> str:
    """Return the good news with its weight: a document that is silent does not disagree."""
    alone = [name for name in report.focus if len(report.rulebook.speakers(name)) < 2]
    told = "No two documents give opposite answers about one patient."
    return f"{told} Only one document speaks of {', '.join(alone)}." if alone else told


def _told(item: Answer) -> Markup:
    kept = tag("div", f"see also: {item.topic}", class_="stim-note") if item.topic else None
    return join((item.statement, kept))


def _patient(view: View, shown: Shown | None) -> Content:
    if shown is None:
        return muted("nobody")
    decisive = [tag("div", code(f"{name} = {shown.values[name]}")) for name in shown.decisive]
    decisive = decisive or [tag("div", "every patient")]
    return join((*decisive, tag("div", f"{shown.count:,} patients", class_="stim-note")))


def _opinions(shown: Shown | None) -> Content:
    said = [tag("div", item.text) for item in (shown.opinions if shown else ()) if item.rules]
    return join(said) if said else muted("nothing")


def questions(view: View) -> Markup:
    """Every other question about the rules, with its answer."""
    report = view.inputs.indications_report
    if report is None:
        return notice(_NONE)
    asked = report.of("population", "satisfiable", "rule", "coverage", "overlap")
    asked += [item for item in report.of("disagreement", "contradiction") if not item.shown]
    rows = [_question(view, item) for item in asked]
    return table(("Verdict", "Question", "Who shows it"), rows, label="questions about the indications")


def _question(view: View, item: Answer) -> Row:
    return row(badge(item.verdict), item.statement, item.reason or _patient(view, item.shown))


def rules(view: View) -> Markup:
    """Every rule about the device's modalities, with its source and how sure that reading is."""
    stated = view.inputs.indications
    if stated is None:
        return notice(_NONE)
    headers = ("Rule", "Kind", "When", "Document", "Written")
    return table(headers, [_rule(view, item) for item in stated.rules.values()], label="rules of indication")


def _rule(view: View, rule: Rule) -> Row:
    before = f"goes before {', '.join(rule.over)}: {rule.why}" if rule.over else ""
    quoted = (f"{source}: “{words}”" for source, words in rule.quotes.items())
    told = (rule.doc, *quoted, rule.citation.note, before)
    notes = [tag("div", text, class_="stim-note") for text in told if text]
    return row(
        join((tag("strong", rule.name), tag("div", ", ".join(rule.modalities)))),
        rule.kind,
        join((code(rule.text), *notes)),
        join((", ".join(rule.citation.sources), " ", confidence(rule.citation))),
        view.place(rule.location),
        anchor=view.book.addresses["rule", rule.name].anchor,
    )


def sources(view: View) -> Markup:
    """The documents that the rules cite, with what is known of their weight."""
    stated = view.inputs.indications
    if stated is None:
        return notice(_NONE)
    cited = {name for rule in stated.rules.values() for name in rule.citation.sources}
    rows = [
        row(code(name), item.title, item.note or muted("nothing noted"))
        for name, item in stated.rulebook.sources.items()
        if name in cited
    ]
    return table(("Document", "Title", "Weight"), rows, label="documents on indications")
