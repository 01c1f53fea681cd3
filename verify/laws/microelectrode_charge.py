"""Charge per phase of a microelectrode: ``Q <= limit``, where the Shannon line says nothing.

Cogan, Ludwig, Welle, Takmakov (J Neural Eng 13:021001, 2016): below the boundary of macro- and
microelectrodes, 0.0003 to 0.0007 cm², damage follows the charge per phase, with a threshold of 4 nC/phase.
The limit is the specification's. Units: C. Valid for contacts that are smaller than the upper end of the
boundary, which are those that the Shannon line excludes. No constant is rounded; a round contact's area is
taken at the lower bound of pi, so that a contact on the boundary is treated as a microelectrode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import charge_name, contact_charges, every, shown
from stimproof.verify.laws.shannon import MICRO

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the charge of the largest phase stays within the limit of microelectrodes."""
    case = Case(limit)
    bound, charges = case.bound(), contact_charges(case)
    electrode = case.electrode
    case.measured(electrode.tissue, electrode.cited_tissue.confidence)
    if case.area() is not None and electrode.area is not None and electrode.area[0] >= MICRO.si:
        case.excluded.append(f"'{electrode.name}' is no smaller than {MICRO}: it is no microelectrode")
    claim = every(charges, bound) if bound is not None and charges else None
    return case.draft(claim, *shown(charges, charge_name(case), "nC"), ("limit", bound, "nC"))
