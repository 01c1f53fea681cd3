"""Whether a transition can be taken in a concrete state, for some inputs and after some wait.

The answer is exact where each comparison of a guard mentions at most one free value (one input, or the
delay): such a guard changes only at finitely many values, and one sample in each piece between them
decides. Anything else is answered with ``None``: not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from stimproof.specs.expressions import (
    Apply,
    Boolean,
    Enumeration,
    Expression,
    Integer,
    Op,
    Reference,
    references,
    walk,
)
from stimproof.verify.interpreter import Interpreter, Valuation, evaluate

if TYPE_CHECKING:
    from stimproof.specs.specification import Input, Transition

_COMPARISONS = (Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE)
MAX_COMBINATIONS, MAX_LISTED = 100_000, 1000


def can_fire_now(interpreter: Interpreter, transition: Transition, state: Valuation) -> bool | None:
    """Return whether some inputs enable the transition in this very state; ``None``: not known."""
    if state[transition.machine] not in transition.sources:
        return False
    inputs = [
        interpreter.specification.inputs[name]
        for name in sorted(references(transition.guard) & interpreter.specification.inputs.keys())
    ]
    if not inputs:
        return bool(evaluate(transition.guard, state))
    samples = [_samples(item, transition.guard, state, {other.name for other in inputs}) for item in inputs]
    total = 1
    for sample in samples:
        if sample is None:
            return None
        total *= len(sample)
    if total > MAX_COMBINATIONS:
        return None
    names = [item.name for item in inputs]
    return any(
        evaluate(transition.guard, {**state, **dict(zip(names, combination, strict=True))})
        for combination in product(*(sample for sample in samples if sample is not None))
    )


def can_ever_fire(interpreter: Interpreter, transition: Transition, state: Valuation) -> bool | None:
    """Return whether the transition can be taken now or after a wait; ``None``: not known."""
    now = can_fire_now(interpreter, transition, state)
    if now or state[transition.machine] not in transition.sources:
        return now
    clocks = {name for name, item in interpreter.specification.variables.items() if item.kind == "clock"}
    if not references(transition.guard) & clocks:
        return now
    known = now is not None
    inputs = set(interpreter.specification.inputs)
    for delay in _delays([transition.guard, *_stays(interpreter, state)], state, clocks, inputs):
        if delay is None:
            known = False
        elif interpreter.may_wait(state, delay):
            later = {
                name: Fraction(value) + delay if name in clocks else value for name, value in state.items()
            }
            answer = can_fire_now(interpreter, transition, later)
            if answer:
                return True
            known = known and answer is not None
    return False if known else None


def _critical(guard: Expression, name: str) -> Iterator[tuple[Expression, Expression] | None]:
    """Yield the other side of each comparison with a name alone on one side; ``None`` for any other use."""
    for node in walk(guard):
        if isinstance(node, Apply) and node.op in _COMPARISONS and name in references(node):
            left, right = node.args
            if isinstance(left, Reference) and left.name == name and name not in references(right):
                yield left, right
            elif isinstance(right, Reference) and right.name == name and name not in references(left):
                yield right, left
            else:
                yield None


def _samples(item: Input, guard: Expression, state: Valuation, free: set[str]) -> list[Any] | None:
    if isinstance(item.type, Boolean):
        return [True, False]
    if isinstance(item.type, Enumeration):
        return list(item.type.members)
    assert item.low is not None
    assert item.high is not None
    if isinstance(item.type, Integer) and item.high - item.low < MAX_LISTED:
        return list(range(int(item.low), int(item.high) + 1))
    points = {item.low, item.high}
    for pair in _critical(guard, item.name):
        if pair is None or references(pair[1]) & free:
            return None
        points.add(Fraction(evaluate(pair[1], state)))
    if isinstance(item.type, Integer):
        around = {int(point) + shift for point in points for shift in (-1, 0, 1)}
        return [value for value in sorted(around) if item.low <= value <= item.high]
    ordered = sorted(point for point in points if item.low <= point <= item.high)
    return sorted({*ordered, *((a + b) / 2 for a, b in pairwise(ordered))})


def _stays(interpreter: Interpreter, state: Valuation) -> list[Expression]:
    """Return the conditions under which time may pass: their bounds are critical delays too."""
    return [
        machine.modes[str(state[name])].stay for name, machine in interpreter.specification.machines.items()
    ]


def _delays(
    terms: list[Expression], state: Valuation, clocks: set[str], inputs: set[str]
) -> Iterator[Fraction | None]:
    points = {Fraction(0)}
    for name, term in product(sorted(clocks), terms):
        for pair in _critical(term, name):
            if pair is None or references(pair[1]) & (clocks | inputs):
                yield None
            else:
                points.add(Fraction(evaluate(pair[1], state)) - Fraction(state[name]))
    ordered = sorted(point for point in points if point >= 0)
    yield from (point for point in ordered if point > 0)
    yield from ((a + b) / 2 for a, b in pairwise(ordered))
    yield ordered[-1] + 1
