"""The built-in laws of stimulation safety: one law, one module.

Each module says which formula it states, in which units, where it was measured, from which source, and in
which direction every constant is rounded. A law drafts a claim; it never decides. What a law needs stands in
its signature, in :mod:`stimproof.specs.laws`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stimproof.verify.laws import charge_density, charge_injection_capacity, charge_per_phase, shannon, timing
from stimproof.verify.laws.draft import Draft

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit

LAWS: dict[str, Callable[[Limit], Draft]] = {
    "charge_per_phase": charge_per_phase.draft,
    "charge_density": charge_density.draft,
    "shannon": shannon.draft,
    "charge_injection_capacity": charge_injection_capacity.draft,
    "timing": timing.draft,
}
