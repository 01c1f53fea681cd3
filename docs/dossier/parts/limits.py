"""Limits of stimulation: what is claimed, where it comes from, and its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Content, Markup, Row, code, join, muted, notice, row, table, tag
from stimproof.dossier.words import badge
from stimproof.specs.laws import LAWS as SIGNATURES

if TYPE_CHECKING:
    from stimproof.dossier.view import View
    from stimproof.specs.specification import Limit

# The laws that every reader knows by a short name; the others are shown by their formula.
LAWS = {
    "charge_per_phase": "charge per phase: amplitude × width",
    "charge_density": "charge density: charge per phase over geometric area",
    "shannon": "Shannon: log D + log Q ≤ k, with D in µC/cm² and Q in µC",
    "charge_injection_capacity": "charge injection capacity of the electrode's material",
    "timing": "timing: all phases and gaps fit into the period",
}


def table_of_limits(view: View) -> Markup:
    """Every limit with what is claimed, where it comes from, and its verdict."""
    if not view.spec.limits:
        return notice("The specification sets no limit: nothing bounds the stimulation.", "bad")
    headers = ("Verdict", "Limit", "Claim", "Value", "Source")
    return table(
        headers,
        [_limit(view, item) for item in view.spec.limits.values()],
        style="stim-limits",
        label="limits",
    )


def _formula(law: str) -> str:
    return f"{law.replace('_', ' ')}: {SIGNATURES[law].formula}"


def _limit(view: View, item: Limit) -> Row:
    result = view.inputs.verification.by_id().get(f"limits.{item.name}")
    claim: Content = code(item.text) if item.law is None else LAWS.get(item.law) or _formula(item.law)
    links = join((view.link("stimulus", train.name) for train in item.stimuli), ", ")
    stimulus = tag("div", "of ", links, class_="stim-note") if item.stimuli else None
    warning = tag("div", "the device only warns at this level", class_="stim-note") if item.soft else None
    doc = tag("div", item.doc, class_="stim-note") if item.doc else None
    name = view.link("obligation", f"limits.{item.name}", item.name)
    cited = item.limit.citation if item.limit is not None and item.citation.sources == () else item.citation
    return row(
        badge(result.verdict) if result is not None else muted("not verified"),
        join((tag("strong", name), doc, tag("div", view.place(item.location)))),
        join((claim, stimulus, warning)),
        view.number(item.limit)
        if item.limit is not None
        else muted("in the claim" if item.law is None else "none"),
        view.cited(cited, marked=item.limit is not None),
        anchor=view.book.addresses["limit", item.name].anchor,
    )
