"""The first solver: z3 for bounded search, induction and single questions.

This is the only module that imports z3. What it answers is never believed by itself: invariants are
written as SMT-LIB and checked by another solver, models are replayed by the interpreter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import z3

from stimproof.specs.expressions import (
    BOOLEAN,
    TRUE,
    Boolean,
    Enumeration,
    Expression,
    Integer,
    Literal,
    Op,
    Real,
    Reference,
    Type,
    Value,
)

if TYPE_CHECKING:
    from stimproof.verify.system import TransitionSystem

# z3 would take an interrupt for itself, answer "unknown" and let the run go on; so Python gets it.
INTERRUPTIBLE = {"ctrl_c": False}
_ORDER = {Op.LT: "__lt__", Op.LE: "__le__", Op.GT: "__gt__", Op.GE: "__ge__"}
_FOLD = {Op.ADD: "__add__", Op.SUB: "__sub__", Op.MUL: "__mul__", Op.DIV: "__truediv__", Op.MOD: "__mod__"}


class GaveUpError(Exception):
    """The solver stopped without an answer; says why."""


def name() -> str:
    """Return the solver's name and version."""
    return f"z3 {z3.get_version_string()}"


def api() -> Any:
    """Return z3 itself, for the engines whose questions are SMT-LIB text (:mod:`stimproof.verify.vmt`)."""
    return z3


def own_context() -> Any:
    """Return a new z3 context; nothing here uses the one that all threads would share."""
    context = z3.Context()
    # Python may free a term on another thread than the one that uses the term's context.
    z3.Z3_enable_concurrent_dec_ref(context.ref())
    return context


def constant(symbol: str, kind: Type, context: Any) -> Any:
    """Return a z3 constant of the sort that encodes ``kind``."""
    here = context.ref()
    made, wrapped = (
        (z3.Z3_mk_bool_sort, z3.BoolRef)
        if isinstance(kind, Boolean)
        else (z3.Z3_mk_real_sort if isinstance(kind, Real) else z3.Z3_mk_int_sort, z3.ArithRef)
    )
    # z3's own functions make a new object for the sort of each constant.
    return wrapped(z3.Z3_mk_const(here, z3.Z3_mk_string_symbol(here, symbol), made(here)), context)


class Translator:
    """Translates typed terms to z3 once each; definitions are expanded where they are mentioned."""

    def __init__(
        self, context: Any, names: Mapping[str, Any], definitions: Mapping[str, Expression] | None = None
    ) -> None:
        self.context, self.names, self.definitions = context, dict(names), definitions or {}
        # The term is kept beside its translation, so that its id is never that of another term.
        self._done: dict[int, tuple[Expression, Any]] = {}

    def extended(self, names: Mapping[str, Any], definitions: Mapping[str, Expression]) -> Translator:
        """Return a translator that knows more names and profits from all that is translated already."""
        more = Translator(self.context, {**self.names, **names}, definitions)
        more._done = self._done
        return more

    def __call__(self, term: Expression) -> Any:
        """Return the z3 form of a term."""
        held = self._done.get(id(term))
        if held is None:
            held = self._done[id(term)] = (term, self._translate(term))
        return held[1]

    def _translate(self, term: Expression) -> Any:
        if isinstance(term, Literal):
            return _constant(term, self.context)
        if isinstance(term, Reference):
            if term.name not in self.names:
                self.names[term.name] = self(self.definitions[term.name])
            return self.names[term.name]
        args = [self(argument) for argument in term.args]
        if term.op in (Op.AND, Op.OR):
            return z3.And(args) if term.op is Op.AND else z3.Or(args)
        if term.op is Op.NOT:
            return z3.Not(args[0])
        if term.op is Op.IMPLIES:
            return z3.Implies(args[0], args[1])
        if term.op is Op.ITE:
            return z3.If(args[0], args[1], args[2])
        if term.op is Op.NEG:
            return -args[0]
        if term.op is Op.TO_REAL:
            return z3.ToReal(args[0])
        if term.op in (Op.EQ, Op.NE):
            equation = args[0] == args[1]
            return equation if term.op is Op.EQ else z3.Not(equation)
        method = _ORDER.get(term.op) or _FOLD[term.op]
        result = args[0]
        for argument in args[1:]:
            result = getattr(result, method)(argument)
        return result


def _constant(term: Literal, context: Any) -> Any:
    if isinstance(term.value, bool):
        return z3.BoolVal(term.value, context)
    if isinstance(term.type, Enumeration):
        return z3.IntVal(term.type.members.index(str(term.value)), context)
    if isinstance(term.type, Real):
        return z3.RealVal(str(Fraction(term.value)), context)
    return z3.IntVal(int(term.value), context)


