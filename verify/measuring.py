"""The second reading of a parameter refutation: plain arithmetic on one setting of the specification.

It shares nothing with the laws' drafts, the problems made of them, or the encoder: each law is computed
here once more, in numbers. A setting refutes a limit only if this reading says so too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.bounds import PI, power_of_ten, square_root
from stimproof.specs.quantities import CHARGE
from stimproof.verify import measuring_time
from stimproof.verify.meters import Meter, Point, UnreadableError
from stimproof.verify.settings import truth

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Parameter, Specification


def refutes(specification: Specification, limit: Limit, point: Point) -> bool:
    """Return whether a setting can be programmed and delivered, keeps the interlocks, and breaks the limit.

    ``point`` holds programmed values by parameter name and delivered ones by ``name.delivered``.

    Raises:
        KeyError: the point lacks a value that the limit speaks of.
    """
    possible = all(_possible(item, point) for item in specification.parameters.values() if item.name in point)
    values = {**{name: (value, value) for name, value in point.items()}, "pi": PI}
    kept = all(truth(lock.claim, values) is True for lock in specification.interlocks.values())
    return possible and kept and breaks(limit, point)


def breaks(limit: Limit, point: Point) -> bool:
    """Return whether a setting breaks a limit for certain, whatever may be programmed and is interlocked."""
    if limit.claim is not None:
        values = {**{name: (value, value) for name, value in point.items()}, "pi": PI}
        return truth(limit.claim, values) is False
    assert limit.law is not None
    try:
        return _READINGS[limit.law](Meter(limit, point))
    except UnreadableError:
        return False


def _possible(parameter: Parameter, point: Point) -> bool:
    """Return whether a value is on the grid, and its delivery within the tolerance (none stated: exact)."""
    programmed = point[parameter.name]
    delivered = point.get(f"{parameter.name}.delivered", programmed)
    tolerance = parameter.tolerance.quantity
    allowed = abs(programmed) * tolerance.si if tolerance is not None else Fraction(0)
    return parameter.on_grid(programmed) and abs(delivered - programmed) <= allowed


def _charge(meter: Meter, polarity: str = "") -> Fraction:
    """Return the largest charge on any contact, all stimuli flowing in the same direction."""
    return max(
        sum(
            (meter.one_way(train, polarity) * meter.part(train, contact) for train in meter.limit.stimuli),
            Fraction(0),
        )
        for contact in meter.contacts()
    )


def _dense(meter: Meter) -> bool:
    return _charge(meter) / meter.area > meter.bound


def _shannon(meter: Meter) -> bool:
    microcoulombs, square_centimetres = _charge(meter) * 10**6, meter.area * 10**4
    return microcoulombs**2 / square_centimetres > power_of_ten(meter.bound)[1]


def _depth(meter: Meter) -> bool:
    """Compare the density under a disc, whose radius belongs to the area that is read."""
    depth, radius_squared = meter.input("depth"), meter.area / PI[1]
    left = 1 - depth / square_root(radius_squared + depth**2)[0]
    return _charge(meter) / meter.area * left > meter.bound


def _burst(meter: Meter) -> bool:
    return _charge(meter) / (1 if meter.bounds(CHARGE) else meter.area) > meter.bound


def _capacity(meter: Meter) -> bool:
    derating = meter.input("derating") if "derating" in meter.limit.inputs else Fraction(1)
    return _charge(meter) * derating / meter.area > meter.bound


def _window(meter: Meter) -> bool:
    layer = meter.electrode.double_layer
    if layer is None:
        raise UnreadableError("double layer")
    farads = meter.read(layer) * meter.area
    edges = {"cathodic": -meter.input("cathodic"), "anodic": meter.input("anodic")}
    if meter.train.phases is None:  # it is not known which edge the pulse goes to
        return _charge(meter) / farads > max(edges.values())
    return any(_charge(meter, polarity) / farads > edge for polarity, edge in edges.items())


def _capacitor(meter: Meter) -> bool:
    return meter.one_way(meter.train) / meter.read(meter.train.circuit.coupling_capacitor) > meter.bound


def _compliance(meter: Meter) -> bool:
    train, circuit, load = meter.train, meter.train.circuit, meter.electrode.impedance
    if load is None or load.ends is None:
        raise UnreadableError("impedance")
    ohms = load.ends[1].si + meter.read(circuit.lead_resistance)
    inverse = Fraction(0)
    if circuit.coupled is not False:
        inverse += 1 / meter.read(circuit.coupling_capacitor)
    if meter.electrode.double_layer is not None:
        inverse += 1 / (meter.read(meter.electrode.double_layer) * meter.area)
    most = max(meter.part(train, contact) for contact in meter.contacts())
    volts = most * (meter.peak(train) * ohms + meter.one_way(train) * inverse)
    return volts + meter.read(circuit.headroom) > meter.bound


def _contact(meter: Meter) -> bool:
    if meter.bounds(CHARGE):
        return _charge(meter) > meter.bound
    totals = [
        sum((meter.peak(train) * meter.part(train, contact) for train in meter.limit.stimuli), Fraction(0))
        for contact in meter.contacts()
    ]
    return max(totals) > meter.bound


def _area(meter: Meter) -> bool:
    what = meter.one_way if meter.bounds(CHARGE) else meter.peak
    return sum((what(train) for train in meter.limit.stimuli), Fraction(0)) > meter.bound


def _root_mean_square(meter: Meter) -> bool:
    """Compare mean squares; those of concurrent stimuli are added as if they never coincided."""
    trains = meter.limit.stimuli
    squares = [
        sum((meter.mean_square(train) * meter.part(train, contact) ** 2 for train in trains), Fraction(0))
        for contact in meter.contacts()
    ]
    return max(squares) > (meter.bound * meter.area) ** 2


def _external_current(meter: Meter) -> bool:
    return meter.mean_square(meter.train) > meter.bound**2


def _energy(meter: Meter) -> bool:
    train, load = meter.train, meter.input("load")
    amplitude = meter.read(train.amplitude)
    watts = amplitude**2 * load if train.control == "current" else amplitude**2 / load
    return watts * meter.square_seconds(train) > meter.bound


def _threshold(meter: Meter) -> bool:
    return meter.read(meter.train.amplitude) > meter.bound * meter.input("threshold")


_READINGS: Mapping[str, Callable[[Meter], bool]] = {
    "charge_per_phase": lambda meter: _charge(meter) > meter.bound,
    "charge_density": _dense,
    "shannon": _shannon,
    "microelectrode_charge": lambda meter: _charge(meter) > meter.bound,
    "mccreery_depth": _depth,
    "burst_accumulation": _burst,
    "sine_charge": lambda meter: _charge(meter) > meter.bound,
    "charge_injection_capacity": _capacity,
    "water_window": _window,
    "charge_balance": measuring_time.unbalanced,
    "coupling_capacitor_voltage": _capacitor,
    "compliance_voltage": _compliance,
    "timing": measuring_time.overfull,
    "duty_cycle": measuring_time.busy,
    "train_duty_cycle": measuring_time.on_for_long,
    "per_contact": _contact,
    "per_area": _area,
    "rms_current_density": _root_mean_square,
    "strength_duration_weiss": measuring_time.weiss,
    "strength_duration_lapicque": measuring_time.lapicque,
    "motor_threshold": _threshold,
    "thermal_dose": measuring_time.dose,
    "surface_temperature": lambda meter: meter.input("temperature") > meter.bound,
    "pulse_energy": _energy,
    "open_circuit_voltage": lambda meter: meter.input("voltage") > meter.bound,
    "rms_current": _external_current,
}
