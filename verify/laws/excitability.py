"""What the strength-duration laws share: the phases of a pulse against rheobase and chronaxie."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.verify.laws.charges import shapeless

if TYPE_CHECKING:
    from stimproof.specs.specification import Stimulus
    from stimproof.verify.laws.case import Case

Ratio = tuple[Fraction, Fraction]


def ratios(case: Case, stimulus: Stimulus) -> tuple[Ratio, ...]:
    """Return amplitude and width of each phase relative to the programmed ones; none for a sinusoid."""
    if stimulus.pulse_width is None:
        case.excluded.append(f"'{stimulus.name}' is a sinusoid, and the law is about rectangular pulses")
        return ()
    if stimulus.phases is None:
        case.assumptions.append(shapeless(stimulus))
        return ((Fraction(1), Fraction(1)),)
    return tuple(dict.fromkeys((phase.amplitude, phase.width) for phase in stimulus.phases))
