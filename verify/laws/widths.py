"""How long a pulse takes: its phases and the gaps between them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.expressions import add, real
from stimproof.specs.specification import Number
from stimproof.verify.laws.draft import delivered, times

if TYPE_CHECKING:
    from stimproof.specs.expressions import Expression
    from stimproof.specs.specification import Stimulus
    from stimproof.verify.laws.case import Case


def busy_time(case: Case, stimulus: Stimulus) -> Expression:
    """Return the time from the first phase to the end of the last (s), of what is known of it.

    Of an unknown shape that is one phase, of an unknown gap, and of a recharge that is driven but not among
    the phases, nothing; each is then noted as unknown.
    """
    assert stimulus.pulse_width is not None
    phases = stimulus.phases
    if phases is None:
        case.unknown.append(f"the shape of '{stimulus.name}' has no source")
    if stimulus.recovered_elsewhere:
        case.unknown.append(f"the phase that recovers the charge of '{stimulus.name}' has no source")
    widths = sum((phase.width for phase in phases or ()), Fraction(0)) or Fraction(1)
    busy = times(widths, delivered(stimulus.pulse_width))
    if phases is not None and len(phases) == 1:
        return busy
    gap = case.amount(stimulus.interphase_gap, f"the interphase gap of '{stimulus.name}'")
    nothing = isinstance(stimulus.interphase_gap, Number) and gap == real(0)
    if gap is None or nothing or phases is None:
        return busy
    return add(busy, times(Fraction(len(phases) - 1), gap))
