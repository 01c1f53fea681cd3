"""Fraction of the motor threshold: ``amplitude <= limit · threshold``.

For motor cortex stimulation about 62 % of the motor threshold was effective (Neuromodulation 2015,
ner.12336); approaching the threshold carries the hazard of a seizure. The threshold is a measured patient
parameter, or a sourced number, of the quantity that the stimulator controls. Units: A or V. No constant is
rounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import dimension_of, mul
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.draft import at_most, delivered

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the amplitude stays within its fraction of the motor threshold."""
    case = Case(limit)
    train, bound, threshold = case.stimulus, case.bound(), case.input("threshold")
    amplitude = delivered(train.amplitude)
    if threshold is not None and dimension_of(threshold) != dimension_of(amplitude):
        case.unknown.append(
            f"the threshold is {dimension_of(threshold)}, and '{train.name}' is {train.control}-controlled"
        )
        return case.draft(None)
    claim = at_most(amplitude, mul(bound, threshold)) if bound is not None and threshold is not None else None
    unit = "mA" if train.control == "current" else "V"
    return case.draft(claim, ("amplitude", amplitude, unit), ("threshold", threshold, unit))
