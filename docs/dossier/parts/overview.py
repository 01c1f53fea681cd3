"""The first page: the verdict in one look, and what a reader must know before trusting it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import (
    Content,
    Markup,
    Row,
    breakable,
    code,
    facts,
    join,
    muted,
    notice,
    row,
    table,
    tag,
)
from stimproof.dossier.parts import runs
from stimproof.dossier.parts.obligations import evidence_in_short
from stimproof.dossier.words import ICONS, ORDER, badge, confidence, count, style, unverified
from stimproof.verify.results import Result, Trace, Verdict

if TYPE_CHECKING:
    from stimproof.dossier.view import View


def verdict(view: View) -> Markup:
    """The verdict of the whole verification as a band, with the counts below it."""
    worst = view.inputs.verification.worst
    headline, detail = _headline(view, worst)
    if not view.results:
        worst = Verdict.UNKNOWN
    sign = tag("span", ICONS[worst], class_="stim-band-sign", aria_hidden="true")
    leaning = sum(bool(item.unverified) for item in view.results)
    lean = "verdict leans" if leaning == 1 else "verdicts lean"
    doubt = tag("div", f"{leaning} {lean} on unverified numbers.") if leaning else None
    text = tag("div", tag("div", headline, class_="stim-band-head"), tag("div", detail), doubt)
    band = tag("div", sign, text, class_=f"stim-band {style(worst)}-band", role="status")
    return join((band, _tiles(view)))


def _headline(view: View, worst: Verdict) -> tuple[str, str]:
    counts = {item: view.inputs.verification.count(item) for item in Verdict}
    total = len(view.results)
    open_ = counts[Verdict.UNKNOWN] + counts[Verdict.ERROR]
    if not total:
        return "Nothing was verified", "The specification gives rise to no claim."
    if worst is Verdict.REFUTED:
        more = f" {open_} more could not be decided." if open_ else ""
        some = "does" if counts[worst] == 1 else "do"
        return "Refuted", f"{counts[worst]} of {count(total, 'claim')} {some} not hold.{more}"
    if worst in (Verdict.UNKNOWN, Verdict.ERROR):
        return "Not decided", f"{open_} of {count(total, 'claim')} could not be decided. None is refuted."
    apply = total - counts[Verdict.NOT_APPLICABLE]
    aside = f" {counts[Verdict.NOT_APPLICABLE]} do not apply here." if apply < total else ""
    return "Proved", f"All {count(apply, 'applicable claim')} hold, and every proof was re-checked.{aside}"


def _tiles(view: View) -> Markup:
    tiles = [
        tag(
            "a",
            tag("span", str(view.inputs.verification.count(item)), class_="stim-tile-count"),
            tag("span", f"{ICONS[item]} {item.title}", class_="stim-tile-name"),
            href="anomalies.html"
            if item in (Verdict.REFUTED, Verdict.UNKNOWN, Verdict.ERROR)
            else "obligations.html",
            class_=f"stim-tile {style(item)}-tile"
            + ("" if view.inputs.verification.count(item) else " stim-zero"),
        )
        for item in ORDER
    ]
    return tag("div", *tiles, class_="stim-tiles")


def refuted(view: View) -> Markup:
    """What was refuted, one card for each claim."""
    results = view.having(Verdict.REFUTED)
    if not results:
        return notice("No claim was refuted.", "good")
    return tag("div", *(_card(view, item) for item in results), class_="stim-cards")


def _card(view: View, result: Result) -> Markup:
    item = result.obligation
    doubt = unverified(f"{count(len(result.unverified), 'number')} behind it") if result.unverified else None
    return tag(
        "div",
        tag("div", badge(result.verdict), " ", view.link("obligation", item.id), class_="stim-card-head"),
        tag("div", item.statement, class_="stim-card-claim"),
        tag("div", item.doc) if item.doc else None,
        tag("div", how(result), class_="stim-card-how"),
        tag("div", doubt) if doubt else None,
        tag("div", evidence_in_short(result), " · ", view.place(item.location), class_="stim-note"),
        class_=f"stim-card {style(result.verdict)}-edge",
    )


def how(result: Result) -> str:
    """Return in one line how a claim fails: the setting, the events of the run, or the reason."""
    shown = result.counterexample
    if isinstance(shown, Trace):
        return runs.in_short(shown)
    return (shown.explanation if shown is not None else "") or result.reason


def waiting(view: View) -> Markup:
    """What could not be decided, and what each claim waits for."""
    results = view.having(Verdict.ERROR, Verdict.UNKNOWN)
    if not results:
        return notice("Every claim was decided.", "good")
    rows = [
        row(
            badge(item.verdict),
            view.link("obligation", item.obligation.id),
            item.reason or "no reason was given",
        )
        for item in results
    ]
    return table(("Verdict", "Claim", "It waits for"), rows, label="undecided claims")


def not_applicable(view: View) -> Markup:
    """Which claims do not apply, and why; nothing is claimed about them."""
    results = view.having(Verdict.NOT_APPLICABLE)
    if not results:
        return notice("Every claim of the specification applies to the device.")
    rows = [
        row(view.link("obligation", item.obligation.id), item.reason or muted("no reason given"))
        for item in results
    ]
    return table(("Claim", "Why it does not apply"), rows, label="claims that do not apply")


def doubts(view: View) -> Markup:
    """Which numbers nobody has verified, and which claims lean on unverified numbers."""
    leaning = [item for item in view.results if item.unverified]
    if not view.unverified and not leaning:
        return notice("Every number was seen in its source or derived from such numbers.", "good")
    rows = [
        row(
            code(breakable(name)),
            text,
            confidence(citation),
            view.sources(citation.sources),
            view.place(location),
        )
        for name, (text, citation, location) in view.unverified.items()
    ]
    numbers = table(("Number", "Value", "Confidence", "Source", "Written"), rows, label="unverified numbers")
    return join((numbers if rows else None, _leaning(view, leaning)))


def _leaning(view: View, results: list[Result]) -> Markup | None:
    if not results:
        return tag("p", "No verdict leans on them.")
    items = [
        join((view.link("obligation", item.obligation.id), " ", badge(item.verdict))) for item in results
    ]
    lead = tag("p", f"{count(len(results), 'verdict')} would need another look if one of them changed:")
    return join((lead, tag("ul", *(tag("li", item) for item in items), class_="stim-columns")))


def made_with(view: View) -> Markup:
    """Which tools came to the verdicts, on which text."""
    verification = view.inputs.verification
    solvers = [
        version if version.startswith(name) else f"{name} {version}"
        for name, version in sorted(verification.solvers.items())
    ]
    pairs: list[tuple[Content, Content]] = [
        ("stimproof", verification.version),
        ("Solvers", ", ".join(solvers)),
        ("Specification, SHA-256", tag("code", view.spec.sha256, class_="stim-hash")),
        ("Results", view.evidence("results.json", "evidence/results.json")),
        ("Hashes of every file", tag("a", "manifest.json", href="manifest.json", class_="stim-file")),
    ]
    return facts(pairs)


def anomalies(view: View) -> Markup:
    """Every refuted or undecided claim: the list of known anomalies, which writes itself."""
    results = view.having(Verdict.REFUTED, Verdict.ERROR, Verdict.UNKNOWN)
    if not results:
        return notice("No anomaly: no claim is refuted, and none is open.", "good")
    rows = [_anomaly(view, f"A{number}", item) for number, item in enumerate(results, 1)]
    headers = ("No.", "Verdict", "Claim", "What is known", "What a maker would do")
    return table(headers, rows, style="stim-anomalies", label="anomalies")


def _anomaly(view: View, number: str, result: Result) -> Row:
    item = result.obligation
    doubt = unverified(f"{count(len(result.unverified), 'number')} behind it") if result.unverified else None
    return row(
        number,
        badge(result.verdict),
        join(
            (
                tag("div", view.link("obligation", item.id), class_="stim-id"),
                tag("div", item.statement),
                view.place(item.location),
            )
        ),
        join((tag("div", how(result) or muted("nothing more")), doubt)),
        item.if_refuted or muted("the specification says nothing"),
    )
