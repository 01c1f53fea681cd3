"""Requirement sentences: from FRETish, with types and units, to their meaning.

The sentence form is that of NASA's FRET (Giannakopoulou, Pressburger, Mavridou, Schumann, *Automated
formalization of structured natural language requirements*, Information and Software Technology 137,
2021): ``[scope] [condition] the COMPONENT shall [timing] satisfy RESPONSE``, and it means what FRET says
(:mod:`stimproof.specs.property`). Forms that say no more than an invariant or a response are resolved to
those; three forms that FRET has not are our own: ``mode M is reachable``, ``from M one can always reach N``,
``E shall leave V unchanged``.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from lark import Token, Tree

from stimproof.specs import document as written
from stimproof.specs import specification as resolved
from stimproof.specs.expressions import (
    BOOLEAN,
    FALSE,
    TRUE,
    Expression,
    Literal,
    Real,
    Reference,
    conj,
    disj,
    equal,
    negate,
)
from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.parsing import LanguageError, Text, parse, subtree
from stimproof.specs.property.forms import Condition, Scope, Timing
from stimproof.specs.property.trees import Clause, Sentence, chained, parts_of
from stimproof.specs.quantities import TIME, UnitError, quantity
from stimproof.specs.typing import ExcusedError, typed

if TYPE_CHECKING:
    from stimproof.specs.behaviour import Behaviour
    from stimproof.specs.context import Context, Path

_STEPS = re.compile(r"(?P<number>[0-9]+) ?(?:ticks?|steps?|timepoints?)\Z")
_INSIDE = (Scope.GLOBAL, Scope.IN, Scope.NOT_IN)
"""Scopes whose intervals are told by the current state alone, and in which the timing must succeed."""


def requirement(
    context: Context, behaviour: Behaviour, name: str, given: written.Property
) -> resolved.Property | None:
    """Resolve one property; ``None`` after reporting why its sentence cannot be used."""
    path: Path = ("properties", name)
    text = context.source.text((*path, "sentence"), given.sentence)
    try:
        meaning = _Reading(behaviour, text, context.document.device.component).meaning(
            parse(text, "sentence")
        )
    except LanguageError as problem:
        found = problem.finding
        place = Location(found.location.file, found.location.line, found.location.column, text.location.path)
        context.source.findings.append(Finding(found.code, place, found.message, found.advice))
        return None
    except ExcusedError:
        return None
    if isinstance(meaning, resolved.FretRequirement) and _reaches_far(meaning):
        context.source.findings.append(
            Finding(
                Code.FROM_THEN_ON,
                text.location,
                f"'whenever' with '{meaning.timing}' reaches from each such state to the end of the scope",
                "write 'immediately' for what shall be so only while the condition is true",
            )
        )
    return resolved.Property(
        name,
        given.sentence,
        meaning,
        context.citation(path, given),
        context.at(path),
        given.doc,
        given.if_refuted,
    )


def _reaches_far(meaning: resolved.FretRequirement) -> bool:
    return meaning.condition is Condition.HOLDING and meaning.timing in (Timing.ALWAYS, Timing.NEVER)


class _Reading:
    """Gives one parsed sentence its meaning."""

    def __init__(self, behaviour: Behaviour, text: Text, component: str) -> None:
        self.behaviour, self.text, self.component = behaviour, text, component
        self.scope = behaviour.state_scope

    def _fail(self, node: Tree[Token] | Token | None, code: Code, message: str, advice: str) -> LanguageError:
        return LanguageError(Finding(code, self.text.at(node), message, advice))

    def meaning(self, tree: Tree[Token]) -> resolved.Meaning:
        """Return what the sentence says."""
        if tree.data == "reachable":
            return resolved.Reachable(*self._mode(subtree(tree, 0)))
        if tree.data == "can_reach":
            return self._can_reach(tree)
        if tree.data == "unchanged":
            return self._unchanged(tree)
        return self._requirement(parts_of(tree))

    def _requirement(self, parts: Sentence) -> resolved.Meaning:
        if parts.component != self.component:
            raise self._fail(
                parts.name,
                Code.UNKNOWN_NAME,
                f"the component is called '{self.component}', not '{parts.component}'",
                "use the name given under 'device: component:'",
            )
        event = self._event(parts.clauses)
        whole = resolved.FretRequirement(
            parts.scope,
            TRUE if parts.mode is None else self._place(parts.mode),
            parts.condition,
            event,
            FALSE if event is not None else self._trigger(parts.clauses),
            parts.timing,
            *self._duration(parts.duration),
            FALSE if parts.stop is None else self._condition(parts.stop),
            self._condition(parts.response),
        )
        plain = simplest(whole)
        if not isinstance(plain, resolved.Invariant):
            self._without_clocks(whole, parts)
        return plain

    def _event(self, clauses: tuple[Clause, ...]) -> str | None:
        """Return the event that alone is the trigger; anywhere else an event is refused as no state."""
        if len(clauses) != 1 or clauses[0].holding or clauses[0].negated:
            return None
        expression = clauses[0].expression
        named = expression.data == "name" and expression.children[0] in self.behaviour.events
        return str(expression.children[0]) if named else None

    def _trigger(self, clauses: tuple[Clause, ...]) -> Expression:
        if not clauses:
            return TRUE

        def one(clause: Clause) -> Expression:
            condition = self._condition(clause.expression)
            return negate(condition) if clause.negated else condition

        return chained(
            clauses, one, lambda either, left, right: disj(left, right) if either else conj(left, right)
        )

    def _without_clocks(self, whole: resolved.FretRequirement, parts: Sentence) -> None:
        variables = self.behaviour.variables
        clocks = sorted(
            name for name in whole.mentioned if name in variables and variables[name].kind == "clock"
        )
        if clocks:
            raise self._fail(
                parts.name,
                Code.UNSUPPORTED,
                f"a requirement on the course of time may not mention the clock '{clocks[0]}'",
                "compare clocks in guards, and let the response speak of what they set",
            )

    def _duration(self, tree: Tree[Token] | None) -> tuple[Fraction, bool]:
        """Return a duration in seconds, or in steps and ``True``."""
        if tree is None:
            return Fraction(0), False
        token = tree.children[0]
        assert isinstance(token, Token)
        steps = _STEPS.fullmatch(str(token))
        if steps is not None:
            return Fraction(int(steps["number"])), True
        seconds = self._named_time(token) if token.type == "NAME" else self._written_time(token)
        if seconds is None or seconds <= 0:
            raise self._fail(
                token,
                Code.WRONG_UNIT,
                f"'{token}' is not a positive duration",
                "write a duration such as '100 ms', or the name of a constant that is one",
            )
        return seconds, False

    def _written_time(self, token: Token) -> Fraction | None:
        try:
            found = quantity(str(token))
        except UnitError as error:
            raise self._fail(
                token, Code.WRONG_UNIT, str(error), "write a duration such as '100 ms'"
            ) from None
        return found.si if found.dimension == TIME else None

    def _named_time(self, token: Token) -> Fraction | None:
        """Return the seconds that a constant stands for; ``None`` where it stands for something else."""
        name = str(token)
        if name in self.scope.excuses:
            raise ExcusedError(name)
        found = self.scope.unfolded.get(name)
        if not isinstance(found, Literal) or found.type != Real(TIME):
            return None
        self.scope.used.add(name)
        return Fraction(found.value)

    def _condition(self, tree: Tree[Token]) -> Expression:
        mentioned = {str(node.children[0]): node for node in tree.iter_subtrees() if node.data == "name"}
        for name, node in mentioned.items():
            if name in self.scope.excuses:
                continue  # already reported; the typing below says so
            if name in self.behaviour.inputs:
                raise self._fail(
                    node,
                    Code.UNSUPPORTED,
                    f"'{name}' is an input, which has a value only during a step",
                    "copy it into a variable when it is read, and speak of the variable",
                )
            if name in self.behaviour.events:
                raise self._fail(
                    node,
                    Code.UNSUPPORTED,
                    f"'{name}' is an event, which holds only during a step",
                    "an event stands alone after 'upon'",
                )
        return typed(tree, self.text, self.scope, BOOLEAN)

    def _place(self, tree: Tree[Token]) -> Expression:
        """Return what a scope or a destination refers to: a machine in a mode, or a condition."""
        inner = subtree(tree, 0) if tree.data in ("place", "mode") else tree
        if inner.data not in ("name", "qualified") and tree.data != "dotted":
            return self._condition(inner)
        first, second = (*inner.children, None)[:2]
        assert isinstance(first, Token)
        if second is None and (first in self.scope.names or first in ("true", "false")):
            return self._condition(Tree("name", [first], inner.meta))
        machine, mode = self._mode(tree if tree.data == "dotted" else inner)
        kind = self.behaviour.modes[machine]
        return equal(Reference(machine, kind), Literal(mode, kind))

    def _can_reach(self, tree: Tree[Token]) -> resolved.CanReach:
        source = subtree(tree, 0)
        events = [event for event in tree.children[2:] if isinstance(event, Token)]
        for event in events:
            self._known_event(event)
        return resolved.CanReach(
            TRUE if source.data == "anywhere" else self._place(source),
            self._place(subtree(tree, 1)),
            tuple(map(str, events)) if events else None,
        )

    def _unchanged(self, tree: Tree[Token]) -> resolved.Unchanged:
        event, *variables = (token for token in tree.children if isinstance(token, Token))
        self._known_event(event)
        for name in variables:
            if str(name) in self.behaviour.context.excused:
                raise ExcusedError(str(name))
            if str(name) not in self.behaviour.variables:
                known = ", ".join(self.behaviour.variables) or "none"
                raise self._fail(
                    name, Code.UNKNOWN_NAME, f"no variable is called '{name}'", f"the variables are {known}"
                )
        return resolved.Unchanged(str(event), tuple(dict.fromkeys(map(str, variables))))

    def _known_event(self, event: Token) -> None:
        if str(event) in self.behaviour.context.excused:
            raise ExcusedError(str(event))
        if str(event) not in self.behaviour.events:
            known = ", ".join(self.behaviour.events) or "none"
            raise self._fail(
                event, Code.UNKNOWN_NAME, f"no event is called '{event}'", f"the events are {known}"
            )

    def _mode(self, tree: Tree[Token]) -> tuple[str, str]:
        """Return machine and mode of ``MODE`` or ``MACHINE.MODE``."""
        first, second = (*tree.children, None)[:2]
        modes, excused = self.behaviour.modes, self.behaviour.context.excused
        assert isinstance(first, Token)
        if {str(first), str(second)} & excused:
            raise ExcusedError(str(first))
        if second is not None:
            if str(first) in modes and str(second) in modes[str(first)].members:
                return str(first), str(second)
            raise self._fail(
                first, Code.UNKNOWN_NAME, f"there is no mode '{first}.{second}'", "write MACHINE.MODE"
            )
        owners = [name for name, kind in modes.items() if str(first) in kind.members]
        if len(owners) == 1:
            return owners[0], str(first)
        if owners:
            raise self._fail(
                first,
                Code.UNKNOWN_NAME,
                f"several machines have a mode '{first}'",
                f"write {' or '.join(f'{owner}.{first}' for owner in owners)}",
            )
        known = ", ".join(mode for kind in modes.values() for mode in kind.members)
        raise self._fail(
            first, Code.UNKNOWN_NAME, f"no machine has a mode '{first}'", f"the modes are {known or 'none'}"
        )


def simplest(whole: resolved.FretRequirement) -> resolved.Meaning:
    """Return an invariant or a response that says exactly the same, or the requirement itself.

    ``always`` without a condition and ``immediately`` with ``whenever`` look at each state by itself, and
    so does an ``only in`` that forbids the response outside; a trigger that is answered at once or within
    a time is a response, which leaving the scope cancels.
    """
    scope, timing, body = whole.scope, whole.timing, whole.body
    where = whole.mode if scope in (Scope.GLOBAL, Scope.IN) else negate(whole.mode)
    each_state = (whole.condition, timing)
    if scope in _INSIDE:
        if each_state == (Condition.NONE, Timing.ALWAYS):
            return resolved.Invariant(where, body)
        if each_state == (Condition.NONE, Timing.NEVER):
            return resolved.Invariant(where, negate(body))
        if each_state == (Condition.HOLDING, Timing.IMMEDIATELY):
            return resolved.Invariant(conj(where, whole.trigger), body)
        answered = timing in (Timing.IMMEDIATELY, Timing.WITHIN) and not whole.in_steps
        if whole.condition is Condition.TRIGGER and answered:
            return resolved.Response(where, whole.event, whole.trigger, body, whole.duration)
    elif scope is Scope.ONLY_IN:
        if each_state == (Condition.NONE, Timing.EVENTUALLY):
            return resolved.Invariant(where, negate(body))
        if each_state == (Condition.HOLDING, Timing.IMMEDIATELY):
            return resolved.Invariant(conj(where, whole.trigger), negate(body))
    return whole
