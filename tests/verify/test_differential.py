"""Every verdict about random small devices, compared with an explicit-state search written independently."""

from collections.abc import Callable

import pytest
from hypothesis import Phase, given, seed, settings

from differential import Tally, compare, demand_agreement
from plain.description import Device
from plain.strategies import devices

PHASES = [Phase.generate, Phase.shrink]


def run(number: int, start: int, *, timed: bool, recertify: bool = False, budget: int | None = None) -> Tally:
    """Compare so many random devices; the first disagreement is shrunk and fails at once."""
    tally = Tally()

    @seed(start)
    @settings(max_examples=number, database=None, phases=PHASES)
    @given(devices(timed=timed))
    def agree(device: Device) -> None:
        before = len(tally.disagreements)
        compare(device, tally, recertify=recertify, budget=budget)
        assert not tally.disagreements[before:], tally.disagreements[before]

    agree()
    demand_agreement(tally)
    assert tally.devices >= number
    return tally


def record(tally: Tally, record_property: Callable[[str, object], None]) -> None:
    """Leave the counts for the summary at the end."""
    record_property("devices", tally.devices)
    record_property("obligations", tally.total)
    record_property("disagreements", len(tally.disagreements))
    for verdict in ("proved", "refuted", "unknown"):
        record_property(verdict, tally.verdicts[verdict])


@pytest.mark.parametrize(("number", "timed"), [(40, False), (20, True)])
def test_verdicts_agree_with_the_explicit_search(
    number: int, timed: bool, record_property: Callable[[str, object], None]
) -> None:
    """Proved, refuted, vacuous and the length of the shortest run are what listing all states says."""
    tally = run(number, 1, timed=timed)
    record(tally, record_property)
    assert {"proved", "refuted"} <= tally.verdicts.keys()


@pytest.mark.parametrize("timed", [False, True])
def test_evidence_of_random_devices_survives_being_checked_again(timed: bool) -> None:
    """Each certificate is unsat for cvc5 and each run replays when the evidence alone is looked at again."""
    run(8, 2, timed=timed, recertify=True)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize(("number", "timed", "least"), [(180, False, 1400), (75, True, 600)])
def test_twenty_thousand_random_cases(
    part: int, number: int, timed: bool, least: int, record_property: Callable[[str, object], None]
) -> None:
    """At least 20,000 obligations of random devices give no disagreement, and at most 2 % no answer.

    Among them are clocks, integers that wrap, two and three machines, priorities, recovery, deadlines and
    answers without one.
    """
    # A few devices would take minutes with the whole budget; having no answer is allowed to be rare.
    tally = run(number, 1000 + part, timed=timed, budget=5_000_000)
    assert tally.total >= least
    record(tally, record_property)
