"""Claims about programmable parameters, described plainly and decided by trying every programmable value.

Delivered values are continuous. Claims that mention them compare one sum of products, in which each name
stands at most once in a product, with a constant: such a sum is largest and smallest at the corners of
delivery (it is linear in each value by itself), so trying the corners is exact.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import strategies as st

from plain.terms import Term, text, value

SEEN = {"source": "bench", "confidence": "seen"}


@dataclass(frozen=True)
class Knob:
    """A programmable number from ``low`` in steps; ``tolerance`` in per cent, ``None`` where nobody knows."""

    name: str
    low: int
    step: int
    count: int
    tolerance: int | None

    def values(self) -> list[Fraction]:
        """Return every programmable value."""
        return [Fraction(self.low + number * self.step) for number in range(self.count)]

    def corners(self, programmed: Fraction) -> set[Fraction]:
        """Return the extreme delivered values; nominal delivery where nobody knows better."""
        spread = Fraction(self.tolerance or 0, 100)
        return {programmed * (1 - spread), programmed * (1 + spread)}


@dataclass(frozen=True)
class Panel:
    """Parameters, one claim, and interlocks; ``uses_delivered`` names what the claim takes as delivered."""

    knobs: tuple[Knob, ...]
    claim: Term
    interlocks: tuple[Term, ...]
    uses_delivered: frozenset[str]

    def specification(self) -> str:
        """Return the text of the specification."""
        parameters = {}
        for knob in self.knobs:
            last = knob.low + (knob.count - 1) * knob.step
            known = (
                {"value": "unknown"} if knob.tolerance is None else {"value": f"{knob.tolerance} %", **SEEN}
            )
            parameters[knob.name] = {"range": [knob.low, last], "step": knob.step, "tolerance": known, **SEEN}
        document = {
            "stimproof": 1,
            "device": {"id": "panel", "name": "Panel"},
            "sources": {"bench": {"title": "Invented"}},
            "parameters": parameters,
            "interlocks": {
                f"lock{n}": {"claim": text(term), **SEEN} for n, term in enumerate(self.interlocks)
            },
            "limits": {"it": {"claim": text(self.claim)}},
        }
        return json.dumps(document, indent=1)

    def settings(self) -> Iterator[dict[str, Any]]:
        """Yield every programmable setting with every extreme of delivery."""
        for programmed in product(*(knob.values() for knob in self.knobs)):
            delivered = [
                knob.corners(at) if knob.name in self.uses_delivered else {at}
                for knob, at in zip(self.knobs, programmed, strict=True)
            ]
            for ends in product(*delivered):
                point = dict(zip([knob.name for knob in self.knobs], programmed, strict=True))
                extra = {f"delivered({knob.name})": end for knob, end in zip(self.knobs, ends, strict=True)}
                yield {**point, **extra}

    def allowed(self, point: dict[str, Any]) -> bool:
        """Return whether every interlock holds."""
        return all(value(term, point) for term in self.interlocks)

    def expected(self) -> str:
        """Return the verdict: proved, refuted or unknown."""
        points = list(self.settings())
        wrong = [point for point in points if not value(self.claim, point)]
        if any(self.allowed(point) for point in wrong):
            return "refuted"
        gap = any(knob.tolerance is None for knob in self.knobs if knob.name in self.uses_delivered)
        vacuous = bool(wrong) and not any(self.allowed(point) for point in points)
        return "unknown" if gap or vacuous else "proved"


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    """Return random parameters with a claim, and perhaps interlocks."""
    knobs = tuple(
        Knob(
            name, draw(st.integers(-2, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 6)),
            draw(st.sampled_from((0, 5, 10, 30, None))),
        )
        for name in "abc"[: draw(st.integers(1, 3))]
    )  # fmt: skip
    names = [knob.name for knob in knobs]
    locks = tuple(_condition(draw, names) for _ in range(draw(st.sampled_from((0, 0, 1, 2)))))
    if draw(st.booleans()):
        return Panel(knobs, _condition(draw, names), locks, frozenset())
    claim, used = _multilinear(draw, names)
    return Panel(knobs, claim, locks, frozenset(used))


def _number(draw: st.DrawFn, names: list[str], depth: int) -> Term:
    if depth == 0 or draw(st.integers(0, 2)) == 0:
        return draw(
            st.sampled_from((("name", draw(st.sampled_from(names))), ("whole", draw(st.integers(-9, 20)))))
        )
    below = _number(draw, names, depth - 1), _number(draw, names, depth - 1)
    return draw(
        st.sampled_from((("+", *below), ("-", *below), ("*", *below), ("max", *below), ("min", *below)))
    )


def _condition(draw: st.DrawFn, names: list[str]) -> Term:
    # The left side mentions a parameter, so that it is a real number and no comparison of two constants.
    first: Term = ("+", ("name", draw(st.sampled_from(names))), _number(draw, names, 1))
    order = draw(st.sampled_from(("<", "<=", ">", ">=", "!=")))
    one: Term = (order, first, ("whole", draw(st.integers(-5, 25))))
    if draw(st.booleans()):
        return one
    gap: Term = (">=", ("abs", ("-", first, ("whole", draw(st.integers(0, 9))))), ("whole", 1))
    return (draw(st.sampled_from(("and", "or", "implies"))), one, gap)


def _multilinear(draw: st.DrawFn, names: list[str]) -> tuple[Term, set[str]]:
    """Return a comparison of a sum of products of delivered values with a constant."""
    used = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    monomial: Term = ("name", f"delivered({used[0]})")
    for name in used[1:]:
        monomial = ("*", monomial, ("name", f"delivered({name})"))
    if draw(st.booleans()):
        extra = draw(st.sampled_from(names))
        monomial = (draw(st.sampled_from(("+", "-"))), monomial, ("name", f"delivered({extra})"))
        used = [*used, extra]
    order = draw(st.sampled_from(("<", "<=", ">", ">=")))
    return (order, monomial, ("whole", draw(st.integers(-10, 60)))), set(used)
