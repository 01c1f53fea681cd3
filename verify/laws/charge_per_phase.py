"""Charge per phase: ``Q = I · PW`` (a definition), bounded by a limit that the specification cites.

Units: ampere, second, coulomb. No constant is rounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import real
from stimproof.specs.quantities import CHARGE
from stimproof.verify.laws.draft import Draft, at_most, limit_of, pulse_charge, shape_assumption

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Stimulus


def draft(limit: Limit, stimulus: Stimulus) -> Draft:
    """Return the claim that the charge of the largest phase stays within the limit."""
    bound, unknown = limit_of(limit)
    charge = pulse_charge(stimulus)
    numbers = (limit.limit,) if limit.limit else ()
    if bound is None:
        return Draft(unknown=unknown, numbers=numbers, computed=(("charge per phase", charge, "uC"),))
    return Draft(
        claim=at_most(charge, real(bound, CHARGE)),
        numbers=numbers,
        assumptions=shape_assumption(stimulus),
        computed=(("charge per phase", charge, "uC"), ("limit", real(bound, CHARGE), "uC")),
    )
