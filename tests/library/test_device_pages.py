"""Each reference device has a page in the manual, and the page is what the solvers say."""

from pathlib import Path

import pytest

from device_pages import DEVICES, advice_for, page
from excerpts import compare
from stimproof.verify.results import Setting, Trace, Verdict, Verification

DOCS = Path(__file__).parents[2] / "docs"
QUICK = {"drg-axium", "tens", "pns"}
EACH = [
    pytest.param(
        name,
        marks=() if name in QUICK else pytest.mark.slow,
        id=name,
    )
    for name in DEVICES
]


@pytest.mark.parametrize("device", EACH, indirect=True)
def test_the_page_of_a_device_says_what_the_solvers_say(device: Verification) -> None:
    """Every verdict of the device stands on its page, with the setting or run that refutes a claim."""
    file = DOCS / "devices" / f"{device.specification.device.id}.rst"
    compare(file, page(device))


@pytest.mark.parametrize("device", EACH, indirect=True)
def test_nothing_about_a_device_ends_in_an_error(device: Verification) -> None:
    """Each obligation has a verdict, and each refutation a setting or run that was replayed."""
    for result in device.results:
        assert result.verdict is not Verdict.ERROR, result.obligation.id
        if result.verdict is Verdict.REFUTED and result.obligation.kind not in ("reachable", "can_reach"):
            assert isinstance(result.counterexample, Setting | Trace), result.obligation.id
            assert result.counterexample.replayed, result.obligation.id


@pytest.mark.parametrize("device", EACH, indirect=True)
def test_a_refutation_says_what_a_maker_would_do(device: Verification) -> None:
    """Each refuted limit or property of a device carries a sentence of advice."""
    bare = [
        result.obligation.id
        for result in device.results
        if result.verdict is Verdict.REFUTED and not advice_for(device.specification, result)
    ]
    assert not [name for name in bare if not name.startswith("machines.")]


def test_every_device_is_in_the_manual() -> None:
    """The table of contents of the devices names each of them."""
    index = (DOCS / "devices" / "index.rst").read_text(encoding="utf-8").split()
    assert [name for name in DEVICES if name not in index] == []
