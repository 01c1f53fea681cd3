"""The table of all obligations, and the page of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.blocks import Nodes, block, section
from stimproof.dossier.html import (
    Content,
    Markup,
    Row,
    code,
    facts,
    join,
    muted,
    notice,
    prose,
    row,
    table,
    tag,
)
from stimproof.dossier.parts import backlinks, runs
from stimproof.dossier.words import ICONS, MEANINGS, badge, count, style, unverified
from stimproof.verify.results import Certificate, Result, Trace, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.dossier.view import View

SECTIONS = {
    "parameters": "parameter",
    "electrodes": "electrode",
    "stimuli": "stimulus",
    "interlocks": "interlock",
    "limits": "limit",
    "variables": "variable",
    "inputs": "input",
    "events": "event",
    "machines": "machine",
}
FEW = 6  # more than these are folded away
GROUPS = (
    ("limits", "Limits", "Claims about every combination of parameters that can be programmed."),
    ("properties", "Properties", "Requirements on the state machines, as sentences."),
    (
        "machines",
        "Well-formed machines",
        "Each mode can be reached, each step is determined, nothing blocks.",
    ),
    ("variables", "Ranges", "Each variable stays in its declared range."),
    ("", "Others", ""),
)


def groups(view: View) -> Iterator[tuple[str, str, list[Result]]]:
    """Yield title, explanation and results of each group that has any."""
    heads = {prefix for prefix, _, _ in GROUPS if prefix}
    for prefix, title, about in GROUPS:
        members = [
            item
            for item in view.results
            if (head := item.obligation.id.split(".", 1)[0]) == prefix or (not prefix and head not in heads)
        ]
        if members:
            yield title, about, members


def index(view: View) -> Nodes:
    """Every obligation with its verdict, group by group."""
    if not view.results:
        return [block(notice("The specification gives rise to no obligation: there is nothing to prove."))]
    return [
        section(
            title,
            f"group-{title.lower().replace(' ', '-')}",
            block(join((tag("p", about) if about else None, summary(view, members)))),
        )
        for title, about, members in groups(view)
    ]


def summary(view: View, results: list[Result]) -> Markup:
    """Return a table of results: verdict, claim, where it was written, what it leans on."""
    headers = ("Verdict", "Claim", "Written", "Evidence")
    return table(
        headers, [_summary_row(view, item) for item in results], style="stim-obligations", label="claims"
    )


def _summary_row(view: View, result: Result) -> Row:
    item = result.obligation
    doubt = tag("div", unverified(count(len(result.unverified), "number"))) if result.unverified else None
    vacuous = tag("div", "vacuous: ", result.vacuous, class_="stim-warn") if result.vacuous else None
    return row(
        badge(result.verdict),
        join(
            (tag("div", view.link("obligation", item.id), class_="stim-id"), item.statement, doubt, vacuous)
        ),
        view.place(item.location),
        muted(evidence_in_short(result)),
    )


def evidence_in_short(result: Result) -> str:
    """Return in a few words what a verdict rests on."""
    shown = result.counterexample or result.witness
    if isinstance(shown, Trace):
        what = "counterexample" if result.counterexample else "witness"
        return f"{what} of {count(shown.length, 'step')}" + (", replayed" if shown.replayed else "")
    if shown is not None:
        return "programmable setting" + (", replayed" if shown.replayed else "")
    if result.certificate is not None:
        who = ", ".join(result.certificate.rechecked_by) or "nobody"
        return f"{count(len(result.certificate.scripts), 'script')}, re-checked by {who}"
    return "none"


def page(view: View, result: Result) -> Nodes:
    """Return the whole page of one obligation."""
    item = result.obligation
    sections = [
        ("Why it matters", "why", prose(item.doc) if item.doc else None),
        ("What a maker would do", "advice", _advice(result)),
        (_run_title(result), "run", _run(view, result)),
        ("Evidence", "evidence", _evidence(view, result)),
        ("What the verdict leans on", "leans-on", _leans_on(view, result)),
        ("Where it belongs", "belongs", _belongs(view, result)),
    ]
    body = [section(title, anchor, block(text)) for title, anchor, text in sections if text]
    head = block(join((_claim(result), _verdict(result))))
    sign = ICONS[result.verdict]
    return [section(item.id, "claim", head, *body, sign=sign, style=f"{style(result.verdict)}-text")]


def _claim(result: Result) -> Markup:
    return tag("blockquote", result.obligation.statement, class_="stim-claim")


def _verdict(result: Result) -> Markup:
    shown = result.counterexample or result.witness
    said = result.reason if shown is None or result.reason != shown.explanation else ""
    vacuous = (
        tag("p", tag("span", "Vacuous: ", class_="stim-warn"), result.vacuous) if result.vacuous else None
    )
    meaning = tag("p", badge(result.verdict), " ", MEANINGS[result.verdict])
    text = tag("div", meaning, prose(said), vacuous)
    return tag("div", text, class_=f"stim-verdict {style(result.verdict)}-edge")


def _advice(result: Result) -> Markup | None:
    advice = result.obligation.if_refuted
    if not advice:
        return None
    lead = muted("This advice applies should the claim be refuted; it is not now. ")
    return join((tag("p", lead) if result.verdict is not Verdict.REFUTED else None, prose(advice)))


def _run_title(result: Result) -> str:
    if result.counterexample is not None:
        return "How it fails" if result.verdict is Verdict.REFUTED else "What may break it"
    return "How it happens"


def _run(view: View, result: Result) -> Markup | None:
    if result.counterexample is not None:
        return runs.run(view, result.counterexample, fails=True)
    return runs.run(view, result.witness, fails=False) if result.witness is not None else None


def _evidence(view: View, result: Result) -> Markup:
    shown = result.counterexample or result.witness
    pairs: list[tuple[Content, Content]] = [("Found by", code(result.engine) if result.engine else None)]
    if result.certificate is not None:
        pairs += _certificate(view, result.certificate)
    if shown is not None:
        kind = "Trace" if isinstance(shown, Trace) else "Setting"
        pairs.append((kind, view.evidence(shown.file) if shown.file else None))
        pairs.append(("Replayed", "yes, by the independent interpreter" if shown.replayed else "no"))
    if result.certificate is None and shown is None:
        pairs.append(("Evidence", "none: this verdict claims nothing that could be checked"))
    invariant = result.certificate.invariant if result.certificate else None
    return join((facts(pairs), _invariant(invariant) if invariant else None))


def _certificate(view: View, certificate: Certificate) -> list[tuple[Content, Content]]:
    scripts = [view.evidence(path, path.rsplit("/", 1)[-1]) for path in certificate.scripts]
    proof = view.evidence(certificate.proof) if certificate.proof else None
    who = ", ".join(certificate.rechecked_by) or "nobody"
    return [("Proof scripts", join(scripts, ", ")), ("Written from", proof), ("Re-checked by", who)]


def _invariant(text: str) -> Markup:
    lead = "An inductive invariant: it holds at the start, every step keeps it, and it implies the claim."
    return join((tag("p", lead), tag("pre", text, class_="stim-invariant", tabindex="0")))


def _leans_on(view: View, result: Result) -> Markup:
    entries = dict.fromkeys((*result.assumptions, *result.unverified))
    if not entries:
        return tag("p", "Nothing but the specification itself.")
    marked = [join((entry, " ", unverified())) if entry in result.unverified else entry for entry in entries]
    ledger = tag("p", muted("All of them, for all claims: "), view.page("assumptions", "assumptions"), ".")
    return join((tag("ul", *(tag("li", entry) for entry in marked)), ledger))


def _belongs(view: View, result: Result) -> Markup:
    item = result.obligation
    return facts(
        (
            ("Written", view.place(item.location)),
            ("Element", code(item.element) if item.element else None),
            ("Kind", item.kind.replace("_", " ")),
            ("Depends on", _depends_on(view, item.depends_on)),
            ("Sources", view.sources(item.sources)),
            ("In the risk file", backlinks.of_obligation(view, item.id)),
        )
    )


def _depends_on(view: View, names: tuple[str, ...]) -> Markup:
    links = join((_element(view, name) for name in names), ", ")
    return links if len(names) <= FEW else tag("details", tag("summary", f"{len(names)} others"), links)


def _element(view: View, path: str) -> Markup:
    """Return a link to an element written as ``parameters.amplitude`` or as a bare name."""
    head, _, name = path.partition(".")
    if head in SECTIONS and view.href(SECTIONS[head], name.split(".")[0]):
        return view.link(SECTIONS[head], name.split(".")[0], code(path))
    for kind in (*SECTIONS.values(), "obligation"):
        if view.href(kind, path):
            return view.link(kind, path, code(path))
    return code(path)
