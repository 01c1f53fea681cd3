"""The built-in laws of stimulation safety: one law, one module.

Each module says which formula it states, in which units, where it was measured, from which source, and in
which direction every constant is rounded. A law drafts a claim; it never decides. What a law needs stands in
its signature, in :mod:`stimproof.specs.laws`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stimproof.verify.laws import (
    burst_accumulation,
    charge_balance,
    charge_density,
    charge_injection_capacity,
    charge_per_phase,
    compliance_voltage,
    coupling_capacitor_voltage,
    duty_cycle,
    mccreery_depth,
    microelectrode_charge,
    motor_threshold,
    open_circuit_voltage,
    per_area,
    per_contact,
    pulse_energy,
    rms_current,
    rms_current_density,
    shannon,
    sine_charge,
    strength_duration_lapicque,
    strength_duration_weiss,
    surface_temperature,
    thermal_dose,
    timing,
    train_duty_cycle,
    water_window,
)
from stimproof.verify.laws.draft import Draft

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit

LAWS: dict[str, Callable[[Limit], Draft]] = {
    "charge_per_phase": charge_per_phase.draft,
    "charge_density": charge_density.draft,
    "shannon": shannon.draft,
    "microelectrode_charge": microelectrode_charge.draft,
    "mccreery_depth": mccreery_depth.draft,
    "burst_accumulation": burst_accumulation.draft,
    "sine_charge": sine_charge.draft,
    "charge_injection_capacity": charge_injection_capacity.draft,
    "water_window": water_window.draft,
    "charge_balance": charge_balance.draft,
    "coupling_capacitor_voltage": coupling_capacitor_voltage.draft,
    "compliance_voltage": compliance_voltage.draft,
    "timing": timing.draft,
    "duty_cycle": duty_cycle.draft,
    "train_duty_cycle": train_duty_cycle.draft,
    "per_contact": per_contact.draft,
    "per_area": per_area.draft,
    "rms_current_density": rms_current_density.draft,
    "strength_duration_weiss": strength_duration_weiss.draft,
    "strength_duration_lapicque": strength_duration_lapicque.draft,
    "motor_threshold": motor_threshold.draft,
    "thermal_dose": thermal_dose.draft,
    "surface_temperature": surface_temperature.draft,
    "pulse_energy": pulse_energy.draft,
    "open_circuit_voltage": open_circuit_voltage.draft,
    "rms_current": rms_current.draft,
}
