"""Charge per phase: ``Q = I · PW`` (a definition), bounded by a limit that the specification cites.

Units: ampere, second, coulomb. No constant is rounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import real
from stimproof.specs.quantities import CHARGE
from stimproof.verify.laws.draft import Draft, at_most, limit_of, measured, pulse_charge, shape_assumption

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Stimulus


def draft(limit: Limit, stimulus: Stimulus) -> Draft:
    """Return the claim that the charge of the largest phase stays within the limit."""
    bound, unknown = limit_of(limit)
    charge = pulse_charge(stimulus)
    numbers = (limit.limit,) if limit.limit else ()
    electrode = stimulus.electrode
    outside: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    if limit.measured_on:  # else it is a limit of the device's own, which knows no tissue
        missing, outside, assumed = measured(limit, electrode.tissue, electrode.cited_tissue.confidence)
        unknown += missing
    if unknown or bound is None:
        computed = (("charge per phase", charge, "uC"),)
        return Draft(unknown=unknown, numbers=numbers, computed=computed, outside=outside)
    return Draft(
        claim=at_most(charge, real(bound, CHARGE)),
        numbers=numbers,
        outside=outside,
        assumptions=(*shape_assumption(stimulus), *assumed),
        computed=(("charge per phase", charge, "uC"), ("limit", real(bound, CHARGE), "uC")),
    )
