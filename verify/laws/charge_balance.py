"""Charge balance: what the phases leave behind, as a direct current or relative to the largest phase.

``|Q1 − Q2| · f <= limit`` where the limit is a current, ``|Q1 − Q2| / Q <= limit`` where it is a number
(definitions). ``|Q1 − Q2|`` is the difference of the cathodic and the anodic charge as the phases are
written, plus the worst relative ``mismatch`` of the larger one where both polarities are driven. An active
recharge that is not among the phases brings back what they leave, up to the mismatch. A passive recharge
leaves ``exp(−T / RC)`` of it, T being the time until the next pulse (of bursts that are recovered only at
their end, the next burst), and needs T > 0. Units: C, A, Hz, ohm, F. The exponential is bounded by rationals
that are rounded so that the claim is harder (:mod:`stimproof.verify.laws.decay`). Coupling capacitors are
left out: they hardly help balance. A recharge that nobody describes leaves the verdict unknown.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.bounds import exponential
from stimproof.specs.expressions import (
    PLAIN,
    Expression,
    Op,
    Reference,
    add,
    compare,
    conj,
    dimension_of,
    disj,
    mul,
    real,
    sub,
)
from stimproof.specs.quantities import CURRENT, TIME
from stimproof.specs.typing import PI as PI_NAME
from stimproof.verify.laws.case import Case
from stimproof.verify.laws.charges import Quotient, current
from stimproof.verify.laws.decay import anchors
from stimproof.verify.laws.draft import at_most, delivered, times
from stimproof.verify.laws.widths import busy_time

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Stimulus
    from stimproof.verify.laws.draft import Draft

Discharge = tuple[Expression, Expression, tuple[Fraction, Fraction]]
"""Numerator and positive denominator of T / RC, and the ends between which it lies."""


ONE_DISCHARGE = "what earlier pulses have left is not added to what one passive discharge leaves"


def draft(limit: Limit) -> Draft:
    """Return the claim that what is left unbalanced stays within the limit."""
    case = Case(limit)
    train, bound = case.stimulus, case.bound()
    left = _left(case, train)
    kind = train.recharge.kind
    if kind == "unknown":
        case.unknown.append(f"how the charge of '{train.name}' is recovered has no source")
    if left is None or bound is None or kind == "unknown" or limit.limit is None:
        return case.draft(None)
    assert limit.limit.quantity is not None
    what: Quotient | None = Quotient(real(left))
    label, unit = "unbalanced part of the largest phase", "%"
    if limit.limit.quantity.dimension == CURRENT:
        what = _per_second(case, train, left)
        label, unit = "unbalanced current before recharge", "uA"
    if what is None:
        return case.draft(None)
    if kind != "passive":
        return case.draft(what.at_most(bound), (label, what.term, unit), ("limit", bound, unit))
    case.assumptions.append(ONE_DISCHARGE)
    found = _discharge(case, train)
    claim = None if found is None else _decayed(what.term, bound, found)
    return case.draft(claim, (label, what.term, unit), ("limit", bound, unit))


def _left(case: Case, train: Stimulus) -> Fraction | None:
    """Return what is left of a pulse, relative to amplitude times width, or to its largest phase."""
    if train.phases is None:
        case.unknown.append(f"the shape of '{train.name}' has no source")
        return None
    cathodic, anodic = sums(train)
    both = train.shape == "sinusoidal" or min(cathodic, anodic) > 0 or train.recovered_elsewhere
    case.numbers.append(train.mismatch)
    mismatch = Fraction(0)
    if both and train.mismatch.quantity is None:
        case.unknown.append(f"the worst mismatch of the phases of '{train.name}' has no source")
    elif both and train.mismatch.quantity is not None:
        mismatch = train.mismatch.quantity.si
    written = Fraction(0) if train.recovered_elsewhere else abs(cathodic - anodic)
    unbalanced = written + mismatch * max(cathodic, anodic)
    limit = case.given.limit
    relative = limit is not None and limit.quantity is not None and limit.quantity.dimension != CURRENT
    return unbalanced / max(cathodic, anodic) if relative else unbalanced


def sums(train: Stimulus) -> tuple[Fraction, Fraction]:
    """Return the relative charge of all cathodic and of all anodic phases; of a sinusoid, one each."""
    if train.shape == "sinusoidal":
        return Fraction(1), Fraction(1)
    each = {"cathodic": Fraction(0), "anodic": Fraction(0)}
    for phase in train.phases or ():
        each[phase.polarity] += phase.amplitude * phase.width
    return each["cathodic"], each["anodic"]


def _per_second(case: Case, train: Stimulus, left: Fraction) -> Quotient | None:
    """Return the unbalanced charge of all pulses of a second (A)."""
    amperes = current(case, train)
    if amperes is None:
        return None
    if train.pulse_width is None:
        # I / (pi f) of each half cycle, f times a second: the frequency cancels.
        return Quotient(times(left, amperes), Reference(PI_NAME, PLAIN))
    rate = mul(delivered(train.frequency), delivered(train.pulse_width))
    flow = times(left, mul(amperes, rate))
    if train.burst is None:
        return Quotient(flow)
    pulses = case.amount(
        train.burst.pulses, f"the number of pulses in a burst of '{train.name}'", as_programmed=True
    )
    return None if pulses is None else Quotient(mul(pulses, flow))


def _discharge(case: Case, train: Stimulus) -> Discharge | None:
    """Return the time of discharge in time constants, as a quotient; ``None`` where it is unknown."""
    if train.pulse_width is None:
        case.excluded.append(f"'{train.name}' is a sinusoid, which leaves no time for a passive recharge")
        return None
    name = f"the passive recharge of '{train.name}'"
    case.amount(train.recharge.resistance, f"the resistance of {name}")
    case.amount(train.recharge.capacitance, f"the capacitance of {name}")
    ohms, farads = train.recharge.resistance.quantity, train.recharge.capacitance.quantity
    before = len(case.unknown)
    busy = busy_time(case, train)
    if ohms is None or farads is None or len(case.unknown) > before:
        return None
    constant = ohms.si * farads.si
    longest = case.ends(busy)
    if train.burst is None:
        frequency = delivered(train.frequency)
        return _between_pulses(frequency, busy, constant, case.ends(frequency), longest)
    what = f"a burst of '{train.name}'"
    rate = case.amount(train.burst.rate, f"the rate inside {what}")
    count = case.amount(train.burst.pulses, f"the number of pulses in {what}", as_programmed=True)
    if rate is None or count is None or train.burst.recharge == "unknown":
        if train.burst.recharge == "unknown":
            case.unknown.append(f"when the charge of {what} is recovered has no source")
        return None
    rates = case.ends(rate)
    if train.burst.recharge == "per_pulse":
        return _between_pulses(rate, busy, constant, rates, longest)
    frequency = delivered(train.frequency)
    often, counts = case.ends(frequency), case.ends(count)
    taken = add(sub(count, real(1)), mul(rate, busy))
    over = sub(rate, mul(frequency, taken))
    span = (
        _pause(often[1], (counts[1] - 1) / rates[0] if rates[0] else Fraction(0), longest[1]) / constant,
        _pause(often[0], (counts[0] - 1) / rates[1] if rates[1] else Fraction(0), longest[0]) / constant,
    )
    return over, mul(real(constant, TIME), mul(frequency, rate)), span


def _between_pulses(
    rate: Expression,
    busy: Expression,
    constant: Fraction,
    rates: tuple[Fraction, Fraction],
    widths: tuple[Fraction, Fraction],
) -> Discharge:
    over = sub(real(1), mul(rate, busy))
    shortest = _pause(rates[1], Fraction(0), widths[1]) / constant
    longest = _pause(rates[0], Fraction(0), widths[0]) / constant
    return over, mul(real(constant, TIME), rate), (shortest, longest)


def _pause(rate: Fraction, burst: Fraction, busy: Fraction) -> Fraction:
    """Return the time that is left of a period, never below zero."""
    return max(Fraction(0), (1 / rate if rate else Fraction(10**6)) - burst - busy)


def _decayed(what: Expression, bound: Expression, discharge: Discharge) -> Expression:
    """Return that what is left after the discharge is within the bound, and that there is time for it."""
    over, under, span = discharge
    tangents = []
    for anchor in anchors(*span):
        below = exponential(anchor)[0]
        grown = add(mul(real(1 - anchor), under), over)
        tangents.append(at_most(mul(what, under), mul(times(below, bound), grown)))
    time_left = compare(Op.GT, over, real(0, dimension_of(over)))
    return conj(time_left, disj(*tangents))
