"""A device's machine obligations as VMT-LIB models, for any model checker that reads the form.

The model is the same slice that stimproof decides: typed variables, next-state functions as equations, the
step constraint, and the negated goal as the invariant property. For a mode that must be reachable the goal
is to get there, so the model checker's "violated" is the device's "proved"; the file says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stimproof.specs.expressions import TRUE, Enumeration, Expression, Type, conj, implies, negate
from stimproof.verify.certificates import Script
from stimproof.verify.encoding import encode
from stimproof.verify.goals import watch
from stimproof.verify.obligations import obligations
from stimproof.verify.smtlib import sort, write
from stimproof.verify.vmt.writing import quoted

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Obligation
    from stimproof.verify.system import TransitionSystem

KINDS = frozenset(
    {
        "reachable",
        "invariant",
        "response",
        "requirement",
        "unchanged",
        "conflict",
        "timelock",
        "range",
        "determinism",
        "deadlock",
    }
)
"""The kinds of obligations that are one goal over one transition system."""


def exportable(specification: Specification) -> tuple[Obligation, ...]:
    """Return the obligations that can be written as models."""
    if not specification.machines:
        return ()
    return tuple(item for item in obligations(specification) if item.kind in KINDS)


def exported(
    specification: Specification, chosen: Iterator[Obligation] | tuple[Obligation, ...]
) -> dict[str, str]:
    """Return the text of one model for each obligation, by its id."""
    system = encode(specification)
    found = {}
    for item in chosen:
        watched = watch(system, specification, item)
        found[item.id] = _Writer(watched.system.sliced(watched.goal)).model(watched.goal, item)
    return found


class _Writer:
    """Writes one system: its symbols, declarations and annotated formulas."""

    def __init__(self, system: TransitionSystem) -> None:
        self.system = system
        taken = {*system.state, *system.inputs, *system.definitions}
        self.after = {name: _fresh(f"{name}.next", taken) for name in system.state}
        self._mark = len(taken)
        self._taken = taken | set(self.after.values())

    def model(self, goal: Expression, item: Obligation) -> str:
        """Return the whole text."""
        system = self.system
        blocked = conj(*system.constraint) if system.mentions_step(goal) else TRUE
        moves = [f"(= {quoted(self.after[name])} {self._text(term)})" for name, term in system.next.items()]
        relation = [*(self._text(term) for term in (system.typing(), *system.constraint)), *moves]
        initial = [self._text(term) for term in (system.typing(), *system.initial)]
        claim = negate(goal) if blocked == TRUE else implies(blocked, negate(goal))
        lines = [
            f"; {item.id}: {' '.join(item.statement.split())}",
            *_reading(item),
            "(set-info :smt-lib-version 2.6)",
            *self._state(),
            *(
                f"(declare-const {quoted(name)} {sort(kind)}){_codes(kind)}"
                for name, kind in system.inputs.items()
            ),
            *self._definitions(),
            self._marked("init", initial, ":init true"),
            self._marked("trans", relation, ":trans true"),
            self._marked("property", [self._text(claim)], ":invar-property 0"),
            "(assert true)",
        ]
        return "\n".join(lines) + "\n"

    def _text(self, term: Expression) -> str:
        return write(term, quoted)

    def _state(self) -> Iterator[str]:
        for number, (name, item) in enumerate(self.system.state.items()):
            kind, here, after = sort(item.type), quoted(name), quoted(self.after[name])
            yield f"(declare-const {here} {kind}){_codes(item.type)}"
            yield f"(declare-const {after} {kind})"
            pair = _fresh(f"sv{number}", self._taken)
            yield f"(define-fun {quoted(pair)} () {kind} (! {here} :next {after}))"

    def _definitions(self) -> Iterator[str]:
        for name in Script(self.system).ordered:
            yield f"(define-fun {quoted(name)} () Bool {self._text(self.system.definitions[name])})"

    def _marked(self, name: str, parts: list[str], mark: str) -> str:
        body = parts[0] if len(parts) == 1 else "(and\n  " + "\n  ".join(parts) + ")"
        return f"(define-fun {quoted(_fresh(name, self._taken))} () Bool (! {body} {mark}))"


def _fresh(name: str, taken: set[str]) -> str:
    """Return a name that is not taken, and take it."""
    while name in taken:
        name += "."
    taken.add(name)
    return name


def _codes(kind: Type) -> str:
    if not isinstance(kind, Enumeration):
        return ""
    return "  ; " + ", ".join(f"{number} {member}" for number, member in enumerate(kind.members))


def _reading(item: Obligation) -> list[str]:
    if item.kind == "reachable":
        return [
            "; The property says that it is never reached: where it is violated, the obligation is proved."
        ]
    if item.kind == "deadlock":
        return [
            "; The property says that the machine moves on by itself. Where it holds, the obligation is",
            "; proved; where it is violated, other machines may still help.",
        ]
    return ["; Where the property holds, the obligation is proved."]
