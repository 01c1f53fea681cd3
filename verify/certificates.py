"""Certificates: the SMT-LIB scripts whose every answer must be ``unsat``.

For a claim about parameters one script: the domain and the negated claim. For a claim about machines five,
in the manner of inductive invariants: there is a first state (*existence*), the step constraint blocks no
state (*totality*), the invariant holds at first (*initiation*), every step keeps it (*consecution*), and it
excludes what must not happen (*safety*). The scripts are a function of the system, the goal and the
invariant alone, so that an auditor can write them again from the packed specification and compare them.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    INTEGER,
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Literal,
    Op,
    Real,
    Reference,
    Type,
    Value,
    conj,
    disj,
    equal,
    negate,
    show,
)
from stimproof.verify.smtlib import read_term, sort, symbol, tokens, write

if TYPE_CHECKING:
    from collections.abc import Container

    from stimproof.verify.system import TransitionSystem

_INEXPRESSIBLE = re.compile(r"[^A-Za-z0-9_.\-]")
"""Constants such as ``10^k`` have names for people; no two of them differ only in such signs."""

_PREFIX = re.compile(r"(?<=(?<![^ (])[sid])\.")
"""The dot behind the first letter of a name that :class:`Script` gave."""

_HEAD = """\
; {title}
; Each check-sat in this file must answer unsat.
(set-info :smt-lib-version 2.6)
(set-logic ALL)
"""


def head(title: str) -> str:
    """Return the opening lines of a script; the title is one line of plain text."""
    return _HEAD.format(title=title.replace("\n", " "))


class Script:
    """Writes the scripts of one system: the names, declarations and definitions that they share."""

    def __init__(self, system: TransitionSystem) -> None:
        self.system = system
        self._symbols = {name: f"s.{name}" for name in system.state}
        self._symbols.update({name: f"i.{name}" for name in system.inputs})
        self._symbols.update({name: f"d.{name}" for name in system.definitions})
        self._pieces: dict[str, list[str]] = {}
        self._about: dict[str, set[str]] = {}

    def name(self, reference: str) -> str:
        """Return the symbol of a state variable, an input or a definition in the current state."""
        return symbol(self._symbols[reference])

    def after(self, reference: str) -> str:
        """Return the symbol of a state variable in the next state."""
        return symbol(f"n.{reference}")

    def declare(self, names: Mapping[str, Type], prefix: str) -> str:
        """Return declarations, with the members of each enumeration as a comment."""
        lines = []
        for name, kind in names.items():
            codes = (
                "  ; " + ", ".join(f"{i} {m}" for i, m in enumerate(kind.members))
                if isinstance(kind, Enumeration)
                else ""
            )
            lines.append(f"(declare-const {symbol(prefix + name)} {sort(kind)}){codes}\n")
        return "".join(lines)

    def state(self, names: Container[str]) -> str:
        """Return the declarations of those state variables that are named."""
        state = self.system.state.items()
        return self.declare({name: item.type for name, item in state if name in names}, "s.")

    def step(self, names: Container[str]) -> str:
        """Return the declarations of a step's inputs and the definitions, of those that are named."""
        inputs = self.system.inputs.items()
        lines = [self.declare({name: kind for name, kind in inputs if name in names}, "i.")]
        for name in self.ordered:
            if name in names:
                text = self.term(self.system.definitions[name])
                lines.append(f"(define-fun {self.name(name)} () Bool {text})\n")
        return "".join(lines)

    def mentioned(self, invariant: str, *terms: Expression) -> set[str]:
        """Return the names that an invariant or a term mentions, itself or through definitions."""
        if invariant not in self._about:
            found = {token.removeprefix("s.") for token in tokens(invariant)}
            self._about[invariant] = found & self.system.state.keys()
        return self._about[invariant].union(*(self.system.mentioned(term) for term in terms))

    @cached_property
    def ordered(self) -> list[str]:
        """The definitions so that each stands behind those that it mentions."""
        done: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in done or name not in self.system.definitions:
                return
            for other in sorted(self.system.known.mentioned(self.system.definitions[name])):
                visit(other)
            done[name] = None

        for name in self.system.definitions:
            visit(name)
        return list(done)

    def term(self, term: Expression) -> str:
        """Return a term over the current state and inputs."""
        return self.system.known.text(term, self._write)

    def _write(self, term: Expression) -> str:
        return write(term, self.name)

    def pieces(self, term: Expression) -> list[str]:
        """Return a term in pieces, between which the number of a state belongs."""
        text = self.term(term)
        if text not in self._pieces:
            self._pieces[text] = _PREFIX.split(text)
        return self._pieces[text]

    def holds(self, terms: tuple[Expression, ...]) -> str:
        """Return one assertion a line."""
        return "".join(f"(assert {self.term(term)})\n" for term in terms if term != TRUE)

    def invariant(self, text: str) -> str:
        """Return the definition of the invariant over the current state; ``text`` uses ``s.`` names."""
        return f"(define-fun invariant () Bool {text})\n"

    def next_invariant(self, text: str, about: Sequence[str]) -> str:
        """Return the definition of the invariant as a function of the variables that it is about."""
        state = self.system.state
        arguments = " ".join(f"({self.name(name)} {sort(state[name].type)})" for name in about)
        return f"(define-fun invariant.next ({arguments}) Bool {text})\n"


