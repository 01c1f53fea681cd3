"""The mean square of a current, which needs no root: ``I² · f · PW`` for pulses, ``I² / 2`` for sinusoids."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Expression, mul
from stimproof.verify.laws.charges import current, shapeless
from stimproof.verify.laws.draft import delivered, times

if TYPE_CHECKING:
    from stimproof.specs.specification import Stimulus
    from stimproof.verify.laws.case import Case


def squared_phases(stimulus: Stimulus) -> Fraction:
    """Return the sum over phases of squared amplitude times width, relative to the programmed ones."""
    return sum(
        (phase.amplitude**2 * phase.width for phase in stimulus.phases or ()), Fraction(0)
    ) or Fraction(1)


def mean_square(case: Case, stimulus: Stimulus) -> Expression | None:
    """Return the mean square current while the train is on (A²); ``None`` where something is unknown.

    The current of a passive recharge belongs to it and is not known, so it is noted as unknown.
    """
    amperes = current(case, stimulus)
    if amperes is None:
        return None
    square = mul(amperes, amperes)
    if stimulus.pulse_width is None:
        return times(Fraction(1, 2), square)
    if stimulus.phases is None:
        case.assumptions.append(shapeless(stimulus))
        case.unknown.append(f"the shape of '{stimulus.name}' has no source")
    if stimulus.recharge.kind in ("passive", "unknown") or stimulus.recovered_elsewhere:
        case.unknown.append(f"the current that recovers the charge of '{stimulus.name}' has no source")
    filled = mul(delivered(stimulus.frequency), delivered(stimulus.pulse_width))
    mean = mul(times(squared_phases(stimulus), square), filled)
    if stimulus.burst is None:
        return mean
    what = f"the number of pulses in a burst of '{stimulus.name}'"
    pulses = case.amount(stimulus.burst.pulses, what, as_programmed=True)
    return None if pulses is None else mul(pulses, mean)
