"""Strength and duration by Weiss: ``I · PW <= limit · rheobase · (PW + chronaxie)`` for each phase.

A definition of the threshold, ``I_th = I_rh · (1 + t_c / PW)`` (Weiss 1901; Merrill, Bikson, Jefferys 2005);
the limit is the multiple of the threshold that must not be passed. Rheobase and chronaxie belong to the
tissue and to the distance of the electrode; they are inputs. Units: A, s. No constant is rounded, and nothing
is divided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import add, conj, mul
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import current
from stimproof.verify.laws.draft import at_most, delivered, times
from stimproof.verify.laws.excitability import ratios

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that no phase passes the multiple of its threshold."""
    case = Case(limit)
    train, bound = case.stimulus, case.bound()
    rheobase, chronaxie, amperes = case.input("rheobase"), case.input("chronaxie"), current(case, train)
    phases = ratios(case, train)
    if bound is None or rheobase is None or chronaxie is None or amperes is None or train.pulse_width is None:
        return case.draft(None)
    parts = []
    for amplitude, width in phases:
        duration = times(width, delivered(train.pulse_width))
        charge = mul(times(amplitude, amperes), duration)
        parts.append(at_most(charge, mul(mul(bound, rheobase), add(duration, chronaxie))))
    return case.draft(conj(*parts), ("rheobase", rheobase, "mA"), ("chronaxie", chronaxie, "us"))
