"""Whether a limit can ever bind beside another one: the two claims, compared over all settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    Expression,
    Op,
    Real,
    Reference,
    Type,
    compare,
    negate,
    real,
    rewrite,
)
from stimproof.specs.findings import Code, Finding, Severity
from stimproof.verify import recheck, solver
from stimproof.verify.certificates import claim_script
from stimproof.verify.prepared import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stimproof.specs.specification import Limit, Specification
    from stimproof.verify.problem import Problem

_WITHIN, _ANY = "at every setting within the ranges", "whatever is programmed"


@dataclass(frozen=True)
class _Question:
    """Two claims over one domain."""

    kinds: Mapping[str, Type]
    domain: tuple[Expression, ...]
    premise: Expression
    claim: Expression


class Pairs:
    """Compares the limits of one specification; what stays open is kept in ``undecided``."""

    def __init__(self, specification: Specification, budget: int) -> None:
        self.budget, self.undecided = budget, list[str]()
        self._idle_already: set[str] = set()
        self._problems = dict(_comparable(specification))
        limits = [specification.limits[name] for name in self._problems]
        self.candidates = [pair for pair in permutations(limits, 2) if self._related(*pair)]
        self._order = {name: number for number, name in enumerate(self._problems)}

    def _related(self, one: Limit, other: Limit) -> bool:
        """Return whether the first could make the second idle: same contact, common parameters, as strict."""
        contacts = {item.electrode.name for limit in (one, other) for item in limit.stimuli}
        names = [{item.name for item in self._problems[limit.name].parameters} for limit in (one, other)]
        return len(contacts) < 2 and bool(names[0] & names[1]) and (not one.soft or other.soft)

    def findings(self, one: Limit, other: Limit) -> Iterator[Finding]:
        """Yield a finding, once, if the second limit holds wherever the first does; of twins, the later."""
        if other.name in self._idle_already:
            return
        try:
            where = self._idle(one, other)
            twins = where and self._order[one.name] > self._order[other.name] and self._idle(other, one)
        except solver.GaveUpError:
            self.undecided.append(f"{one.name} beside {other.name}")
            return
        if where and not twins:
            self._idle_already.add(other.name)
            yield Finding(
                Code.LIMIT_NEVER_BINDS,
                other.location,
                f"'{other.name}' never binds: {where}, it holds wherever '{one.name}' does",
                "remove it, or check whether its number or its unit was misread",
                # Limits of different laws guard against different harms, and one of them may well be milder.
                None if one.law == other.law else Severity.NOTE,
            )

    def _idle(self, one: Limit, other: Limit) -> str:
        """Return where the first limit implies the second, or an empty text.

        A limit that no setting within the ranges can break is idle there beside any other; so it counts
        only if the first implies it beyond the ranges, too.
        """
        for where, limited in ((_WITHIN, True), (_ANY, False)):
            asked = _question(self._problems[one.name], self._problems[other.name], limited=limited)
            if limited and self._find(asked, negate(asked.claim)) is None:
                continue
            if self._find(asked, asked.premise) is None:
                return ""
            if self._find(asked, asked.premise, negate(asked.claim)) is None and self._confirmed(asked):
                return where
        return ""

    def _find(self, asked: _Question, *terms: Expression) -> object:
        return solver.find([*asked.domain, *terms], asked.kinds, self.budget)

    @staticmethod
    def _confirmed(asked: _Question) -> bool:
        script = claim_script(
            asked.kinds, (*asked.domain, asked.premise), asked.claim, "one limit implies another"
        )
        return recheck.run(script).confirmed


def _comparable(specification: Specification) -> Iterator[tuple[str, Problem]]:
    """Yield the problems of the limits of which all is known, without the interlocks' own parameters."""
    alone = replace(specification, interlocks={})
    for name, limit in specification.limits.items():
        given = prepare(alone, limit)
        if not (given.inapplicable or given.gaps or given.hopeless):
            yield name, given.problem


def _question(one: Problem, other: Problem, *, limited: bool) -> _Question:
    """Return the question whether the first claim implies the second.

    Constants that both enclose alike are one and the same; others of equal name are kept apart.
    """
    apart = {name for name, ends in other.enclosed.items() if one.enclosed.get(name, ends) != ends}
    apart |= {name for name, given in other.spread.items() if one.spread.get(name, given) != given}
    other = _renamed(other, {name: f"{name}.other" for name in apart})
    kinds = {**one.kinds, **other.kinds}
    domain = dict.fromkeys((*_domain(one, limited=limited), *_domain(other, limited=limited)))
    return _Question(kinds, tuple(domain), one.claim, other.claim)


def _domain(given: Problem, *, limited: bool) -> tuple[Expression, ...]:
    """Return the domain; beyond the ranges, what was never negative is still not."""
    if limited:
        return given.domain()
    signs = [
        compare(
            Op.GE, Reference(item.name, Real(item.unit.dimension)), real(Fraction(0), item.unit.dimension)
        )
        for item in given.parameters
        if item.low >= 0
    ]
    signed = tuple(item for item in given.parameters if item.low < 0)
    return (*replace(given, parameters=signed).domain(), *signs)


def _renamed(given: Problem, names: Mapping[str, str]) -> Problem:
    def new(name: str) -> str:
        return names.get(name, name)

    def renamed(reference: Reference) -> Expression:
        return Reference(new(reference.name), reference.type)

    return replace(
        given,
        claim=rewrite(given.claim, renamed),
        enclosed={new(name): ends for name, ends in given.enclosed.items()},
        spread={
            names.get(name, name): (names.get(base, base), ends)
            for name, (base, ends) in given.spread.items()
        },
        kinds={new(name): kind for name, kind in given.kinds.items()},
    )
