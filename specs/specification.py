"""The resolved specification: every name bound, every expression typed, every number exact.

All numbers are rationals in SI base units; ``unit`` fields say how to print them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Enumeration, Expression, Literal, Type, references
from stimproof.specs.property.forms import Condition, Scope, Timing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stimproof.specs.document import Device, Source
    from stimproof.specs.findings import Finding, Location
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
    """A programmable number; ``tolerance`` is the relative delivery tolerance (``None``: nobody says)."""

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

    def grid(self) -> Iterator[Fraction]:
        """Yield every programmable value in ascending order, each once."""
        last: Fraction | None = None
        for segment in self.segments:
            for index in range(segment.count):
                value = segment.start + index * segment.step
                if last is None or value > last:
                    last = value
                    yield value

    def on_grid(self, value: Fraction) -> bool:
        """Return whether ``value`` can be programmed."""
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
    """A kind of contact; ``area`` is a pair of rational bounds of the nominal geometric area (m²)."""

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


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a pulse relative to the programmed amplitude and width."""

    polarity: str
    amplitude: Fraction
    width: Fraction


@dataclass(frozen=True, slots=True)
class Stimulus:
    """A pulse train; ``phases`` is ``None`` where nobody says what the pulse looks like."""

    name: str
    electrode: Electrode
    amplitude: Parameter
    pulse_width: Parameter
    frequency: Parameter
    phases: tuple[Phase, ...] | None
    interphase_gap: Number
    citation: Citation
    location: Location
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Interlock:
    """A joint constraint on programmed parameters that the firmware claims to enforce."""

    name: str
    claim: Expression
    text: str
    citation: Citation
    discharged_by: str
    location: Location


@dataclass(frozen=True, slots=True)
class Limit:
    """A demand on the parameters: a built-in ``law`` with its stimulus and limit, or a free ``claim``.

    ``measured_on`` is the tissue (for a charge injection capacity, the material) that the limit was
    measured on; elsewhere the law does not apply without an ``argument``.
    """

    name: str
    law: str | None
    stimulus: Stimulus | None
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
class Invariant:
    """``scope`` implies ``body`` in every reachable state."""

    scope: Expression
    body: Expression

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset(references(self.scope) | references(self.body))


@dataclass(frozen=True, slots=True)
class Response:
    """Each time the trigger happens inside ``scope``, ``body`` holds within ``within`` seconds.

    The trigger is an ``event`` or the rising edge of a ``condition``. Leaving the scope cancels what
    is still owed. ``within`` zero demands ``body`` in the very state that the trigger leads to.
    """

    scope: Expression
    event: str | None
    condition: Expression
    body: Expression
    within: Fraction

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset(references(self.scope) | references(self.condition) | references(self.body))


@dataclass(frozen=True, slots=True)
class Reachable:
    """Some run reaches ``mode`` of ``machine``."""

    machine: str
    mode: str

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset((self.machine,))


@dataclass(frozen=True, slots=True)
class FretRequirement:
    """A FRETish requirement of any form; :mod:`stimproof.specs.property` gives its meaning on traces.

    ``mode`` is what the scope refers to (``TRUE`` for the global scope). ``trigger`` is the condition
    (``TRUE`` where there is none), unless an ``event`` is the trigger, with ``trigger`` ``FALSE``: then
    the scope is judged before the event's step and the timing counts from the state that it leads to.
    ``duration`` is in seconds, or in steps where ``in_steps``; 0 for a timing that takes none.
    ``stop`` is the condition of ``until`` and ``before``, ``FALSE`` for every other timing.
    """

    scope: Scope
    mode: Expression
    condition: Condition
    event: str | None
    trigger: Expression
    timing: Timing
    duration: Fraction
    in_steps: bool
    stop: Expression
    body: Expression

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset().union(*map(references, (self.mode, self.trigger, self.stop, self.body)))


@dataclass(frozen=True, slots=True)
class CanReach:
    """From every reachable state of ``source``, some continuation reaches a state of ``target``.

    ``using`` names the input events that the continuation may use besides internal events and the
    passing of time; ``None`` allows every event.
    """

    source: Expression
    target: Expression
    using: tuple[str, ...] | None

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset(references(self.source) | references(self.target))


@dataclass(frozen=True, slots=True)
class Unchanged:
    """No step of ``event`` changes any of ``variables``."""

    event: str
    variables: tuple[str, ...]

    @property
    def mentioned(self) -> frozenset[str]:
        """The variables and machines that it speaks of."""
        return frozenset(self.variables)


Meaning = Invariant | Response | Reachable | FretRequirement | CanReach | Unchanged


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

    @cached_property
    def sha256(self) -> str:
        """The hash of the exact text that was read: each file's name and bytes, in name order."""
        digest = hashlib.sha256()
        for document in sorted(self.documents, key=lambda document: document.name):
            digest.update(f"{document.name}\0{len(document.text)}\0{document.text}\0".encode())
        return digest.hexdigest()

    @property
    def numbers(self) -> Iterator[tuple[str, str, Citation, Location]]:
        """Every number of the specification: where it stands, its text, its citation and place."""
        for electrode in self.electrodes.values():
            for number in (*electrode.dimensions, electrode.area_tolerance):
                yield (
                    f"electrodes.{electrode.name}.{number.name}",
                    number.text,
                    number.citation,
                    number.location,
                )
        for parameter in self.parameters.values():
            show = parameter.unit.show
            yield (
                f"parameters.{parameter.name}",
                f"{show(parameter.low)} … {show(parameter.high)}",
                parameter.citation,
                parameter.location,
            )
            if parameter.tolerance.citation.confidence != "not stated":
                tolerance = parameter.tolerance
                yield (
                    f"parameters.{parameter.name}.tolerance",
                    tolerance.text,
                    tolerance.citation,
                    tolerance.location,
                )
        for stimulus in self.stimuli.values():
            gap = stimulus.interphase_gap
            yield f"stimuli.{stimulus.name}.interphase_gap", gap.text, gap.citation, gap.location
        for limit in self.limits.values():
            if limit.limit is not None:
                yield (
                    f"limits.{limit.name}.limit",
                    limit.limit.text,
                    limit.limit.citation,
                    limit.limit.location,
                )
