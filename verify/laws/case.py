"""What a law gathers while it drafts: values, what is unknown about them, and what is leant on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import TRUE, Expression
from stimproof.specs.specification import Number
from stimproof.verify.laws.draft import Computed, Draft, constant, contact_area, delivered, programmed
from stimproof.verify.settings import number as interval

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.specs.pulse_trains import Span
    from stimproof.specs.quantities import Quantity
    from stimproof.specs.specification import Amount, Electrode, Limit, Stimulus


class Case:
    """One limit while its law drafts it.

    Whatever is asked for is noted: a value that has no source among what is unknown, a cited number among
    the numbers that the verdict leans on.
    """

    def __init__(self, limit: Limit) -> None:
        self.given = limit
        self.unknown: list[str] = []
        self.outside: list[str] = []
        self.excluded: list[str] = []
        self.assumptions: list[str] = []
        self.numbers: list[Number] = []
        self.enclosed: dict[str, tuple[Fraction, Fraction]] = {}

    @property
    def stimulus(self) -> Stimulus:
        """The first stimulus, and the only one of a law about one."""
        return self.given.stimuli[0]

    @property
    def electrode(self) -> Electrode:
        """The electrode of all stimuli of the limit."""
        return self.stimulus.electrode

    def bound(self) -> Expression | None:
        """Return the limit's own number as a term; ``None`` where nobody cites it."""
        number = self.given.limit
        if number is None or number.quantity is None:
            self.unknown.append(f"the limit of '{self.given.name}' has no source")
            return None
        self.numbers.append(number)
        return constant(number)

    def amount(self, amount: Amount, what: str, *, as_programmed: bool = False) -> Expression | None:
        """Return an amount as a term, a parameter as delivered; ``None`` where nobody states its value."""
        if not isinstance(amount, Number):
            return programmed(amount) if as_programmed else delivered(amount)
        self.numbers.append(amount)
        if amount.quantity is None:
            said = "is not given" if amount.citation.confidence == "not stated" else "has no source"
            self.unknown.append(f"{what} {said}")
            return None
        return constant(amount)

    def input(self, name: str) -> Expression | None:
        """Return an input of the law as a term; ``None`` where nobody states its value."""
        return self.amount(self.given.inputs[name], f"the input '{name}' of '{self.given.name}'")

    def number(self, name: str) -> Fraction | None:
        """Return an input that must be a constant; ``None`` where it is none."""
        amount = self.given.inputs[name]
        if not isinstance(amount, Number):
            self.unknown.append(f"the input '{name}' of '{self.given.name}' is no constant")
            return None
        return amount.quantity.si if self.input(name) is not None and amount.quantity is not None else None

    def end_of(self, span: Span | None, which: int, what: str) -> Quantity | None:
        """Return one end of a cited range, which then counts as a number of its own."""
        if span is None or span.ends is None:
            self.unknown.append(f"{what} {'is not given' if span is None else 'has no source'}")
            return None
        end = span.ends[which]
        self.numbers.append(Number(span.name, end, span.citation, span.location))
        return end

    def ends(self, term: Expression) -> tuple[Fraction, Fraction]:
        """Return rationals between which a term over the limit's parameters lies, at any delivery."""
        values: dict[str, tuple[Fraction, Fraction]] = {}
        for item in self.given.parameters:
            spread = item.tolerance.quantity.si if item.tolerance.quantity is not None else 0
            values[item.name] = (item.low, item.high)
            corners = [end * factor for end in (item.low, item.high) for factor in (1 - spread, 1 + spread)]
            values[delivered(item).name] = (min(corners), max(corners))
        return interval(term, values)

    def area(self) -> Expression | None:
        """Return the contact area as a term; ``None`` where its dimensions have no source."""
        self.numbers += [*self.electrode.dimensions, self.electrode.area_tolerance]
        if self.electrode.area is None:
            self.unknown.append(f"the contact area of '{self.electrode.name}' has no source")
            return None
        return contact_area()

    def measured(self, here: str, confidence: str) -> None:
        """Compare what the limit was measured on with what the contact lies on, or is made of."""
        limit = self.given
        if limit.condition:
            self.assumptions.append(f"the limit was measured under these conditions: {limit.condition}")
        if not limit.measured_on:
            self.assumptions.append(f"nobody says what the limit of '{limit.name}' was measured on")
        elif confidence == "unknown":
            self.unknown.append(
                f"the limit was measured on {limit.measured_on}, "
                "and what the contact has instead has no source"
            )
        elif here != limit.measured_on:
            self.outside.append(f"its limit was measured on {limit.measured_on}, not on {here}")

    def draft(self, claim: Expression | None, *computed: tuple[str, Expression | None, str]) -> Draft:
        """Return the draft; without a claim, nothing can be said."""
        if claim is None and not self.unknown and not self.excluded:
            self.unknown.append(f"nothing can be said about '{self.given.name}'")
        shown: Computed = tuple((label, term, unit) for label, term, unit in computed if term is not None)
        return Draft(
            TRUE if claim is None else claim,
            self.enclosed,
            shown,
            tuple(dict.fromkeys(self.unknown)),
            tuple(self.outside),
            tuple(self.excluded),
            tuple(dict.fromkeys(self.assumptions)),
            tuple(self.numbers),
        )