def _value(model: Any, symbol: Any, kind: Type) -> Value:
    return value_of(model.eval(symbol, model_completion=True), kind)


def value_of(found: Any, kind: Type) -> Value:
    """Return what a ground term of z3 stands for.

    Raises:
        GaveUpError: it is no number and no truth value.
    """
    if isinstance(kind, Boolean):
        return bool(z3.is_true(found))
    if z3.is_algebraic_value(found):
        found = found.approx(30)
    here, term = found.ctx_ref(), found.as_ast()
    if z3.Z3_get_ast_kind(here, term) != z3.Z3_NUMERAL_AST:
        raise GaveUpError("a value of a run is no number")
    number = Fraction(z3.Z3_get_numeral_string(here, term))
    if isinstance(kind, Enumeration):
        return kind.members[int(number)]
    return int(number) if isinstance(kind, Integer) else number


def find(
    question: Sequence[Expression], variables: Mapping[str, Type], budget: int
) -> dict[str, Value] | None:
    """Return values that make every term of the question true, or ``None`` where there are none.

    Raises:
        GaveUpError: the budget is spent or z3 does not know.
    """
    own = own_context()
    symbols = {symbol: constant(symbol, kind, own) for symbol, kind in variables.items()}
    translate = Translator(own, symbols)
    solver = z3.Solver(ctx=own)
    solver.set(rlimit=budget, **INTERRUPTIBLE)
    solver.add([translate(term) for term in question])
    return values(solver, symbols, variables)


def values(solver: Any, symbols: Mapping[str, Any], kinds: Mapping[str, Type]) -> dict[str, Value] | None:
    """Return values of symbols for which all that a solver holds is true, or ``None``: there are none.

    Raises:
        GaveUpError: the budget is spent or z3 does not know.
    """
    if _answer(solver) == z3.unsat:
        return None
    model = solver.model()
    return {symbol: _value(model, symbols[symbol], kind) for symbol, kind in kinds.items()}


@dataclass(frozen=True, slots=True)
class Run:
    """A run that a solver found: the states, and the inputs of the steps between them."""

    states: tuple[Mapping[str, Value], ...]
    inputs: tuple[Mapping[str, Value], ...]
    excluded: int | None = None
    """No run of up to so many steps shows the same; ``None`` where that is sure of every shorter one."""


class Substitution:
    """Constants replaced by terms in formulas, all at once.

    What z3 wants for it is made once: its own function compares the sorts of all of them at every call.
    """

    def __init__(self, context: Any, pairs: Iterable[tuple[Any, Any]]) -> None:
        # The terms themselves are kept, since z3 is given no more than where they are.
        self.context, self._pairs = context, tuple(pairs)
        self._old, self._new = (
            (z3.Ast * len(self._pairs))(*(pair[side].as_ast() for pair in self._pairs)) for side in (0, 1)
        )

    def __call__(self, formula: Any) -> Any:
        """Return the formula with the constants replaced; their sorts are those of what replaces them."""
        context = self.context
        done = z3.Z3_substitute(context.ref(), formula.as_ast(), len(self._pairs), self._old, self._new)
        return z3.BoolRef(done, context)


