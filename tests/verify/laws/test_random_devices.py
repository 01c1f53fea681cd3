"""Random devices: verdicts against trying every setting, and what never turns a refutation into a proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stimproof.specs.quantities import exact_text
from stimproof.specs.specification import Specification
from stimproof.verify.measuring import refutes
from stimproof.verify.results import Verdict
from stimproof.verify.run import verify
from trains import device, known, limit

PHASES = (
    "phases: [{polarity: cathodic}, {polarity: anodic}]",
    "phases: [{polarity: cathodic}, {polarity: anodic, amplitude: 0.5, width: 1.5}]",
    "phases: [{polarity: cathodic}]",
    "phases: [{polarity: cathodic}, {polarity: cathodic, amplitude: 0.5}, {polarity: anodic}]",
)
EXCITABLE = f"{{rheobase: {known('1 mA')}, chronaxie: {known('200 us')}}}"
# law: the unit of its limit, limits of which some hold and some do not, and its other keys
LAWS: Mapping[str, tuple[str, tuple[str, ...], Mapping[str, str]]] = {
    "charge_per_phase": ("uC", ("0.5", "1.2", "2.5", "40"), {}),
    "charge_density": ("uC/cm^2", ("10", "30", "60", "900"), {"measured_on": "brain"}),
    "shannon": ("", ("0.5", "1.5", "1.85", "6"), {"argument": "made up"}),
    "charge_injection_capacity": ("uC/cm^2", ("10", "30", "60", "900"), {"measured_on": "Pt/Ir"}),
    "timing": ("", ("",), {}),
    "charge_balance": ("uA", ("1", "12", "90", "5000"), {}),
    "coupling_capacitor_voltage": ("V", ("0.1", "0.4", "0.9", "20"), {}),
    "compliance_voltage": ("V", ("1.5", "3", "6", "90"), {}),
    "duty_cycle": ("%", ("2", "9", "20", "900"), {}),
    "per_contact": ("mA", ("0.5", "2", "3", "20"), {}),
    "rms_current_density": ("mA/cm^2", ("2", "9", "20", "900"), {"measured_on": "brain"}),
    "strength_duration_weiss": ("", ("0.4", "1", "1.5", "40"), {"inputs": EXCITABLE}),
    "strength_duration_lapicque": ("", ("0.4", "1", "1.5", "40"), {"inputs": EXCITABLE}),
}


@dataclass(frozen=True)
class Train:
    """A random device: grids of mA, us and Hz, tolerances in percent, and what surrounds the pulse."""

    law: str
    which: int
    amplitudes: tuple[int, int]
    widths: tuple[int, int]
    rates: tuple[int, int]
    tolerance: int
    area: Fraction
    area_tolerance: int
    phases: int
    burst: str
    passive: bool
    tighter: Fraction = Fraction(1)

    def specification(self, amps: str = "mA", seconds: str = "us", square: str = "cm^2") -> Specification:
        """Return the specification, written in some units."""
        milli, micro = {"mA": 1, "uA": 1000}[amps], {"us": 1, "ms": 1000}[seconds]
        square_cm = {"cm^2": 1, "mm^2": 100}[square]
        low, steps = self.amplitudes
        shortest, wide = self.widths
        slowest, fast = self.rates
        unit, bounds, keys = LAWS[self.law]
        bound = Fraction(bounds[self.which % len(bounds)] or "0") * self.tighter
        text = limit(self.law, f"{exact_text(bound)} {unit}".strip() if bounds != ("",) else None, **keys)
        size = Fraction(1, micro)
        longest = (shortest + 100 * wide) * size
        return device(
            text,
            geometry=f"{{shape: given, area: {known(f'{exact_text(self.area * square_cm)} {square}')}}}",
            area_tolerance=f"{self.area_tolerance} %",
            tolerance=f"{self.tolerance} %",
            amplitude=f"range: [{low * milli} {amps}, {(low + steps) * milli} {amps}], step: {milli} {amps}",
            width=f"range: [{exact_text(shortest * size)} {seconds}, {exact_text(longest)} {seconds}], "
            f"step: {exact_text(100 * size)} {seconds}",
            rate=f"range: [{slowest} Hz, {slowest + 25 * fast} Hz], step: 25 Hz",
            waveform=PHASES[self.phases],
            stimulus=self._stimulus(),
            contact="    impedance: {value: [300 ohm, 900 ohm], source: m, confidence: seen}",
        )

    def _stimulus(self) -> str:
        kind = "active"
        if self.passive:
            kind = f"passive, resistance: {known('1 kohm')}, capacitance: {known('2 uF')}"
        lines = [
            f"recharge: {{kind: {kind}, source: m, confidence: seen}}",
            f"mismatch: {known('2 %')}",
            f"circuit: {{coupling_capacitor: {known('4 uF')}, lead_resistance: {known('100 ohm')}, "
            f"headroom: {known('0.5 V')}}}",
        ]
        if self.burst:
            lines.append(
                f"burst: {{pulses: {known('3')}, rate: {known('400 Hz')}, recharge: {self.burst}, "
                "source: m, confidence: seen}"
            )
        return "\n".join(f"    {line}" for line in lines)


TRAINS = st.builds(
    Train,
    st.sampled_from(sorted(LAWS)),
    st.integers(0, 3),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.sampled_from((50, 100, 300)), st.integers(0, 2)),
    st.tuples(st.sampled_from((0, 2, 50)), st.integers(0, 3)),
    st.sampled_from((0, 5, 20)),
    st.sampled_from((Fraction("0.01"), Fraction("0.06"))),
    st.sampled_from((0, 10)),
    st.integers(0, len(PHASES) - 1),
    st.sampled_from(("", "per_pulse", "per_burst")),
    st.booleans(),
)


def decided(specification: Specification) -> Verdict:
    """Return the verdict about the only limit."""
    return verify(specification).by_id()["limits.it"].verdict


def extremes(specification: Specification) -> Iterator[dict[str, Fraction]]:
    """Yield every programmable setting, delivered exactly and at every extreme of its tolerance."""
    choices = []
    for item in specification.parameters.values():
        assert item.tolerance.quantity is not None
        spread = item.tolerance.quantity.si
        choices.append(
            [
                {item.name: value, f"{item.name}.delivered": value * factor}
                for value in item.grid()
                for factor in {1 - spread, Fraction(1), 1 + spread}
            ]
        )
    for parts in product(*choices):
        yield {name: value for part in parts for name, value in part.items()}


def check(train: Train) -> Verdict:
    """Demand the verdict that trying every setting gives."""
    specification = train.specification()
    bound = specification.limits["it"]
    worst = any(refutes(specification, bound, point) for point in extremes(specification))
    verdict = decided(specification)
    # What the recharge adds to the r.m.s. current, or to the time, may not be known: then nothing is proved.
    elsewhere = specification.stimuli["train"].recovered_elsewhere
    untold = {"rms_current_density": train.passive or elsewhere, "timing": elsewhere, "duty_cycle": elsewhere}
    kept = Verdict.UNKNOWN if untold.get(train.law) else Verdict.PROVED
    assert verdict is (Verdict.REFUTED if worst else kept), (train, verdict)
    return verdict


QUICK = settings(max_examples=30, database=None, derandomize=True, deadline=None)
SLOW = settings(
    max_examples=1500,
    database=None,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@QUICK
@given(TRAINS)
def test_verdicts_are_those_of_trying_every_setting(train: Train) -> None:
    """Proved and refuted are what the second reading says of every setting at every extreme of delivery."""
    check(train)


@pytest.mark.slow
@SLOW
@given(TRAINS)
def test_verdicts_of_many_devices_are_those_of_trying_every_setting(train: Train) -> None:
    """1,500 random devices give no disagreement and no missing answer."""
    check(train)


@settings(QUICK, max_examples=12)
@given(TRAINS, st.sampled_from(("limit", "tolerance", "area", "area tolerance", "range")))
def test_nothing_that_makes_a_device_worse_turns_a_refutation_into_a_proof(train: Train, how: str) -> None:
    """Tightening the limit, widening a tolerance or a range, shrinking the area: refuted stays refuted."""
    worse = {
        "limit": replace(train, tighter=Fraction(1, 2)),
        "tolerance": replace(train, tolerance=train.tolerance + 5),
        "area": replace(train, area=train.area / 2),
        "area tolerance": replace(train, area_tolerance=train.area_tolerance + 10),
        "range": replace(train, amplitudes=(train.amplitudes[0], train.amplitudes[1] + 1)),
    }[how]
    if decided(train.specification()) is Verdict.REFUTED:
        assert decided(worse.specification()) is Verdict.REFUTED
    else:
        assert decided(worse.specification()) is not Verdict.ERROR


@settings(QUICK, max_examples=8)
@given(TRAINS)
def test_the_units_in_which_a_device_is_written_change_nothing(train: Train) -> None:
    """The same device in uA, ms and mm² has the same verdict."""
    assert decided(train.specification()) is decided(train.specification("uA", "ms", "mm^2"))
