"""The words and signs of the dossier: one place decides how a verdict or a doubt is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Markup, join, tag
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from stimproof.specs.specification import Citation

ICONS = {
    Verdict.PROVED: "✓",
    Verdict.REFUTED: "✗",
    Verdict.UNKNOWN: "?",
    Verdict.ERROR: "!",
    Verdict.NOT_APPLICABLE: "–",
}

MEANINGS = {
    Verdict.PROVED: "It holds in every case that the specification allows.",
    Verdict.REFUTED: "It does not hold. The evidence below shows how it fails.",
    Verdict.UNKNOWN: "It could be neither proved nor refuted. It counts as open.",
    Verdict.ERROR: "The attempt failed. It counts as open.",
    Verdict.NOT_APPLICABLE: "The claim does not apply here; the reason is given. Nothing is claimed.",
}

ORDER = (Verdict.REFUTED, Verdict.ERROR, Verdict.UNKNOWN, Verdict.PROVED, Verdict.NOT_APPLICABLE)


def style(verdict: Verdict) -> str:
    """Return the CSS class of a verdict."""
    return f"stim-{verdict.value.replace('_', '-')}"


def badge(verdict: Verdict) -> Markup:
    """Return a verdict as a sign and a word; colour only repeats what both say."""
    sign = tag("span", ICONS[verdict], class_="stim-sign", aria_hidden="true")
    return tag("span", sign, verdict.title, class_=f"stim-badge {style(verdict)}")


def confidence(citation: Citation) -> Markup:
    """Return how sure a number is; everything not seen or derived is marked as unverified."""
    if citation.verified:
        return tag("span", citation.confidence, class_="stim-confidence")
    if citation.confidence == "not stated":
        return tag("span", "not stated", class_="stim-muted")
    return unverified(citation.confidence)


def unverified(why: str = "") -> Markup:
    """Return the mark that stands beside every number nobody has verified."""
    word = "unknown" if why == "unknown" else f"unverified: {why}" if why else "unverified"
    shown = join((tag("span", "△", aria_hidden="true"), " ", word))
    hint = "nobody has cited it" if why == "unknown" else "not read in its source: a person must check it"
    return tag("span", shown, class_="stim-unverified", title=hint)


def count(number: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    >>> count(1, "claim"), count(0, "claim"), count(2, "entry", "entries")
    ('1 claim', '0 claims', '2 entries')
    """
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