class Formulas:
    """One system as z3 formulas: its symbols now and after a step, and what they must satisfy.

    Terms are translated once for all systems that share a translator, and then copied into a z3 context of
    this system's own: what a solver finds depends on all that its context has seen, and an answer must not
    depend on which questions were asked before.
    """

    def __init__(self, system: TransitionSystem, shared: Translator | None = None) -> None:
        self.system, self.context = system, own_context()
        self.state: dict[str, Type] = {symbol: item.type for symbol, item in system.state.items()}
        self.kinds: dict[str, Type] = {**self.state, **system.inputs}
        shared = shared or Translator(own_context(), {})
        here = {symbol: constant(symbol, kind, shared.context) for symbol, kind in self.kinds.items()}
        self.translate = shared.extended(here, system.definitions)
        self.here = {symbol: self.constant(symbol, kind) for symbol, kind in self.kinds.items()}
        self.after = {symbol: self.constant(f"{symbol}'", kind) for symbol, kind in self.state.items()}
        self.typing = self.term(system.typing())
        self.initial = [self.term(part) for part in system.initial]
        self.allowed = [self.term(part) for part in system.constraint]
        self.following = {symbol: self.term(term) for symbol, term in system.next.items()}
        self.moves = [self.after[symbol] == term for symbol, term in self.following.items()]

    def constant(self, symbol: str, kind: Type) -> Any:
        """Return a z3 constant in the context of this system."""
        return constant(symbol, kind, self.context)

    def term(self, term: Expression) -> Any:
        """Return the z3 form of a term in the context of this system."""
        return self.translate(term).translate(self.context)

    def all(self, terms: Iterable[Any]) -> Any:
        """Return the conjunction of terms, of which there may be none."""
        held = [z3.BoolVal(True, self.context), *terms]
        given = (z3.Ast * len(held))(*(term.as_ast() for term in held))
        return z3.BoolRef(z3.Z3_mk_and(self.context.ref(), len(held), given), self.context)

    def solver(self, budget: int) -> Any:
        """Return a new solver in the context of this system."""
        solver = z3.Solver(ctx=self.context)
        solver.set(rlimit=budget, **INTERRUPTIBLE)
        return solver

    def inductive(self, goal: Expression, budget: int, *, step: bool) -> bool:
        """Return whether one step from a state without ``goal`` (or any state, for a step's goal) avoids it.

        Raises:
            GaveUpError: the budget is spent.
        """
        now, solver = self.term(goal), self.solver(budget)
        solver.add(self.typing, *self.allowed)
        if step:
            solver.add(now)
        else:
            solver.add(z3.Not(now), self.later(goal))
        return bool(_answer(solver) == z3.unsat)

    def later(self, term: Expression) -> Any:
        """Return the z3 form of a term about the state, as it is after a step, over state and inputs."""
        return self._step(self.term(term))

    @cached_property
    def _step(self) -> Substitution:
        pairs = ((self.here[symbol], following) for symbol, following in self.following.items())
        return Substitution(self.context, pairs)


def spent(solver: Any) -> int:
    """Return the resource units that a solver's context has used so far."""
    counted, name = solver.statistics(), "rlimit count"
    return int(counted.get_key_value(name)) if name in counted.keys() else 0  # noqa: SIM118  # no mapping


def _answer(solver: Any, *assumed: Any) -> Any:
    answer = solver.check(*assumed)
    if answer == z3.unknown:
        raise GaveUpError(solver.reason_unknown())
    return answer


def _paid(asking: Candidates | Search, left: int, *assumed: Any) -> Any:
    """Return the answer of somebody's solver, paid from what is left to them.

    Raises:
        GaveUpError: that does not suffice.
    """
    if left <= 0:
        raise GaveUpError("its share of the budget is spent")
    before = spent(asking.solver)
    asking.solver.set(rlimit=left)
    try:
        return _answer(asking.solver, *assumed)
    finally:
        asking.left = left - (spent(asking.solver) - before)


class Parts:
    """Assumptions under labels of their own, asked which of them it takes to exclude something."""

    def __init__(self, formulas: Formulas, parts: Sequence[Expression], budget: int) -> None:
        self.formulas, self.solver = formulas, formulas.solver(budget)
        self.labels = [formulas.constant(f"part.{number}", BOOLEAN) for number in range(len(parts))]
        for label, part in zip(self.labels, parts, strict=True):
            self.solver.add(z3.Implies(label, formulas.term(part)))

    def excluding(self, facts: Sequence[Any], among: Iterable[int]) -> frozenset[int] | None:
        """Return parts, of those named, that exclude that all facts hold, or ``None`` where none do.

        Raises:
            GaveUpError: the budget is spent.
        """
        asked = sorted(among)
        self.solver.push()
        try:
            self.solver.add(*facts)
            if _answer(self.solver, *(self.labels[number] for number in asked)) != z3.unsat:
                return None
            core = {str(label) for label in self.solver.unsat_core()}
            return frozenset(number for number in asked if str(self.labels[number]) in core)
        finally:
            self.solver.pop()


