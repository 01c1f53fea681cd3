"""The assumption ledger: what verdicts lean on, who leans on it, and whether anything discharges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Markup, code, join, muted, notice, row, table, tag
from stimproof.dossier.words import badge, unverified

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stimproof.dossier.view import View
    from stimproof.verify.results import Result


def ledger(view: View) -> Markup:
    """Every assumption with the claims that lean on it."""
    if not view.leaning:
        return notice("No verdict leans on anything but the specification itself.")
    doubtful = {entry for result in view.results for entry in result.unverified}
    rows = [
        row(join((entry, " ", unverified())) if entry in doubtful else entry, claims(view, results))
        for entry, results in sorted(
            view.leaning.items(), key=lambda item: (item[0] not in doubtful, item[0])
        )
    ]
    return table(("Assumption", "Claims that lean on it"), rows, label="assumptions")


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
