"""Charge density per phase: ``D = Q / A`` with the geometric area ``A`` of one contact (a definition).

The limit is the specification's: for deep brain stimulation 30 uC/cm² is in use (Cogan, Ludwig, Welle,
Takmakov, J Neural Eng 13:021001, 2016). The area is geometric, not electrochemical, and the edges of a
contact carry more than the mean; both are stated as assumptions. Units: C, m². Where the area contains
pi, it is enclosed between two rationals: a proof covers both ends, a refutation holds at both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import Apply, Op, Real, mul, real
from stimproof.specs.quantities import CHARGE_DENSITY
from stimproof.verify.laws.draft import (
    Draft,
    area_unknown,
    at_most,
    contact_area,
    limit_of,
    measured,
    pulse_charge,
    shape_assumption,
)

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Stimulus

MEAN = (
    "the density is the mean over the geometric area of one contact that carries the whole current; "
    "edges carry more"
)


def draft(limit: Limit, stimulus: Stimulus) -> Draft:
    """Return the claim that the mean charge density of the largest phase stays within the limit."""
    electrode = stimulus.electrode
    return density_draft(limit, stimulus, electrode.tissue, electrode.cited_tissue.confidence)


def density_draft(limit: Limit, stimulus: Stimulus, here: str, confidence: str) -> Draft:
    """Return the claim for a limit that belongs to the tissue, or the material, called ``here``."""
    bound, unknown = limit_of(limit)
    charge = pulse_charge(stimulus)
    electrode = stimulus.electrode
    numbers = (*((limit.limit,) if limit.limit else ()), *electrode.dimensions, electrode.area_tolerance)
    computed = [("charge per phase", charge, "uC")]
    if electrode.area is not None:
        density = Apply(Op.DIV, (charge, contact_area()), Real(CHARGE_DENSITY))
        computed += [("contact area", contact_area(), "cm^2"), ("charge density", density, "uC/cm^2")]
    missing, outside, assumed = measured(limit, here, confidence)
    unknown += area_unknown(stimulus) + missing
    if unknown or bound is None:
        return Draft(unknown=unknown, numbers=numbers, computed=tuple(computed), outside=outside)
    return Draft(
        claim=at_most(charge, mul(real(bound, CHARGE_DENSITY), contact_area())),
        numbers=numbers,
        computed=(*computed, ("limit", real(bound, CHARGE_DENSITY), "uC/cm^2")),
        outside=outside,
        assumptions=(*shape_assumption(stimulus), MEAN, *assumed),
    )
