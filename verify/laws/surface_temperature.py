"""Temperature of the outer surface: ``T <= limit``.

ISO 14708-3:2017, clause 17.1 (as transcribed in the audit of kshtjkumar/neurostim-safety): not above 39 degC
without evidence by thermal dose or another justification. The temperature is an input, measured or derived.
Units: K, from a point of a scale. No constant is rounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.verify.laws.case import Case
from stimproof.verify.laws.draft import at_most

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the surface is never hotter than the limit."""
    case = Case(limit)
    bound, temperature = case.bound(), case.input("temperature")
    claim = at_most(temperature, bound) if bound is not None and temperature is not None else None
    return case.draft(claim, ("temperature", temperature, "degC"), ("limit", bound, "degC"))
