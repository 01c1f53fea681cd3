"""The meaning of a machine, rule by rule: one test for each sentence of its definition."""

from fractions import Fraction
from typing import Any

import pytest

from stimproof.specs.reader import read_string
from stimproof.verify.interpreter import Interpreter, Outcome, ReplayError, Step

HEAD = """
stimproof: 1
device: {id: rules, name: Rules}
variables:
  a: {type: integer, range: [0, 9], overflow: saturate, initial: 0}
  b: {type: integer, range: [0, 9], overflow: saturate, initial: 5}
  ring: {type: integer, range: [2, 5], overflow: wrap, initial: 2}
  strict: {type: integer, range: [0, 3], overflow: forbid, initial: 3}
  free: {type: boolean, initial: any}
  colour: {type: enum, values: [red, green], initial: any}
  level: {type: quantity, range: [0 mA, 5 mA], initial: 1 mA}
  t: {type: clock}
  u: {type: clock}
inputs:
  sensor: {type: integer, range: [0, 9]}
  choice: {type: enum, values: [yes_, no_]}
events:
  go: {}
  other: {}
  own: {kind: internal}
machines:
"""
ONE = """
  m:
    initial: [A, B]
    modes:
      A: {exit: {a: 1}, stay: t <= 5 s and u <= 7 s}
      B: {entry: {a: a + 2}, terminal: true}
    transitions:
"""


def machine(*transitions: str, head: str = ONE) -> Interpreter:
    """Return an interpreter of the variables above and one machine with these transitions."""
    lines = "".join(f"      - {{{transition}}}\n" for transition in transitions)
    return Interpreter(read_string(HEAD + head + lines))


def state(**changes: Any) -> dict[str, Any]:
    """Return a state, mode A and first values unless changed."""
    first = {"m": "A", "a": 0, "b": 5, "ring": 2, "strict": 3, "free": False, "colour": "red"}
    return {**first, "level": Fraction(1, 1000), "t": Fraction(0), "u": Fraction(0), **changes}


def step(event: str, delay: int | Fraction = 0, **inputs: Any) -> Step:
    """Return a step, with some inputs unless given."""
    return Step(event, Fraction(delay), {"sensor": 0, "choice": "no_", **inputs})


def only(outcomes: list[Outcome]) -> dict[str, Any]:
    """Return the one state that a step leads to."""
    assert len(outcomes) == 1
    return dict(outcomes[0].state)


GO = "from: A, to: B, event: go"


def test_an_event_takes_an_enabled_transition_from_its_source() -> None:
    """A machine in a source mode with a true guard changes to the target."""
    assert only(machine(GO).outcomes(state(), step("go")))["m"] == "B"


def test_a_transition_from_another_mode_is_not_taken() -> None:
    """A machine that is not in a source mode stays."""
    assert only(machine(GO).outcomes(state(m="B"), step("go"))) == state(m="B")


def test_an_event_that_nobody_handles_changes_nothing() -> None:
    """Every event may happen at any time; unhandled, it leaves every variable and mode as it was."""
    assert only(machine(GO).outcomes(state(), step("other"))) == state()


def test_a_false_guard_keeps_the_machine() -> None:
    """A transition whose guard fails is not enabled."""
    assert only(machine(f"{GO}, guard: a > 0").outcomes(state(), step("go"))) == state()


def test_the_larger_priority_number_wins() -> None:
    """Of two enabled transitions the one with the larger priority is taken, whatever their order."""
    low, high = f"{GO}, priority: 1, do: {{b: 1}}", "from: A, event: go, priority: 2, do: {b: 2}"
    for order in ((low, high), (high, low)):
        after = only(machine(*order).outcomes(state(), step("go")))
        assert (after["m"], after["b"]) == ("A", 2)


def test_a_disabled_transition_of_higher_priority_does_not_block() -> None:
    """Priority counts among enabled transitions only."""
    taken = machine(f"{GO}, priority: 1", "from: A, event: go, priority: 2, guard: a > 0")
    assert only(taken.outcomes(state(), step("go")))["m"] == "B"


def test_equal_priorities_give_every_outcome() -> None:
    """Where two transitions of equal priority are enabled, both outcomes are possible."""
    ambiguous = machine(GO, "from: A, event: go, do: {b: 2}")
    found = {(outcome.state["m"], outcome.state["b"]) for outcome in ambiguous.outcomes(state(), step("go"))}
    assert found == {("B", 5), ("A", 2)}


