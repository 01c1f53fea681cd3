"""The first solver on one model: bounded search, induction and Spacer over the text that is certified.

What is found here is never believed: an invariant is checked by another solver, a run is replayed by
:mod:`stimproof.verify.vmt.evaluation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from stimproof.specs.errors import ModelError
from stimproof.verify import solver
from stimproof.verify.solver import INTERRUPTIBLE, GaveUpError
from stimproof.verify.vmt import writing
from stimproof.verify.vmt.scanner import Scanner
from stimproof.verify.vmt.terms import BOOL, INT, REAL, Sort, sort_text
from stimproof.verify.vmt.tokens import Tokens

if TYPE_CHECKING:
    from stimproof.verify.vmt.model import Model, Property, Variable

Value = bool | int | Fraction
_DIGITS = (1, 3, 9)
"""The decimals of rational numbers that are tried in place of an irrational one."""
_UNFOLDING = ("xform.inline_eager", "xform.inline_linear")


class LostError(GaveUpError):
    """Spacer has an answer that cannot be read back, as where the rules were unfolded into one another."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run: the values of the state variables in each state, and of the inputs in each."""

    states: tuple[tuple[Value, ...], ...]
    inputs: tuple[tuple[Value, ...], ...]


class Engine:
    """One model as z3 formulas over its variables now, after a step, and its inputs."""

    def __init__(self, model: Model, properties: Sequence[Property]) -> None:
        self.z3, self.model = solver.api(), model
        self.context = self.z3.Context()
        parts = [model.initial, model.relation, *(item.term for item in properties)]
        (self.initial, self.relation, *goals), symbols = self._parsed(parts)
        self.goals = dict(zip(properties, goals, strict=True))
        size = len(model.state)
        self.now, self.after, self.inputs = symbols[:size], symbols[size : 2 * size], symbols[2 * size :]

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The state variables and the inputs."""
        return self.model.state + self.model.inputs

    def _parsed(self, parts: list[int]) -> tuple[list[Any], list[Any]]:
        """Return the z3 forms of terms and of all variables, read from the text of a certificate."""
        model, terms = self.model, self.model.terms
        symbols = writing.names(model)
        text = writing.Text(terms, symbols)
        written = text.write(parts)
        sorts = " ".join(sort_text(terms.sorts[item]) for item in symbols)
        lines = [*writing.declarations(model), *text.lines]
        # Two predicates that nothing else mentions carry the terms through the parser, in order.
        lines += [f"(declare-fun parts ({' '.join(['Bool'] * len(written))}) Bool)"]
        lines += [f"(declare-fun symbols ({sorts} Bool) Bool)"]
        lines += [f"(assert (parts {' '.join(written)}))"]
        lines += [f"(assert (symbols {' '.join(symbols.values())} true))"]
        try:
            held, named = self.z3.parse_smt2_string("\n".join(lines), ctx=self.context)
        except self.z3.Z3Exception as error:
            raise GaveUpError(f"z3 cannot read the model: {_told(error)}") from None
        return held.children(), named.children()[:-1]

    def formulas(self, terms: list[int]) -> list[Any]:
        """Return the z3 forms of terms over the variables of the model."""
        return self._parsed(terms)[0]

    def solver(self, budget: int) -> Any:
        """Return a new solver with a budget for each question."""
        # Where all is bits, the solver that works on bits from the start is far faster.
        bits = all(item.sort == BOOL or not isinstance(item.sort, str) for item in self.variables)
        made = self.z3.SolverFor("QF_BV", ctx=self.context) if bits else self.z3.Solver(ctx=self.context)
        made.set(rlimit=budget, **INTERRUPTIBLE)
        return made

    def array(self, symbols: Sequence[Any]) -> Any:
        """Return symbols in the form that :meth:`placed` takes; they must outlive it."""
        return (self.z3.Ast * len(symbols))(*(symbol.as_ast() for symbol in symbols))

    def placed(self, formula: Any, old: Any, new: Any) -> Any:
        """Return a formula with symbols in place of others.

        z3's own wrapper compares the sorts of all pairs each time, which costs more than it does.
        """
        z3, context = self.z3, self.context
        done = z3.Z3_substitute(context.ref(), formula.as_ast(), len(old), old, new)
        return z3.BoolRef(done, context)

    @staticmethod
    def spent(made: Any) -> int:
        """Return the resource units that a solver's context has used so far: a clock that never lies."""
        counted, name = made.statistics(), "rlimit count"
        known = counted.keys()
        return int(counted.get_key_value(name)) if name in known else 0

    def check(self, made: Any, *assumptions: Any) -> bool:
        """Return whether what a solver holds can be satisfied.

        Raises:
            GaveUpError: the budget is spent or z3 does not know.
        """
        try:
            answer = made.check(*assumptions)
        except self.z3.Z3Exception as error:
            raise GaveUpError(_told(error)) from None
        if answer == self.z3.unknown:
            raise GaveUpError(made.reason_unknown())
        return bool(answer == self.z3.sat)

    def rational(self, made: Any, symbols: Sequence[Any], assumed: Any) -> Any:
        """Return a model, beginning with the last one found, that gives rational values to symbols.

        An irrational value is replaced by rational ones close to it, as far as these are possible.

        Raises:
            GaveUpError: none of them is possible, or the budget is spent.
        """
        z3, pins = self.z3, [assumed]
        reals = [symbol for symbol in symbols if symbol.sort().kind() == z3.Z3_REAL_SORT]
        while True:
            model = made.model()
            values = [(symbol, model.eval(symbol, model_completion=True)) for symbol in reals]
            irrational = [(symbol, value) for symbol, value in values if z3.is_algebraic_value(value)]
            if not irrational:
                return model
            symbol, value = irrational[0]
            near = (symbol == z3.RealVal(str(number), self.context) for number in _near(value))
            pin = next((item for item in near if self.check(made, *pins, item)), None)
            if pin is None:
                raise GaveUpError("a value of the run is no rational number")
            pins.append(pin)

    def invariant(
        self, item: Property, budget: int, *, unfolding: bool = False
    ) -> int | Sequence[tuple[Value, ...]]:
        """Return an inductive invariant as a term, or the states of a run to a violation.

        The invariant comes from Spacer (Komuravelli, Gurfinkel, Chaki, CAV 2014). It may unfold its rules,
        which is often faster; then what it finds may be no invariant of them.

        Raises:
            GaveUpError: the budget is spent.
            LostError: the answer cannot be read.
        """
        z3 = self.z3
        engine = z3.Fixedpoint(ctx=self.context)
        engine.set(engine="spacer", rlimit=budget, **INTERRUPTIBLE)
        engine.set("xform.slice", False)
        for option in _UNFOLDING:
            engine.set(option, unfolding)
        truth = z3.BoolSort(self.context)
        holds = z3.Function("holds", *(symbol.sort() for symbol in self.after), truth)
        reached = z3.Function("reached", truth)
        engine.register_relation(holds, reached)
        engine.declare_var(*self.now, *self.after, *self.inputs)
        engine.rule(holds(*self.now), self.initial)
        engine.rule(holds(*self.after), [holds(*self.now), self.relation])
        engine.rule(reached(), [holds(*self.now), z3.Not(self.goals[item])])
        try:
            answer = engine.query(reached())
        except z3.Z3Exception as error:
            raise GaveUpError(_told(error)) from None
        if answer == z3.unknown:
            raise GaveUpError(engine.reason_unknown())
        if answer == z3.sat:
            return self._states(engine.get_answer(), holds)
        return self._term(engine.get_cover_delta(-1, holds))

    def _term(self, formula: Any) -> int:
        """Read a formula over the state variables, which z3 prints, as a term."""
        placed = self.z3.substitute_vars(formula, *self.now)
        terms = self.model.terms
        scanner = Scanner(Tokens(placed.sexpr(), "invariant"), terms)
        scanner.names.update({f"now.{item.name}": item.now for item in self.model.state})
        try:
            return scanner.term()
        except ModelError as error:
            raise LostError(f"the invariant cannot be read: {error.findings[0].message}") from None

    def _states(self, proof: Any, holds: Any) -> list[tuple[Value, ...]]:
        """Read the states of a violation from Spacer's derivation: the conclusion of each step is one."""
        found = []
        todo = [proof]
        while todo:
            part = todo.pop()
            children = part.children()
            if not children:
                continue
            last = children[-1]
            if self.z3.is_app(last) and last.decl().eq(holds):
                found.append(tuple(self.values(last.children(), [item.sort for item in self.model.state])))
            todo.extend(item for item in children[:-1] if item.decl().name() == "hyper-res")
        if not found:
            raise LostError("the derivation of the violation cannot be read")
        return found[::-1]

    def completed(self, item: Property, states: Sequence[tuple[Value, ...]], budget: int) -> Run:
        """Return a run through states with inputs that allow its steps and let its last state violate.

        Raises:
            GaveUpError: there are none, or they are not found.
        """
        if not self.inputs:
            return Run(tuple(states), ((),) * len(states))
        z3, inputs = self.z3, []
        kinds = [variable.sort for variable in self.model.inputs]
        placed = [
            [self._constant(*pair) for pair in zip(state, self._sorts, strict=True)] for state in states
        ]
        for number, state in enumerate(placed):
            made = self.solver(budget)
            pairs = list(zip(self.now, state, strict=True))
            if number == 0:
                made.add(z3.substitute(self.initial, *pairs) if pairs else self.initial)
            if number + 1 < len(placed):
                pairs += zip(self.after, placed[number + 1], strict=True)
                made.add(z3.substitute(self.relation, *pairs))
            else:
                made.add(z3.Not(z3.substitute(self.goals[item], *pairs) if pairs else self.goals[item]))
            if not self.check(made):
                raise GaveUpError("the derivation of the violation is no run")
            found = [made.model().eval(symbol, model_completion=True) for symbol in self.inputs]
            inputs.append(tuple(self.values(found, kinds)))
        return Run(tuple(states), tuple(inputs))

    @property
    def _sorts(self) -> list[Sort]:
        return [variable.sort for variable in self.model.state]

    def _constant(self, value: Value, sort: Sort) -> Any:
        z3, context = self.z3, self.context
        if not isinstance(sort, str):
            return z3.BitVecVal(int(value), sort, context)
        if sort == BOOL:
            return z3.BoolVal(bool(value), context)
        return z3.RealVal(str(value), context) if sort == REAL else z3.IntVal(int(value), context)

    def values(self, terms: Sequence[Any], sorts: Sequence[Sort]) -> list[Value]:
        """Return the values of ground terms.

        Raises:
            GaveUpError: one of them is no rational number.
        """
        return [self._value(term, sort) for term, sort in zip(terms, sorts, strict=True)]

    def _value(self, term: Any, sort: Sort) -> Value:
        z3 = self.z3
        if sort == BOOL and (z3.is_true(term) or z3.is_false(term)):
            return bool(z3.is_true(term))
        if sort == REAL and z3.is_rational_value(term):
            return Fraction(term.as_fraction())
        if sort == INT and z3.is_int_value(term):
            return int(term.as_long())
        if not isinstance(sort, str) and z3.is_bv_value(term):
            return int(term.as_long())
        raise GaveUpError("a value of the run is no rational number")


