"""Whether one programmed setting keeps a claim, whatever is delivered: decided exactly, at a point.

A setting is safe where the claim holds for every delivered value within its tolerance, every contact area
within its own, and every value of the enclosed constants. Interval arithmetic with rationals answers most
settings; the corners of delivery answer most of the rest; what remains is asked of the solver and, where
that finds a violation, evaluated exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import Literal, Reference, equal, negate, real, references
from stimproof.specs.quantities import NUMBER
from stimproof.verify import recheck, solver
from stimproof.verify.certificates import claim_script
from stimproof.verify.settings import Interval, Truth, truth

if TYPE_CHECKING:
    from stimproof.verify.problem import Problem

Programmed = Mapping[str, Fraction]
_CONSTANT = Fraction(1, 10**9)
"""An enclosure narrower than this share of its value encloses one constant, and is no range of values."""


class Safety:
    """Decides settings of one problem; ``programmed`` must hold every programmed parameter of the claim."""

    def __init__(self, given: Problem, budget: int) -> None:
        self.given, self.budget = given, budget
        named = references(given.claim)
        self._delivered = [(name, *pair) for name, pair in given.spread.items() if name in named]
        self._free = {
            item.name: (item.low, item.high)
            for item in given.parameters
            if item.kind != "programmed" and {item.name, item.name + DELIVERED} & named
        }
        self._enclosed = {name: ends for name, ends in given.enclosed.items() if name in named}

    def at(self, programmed: Programmed) -> Truth:
        """Return whether a setting is safe; ``None`` where only a finer enclosure of a constant could tell.

        Raises:
            GaveUpError: the solver was needed and its budget is spent.
        """
        values: dict[str, Interval] = {name: (value, value) for name, value in programmed.items()}
        values.update(self._enclosed | self._free)
        ranges = {**self._free, **self._enclosed}
        extremes = {name: _ends(ends) for name, ends in ranges.items() if _is_range(ends)}
        for name, base, factors in self._delivered:
            nominal = values.get(base) or self.given.enclosed[base]
            whole = extremes.get(base, [nominal])
            extremes[name] = [_times(ends, factor) for ends in whole for factor in dict.fromkeys(factors)]
            values[name] = _hull(extremes[name])
        found = truth(self.given.claim, values)
        if found is not None:
            return found
        for corner in product(*extremes.values()) if not self._free else ():
            if truth(self.given.claim, {**values, **dict(zip(extremes, corner, strict=True))}) is False:
                return False
        return self._asked(programmed, values)

    def _asked(self, programmed: Programmed, values: Mapping[str, Interval]) -> Truth:
        fixed = [
            equal(Reference(name, self.given.kinds[name]), _literal(self.given, name, value))
            for name, value in programmed.items()
        ]
        kinds, domain = self.given.variables(), (*self.given.domain(), *fixed)
        model = solver.find([*domain, negate(self.given.claim)], kinds, self.budget)
        if model is None:
            script = claim_script(kinds, domain, self.given.claim, "one setting")
            return True if recheck.run(script).confirmed else None
        point = {
            name: (Fraction(model[name]), Fraction(model[name])) if _is_range(ends) else ends
            for name, ends in values.items()
        }
        return False if truth(self.given.claim, point) is False else None


def _times(ends: Interval, factor: Fraction) -> Interval:
    """Return an enclosure times a factor; a constant stays one enclosure, whose value nobody may choose."""
    return min(ends[0] * factor, ends[1] * factor), max(ends[0] * factor, ends[1] * factor)


def _ends(ends: Interval) -> list[Interval]:
    return [(end, end) for end in ends]


def _hull(parts: list[Interval]) -> Interval:
    return min(low for low, _ in parts), max(high for _, high in parts)


def _is_range(ends: Interval) -> bool:
    return ends[1] - ends[0] > _CONSTANT * max(abs(ends[0]), abs(ends[1]))


def _literal(given: Problem, name: str, value: Fraction) -> Literal:
    return real(value, getattr(given.kinds[name], "dimension", NUMBER))
