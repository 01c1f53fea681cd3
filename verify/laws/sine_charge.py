"""Charge of a half cycle of a sinusoid: ``Q = I / (pi · f) <= limit``.

A definition: the integral of ``I · sin(2 pi f t)`` over half a period. Units: A, Hz, C. Pi is enclosed
between two rationals: a proof covers both ends, a refutation holds at both. Valid for sinusoids only; the
laws about charge use the same formula for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import contact_charges, every, shown

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the charge of a half cycle stays within the limit."""
    case = Case(limit)
    bound, charges = case.bound(), contact_charges(case)
    if case.stimulus.shape != "sinusoidal":
        case.excluded.append(f"'{case.stimulus.name}' is no sinusoid")
    if limit.measured_on:
        case.measured(case.electrode.tissue, case.electrode.cited_tissue.confidence)
    claim = every(charges, bound) if bound is not None and charges else None
    return case.draft(claim, *shown(charges, "charge of a half cycle", "uC"), ("limit", bound, "uC"))
