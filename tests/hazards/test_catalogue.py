from __future__ import annotations

from stimproof.hazards import catalogue


def test_the_catalogue_holds_52_hazards_in_order() -> None:
    """The shipped catalogue is whole, and every entry says what it is about."""
    found = catalogue.load()
    assert list(found.hazards) == [f"H{number:02}" for number in range(1, 53)]
    for hazard in found.hazards.values():
        assert hazard.title
        assert hazard.causes
        assert hazard.situation
        assert hazard.harm


def test_the_severities_of_the_catalogue_are_judgement() -> None:
    """Nobody has measured the catalogue's severities; they are marked as judgement."""
    assert catalogue.load().catalogue.severity_confidence == "judgement"
