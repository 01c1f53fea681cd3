"""Voltage of the coupling capacitor: ``Q / C <= limit``.

A definition: what one phase, or a burst that is recovered only at its end, adds to a series capacitor. The
whole current of the stimulus is taken to flow through one capacitor. Coupling capacitors introduce an offset
voltage of their own and barely help passive balancing (Liu, Demosthenous, Donaldson; van Dongen and Serdijn,
Med Biol Eng Comput 2015), so this law says nothing about balance. Units: C, F, V. Of sinusoids, pi is
enclosed; no other constant is rounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import mul
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import Quotient, charge_name, pulse_charge

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the capacitor is charged by at most the limit."""
    case = Case(limit)
    train, bound = case.stimulus, case.bound()
    charge = pulse_charge(case, train)
    if train.circuit.coupled is False:
        case.excluded.append(f"no coupling capacitor lies in the path of '{train.name}'")
        return case.draft(None)
    capacity = case.amount(train.circuit.coupling_capacitor, f"the coupling capacitor of '{train.name}'")
    if charge is None or capacity is None:
        return case.draft(None)
    claim = charge.at_most(mul(bound, capacity)) if bound is not None else None
    voltage = Quotient(charge.term, capacity).term
    return case.draft(
        claim, (charge_name(case), charge.term, "uC"), ("voltage of the capacitor", voltage, "V")
    )
