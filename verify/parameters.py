"""Parameter obligations: every programmable combination at worst-case delivery.

First the continuous relaxation is tried: all real values between the ends of each range. What holds there
holds on the grid. Where it fails, corners of the grid are evaluated exactly, then the grid itself decides.
Where a declared interlock is needed, it is used and stands in the assumption ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from time import perf_counter
from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import TRUE, Apply, Expression, Op, Real, negate, references, show
from stimproof.specs.quantities import NUMBER, Unit, unit
from stimproof.verify import certificates, problem, recheck, solver
from stimproof.verify.laws import LAWS
from stimproof.verify.laws.draft import Draft
from stimproof.verify.results import Certificate, Obligation, Result, Setting, Verdict
from stimproof.verify.settings import Interval, number, truth

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Specification
    from stimproof.verify.problem import Problem

Point = dict[str, Fraction]


class ParameterProver:
    """Decides the parameter obligations of one specification."""

    def __init__(self, specification: Specification, budget: int) -> None:
        self.specification, self.budget = specification, budget
        self.files: dict[str, str] = {}

    def decide(self, obligation: Obligation) -> Result:
        """Return the result of one parameter obligation; its files are kept in ``files``."""
        started = perf_counter()
        limit = self.specification.limits[obligation.id.removeprefix("limits.")]
        result = self._claim(obligation, limit) if limit.claim is not None else self._law(obligation, limit)
        return replace(result, seconds=perf_counter() - started)

    def _law(self, obligation: Obligation, limit: Limit) -> Result:
        assert limit.law is not None
        assert limit.stimulus is not None
        draft = LAWS[limit.law](limit, limit.stimulus)
        reasons = draft.excluded + (draft.outside if not limit.argument else ())
        if reasons:
            return Result(obligation, Verdict.NOT_APPLICABLE, "law", 0, "not applicable, because " + "; ".join(reasons))
        assumptions = draft.assumptions
        if draft.outside:
            assumptions += (f"the law is applied outside its measuring conditions ({'; '.join(draft.outside)}) by this argument: {limit.argument}",)
        given = problem.of_law(self.specification, draft, limit.stimulus)
        result = self._decide(obligation, given, draft)
        return replace(result, assumptions=(*assumptions, *result.assumptions), unverified=self._unverified(given))

    def _claim(self, obligation: Obligation, limit: Limit) -> Result:
        assert limit.claim is not None
        given = problem.of_claim(self.specification, limit.claim)
        given = replace(given, computed=_sides(limit.claim, self.specification))
        return replace(self._decide(obligation, given, Draft(limit.claim)), unverified=self._unverified(given))

    def _unverified(self, given: Problem) -> tuple[str, ...]:
        """Return the numbers that the verdict leans on and that are only recalled or uncertain."""
        used = [(item.name, item.citation, f"{item.unit.show(item.low)} … {item.unit.show(item.high)}") for item in given.parameters]
        used += [(item.name, item.citation, item.text) for item in given.numbers if item.quantity is not None]
        return tuple(dict.fromkeys(
            f"{name} = {text} ({citation.confidence})" for name, citation, text in used
            if citation.confidence in ("recalled", "uncertain")))

    def _decide(self, obligation: Obligation, given: Problem, draft: Draft) -> Result:
        if draft.unknown and draft.claim == TRUE:
            return Result(obligation, Verdict.UNKNOWN, "law", 0, "; ".join(draft.unknown))
        gaps = (*draft.unknown, *given.missing)
        try:
            bare = self._attempt(obligation, given, (), gaps)
            locks = tuple(item.name for item in self.specification.interlocks.values())
            if bare.verdict is not Verdict.REFUTED or not locks:
                return bare
            return self._attempt(obligation, given, locks, gaps)
        except solver.GaveUp as reason:
            return Result(obligation, Verdict.UNKNOWN, "parameters", 0, f"no answer: {reason}")

    def _attempt(self, obligation: Obligation, given: Problem, locks: tuple[str, ...], gaps: Sequence[str]) -> Result:
        assuming = tuple(self.specification.interlocks[name].claim for name in locks)
        found = self._corner(given, assuming)
        if found is not None:
            return self._refuted(obligation, given, found, assuming)
        holds, engine, script = self._prove(obligation, given, assuming)
        if holds is not None:
            return self._refuted(obligation, given, holds, assuming)
        if script is None:
            return Result(obligation, Verdict.UNKNOWN, engine, 0, "no answer within the budget")
        if gaps:
            return Result(obligation, Verdict.UNKNOWN, engine, 0,
                          f"{'; '.join(gaps)}: the claim holds for every setting as far as it is known, at nominal delivery")
        if locks and not self._satisfiable(given, assuming):
            return Result(obligation, Verdict.UNKNOWN, engine, 0, "vacuous: the interlocks exclude every programmable setting")
        return self._proved(obligation, engine, script, locks)

    def _prove(self, obligation: Obligation, given: Problem, assuming: tuple[Expression, ...]) -> tuple[Point | None, str, str | None]:
        """Return a violating point, or the script of a proof that both solvers accept, or neither."""
        kinds, domain, claim = given.variables(), (*given.domain(), *assuming), given.claim
        comments = {name: f"{kind.dimension}, SI base units" for name, kind in kinds.items() if isinstance(kind, Real)}
        if solver.find([*domain, negate(claim)], kinds, self.budget) is None:
            script = certificates.claim_script(kinds, domain, claim, obligation.id, comments)
            if recheck.run(script).confirmed:
                return None, "continuous relaxation", script
        steps, on_grid = given.grid()
        kinds, domain = {**kinds, **steps}, (*domain, *on_grid)
        model = solver.find([*domain, negate(claim)], kinds, self.budget)
        if model is not None:
            point = {name: Fraction(value) for name, value in model.items() if name not in steps}
            values = self._values(given, point)
            if truth(claim, values) is False and all(truth(term, values) for term in assuming):
                return point, "grid", None
            return None, "grid", None
        script = certificates.claim_script(kinds, domain, claim, obligation.id, comments)
        return None, "grid", script if recheck.run(script).confirmed else None

    def _values(self, given: Problem, point: Mapping[str, Fraction]) -> dict[str, Interval]:
        """Return the interval of every variable at a point; enclosed constants keep their enclosures."""
        values: dict[str, Interval] = {name: (value, value) for name, value in point.items()}
        values.update(given.enclosed)
        for name, (base, _) in given.spread.items():
            if base in given.enclosed:
                factor = given.spread[name][1][0]
                values[name] = (given.enclosed[base][0] * factor, given.enclosed[base][1] * factor)
        return values

    def _points(self, given: Problem, choices: Mapping[str, Sequence[Fraction]]) -> Iterator[Point]:
        """Yield combinations of programmed values with every extreme of delivery."""
        names = list(choices)
        delivered = [(name, base, factors) for name, (base, factors) in given.spread.items() if base in choices]
        for programmed in product(*choices.values()):
            point = dict(zip(names, programmed, strict=True))
            for factors in product(*(dict.fromkeys(ends) for _, _, ends in delivered)):
                extra = {name: point[base] * factor for (name, base, _), factor in zip(delivered, factors, strict=True)}
                yield {**point, **extra}

    def _violates(self, given: Problem, point: Point, assuming: tuple[Expression, ...]) -> bool:
        values = self._values(given, point)
        return truth(given.claim, values) is False and all(truth(term, values) is True for term in assuming)

    def _corner(self, given: Problem, assuming: tuple[Expression, ...]) -> Point | None:
        """Return a violating corner of the grid, if one is."""
        if len(given.parameters) > 8:
            return None
        ends = {item.name: tuple(dict.fromkeys((item.high, item.low))) for item in given.parameters}
        return next((point for point in self._points(given, ends) if self._violates(given, point, assuming)), None)

    def _satisfiable(self, given: Problem, assuming: tuple[Expression, ...]) -> bool:
        steps, on_grid = given.grid()
        kinds = {**given.variables(), **steps}
        return solver.find([*given.domain(), *on_grid, *assuming], kinds, self.budget) is not None

    def _nearest(self, given: Problem, point: Point, assuming: tuple[Expression, ...]) -> Point:
        """Return a violating setting that leaves as many parameters as possible at their defaults."""
        for item in given.parameters:
            if item.default is None or not item.on_grid(item.default):
                continue
            choices = {other.name: (item.default if other is item else point[other.name],) for other in given.parameters}
            point = next((tried for tried in self._points(given, choices) if self._violates(given, tried, assuming)), point)
        return point

    def _refuted(self, obligation: Obligation, given: Problem, point: Point, assuming: tuple[Expression, ...]) -> Result:
        point = self._nearest(given, point, assuming)
        setting = setting_of(self.specification, obligation, given, point, self._values(given, point))
        self.files[setting.file] = json.dumps({"obligation": obligation.id, **setting.as_json()}, indent=1, ensure_ascii=False) + "\n"
        reason = "a programmable setting violates it"
        if given.missing:
            reason += " even if every value were delivered exactly as programmed (" + "; ".join(given.missing) + ")"
        return Result(obligation, Verdict.REFUTED, "exact evaluation", 0, reason, counterexample=setting)

    def _proved(self, obligation: Obligation, engine: str, script: str, locks: tuple[str, ...]) -> Result:
        path = f"certificates/{obligation.id}/claim.smt2"
        self.files[path] = script
        ledger = tuple(f"interlock '{name}': {self.specification.interlocks[name].text}" + _discharged(self.specification, name) for name in locks)
        return Result(obligation, Verdict.PROVED, engine, 0, "no value in the whole domain violates it", ledger,
                      certificate=Certificate((path,), (recheck.name(),)))


def _discharged(specification: Specification, name: str) -> str:
    by = specification.interlocks[name].discharged_by
    return f" (discharged by {by})" if by else " (nothing discharges it yet)"


def _sides(claim: Expression, specification: Specification) -> tuple[tuple[str, Expression, str], ...]:
    """Return what to print of a free claim: the two sides of a comparison that are not single names."""
    del specification
    if not isinstance(claim, Apply) or claim.op not in (Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE):
        return ()
    return tuple((show(side), side, "") for side in claim.args if isinstance(side, Apply) and references(side))


def setting_of(specification: Specification, obligation: Obligation, given: Problem, point: Mapping[str, Fraction],
               values: Mapping[str, Interval]) -> Setting:
    """Return a printable and re-playable setting."""
    printed = [(item.name, item.unit.show(point[item.name])) for item in given.parameters]
    for name in (name for name in given.spread if name in point):
        base = name.removesuffix(DELIVERED)
        if point[name] != point[base]:
            printed.append((f"{base} as delivered", specification.parameters[base].unit.show(point[name])))
    computed = tuple((label, _shown(term, values, text, given)) for label, term, text in given.computed)
    exact = tuple((name, str(value)) for name, value in sorted(point.items()))
    words = "at this setting: " + "; ".join(f"{name} = {text}" for name, text in (*printed, *computed))
    return Setting(tuple(printed), exact, computed, words, True, f"traces/{obligation.id}.json")


def _shown(term: Expression, values: Mapping[str, Interval], text: str, given: Problem) -> str:
    low, high = number(term, values)
    shown = unit(text) if text else _natural(term, given)
    middle = (low + high) / 2
    if low == high:
        return shown.show(low)
    rounded = Fraction(round(middle / shown.factor * 10**6), 10**6) * shown.factor
    return "≈" + shown.show(rounded).removeprefix("≈")


def _natural(term: Expression, given: Problem) -> Unit:
    """Return the unit to print a term in: a parameter's of the same dimension, else a customary one."""
    dimension = term.type.dimension if isinstance(term.type, Real) else NUMBER
    for item in given.parameters:
        if item.unit.dimension == dimension:
            return item.unit
    return next((known for known in map(unit, ("", "uC", "us", "mA", "V", "cm^2", "uC/cm^2")) if known.dimension == dimension),
                Unit("(SI)", dimension, Fraction(1)))
