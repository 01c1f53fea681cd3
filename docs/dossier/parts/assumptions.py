"""The assumption ledger: what verdicts lean on, who leans on it, and whether anything discharges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.carrying import carried
from stimproof.dossier.html import Markup, code, join, muted, notice, row, table, tag
from stimproof.dossier.words import badge, unverified

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stimproof.dossier.view import View
    from stimproof.verify.results import Result


def ledger(view: View) -> Markup:
    """Every assumption with the verdicts that it carries: what falls if it falls."""
    if not view.leaning:
        return notice("No verdict leans on anything but the specification itself.")
    doubtful = {entry for result in view.results for entry in result.unverified}
    found = {entry: carried(view.spec, view.results, results) for entry, results in view.leaning.items()}
    order = sorted(found, key=lambda entry: (entry not in doubtful, -len(found[entry].direct), entry))
    rows = [
        row(
            join((entry, " ", unverified())) if entry in doubtful else entry,
            claims(view, found[entry].direct) if found[entry].direct else muted("none"),
            claims(view, found[entry].in_turn) if found[entry].in_turn else muted("none"),
            claims(view, found[entry].open) if found[entry].open else muted("none"),
        )
        for entry in order
    ]
    headers = (
        "Assumption",
        "Verdicts that fall with it",
        "Verdicts that fall in turn",
        "Open claims about it",
    )
    return table(headers, rows, label="assumptions")


def claims(view: View, results: Iterable[Result]) -> Markup:
    """Return links to claims with their verdicts."""
    return join(
        tag("div", view.link("obligation", item.obligation.id), " ", badge(item.verdict)) for item in results
    )


def arguments(view: View) -> Markup:
    """Why a law is used outside the conditions under which it was measured."""
    argued = [limit for limit in view.spec.limits.values() if limit.argument]
    if not argued:
        return notice("No law is used outside the conditions under which it was measured.")
    rows = [
        row(
            view.link("limit", limit.name),
            code(limit.law or "claim"),
            limit.argument,
            limit.condition or muted("none"),
            view.place(limit.location),
        )
        for limit in argued
    ]
    return table(("Limit", "Law", "Argument", "Condition", "Written"), rows, label="arguments")
