"""Runs are told with plain numbers and without steps that nothing needs, and still show what they should."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from stimproof.specs.reader import read_string
from stimproof.verify import confirming
from stimproof.verify.interpreter import Interpreter
from stimproof.verify.judge import judge
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Obligation
from stimproof.verify.solver import Run
from stimproof.verify.system import DELAY, EVENT, TICK

DEVICE = """\
stimproof: 1
device: {id: plain, name: Told plainly}
variables:
  held: {type: quantity, range: [0 mA, 25.5 mA], initial: 0 mA}
  since: {type: clock}
inputs:
  wanted: {type: quantity, range: [0 mA, 25.5 mA]}
events: {set: {}, beep: {}, fire: {}}
machines:
  ipg:
    initial: IDLE
    modes: {IDLE: {}, ON: {}}
    transitions:
      - {from: IDLE, event: set, guard: wanted >= 7.3 mA and wanted < 20 mA, do: {held: wanted}}
      - {from: IDLE, event: beep, do: {held: held}}
      - {from: IDLE, to: ON, event: fire, guard: held > 3 mA and since > 8 s}
properties:
  quiet: {sentence: "the device shall never satisfy ipg == ON"}
"""
SPECIFICATION = read_string(DEVICE)
INTERPRETER = Interpreter(SPECIFICATION)
(QUIET,) = (item for item in obligations(SPECIFICATION) if item.id == "properties.quiet")
amounts = st.fractions(Fraction(74, 10_000), Fraction(199, 10_000))  # in A
delays = st.fractions(Fraction(81, 10), 500)


def run(steps: list[tuple[str, Fraction, Fraction]], excluded: int | None = None) -> Run:
    """Return a run of events, delays and wanted amplitudes, of whose states only the first is told."""
    inputs = tuple({EVENT: event, DELAY: delay, "wanted": wanted} for event, delay, wanted in steps)
    return Run(({"ipg": "IDLE", "held": Fraction(0)},), inputs, excluded)


def confirmed(told: Run, obligation: Obligation = QUIET) -> confirming.Shown:
    """Return the run as it is told."""
    return confirming.confirm(INTERPRETER, obligation, told)


@settings(max_examples=30)
@given(amounts, delays)
def test_odd_numbers_of_a_solver_become_plain(wanted: Fraction, delay: Fraction) -> None:
    """An end of the range or what a guard compares with, where that does; a short round wait."""
    zero = Fraction(0)
    history, judgement = confirmed(run([("set", zero, wanted), (TICK, delay, zero), ("fire", zero, zero)]))
    assert judgement.shown
    plain = wanted * 100_000 == int(wanted * 100_000) and wanted < Fraction(1, 100)
    plain |= wanted * 10_000 == int(wanted * 10_000)  # three digits, in mA
    assert history.steps[0].inputs["wanted"] == (wanted if plain else Fraction(73, 10_000))
    assert history.steps[1].delay == (10 if delay > 9 else 9)


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["set", "beep", TICK]), max_size=6), delays)
def test_steps_that_nothing_needs_are_left_out(extra: list[str], delay: Fraction) -> None:
    """A run that may be longer than the shortest loses every step without which it shows the same."""
    zero, wanted = Fraction(0), Fraction(1, 100)
    idle = [(event, Fraction(1) if event == TICK else zero, wanted) for event in extra]
    needed = [("set", zero, wanted), (TICK, delay, zero), ("fire", zero, zero)]
    history, judgement = confirmed(run([*idle, *needed], excluded=1))
    assert judgement.shown
    assert len(history.steps) == 3
    assert judge(INTERPRETER, QUIET, history).shown


def test_a_run_that_is_a_shortest_one_keeps_its_steps() -> None:
    """Nothing is tried where nothing can be left out."""
    zero, wanted = Fraction(0), Fraction(1, 100)
    told = [("beep", zero, zero), ("set", zero, wanted), (TICK, Fraction(9), zero), ("fire", zero, zero)]
    assert len(confirmed(run(told))[0].steps) == 4
