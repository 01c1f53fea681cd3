"""Superposition in an area: the sum over concurrent sources of ``|I|`` (or Q) ``<= limit``.

A definition; the Vercise programming manual (91053785-17, page 20) limits the current of all contacts of an
area together. The amplitudes of concurrent stimuli are added as magnitudes, whichever contacts carry them.
Units: A or C. No constant is rounded; of sinusoids, whose charge contains pi, pi is enclosed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.quantities import CHARGE
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import Quotient, every, peak_current, pulse_charge, shown

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that all stimuli together stay within the limit."""
    case = Case(limit)
    bound, number = case.bound(), limit.limit
    charge = number is not None and number.quantity is not None and number.quantity.dimension == CHARGE
    total: Quotient | None = None
    for stimulus in limit.stimuli:
        amperes = None if charge else peak_current(case, stimulus)
        part = pulse_charge(case, stimulus) if charge else Quotient(amperes) if amperes is not None else None
        if part is None:
            return case.draft(None)
        total = part if total is None else total.plus(part)
    claim = every([total], bound) if bound is not None and total is not None else None
    label, unit = ("charge in the area", "uC") if charge else ("current in the area", "mA")
    return case.draft(claim, *shown([total] if total else [], label, unit), ("limit", bound, unit))
