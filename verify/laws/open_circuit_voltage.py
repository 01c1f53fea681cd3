"""Open-circuit voltage of an external stimulator: the output voltage without a load ``<= limit``.

IEC 60601-2-10 allows 500 V peak (clause 51.104 of IEC 601-2-10, as quoted by BIOPAC). For electrodes on the
skin only; for others the answer is *not applicable*, since the standard excludes them. The voltage is an
input: what the output stage can reach when nothing is connected. Units: V. No constant is rounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.verify.laws.case import Case
from stimproof.verify.laws.draft import at_most
from stimproof.verify.laws.scope import skin_only

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the open-circuit voltage stays within the limit."""
    case = Case(limit)
    bound, voltage = case.bound(), case.input("voltage")
    skin_only(case)
    claim = at_most(voltage, bound) if bound is not None and voltage is not None else None
    return case.draft(claim, ("open-circuit voltage", voltage, "V"), ("limit", bound, "V"))
