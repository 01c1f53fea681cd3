"""The resolved specification: every name bound, every expression typed, every number exact.

All numbers are rationals in SI base units; ``unit`` fields say how to print them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Enumeration, Expression, Literal, Type
from stimproof.specs.meanings import CanReach as CanReach
from stimproof.specs.meanings import FretRequirement as FretRequirement
from stimproof.specs.meanings import Invariant as Invariant
from stimproof.specs.meanings import Meaning as Meaning
from stimproof.specs.meanings import Reachable as Reachable
from stimproof.specs.meanings import Response as Response
from stimproof.specs.meanings import Unchanged as Unchanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from stimproof.specs.changing import Change
    from stimproof.specs.document import Device, Source
    from stimproof.specs.extending import Extension
    from stimproof.specs.faults import Fault
    from stimproof.specs.findings import Finding, Location
    from stimproof.specs.named import Constant, Definition
    from stimproof.specs.pulse_trains import Burst, Circuit, Duty, Recharge, Span
    from stimproof.specs.quantities import Quantity, Unit
    from stimproof.specs.reading import Document


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a number comes from and how sure that is; ``confidence`` is ``unknown`` for no number at all."""

    sources: tuple[str, ...]
    confidence: str
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether the number was seen in its source or derived from such numbers."""
        return self.confidence in ("seen", "derived")


@dataclass(frozen=True, slots=True)
class Number:
    """A cited quantity that may be unknown."""

    name: str
    quantity: Quantity | None
    citation: Citation
    location: Location

    @property
    def text(self) -> str:
        """The number as written, or ``unknown``."""
        return str(self.quantity) if self.quantity is not None else "unknown"


Listed = tuple[str, str, Citation, "Location"]
"""A number in a list: where it stands, its text, its citation and place."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Equidistant grid values from ``start`` to ``stop`` inclusive."""

    start: Fraction
    stop: Fraction
    step: Fraction

    @property
    def count(self) -> int:
        """How many values the segment has."""
        return int((self.stop - self.start) / self.step) + 1


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that is programmed, measured at the patient, or derived by the device (``kind``).

    ``tolerance`` is the relative delivery tolerance (``None``: nobody says). A parameter without segments
    takes every real value of its range; if it is programmed, then nobody says which of them can be, and
    only the ends and the default are certain.
    """

    name: str
    unit: Unit
    low: Fraction
    high: Fraction
    segments: tuple[Segment, ...]
    default: Fraction | None
    tolerance: Number
    citation: Citation
    location: Location
    doc: str = ""
    kind: str = "programmed"

    @property
    def continuous(self) -> bool:
        """Whether every real value of the range is possible."""
        return not self.segments

    def certain(self, value: Fraction) -> bool:
        """Return whether a value of the grid is sure to be one: where no source gives the steps, few are."""
        return self.stepped or value in (self.low, self.high, self.default)

    @property
    def stepped(self) -> bool:
        """Whether it is known which values of the range are possible."""
        return bool(self.segments) or self.kind != "programmed"

    @property
    def exact(self) -> bool:
        """Whether the name stands for the true value itself: measured or derived, without a tolerance."""
        return self.kind != "programmed" and self.tolerance.citation.confidence == "not stated"

    @property
    def numbers(self) -> Iterator[Listed]:
        """Its range and, where somebody states it, its tolerance."""
        place, show = f"parameters.{self.name}", self.unit.show
        yield place, f"{show(self.low)} … {show(self.high)}", self.citation, self.location
        yield from _listed(place, (("tolerance", self.tolerance),))

    def grid(self) -> Iterator[Fraction]:
        """Yield every programmable value in ascending order, each once; of a continuum, its two ends."""
        if self.continuous:
            yield from dict.fromkeys((self.low, self.high))
        last: Fraction | None = None
        for segment in self.segments:
            for index in range(segment.count):
                value = segment.start + index * segment.step
                if last is None or value > last:
                    last = value
                    yield value

    def on_grid(self, value: Fraction) -> bool:
        """Return whether ``value`` can be programmed."""
        if self.continuous:
            return self.low <= value <= self.high
        return any(
            segment.start <= value <= segment.stop and (value - segment.start) % segment.step == 0
            for segment in self.segments
        )

    @property
    def count(self) -> int:
        """How many values can be programmed."""
        return sum(1 for _ in self.grid())


@dataclass(frozen=True, slots=True)
class Electrode:
    """A kind of contact; ``area`` is a pair of rational bounds of the nominal geometric area (m²).

    ``impedance`` is the range of the total load that the stimulator sees through one contact,
    ``double_layer`` the capacitance per area (F/m²); both are ``None`` where nothing is written.
    """

    name: str
    shape: str
    dimensions: tuple[Number, ...]
    area: tuple[Fraction, Fraction] | None
    area_tolerance: Number
    material_name: str
    tissue: str
    cited_material: Citation
    cited_tissue: Citation
    contacts: int | None
    location: Location
    note: str = ""
    placement: str = "implanted"
    impedance: Span | None = None
    double_layer: Number | None = None

    @property
    def numbers(self) -> Iterator[Listed]:
        """Every number that describes the contact."""
        for item in (*self.dimensions, self.area_tolerance, self.impedance, self.double_layer):
            if item is not None:
                yield f"electrodes.{self.name}.{item.name}", item.text, item.citation, item.location


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a pulse relative to the programmed amplitude and width."""

    polarity: str
    amplitude: Fraction
    width: Fraction


