"""Timing: all phases and the gaps between them fit into one period, ``f · (sum of widths + gaps) <= 1``.

A definition. Units: second, hertz. No constant is rounded. Of a burst, the pulses fit their own period, and
the burst fits between two of its kind: ``f · ((N − 1) + rate · busy) <= rate``. A passive recharge needs
some time that is left, so that its claim is strict. Where the shape of the pulse is not known, a single
phase that does not fit already refutes the claim; nothing proves it. A sinusoid fills its period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import Expression, Op, add, compare, conj, mul, real, sub
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.draft import delivered
from stimproof.verify.laws.widths import busy_time

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that a whole pulse, and a whole burst, fits into the shortest period."""
    case = Case(limit)
    train = case.stimulus
    if train.shape == "sinusoidal":
        case.excluded.append(f"'{train.name}' is a sinusoid, which fills its period")
        return case.draft(None)
    busy, frequency = busy_time(case, train), delivered(train.frequency)
    order = Op.LT if train.recharge.kind == "passive" else Op.LE
    if train.burst is None:
        portion = mul(frequency, busy)
        claim: Expression | None = compare(order, portion, real(1))
        return case.draft(claim, ("time of all phases", busy, "us"), ("share of the period", portion, "%"))
    rate = case.amount(train.burst.rate, f"the rate inside a burst of '{train.name}'")
    count = case.amount(
        train.burst.pulses, f"the number of pulses in a burst of '{train.name}'", as_programmed=True
    )
    if rate is None or count is None:
        return case.draft(None, ("time of all phases", busy, "us"))
    inside = mul(rate, busy)
    taken = mul(frequency, add(sub(count, real(1)), inside))
    between = Op.LE if train.burst.recharge == "per_burst" else order
    after = order if train.burst.recharge != "per_pulse" else Op.LE
    claim = conj(compare(between, inside, real(1)), compare(after, taken, rate))
    return case.draft(
        claim, ("time of all phases", busy, "us"), ("share of the period inside a burst", inside, "%")
    )
