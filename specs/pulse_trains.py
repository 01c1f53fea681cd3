"""What a resolved stimulus is made of beyond its three parameters: recharge, bursts, cycling, circuit.

Each number is a cited :class:`~stimproof.specs.specification.Number`, which may be unknown, or a parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stimproof.specs.findings import Location
    from stimproof.specs.quantities import Quantity
    from stimproof.specs.specification import Citation, Number, Parameter


@dataclass(frozen=True, slots=True)
class Span:
    """A cited range between two quantities, both of which are possible; it may be unknown."""

    name: str
    ends: tuple[Quantity, Quantity] | None
    citation: Citation
    location: Location

    @property
    def text(self) -> str:
        """The range as written, or ``unknown``."""
        return f"{self.ends[0]} … {self.ends[1]}" if self.ends is not None else "unknown"


@dataclass(frozen=True, slots=True)
class Recharge:
    """How the charge of a pulse is recovered: ``active``, ``passive``, ``none`` or ``unknown``.

    A passive recharge discharges through ``resistance`` what stands on ``capacitance``.
    """

    kind: str
    resistance: Number
    capacitance: Number
    citation: Citation
    location: Location


@dataclass(frozen=True, slots=True)
class Burst:
    """``pulses`` pulses at ``rate``; the stimulus' frequency is then that of the bursts.

    ``recharge`` is ``per_pulse``, ``per_burst`` or ``unknown``.
    """

    pulses: Number | Parameter
    rate: Number | Parameter
    recharge: str
    citation: Citation
    location: Location


@dataclass(frozen=True, slots=True)
class Duty:
    """Cycling: the train is on for one time and off for another."""

    on: Number | Parameter
    off: Number | Parameter


@dataclass(frozen=True, slots=True)
class Circuit:
    """What lies between the stimulator and the contact; ``coupled`` is ``None`` where nobody says."""

    coupling_capacitor: Number
    coupled: bool | None
    lead_resistance: Number
    headroom: Number
