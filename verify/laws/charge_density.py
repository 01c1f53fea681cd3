"""Charge density per phase: ``D = Q / A`` with the geometric area ``A`` of one contact (a definition).

The limit is the specification's: for deep brain stimulation 30 uC/cm² is in use (Cogan, Ludwig, Welle,
Takmakov, J Neural Eng 13:021001, 2016). The area is geometric, not electrochemical, and the edges of a
contact carry more than the mean; both are stated as assumptions. Units: C, m². Where the area contains
pi, it is enclosed between two rationals: a proof covers both ends, a refutation holds at both. On other
tissue than the limit was ``measured_on`` the law does not apply without an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import mul
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import Quotient, charge_name, contact_charges, every, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stimproof.specs.expressions import Expression
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft

MEAN = (
    "the density is the mean over the geometric area of one contact that carries the whole current; "
    "edges carry more"
)
MEAN_OF_SHARE = (
    "the density is the mean over the geometric area of the contact that carries the most; edges carry more"
)


def draft(limit: Limit) -> Draft:
    """Return the claim that the mean charge density of the largest phase stays within the limit."""
    case = Case(limit)
    return density_draft(case, case.bound(), case.electrode.tissue, case.electrode.cited_tissue.confidence)


def mean(case: Case) -> str:
    """Return what is assumed of how the current spreads over a contact."""
    return MEAN_OF_SHARE if any(item.shares for item in case.given.stimuli) else MEAN


def density_draft(case: Case, bound: Expression | None, here: str, confidence: str) -> Draft:
    """Return the claim that the density stays within a bound (C/m²).

    The bound belongs to the tissue, or the material, called ``here``.
    """
    charges, area = contact_charges(case), case.area()
    case.assumptions.append(mean(case))
    case.measured(here, confidence)
    claim = every(charges, mul(bound, area)) if bound is not None and charges and area is not None else None
    return case.draft(claim, *densities(case, charges, area), ("limit", bound, "uC/cm^2"))


def densities(
    case: Case, charges: Sequence[Quotient] | None, area: Expression | None
) -> list[tuple[str, Expression | None, str]]:
    """Return what to print of charges and their densities."""
    result: list[tuple[str, Expression | None, str]] = [*shown(charges, charge_name(case), "uC")]
    if charges and area is not None:
        spread = [Quotient(charge.term, area) for charge in charges]
        result += [("contact area", area, "cm^2"), *shown(spread, "charge density", "uC/cm^2")]
    return result
