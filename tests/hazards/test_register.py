"""The evidence register that ships with the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.hazards import register
from stimproof.hazards.reader import read_string

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification


def test_every_claim_has_a_source_and_a_modality() -> None:
    """Nothing stands in the register without where it was read and what it is about."""
    found = register.load()
    for name, item in found.evidence.items():
        assert item.topic, name
        assert item.modality, name
        assert set(item.sources) <= found.sources.keys(), name


def test_everything_that_is_named_is_there() -> None:
    """Contradictions, conflicts and criteria name evidence of the register."""
    found = register.load()
    named = {other for item in found.evidence.values() for other in (*item.contradicts, *item.rests_on)}
    named |= {name for item in found.conflicts.values() for name in (*item.supporting, *item.opposing)}
    named |= {name for item in found.appropriateness.values() for name in item.evidence}
    assert named <= found.evidence.keys()


def test_the_unfavourable_evidence_is_there_beside_the_favourable() -> None:
    """31 % revision by 24 months, and no benefit over placebo shown at 6 months."""
    found = register.load()
    revision, placebo = found.evidence["CC60"], found.evidence["CC57"]
    assert "31 %" in revision.text
    assert (revision.direction, revision.follow_up) == ("against", "24 months")
    assert "no benefit over placebo" in placebo.text
    assert (placebo.direction, placebo.follow_up) == ("against", "6 months")
    assert "CC08" in placebo.contradicts
    assert {item.direction for item in found.evidence.values()} == {"for", "against", "mixed", "neutral"}


def test_doubtful_publications_are_marked() -> None:
    """What a machine wrote, or what has no primary reference, says so wherever it is cited."""
    for item in register.load().evidence.values():
        if set(item.sources) & {"doc001", "doc002", "doc003", "doc004"}:
            assert item.integrity


def test_a_risk_file_cites_the_register(toy: Specification, risk: str) -> None:
    """An id of the register can be cited without being declared, and brings its source along."""
    text = risk.replace("p1: {evidence: [RT01]}", "p1: {evidence: [RT01, CC60]}")
    found = read_string(text, toy)
    assert found.evidence["CC60"] == register.load().evidence["CC60"]
    assert "doc004" in found.sources
    assert "CC57" not in found.evidence
