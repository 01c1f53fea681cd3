"""A made-up device whose every part can be replaced, and what the laws say about it."""

from __future__ import annotations

from typing import Any

from stimproof.specs.reader import read_string
from stimproof.specs.specification import Specification
from stimproof.verify.results import Result
from stimproof.verify.run import verify

S = "source: m, confidence: seen"
PARTS: dict[str, str] = {
    "placement": "implanted",
    "geometry": f"{{shape: given, area: {{value: 0.06 cm^2, {S}}}}}",
    "area_tolerance": "0 %",
    "material": "Pt/Ir",
    "tissue": "brain",
    "contact": "",
    "amplitude": "range: [0 mA, 10 mA], step: 0.1 mA",
    "width": "range: [50 us, 500 us], step: 10 us",
    "rate": "range: [2 Hz, 200 Hz], step: 1 Hz",
    "tolerance": "0 %",
    "parameters": "",
    "stimulus": "",
    "set_by": "amplitude: amplitude\n    pulse_width: width\n    frequency: rate",
    "waveform": "phases: [{polarity: cathodic}, {polarity: anodic}]",
    "gap": "interphase_gap: {value: 0 us, source: m, confidence: seen}",
    "others": "",
    "interlocks": "",
    "limits": "",
}
DEVICE = """
stimproof: 1
device: {{id: d, name: D, placement: {placement}}}
sources: {{m: {{title: A made-up manual}}}}
electrodes:
  contact:
    geometry: {geometry}
    area_tolerance: {{value: {area_tolerance}, source: m, confidence: seen}}
    material: {{value: {material}, source: m, confidence: seen}}
    tissue: {{value: {tissue}, source: m, confidence: seen}}
{contact}
parameters:
  amplitude: {{{amplitude}, source: m, confidence: seen, tolerance: {spread}}}
  width: {{{width}, source: m, confidence: seen, tolerance: {spread}}}
  rate: {{{rate}, source: m, confidence: seen, tolerance: {spread}}}
{parameters}
stimuli:
  train:
    electrode: contact
    {set_by}
    waveform:
      {waveform}
      {gap}
      source: m
      confidence: seen
{stimulus}
{others}
{interlocks}
limits:
{limits}
"""


def at(amplitude: str = "1 mA", width: str = "400 us", rate: str = "50 Hz") -> dict[str, str]:
    """Return the parts of a device that has one setting only."""
    names = {"amplitude": amplitude, "width": width, "rate": rate}
    return {name: f"range: [{value}, {value}]" for name, value in names.items()}


def known(value: str) -> str:
    """Return a sourced value as YAML."""
    return f"{{value: {value}, {S}}}"


def limit(law: str, value: str | None = None, *, train: str = "stimulus: train", **more: str) -> str:
    """Return a limit by a law as YAML; ``more`` are its other keys."""
    keys = [f"law: {law}", *([train] if train else [])]
    keys += [f"limit: {value}, {S}"] if value else []
    return "{" + ", ".join([*keys, *(f"{key}: {text}" for key, text in more.items())]) + "}"


def device(limits: str | dict[str, str], **parts: str) -> Specification:
    """Return the device with some parts replaced and one limit ``it``, or several by name."""
    named = limits if isinstance(limits, dict) else {"it": limits}
    written = "\n".join(f"  {name}: {text}" for name, text in named.items())
    unknown = parts.keys() - PARTS.keys()
    assert not unknown, f"the device has no part {unknown}"
    given = {**PARTS, **parts, "limits": written}
    return read_string(DEVICE.format(spread=known(given["tolerance"]), **given))


def decide(limits: str, **parts: str) -> Result:
    """Return what is decided about a limit of the device."""
    return verify(device(limits, **parts)).by_id()["limits.it"]


def verdict(limits: str, **parts: Any) -> str:
    """Return the verdict about a limit of the device, in one word."""
    return decide(limits, **parts).verdict.value