class _Layer(Script):
    """The same names, once for each state of a run."""

    def __init__(self, plain: Script, number: int) -> None:
        super().__init__(plain.system)
        self._plain, self._number = plain, f"{number}."
        self._symbols = {name: f"{text[0]}{number}{text[1:]}" for name, text in self._symbols.items()}

    def term(self, term: Expression) -> str:
        """Return a term over one state of the run: as ever, with the number in its names."""
        return self._number.join(self._plain.pieces(term))

    def define(self, name: str, kind: Type, text: str) -> str:
        """Return the definition of a name in this state."""
        return f"(define-fun {self.name(name)} () {sort(kind)} {text})\n"


def machine_scripts(
    system: TransitionSystem, goal: Expression, invariant: str, title: str, first: Mapping[str, Value]
) -> dict[str, str]:
    """Return the five scripts that prove that ``goal`` (over state and inputs) never holds.

    ``invariant`` is a term over the state, written with ``s.`` names; ``first`` is one concrete
    initial state.
    """
    script = Script(system)
    return {
        "existence.smt2": head(f"existence: there is a first state. {title}")
        + script.state(system.state)
        + _fixed(script, system, first)
        + f"(assert (not {script.term(conj(*system.initial))}))\n(check-sat)\n",
        "totality.smt2": head(f"totality: in each state some step is possible. {title}")
        + _totality(script, system),
        **_proof_scripts(script, goal, invariant, title),
    }


def _fixed(script: Script, system: TransitionSystem, first: Mapping[str, Value]) -> str:
    return "".join(
        f"(assert {script.term(equal(item.reference, Literal(first[name], item.type)))})\n"
        for name, item in system.state.items()
    )


def proof_scripts(system: TransitionSystem, goal: Expression, invariant: str, title: str) -> dict[str, str]:
    """Return the three scripts that prove the invariant inductive and free of the goal."""
    return _proof_scripts(Script(system), goal, invariant, title)


def _proof_scripts(script: Script, goal: Expression, invariant: str, title: str) -> dict[str, str]:
    system = script.system
    return {
        "initiation.smt2": head(f"initiation: the invariant holds at first. {title}")
        + script.state(system.state)
        + script.invariant(invariant)
        + script.holds(system.initial)
        + "(assert (not invariant))\n(check-sat)\n",
        "consecution.smt2": head(f"consecution: every step keeps the invariant. {title}")
        + _consecution(script, system, invariant),
        "safety.smt2": head(f"safety: the invariant excludes what must not happen. {title}")
        + _safety(script, system, goal, invariant),
    }


def _consecution(script: Script, system: TransitionSystem, invariant: str) -> str:
    """Return that a step from the invariant cannot leave it, with what this depends on and no more."""
    about = [name for name in system.state if name in script.mentioned(invariant)]
    names = script.mentioned(invariant, *(system.next[name] for name in about), *system.constraint)
    moves = "".join(
        f"(define-fun {script.after(name)} () {sort(system.state[name].type)} "
        f"{script.term(system.next[name])})\n"
        for name in about
    )
    call = " ".join(script.after(name) for name in about)
    return (
        script.state(names)
        + script.step(names)
        + script.invariant(invariant)
        + script.next_invariant(invariant, about)
        + moves
        + "(assert invariant)\n"
        + script.holds(system.constraint)
        + f"(assert (not {f'(invariant.next {call})' if call else 'invariant.next'}))\n(check-sat)\n"
    )


def _safety(script: Script, system: TransitionSystem, goal: Expression, invariant: str) -> str:
    steps = system.constraint if system.mentions_step(goal) else ()
    names = script.mentioned(invariant, goal, *steps)
    return (
        script.state(names)
        + script.step(names)
        + script.holds(steps)
        + script.invariant(invariant)
        + f"(assert invariant)\n(assert {script.term(goal)})\n(check-sat)\n"
    )


def _totality(script: Script, system: TransitionSystem) -> str:
    """Fix the inputs of one step and let the solver confirm that every state allows it."""
    fixed = "".join(
        f"(assert {script.term(equal(Reference(name, kind), Literal(system.example[name], kind)))})\n"
        for name, kind in system.inputs.items()
    )
    names = system.inputs.keys() | script.mentioned("", *system.constraint)
    return (
        script.state(names)
        + script.step(names)
        + fixed
        + f"(assert (not {script.term(conj(*system.constraint))}))\n(check-sat)\n"
    )


