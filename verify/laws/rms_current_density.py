"""R.m.s. current density: ``sqrt(mean of I²) / A <= limit``, squared so that nothing irrational is left.

IEC 60601-2-10 demands special attention of the operator above 2 mA r.m.s./cm² (AS 60601.2.10:2018, clause
201.7.9.2); a limit ``measured_on: skin`` is that one and is refused for other electrodes with the reason.
The mean is taken while the train is on. The r.m.s. value of concurrent stimuli is at most the sum of theirs,
whose square is at most their number times the sum of the squares. Units: A, m². A definition. The area's pi
is enclosed: a proof covers both ends, a refutation holds at both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import Expression, add, conj, mul, real
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import contacts, share
from stimproof.verify.laws.draft import at_most
from stimproof.verify.laws.scope import skin_only
from stimproof.verify.laws.squares import mean_square

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the r.m.s. current density on every contact stays within the limit."""
    case = Case(limit)
    bound, area = case.bound(), case.area()
    if limit.measured_on == "skin":
        skin_only(case)
    else:
        case.measured(case.electrode.tissue, case.electrode.cited_tissue.confidence)
    if area is None or bound is None:
        return case.draft(None)
    line = mul(mul(bound, bound), mul(area, area))
    found = [_on(case, contact) for contact in contacts(limit.stimuli)]
    squares = [square for square in found if square is not None]
    claim = conj(*(at_most(square, line) for square in squares)) if squares else None
    return case.draft(claim, ("contact area", area, "cm^2"), ("limit", bound, "mA/cm^2"))


def _on(case: Case, contact: str) -> Expression | None:
    """Return a bound of the mean square current of all stimuli on one contact (A²)."""
    stimuli, total = case.given.stimuli, None
    for stimulus in stimuli:
        square, part = mean_square(case, stimulus), share(case, stimulus, contact)
        if square is None or part is None:
            return None
        own = square if part == real(1) else mul(mul(part, part), square)
        total = own if total is None else add(total, own)
    return None if total is None else total if len(stimuli) == 1 else mul(real(len(stimuli)), total)
