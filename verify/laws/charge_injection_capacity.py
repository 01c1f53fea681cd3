"""Charge injection capacity: the charge density that an electrode material carries reversibly.

The capacity depends on material, polarity and pulse width, and is lower in the body than in the dish
(Rose and Robblee 1990; Cogan et al. 2016; Leung et al. 2015). The limit and the condition under which it
was measured are the specification's; the law is about the electrode, not about tissue, and both must hold.
Units: C/m². The formula is that of :mod:`stimproof.verify.laws.charge_density`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stimproof.verify.laws import charge_density
from stimproof.verify.laws.draft import Draft

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Stimulus


def draft(limit: Limit, stimulus: Stimulus) -> Draft:
    """Return the claim that the charge density stays within the capacity of the contact's material."""
    same = charge_density.draft(limit, stimulus)
    electrode = stimulus.electrode
    if electrode.cited_material.confidence == "unknown":
        return replace(same, unknown=(*same.unknown, f"the material of '{electrode.name}' has no source"))
    leans = f"the capacity belongs to the contact's material, {electrode.material_name} ({electrode.cited_material.confidence})"
    return replace(same, assumptions=(*same.assumptions, leans))
