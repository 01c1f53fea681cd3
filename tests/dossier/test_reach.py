"""How far a stimulus can go in the picture, beyond plain pulses."""

from __future__ import annotations

from fractions import Fraction

import pytest

from stimproof.dossier.reach import largest_share, reach
from trains import device, known, limit

BURST = (
    f"burst: {{pulses: {known('5')}, rate: {known('500 Hz')}, recharge: per_burst, "
    "source: m, confidence: seen}"
)
STEERED = f"steering: {{contacts: {{a: {known('60 %')}, b: {known('40 %')}, c: {{value: unknown}}}}}}"
STEPS = "phases: [{polarity: cathodic}, {polarity: cathodic, amplitude: 0.5}, {polarity: anodic}]"


@pytest.mark.parametrize(
    ("parts", "share"),
    [
        ({}, "1"),
        ({"waveform": STEPS}, "1.5"),
        ({"stimulus": f"    {BURST}"}, "5"),
        ({"stimulus": f"    {STEERED}"}, "1"),  # nobody says what c carries
        ({"stimulus": f"    {STEERED.replace('c: {value: unknown}', 'c: ' + known('10 %'))}"}, "0.6"),
    ],
)
def test_the_picture_shows_what_one_contact_may_get(parts: dict[str, str], share: str) -> None:
    """Steps of one polarity and pulses of a burst add up; of steered contacts the worst one is drawn."""
    train = device(limit("timing"), **parts).stimuli["train"]
    assert largest_share(train) == Fraction(share)


def test_a_sinusoid_and_a_voltage_are_not_drawn() -> None:
    """Their charge is not a current for a width."""
    sine = {"set_by": "amplitude: amplitude\n    frequency: rate", "waveform": "shape: sinusoidal", "gap": ""}
    volts = {"amplitude": "range: [0 V, 1 V], step: 1 V", "stimulus": "    control: voltage"}
    for parts in (sine, volts):
        specification = device(limit("per_contact", "9 mA"), **parts)
        assert reach(specification, specification.stimuli["train"]) is None
