"""Charge per phase: ``Q = I · PW`` (a definition), bounded by a limit that the specification cites.

Units: ampere, second, coulomb. No constant is rounded; of a sinusoid, whose half cycle moves
``I / (pi · f)``, pi is enclosed between two rationals. Valid for any pulse; without ``measured_on`` it is a
limit of the device's own, which knows no tissue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import charge_name, contact_charges, every, shown

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the charge of the largest phase stays within the limit."""
    case = Case(limit)
    bound, charges = case.bound(), contact_charges(case)
    if limit.measured_on:
        case.measured(case.electrode.tissue, case.electrode.cited_tissue.confidence)
    claim = every(charges, bound) if bound is not None and charges else None
    return case.draft(claim, *shown(charges, charge_name(case), "uC"), ("limit", bound, "uC"))
