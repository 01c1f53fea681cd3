"""Leaving out what cannot matter changes no verdict."""

import pytest
from hypothesis import given, seed, settings

from plain.description import Device
from plain.strategies import devices
from stimproof.specs.expressions import Expression, references
from stimproof.specs.reader import read_string
from stimproof.verify.encoding import encode
from stimproof.verify.goals import watch
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Trace, Verdict
from stimproof.verify.run import verify
from stimproof.verify.system import TransitionSystem


def _whole(system: TransitionSystem, goal: Expression) -> TransitionSystem:
    del goal
    return system


def decided(device: Device) -> dict[str, tuple[Verdict, int | None]]:
    """Return each obligation's verdict and the length of its run."""
    found = {}
    for result in verify(read_string(device.specification())).results:
        run = result.counterexample or result.witness
        found[result.obligation.id] = (result.verdict, run.length if isinstance(run, Trace) else None)
    return found


@pytest.mark.parametrize(
    ("timed", "number", "start"),
    [
        (False, 8, 7),
        (True, 6, 8),
        pytest.param(False, 30, 1, marks=pytest.mark.slow),
        pytest.param(True, 8, 7, marks=pytest.mark.slow),
    ],
)
def test_a_slice_decides_as_the_whole(timed: bool, number: int, start: int) -> None:
    """With and without slicing, random devices get the same verdicts and shortest runs of the same length."""

    @seed(start)
    @settings(max_examples=number, database=None)
    @given(devices(timed=timed))
    def same(device: Device) -> None:
        sliced = decided(device)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TransitionSystem, "sliced", _whole)
            whole = decided(device)
        assert sliced == whole

    same()


@given(devices(timed=True))
@settings(max_examples=30, database=None, derandomize=True)
def test_a_slice_is_closed(device: Device) -> None:
    """Everything that a slice keeps mentions only what it keeps: no next value reads a variable left out."""
    specification = read_string(device.specification())
    system = encode(specification)
    for obligation in obligations(specification):
        if obligation.kind == "recovery":
            continue  # decided by plans, never by watching for a violation
        watched = watch(system, specification, obligation)
        part = watched.system.sliced(watched.goal)
        known = part.state.keys() | part.inputs.keys() | part.definitions.keys()
        terms = [
            *part.next.values(),
            *part.constraint,
            *part.initial,
            *part.definitions.values(),
            watched.goal,
        ]
        assert frozenset[str]().union(*(references(term) for term in terms)) <= known
        assert part.next.keys() == part.state.keys()
