"""The value of a condition at every step of a trace.

The operators that look back or ahead are FRET's (NASA-SW-VnV/fret, *Temporal Condition Documentation*):
inside a scope interval they see nothing beyond the interval; in the condition that defines the scope
itself they see the whole trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from stimproof.specs.errors import OperatorError
from stimproof.specs.property import operators, temporal
from stimproof.specs.property.formulas import Constant, Formula, Name, Temporal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stimproof.specs.expressions import Value

    Trace = Sequence[Mapping[str, Value]]


@dataclass(frozen=True)
class View:
    """A trace as the conditions of one scope see it: with the scope's intervals, each first and last step."""

    trace: Trace
    intervals: Sequence[tuple[int, int]] = ()

    @cached_property
    def opened(self) -> list[int]:
        """At each step, the latest start of an interval up to there; -1 where there is none."""
        result: list[int] = []
        latest = -1
        for start, _ in self.intervals:
            result += [latest] * (start - len(result))
            latest = start
        return result + [latest] * (len(self.trace) - len(result))

    @cached_property
    def closes(self) -> list[int]:
        """At each step, the next end of an interval from there; the trace's length where there is none."""
        size = len(self.trace)
        result: list[int] = []
        for _, end in self.intervals:
            reach = min(end + 1, size)  # an interval that never ends has its end at the trace's length
            result += [end] * (reach - len(result))
        return result + [size] * (size - len(result))


def steps_of(trace: Iterable[object]) -> Trace:
    """Return the steps of a trace.

    Raises:
        OperatorError: it is not one mapping from names to values for each step.
    """
    if isinstance(trace, Mapping | str):
        raise OperatorError("a trace is a list with one mapping from names to values for each step")
    steps: list[Mapping[str, Value]] = []
    for step in trace:
        if not isinstance(step, Mapping):
            raise OperatorError(f"step {len(steps)}: {step!r:.60} is no mapping from names to values")
        steps.append(step)
    return steps


def values(formula: Formula, view: View) -> list[Value]:
    """Return the value of a formula at every step.

    Raises:
        OperatorError: the trace lacks a name, or gives it a value of another type than its use needs.
    """
    if isinstance(formula, Name):
        return _looked_up(formula.name, view.trace)
    if isinstance(formula, Constant):
        return [formula.value] * len(view.trace)
    if isinstance(formula, Temporal):
        given = [values(argument, view) for argument in formula.args]
        return temporal.apply(formula, given, view.opened, view.closes, scoped=bool(view.intervals))
    if formula.op in operators.EQUALITY:
        left, right = formula.args
        return operators.apply(formula.op, [_side(left, right, view), _side(right, left, view)])
    return operators.apply(formula.op, [values(argument, view) for argument in formula.args])


def truths(formula: Formula, view: View) -> list[bool]:
    """Return the truth value of a condition at every step.

    Raises:
        OperatorError: as for :func:`values`, and where it is no condition.
    """
    what = f"'{formula.name}'" if isinstance(formula, Name) else "the condition"
    return operators.truths(values(formula, view), what)


def _looked_up(name: str, trace: Trace) -> list[Value]:
    try:
        return [_exact(step[name]) for step in trace]
    except KeyError:
        step = next(index for index, found in enumerate(trace) if name not in found)
        raise OperatorError(f"step {step}: the trace gives no value for '{name}'") from None


def _exact(value: Value | float | Decimal) -> Value:
    """Return a value as it is, but a float as the shortest decimal number that names it, and that exactly.

    So the float 0.1 equals the 0.1 of a sentence, and floats keep their order.
    """
    if isinstance(value, float | Decimal):
        try:
            return Fraction(float.__repr__(value) if isinstance(value, float) else value)
        except (ValueError, OverflowError):
            raise OperatorError(f"{value!r} is no number that a trace can have") from None
    return value


def _side(formula: Formula, other: Formula, view: View) -> list[Value]:
    """Return one side of an equation: a name that the trace lacks is a word, where the other side is text."""
    if isinstance(formula, Name) and isinstance(other, Name) and formula.name not in view.trace[0]:
        facing = [step.get(other.name) for step in view.trace]
        if all(isinstance(value, str) for value in facing):
            return [formula.name] * len(view.trace)
    return values(formula, view)
