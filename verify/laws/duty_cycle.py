"""Duty cycle of the pulses: the part of the time that phases and gaps take, ``f · (widths + gaps) <= limit``.

A definition, while the train is on; of bursts, all pulses of a burst count. Units: second, hertz. No
constant is rounded. Where the shape of the pulse is not known, one phase that exceeds the limit already
refutes the claim; nothing proves it. A sinusoid fills its period, and the law does not apply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import mul
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.draft import at_most, delivered
from stimproof.verify.laws.widths import busy_time

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that pulses take at most their part of the time."""
    case = Case(limit)
    train, bound = case.stimulus, case.bound()
    if train.shape == "sinusoidal":
        case.excluded.append(f"'{train.name}' is a sinusoid, which fills its period")
        return case.draft(None)
    portion = mul(delivered(train.frequency), busy_time(case, train))
    if train.burst is not None:
        what = f"the number of pulses in a burst of '{train.name}'"
        pulses = case.amount(train.burst.pulses, what, as_programmed=True)
        if pulses is None:
            return case.draft(None)
        portion = mul(pulses, portion)
    claim = at_most(portion, bound) if bound is not None else None
    return case.draft(claim, ("share of the time", portion, "%"), ("limit", bound, "%"))