Amount = Number | Parameter


@dataclass(frozen=True, slots=True)
class Stimulus:
    """A pulse train; ``phases`` is ``None`` where nobody says what the pulse looks like.

    ``control`` is ``current`` or ``voltage``, ``shape`` is ``rectangular`` or ``sinusoidal``; a sinusoid has
    no pulse width. ``shares`` gives for each contact its part of the programmed amplitude; where it is
    empty, one contact carries all. ``mismatch`` is the worst relative difference of charge between phases
    that are meant to balance.
    """

    name: str
    electrode: Electrode
    amplitude: Parameter
    pulse_width: Parameter | None
    frequency: Parameter
    phases: tuple[Phase, ...] | None
    interphase_gap: Amount
    citation: Citation
    location: Location
    recharge: Recharge
    mismatch: Number
    circuit: Circuit
    control: str = "current"
    shape: str = "rectangular"
    burst: Burst | None = None
    duty: Duty | None = None
    shares: Mapping[str, Amount] = field(default_factory=dict, hash=False)
    doc: str = ""

    @property
    def amounts(self) -> tuple[tuple[str, Amount], ...]:
        """Every number and parameter that the stimulus is made of, by its place below the stimulus."""
        coupled = self.circuit.coupled
        named: list[tuple[str, Amount | None]] = [
            ("amplitude", self.amplitude),
            ("pulse_width", self.pulse_width),
            ("frequency", self.frequency),
            ("interphase_gap", self.interphase_gap),
            ("mismatch", self.mismatch),
            ("recharge.resistance", self.recharge.resistance),
            ("recharge.capacitance", self.recharge.capacitance),
            ("circuit.coupling_capacitor", None if coupled is False else self.circuit.coupling_capacitor),
            ("circuit.lead_resistance", self.circuit.lead_resistance),
            ("circuit.headroom", self.circuit.headroom),
        ]
        if self.burst is not None:
            named += [("burst.pulses", self.burst.pulses), ("burst.rate", self.burst.rate)]
        if self.duty is not None:
            named += [("duty.on", self.duty.on), ("duty.off", self.duty.off)]
        named += [(f"steering.{contact}", share) for contact, share in self.shares.items()]
        return tuple((name, amount) for name, amount in named if amount is not None)

    @property
    def recovered_elsewhere(self) -> bool:
        """Whether an active recharge brings the charge back in a phase that is not among ``phases``.

        So it is where the phases have one polarity only, and where a burst is recharged at its end.
        """
        polarities = {phase.polarity for phase in self.phases or ()}
        at_the_end = self.burst is not None and self.burst.recharge == "per_burst"
        return self.recharge.kind == "active" and (len(polarities) == 1 or (bool(polarities) and at_the_end))

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter that sets the stimulus, each once."""
        return tuple(dict.fromkeys(item for _, item in self.amounts if isinstance(item, Parameter)))


@dataclass(frozen=True, slots=True)
class Interlock:
    """A joint constraint on programmed parameters that the firmware claims to enforce."""

    name: str
    claim: Expression
    text: str
    citation: Citation
    discharged_by: str
    location: Location
    enforced_by: str = ""

    @property
    def shown_by(self) -> str:
        """What shows that the firmware enforces it: a record, or else an obligation; empty for nothing."""
        return self.discharged_by or self.enforced_by


@dataclass(frozen=True, slots=True)
class Limit:
    """A demand on the parameters: a built-in ``law`` with its stimuli and limit, or a free ``claim``.

    Several ``stimuli`` are active at once. ``inputs`` are what the law needs besides them, by their names in
    the law's signature. ``measured_on`` is the tissue (for a charge injection capacity, the material) that
    the limit was measured on; elsewhere the law does not apply without an ``argument``. A ``soft`` limit is
    one that the device only warns of.
    """

    name: str
    law: str | None
    stimuli: tuple[Stimulus, ...]
    limit: Number | None
    measured_on: str
    condition: str
    argument: str
    claim: Expression | None
    text: str
    citation: Citation
    location: Location
    doc: str = ""
    if_refuted: str = ""
    inputs: Mapping[str, Amount] = field(default_factory=dict, hash=False)
    soft: bool = False

    @property
    def stimulus(self) -> Stimulus | None:
        """The only stimulus that the limit speaks of; ``None`` where it speaks of none or of several."""
        return self.stimuli[0] if len(self.stimuli) == 1 else None

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter that its stimuli and inputs name, each once."""
        named = [item for stimulus in self.stimuli for item in stimulus.parameters]
        named += [item for item in self.inputs.values() if isinstance(item, Parameter)]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class Variable:
    """A state variable; ``initial`` is ``None`` where any value of the type may be the first."""

    name: str
    type: Type
    kind: str
    low: Fraction | None
    high: Fraction | None
    overflow: str | None
    initial: Literal | None
    unit: Unit | None
    location: Location
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A value that the environment chooses afresh at every step."""

    name: str
    type: Type
    low: Fraction | None
    high: Fraction | None
    unit: Unit | None
    location: Location
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A named event; ``internal`` events are taken by the device itself."""

    name: str
    internal: bool
    location: Location
    doc: str = ""


