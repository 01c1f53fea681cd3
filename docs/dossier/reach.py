"""How far a stimulus can go, for drawing: the largest charge per phase and the band of charge density.

The proofs do not use any of this; floats are fine for a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import references
from stimproof.specs.specification import Parameter
from stimproof.verify.interpreter import evaluate
from stimproof.verify.laws.charges import largest_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stimproof.specs.specification import Amount, Interlock, Specification, Stimulus

MICRO = 1e-6
PER_CM2 = 1e-2  # one µC/cm² in C/m²
MAX_PAIRS = 20_000


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
    """Return the largest product of amplitude and width that the interlocks on the two leave.

    Interlocks that also read other parameters are taken as allowing what some lowest, highest or default
    value of those would allow.
    """
    binding = [item for item in specification.interlocks.values() if _about(item, current, width)]
    free = current.high * width.high
    if not binding:
        return free
    pairs = [(a * w, a, w) for a in current.grid() for w in width.grid()]
    for product, amplitude, duration in sorted(pairs, reverse=True)[:MAX_PAIRS]:
        chosen = {current.name: amplitude, width.name: duration}
        if any(
            all(evaluate(item.claim, values) for item in binding)
            for values in _settings(specification, binding, chosen)
        ):
            return product
    return free


def _about(interlock: Interlock, current: Parameter, width: Parameter) -> bool:
    named = {name.removesuffix(DELIVERED) for name in references(interlock.claim)}
    return bool(named & {current.name, width.name})


def _settings(
    specification: Specification, binding: list[Interlock], chosen: Mapping[str, Fraction]
) -> Iterator[dict[str, Fraction]]:
    named = sorted(
        {name.removesuffix(DELIVERED) for item in binding for name in references(item.claim)} - chosen.keys()
    )
    others = [specification.parameters[name] for name in named if name in specification.parameters]
    for which in ("low", "high", "default"):
        values = {
            item.name: getattr(item, which) if getattr(item, which) is not None else item.low
            for item in others
        }
        both = {**values, **chosen}
        yield {**both, **{name + DELIVERED: value for name, value in both.items()}}
