"""R.m.s. current of an external stimulator: ``sqrt(mean of I²) <= limit``, squared.

IEC 60601-2-10 limits the r.m.s. current into 500 ohm by frequency. For electrodes on the skin only; for
others the answer is *not applicable*, since the standard excludes them. Units: A. No constant is rounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import mul
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.draft import at_most
from stimproof.verify.laws.scope import skin_only
from stimproof.verify.laws.squares import mean_square

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the r.m.s. current stays within the limit."""
    case = Case(limit)
    bound, square = case.bound(), mean_square(case, case.stimulus)
    skin_only(case)
    claim = at_most(square, mul(bound, bound)) if bound is not None and square is not None else None
    return case.draft(claim, ("limit", bound, "mA"))
