"""One claim about programmable parameters: its variables, their domain, and what the claim leans on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from stimproof.specs.bounds import PI
from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import (
    INTEGER,
    Apply,
    Expression,
    Op,
    Real,
    Reference,
    Type,
    add,
    compare,
    conj,
    disj,
    equal,
    ite,
    mul,
    real,
    references,
    whole,
)
from stimproof.specs.quantities import AREA
from stimproof.specs.typing import PI as PI_NAME
from stimproof.verify.laws.draft import CONTACT_AREA, NOMINAL_AREA, Draft
from stimproof.verify.settings import Interval, truth

if TYPE_CHECKING:
    from stimproof.specs.specification import Electrode, Number, Parameter, Specification


@dataclass(frozen=True)
class Problem:
    """A claim over programmed values (on their grids), delivered values, areas and enclosed constants.

    ``spread`` gives for each delivered value and area the factors between which it may lie around its
    nominal value; ``missing`` names the tolerances that nobody has stated, for which delivery is taken as
    nominal: then a refutation stands, and a proof does not.
    """

    claim: Expression
    parameters: tuple[Parameter, ...]
    enclosed: dict[str, Interval]
    spread: dict[str, tuple[str, Interval]]
    computed: tuple[tuple[str, Expression, str], ...]
    missing: tuple[str, ...]
    numbers: tuple[Number, ...]
    kinds: dict[str, Type] = field(default_factory=dict)

    def variables(self) -> dict[str, Type]:
        """Return every variable of the claim with its type."""
        return self.kinds

    def domain(self) -> tuple[Expression, ...]:
        """Return the continuous domain: ranges, enclosures, and delivery around programmed values."""
        parts = [_within(item.name, self.kinds[item.name], (item.low, item.high)) for item in self.parameters]
        parts += [_within(name, self.kinds[name], ends) for name, ends in self.enclosed.items()]
        negative = {item.name for item in self.parameters if item.low < 0}
        for name, (base, (low, high)) in self.spread.items():
            here, nominal = Reference(name, self.kinds[name]), Reference(base, self.kinds[base])
            if low == high == 1:
                parts.append(equal(here, nominal))
            elif base in negative:
                around = conj(*_around(here, nominal, low, high)), conj(*_around(here, nominal, high, low))
                zero = mul(real(0), nominal)
                parts.append(ite(compare(Op.GE, nominal, zero), *around))
            else:
                parts += _around(here, nominal, low, high)
        return tuple(parts)

    def grid(self) -> tuple[dict[str, Type], tuple[Expression, ...]]:
        """Return whole-number step variables and the equations that put every parameter on its grid."""
        steps: dict[str, Type] = {}
        parts = []
        for item in self.parameters:
            if item.continuous:
                continue
            name = f"{item.name}.step"
            steps[name] = INTEGER
            count = Reference(name, INTEGER)
            here = Reference(item.name, self.kinds[item.name])
            pieces = []
            for segment in item.segments:
                kind = Real(item.unit.dimension)
                value = add(
                    real(segment.start, kind.dimension),
                    mul(real(segment.step, kind.dimension), Apply(Op.TO_REAL, (count,), Real())),
                )
                pieces.append(
                    conj(
                        compare(Op.GE, count, whole(0)),
                        compare(Op.LE, count, whole(segment.count - 1)),
                        equal(here, value),
                    )
                )
            parts.append(disj(*pieces))
        return steps, tuple(parts)


def _around(here: Expression, nominal: Expression, low: Fraction, high: Fraction) -> list[Expression]:
    return [compare(Op.GE, here, mul(real(low), nominal)), compare(Op.LE, here, mul(real(high), nominal))]


def _within(name: str, kind: Type, ends: Interval) -> Expression:
    here = Reference(name, kind)
    dimension = kind.dimension if isinstance(kind, Real) else Real().dimension
    if ends[0] == ends[1]:
        return equal(here, real(ends[0], dimension))
    return conj(
        compare(Op.GE, here, real(ends[0], dimension)), compare(Op.LE, here, real(ends[1], dimension))
    )


def of_law(specification: Specification, draft: Draft, electrode: Electrode | None) -> Problem:
    """Return the problem of a law's draft, about a contact of an electrode where the law speaks of one."""
    return _problem(specification, draft.claim, draft.computed, draft.enclosed, draft.numbers, electrode)


