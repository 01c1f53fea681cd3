"""Whether a transition can be taken now, or after time alone has passed: exactly, or not known."""

from fractions import Fraction
from typing import Any

import pytest

from stimproof.specs.reader import read_string
from stimproof.verify.enabling import can_ever_fire, can_fire_now
from stimproof.verify.interpreter import Interpreter

DEVICE = """
stimproof: 1
device: {{id: enabling, name: Enabling}}
variables:
  n: {{type: integer, range: [0, 9], overflow: saturate, initial: 0}}
  t: {{type: clock}}
  u: {{type: clock}}
inputs:
  flag: {{type: boolean}}
  colour: {{type: enum, values: [red, green]}}
  count: {{type: integer, range: [0, 5000]}}
  few: {{type: integer, range: [0, 3]}}
  level: {{type: quantity, range: [0 mA, 5 mA]}}
  other: {{type: quantity, range: [0 mA, 5 mA]}}
events: {{go: {{}}}}
machines:
  m:
    initial: A
    modes: {{A: {{stay: "{stay}"}}, B: {{}}}}
    transitions: [{{from: A, to: B, event: go, guard: "{guard}"}}]
"""


def known(guard: str, stay: str = "t <= 1000000 s") -> Interpreter:
    """Return an interpreter of a device with one guarded transition."""
    return Interpreter(read_string(DEVICE.format(guard=guard, stay=stay)))


def state(**changes: Any) -> dict[str, Any]:
    """Return a state in mode A with clocks at zero unless changed."""
    return {"m": "A", "n": 0, "t": Fraction(0), "u": Fraction(0), **changes}


def now(guard: str, **changes: Any) -> bool | None:
    """Return whether the guarded transition can be taken at once."""
    interpreter = known(guard)
    return can_fire_now(interpreter, interpreter.specification.machines["m"].transitions[0], state(**changes))


def ever(guard: str, stay: str = "t <= 1000000 s", **changes: Any) -> bool | None:
    """Return whether the guarded transition can be taken now or after waiting."""
    interpreter = known(guard, stay)
    return can_ever_fire(
        interpreter, interpreter.specification.machines["m"].transitions[0], state(**changes)
    )


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ("n == 0", True),
        ("n == 1", False),
        ("flag", True),
        ("flag and not flag", False),
        ("colour == green", True),
        ("colour != green and colour != red", False),
        ("count == 17", True),
        ("count > 4999", True),
        ("count > 5000", False),
        ("count > 16 and count < 18", True),
        ("count > 16 and count < 17", False),
        ("few == few", True),
        ("few > 2 and few < 3", False),
        ("few * 2 == 4", True),
        ("few * 2 == 3", False),
        ("level > 1 mA and level < 1.001 mA", True),
        ("level > 1 mA and level < 1 mA", False),
        ("level >= 5 mA", True),
        ("level > 5 mA", False),
        ("count == n", True),
        ("few + 1 == n", False),
    ],
)
def test_inputs_are_searched_exactly(guard: str, expected: bool) -> None:
    """Some input enables the guard if and only if one of finitely many samples does."""
    assert now(guard) is expected


@pytest.mark.parametrize("guard", ["level > other", "level + other > 9 mA", "2 * level > 9 mA"])
def test_what_is_beyond_samples_is_not_known(guard: str) -> None:
    """A comparison of two free reals, or of a computed one, is answered with 'not known', never guessed."""
    assert now(guard) is None


def test_another_mode_cannot_fire() -> None:
    """A machine that is not in a source mode cannot take the transition, now or later."""
    assert now("true", m="B") is False
    assert ever("t >= 5 s", m="B") is False


@pytest.mark.parametrize(
    ("guard", "stay", "expected"),
    [
        ("t >= 5 s", "t <= 9 s", True),
        ("t >= 5 s", "t <= 5 s", True),
        ("t >= 5 s", "u <= 4 s", False),
        ("t > 5 s", "t <= 5 s", False),
        ("t == 5 s", "t <= 5 s", True),
        ("t > 2 s and t < 3 s", "t <= 9 s", True),
        ("t > 2 s and t < 3 s", "t <= 2 s", False),
        ("t > 2 s", "t <= 2.001 s", True),
        ("t > 2 s and u < 2 s", "t <= 9 s", False),
        ("t >= 2 s and u >= 3 s", "t <= 2 s", False),
        ("t >= 2 s and flag", "t <= 2 s", True),
        ("t >= 2 s and level > 5 mA", "t <= 2 s", False),
        ("t < 0 s", "t <= 9 s", False),
    ],
)
def test_waiting_is_searched_exactly(guard: str, stay: str, expected: bool) -> None:
    """Some wait that the mode allows enables the guard if and only if one of finitely many delays does."""
    assert ever(guard, stay) is expected


def test_clocks_start_where_they_are() -> None:
    """What counts is the clock's value in the state, not since the mode was entered."""
    assert ever("t == 5 s", t=Fraction(6)) is False
    assert ever("t > 2 s and u < 2 s", t=Fraction(1)) is True


def test_two_clocks_in_one_comparison_are_not_known() -> None:
    """A clock compared with another clock is answered with 'not known'."""
    assert ever("t < u") is None
