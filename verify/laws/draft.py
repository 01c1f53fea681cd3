"""What a law says about one stimulus: the claim to be proved, and everything that claim leans on."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import TRUE, Expression, Op, Real, Reference, compare, mul, real
from stimproof.specs.quantities import AREA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.specification import Limit, Number, Parameter, Phase, Stimulus

# Names that no parameter can have, since names in a specification have no dot.
CONTACT_AREA = "contact.area"
NOMINAL_AREA = "contact.area.nominal"
BARE = "number"
"""Instead of a unit: print the number alone, since its label already says in which unit it is."""


@dataclass(frozen=True)
class Draft:
    """A law applied to a stimulus.

    ``claim`` is over delivered parameters, the contact area and *enclosed* constants, each of which lies
    between two rationals. ``unknown`` lists inputs without which nothing can be said; ``outside`` says
    which measuring conditions are not met (an argument may answer them), ``excluded`` which can never be
    argued away. ``computed`` are terms to print with a counterexample: label, term, unit.
    """

    claim: Expression = TRUE
    enclosed: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    computed: tuple[tuple[str, Expression, str], ...] = ()
    unknown: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()


def delivered(parameter: Parameter) -> Reference:
    """Return the delivered value of a parameter as a term."""
    return Reference(parameter.name + DELIVERED, Real(parameter.unit.dimension))


def contact_area() -> Reference:
    """Return the geometric area of one contact (m²) as a term."""
    return Reference(CONTACT_AREA, Real(AREA))


def pulse_charge(stimulus: Stimulus) -> Expression:
    """Return the charge of the largest phase (C): amplitude times width, times the phase's own ratios.

    Neighbouring phases of one polarity add up, for nothing is recovered between them.
    Where the shape of the pulse is not known, amplitude and width describe the phase that is programmed.
    """
    charge = mul(delivered(stimulus.amplitude), delivered(stimulus.pulse_width))
    ratio = max(_runs(stimulus.phases or ()), default=Fraction(1))
    return charge if ratio == 1 else mul(real(ratio), charge)


def _runs(phases: tuple[Phase, ...]) -> Iterator[Fraction]:
    """Yield the relative charge of each phase; neighbours of one polarity are steps of one phase."""
    for _, steps in groupby(phases, key=lambda phase: phase.polarity):
        yield sum((step.amplitude * step.width for step in steps), Fraction(0))


def shape_assumption(stimulus: Stimulus) -> tuple[str, ...]:
    """Return what is assumed of a pulse whose shape nobody has described."""
    if stimulus.phases is not None:
        return ()
    return (
        f"the shape of '{stimulus.name}' has no source: "
        "its programmed amplitude and width are taken for the largest phase",
    )


def limit_of(limit: Limit) -> tuple[Fraction | None, tuple[str, ...]]:
    """Return the limit's value in SI units, and what is unknown where it has none."""
    if limit.limit is None or limit.limit.quantity is None:
        return None, (f"the limit of '{limit.name}' has no source",)
    return limit.limit.quantity.si, ()


def area_unknown(stimulus: Stimulus) -> tuple[str, ...]:
    """Return what is unknown where the contact has no area."""
    if stimulus.electrode.area is not None:
        return ()
    return (f"the contact area of '{stimulus.electrode.name}' has no source",)


def at_most(left: Expression, right: Expression) -> Expression:
    """Return that one term is at most another."""
    return compare(Op.LE, left, right)


def measured(
    limit: Limit, here: str, confidence: str
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Compare what a limit was measured on with what the contact lies on, or is made of.

    Returns what is unknown, what is outside the measuring conditions, and what is assumed.
    """
    conditions = f"the limit was measured under these conditions: {limit.condition}"
    assumed = (conditions,) if limit.condition else ()
    if not limit.measured_on:
        return (), (), (*assumed, f"nobody says what the limit of '{limit.name}' was measured on")
    if confidence == "unknown":
        missing = (
            f"the limit was measured on {limit.measured_on}, and what the contact has instead has no source"
        )
        return (missing,), (), assumed
    if here != limit.measured_on:
        return (), (f"its limit was measured on {limit.measured_on}, not on {here}",), assumed
    return (), (), assumed
