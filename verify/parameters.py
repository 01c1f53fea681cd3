"""Parameter obligations: every programmable combination at worst-case delivery.

First the continuous relaxation is tried: all real values between the ends of each range. What holds there
holds on the grid. Where it fails, corners of the grid are evaluated exactly, then the grid itself decides.
Where a declared interlock is needed, it is used and stands in the assumption ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING

from stimproof.specs.expressions import Expression, Reference, Type, Value, disj, equal, negate, real
from stimproof.verify import recheck, solver
from stimproof.verify.certificates import claim_script
from stimproof.verify.measuring import breaks, refutes
from stimproof.verify.memory import GRID, RELAXED, Memory
from stimproof.verify.prepared import Prepared, ledger, prepare, unverified
from stimproof.verify.problem import Point, points, values_at, violates
from stimproof.verify.results import Certificate, Obligation, Result, Setting, Verdict, shown_text
from stimproof.verify.showing import setting_of
from stimproof.verify.wording import counted, together

if TYPE_CHECKING:
    from stimproof.specs.specification import Limit, Parameter, Specification
    from stimproof.verify.problem import Problem


EVALUATION = 50
"""Units of the budget that it costs to evaluate one setting exactly; a question of a solver has them all."""
Broken = Callable[[Point], bool]
"""Whether a setting violates a claim, and exact arithmetic on it says so too."""
NOT_CONFIRMED = (
    "the two solvers and the exact evaluation do not agree on an answer, "
    "or it lies within what the law rounds against the claim"
)
SOFT = "the device only warns at this limit, and its user may go on at their own discretion"
AS_FAR_AS_KNOWN = "as far as it is known, the claim holds for every setting at nominal delivery"


def satisfiable(given: Problem, assuming: Sequence[Expression], budget: int) -> bool:
    """Return whether some programmable setting respects every assumption.

    Raises:
        GaveUpError: the budget is spent.
    """
    steps, on_grid = given.grid()
    kinds = {**given.variables(), **steps}
    return solver.find([*given.domain(), *on_grid, *assuming], kinds, budget) is not None


def _space(
    given: Problem, assuming: Sequence[Expression], *, on_grid: bool
) -> tuple[Mapping[str, Type], tuple[Expression, ...]]:
    """Return the variables of a problem and their domain: all real values, or those on the grid."""
    kinds, domain = given.variables(), (*given.domain(), *assuming)
    if not on_grid:
        return kinds, domain
    steps, grid = given.grid()
    return {**kinds, **steps}, (*domain, *grid)


class ParameterProver:
    """Decides the parameter obligations of one specification."""

    def __init__(self, specification: Specification, budget: int, memory: Memory | None = None) -> None:
        self.specification, self.budget = specification, budget
        self.memory = memory or Memory(None, budget)
        self.files: dict[str, str] = {}
        self._left = budget

    def decide(self, obligation: Obligation) -> Result:
        """Return the result of one parameter obligation; its files are kept in ``files``."""
        started = perf_counter()
        self._left = self.budget
        limit = self.specification.limits[obligation.id.removeprefix("limits.")]
        given = prepare(self.specification, limit)
        result = self._read_again(limit, self._decide(obligation, given))
        if not given.inapplicable:
            result = replace(
                result,
                assumptions=(*given.assumptions, *result.assumptions),
                unverified=result.unverified or unverified(self.specification, given.problem),
            )
        if limit.soft and result.verdict is Verdict.REFUTED:
            result = replace(result, reason=f"{result.reason}; {SOFT}")
        return replace(result, seconds=perf_counter() - started)

    def _read_again(self, limit: Limit, result: Result) -> Result:
        """Let a refutation stand only where plain arithmetic on its setting says the same."""
        shown = result.counterexample
        if not isinstance(shown, Setting):
            return result
        point = {name: Fraction(text) for name, text in shown.exact}
        if refutes(self.specification, limit, point):
            return result
        return Result(result.obligation, Verdict.UNKNOWN, result.engine, 0, NOT_CONFIRMED)

    def _decide(self, obligation: Obligation, given: Prepared) -> Result:
        if given.inapplicable:
            return Result(obligation, Verdict.NOT_APPLICABLE, "law", 0, given.inapplicable)
        if given.hopeless:
            return Result(obligation, Verdict.UNKNOWN, "law", 0, together(given.gaps))
        try:
            bare = self._attempt(obligation, given.problem, (), given.gaps)
            locks = tuple(self.specification.interlocks)
            if bare.verdict is Verdict.PROVED or not locks:
                return bare
            return self._with_interlocks(obligation, given, locks, bare)
        except solver.GaveUpError as reason:
            return Result(obligation, Verdict.UNKNOWN, "parameters", 0, f"no answer: {reason}")

    def _with_interlocks(
        self, obligation: Obligation, given: Prepared, locks: tuple[str, ...], bare: Result
    ) -> Result:
        """Decide again under the declared interlocks, and say what they stand between."""
        result = self._attempt(obligation, given.problem, locks, given.gaps)
        if result.verdict is Verdict.REFUTED or bare.counterexample is None:
            return result
        return replace(
            result, reason=f"{result.reason}; without the interlocks, {bare.counterexample.explanation}"
        )

    def _attempt(
        self, obligation: Obligation, given: Problem, locks: tuple[str, ...], gaps: Sequence[str]
    ) -> Result:
        assuming = tuple(self.specification.interlocks[name].claim for name in locks)
        limit = self.specification.limits[obligation.id.removeprefix("limits.")]

        def broken(point: Point) -> bool:
            self._pay()
            return violates(given, point, assuming) and breaks(limit, point)

        found = self._corner(given, broken)
        if found is not None:
            return self._refuted(obligation, given, found, broken)
        holds, engine, script = self._prove(obligation, given, assuming, broken)
        if holds is not None:
            return self._refuted(obligation, given, self._surer(given, assuming, holds, broken), broken)
        if script is None:
            return Result(obligation, Verdict.UNKNOWN, engine, 0, NOT_CONFIRMED)
        if gaps:
            return Result(
                obligation,
                Verdict.UNKNOWN,
                engine,
                0,
                f"{together(gaps)}: {AS_FAR_AS_KNOWN}",
            )
        if locks and not satisfiable(given, assuming, self.budget):
            return Result(
                obligation,
                Verdict.UNKNOWN,
                engine,
                0,
                "vacuous: the interlocks exclude every programmable setting",
            )
        return self._proved(obligation, given, engine, script, locks)

    def _pay(self) -> None:
        """Take the price of one evaluation from what an obligation's settings may cost together.

        Raises:
            GaveUpError: that is spent.
        """
        self._left -= EVALUATION
        if self._left < 0:
            raise solver.GaveUpError("the budget for evaluating settings is spent")

    def _prove(
        self, obligation: Obligation, given: Problem, assuming: tuple[Expression, ...], broken: Broken
    ) -> tuple[Point | None, str, str | None]:
        """Return a violating point, or the script of a proof that both solvers accept, or neither.

        Which of two attempts once proved the claim may be recalled; its script is written and run anew.
        """
        known = self.memory.recall_limit(given, assuming)
        if known is not None:
            script = self._confirmed(obligation, given, assuming, on_grid=known == GRID)
            if script is not None:
                return None, known, script
        if self._counter(given, assuming, on_grid=False) is None:
            script = self._confirmed(obligation, given, assuming, on_grid=False)
            if script is not None:
                self.memory.keep_limit(given, assuming, RELAXED)
                return None, RELAXED, script
        model = self._counter(given, assuming, on_grid=True)
        if model is not None:
            return _breaking(given, model, broken), GRID, None
        script = self._confirmed(obligation, given, assuming, on_grid=True)
        if script is not None:
            self.memory.keep_limit(given, assuming, GRID)
        return None, GRID, script

    def _counter(
        self, given: Problem, assuming: tuple[Expression, ...], *, on_grid: bool
    ) -> dict[str, Value] | None:
        kinds, domain = _space(given, assuming, on_grid=on_grid)
        return solver.find([*domain, negate(given.claim)], kinds, self.budget)

    def _confirmed(
        self, obligation: Obligation, given: Problem, assuming: tuple[Expression, ...], *, on_grid: bool
    ) -> str | None:
        """Return the script of a proof, where the second solver confirms it."""
        kinds, domain = _space(given, assuming, on_grid=on_grid)
        script = claim_script(kinds, domain, given.claim, obligation.id)
        return script if self.memory.rechecks.run(script).confirmed else None

    def _corner(self, given: Problem, broken: Broken) -> Point | None:
        """Return a violating corner of the grid, if one is."""
        if len(given.parameters) > 8:
            return None
        ends = {item.name: tuple(dict.fromkeys((item.high, item.low))) for item in given.parameters}
        return next((point for point in points(given, ends) if broken(point)), None)

    def _surer(self, given: Problem, assuming: tuple[Expression, ...], point: Point, broken: Broken) -> Point:
        """Return a violating setting with few values of which nobody says that they can be programmed."""
        unsure = [item for item in given.parameters if not item.stepped]
        sure = tuple(_certain(item, given.kinds[item.name]) for item in unsure)
        kept = assuming
        for more in (sure, *((term,) for term in sure)):
            if all(item.certain(point[item.name]) for item in unsure):
                break
            try:
                model = self._counter(given, (*kept, *more), on_grid=True)
            except solver.GaveUpError:
                continue
            found = None if model is None else _breaking(given, model, broken)
            if found is not None:
                point, kept = found, (*kept, *more)
        return point

    def _nearest(self, given: Problem, point: Point, broken: Broken) -> Point:
        """Return a violating setting that leaves as many parameters as possible at their defaults."""
        for item in given.parameters:
            if item.default is None or not item.on_grid(item.default):
                continue
            choices = {
                other.name: (item.default if other is item else point[other.name],)
                for other in given.parameters
            }
            point = next(
                (tried for tried in points(given, choices) if broken(tried)),
                point,
            )
        return point

    def _refuted(self, obligation: Obligation, given: Problem, point: Point, broken: Broken) -> Result:
        point = self._nearest(given, point, broken)
        doubtful = [item for item in given.parameters if not item.certain(point[item.name])]
        setting = setting_of(self.specification, obligation, given, point, values_at(given, point))
        if doubtful:
            reason = f"it fails {setting.explanation}; {_doubt(doubtful)}"
            return Result(obligation, Verdict.UNKNOWN, "exact evaluation", 0, reason)
        self.files[setting.file] = shown_text(obligation, setting)
        reason = "a programmable setting violates it"
        if given.missing:
            reason += (
                " even if every value were delivered exactly as programmed (" + together(given.missing) + ")"
            )
        return Result(obligation, Verdict.REFUTED, "exact evaluation", 0, reason, counterexample=setting)

    def _proved(
        self, obligation: Obligation, given: Problem, engine: str, script: str, locks: tuple[str, ...]
    ) -> Result:
        path = f"certificates/{obligation.id}/claim.smt2"
        self.files[path] = script
        return Result(
            obligation,
            Verdict.PROVED,
            engine,
            0,
            "no value in the whole domain violates it",
            ledger(self.specification, locks),
            unverified(self.specification, given, locks),
            certificate=Certificate((path,), (recheck.name(),)),
        )


def _certain(item: Parameter, kind: Type) -> Expression:
    """Return that a parameter whose steps nobody knows has a value that is sure to be programmable."""
    values = dict.fromkeys(value for value in (item.low, item.high, item.default) if value is not None)
    dimension = item.unit.dimension
    return disj(*(equal(Reference(item.name, kind), real(value, dimension)) for value in values))


def _breaking(given: Problem, model: Mapping[str, Value], broken: Broken) -> Point | None:
    """Return the setting of a solver's model, or one programmed alike, that is seen to violate the claim."""
    programmed = {item.name: (Fraction(model[item.name]),) for item in given.parameters}
    exact = {name: Fraction(model[name]) for name in given.variables()}
    return next((point for point in chain([exact], points(given, programmed)) if broken(point)), None)


def _doubt(doubtful: Sequence[Parameter]) -> str:
    """Return why a violation is no programmable setting for certain."""
    names = counted([f"'{item.name}'" for item in doubtful])
    return f"no source says which values of {names} between the ends can be programmed"
