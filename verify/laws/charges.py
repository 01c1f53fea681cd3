"""The charge of a phase as a quotient of terms, so that no claim divides by what is programmed.

A pulse moves amplitude times width, times the ratios of its largest phase; neighbouring phases of one
polarity add up, for nothing is recovered between them. A burst that is recovered only at its end moves that
once for each of its pulses. A half cycle of a sinusoid moves ``I / (pi · f)``. Under voltage control the
current is taken at the smallest impedance, and as lasting for the whole phase, which is never too little.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    PLAIN,
    Apply,
    Expression,
    Op,
    Real,
    Reference,
    add,
    conj,
    dimension_of,
    mul,
    real,
)
from stimproof.specs.quantities import NUMBER, RESISTANCE
from stimproof.specs.specification import Number
from stimproof.specs.typing import PI as PI_NAME
from stimproof.verify.laws.draft import at_most, delivered, times

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stimproof.specs.specification import Phase, Stimulus
    from stimproof.verify.laws.case import Case


@dataclass(frozen=True)
class Quotient:
    """``over / under``; ``under`` is positive, or ``None`` for one."""

    over: Expression
    under: Expression | None = None

    def at_most(self, bound: Expression) -> Expression:
        """Return that the quotient is at most a bound, without a division."""
        return at_most(self.over, bound if self.under is None else mul(bound, self.under))

    def times(self, factor: Expression) -> Quotient:
        """Return the quotient times a term."""
        return Quotient(mul(factor, self.over), self.under)

    def plus(self, other: Quotient) -> Quotient:
        """Return the sum of two quotients of one dimension."""
        if self.under == other.under:
            return Quotient(add(self.over, other.over), self.under)
        left = self.over if other.under is None else mul(self.over, other.under)
        right = other.over if self.under is None else mul(other.over, self.under)
        under = self.under if other.under is None else other.under
        if self.under is not None and other.under is not None:
            under = mul(self.under, other.under)
        return Quotient(add(left, right), under)

    @property
    def term(self) -> Expression:
        """The quotient as one term, for printing."""
        if self.under is None:
            return self.over
        kind = Real(dimension_of(self.over) / dimension_of(self.under))
        return Apply(Op.DIV, (self.over, self.under), kind)


def runs(phases: Sequence[Phase]) -> Iterator[tuple[str, Fraction]]:
    """Yield polarity and relative charge of each phase; neighbours of one polarity are steps of one phase."""
    for polarity, steps in groupby(phases, key=lambda phase: phase.polarity):
        yield polarity, sum((step.amplitude * step.width for step in steps), Fraction(0))


def largest_run(stimulus: Stimulus, polarity: str = "") -> Fraction:
    """Return the largest relative charge that flows in one direction (of one polarity) at a time."""
    if not stimulus.phases:
        return Fraction(1)
    return max(
        (ratio for which, ratio in runs(stimulus.phases) if polarity in ("", which)), default=Fraction(0)
    )


def current(case: Case, stimulus: Stimulus) -> Expression | None:
    """Return the largest programmed current (A); ``None`` where it has no source."""
    amplitude = delivered(stimulus.amplitude)
    if stimulus.control == "current":
        return amplitude
    what = f"the impedance of '{stimulus.electrode.name}'"
    smallest = case.end_of(stimulus.electrode.impedance, 0, what)
    if smallest is None:
        return None
    case.assumptions.append(
        f"the current of '{stimulus.name}' is its voltage over the smallest impedance, {smallest}, "
        "for the whole phase"
    )
    return mul(real(1 / smallest.si, NUMBER / RESISTANCE), amplitude)


def peak_current(case: Case, stimulus: Stimulus) -> Expression | None:
    """Return the current of the phase with the largest amplitude (A); ``None`` where it has no source."""
    amperes = current(case, stimulus)
    if amperes is None:
        return None
    if stimulus.phases is None:
        case.assumptions.append(shapeless(stimulus))
    return times(max((phase.amplitude for phase in stimulus.phases or ()), default=Fraction(1)), amperes)


def shapeless(stimulus: Stimulus) -> str:
    """Return what is assumed of a pulse whose shape nobody has described."""
    return (
        f"the shape of '{stimulus.name}' has no source: "
        "its programmed amplitude and width are taken for the largest phase"
    )


def charge_name(case: Case) -> str:
    """Return what to call the charge that is moved before the current turns, where it is printed."""
    at_the_end = (
        item.burst is not None and item.burst.recharge == "per_burst" for item in case.given.stimuli
    )
    return "charge of a burst" if any(at_the_end) else "charge per phase"


def unrecovered_pulses(case: Case, stimulus: Stimulus) -> Expression | None:
    """Return how many pulses add up before their charge is recovered; ``None`` for one."""
    burst = stimulus.burst
    if burst is None or burst.recharge == "per_pulse":
        return None
    if burst.recharge == "unknown":
        case.unknown.append(f"when the charge of a burst of '{stimulus.name}' is recovered has no source")
        return None
    what = f"the number of pulses in a burst of '{stimulus.name}'"
    return case.amount(burst.pulses, what, as_programmed=True)


def pulse_charge(case: Case, stimulus: Stimulus, polarity: str = "") -> Quotient | None:
    """Return the charge that is moved in one direction before the current turns (C)."""
    amperes = current(case, stimulus)
    if amperes is None:
        return None
    if stimulus.pulse_width is None:
        return Quotient(amperes, mul(Reference(PI_NAME, PLAIN), delivered(stimulus.frequency)))
    if stimulus.phases is None:
        case.assumptions.append(shapeless(stimulus))
    charge = times(largest_run(stimulus, polarity), mul(amperes, delivered(stimulus.pulse_width)))
    pulses = unrecovered_pulses(case, stimulus)
    return Quotient(charge if pulses is None else mul(pulses, charge))


def share(case: Case, stimulus: Stimulus, contact: str) -> Expression | None:
    """Return the part of the amplitude that one contact carries; ``None`` where nobody states it."""
    amount = stimulus.shares.get(contact)
    if amount is None:
        return real(0 if stimulus.shares else 1)
    return case.amount(amount, f"the share of '{contact}' in '{stimulus.name}'")


def contacts(stimuli: Sequence[Stimulus]) -> tuple[str, ...]:
    """Return the contacts that carry a part of some stimulus; one nameless contact where none is steered.

    A stimulus that is not steered may lie on any contact, so it counts on each one.
    """
    named = dict.fromkeys(contact for item in stimuli for contact in item.shares)
    if len(stimuli) == 1:
        return _largest(stimuli[0])
    return tuple(named) or ("",)


def _largest(stimulus: Stimulus) -> tuple[str, ...]:
    """Return the contacts that can carry the most: of those with a fixed share, the largest alone."""
    fixed = {
        contact: amount.quantity.si
        for contact, amount in stimulus.shares.items()
        if isinstance(amount, Number) and amount.quantity is not None
    }
    most = max(fixed, key=lambda contact: fixed[contact]) if fixed else None
    kept = tuple(contact for contact in stimulus.shares if contact not in fixed or contact == most)
    return kept or ("",)


def on_contact(
    case: Case, contact: str, amounts: Sequence[tuple[Stimulus, Quotient | None]]
) -> Quotient | None:
    """Return the sum of what several stimuli put on one contact; ``None`` where something is unknown."""
    total: Quotient | None = None
    for stimulus, amount in amounts:
        part = share(case, stimulus, contact)
        if amount is None or part is None:
            return None
        if part == real(0):
            continue
        own = amount if part == real(1) else amount.times(part)
        total = own if total is None else total.plus(own)
    return total


def contact_charges(case: Case, polarity: str = "") -> tuple[Quotient, ...] | None:
    """Return the charge that all stimuli of the case together put on each contact that may be the worst.

    ``None`` where that of every contact is unknown. Concurrent stimuli are taken to flow in one direction.
    """
    stimuli = case.given.stimuli
    own = [(item, pulse_charge(case, item, polarity)) for item in stimuli]
    totals = [on_contact(case, contact, own) for contact in contacts(stimuli)]
    if len(stimuli) > 1:
        case.assumptions.append("concurrent stimuli are taken to flow in the same direction at the same time")
    found = tuple(total for total in totals if total is not None)
    return found or None


def every(charges: Sequence[Quotient], bound: Expression) -> Expression:
    """Return that each of several charges is at most a bound."""
    return conj(*(charge.at_most(bound) for charge in charges))


def shown(charges: Sequence[Quotient] | None, label: str, unit: str) -> list[tuple[str, Expression, str]]:
    """Return what to print of several charges; several contacts are numbered."""
    if not charges:
        return []
    if len(charges) == 1:
        return [(label, charges[0].term, unit)]
    return [(f"{label} on contact {index}", item.term, unit) for index, item in enumerate(charges, 1)]