def test_right_hand_sides_read_the_state_before_the_step() -> None:
    """Two assignments that swap two variables swap them."""
    after = only(machine("from: A, event: go, do: {a: b, b: a}").outcomes(state(a=3), step("go")))
    assert (after["a"], after["b"]) == (5, 3)


def test_exit_then_updates_then_entry() -> None:
    """A later write to one variable replaces an earlier one: entry stands, and reads the old value."""
    after = only(machine(f"{GO}, do: {{a: 7}}").outcomes(state(a=4), step("go")))
    assert after["a"] == 6  # exit wrote 1, the update 7, entry a + 2 with a from before


def test_an_update_replaces_what_the_exit_wrote() -> None:
    """The transition's own update comes after the exit action of the mode that is left."""
    assert only(machine("from: A, to: A, event: go, do: {a: 7}").outcomes(state(), step("go")))["a"] == 7


def test_without_a_target_no_exit_and_no_entry_runs() -> None:
    """A transition without 'to' keeps the mode and runs its own updates alone."""
    assert only(machine("from: A, event: go, do: {b: 1}").outcomes(state(), step("go"))) == state(b=1)


def test_to_the_same_mode_runs_exit_and_entry() -> None:
    """A transition to the mode that it leaves runs both actions."""
    assert only(machine("from: A, to: A, event: go").outcomes(state(), step("go")))["a"] == 1
    assert only(machine("from: B, to: B, event: go").outcomes(state(m="B", a=4), step("go")))["a"] == 6


@pytest.mark.parametrize(("start", "mode"), [("A", "B"), ("B", "B")])
def test_any_stands_for_every_mode(start: str, mode: str) -> None:
    """'from: any' is every mode of the machine."""
    assert only(machine("from: any, to: B, event: go").outcomes(state(m=start), step("go")))["m"] == mode


def test_a_list_of_sources_is_each_of_them() -> None:
    """Several source modes share one transition, each with its own exit action."""
    taken = machine("'from': [A, B], to: A, event: go")
    assert only(taken.outcomes(state(a=9), step("go")))["a"] == 1
    assert only(taken.outcomes(state(m="B", a=9), step("go")))["a"] == 9


@pytest.mark.parametrize(
    ("given", "kept"), [(5, 5), (6, 2), (9, 5), (10, 2), (1, 5), (0, 4), (-3, 5), (-2, 2)]
)
def test_wrap_goes_round(given: int, kept: int) -> None:
    """A wrapping number keeps its distance modulo the size of its range, on both sides."""
    assert machine(GO).stored("ring", given) == kept


@pytest.mark.parametrize(("given", "kept"), [(9, 9), (10, 9), (99, 9), (-1, 0), (0, 0)])
def test_saturate_stops_at_the_ends(given: int, kept: int) -> None:
    """A saturating number stays at the end that it would pass."""
    assert machine(GO).stored("a", given) == kept


def test_forbid_keeps_the_value_that_the_obligation_then_finds() -> None:
    """A number that must not leave its range is not bent back into it: the violation stays visible."""
    assert machine(GO).stored("strict", 4) == 4


def test_inputs_are_read_by_guards_and_updates() -> None:
    """An input has its value during the step that presents it."""
    taken = machine("from: A, event: go, guard: choice == yes_, do: {b: sensor}")
    assert only(taken.outcomes(state(), step("go", sensor=8, choice="yes_")))["b"] == 8
    assert only(taken.outcomes(state(), step("go", sensor=8, choice="no_")))["b"] == 5


@pytest.mark.parametrize("inputs", [{"sensor": 10}, {"sensor": -1}, {"choice": "maybe"}])
def test_inputs_stay_within_what_the_environment_may_present(inputs: dict[str, Any]) -> None:
    """A value outside an input's range or members is not a possible step."""
    with pytest.raises(ReplayError, match="cannot be"):
        machine(GO).outcomes(state(), step("go", **inputs))


def test_a_missing_input_is_not_a_step() -> None:
    """Every input has a value in every step."""
    with pytest.raises(ReplayError, match="has no value"):
        machine(GO).outcomes(state(), Step("go", Fraction(0), {"sensor": 1}))


def test_time_moves_every_clock_and_nothing_else() -> None:
    """When time passes, all clocks grow by the delay; modes and other variables stay."""
    after = only(machine(GO).outcomes(state(t=Fraction(1)), step("time", Fraction(3, 2))))
    assert after == state(t=Fraction(5, 2), u=Fraction(3, 2))


