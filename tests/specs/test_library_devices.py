"""The reference devices of the library, as specifications."""

from __future__ import annotations

import re
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest

from stimproof.specs.findings import Code, Severity
from stimproof.specs.reader import read_folder
from stimproof.specs.specification import Specification

LIBRARY = Path(str(files("stimproof.specs"))) / "library"
REPAIRED = Path(__file__).parents[1] / "fixtures" / "opennerve-repaired"
FOLDERS = {
    "drg-axium": LIBRARY / "drg-axium",
    "opennerve-ipg": LIBRARY / "opennerve-ipg",
    "repaired": REPAIRED,
}


@pytest.fixture(scope="module", params=sorted(FOLDERS))
def device(request: pytest.FixtureRequest) -> Specification:
    """Each reference device, and the repaired copy of one."""
    return read_folder(FOLDERS[request.param] / "specs")


@pytest.fixture(scope="module")
def axium() -> Specification:
    """The dorsal root ganglion stimulator."""
    return read_folder(FOLDERS["drg-axium"] / "specs")


@pytest.fixture(scope="module")
def opennerve() -> Specification:
    """The open-hardware implant."""
    return read_folder(FOLDERS["opennerve-ipg"] / "specs")


def test_a_device_reads_without_an_error(device: Specification) -> None:
    """A specification that is shipped, or gates our own build, has warnings and notes at most."""
    assert not [item.text() for item in device.findings if item.weight is Severity.ERROR]


def test_every_obligation_has_a_meaning_for_its_reader(device: Specification) -> None:
    """Each limit and property says in words what it is about."""
    silent = [item.name for item in (*device.limits.values(), *device.properties.values()) if not item.doc]
    assert not silent


def test_every_transition_of_the_firmware_cites_where_it_was_read(opennerve: Specification) -> None:
    """What the machine of the implant does was read somewhere, except that a session grows older."""
    uncited = {item.event for item in opennerve.machines["ipg"].transitions if not item.citation.sources}
    assert uncited == {"rtc_tick", "rtc_tick_missed"}


def test_the_amplitude_grid_of_the_axium_has_161_values(axium: Specification) -> None:
    """0 to 2000 uA by 25 and 2000 to 6000 uA by 50 (MN0700, page 20): 81 and 80 more values."""
    values = list(axium.parameters["amplitude"].grid())
    assert len(values) == len(set(values)) == 161
    assert (values[0], values[80], values[81], values[-1]) == tuple(
        Fraction(microampere, 1_000_000) for microampere in (0, 2000, 2050, 6000)
    )


def test_what_nobody_read_about_the_axium_is_not_presented_as_read(axium: Specification) -> None:
    """The contact's dimensions are uncertain; its material, the pulse and the tolerances are unknown."""
    confidences = {name: citation.confidence for name, _, citation, _ in axium.numbers}
    assert confidences["electrodes.lead_contact.diameter"] == "uncertain"
    assert confidences["electrodes.lead_contact.length"] == "uncertain"
    assert confidences["parameters.amplitude.tolerance"] == "unknown"
    assert axium.electrodes["lead_contact"].cited_material.confidence == "unknown"
    assert axium.stimuli["therapy"].phases is None


def test_the_off_grid_default_of_the_opennerve_stays_as_published(opennerve: Specification) -> None:
    """119 s on a grid of 10 s is the device's own contradiction (ON-11), and reading it says so."""
    found = [item for item in opennerve.findings if item.code is Code.OFF_GRID]
    assert [item.location.path for item in found] == ["parameters.ble_broadcast_timeout.default"]


def test_the_opennerve_has_every_state_of_its_source(opennerve: Specification) -> None:
    """The modes are the values of curr_state, the state before the start, and one for unlisted values."""
    assert set(opennerve.machines["ipg"].modes) == {
        "POWER_ON", "SLEEP", "ACT", "BLE_ACT", "BLE_CONN", "THERAPY_SESSION", "IMPED_TEST", "BATT_TEST",
        "OAD", "BSL", "DVT", "WPT_HIGH", "WPT_PAUSED", "SHUTDOWN", "UNLISTED",
    }  # fmt: skip


def test_every_finding_about_the_opennerve_is_stated_or_explained(opennerve: Specification) -> None:
    """ON-01 to ON-21 each stand at an obligation, or in the comment that says why none expresses them."""
    text = "\n".join(document.text for document in opennerve.documents)
    assert set(re.findall(r"ON-\d\d", text)) == {f"ON-{number:02}" for number in range(1, 22)}


def test_the_repaired_copy_keeps_the_claims_of_the_original(opennerve: Specification) -> None:
    """A repair mends the device, not the list of what is asked of it."""
    repaired = read_folder(REPAIRED / "specs")
    assert set(repaired.properties) == set(opennerve.properties)
    assert set(repaired.limits) == set(opennerve.limits)
    reworded = {
        name
        for name, item in repaired.properties.items()
        if item.sentence != opennerve.properties[name].sentence
    }
    assert reworded == {"shutdown_needs_admin", "every_state_has_a_handler"}
    assert {name: item.text for name, item in repaired.limits.items()} == {
        name: item.text for name, item in opennerve.limits.items()
    }
