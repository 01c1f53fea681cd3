"""Energy of a pulse of an external stimulator: the sum over its phases of ``I² · load · PW <= limit``.

IEC 60601-2-10 allows 300 mJ for a pulse into 500 ohm (clause 51.104 of IEC 601-2-10, as quoted by BIOPAC).
For electrodes on the skin only; for others the answer is *not applicable*, since the standard excludes them.
Under voltage control the current is the voltage over the load. Units: A, ohm, s, J. No constant is rounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import Expression, mul, real
from stimproof.specs.quantities import NUMBER, RESISTANCE
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import shapeless
from stimproof.verify.laws.draft import at_most, delivered, times
from stimproof.verify.laws.scope import skin_only
from stimproof.verify.laws.squares import squared_phases

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the energy of a whole pulse stays within the limit."""
    case = Case(limit)
    bound, energy = case.bound(), _energy(case)
    skin_only(case)
    claim = at_most(energy, bound) if bound is not None and energy is not None else None
    return case.draft(claim, ("energy of a pulse", energy, "mJ"), ("limit", bound, "mJ"))


def _energy(case: Case) -> Expression | None:
    """Return the energy of all phases into the load (J); ``None`` where something is unknown."""
    train, load = case.stimulus, case.number("load")
    if train.pulse_width is None:
        case.excluded.append(f"'{train.name}' is a sinusoid, which has no pulses")
        return None
    if train.phases is None:
        case.assumptions.append(shapeless(train))
        case.unknown.append(f"the shape of '{train.name}' has no source")
    if train.recovered_elsewhere:
        case.unknown.append(f"the phase that recovers the charge of '{train.name}' has no source")
    if load is None or load <= 0:
        return None
    amplitude = delivered(train.amplitude)
    ohms = real(load, RESISTANCE) if train.control == "current" else real(1 / load, NUMBER / RESISTANCE)
    power = mul(ohms, mul(amplitude, amplitude))
    return times(squared_phases(train), mul(power, delivered(train.pulse_width)))
