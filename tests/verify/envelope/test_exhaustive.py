"""Every envelope of every reference device, confirmed by trying its whole grid in exact arithmetic.

The arithmetic is that of :mod:`plain.envelope`, which shares nothing with the verification.
"""

from itertools import product
from pathlib import Path

import pytest

from plain.envelope import keeps
from stimproof.project import library
from stimproof.specs.reader import read_folder
from stimproof.verify.envelope.envelope import Envelope, LimitEnvelope, State, survey
from stimproof.verify.run import DEFAULT_BUDGET

ROOT = Path(__file__).parents[3]
COARSE = ("pulse_width.step=40 us",)
STATED = ("amplitude.tolerance=5 %", "pulse_width.tolerance=1 %", "area_tolerance=10 %")
GAP = ("interphase_gap=37 us", "pulse_width.tolerance=1 %", "pulse_frequency.tolerance=2 %")
REPAIRED = ROOT / "tests" / "fixtures" / "opennerve-repaired"
WIDE = ("pulse_amplitude.range.1=5 mA", "pulse_frequency.range.1=2000 Hz")


def settings(item: LimitEnvelope) -> int:
    """Compare a limit's table with every programmable setting; return how many there were."""
    assert item.table is not None
    axes, tried = item.table.axes, 0
    for keys in product(*(tuple(key.grid()) for key in axes.keys)):
        edge = item.table.edge(keys)
        assert edge.certain
        assert not edge.again
        fixed = dict(zip((key.name for key in axes.keys), keys, strict=True))
        values = tuple(axes.subject.grid())
        passing = [value for value in values if keeps(item.limit, {**fixed, axes.subject.name: value})]
        assert passing == [value for value in values if edge.safe is not None and value <= edge.safe]
        following = [value for value in values if value not in set(passing)]
        assert (following[0] if following else None) == edge.next
        tried += len(values)
    return tried


def together(found: Envelope) -> None:
    """Demand that the common edge of a stimulus is where the first of its limits fails."""
    for item in found.together:
        axes = item.combined.axes
        mine = [
            one
            for one in found.limits
            if one.table is not None and one.limit.name in _named(found, item.stimulus)
        ]
        for row in item.combined.rows:
            for last in (row.first, row.last):
                fixed = dict(zip((key.name for key in axes.keys), (*row.prefix, last), strict=True))
                for value, passes in ((row.edge.safe, True), (row.edge.next, False)):
                    if value is None:
                        continue
                    others = {
                        name: parameter.low for name, parameter in found.specification.parameters.items()
                    }
                    setting = {**others, **fixed, axes.subject.name: value}
                    broken = tuple(one.limit.name for one in mine if not keeps(one.limit, setting))
                    assert (broken == ()) == passes
                    assert passes or set(row.binding) == set(broken)


def _named(found: Envelope, stimulus: object) -> set[str]:
    names = {item.name for item in (stimulus.amplitude, stimulus.pulse_width) if item is not None}  # type: ignore[attr-defined]
    return {one.limit.name for one in found.limits if one.table and one.table.axes.subject.name in names}


def confirmed(folder: Path, changes: tuple[str, ...] = ()) -> tuple[int, set[State]]:
    """Confirm all envelopes of a project; return how many settings were tried, and the states met."""
    found = survey(read_folder(folder / "specs", changes), DEFAULT_BUDGET, locks=False)
    together(found)
    tried = sum(settings(item) for item in found.limits if item.table is not None)
    return tried, {item.state for item in found.limits}


def test_the_axium_with_stated_tolerances() -> None:
    """With tolerances stated, each boundary is where the plain arithmetic says, at every setting."""
    tried, states = confirmed(ROOT / "specs" / "library" / "drg-axium", STATED + COARSE)
    assert tried > 3 * 161 * 18
    assert State.EXACT in states


@pytest.mark.slow
def test_the_whole_grid_of_the_axium_with_stated_tolerances() -> None:
    """The same on the whole grid."""
    assert confirmed(ROOT / "specs" / "library" / "drg-axium", STATED)[0] > 3 * 161 * 69


@pytest.mark.slow
@pytest.mark.parametrize("device", library(), ids=lambda device: device.id)
def test_every_reference_device_as_written(device) -> None:
    """Each table of each reference device as published, both sides of the boundary, at every setting."""
    confirmed(device.root)


@pytest.mark.slow
@pytest.mark.parametrize("changes", [(), WIDE, GAP], ids=["as written", "wider", "with a gap"])
def test_the_repaired_implant(changes: tuple[str, ...]) -> None:
    """The same for the repaired implant, and for copies with a wider grid or a gap between the phases."""
    tried, _ = confirmed(REPAIRED, changes)
    assert tried > 10_000
