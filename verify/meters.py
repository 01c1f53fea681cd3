"""Numbers of one delivered setting of a stimulus, by plain arithmetic: the second reading's instruments.

Each number is exact, or rounded towards harmlessness: what a limit bounds is never read too large, so that a
setting that breaks a limit here breaks it for certain. What nobody states counts as having no effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.bounds import PI
from stimproof.specs.specification import Number, Parameter

if TYPE_CHECKING:
    from stimproof.specs.quantities import Dimension
    from stimproof.specs.specification import Amount, Electrode, Limit, Stimulus

Point = Mapping[str, Fraction]


class UnreadableError(Exception):
    """The setting breaks nothing for certain, since a number that the law needs is not stated."""


@dataclass(frozen=True)
class Meter:
    """Reads one limit at one setting.

    ``point`` holds programmed values by parameter name and delivered ones by ``name.delivered``.
    """

    limit: Limit
    point: Point

    def read(self, amount: Amount) -> Fraction:
        """Return the value of an amount, as it is delivered where the setting says so.

        Raises:
            UnreadableError: nobody states it.
        """
        if isinstance(amount, Parameter):
            delivered = f"{amount.name}.delivered"
            return self.point[delivered if delivered in self.point else amount.name]
        if amount.quantity is None:
            raise UnreadableError(amount.name)
        return amount.quantity.si

    def input(self, name: str) -> Fraction:
        """Return an input of the law."""
        return self.read(self.limit.inputs[name])

    @property
    def train(self) -> Stimulus:
        """The first stimulus."""
        return self.limit.stimuli[0]

    @property
    def electrode(self) -> Electrode:
        """The electrode of all stimuli."""
        return self.train.electrode

    @property
    def bound(self) -> Fraction:
        """The limit's own number."""
        if self.limit.limit is None:
            raise UnreadableError("limit")
        return self.read(self.limit.limit)

    def bounds(self, dimension: Dimension) -> bool:
        """Return whether the limit is a quantity of a dimension."""
        number = self.limit.limit
        return number is not None and number.quantity is not None and number.quantity.dimension == dimension

    @property
    def area(self) -> Fraction:
        """The contact's area at the small end of its tolerance, its irrational part rounded up."""
        if self.electrode.area is None:
            raise UnreadableError("area")
        tolerance = self.electrode.area_tolerance.quantity
        return self.electrode.area[1] * (1 - (tolerance.si if tolerance is not None else 0))

    def amperes(self, train: Stimulus) -> Fraction:
        """Return the programmed current; of a voltage, over the smallest load."""
        amplitude = self.read(train.amplitude)
        if train.control == "current":
            return amplitude
        load = train.electrode.impedance
        if load is None or load.ends is None:
            raise UnreadableError("impedance")
        return amplitude / load.ends[0].si

    def peak(self, train: Stimulus) -> Fraction:
        """Return the current of the largest phase."""
        return self.amperes(train) * max([phase.amplitude for phase in train.phases or ()] or [Fraction(1)])

    def width(self, train: Stimulus) -> Fraction:
        """Return the programmed width.

        Raises:
            UnreadableError: the stimulus is a sinusoid.
        """
        if train.pulse_width is None:
            raise UnreadableError("pulse width")
        return self.read(train.pulse_width)

    def one_way(self, train: Stimulus, polarity: str = "") -> Fraction:
        """Return the largest charge that flows in one direction (of a polarity) before the current turns."""
        if train.pulse_width is None:
            return self.amperes(train) / (PI[1] * self.read(train.frequency))
        relative = _largest_run(train, polarity)
        together = Fraction(1)
        if train.burst is not None and train.burst.recharge == "per_burst":
            together = self.pulses(train)
        return self.amperes(train) * self.width(train) * relative * together

    def pulses(self, train: Stimulus) -> Fraction:
        """Return the number of pulses in a burst; one where there are no bursts."""
        if train.burst is None:
            return Fraction(1)
        count = train.burst.pulses
        return self.point[count.name] if isinstance(count, Parameter) else self.read(count)

    def part(self, train: Stimulus, contact: str) -> Fraction:
        """Return the part of a stimulus that a contact carries; nothing where nobody states it."""
        if not train.shares:
            return Fraction(1)
        share = train.shares.get(contact)
        if share is None or (isinstance(share, Number) and share.quantity is None):
            return Fraction(0)
        return self.read(share)

    def contacts(self) -> list[str]:
        """Return every contact that the stimuli name; one without a name where they name none."""
        return sorted({contact for train in self.limit.stimuli for contact in train.shares}) or [""]

    def busy(self, train: Stimulus) -> Fraction:
        """Return the time from the first phase to the end of the last, of what is stated of it."""
        width = self.width(train)
        if train.phases is None:
            return width
        gap = train.interphase_gap
        stated = isinstance(gap, Parameter) or gap.quantity is not None
        pause = self.read(gap) if stated else Fraction(0)
        return sum((phase.width * width for phase in train.phases), (len(train.phases) - 1) * pause)

    def mean_square(self, train: Stimulus) -> Fraction:
        """Return the mean of the squared current of the driven phases while the train is on."""
        amperes = self.amperes(train)
        if train.pulse_width is None:
            return amperes**2 / 2
        each = self.square_seconds(train)
        return amperes**2 * each * self.read(train.frequency) * self.pulses(train)

    def square_seconds(self, train: Stimulus) -> Fraction:
        """Return the integral of the squared relative current over one pulse."""
        width = self.width(train)
        if train.phases is None:
            return width
        return sum(
            (phase.amplitude * phase.amplitude * phase.width * width for phase in train.phases), Fraction(0)
        )


def _largest_run(train: Stimulus, polarity: str) -> Fraction:
    largest = run = Fraction(0)
    before = ""
    for phase in train.phases or ():
        run = phase.amplitude * phase.width + (run if phase.polarity == before else 0)
        before = phase.polarity
        if polarity in ("", before):
            largest = max(largest, run)
    return largest if train.phases else Fraction(1)
