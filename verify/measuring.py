"""The second reading of a parameter refutation: plain arithmetic on one setting of the specification.

It shares nothing with the laws' drafts, the problems made of them, or the encoder: each law is computed
here once more, in numbers. A setting refutes a limit only if this reading says so too.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.bounds import PI, power_of_ten
from stimproof.specs.specification import Number
from stimproof.verify.settings import truth

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Parameter, Specification, Stimulus

Point = Mapping[str, Fraction]


def refutes(specification: Specification, limit: Limit, point: Point) -> bool:
    """Return whether a setting can be programmed and delivered, keeps the interlocks, and breaks the limit.

    ``point`` holds programmed values by parameter name and delivered ones by ``name.delivered``.

    Raises:
        KeyError: the point lacks a value that the limit speaks of.
    """
    possible = all(_possible(item, point) for item in specification.parameters.values() if item.name in point)
    values = {**{name: (value, value) for name, value in point.items()}, "pi": PI}
    kept = all(truth(lock.claim, values) is True for lock in specification.interlocks.values())
    if limit.claim is not None:
        return possible and kept and truth(limit.claim, values) is False
    assert limit.stimulus is not None
    return possible and kept and _breaks(limit, limit.stimulus, point)


def _possible(parameter: Parameter, point: Point) -> bool:
    """Return whether a value is on the grid, and its delivery within the tolerance (none stated: exact)."""
    programmed = point[parameter.name]
    delivered = point.get(f"{parameter.name}.delivered", programmed)
    tolerance = parameter.tolerance.quantity
    allowed = abs(programmed) * tolerance.si if tolerance is not None else Fraction(0)
    return parameter.on_grid(programmed) and abs(delivered - programmed) <= allowed


def _breaks(limit: Limit, stimulus: Stimulus, point: Point) -> bool:
    assert stimulus.pulse_width is not None
    width = point[f"{stimulus.pulse_width.name}.delivered"]
    if limit.law == "timing":
        return _duration(stimulus, width) * point[f"{stimulus.frequency.name}.delivered"] > 1
    charge = point[f"{stimulus.amplitude.name}.delivered"] * width * _largest_run(stimulus)
    if limit.limit is None or limit.limit.quantity is None:
        return False
    bound = limit.limit.quantity.si
    if limit.law == "charge_per_phase":
        return charge > bound
    area = _area(stimulus)
    if area is None:
        return False
    if limit.law in ("charge_density", "charge_injection_capacity"):
        return charge > bound * area
    assert limit.law == "shannon"
    microcoulombs, square_centimetres = charge * 10**6, area * 10**4
    return microcoulombs**2 / square_centimetres > power_of_ten(bound)[1]


def _duration(stimulus: Stimulus, width: Fraction) -> Fraction:
    """Return the time from the first phase to the end of the last; of an unknown shape, one phase."""
    if stimulus.phases is None:
        return width
    assert isinstance(stimulus.interphase_gap, Number)
    gap = stimulus.interphase_gap.quantity
    gaps = (len(stimulus.phases) - 1) * gap.si if gap is not None else Fraction(0)
    return sum((phase.width * width for phase in stimulus.phases), gaps)


def _largest_run(stimulus: Stimulus) -> Fraction:
    """Return the largest relative charge that flows in one direction before the current turns."""
    largest = run = Fraction(0)
    before = ""
    for phase in stimulus.phases or ():
        run = phase.amplitude * phase.width + (run if phase.polarity == before else 0)
        before = phase.polarity
        largest = max(largest, run)
    return largest if stimulus.phases else Fraction(1)


def _area(stimulus: Stimulus) -> Fraction | None:
    """Return the contact's area at the small end of its tolerance, its irrational part rounded up."""
    if stimulus.electrode.area is None:
        return None
    tolerance = stimulus.electrode.area_tolerance.quantity
    return stimulus.electrode.area[1] * (1 - (tolerance.si if tolerance is not None else 0))
