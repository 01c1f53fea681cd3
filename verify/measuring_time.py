"""The second reading of the laws in which time matters: fitting, cycling, decay, excitability, heat."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.bounds import LN_2, PI, exponential
from stimproof.specs.quantities import CURRENT
from stimproof.verify.meters import UnreadableError

if TYPE_CHECKING:
    from stimproof.specs.specification import Stimulus
    from stimproof.verify.meters import Meter


def overfull(meter: Meter) -> bool:
    """Return whether a pulse, or a burst, does not fit into its period.

    A passive recharge that has no time left does not fit either.
    """
    train, frequency = meter.train, meter.read(meter.train.frequency)
    passive = train.recharge.kind == "passive"
    busy = meter.busy(train)
    if train.burst is None:
        return _full(frequency * busy, passive)
    rate = meter.read(train.burst.rate)
    whole = (meter.pulses(train) - 1) / rate + busy if rate else busy
    within = passive and train.burst.recharge == "per_pulse"
    after = passive and train.burst.recharge == "per_burst"
    return _full(rate * busy, within) or _full(frequency * whole, after)


def _full(portion: Fraction, needs_time: bool) -> bool:
    return portion >= 1 if needs_time else portion > 1


def busy(meter: Meter) -> bool:
    """Return whether pulses take more than their part of the time."""
    train = meter.train
    return meter.read(train.frequency) * meter.pulses(train) * meter.busy(train) > meter.bound


def on_for_long(meter: Meter) -> bool:
    """Return whether the train is on for more than its part of the time."""
    if meter.train.duty is None:
        raise UnreadableError("duty")
    on, off = meter.read(meter.train.duty.on), meter.read(meter.train.duty.off)
    return on + off > 0 and on / (on + off) > meter.bound


def unbalanced(meter: Meter) -> bool:
    """Return whether more is left unbalanced than the limit allows."""
    train = meter.train
    sums = _sums(train)
    larger, smaller = max(sums), min(sums)
    mismatch = train.mismatch.quantity
    driven = _driven_elsewhere(train)
    slip = mismatch.si if mismatch is not None and (smaller > 0 or driven) else Fraction(0)
    left = (Fraction(0) if driven else larger - smaller) + slip * larger
    if train.recharge.kind == "unknown":
        raise UnreadableError("recharge")
    if meter.bounds(CURRENT):
        left *= _charge_per_second(meter, train)
    else:
        left /= larger
    if train.recharge.kind == "passive":
        constants = _time_constants(meter, train)
        if constants <= 0:
            return True
        left *= exponential(-constants)[0]
    return left > meter.bound


def _driven_elsewhere(train: Stimulus) -> bool:
    """Return whether an active recharge is not among the phases, and so undoes what they leave."""
    if train.recharge.kind != "active" or not train.phases:
        return False
    one_way = all(phase.polarity == train.phases[0].polarity for phase in train.phases)
    return one_way or (train.burst is not None and train.burst.recharge == "per_burst")


def _sums(train: Stimulus) -> tuple[Fraction, Fraction]:
    if train.pulse_width is None:
        return Fraction(1), Fraction(1)
    if train.phases is None:
        raise UnreadableError("shape")
    signed = [(phase.polarity, phase.amplitude * phase.width) for phase in train.phases]
    cathodic = sum((size for polarity, size in signed if polarity == "cathodic"), Fraction(0))
    return cathodic, sum((size for _, size in signed), Fraction(0)) - cathodic


def _charge_per_second(meter: Meter, train: Stimulus) -> Fraction:
    """Return amplitude times width of all pulses of a second; of a sinusoid, its half cycles of one sign."""
    if train.pulse_width is None:
        return meter.amperes(train) / PI[1]
    each = meter.amperes(train) * meter.width(train)
    return each * meter.read(train.frequency) * meter.pulses(train)


def _time_constants(meter: Meter, train: Stimulus) -> Fraction:
    """Return how many time constants a passive recharge lasts, at most."""
    constant = meter.read(train.recharge.resistance) * meter.read(train.recharge.capacitance)
    frequency = meter.read(train.frequency)
    busy_for = meter.busy(train)
    if train.burst is None:
        period = frequency
    elif train.burst.recharge == "per_pulse":
        period = meter.read(train.burst.rate)
    elif train.burst.recharge == "per_burst":
        period = frequency
        busy_for += (meter.pulses(train) - 1) / meter.read(train.burst.rate)
    else:
        raise UnreadableError("recharge of a burst")
    if period == 0:
        raise UnreadableError("a period without an end")
    return (1 / period - busy_for) / constant


def weiss(meter: Meter) -> bool:
    """Return whether some phase passes its multiple of the threshold by Weiss."""
    train, rheobase, chronaxie = meter.train, meter.input("rheobase"), meter.input("chronaxie")
    for amplitude, width in _phases(meter, train):
        if width > 0 and amplitude > meter.bound * rheobase * (1 + chronaxie / width):
            return True
    return False


def lapicque(meter: Meter) -> bool:
    """Return whether some phase passes its multiple of the threshold by Lapicque, rounded against that."""
    train, rheobase, chronaxie = meter.train, meter.input("rheobase"), meter.input("chronaxie")
    if chronaxie <= 0:
        raise UnreadableError("chronaxie")
    for amplitude, width in _phases(meter, train):
        grown = 1 - exponential(-width * LN_2[0] / chronaxie)[1]
        if amplitude * grown > meter.bound * rheobase:
            return True
    return False


def _phases(meter: Meter, train: Stimulus) -> list[tuple[Fraction, Fraction]]:
    amperes, width = meter.amperes(train), meter.width(train)
    if train.phases is None:
        return [(amperes, width)]
    return [(amperes * phase.amplitude, width * phase.width) for phase in train.phases]


def dose(meter: Meter) -> bool:
    """Return whether the minutes at a temperature are equivalent to more than the limit at 43 degC."""
    colder = Fraction("316.15") - meter.input("temperature")
    halvings = 2 * colder if colder > 0 else colder  # R is 0.25 below 43 degC, 0.5 from there on
    shrunk = exponential(-halvings * LN_2[1 if colder > 0 else 0])[0]
    return meter.input("duration") * shrunk > meter.bound
