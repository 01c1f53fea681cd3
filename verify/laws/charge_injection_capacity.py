"""Charge injection capacity: the charge density that an electrode material carries reversibly.

The capacity depends on material, polarity and pulse width, and is lower in the body than in the dish
(Rose and Robblee 1990; Cogan et al. 2016; Leung et al. 2015). The limit and the condition under which it
was measured are the specification's; the law is about the electrode, not about tissue, and both must hold.
Units: C/m². The formula is that of :mod:`stimproof.verify.laws.charge_density`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stimproof.specs.expressions import TRUE
from stimproof.verify.laws.charge_density import density_draft
from stimproof.verify.laws.draft import Draft

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Stimulus


def draft(limit: Limit, stimulus: Stimulus) -> Draft:
    """Return the claim that the charge density stays within the capacity of the contact's material."""
    electrode = stimulus.electrode
    confidence = electrode.cited_material.confidence
    same = density_draft(limit, stimulus, electrode.material_name, confidence)
    if confidence == "unknown":
        # A capacity belongs to a material: without one, even a violated number says nothing.
        missing = (f"the material of '{electrode.name}' has no source",)
        return replace(same, claim=TRUE, unknown=same.unknown + (() if limit.measured_on else missing))
    leans = f"the capacity belongs to the contact's material, {electrode.material_name} ({confidence})"
    return replace(same, assumptions=(*same.assumptions, leans))
