"""Charge injection capacity: the charge density that an electrode material carries reversibly.

The capacity depends on material, polarity and pulse width, and is lower in the body than in the dish (Rose
and Robblee 1990; Cogan et al. 2016; Leung et al. 2015). The limit and the condition under which it was
measured are the specification's; the law is about the electrode, not about tissue, and both must hold.
Units: C/m². The formula is that of :mod:`stimproof.verify.laws.charge_density`; a ``derating`` divides the
limit exactly. A capacity measured at one pulse width (``measured_width``) is not carried to another one
without an argument, since the reversible reactions take time. The area's pi is enclosed, as there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stimproof.specs.expressions import TRUE, Expression, mul, real
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charge_density import density_draft

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit
    from stimproof.verify.laws.draft import Draft


def draft(limit: Limit) -> Draft:
    """Return the claim that the charge density stays within the capacity of the contact's material."""
    case = Case(limit)
    electrode = case.electrode
    confidence = electrode.cited_material.confidence
    bound = _derated(case, case.bound())
    _width(case)
    drafted = density_draft(case, bound, electrode.material_name, confidence)
    if confidence == "unknown":
        # A capacity belongs to a material: without one, even a violated number says nothing.
        missing = (f"the material of '{electrode.name}' has no source",)
        return replace(drafted, claim=TRUE, unknown=drafted.unknown + (() if limit.measured_on else missing))
    leans = f"the capacity belongs to the contact's material, {electrode.material_name} ({confidence})"
    return replace(drafted, assumptions=(*drafted.assumptions, leans))


def _derated(case: Case, bound: Expression | None) -> Expression | None:
    if "derating" not in case.given.inputs:
        return bound
    factor = case.number("derating")
    if factor is not None and factor < 1:
        case.unknown.append("a derating below one would raise the capacity")
        return None
    return None if bound is None or factor is None else mul(real(1 / factor), bound)


def _width(case: Case) -> None:
    if "measured_width" not in case.given.inputs:
        return
    measured = case.number("measured_width")
    for stimulus in case.given.stimuli:
        width = stimulus.pulse_width
        if measured is None or (width is not None and width.low == width.high == measured):
            continue
        spent = "is a sinusoid" if width is None else f"has widths up to {width.unit.show(width.high)}"
        shown = case.given.inputs["measured_width"]
        case.outside.append(f"it was measured at {getattr(shown, 'text', '')}, and '{stimulus.name}' {spent}")
