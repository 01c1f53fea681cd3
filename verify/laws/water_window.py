"""The water window: the contact's polarisation ``Q / (C_dl · A)`` stays between two potentials.

Outside the window of its material an electrode splits water (Cogan 2008; Merrill, Bikson, Jefferys 2005; for
platinum -0.6 V to 0.8 V against Ag/AgCl). The window's edges are inputs, the double layer's capacitance per
area is the electrode's. Valid for the material that the edges were ``measured_on``. Units: C, F/m², m², V.
Each polarity is held against its own edge. The double layer is taken as linear, and the contact as starting
at rest; the first is on the safe side as far as faradaic reactions take charge, the second is an assumption.
The area's pi is enclosed: a proof covers both ends, a refutation holds at both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import Expression, conj, mul, real
from stimproof.specs.quantities import VOLTAGE
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import Quotient, contact_charges, every, shown

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft

AT_REST = "the contact is at 0 V against the window's reference before each pulse, and its capacity is linear"


def draft(limit: Limit) -> Draft:
    """Return the claim that each polarity of the pulse stays within its edge of the window."""
    case = Case(limit)
    case.measured(case.electrode.material_name, case.electrode.cited_material.confidence)
    case.assumptions.append(AT_REST)
    area, layer = case.area(), case.electrode.double_layer
    what = f"the double-layer capacitance of '{case.electrode.name}'"
    if layer is None:
        case.unknown.append(f"{what} is not given")
    capacity = case.amount(layer, what) if layer is not None else None
    edges = {"cathodic": _edge(case, "cathodic", -1), "anodic": _edge(case, "anodic", 1)}
    charges = {polarity: contact_charges(case, polarity) for polarity in edges}
    if area is None or capacity is None:
        return case.draft(None)
    whole = mul(capacity, area)
    parts: list[Expression] = []
    printed: list[tuple[str, Expression, str]] = []
    for polarity, edge in edges.items():
        own = charges[polarity]
        if own:
            printed += shown([Quotient(item.term, whole) for item in own], f"{polarity} polarisation", "V")
        if own and edge is not None:
            parts.append(every(own, mul(whole, real(edge, VOLTAGE))))
    return case.draft(conj(*parts) if parts else None, *printed)


def _edge(case: Case, name: str, sign: int) -> Fraction | None:
    """Return how far an edge of the window lies from zero; ``None`` where it is unknown or inside out."""
    value = case.number(name)
    if value is not None and value * sign < 0:
        case.unknown.append(f"the {name} edge of a water window cannot be {case.given.inputs[name].text}")  # type: ignore[union-attr]
        return None
    return None if value is None else abs(value)
