"""Requirement sentences: from FRETish-style English to their meaning.

The sentence form follows NASA's FRET (Giannakopoulou, Pressburger, Mavridou, Schumann, *Automated
formalization of structured natural language requirements*, Information and Software Technology 137,
2021): ``[scope] [condition] the COMPONENT shall [timing] satisfy RESPONSE``. This version gives a
meaning to the forms in :func:`requirement`; any other is refused, never guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lark import Token, Tree

from stimproof.specs import document as written
from stimproof.specs import specification as resolved
from stimproof.specs.expressions import (
    BOOLEAN,
    FALSE,
    TRUE,
    Expression,
    Literal,
    Reference,
    conj,
    equal,
    negate,
    references,
)
from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.parsing import LanguageError, Text, parse, subtree
from stimproof.specs.quantities import TIME, UnitError, quantity
from stimproof.specs.typing import ExcusedError, typed

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.specs.behaviour import Behaviour
    from stimproof.specs.context import Context, Path

FORMS = (
    "[in MODE mode] the COMPONENT shall always satisfy CONDITION",
    "[in MODE mode] the COMPONENT shall never satisfy CONDITION",
    "[in MODE mode] whenever CONDITION the COMPONENT shall always | never | immediately satisfy CONDITION",
    "[in MODE mode] upon EVENT-or-CONDITION the COMPONENT shall immediately satisfy CONDITION",
    "[in MODE mode] upon EVENT-or-CONDITION the COMPONENT shall within DURATION satisfy CONDITION",
    "mode MODE is reachable",
)


def requirement(
    context: Context, behaviour: Behaviour, name: str, given: written.Property
) -> resolved.Property | None:
    """Resolve one property; ``None`` after reporting why its sentence cannot be used."""
    path: Path = ("properties", name)
    text = context.source.text((*path, "sentence"), given.sentence)
    try:
        meaning = _Sentence(behaviour, text, context.document.device.component).meaning(
            parse(text, "sentence")
        )
    except LanguageError as problem:
        found = problem.finding
        place = Location(found.location.file, found.location.line, found.location.column, text.location.path)
        context.source.findings.append(Finding(found.code, place, found.message, found.advice))
        return None
    except ExcusedError:
        return None
    return resolved.Property(
        name,
        given.sentence,
        meaning,
        context.citation(path, given),
        context.at(path),
        given.doc,
        given.if_refuted,
    )


class _Sentence:
    """Gives one parsed sentence its meaning."""

    def __init__(self, behaviour: Behaviour, text: Text, component: str) -> None:
        self.behaviour, self.text, self.component = behaviour, text, component
        self.scope = behaviour.state_scope

    def _fail(self, node: Any, code: Code, message: str, advice: str) -> LanguageError:
        return LanguageError(Finding(code, self.text.at(node), message, advice))

    def meaning(self, tree: Tree[Token]) -> resolved.Invariant | resolved.Response | resolved.Reachable:
        if tree.data == "reachable":
            machine, mode = self._mode(subtree(tree, 0))
            return resolved.Reachable(machine, mode)
        scope_tree, condition, name, timing, response = tree.children
        if name != self.component:
            raise self._fail(
                name,
                Code.UNKNOWN_NAME,
                f"the component is called '{self.component}', not '{name}'",
                "use the name given under 'device: component:'",
            )
        scope: Expression = TRUE
        if isinstance(scope_tree, Tree):
            machine, mode = self._mode(subtree(scope_tree, 0))
            kind = self.behaviour.modes[machine]
            scope = equal(Reference(machine, kind), Literal(mode, kind))
        assert isinstance(timing, Tree)
        assert isinstance(response, Tree)
        body = self._condition(subtree(response, 0))
        if isinstance(condition, Tree) and condition.data == "upon":
            return self._response(scope, condition, timing, body)
        return self._invariant(scope, condition, timing, body)

    def _invariant(
        self, scope: Expression, condition: Any, timing: Tree[Token], body: Expression
    ) -> resolved.Invariant:
        kind = self._timing(timing)
        if isinstance(condition, Tree):
            scope = conj(scope, self._condition(subtree(condition, 0)))
            kind = "always" if kind == "immediately" else kind
        if kind not in ("always", "never"):
            raise self._unsupported(timing, kind)
        return resolved.Invariant(scope, negate(body) if kind == "never" else body)

    def _response(
        self, scope: Expression, condition: Tree[Token], timing: Tree[Token], body: Expression
    ) -> resolved.Response:
        kind = self._timing(timing)
        if kind not in ("immediately", "within"):
            raise self._unsupported(timing, kind)
        trigger = subtree(condition, 0)
        event = (
            str(trigger.children[0])
            if trigger.data == "name" and trigger.children[0] in self.behaviour.events
            else None
        )
        edge = FALSE if event else self._condition(trigger)
        within = self._duration(timing.children[0]) if kind == "within" else quantity("0 s").si
        # Not of their conjunction: it is plainly false, and mentions nothing, where the trigger is an event.
        mentioned = references(body) | references(edge) | references(scope)
        clocks = sorted(name for name in mentioned if self._is_clock(name))
        if clocks:
            raise self._fail(
                trigger,
                Code.UNSUPPORTED,
                f"a response may not mention the clock '{clocks[0]}'",
                "compare clocks in guards, and let the response speak of what they set",
            )
        return resolved.Response(scope, event, edge, body, within)

    def _is_clock(self, name: str) -> bool:
        return name in self.behaviour.variables and self.behaviour.variables[name].kind == "clock"

    def _timing(self, timing: Tree[Token]) -> str:
        if timing.data == "always_or_none":
            return "always" if timing.children[0] is not None else "eventually"
        return str(timing.data)

    def _unsupported(self, node: Tree[Token], kind: str) -> LanguageError:
        what = (
            "no timing means 'eventually', which"
            if kind == "eventually"
            else f"the timing '{kind}' in this sentence"
        )
        return self._fail(
            node if node.meta.empty is False else self.text,
            Code.UNSUPPORTED,
            f"{what} has no meaning in this version",
            "the forms are: " + "; ".join(FORMS),
        )

    def _duration(self, token: Any) -> Fraction:
        try:
            found = quantity(str(token))
        except UnitError as error:
            raise self._fail(
                token, Code.WRONG_UNIT, str(error), "write a duration such as '100 ms'"
            ) from None
        if found.dimension != TIME or found.si <= 0:
            raise self._fail(
                token,
                Code.WRONG_UNIT,
                f"'{token}' is not a positive duration",
                "write a duration such as '100 ms'",
            )
        return found.si

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
        return typed(
            tree,
            self.text,
            self.scope,
            BOOLEAN,
        )

    def _mode(self, tree: Tree[Token]) -> tuple[str, str]:
        first, second = tree.children
        modes, excused = self.behaviour.modes, self.behaviour.context.excused
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
