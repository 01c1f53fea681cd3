"""Timing: all phases and the gaps between them fit into one period, ``f · (sum of widths + gaps) <= 1``.

A definition. Units: second, hertz. No constant is rounded. Where the shape of the pulse is not known, a
single phase that does not fit already refutes the claim; nothing proves it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Expression, add, mul, real
from stimproof.specs.quantities import TIME
from stimproof.verify.laws.draft import Draft, at_most, delivered

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Stimulus


def draft(limit: Limit, stimulus: Stimulus) -> Draft:
    """Return the claim that a whole pulse fits into the shortest period."""
    del limit  # the law has no limit of its own
    gap = stimulus.interphase_gap
    unknown = []
    if stimulus.phases is None:
        unknown.append(f"the shape of '{stimulus.name}' has no source")
    if gap.quantity is None and len(stimulus.phases or ()) != 1:
        unknown.append(f"the interphase gap of '{stimulus.name}' has no source")
    widths = sum((phase.width for phase in stimulus.phases or ()), Fraction(0)) or Fraction(1)
    busy: Expression = mul(real(widths), delivered(stimulus.pulse_width))
    if gap.quantity is not None and gap.quantity.si:
        gaps = len(stimulus.phases) - 1 if stimulus.phases else 0
        busy = add(busy, real(gap.quantity.si * gaps, TIME))
    share = mul(delivered(stimulus.frequency), busy)
    return Draft(
        claim=at_most(share, real(1)),
        unknown=tuple(unknown),
        numbers=(gap,),
        computed=(("time of all phases", busy, "us"), ("share of the period", share, "%")),
    )
