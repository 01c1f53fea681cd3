"""Compliance: the voltage that a current source needs, ``I · (R + R_lead) + Q/C_dl + Q/C_block + headroom``.

Ohm's law and the voltage of two capacitors. ``R`` is the large end of the contact's impedance, which is the
total load that the stimulator sees; where the electrode also gives the capacitance of its double layer, the
polarisation at the smallest area is added to it, which is never too little. The limit is the supply's
voltage. Units: A, ohm, C, F, V. Valid for current control; a voltage source has no compliance. The area's pi
is rounded down. For a sinusoid the resistive and the capacitive peaks are added although they do not
coincide.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import conj, real
from stimproof.specs.quantities import CAPACITANCE, NUMBER, RESISTANCE
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import Quotient, contacts, on_contact, peak_current, pulse_charge, shown

if TYPE_CHECKING:
    from stimproof.specs.expressions import Expression
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft

WHOLE_LOAD = "the impedance range is the total load through one contact, its polarisation included"


def draft(limit: Limit) -> Draft:
    """Return the claim that the supply is high enough for the largest load."""
    case = Case(limit)
    train, bound = case.stimulus, case.bound()
    if train.control == "voltage":
        case.excluded.append(f"'{train.name}' is voltage-controlled")
        return case.draft(None)
    ohms, elastance = _resistance(case), _elastance(case)
    headroom = case.amount(train.circuit.headroom, f"the headroom of '{train.name}'")
    current, charge = peak_current(case, train), pulse_charge(case, train)
    if ohms is None or elastance is None or headroom is None or current is None or charge is None:
        return case.draft(None)
    needed: list[Quotient] = []
    for contact in contacts(case.given.stimuli):
        amperes = on_contact(case, contact, [(train, Quotient(current))])
        coulombs = on_contact(case, contact, [(train, charge)])
        if amperes is not None and coulombs is not None:
            total = amperes.times(ohms).plus(Quotient(headroom))
            needed.append(total.plus(coulombs.times(elastance)) if elastance != _NONE else total)
    claim = conj(*(item.at_most(bound) for item in needed)) if bound is not None and needed else None
    return case.draft(claim, *shown(needed, "voltage needed", "V"), ("limit", bound, "V"))


_NONE = real(0, NUMBER / CAPACITANCE)


def _resistance(case: Case) -> Expression | None:
    """Return the largest resistance of the path, the lead's included."""
    train = case.stimulus
    load = case.end_of(case.electrode.impedance, 1, f"the impedance of '{case.electrode.name}'")
    lead = case.amount(train.circuit.lead_resistance, f"the lead resistance of '{train.name}'")
    number = train.circuit.lead_resistance.quantity
    if load is None or lead is None or number is None:
        return None
    return real(load.si + number.si, RESISTANCE)


def _elastance(case: Case) -> Expression | None:
    """Return the sum of the inverse capacitances of the path."""
    circuit, electrode, train = case.stimulus.circuit, case.electrode, case.stimulus
    total = Fraction(0)
    if circuit.coupled is not False:
        found = case.amount(circuit.coupling_capacitor, f"the coupling capacitor of '{train.name}'")
        if found is None or circuit.coupling_capacitor.quantity is None:
            return None
        total += 1 / circuit.coupling_capacitor.quantity.si
    if electrode.double_layer is None:
        case.assumptions.append(WHOLE_LOAD)
        return real(total, NUMBER / CAPACITANCE)
    layer = case.amount(electrode.double_layer, f"the double-layer capacitance of '{electrode.name}'")
    if (
        layer is None
        or case.area() is None
        or electrode.area is None
        or electrode.double_layer.quantity is None
    ):
        return None
    tolerance = electrode.area_tolerance.quantity
    if tolerance is None:
        case.unknown.append(f"the area tolerance of '{electrode.name}' is not stated")
    smallest = electrode.area[0] * (1 - (tolerance.si if tolerance is not None else 0))
    return real(total + 1 / (electrode.double_layer.quantity.si * smallest), NUMBER / CAPACITANCE)
