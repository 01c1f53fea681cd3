"""The Shannon line: ``log10 D = k - log10 Q``, that is ``Q² / A <= 10^k`` with Q in uC and A in cm².

Shannon, *A model of safe levels for electrical stimulation*, IEEE Trans Biomed Eng 39(4):424-426, 1992. It
was fitted to surface discs on cat cortex (400 us, 50 Hz, 7 h). It does not describe microelectrodes (Cogan
et al. 2016: boundary of macro and micro at 0.0003 to 0.0007 cm²), and other tissue, widths and rates need
an argument. In SI units ``Q² · 10^8 <= 10^k · A``; ``10^k`` is enclosed between two rationals, so that a
proof uses the lower and a refutation the upper one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.bounds import power_of_ten
from stimproof.specs.expressions import Apply, Op, Real, Reference, mul, real
from stimproof.specs.quantities import AREA, CHARGE_DENSITY, quantity
from stimproof.verify.laws.charge_density import MEAN
from stimproof.verify.laws.draft import (
    BARE,
    Draft,
    area_unknown,
    at_most,
    contact_area,
    limit_of,
    pulse_charge,
    shape_assumption,
)

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Stimulus

MICRO = quantity("0.0007 cm^2")
"""Upper end of the macro/micro boundary (Cogan et al. 2016): smaller contacts are outside for certain."""
MEASURED_WIDTH, MEASURED_RATE = quantity("400 us"), quantity("50 Hz")
CORTEX = frozenset({"cortex", "cerebral cortex", "motor cortex", "brain surface"})
LINE = "10^k"


def draft(limit: Limit, stimulus: Stimulus) -> Draft:
    """Return the claim that every phase lies on or below the line of the given ``k``."""
    k, unknown = limit_of(limit)
    charge = pulse_charge(stimulus)
    electrode = stimulus.electrode
    numbers = (*((limit.limit,) if limit.limit else ()), *electrode.dimensions, electrode.area_tolerance)
    unknown += area_unknown(stimulus)
    if electrode.tissue == "unknown":
        unknown += (f"the tissue under '{electrode.name}' has no source",)
    computed = (("charge per phase", charge, "uC"),)
    outside, excluded = _conditions(stimulus)
    if unknown or k is None:
        return Draft(unknown=unknown, numbers=numbers, computed=computed, outside=outside, excluded=excluded)
    squared = mul(charge, charge)
    line = Reference(LINE, Real(squared.type.dimension / AREA) if isinstance(squared.type, Real) else Real())
    density = Apply(Op.DIV, (charge, contact_area()), Real(CHARGE_DENSITY))
    position = Apply(Op.DIV, (mul(real(10**8), squared), contact_area()), line.type)
    return Draft(
        claim=at_most(mul(real(10**8), squared), mul(line, contact_area())),
        enclosed={LINE: power_of_ten(k)},
        numbers=numbers,
        computed=(
            *computed,
            ("contact area", contact_area(), "cm^2"),
            ("charge density", density, "uC/cm^2"),
            ("Q²/A in uC²/cm²", position, BARE),
            ("10^k in uC²/cm²", line, BARE),
        ),
        outside=outside,
        excluded=excluded,
        assumptions=(*shape_assumption(stimulus), MEAN),
    )


def _conditions(stimulus: Stimulus) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which measuring conditions the stimulus leaves, and which of them nothing can argue away."""
    electrode, outside, excluded = stimulus.electrode, [], []
    if electrode.tissue != "unknown" and electrode.tissue not in CORTEX:
        outside.append(f"it was measured on the surface of cat cortex, not on {electrode.tissue}")
    for parameter, measured in ((stimulus.pulse_width, MEASURED_WIDTH), (stimulus.frequency, MEASURED_RATE)):
        if (parameter.low, parameter.high) != (measured.si, measured.si):
            show = parameter.unit.show
            span = f"from {show(parameter.low)} to {show(parameter.high)}"
            outside.append(f"it was measured at {measured}, and '{parameter.name}' runs {span}")
    if electrode.area is not None and electrode.area[1] < MICRO.si:
        excluded.append(f"'{electrode.name}' is smaller than {MICRO}: microelectrodes do not follow the line")
    return tuple(outside), tuple(excluded)
