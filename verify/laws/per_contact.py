"""Superposition on a contact: on every one, the sum over concurrent sources of ``|I|`` (or Q) ``<= limit``.

A definition; the Vercise programming manual (91053785-17, page 20) limits the current of each contact. The
currents of concurrent stimuli are added as magnitudes. A steered stimulus puts its contacts' shares on
them; one that is not steered may lie on any contact and counts on each. Units: A or C. No constant is
rounded; of sinusoids, whose charge contains pi, pi is enclosed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.quantities import CHARGE
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import (
    Quotient,
    contact_charges,
    contacts,
    every,
    on_contact,
    peak_current,
    shown,
)

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that no contact gets more than the limit."""
    case = Case(limit)
    bound = case.bound()
    number = limit.limit
    if number is not None and number.quantity is not None and number.quantity.dimension == CHARGE:
        charges = contact_charges(case)
        claim = every(charges, bound) if bound is not None and charges else None
        return case.draft(claim, *shown(charges, "charge on the contact", "uC"), ("limit", bound, "uC"))
    own = [(item, peak_current(case, item)) for item in limit.stimuli]
    sources = [(item, None if amperes is None else Quotient(amperes)) for item, amperes in own]
    totals = [on_contact(case, contact, sources) for contact in contacts(limit.stimuli)]
    found = [total for total in totals if total is not None]
    claim = every(found, bound) if bound is not None and found else None
    return case.draft(claim, *shown(found, "current", "mA"), ("limit", bound, "mA"))
