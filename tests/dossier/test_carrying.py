"""What falls if an assumption falls: directly, and in turn."""

from dataclasses import replace

import pytest

from stimproof.dossier.carrying import carried
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Specification
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Result, Verdict

TEXT = """
stimproof: 1
device: {id: toy, name: Toy}
sources: {bench: {title: Invented}}
parameters:
  amplitude: {range: [0 mA, 2 mA], step: 1 mA, source: bench, confidence: seen}
interlocks:
  cap: {claim: amplitude <= 1 mA, source: bench, confidence: seen, discharged_by: properties.capped}
limits:
  small: {claim: amplitude <= 1 mA}
  other: {claim: amplitude <= 2 mA}
variables: {on: {type: boolean, initial: false}}
events: {go: {}}
machines:
  m:
    initial: A
    modes: {A: {}}
    transitions: [{from: A, to: A, event: go, do: {on: true}}]
properties:
  capped: {sentence: the device shall always satisfy on or not on}
"""
LOCK = "interlock 'cap': amplitude <= 1 mA (discharged by properties.capped)"


@pytest.fixture(scope="module")
def toy() -> Specification:
    """A device with an interlock that a property discharges."""
    return read_string(TEXT)


def results(toy: Specification, **verdicts: Verdict) -> dict[str, Result]:
    """Return a result for each obligation, proved if nothing else is said; the small limit uses the lock."""
    made = {}
    for item in obligations(toy):
        verdict = verdicts.get(item.id.rpartition(".")[2], Verdict.PROVED)
        made[item.id] = Result(item, verdict, "test", 0)
    made["limits.small"] = replace(made["limits.small"], assumptions=(LOCK,))
    return made


def names(found: tuple[Result, ...]) -> set[str]:
    """Return the ids of results."""
    return {item.obligation.id for item in found}


def test_a_fallen_property_takes_its_meaning_and_its_interlock_along(toy: Specification) -> None:
    """Determinism gives the property its meaning, which discharges the interlock: both fall in turn."""
    made = results(toy)
    found = carried(toy, [*made.values()], [made["machines.m.determinism"]])
    assert names(found.direct) == {"machines.m.determinism"}
    assert names(found.in_turn) == {"properties.capped", "limits.small"}


def test_what_leans_on_nothing_fallen_stands(toy: Specification) -> None:
    """A limit proved without the interlock keeps its proof."""
    made = results(toy)
    found = carried(toy, [*made.values()], [made["limits.small"]])
    assert names(found.direct) == {"limits.small"}
    assert found.in_turn == ()


def test_a_refutation_falls_too_and_an_open_claim_has_nothing_to_lose(toy: Specification) -> None:
    """A refutation that leans on a number falls with it; an unknown verdict is listed as open."""
    made = results(toy, small=Verdict.REFUTED, other=Verdict.UNKNOWN)
    found = carried(toy, [*made.values()], [made["limits.small"], made["limits.other"]])
    assert names(found.direct) == {"limits.small"}
    assert names(found.open) == {"limits.other"}


def test_nothing_falls_in_turn_that_was_never_proved(toy: Specification) -> None:
    """A property that is unknown anyway is not said to fall."""
    made = results(toy, capped=Verdict.UNKNOWN)
    assert carried(toy, [*made.values()], [made["machines.m.determinism"]]).in_turn == ()
