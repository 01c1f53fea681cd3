"""Charge of a whole burst: ``N · Q <= limit`` where nothing is recovered before the burst ends.

Derived from charge per phase: N pulses of one direction add up. The limit is a charge or, over the contact's
geometric area, a charge density. Units: C, C/m². Valid for bursts with recharge per burst; where it is per
pulse the law does not apply, and where nobody says which, one pulse that exceeds the limit refutes the claim
and nothing proves it. The area's pi is enclosed as in :mod:`stimproof.verify.laws.charge_density`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.quantities import CHARGE
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charge_density import density_draft
from stimproof.verify.laws.charges import contact_charges, every, shown

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the charge of all pulses of a burst together stays within the limit."""
    case = Case(limit)
    bound, burst = case.bound(), case.stimulus.burst
    if burst is None:
        case.excluded.append(f"'{case.stimulus.name}' has no bursts")
    elif burst.recharge == "per_pulse":
        case.excluded.append(f"'{case.stimulus.name}' is recharged after each pulse")
    number = limit.limit
    if number is not None and number.quantity is not None and number.quantity.dimension != CHARGE:
        return density_draft(case, bound, case.electrode.tissue, case.electrode.cited_tissue.confidence)
    case.measured(case.electrode.tissue, case.electrode.cited_tissue.confidence)
    charges = contact_charges(case)
    claim = every(charges, bound) if bound is not None and charges else None
    return case.draft(claim, *shown(charges, "charge of a burst", "uC"), ("limit", bound, "uC"))
