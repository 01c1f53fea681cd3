"""How far a stimulus can go, for drawing: the largest charge per phase and the band of charge density.

The proofs do not use any of this; floats are fine for a picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.bounds import PI
from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import Op, Real, Reference, compare, mul, real, references, substitute
from stimproof.specs.specification import Parameter
from stimproof.specs.typing import PI as PI_NAME
from stimproof.verify import solver
from stimproof.verify.laws.charges import largest_run
from stimproof.verify.solver import GaveUpError

if TYPE_CHECKING:
    from stimproof.specs.expressions import Expression, Type
    from stimproof.specs.specification import Amount, Specification, Stimulus

MICRO = 1e-6
PER_CM2 = 1e-2  # one µC/cm² in C/m²
FINE = Fraction(1, 1000)
BUDGET = 2_000_000


@dataclass(frozen=True)
class Reach:
    """Charge per phase in µC from ``low`` to ``high``, over areas from ``small`` to ``large`` in cm².

    ``free`` is the largest charge that the ranges alone would allow, ``blocked`` tells that interlocks are
    what keeps the device below it. ``nominal`` tells that some tolerance is unknown and was left out,
    ``shapeless`` that the pulse is unknown, so that one phase of the programmed values stands in for it.
    """

    low: float
    high: float
    free: float
    small: float
    large: float
    nominal: bool
    shapeless: bool

    @property
    def blocked(self) -> bool:
        """Whether interlocks keep the device below what its ranges would allow."""
        return self.high < self.free * (1 - 1e-9)


def reach(specification: Specification, stimulus: Stimulus) -> Reach | None:
    """Return how far a stimulus can go, or ``None`` where its electrode's area is unknown.

    ``None`` too where nothing above zero can be delivered, since logarithmic axes have no zero, and where
    charge is not a current for a width: for sinusoids, and under voltage control.
    """
    area, phases, width = stimulus.electrode.area, stimulus.phases, stimulus.pulse_width
    if area is None or width is None or stimulus.control != "current":
        return None
    share = largest_share(stimulus)
    widest = [_tolerance(stimulus.amplitude), _tolerance(width)]
    area_tolerance = stimulus.electrode.area_tolerance.quantity
    spread = area_tolerance.si if area_tolerance is not None else Fraction(0)
    nominal = any(item is None for item in widest) or area_tolerance is None
    above = share * (1 + (widest[0] or 0)) * (1 + (widest[1] or 0))
    below = share * (1 - (widest[0] or 0)) * (1 - (widest[1] or 0))
    least = _smallest(stimulus.amplitude) * _smallest(width) * below
    free = stimulus.amplitude.high * width.high * above
    held = largest(specification, stimulus.amplitude, width) * above
    if min(least, held, area[0] * (1 - spread)) <= 0:
        return None
    return Reach(
        float(least) / MICRO, float(held) / MICRO, float(free) / MICRO,
        float(area[0] * (1 - spread)) * 1e4, float(area[1] * (1 + spread)) * 1e4, nominal, not phases,
    )  # fmt: skip


def largest_share(stimulus: Stimulus) -> Fraction:
    """Return the largest charge on one contact relative to programmed amplitude times programmed width.

    A burst that is recovered only at its end counts with all its pulses, a steered stimulus with the contact
    that can carry the most; what nobody states counts as one.
    """
    burst = stimulus.burst
    together = [burst.pulses] if burst is not None and burst.recharge == "per_burst" else []
    shares = [_most(item) for item in stimulus.shares.values()]
    return largest_run(stimulus) * _most(*together) * max(shares, default=Fraction(1))


def _most(*amount: Amount) -> Fraction:
    for item in amount:
        if isinstance(item, Parameter):
            return item.high
        if item.quantity is not None:
            return item.quantity.si
    return Fraction(1)


def _tolerance(parameter: Parameter) -> Fraction | None:
    return parameter.tolerance.quantity.si if parameter.tolerance.quantity is not None else None


def _smallest(parameter: Parameter) -> Fraction:
    """Return the smallest programmable value above zero, since a logarithmic axis has no zero."""
    return next((value for value in parameter.grid() if value > 0), parameter.high)


def largest(specification: Specification, current: Parameter, width: Parameter) -> Fraction:
    """Return a bound of amplitude times width that no setting which the interlocks leave exceeds.

    Between the steps of a grid every value counts, so the bound may lie a little above the largest product
    that can be programmed, and never below it. It is the simplest number that is certain within a thousandth.
    """
    binding = [item.claim for item in specification.interlocks.values()]
    free = current.high * width.high
    if not binding or not free:
        return free
    try:
        return _bounded(_Question(specification, binding, current, width), free)
    except GaveUpError:
        return free


def _bounded(question: _Question, free: Fraction) -> Fraction:
    """Return a bound between a product that is reached and one that is not."""
    reached, excluded = Fraction(0), free
    if question.above(free * (1 - FINE)) is not None:
        return free
    while excluded - reached > excluded * FINE:
        middle = (reached + excluded) / 2
        found = question.above(middle)
        if found is None:
            excluded = middle
        else:
            reached = found
    simple = _simplest(reached, excluded)
    return simple if question.above(simple) is None else excluded


class _Question:
    """Which products of amplitude and width respect every interlock, tolerances left out."""

    def __init__(
        self,
        specification: Specification,
        binding: list[Expression],
        current: Parameter,
        width: Parameter,
    ) -> None:
        named = frozenset[str]().union(*(references(claim) for claim in binding))
        names = {name.removesuffix(DELIVERED) for name in named} | {current.name, width.name}
        self.parameters = [item for name, item in specification.parameters.items() if name in names]
        kinds = {item.name: Real(item.unit.dimension) for item in self.parameters}
        nominal = {name + DELIVERED: Reference(name, kind) for name, kind in kinds.items()}
        self.kinds: dict[str, Type] = {**kinds, **({PI_NAME: Real()} if PI_NAME in named else {})}
        self.domain = [substitute(claim, nominal) for claim in binding]
        for item in self.parameters:
            here = Reference(item.name, kinds[item.name])
            self.domain += [
                compare(op, here, real(end, kinds[item.name].dimension))
                for op, end in ((Op.GE, item.low), (Op.LE, item.high))
            ]
        if PI_NAME in named:
            pi = Reference(PI_NAME, Real())
            self.domain += [compare(Op.GE, pi, real(PI[0])), compare(Op.LE, pi, real(PI[1]))]
        self.pair = current.name, width.name
        self.product = mul(*(Reference(name, kinds[name]) for name in self.pair))

    def above(self, bound: Fraction) -> Fraction | None:
        """Return a product greater than a bound, or nothing: there is none."""
        kind = self.product.type
        assert isinstance(kind, Real)
        asked = compare(Op.GT, self.product, real(bound, kind.dimension))
        found = solver.find([*self.domain, asked], self.kinds, BUDGET)
        return None if found is None else Fraction(found[self.pair[0]]) * Fraction(found[self.pair[1]])


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction between two with the fewest decimals, or the upper one where they touch."""
    digits = 1
    while low < high:
        for sign in (math.floor, math.ceil):
            tried = Fraction(sign(high * digits), digits)
            if low <= tried <= high:
                return tried
        digits *= 10
    return high