Updates = tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Mode:
    """A mode; ``stay`` is its invariant: time may pass only while it stays true."""

    name: str
    entry: Updates
    exit: Updates
    stay: Expression
    terminal: bool
    location: Location
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """From any of ``sources`` on ``event`` when ``guard`` holds; ``target`` ``None`` keeps the mode."""

    machine: str
    number: int
    sources: tuple[str, ...]
    target: str | None
    event: str
    guard: Expression
    updates: Updates
    priority: int
    location: Location
    citation: Citation
    doc: str = ""
    name: str = ""

    @property
    def title(self) -> str:
        """A short name for people, and no other transition's: ``ipg T4: A, B → C on event``."""
        sources = ", ".join(self.sources) if len(self.sources) <= 3 else f"{len(self.sources)} modes"
        return f"{self.machine} T{self.number}: {sources} → {self.target or 'same mode'} on {self.event}"


@dataclass(frozen=True, slots=True)
class Machine:
    """A state machine; in expressions its name stands for its current mode."""

    name: str
    type: Enumeration
    initial: tuple[str, ...]
    modes: Mapping[str, Mode]
    transitions: tuple[Transition, ...]
    location: Location
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """A requirement on the machines: its sentence and its meaning."""

    name: str
    sentence: str
    meaning: Meaning
    citation: Citation
    location: Location
    doc: str = ""
    if_refuted: str = ""


@dataclass(frozen=True)
class Specification:
    """A whole device, resolved."""

    device: Device
    sources: Mapping[str, Source]
    electrodes: Mapping[str, Electrode]
    parameters: Mapping[str, Parameter]
    stimuli: Mapping[str, Stimulus]
    interlocks: Mapping[str, Interlock]
    limits: Mapping[str, Limit]
    variables: Mapping[str, Variable]
    inputs: Mapping[str, Input]
    events: Mapping[str, Event]
    machines: Mapping[str, Machine]
    properties: Mapping[str, Property]
    documents: tuple[Document, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), compare=False)
    constants: Mapping[str, Constant] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    extension: Extension | None = None
    changed: tuple[Change, ...] = ()
    """What was changed on the command line: then this is not the specification as written."""

    def origin(self, section: str, name: str) -> str:
        """Return whether an entry is ``own``, ``inherited`` from the extended device, or ``overridden``."""
        return self.extension.origins.get((section, name), "own") if self.extension is not None else "own"

    @cached_property
    def sha256(self) -> str:
        """The hash of the exact text that was read: each file's name and bytes, in name order."""
        digest = hashlib.sha256()
        for document in sorted(self.documents, key=lambda document: document.name):
            digest.update(f"{document.name}\0{len(document.text)}\0{document.text}\0".encode())
        return digest.hexdigest()

    @property
    def numbers(self) -> Iterator[Listed]:
        """Every number of the specification: where it stands, its text, its citation and place."""
        for constant in self.constants.values():
            yield f"constants.{constant.name}", str(constant.quantity), constant.citation, constant.location
        for fault in self.faults.values():
            if fault.rate.citation.confidence != "not stated":
                yield f"faults.{fault.name}.rate", fault.rate.text, fault.rate.citation, fault.rate.location
        for electrode in self.electrodes.values():
            yield from electrode.numbers
        for parameter in self.parameters.values():
            yield from parameter.numbers
        for stimulus in self.stimuli.values():
            yield from _listed(f"stimuli.{stimulus.name}", stimulus.amounts)
        for limit in self.limits.values():
            own = (("limit", limit.limit),) if limit.limit is not None else ()
            given = ((f"inputs.{name}", item) for name, item in limit.inputs.items())
            yield from _listed(f"limits.{limit.name}", (*own, *given))


def _listed(place: str, amounts: Iterable[tuple[str, Amount]]) -> Iterator[Listed]:
    """Yield the numbers among some amounts that somebody states, or says that nobody knows."""
    for name, item in amounts:
        if isinstance(item, Number) and item.citation.confidence != "not stated":
            yield f"{place}.{name}", item.text, item.citation, item.location
