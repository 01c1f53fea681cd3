"""Duty cycle of the train: ``on / (on + off) <= limit``.

A definition, of trains that are cycled. Units: second. No constant is rounded; the claim is multiplied out,
so that nothing is divided. A train without ``duty:`` is on all the time, as far as anybody says, and the law
does not apply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import add, mul
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import Quotient
from stimproof.verify.laws.draft import at_most

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the train is on for at most its part of the time."""
    case = Case(limit)
    train, bound = case.stimulus, case.bound()
    if train.duty is None:
        case.excluded.append(f"'{train.name}' is not cycled")
        return case.draft(None)
    on = case.amount(train.duty.on, f"the time for which '{train.name}' is on")
    off = case.amount(train.duty.off, f"the time for which '{train.name}' is off")
    if on is None or off is None:
        return case.draft(None)
    both = add(on, off)
    claim = at_most(on, mul(bound, both)) if bound is not None else None
    return case.draft(claim, ("part of the time", Quotient(on, both).term, "%"), ("limit", bound, "%"))
