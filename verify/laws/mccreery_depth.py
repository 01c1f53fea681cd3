"""Charge density in the tissue under a disc: ``Q / A · (1 − x / sqrt(R² + x²)) <= limit`` at the depth x.

McCreery et al., IEEE Trans Biomed Eng 37:996-1001, 1990: what is left, at the distance x on the axis, of the
density at the surface of a disc of radius R. Their example of 800 uC/cm², R = 45 um and x = 60 um gives
160 uC/cm²; their prose says 130. Units: C/m², m. The factor is enclosed between two rationals. It grows with
R, which is taken at the large end of the area's tolerance, and the area at its small end. Valid for discs.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.bounds import square_root
from stimproof.specs.expressions import PLAIN, Expression, Reference, mul
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charge_density import densities
from stimproof.verify.laws.charges import contact_charges, every

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft

FACTOR = "depth.factor"


def draft(limit: Limit) -> Draft:
    """Return the claim that the density at the depth stays within the limit."""
    case = Case(limit)
    bound, charges, area = case.bound(), contact_charges(case), case.area()
    case.measured(case.electrode.tissue, case.electrode.cited_tissue.confidence)
    if case.electrode.shape != "disc":
        case.excluded.append(f"it is the field of a disc, and '{case.electrode.name}' is none")
    factor = _factor(case)
    claim = None
    if bound is not None and charges and area is not None and factor is not None:
        claim = every([charge.times(factor) for charge in charges], mul(bound, area))
    shown = densities(case, charges, area)
    return case.draft(claim, *shown, ("part left at the depth", factor, "%"), ("limit", bound, "uC/cm^2"))


def _factor(case: Case) -> Expression | None:
    """Return what is left of the density at the depth; ``None`` where depth or radius is unknown."""
    depth = case.number("depth")
    diameter = next((item for item in case.electrode.dimensions if item.name == "diameter"), None)
    if depth is None or diameter is None or diameter.quantity is None:
        return None
    tolerance = case.electrode.area_tolerance.quantity
    grown = 1 + (tolerance.si if tolerance is not None else Fraction(0))
    case.enclosed[FACTOR] = left_at(depth, diameter.quantity.si**2 / 4 * grown)
    return Reference(FACTOR, PLAIN)


def left_at(depth: Fraction, squared_radius: Fraction) -> tuple[Fraction, Fraction]:
    """Return bounds of the part of the surface's density that is left at a depth under a disc."""
    low, high = square_root(squared_radius + depth**2)
    return 1 - depth / low, 1 - depth / high
