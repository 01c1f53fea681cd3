"""Limits decided at one programmed setting by plain exact arithmetic; shares nothing with the verification.

Worst case at a setting: every delivered value at the large end of its tolerance, the area at the small end.
Where nobody states a tolerance, delivery is as programmed: then a setting that fails, fails; one that passes
is not shown to be safe. Powers of ten are compared as whole powers, so that nothing is rounded.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Any

Setting = Mapping[str, Fraction]
_PI = "314159265358979323846264338327950288419716939937510"
PI = (Fraction(int(_PI), 10**50), Fraction(int(_PI) + 1, 10**50))
_NUMBERS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip


def keeps(limit: Any, setting: Setting) -> bool:
    """Return whether a setting keeps a limit at worst-case delivery.

    Raises:
        KeyError: a law that is not written down here.
    """
    if limit.law is None:
        answers = {_value(limit.claim, {**setting, "pi": pi}) for pi in PI}
        assert len(answers) == 1, "pi is not enclosed closely enough"
        return bool(answers.pop())
    return _LAWS[limit.law](limit, limit.stimuli[0], setting)


def _value(term: Any, values: Mapping[str, Any]) -> Any:
    """Evaluate a claim without delivered values."""
    if hasattr(term, "args"):
        left, right = (_value(argument, values) for argument in term.args)
        return _NUMBERS[term.op.value](left, right)
    return values[term.name] if hasattr(term, "name") else term.value


def _most(parameter: Any, setting: Setting) -> Fraction:
    tolerance = parameter.tolerance.quantity
    return setting[parameter.name] * (1 + (tolerance.si if tolerance else 0))


def _charge(stimulus: Any, setting: Setting) -> Fraction:
    shares = [Fraction(1)]
    if stimulus.phases:
        runs = groupby(stimulus.phases, key=lambda phase: phase.polarity)
        shares = [sum((phase.amplitude * phase.width for phase in run), Fraction(0)) for _, run in runs]
    charge = _most(stimulus.amplitude, setting) * _most(stimulus.pulse_width, setting) * max(shares)
    return charge * _pulses(stimulus, setting) * _share(stimulus, setting)


def _amount(given: Any, setting: Setting) -> Fraction:
    """Return the largest value of a cited number or of a parameter."""
    return _most(given, setting) if hasattr(given, "tolerance") else given.quantity.si


def _pulses(stimulus: Any, setting: Setting) -> Fraction:
    """Return how many pulses add up before anything is recovered."""
    burst = stimulus.burst
    if burst is None or burst.recharge == "per_pulse":
        return Fraction(1)
    return setting[burst.pulses.name] if hasattr(burst.pulses, "tolerance") else burst.pulses.quantity.si


def _share(stimulus: Any, setting: Setting) -> Fraction:
    """Return the largest part of the amplitude that one contact carries."""
    return max((_amount(share, setting) for share in stimulus.shares.values()), default=Fraction(1))


def _areas(electrode: Any) -> tuple[Fraction, Fraction]:
    """Return two areas between which the smallest one lies."""
    size = {item.name: item.quantity.si for item in electrode.dimensions}
    shapes = {
        "given": lambda pi: size["area"],
        "cylinder": lambda pi: pi * size["diameter"] * size["length"],
        "rectangle": lambda pi: size["width"] * size["length"],
        "disc": lambda pi: pi * size["diameter"] ** 2 / 4,
    }
    tolerance = electrode.area_tolerance.quantity
    factor = 1 - (tolerance.si if tolerance else 0)
    below, above = (shapes[electrode.shape](pi) * factor for pi in PI)
    return below, above


def _same(answers: list[bool]) -> bool:
    assert len(set(answers)) == 1, "the constants are not enclosed closely enough"
    return answers[0]


def _charge_per_phase(limit: Any, stimulus: Any, setting: Setting) -> bool:
    return _charge(stimulus, setting) <= limit.limit.quantity.si


def _density(limit: Any, stimulus: Any, setting: Setting) -> bool:
    charge = _charge(stimulus, setting)
    return _same([charge / area <= limit.limit.quantity.si for area in _areas(stimulus.electrode)])


def _shannon(limit: Any, stimulus: Any, setting: Setting) -> bool:
    """Decide ``Q²/A <= 10^(p/q)`` as ``(Q²/A)^q <= 10^p``, with Q in uC and A in cm²."""
    k, charge = limit.limit.quantity.si, _charge(stimulus, setting) * 10**6
    places = [charge**2 / (area * 10**4) for area in _areas(stimulus.electrode)]
    return _same([place**k.denominator <= Fraction(10) ** k.numerator for place in places])


def _timing(limit: Any, stimulus: Any, setting: Setting) -> bool:
    del limit
    phases = stimulus.phases or ()
    widths = sum((phase.width for phase in phases), Fraction(0)) or Fraction(1)
    gap = stimulus.interphase_gap.quantity
    gaps = (len(phases) - 1) * gap.si if gap and phases else 0
    busy = widths * _most(stimulus.pulse_width, setting) + gaps
    return _most(stimulus.frequency, setting) * busy <= 1


def _motor_threshold(limit: Any, stimulus: Any, setting: Setting) -> bool:
    """The threshold is the smallest that a patient may have."""
    threshold = limit.inputs["threshold"]
    smallest = threshold.low if hasattr(threshold, "tolerance") else threshold.quantity.si
    spread = threshold.tolerance.quantity if hasattr(threshold, "tolerance") else None
    smallest *= 1 - (spread.si if spread else 0)
    return _most(stimulus.amplitude, setting) <= limit.limit.quantity.si * smallest


def _current(stimulus: Any, setting: Setting) -> Fraction:
    most = max((phase.amplitude for phase in stimulus.phases or ()), default=Fraction(1))
    return _most(stimulus.amplitude, setting) * most


def _per_contact(limit: Any, stimulus: Any, setting: Setting) -> bool:
    return _current(stimulus, setting) * _share(stimulus, setting) <= limit.limit.quantity.si


def _per_area(limit: Any, stimulus: Any, setting: Setting) -> bool:
    return _current(stimulus, setting) <= limit.limit.quantity.si


def _square(stimulus: Any, setting: Setting) -> Fraction:
    """Return the time that the square of the current lasts over one pulse, in A² s."""
    parts = [phase.amplitude**2 * phase.width for phase in stimulus.phases or ()] or [Fraction(1)]
    return _most(stimulus.amplitude, setting) ** 2 * sum(parts) * _most(stimulus.pulse_width, setting)


def _pulse_energy(limit: Any, stimulus: Any, setting: Setting) -> bool:
    return limit.inputs["load"].quantity.si * _square(stimulus, setting) <= limit.limit.quantity.si


def _rms(limit: Any, stimulus: Any, setting: Setting) -> bool:
    return _most(stimulus.frequency, setting) * _square(stimulus, setting) <= limit.limit.quantity.si**2


def _rms_density(limit: Any, stimulus: Any, setting: Setting) -> bool:
    mean = _most(stimulus.frequency, setting) * _square(stimulus, setting) * _share(stimulus, setting) ** 2
    return _same([mean <= (limit.limit.quantity.si * area) ** 2 for area in _areas(stimulus.electrode)])


_LAWS = {
    "motor_threshold": _motor_threshold,
    "per_contact": _per_contact,
    "per_area": _per_area,
    "burst_accumulation": _density,
    "pulse_energy": _pulse_energy,
    "rms_current": _rms,
    "rms_current_density": _rms_density,
    "charge_per_phase": _charge_per_phase,
    "charge_density": _density,
    "charge_injection_capacity": _density,
    "shannon": _shannon,
    "timing": _timing,
}