def read_invariant(system: TransitionSystem, text: str) -> Expression:
    """Read an invariant as :class:`Script` writes it; enumerations are whole numbers in it.

    Raises:
        MalformedScriptError: it is not one term over the system's state.
    """
    coded = {
        name: INTEGER if isinstance(item.type, Enumeration) else item.type
        for name, item in system.state.items()
    }
    return read_term(text, {f"s.{name}": kind for name, kind in coded.items()})


def readable(system: TransitionSystem, text: str) -> str:
    """Return an invariant in the language of specifications, without what the types say anyway."""
    term = read_invariant(system, text)
    parts = _parts(term)
    script = Script(system)
    known = {script.term(part) for item in system.state.values() for part in _parts(item.typing)}
    told = [_spoken(part, system) for part in parts if write(part) not in known]
    if len(told) == 1:
        return show(told[0])
    return "\nand ".join(_inside_conjunction(part) for part in told) or "true"


def _inside_conjunction(term: Expression) -> str:
    loose = isinstance(term, Apply) and term.op in (Op.OR, Op.IMPLIES)
    return f"({show(term)})" if loose else show(term)


def _parts(term: Expression) -> tuple[Expression, ...]:
    return term.args if isinstance(term, Apply) and term.op is Op.AND else (term,)


def _spoken(term: Expression, system: TransitionSystem) -> Expression:
    """Return a term with the names of the specification, and members for the codes they are equal to."""
    if isinstance(term, Reference):
        name = term.name.removeprefix("s.")
        return Reference(name, system.state[name].type)
    if not isinstance(term, Apply):
        return term
    args = tuple(_spoken(argument, system) for argument in term.args)
    left, right = args[0], args[-1]
    if isinstance(left, Reference) and isinstance(left.type, Enumeration) and isinstance(right, Literal):
        return _members(left, left.type, term.op, int(right.value))
    return Apply(term.op, args, term.type)


_CODE_HOLDS: dict[Op, Callable[[int, int], bool]] = {
    Op.EQ: operator.eq,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


def _members(here: Reference, kind: Enumeration, op: Op, code: int) -> Expression:
    """Return a comparison of an enumeration's code as equations with its members."""
    inside = [member for number, member in enumerate(kind.members) if _CODE_HOLDS[op](number, code)]
    outside = [member for member in kind.members if member not in inside]
    if len(inside) <= len(outside):
        return disj(*(equal(here, Literal(member, kind)) for member in inside))
    return conj(*(Apply(Op.NE, (here, Literal(member, kind)), BOOLEAN) for member in outside))


def run_script(
    system: TransitionSystem,
    first: Mapping[str, Value],
    inputs: Sequence[Mapping[str, Value]],
    goal: Expression,
    title: str,
) -> str:
    """Return the script that proves that a run with these inputs exists and ends in ``goal``.

    Next-state functions leave no freedom once the first state and the inputs are fixed, so the run is
    spelled out as definitions, and the script denies that it starts rightly, that each of its steps is
    possible, and that the goal holds at its end.
    """
    lines = [head(f"witness: this run exists and ends where it should. {title}")]
    plain = Script(system)
    script = _Layer(plain, 0)
    for name, item in system.state.items():
        lines.append(script.define(name, item.type, write(Literal(first[name], item.type))))
    claims = [script.term(conj(*system.initial))]
    for number, given in enumerate(inputs):
        for name, kind in system.inputs.items():
            lines.append(script.define(name, kind, write(Literal(given[name], kind))))
        lines += [
            script.define(name, BOOLEAN, script.term(system.definitions[name])) for name in plain.ordered
        ]
        claims.append(script.term(conj(*system.constraint)))
        following = _Layer(plain, number + 1)
        for name, item in system.state.items():
            lines.append(following.define(name, item.type, script.term(system.next[name])))
        script = following
    claims.append(script.term(goal))
    lines.append(f"(assert (not (and {' '.join(claims)})))\n(check-sat)\n")
    return "".join(lines)


def claim_script(
    variables: Mapping[str, Type], domain: tuple[Expression, ...], claim: Expression, title: str
) -> str:
    """Return the script that proves ``claim`` for all values of the variables in the domain."""

    def name(reference: str) -> str:
        return symbol(_INEXPRESSIBLE.sub("_", f"p.{reference}"))

    lines = [head(title)]
    for key, kind in variables.items():
        unit = f"  ; {kind.dimension}, in SI base units" if isinstance(kind, Real) else ""
        lines.append(f"(declare-const {name(key)} {sort(kind)}){unit}\n")
    lines += [f"(assert {write(term, name)})\n" for term in domain if term != TRUE]
    lines.append(f"(assert {write(negate(claim), name)})\n(check-sat)\n")
    return "".join(lines)