def _near(value: Any) -> Iterator[Fraction]:
    """Yield rational numbers on both sides of an irrational one, the closest last."""
    for digits in _DIGITS:
        close, step = Fraction(value.approx(digits + 1).as_fraction()), Fraction(1, 10**digits)
        for number in (close - step, close + step):
            yield round(number, digits)


def _told(error: Exception) -> str:
    """Return what z3 says of an error, which may be bytes."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


class Unrolling:
    """Formulas of a path of steps, one layer of symbols for each state; keeps its work between depths."""

    def __init__(self, engine: Engine, budget: int) -> None:
        self.engine, self.solver = engine, engine.solver(budget)
        self.states: list[list[Any]] = []
        self.inputs: list[list[Any]] = []
        self._from = engine.array([*engine.now, *engine.inputs, *engine.after])
        self._layer()

    @property
    def depth(self) -> int:
        """How many steps the path has."""
        return len(self.states) - 1

    def _layer(self) -> None:
        engine, number = self.engine, len(self.states)

        def copies(items: Sequence[Variable], symbols: Sequence[Any]) -> list[Any]:
            pairs = zip(items, symbols, strict=True)
            return [engine.z3.Const(f"{item.name}@{number}", symbol.sort()) for item, symbol in pairs]

        self.states.append(copies(engine.model.state, engine.now))
        self.inputs.append(copies(engine.model.inputs, engine.inputs))

    def at(self, formula: Any, number: int) -> Any:
        """Return a formula about one state of the path, its inputs and the state after it."""
        after = self.states[number + 1] if number < self.depth else self.engine.after
        to = self.engine.array([*self.states[number], *self.inputs[number], *after])
        return self.engine.placed(formula, self._from, to)

    def extend(self) -> None:
        """Make the path one step longer."""
        self._layer()
        self.solver.add(self.at(self.engine.relation, self.depth - 1))

    def ends_outside(self, item: Property) -> bool:
        """Return whether the path can end in a state that violates a property; its model is kept.

        Raises:
            GaveUpError: the budget is spent.
        """
        return self.engine.check(self.solver, self._violation(item))

    def _violation(self, item: Property) -> Any:
        return self.engine.z3.Not(self.at(self.engine.goals[item], self.depth))


class Search(Unrolling):
    """Bounded search: paths that begin in an initial state."""

    def __init__(self, engine: Engine, budget: int) -> None:
        super().__init__(engine, budget)
        self.solver.add(self.at(engine.initial, 0))

    def possible(self) -> bool:
        """Return whether there is a run of the depth that is reached, to any state.

        Raises:
            GaveUpError: the budget is spent.
        """
        return self.engine.check(self.solver)

    def violated(self, item: Property) -> Run | None:
        """Return a run to a state in which a property fails, of the depth that is reached.

        Raises:
            GaveUpError: the budget is spent.
        """
        if not self.ends_outside(item):
            return None
        model = self.engine.model
        symbols = [symbol for layer in (*self.states, *self.inputs) for symbol in layer]
        found = self.engine.rational(self.solver, symbols, self._violation(item))

        def values(layer: list[Any], items: Sequence[Variable]) -> tuple[Value, ...]:
            held = [found.eval(symbol, model_completion=True) for symbol in layer]
            return tuple(self.engine.values(held, [variable.sort for variable in items]))

        states = tuple(values(layer, model.state) for layer in self.states)
        return Run(states, tuple(values(layer, model.inputs) for layer in self.inputs))


class Induction(Unrolling):
    """Induction over paths that begin anywhere: a property that held so far and fails after a step."""

    def __init__(self, engine: Engine, item: Property, budget: int) -> None:
        super().__init__(engine, budget)
        self.item = item

    def holds(self) -> bool:
        """Make the path one step longer; return whether the property must hold at its end.

        Raises:
            GaveUpError: the budget is spent.
        """
        self.solver.add(self.at(self.engine.goals[self.item], self.depth))
        self.extend()
        return not self.ends_outside(self.item)