class Candidates:
    """Claims that are put to the test together, as long as each of them is kept.

    A claim is a pair: what it allows to assume while it is kept, and what has to follow. One solver is asked
    again and again, so that it keeps what it has learned; ``left`` is what all questions together may cost.
    """

    def __init__(
        self,
        kinds: Mapping[str, Type],
        given: Iterable[Expression],
        claims: Iterable[tuple[Expression, Expression]],
        budget: int,
    ) -> None:
        own = own_context()
        self.kinds, self.left = kinds, budget
        self.symbols = {symbol: constant(symbol, kind, own) for symbol, kind in kinds.items()}
        self.solver, translate = z3.Solver(ctx=own), Translator(own, self.symbols)
        self.solver.set(**INTERRUPTIBLE)
        self.solver.add([translate(term) for term in given])
        self._kept: list[Any] = []
        self._broken: list[Any] = []
        for number, (assumed, claimed) in enumerate(claims):
            self._kept.append(constant(f"kept.{number}", BOOLEAN, own))
            self._broken.append(constant(f"broken.{number}", BOOLEAN, own))
            self.solver.add(z3.Implies(self._kept[-1], translate(assumed)))
            self.solver.add(z3.Implies(self._broken[-1], z3.Not(translate(claimed))))

    def failing(self, kept: Sequence[int]) -> dict[str, Value] | None:
        """Return values under which not all kept claims follow from what they assume, or ``None``.

        Raises:
            GaveUpError: what is left of the budget does not suffice, or z3 does not know.
        """
        if not kept:
            return None
        self.solver.push()
        try:
            self.solver.add(z3.Or([self._broken[number] for number in kept]))
            if _paid(self, self.left, *(self._kept[number] for number in kept)) == z3.unsat:
                return None
            model = self.solver.model()
            return {symbol: _value(model, self.symbols[symbol], kind) for symbol, kind in self.kinds.items()}
        finally:
            self.solver.pop()


class Search:
    """Bounded search on one system; finds shortest runs and keeps its work between depths.

    ``asked`` is the next depth that has not been asked about; ``left`` is what all further questions
    together may cost, where that is limited.
    """

    def __init__(self, formulas: Formulas, budget: int) -> None:
        self.formulas, self.kinds, self.budget = formulas, formulas.kinds, budget
        self.allowed = formulas.all(formulas.allowed)
        self.step = formulas.all([self.allowed, *formulas.moves])
        self.solver = formulas.solver(budget)
        self.depth = self.asked = 0
        self.left: int | None = None
        self._layers: list[dict[str, Any]] = [self._layer(0)]
        self._placed: dict[int, Substitution] = {}
        self.solver.add(self._at(formulas.all(formulas.initial), 0))

    def _layer(self, number: int) -> dict[str, Any]:
        return {
            symbol: self.formulas.constant(f"{symbol}@{number}", kind) for symbol, kind in self.kinds.items()
        }

    def _at(self, term: Any, number: int) -> Any:
        """Return a formula with the symbols of one state, and of the one after it where there is one."""
        if number not in self._placed:
            self._placed[number] = Substitution(self.formulas.context, self._pairs(number))
        return self._placed[number](term)

    def _pairs(self, number: int) -> Iterator[tuple[Any, Any]]:
        here, after = self.formulas.here, self.formulas.after
        yield from ((here[symbol], self._layers[number][symbol]) for symbol in here)
        if number + 1 < len(self._layers):
            yield from ((after[symbol], self._layers[number + 1][symbol]) for symbol in after)

    def _extend(self) -> None:
        self._layers.append(self._layer(self.depth + 1))
        self._placed.pop(self.depth, None)  # there is a state after it now
        self.solver.add(self._at(self.step, self.depth))
        self.depth += 1
        self.solver.add(self._at(self.formulas.typing, self.depth))

    def initial(self) -> Mapping[str, Value] | None:
        """Return some first state; finding it counts as no search.

        Raises:
            GaveUpError: the budget is spent.
        """
        asked = self.asked
        run = self.at_depth(0, TRUE, step=False)
        self.asked = asked
        return run.states[0] if run else None

    def at_depth(self, depth: int, goal: Expression, *, step: bool) -> Run | None:
        """Return a run of exactly ``depth`` steps whose last state satisfies ``goal``.

        With ``step``, the goal may mention the inputs of one more step, which must be possible.

        Raises:
            GaveUpError: the budget is spent.
        """
        while self.depth < depth:
            self._extend()
        self.solver.push()
        try:
            wanted = self.formulas.term(goal)
            self.solver.add(self._at(z3.And(wanted, self.allowed) if step else wanted, depth))
            answer = self._answer()
            self.asked = depth + 1
            return self._run(depth, step=step) if answer == z3.sat else None
        finally:
            self.solver.pop()

    def _answer(self) -> Any:
        if self.left is None:
            return _answer(self.solver)
        try:
            return _paid(self, self.left)
        finally:
            self.solver.set(rlimit=self.budget)

    def _run(self, depth: int, *, step: bool) -> Run:
        model = self.solver.model()
        states = tuple(
            {
                symbol: _value(model, self._layers[k][symbol], item.type)
                for symbol, item in self.formulas.system.state.items()
            }
            for k in range(depth + 1)
        )
        inputs = tuple(
            {
                symbol: _value(model, self._layers[k][symbol], kind)
                for symbol, kind in self.formulas.system.inputs.items()
            }
            for k in range(depth + (1 if step else 0))
        )
        return Run(states, inputs)
