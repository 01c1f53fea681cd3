"""Properties of a specification as requirements on traces of its states."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.errors import OperatorError
from stimproof.specs.expressions import TRUE as ALWAYS
from stimproof.specs.expressions import Boolean, Enumeration, Expression, Integer, Literal, Reference, walk
from stimproof.specs.property.domains import TRUTHS
from stimproof.specs.property.forms import Condition, Scope, Timing
from stimproof.specs.property.formulas import Constant, Formula, Name, Operation, Temporal
from stimproof.specs.property.requirement import FALSE, Requirement
from stimproof.specs.specification import FretRequirement, Invariant, Response

if TYPE_CHECKING:
    from stimproof.specs.expressions import Type, Value
    from stimproof.specs.specification import Meaning, Specification

_TOLD_BY_STATES = {
    (scope, timing) for scope in (Scope.IN, Scope.NOT_IN) for timing in (Timing.IMMEDIATELY, Timing.WITHIN)
}


def on_steps(meaning: Meaning, duration: int) -> Requirement:
    """Return a property's meaning on traces, with a time of any length as ``duration`` steps.

    An event becomes a truth value: that the step into a state was the event's.

    Raises:
        OperatorError: the property is about all runs of a device, or an event's scope cannot be told.
    """
    whole = _whole(meaning)
    plain = Requirement(
        whole.scope,
        formula(whole.mode),
        whole.condition,
        formula(whole.trigger),
        whole.timing,
        0,
        formula(whole.stop) if whole.timing.stopped else FALSE,
        formula(whole.body),
    )
    if whole.event is not None:
        plain = _with_event(whole.event, plain)
    if whole.timing.timed:
        plain = replace(plain, duration=int(whole.duration) if whole.in_steps else duration)
    return plain


def _whole(meaning: Meaning) -> FretRequirement:
    """Return an invariant or a response as the requirement that it is a special case of."""
    none, nothing = Fraction(0), ALWAYS
    if isinstance(meaning, Invariant):
        scope = Scope.GLOBAL if meaning.scope == ALWAYS else Scope.IN
        return FretRequirement(
            scope,
            meaning.scope,
            Condition.NONE,
            None,
            nothing,
            Timing.ALWAYS,
            none,
            False,
            nothing,
            meaning.body,
        )
    if isinstance(meaning, Response):
        return FretRequirement(
            Scope.GLOBAL if meaning.scope == ALWAYS else Scope.IN,
            meaning.scope,
            Condition.TRIGGER,
            meaning.event,
            meaning.condition,
            Timing.WITHIN if meaning.within else Timing.IMMEDIATELY,
            meaning.within,
            False,
            nothing,
            meaning.body,
        )
    if not isinstance(meaning, FretRequirement):
        raise OperatorError("this property is about all runs of the device; no single timeline shows it")
    return meaning


def _with_event(event: str, plain: Requirement) -> Requirement:
    """Return a requirement that starts where an event has just happened, in a state inside the scope.

    The event's step may lead out of the scope: what must be so at once must be so even there, and what has
    time is no longer owed. Other timings have no counterpart on a trace of states alone.
    """
    if plain.scope is not Scope.GLOBAL and (plain.scope, plain.timing) not in _TOLD_BY_STATES:
        raise OperatorError(
            f"no timeline shows an event with '{plain.timing}' in the scope '{plain.scope}'; use a condition"
        )
    inside = Operation("not", (plain.mode,)) if plain.scope is Scope.NOT_IN else plain.mode
    happened = Operation("and", (Name(event), Temporal("pre", (FALSE, inside))))
    if plain.timing is Timing.IMMEDIATELY:
        plain = replace(plain, scope=Scope.GLOBAL)
    return replace(plain, condition=Condition.HOLDING, trigger=happened)


def formula(expression: Expression) -> Formula:
    """Return a typed expression as a formula over the names of a trace; quantities are in SI base units."""
    if isinstance(expression, Literal):
        return Constant(expression.value)
    if isinstance(expression, Reference):
        return Name(expression.name)
    return Operation(expression.op.value, tuple(map(formula, expression.args)))


def values(meaning: Meaning, specification: Specification) -> dict[str, tuple[Value, ...]]:
    """Return values worth trying for each machine, variable and event that a property mentions.

    Raises:
        OperatorError: the property is about all runs of a device.
    """
    whole = _whole(meaning)
    terms = [term for part in (whole.mode, whole.trigger, whole.stop, whole.body) for term in walk(part)]
    constants = [term for term in terms if isinstance(term, Literal)]
    found: dict[str, tuple[Value, ...]] = {}
    for term in terms:
        if isinstance(term, Reference):
            found[term.name] = _tried(term.name, term.type, constants, specification)
    return found | ({whole.event: TRUTHS} if whole.event is not None else {})


def _tried(
    name: str, kind: Type, constants: list[Literal], specification: Specification
) -> tuple[Value, ...]:
    """Return the values of a type that matter beside the constants of a property, and one that does not."""
    if isinstance(kind, Boolean):
        return TRUTHS
    if isinstance(kind, Enumeration):
        named = dict.fromkeys(term.value for term in constants if term.type == kind)
        other = [member for member in kind.members if member not in named]
        return (*named, *other[:1])
    variable = specification.variables.get(name)
    low, high = (variable.low, variable.high) if variable is not None else (None, None)
    numbers = [Fraction(term.value) for term in constants if isinstance(term.value, int | Fraction)]
    near = [value for number in numbers for value in (number, number + 1, number - 1, number * 2, number / 2)]
    tried = [value for value in (*near, low, high, Fraction(0)) if value is not None]
    fitting = [
        value
        for value in dict.fromkeys(tried)
        if (low is None or value >= low) and (high is None or value <= high)
    ]
    if isinstance(kind, Integer):
        return tuple(int(value) for value in fitting if value.denominator == 1)
    return tuple(fitting)
