"""Strength and duration by Lapicque: ``I · (1 − exp(−PW / tau)) <= limit · rheobase`` for each phase.

A definition of the threshold, ``I_th = I_rh / (1 − exp(−PW / tau))`` with ``tau = t_c / ln 2`` (Lapicque
1907; Merrill, Bikson, Jefferys 2005); the limit is the multiple of it that must not be passed. Units: A, s.
``1 − exp(−x)`` is concave and is replaced by tangents, which lie above it; ``e^−a`` is rounded down and ln 2
up, both of which make the claim harder. Near an anchor the claim is as good as exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.bounds import LN_2, exponential
from stimproof.specs.expressions import Expression, add, conj, disj, mul, real
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import current
from stimproof.verify.laws.decay import anchors
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
    if case.ends(chronaxie)[0] <= 0:
        case.unknown.append(f"the chronaxie of '{limit.name}' may be zero")
        return case.draft(None)
    line = mul(bound, rheobase)
    parts = [
        _phase(case, times(amplitude, amperes), times(width, delivered(train.pulse_width)), chronaxie, line)
        for amplitude, width in phases
    ]
    return case.draft(conj(*parts), ("rheobase", rheobase, "mA"), ("chronaxie", chronaxie, "us"))


def _phase(
    case: Case, amperes: Expression, duration: Expression, chronaxie: Expression, line: Expression
) -> Expression:
    """Return that one phase stays below the line, by any one of the tangents."""
    widths, times_constant = case.ends(duration), case.ends(chronaxie)
    grown = times(LN_2[1], duration)
    least, most = widths[0] * LN_2[1] / times_constant[1], widths[1] * LN_2[1] / times_constant[0]
    tangents = []
    for anchor in anchors(least, most):
        slope = exponential(-anchor)[0]
        # 1 − e^−a · (1 + a − x), times the chronaxie
        reached = add(times(1 - slope * (1 + anchor), chronaxie), mul(real(slope), grown))
        tangents.append(at_most(mul(amperes, reached), mul(line, chronaxie)))
    return disj(*tangents)
