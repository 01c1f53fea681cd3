"""What the solvers say about the reference devices: the verdict of each obligation is pinned."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from stimproof.specs.reader import read_folder
from stimproof.verify.results import Setting, Trace, Verdict, Verification
from stimproof.verify.run import verify

LIBRARY = Path(str(files("stimproof.specs"))) / "library"
REPAIRED = Path(__file__).parents[1] / "fixtures" / "opennerve-repaired"

AXIUM = {
    Verdict.REFUTED: {"limits.charge_density", "limits.shannon_screening"},
    Verdict.UNKNOWN: {"limits.pulse_charge", "limits.charge_injection", "limits.timing"},
    Verdict.NOT_APPLICABLE: {"limits.shannon_as_measured"},
    Verdict.ERROR: set(),
}
OPENNERVE = {
    Verdict.REFUTED: {
        "limits.session_stops_after_it_starts",
        "limits.sns_anode_differs_from_cathode",
        "limits.vns_anode_differs_from_cathode",
        "limits.ramps_fit_the_train",
        "limits.two_phases_fit_the_period",
        "limits.replacement_level_above_end_of_service",
        "limits.magnet_wake_window_not_empty",
        "limits.magnet_windows_disjoint",
        "limits.link_loss_bound_is_the_documented_one",
        "limits.resume_below_pause",
        "limits.pause_below_the_protocol_fault",
        "limits.sine_half_cycle_charge",
        "limits.pulse_timing",
        "properties.oad_output_off",
        "properties.bsl_output_off",
        "properties.wpt_high_output_off",
        "properties.wpt_paused_output_off",
        "properties.link_loss_ends_stimulation",
        "properties.any_user_can_stop",
        "properties.long_hold_stops_therapy",
        "properties.session_is_bounded",
        "properties.every_session_is_scheduled",
        "properties.short_circuit_latch_holds",
        "properties.battery_test_keeps_its_interval",
        "properties.eos_shuts_down",
        "properties.unmeasurable_temperature_pauses_charging",
        "properties.no_charging_into_battery_over_voltage",
        "properties.full_battery_pauses_charging",
        "properties.absent_battery_is_detected",
        "properties.idle_loses_no_request",
        "properties.self_test_loses_no_request",
        "properties.every_state_has_a_handler",
        "machines.ipg.deadlock",
    },
    Verdict.UNKNOWN: {"limits.pulse_charge", "limits.pulse_charge_density", "limits.pulse_charge_injection"},
    Verdict.NOT_APPLICABLE: {"limits.pulse_shannon"},
    Verdict.ERROR: set(),
}
# The shortest run that shows a finding, by its events; time passes where the device waits.
RUNS = {
    "battery_test_keeps_its_interval": ["boot"],
    "every_state_has_a_handler": ["boot"],
    "every_session_is_scheduled": ["boot", "authenticated", "start_schedule"],
    "oad_output_off": ["boot", "authenticated", "start_manual_therapy", "auth_firmware_image"],
    "bsl_output_off": ["boot", "authenticated", "start_manual_therapy", "reboot_system"],
    "eos_shuts_down": ["boot", "eos_poll", "eos_poll", "eos_poll"],
}
LENGTHS = {
    "unmeasurable_temperature_pauses_charging": 3,
    "no_charging_into_battery_over_voltage": 4,
    "absent_battery_is_detected": 4,
    "full_battery_pauses_charging": 3,
    "idle_loses_no_request": 4,
    "long_hold_stops_therapy": 4,
    "wpt_high_output_off": 5,
    "wpt_paused_output_off": 6,
    "link_loss_ends_stimulation": 6,
    "any_user_can_stop": 6,
    "short_circuit_latch_holds": 8,
    "session_is_bounded": 9,
}


def _open(found: Verification) -> dict[Verdict, set[str]]:
    """Return the obligations that are not proved, by verdict."""
    verdicts = (Verdict.REFUTED, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE, Verdict.ERROR)
    return {
        verdict: {item.obligation.id for item in found.results if item.verdict is verdict}
        for verdict in verdicts
    }


@pytest.fixture(scope="module")
def opennerve() -> Verification:
    """The open-hardware implant as published, verified."""
    return verify(read_folder(LIBRARY / "opennerve-ipg" / "specs"))


def test_the_verdicts_about_the_axium() -> None:
    """Every interlock is proved; what rests on unknown numbers is unknown; two screenings are refuted."""
    found = verify(read_folder(LIBRARY / "drg-axium" / "specs"))
    assert _open(found) == AXIUM


def test_an_uncertain_contact_shows_in_the_axiums_verdict() -> None:
    """A refutation that leans on a recollected dimension names it as unverified."""
    found = verify(read_folder(LIBRARY / "drg-axium" / "specs"), only=["limits.charge_density"])
    (result,) = found.results
    shape = "electrodes.lead_contact.geometry"
    assert {f"{shape}.diameter", f"{shape}.length"} <= {name.split(" ")[0] for name in result.unverified}


@pytest.mark.slow
def test_the_verdicts_about_the_opennerve(opennerve: Verification) -> None:
    """The findings of the reading come out as counterexamples; every other claim is proved."""
    assert _open(opennerve) == OPENNERVE


@pytest.mark.slow
def test_every_refutation_of_the_opennerve_was_replayed(opennerve: Verification) -> None:
    """No finding rests on the solver alone: the interpreter has repeated each run and each setting."""
    for item in opennerve.results:
        if item.verdict is Verdict.REFUTED:
            assert isinstance(item.counterexample, Setting | Trace), item.obligation.id
            assert item.counterexample.replayed, item.obligation.id


@pytest.mark.slow
def test_the_runs_of_the_opennerve_are_short_and_recognisable(opennerve: Verification) -> None:
    """A firmware engineer can follow each counterexample: few steps, with the events of the source."""
    results = opennerve.by_id()
    for name, events in RUNS.items():
        trace = results[f"properties.{name}"].counterexample
        assert isinstance(trace, Trace)
        assert [step.event for step in trace.steps[1:]] == events
    for name, length in LENGTHS.items():
        trace = results[f"properties.{name}"].counterexample
        assert isinstance(trace, Trace)
        assert trace.length == length, name


@pytest.mark.slow
def test_the_repaired_copy_leaves_nothing_open() -> None:
    """With every repair in place each obligation is proved, or its law does not apply."""
    found = verify(read_folder(REPAIRED / "specs"))
    assert _open(found) == {
        Verdict.REFUTED: set(),
        Verdict.UNKNOWN: set(),
        Verdict.NOT_APPLICABLE: {"limits.pulse_shannon"},
        Verdict.ERROR: set(),
    }
    assert not found.findings
