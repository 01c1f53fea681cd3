"""Lints that take a solver: each says what it found, where it holds, and nothing of what is in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from stimproof.specs.findings import Code
from stimproof.specs.reader import read_string
from stimproof.verify import recheck
from stimproof.verify.linting import deep_lints
from stimproof.verify.recheck import Recheck

MACHINE = """\
stimproof: 1
device: {{id: deep, name: Deep, component: ipg}}
variables:
  count: {{type: integer, range: [0, 3], overflow: saturate, initial: 0}}
  armed: {{type: boolean, initial: false}}
inputs:
  level: {{type: integer, range: [0, 9]}}
events: {{go: {{}}, halt: {{}}}}
machines:
  ipg:
    initial: OFF
    modes: {{OFF: {{}}, ON: {{entry: {{armed: true}}}}}}
    transitions:
      - {{from: OFF, to: ON, event: go, guard: level > 4}}
      - {{from: ON, to: OFF, event: halt, guard: "{guard}"}}
      - {{from: ON, to: OFF, event: halt, guard: "{other}", priority: {priority}, do: {{count: count + 1}}}}
properties:
  P: {{sentence: "the ipg shall always satisfy count <= 3"}}
"""


def _found(guard: str, other: str = "level < 2", priority: int = 0) -> list[tuple[Code, str, str]]:
    text = MACHINE.format(guard=guard, other=other, priority=priority)
    return [
        (item.code, item.location.path, item.message.rpartition(", ")[2])
        for item in deep_lints(read_string(text))
    ]


PLACE = "machines.ipg.transitions[1]"
TYPES, STATES = "given the types of what it reads alone", "in every reachable state"


@pytest.mark.parametrize(
    ("guard", "code", "where"),
    [
        ("level <= 9", Code.GUARD_TRUE, TYPES),
        ("level > 9", Code.GUARD_FALSE, TYPES),
        ("count > 3 or level < 0", Code.GUARD_FALSE, TYPES),
        ("armed", Code.GUARD_TRUE, STATES),
        ("not armed and level > 3", Code.GUARD_FALSE, STATES),
    ],
)
def test_a_guard_that_decides_nothing_is_found(guard: str, code: Code, where: str) -> None:
    """A guard that is always true or always false is a finding that says why: by types or by what happens."""
    assert _found(guard) == [(code, PLACE, where)]


def test_a_guard_that_decides_something_is_none() -> None:
    """A guard that holds in one reachable state and fails in another is in order."""
    assert _found("level > 4 and count < 2") == []


def test_a_shadow_that_only_reachable_states_show() -> None:
    """A transition whose guard implies that of one with priority is never taken."""
    (found,) = _found("level < 2 and armed", priority=1)
    assert found[:2] == (Code.SHADOWED, PLACE)
    assert _found("level < 4", priority=1) == []


def test_what_the_second_solver_does_not_confirm_is_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the second solver's word nothing is called always true or always false."""
    monkeypatch.setattr(recheck, "run", lambda _script: Recheck(("unknown",)))
    codes = {code for code, _, _ in _found("level <= 9")} | {code for code, _, _ in _found("armed")}
    assert codes <= {Code.LINT_UNDECIDED}


def test_a_question_beyond_the_budget_is_told() -> None:
    """What no solver answers within its budget is counted in one note."""
    text = MACHINE.format(guard="armed", other="level < 2", priority=0)
    (found,) = deep_lints(read_string(text), budget=1)
    assert found.code is Code.LINT_UNDECIDED


LIMITS = """
  low: {law: charge_per_phase, stimulus: therapy, limit: 0.4 uC, source: manual, confidence: seen}
  high: {law: charge_per_phase, stimulus: therapy, limit: 0.5 uC, source: manual, confidence: seen}
"""


def _limits(root: Path, limits: str) -> list[tuple[Code, str]]:
    toy = (root / "toy.yaml").read_text(encoding="utf-8")
    head, _, rest = toy.partition("limits:\n")
    text = f"{head}limits:{limits}{rest[rest.index('variables:') :]}"
    return [(item.code, item.location.path) for item in deep_lints(read_string(text))]


@pytest.fixture
def toy_folder() -> Path:
    """Where the toy specification lies."""
    return Path(__file__).parents[1] / "specs" / "data"


def test_of_two_limits_the_weaker_never_binds(toy_folder: Path) -> None:
    """Of two limits on one quantity the higher one is idle, in whichever order they stand."""
    found = _limits(toy_folder, LIMITS)
    assert found == [(Code.LIMIT_NEVER_BINDS, "limits.high")]
    lines = LIMITS.strip("\n").split("\n")
    assert _limits(toy_folder, "\n" + "\n".join(reversed(lines)) + "\n") == found


def test_limits_on_different_quantities_both_bind(toy_folder: Path) -> None:
    """A charge and an amplitude do not imply each other."""
    other = '  amp: {claim: "amplitude <= 2 mA", source: manual, confidence: seen}\n'
    assert _limits(toy_folder, LIMITS.replace(LIMITS.strip("\n").split("\n")[1] + "\n", other)) == []


def test_of_two_equal_limits_the_later_is_named(toy_folder: Path) -> None:
    """Of two limits that say the same, one is enough."""
    assert _limits(toy_folder, LIMITS.replace("0.5 uC", "400 nC")) == [
        (Code.LIMIT_NEVER_BINDS, "limits.high")
    ]


def test_a_warning_level_makes_no_limit_idle(toy_folder: Path) -> None:
    """A soft limit only warns, so a hard one above it still binds."""
    assert _limits(toy_folder, LIMITS.replace("limit: 0.4 uC,", "soft: true, limit: 0.4 uC,")) == []
