"""Where a risk file estimates, and where it cites evidence, obligations and sources: one walk for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.hazards.document import RiskFileDocument
    from stimproof.hazards.measures import Control
    from stimproof.hazards.ratings import Rating
    from stimproof.hazards.risk_file import RiskFile

Path = tuple[str | int, ...]
_RATED = ("severity", "p2", "probability", "residual")


def ratings(document: RiskFileDocument | RiskFile) -> Iterator[tuple[Path, Rating]]:
    """Yield every estimate with its path."""
    for name, situation in document.situations.items():
        yield ("situations", name, "p1"), situation.p1
        for group, differing in situation.variants.items():
            yield ("situations", name, "variants", group, "p1"), differing.p1
    for name, harm in document.harms.items():
        for part in _RATED:
            yield ("harms", name, part), getattr(harm, part)
        for group, variant in harm.variants.items():
            for part in _RATED:
                rating = getattr(variant, part)
                if rating is not None:
                    yield ("harms", name, "variants", group, part), rating


def evidence_lists(document: RiskFileDocument | RiskFile) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield every list of evidence ids with its path."""
    for path, rating in ratings(document):
        yield (*path, "evidence"), rating.evidence
    for name, item in document.evidence.items():
        yield ("evidence", name, "contradicts"), item.contradicts
        yield ("evidence", name, "rests_on"), item.rests_on
    for name, control in document.controls.items():
        for part in ("implementation", "effectiveness"):
            yield ("controls", name, part, "evidence"), getattr(control, part).evidence
    for name, weighed in document.benefit_risk.items():
        yield ("benefit_risk", name, "evidence"), weighed.evidence


def obligation_lists(document: RiskFileDocument | RiskFile) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield every list of obligation ids with its path."""
    for name, requirement in document.requirements.items():
        yield ("requirements", name, "verified_by"), requirement.verified_by
    for name, control in document.controls.items():
        for part in ("implementation", "effectiveness"):
            yield ("controls", name, part, "obligations"), getattr(control, part).obligations


def citations(document: RiskFileDocument) -> Iterator[tuple[Path, tuple[str, ...], str | None]]:
    """Yield every citation: its path, the sources that it names, and its confidence."""
    for path, rating in ratings(document):
        yield path, rating.sources, rating.confidence
    for section in ("evidence", "not_applicable", "documents", "clauses"):
        for name, entry in getattr(document, section).items():
            yield (section, name), entry.sources, entry.confidence
    for name, requirement in document.requirements.items():
        for part in ("tests", "documents"):
            for number, item in enumerate(getattr(requirement, part)):
                yield ("requirements", name, part, number), item.sources, item.confidence
    for name, control in document.controls.items():
        yield from _control(name, control)
    policy = document.risk_file.policy
    yield ("risk_file", "policy"), policy.sources, policy.confidence


def _control(name: str, control: Control) -> Iterator[tuple[Path, tuple[str, ...], str | None]]:
    for side in ("implementation", "effectiveness"):
        shown = getattr(control, side)
        for part in ("tests", "documents"):
            for number, item in enumerate(getattr(shown, part)):
                yield ("controls", name, side, part, number), item.sources, item.confidence
