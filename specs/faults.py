"""Declared faults, resolved: what each one speaks of exists, and its numbers fit.

A fault is no part of the device as it is proved; :mod:`stimproof.verify.faulting` proves again with each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Literal as OneOf

from stimproof.specs import failures
from stimproof.specs.expressions import Integer, Literal, Real, show
from stimproof.specs.findings import Code
from stimproof.specs.quantities import Dimension

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from stimproof.specs.behaviour import Behaviour
    from stimproof.specs.context import Context, Path
    from stimproof.specs.findings import Location
    from stimproof.specs.specification import Input, Number, Transition, Variable

About = OneOf["variable", "transition", "event", "input"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that can fail.

    ``target`` is the name of the variable, transition, event or input (``about``) that it is about; ``value``
    the constant at which a variable is stuck, ``amount`` the delay in seconds or the bias in SI units.
    """

    name: str
    kind: str
    target: str
    sentence: str
    rate: Number
    location: Location
    value: Literal | None = None
    amount: Fraction | None = None
    doc: str = ""
    about: About = "variable"


@dataclass(frozen=True, slots=True)
class _Effect:
    about: About
    target: str
    sentence: str
    value: Literal | None = None
    amount: Fraction | None = None


class Faults:
    """Resolves faults against what they can be about."""

    def __init__(self, context: Context, behaviour: Behaviour, transitions: Mapping[str, Transition]) -> None:
        self.context, self.behaviour, self.transitions = context, behaviour, transitions

    def fault(self, name: str, given: failures.Fault) -> Fault | None:
        """Resolve one fault; ``None`` after reporting what is wrong with it."""
        path: Path = ("faults", name)
        effect = self._effect(path, given)
        rate = self.context.number((*path, "rate"), "rate", given.rate)
        if rate.quantity is not None and rate.quantity.si < 0:
            message = f"a rate cannot be {rate.text}"
            self.context.report(Code.WRONG_VALUE, (*path, "rate", "value"), message, "write zero or more")
        if effect is None:
            return None
        return Fault(
            name,
            given.kind,
            effect.target,
            effect.sentence,
            rate,
            self.context.at(path),
            effect.value,
            effect.amount,
            given.doc,
            effect.about,
        )

    def _effect(self, path: Path, given: failures.Fault) -> _Effect | None:
        if isinstance(given, failures.StuckAt):
            return self._stuck(path, given)
        if isinstance(given, failures.Corrupt):
            found = self._variable(path, given.variable)
            return (
                _Effect("variable", found.name, f"{found.name} takes any value at any time")
                if found
                else None
            )
        if isinstance(given, failures.Omit):
            omitted = self._transition(path, given.transition)
            return (
                _Effect("transition", given.transition, f"{omitted.title} is not taken") if omitted else None
            )
        if isinstance(given, failures.Spurious):
            sentence = f"the event {given.event} occurs without a cause"
            return _Effect("event", given.event, sentence) if self._event(path, given.event) else None
        return self._late(path, given) if isinstance(given, failures.Delay) else self._bias(path, given)

    def _stuck(self, path: Path, given: failures.StuckAt) -> _Effect | None:
        found = self._variable(path, given.variable)
        if found is None:
            return None
        where = (*path, "value")
        names = self.context.constant_scope(found.type)
        term = self.context.expression(where, given.value, names, found.type)
        if term is None:
            return None
        if not isinstance(term, Literal):
            self.context.report(Code.WRONG_VALUE, where, "the value must be a constant", "write a value")
            return None
        if not _inside(term, found):
            message = f"'{found.name}' cannot have the value {given.value}"
            self.context.report(Code.EMPTY_RANGE, where, message, "write a value of its range")
            return None
        return _Effect("variable", found.name, f"{found.name} is stuck at {show(term)}", value=term)

    def _late(self, path: Path, given: failures.Delay) -> _Effect | None:
        if (given.event is None) == (given.transition is None):
            message = "a delay is that of an event or of a transition, one of the two"
            self.context.report(Code.WRONG_VALUE, path, message, "write 'event:' or 'transition:'", key=True)
            return None
        if given.by.si <= 0:
            message = f"a delay cannot be {given.by}"
            self.context.report(Code.WRONG_VALUE, (*path, "by"), message, "write a time above zero")
            return None
        if given.event is not None:
            what = f"the event {given.event}" if self._event(path, given.event) else ""
        else:
            found = self._transition(path, str(given.transition))
            what = found.title if found else ""
        target = given.event or str(given.transition)
        about: About = "event" if given.event is not None else "transition"
        sentence = f"{what} is up to {given.by} late"
        return _Effect(about, target, sentence, amount=given.by.si) if what else None

    def _bias(self, path: Path, given: failures.Bias) -> _Effect | None:
        found = self.behaviour.inputs.get(given.input)
        if found is None:
            self.context.unknown((*path, "input"), "input", given.input, self.behaviour.inputs)
            return None
        wanted = _dimension(found)
        where = (*path, "amount")
        if wanted is None:
            message = f"'{found.name}' is {found.type}, which cannot be off by an amount"
            self.context.report(Code.TYPE, (*path, "input"), message, "name an input that is a number")
        elif given.amount.dimension != wanted or given.amount.unit.offset:
            message = f"'{given.amount}' is no difference of what '{found.name}' reads, which is {wanted}"
            self.context.report(Code.WRONG_UNIT, where, message, "mend the unit; temperatures differ in K")
        elif given.amount.si <= 0:
            message = f"an amount of {given.amount} is no bias"
            advice = "write an amount above zero; it counts both ways"
            self.context.report(Code.WRONG_VALUE, where, message, advice)
        else:
            sentence = f"{found.name} reads up to {given.amount} off"
            return _Effect("input", found.name, sentence, amount=given.amount.si)
        return None

    def _variable(self, path: Path, name: str) -> Variable | None:
        found = self.behaviour.variables.get(name)
        if found is None:
            self.context.unknown((*path, "variable"), "variable", name, self.behaviour.variables)
        return found

    def _transition(self, path: Path, name: str) -> Transition | None:
        found = self.transitions.get(name)
        if found is None:
            advice = "give the transition a 'name:'" if not self.transitions else ""
            self.context.unknown((*path, "transition"), "transition", name, self.transitions, advice)
        return found

    def _event(self, path: Path, name: str) -> bool:
        if name not in self.behaviour.events:
            self.context.unknown((*path, "event"), "event", name, self.behaviour.events)
        return name in self.behaviour.events


def _inside(term: Literal, item: Variable) -> bool:
    if isinstance(term.value, str | bool) or item.low is None or item.high is None:
        return True
    return item.low <= term.value <= item.high


def _dimension(item: Input) -> Dimension | None:
    """Return the dimension of a number that is read; ``None`` where no number is."""
    if isinstance(item.type, Real):
        return item.type.dimension
    return Dimension() if isinstance(item.type, Integer) else None
