"""Spacer, z3's engine for inductive invariants: an invariant that excludes a goal, or a run that reaches it.

Spacer is due to Komuravelli, Gurfinkel and Chaki (CAV 2014). What it answers is a suggestion: an invariant
becomes evidence by :mod:`stimproof.verify.certificates`, a run by being replayed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from stimproof.specs.expressions import (
    BOOLEAN,
    FALSE,
    TRUE,
    Apply,
    Expression,
    Literal,
    Op,
    Real,
    Reference,
    Value,
    equal,
    whole,
)
from stimproof.verify import solver
from stimproof.verify.solver import GaveUpError, Run

if TYPE_CHECKING:
    from stimproof.verify.solver import Formulas

NAME = "spacer"
BRIEF = 16
"""At first it has this part of a budget: proofs need little, and what takes long is seldom one."""
_Z3 = solver.api()
_UNCHANGED = ("xform.slice", "xform.inline_eager", "xform.inline_linear")


def ask(formulas: Formulas, goal: Expression, budget: int) -> Expression | Run:
    """Return an inductive invariant that excludes ``goal``, or a run that reaches it.

    The invariant is over the state variables only. The run has as many steps as Spacer happened to need.

    Raises:
        GaveUpError: the budget is spent, or the answer uses something that we cannot read.
    """
    engine = _Z3.Fixedpoint(ctx=formulas.context)
    engine.set(engine="spacer", rlimit=budget, **solver.INTERRUPTIBLE)
    for option in _UNCHANGED:
        engine.set(option, False)
    here, after, typing = formulas.here, formulas.after, formulas.typing
    sorts = [symbol.sort() for symbol in after.values()]
    truth = _Z3.BoolSort(formulas.context)
    holds, reached = _Z3.Function("holds", *sorts, truth), _Z3.Function("reached", truth)
    engine.register_relation(holds, reached)
    engine.declare_var(*here.values(), *after.values())
    now = holds(*(here[symbol] for symbol in formulas.state))
    engine.rule(now, [typing, *formulas.initial])
    engine.rule(holds(*after.values()), [now, typing, *formulas.allowed, *formulas.moves])
    engine.rule(reached(), [now, typing, *formulas.allowed, formulas.term(goal)])
    try:
        answer = engine.query(reached())
    except _Z3.Z3Exception as error:
        raise GaveUpError(str(error)) from None
    if answer == _Z3.unknown:
        raise GaveUpError(engine.reason_unknown())
    if answer == _Z3.sat:
        return _completed(formulas, goal, _states(formulas, engine.get_answer(), holds), budget)
    references = [Reference(symbol, kind) for symbol, kind in formulas.state.items()]
    return _Reader(references).read(engine.get_cover_delta(-1, holds))


def _states(formulas: Formulas, proof: Any, holds: Any) -> tuple[Mapping[str, Value], ...]:
    """Read the states of a run from a derivation: what each of its steps concludes is one, the last first."""
    found: list[Mapping[str, Value]] = []
    todo = [proof]
    while todo:
        *premises, concluded = todo.pop().children() or [None]
        if _Z3.is_app(concluded) and concluded.decl().eq(holds):
            pairs = zip(formulas.state.items(), concluded.children(), strict=True)
            found.append({symbol: solver.value_of(term, kind) for (symbol, kind), term in pairs})
        todo += [item for item in premises if item.decl().name() == "hyper-res"]
    if not found:
        raise GaveUpError("the goal can be reached, but the derivation cannot be read")
    return tuple(reversed(found))


def _completed(
    formulas: Formulas, goal: Expression, states: Sequence[Mapping[str, Value]], budget: int
) -> Run:
    """Return the run through states, with inputs that allow its steps and the goal at its end."""
    system, inputs = formulas.system, list[Mapping[str, Value]]()
    for number, state in enumerate(states):
        last = number + 1 == len(states)
        if last and not system.mentions_step(goal):
            break
        made = formulas.solver(budget)
        made.add(*formulas.allowed, *(formulas.term(part) for part in _is(formulas, state)))
        if last:
            made.add(formulas.term(goal))
        else:
            made.add(*(formulas.later(part) for part in _is(formulas, states[number + 1])))
        given = solver.values(
            made, {symbol: formulas.here[symbol] for symbol in system.inputs}, system.inputs
        )
        if given is None:
            raise GaveUpError("the goal can be reached, but the derivation is no run")
        inputs.append(given)
    return Run(tuple(states), tuple(inputs))


def _is(formulas: Formulas, state: Mapping[str, Value]) -> list[Expression]:
    """Return that the state variables have the values of a state."""
    return [
        equal(Reference(symbol, kind), Literal(state[symbol], kind))
        for symbol, kind in formulas.state.items()
    ]


_KINDS = {
    _Z3.Z3_OP_NOT: Op.NOT,
    _Z3.Z3_OP_AND: Op.AND,
    _Z3.Z3_OP_OR: Op.OR,
    _Z3.Z3_OP_IMPLIES: Op.IMPLIES,
    _Z3.Z3_OP_EQ: Op.EQ,
    _Z3.Z3_OP_IFF: Op.EQ,
    _Z3.Z3_OP_LT: Op.LT,
    _Z3.Z3_OP_LE: Op.LE,
    _Z3.Z3_OP_GT: Op.GT,
    _Z3.Z3_OP_GE: Op.GE,
    _Z3.Z3_OP_ADD: Op.ADD,
    _Z3.Z3_OP_SUB: Op.SUB,
    _Z3.Z3_OP_UMINUS: Op.NEG,
    _Z3.Z3_OP_MUL: Op.MUL,
    _Z3.Z3_OP_MOD: Op.MOD,
    _Z3.Z3_OP_ITE: Op.ITE,
    _Z3.Z3_OP_TO_REAL: Op.TO_REAL,
}
_LOGICAL = (Op.NOT, Op.AND, Op.OR, Op.IMPLIES, Op.EQ, Op.LT, Op.LE, Op.GT, Op.GE)


class _Reader:
    """Reads a z3 formula over de Bruijn variables back into typed terms."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self.references = references

    def read(self, formula: Any) -> Expression:
        if _Z3.is_true(formula) or _Z3.is_false(formula):
            return TRUE if _Z3.is_true(formula) else FALSE
        if _Z3.is_var(formula):
            index: int = _Z3.get_var_index(formula)
            return self.references[index]
        if _Z3.is_int_value(formula):
            return whole(formula.as_long())
        if _Z3.is_rational_value(formula):
            return Literal(Fraction(formula.as_fraction()), Real())
        op = _KINDS.get(formula.decl().kind()) if _Z3.is_app(formula) else None
        if op is None:
            raise GaveUpError(
                f"the invariant uses '{formula.decl().name() if _Z3.is_app(formula) else 'a quantifier'}'"
            )
        args = tuple(self.read(child) for child in formula.children())
        kind = (
            BOOLEAN
            if op in _LOGICAL
            else args[1].type
            if op is Op.ITE
            else Real()
            if op is Op.TO_REAL
            else args[0].type
        )
        return Apply(op, args, kind)
