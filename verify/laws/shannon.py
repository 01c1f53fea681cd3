"""The Shannon line: ``log10 D = k - log10 Q``, that is ``Q² / A <= 10^k`` with Q in uC and A in cm².

Shannon, *A model of safe levels for electrical stimulation*, IEEE Trans Biomed Eng 39(4):424-426, 1992. It
was fitted to surface discs on cat cortex (400 us, 50 Hz, 7 h). It does not describe microelectrodes (Cogan
et al. 2016: boundary of macro and micro at 0.0003 to 0.0007 cm²), and other tissue, widths and rates need an
argument. Units: C, m². In SI units ``Q² · 10^8 <= 10^k · A``; ``10^k`` is enclosed between two rationals, so
that a proof uses the lower and a refutation the upper one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.bounds import power_of_ten
from stimproof.specs.expressions import Apply, Op, Real, Reference, conj, dimension_of, mul, real
from stimproof.specs.quantities import quantity
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charge_density import densities, mean
from stimproof.verify.laws.charges import contact_charges
from stimproof.verify.laws.draft import BARE, at_most

if TYPE_CHECKING:
    from stimproof.specs.expressions import Expression
    from stimproof.specs.specification import Limit, Stimulus
    from stimproof.verify.laws.charges import Quotient
    from stimproof.verify.laws.draft import Draft

MICRO = quantity("0.0007 cm^2")
"""Upper end of the macro/micro boundary (Cogan et al. 2016): smaller contacts are outside for certain."""
MEASURED_WIDTH, MEASURED_RATE = quantity("400 us"), quantity("50 Hz")
CORTEX = frozenset({"cortex", "cerebral cortex", "motor cortex", "brain surface"})
LINE = "10^k"


def draft(limit: Limit) -> Draft:
    """Return the claim that every phase lies on or below the line of the given ``k``."""
    case = Case(limit)
    k, charges, area = case.bound(), contact_charges(case), case.area()
    if case.electrode.tissue == "unknown":
        case.unknown.append(f"the tissue under '{case.electrode.name}' has no source")
    for stimulus in limit.stimuli:
        _conditions(case, stimulus)
    _size(case)
    case.assumptions.append(mean(case))
    shown = densities(case, charges, area)
    if k is None or not charges or area is None or limit.limit is None or limit.limit.quantity is None:
        return case.draft(None, *shown)
    case.enclosed[LINE] = power_of_ten(limit.limit.quantity.si)
    pairs = [_squares(charge, area) for charge in charges]
    line = Reference(LINE, Real(dimension_of(pairs[0][0]) / dimension_of(pairs[0][1])))
    claim = conj(*(at_most(over, mul(line, under)) for over, under in pairs))
    squares = [Apply(Op.DIV, pair, line.type) for pair in pairs]
    printed = [("Q²/A in uC²/cm²", square, BARE) for square in squares[:1]]
    return case.draft(claim, *shown, *printed, ("10^k in uC²/cm²", line, BARE))


def _squares(charge: Quotient, area: Expression) -> tuple[Expression, Expression]:
    """Return ``10^8 · Q²`` and ``A``, both times the square of what the charge is divided by."""
    over = mul(real(10**8), mul(charge.over, charge.over))
    return over, area if charge.under is None else mul(area, mul(charge.under, charge.under))


def _size(case: Case) -> None:
    electrode = case.electrode
    if electrode.area is not None and electrode.area[1] < MICRO.si:
        case.excluded.append(
            f"'{electrode.name}' is smaller than {MICRO}: microelectrodes do not follow the line"
        )


def _conditions(case: Case, stimulus: Stimulus) -> None:
    """Note which measuring conditions the stimulus leaves."""
    tissue = case.electrode.tissue
    if tissue != "unknown" and tissue not in CORTEX:
        where = f"it was measured on the surface of cat cortex, not on {tissue}"
        case.outside += [where] if where not in case.outside else []
    if stimulus.pulse_width is None:
        case.outside.append(f"it was measured with pulses, and '{stimulus.name}' is a sinusoid")
    for parameter, measured in ((stimulus.pulse_width, MEASURED_WIDTH), (stimulus.frequency, MEASURED_RATE)):
        if parameter is not None and (parameter.low, parameter.high) != (measured.si, measured.si):
            show = parameter.unit.show
            span = f"from {show(parameter.low)} to {show(parameter.high)}"
            case.outside.append(f"it was measured at {measured}, and '{parameter.name}' runs {span}")