def of_claim(specification: Specification, claim: Expression) -> Problem:
    """Return the problem of a free claim; its two sides are printed with a counterexample."""
    return _problem(specification, claim, (), {}, (), None)


def _problem(
    specification: Specification,
    claim: Expression,
    computed: tuple[tuple[str, Expression, str], ...],
    enclosed: dict[str, Interval],
    numbers: Iterable[Number],
    electrode: Electrode | None,
) -> Problem:
    terms = [
        claim,
        *(term for _, term, _ in computed),
        *(item.claim for item in specification.interlocks.values()),
    ]
    mentioned = frozenset[str]().union(*(references(term) for term in terms))
    names = {name.removesuffix(DELIVERED) for name in mentioned} & specification.parameters.keys()
    parameters = tuple(item for name, item in specification.parameters.items() if name in names)
    kinds: dict[str, Type] = {item.name: Real(item.unit.dimension) for item in parameters}
    enclosed, used = dict(enclosed), list(numbers)
    spread: dict[str, tuple[str, Interval]] = {}
    missing: list[str] = []
    for item in parameters:
        if item.name + DELIVERED in mentioned:
            kinds[item.name + DELIVERED] = kinds[item.name]
            spread[item.name + DELIVERED] = (
                item.name,
                _factors(item.tolerance, f"the delivery tolerance of '{item.name}'", missing),
            )
            used.append(item.tolerance)
    if CONTACT_AREA in mentioned and electrode is not None and electrode.area is not None:
        kinds[NOMINAL_AREA] = kinds[CONTACT_AREA] = Real(AREA)
        enclosed[NOMINAL_AREA] = electrode.area
        spread[CONTACT_AREA] = (
            NOMINAL_AREA,
            _factors(electrode.area_tolerance, f"the area tolerance of '{electrode.name}'", missing),
        )
    if PI_NAME in mentioned:
        enclosed[PI_NAME] = PI
    for name in enclosed:
        kinds.setdefault(
            name, next((node.type for term in terms for node in _leaves(term) if node.name == name), Real())
        )
    return Problem(claim, parameters, enclosed, spread, computed, tuple(missing), tuple(used), kinds)


def _leaves(term: Expression) -> list[Reference]:
    if isinstance(term, Reference):
        return [term]
    return [leaf for argument in term.args for leaf in _leaves(argument)] if isinstance(term, Apply) else []


def _factors(tolerance: Number, what: str, missing: list[str]) -> Interval:
    if tolerance.quantity is None:
        missing.append(
            f"{what} has no source" if tolerance.citation.confidence == "unknown" else f"{what} is not stated"
        )
        return Fraction(1), Fraction(1)
    return 1 - tolerance.quantity.si, 1 + tolerance.quantity.si


Point = dict[str, Fraction]


def values_at(given: Problem, point: Mapping[str, Fraction]) -> dict[str, Interval]:
    """Return the interval of every variable at a point; enclosed constants keep their enclosures.

    An area is taken at the small end of its tolerance, where every law is hardest to keep.
    """
    values: dict[str, Interval] = {name: (value, value) for name, value in point.items()}
    values.update(given.enclosed)
    for name, (base, (low, _)) in given.spread.items():
        if base in given.enclosed:
            values[name] = (given.enclosed[base][0] * low, given.enclosed[base][1] * low)
    return values


def violates(given: Problem, point: Mapping[str, Fraction], assuming: Iterable[Expression]) -> bool:
    """Return whether a point certainly violates the claim and certainly respects every assumption."""
    values = values_at(given, point)
    return truth(given.claim, values) is False and all(truth(term, values) is True for term in assuming)


def points(given: Problem, choices: Mapping[str, Sequence[Fraction]]) -> Iterator[Point]:
    """Yield combinations of programmed values, delivered exactly and at every extreme of tolerance."""
    delivered = [(name, base, factors) for name, (base, factors) in given.spread.items() if base in choices]
    for programmed in product(*choices.values()):
        point = dict(zip(choices, programmed, strict=True))
        for factors in product(*(dict.fromkeys((Fraction(1), high, low)) for _, _, (low, high) in delivered)):
            extra = {
                name: point[base] * factor for (name, base, _), factor in zip(delivered, factors, strict=True)
            }
            yield {**point, **extra}