def test_events_take_no_time() -> None:
    """An event with a delay is not a step, and leaves clocks alone."""
    with pytest.raises(ReplayError, match="takes no time"):
        machine(GO).outcomes(state(), step("go", 1))
    assert only(machine(GO).outcomes(state(t=Fraction(1)), step("other")))["t"] == 1


@pytest.mark.parametrize("delay", [0, -1])
def test_only_a_positive_time_passes(delay: int) -> None:
    """Zero or negative time is not a step."""
    with pytest.raises(ReplayError):
        machine(GO).outcomes(state(), step("time", delay))


@pytest.mark.parametrize(("delay", "allowed"), [(5, True), (Fraction(501, 100), False), (4, True)])
def test_a_mode_limits_how_long_one_stays(delay: int | Fraction, allowed: bool) -> None:
    """Time may pass only as far as every mode's condition holds at its end; the bound itself is included."""
    assert machine(GO).may_wait(state(), Fraction(delay)) is allowed


def test_every_bound_of_a_mode_counts() -> None:
    """Of several bounds joined by 'and', the one that is reached first ends the wait."""
    assert machine(GO).may_wait(state(u=Fraction(6)), Fraction(1))
    assert not machine(GO).may_wait(state(u=Fraction(6)), Fraction(11, 10))


def test_a_mode_without_a_condition_lasts_for_ever() -> None:
    """Where no mode limits it, any time may pass."""
    assert machine(GO).may_wait(state(m="B"), Fraction(10**9))


def test_a_limit_of_stay_blocks_no_event() -> None:
    """A condition on waiting does not keep events from happening, even where it no longer holds."""
    assert only(machine(GO).outcomes(state(t=Fraction(9)), step("go")))["m"] == "B"


def test_clocks_are_set_by_updates() -> None:
    """A clock that is assigned starts from there."""
    after = only(machine("from: A, event: go, do: {t: 2 s}").outcomes(state(t=Fraction(4)), step("go")))
    assert after["t"] == 2


def test_internal_events_step_like_input_events() -> None:
    """Who causes an event makes no difference to what it does."""
    assert only(machine("from: A, to: B, event: own").outcomes(state(), step("own")))["m"] == "B"


def test_an_undeclared_event_is_not_a_step() -> None:
    """Only declared events happen."""
    with pytest.raises(ReplayError, match="not an event"):
        machine(GO).outcomes(state(), step("nonsense"))


TWO = """
  m:
    initial: A
    modes: {A: {}, B: {}}
    transitions: [{from: A, to: B, event: go, do: {b: 1}}]
  n:
    initial: C
    modes: {C: {}, D: {}}
    transitions:
"""


def test_every_machine_that_can_reacts_to_an_event() -> None:
    """One event moves all machines that have an enabled transition for it, in the same step."""
    both = machine("from: C, to: D, event: go, guard: m == A", head=TWO)
    after = only(both.outcomes(state(n="C"), step("go")))
    assert (after["m"], after["n"], after["b"]) == ("B", "D", 1)


def test_a_machine_that_cannot_react_stays() -> None:
    """The others stay."""
    both = machine("from: D, to: C, event: go", head=TWO)
    after = only(both.outcomes(state(n="C"), step("go")))
    assert (after["m"], after["n"]) == ("B", "C")


def test_two_machines_that_write_one_variable_leave_either_value() -> None:
    """Whose write stands is open: both outcomes are possible, and an obligation of its own says so."""
    both = machine("from: C, event: go, do: {b: 2}", head=TWO)
    assert {outcome.state["b"] for outcome in both.outcomes(state(n="C"), step("go"))} == {1, 2}


def test_first_states_are_those_that_the_specification_names() -> None:
    """Any listed mode, any value where 'any' is said, the stated value elsewhere, clocks at zero."""
    known = machine(GO)
    for change in ({}, {"m": "B"}, {"free": True}, {"colour": "green"}):
        assert known.is_initial(state(**change))
    for change in ({"a": 1}, {"t": Fraction(1)}, {"level": Fraction(0)}, {"ring": 3}, {"colour": "blue"}):
        assert not known.is_initial(state(**change))


def test_a_state_with_a_value_missing_is_no_first_state() -> None:
    """A state gives a value to every variable and every machine, and to nothing else."""
    known, complete = machine(GO), state()
    assert not known.is_initial({name: value for name, value in complete.items() if name != "a"})
    assert not known.is_initial({**complete, "stranger": 1})
