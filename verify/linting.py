"""Lints that take a solver: guards that decide nothing, transitions never taken, limits that never bind.

A finding here says that something holds in every case, so it stands only where the second solver confirms
it; what neither solver decides within the budget is counted in one note. That something is possible is
never reported, and needs no confirmation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    BOOLEAN,
    TRUE,
    Expression,
    Reference,
    Type,
    conj,
    negate,
    references,
    show,
)
from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.lint.machines import shadows
from stimproof.verify import recheck, solver
from stimproof.verify.certificates import claim_script
from stimproof.verify.encoding import fire_name, in_mode
from stimproof.verify.limit_pairs import Pairs
from stimproof.verify.machine import SHALLOW, SHORT, MachineProver
from stimproof.verify.results import Obligation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stimproof.specs.specification import Machine, Specification, Transition

DEFAULT_BUDGET = 5_000_000
"""z3 resource units for each question (deterministic): a lint is no proof, and may give up early."""
_ANYWHERE = "given the types of what it reads alone"
_REACHABLE = "in every reachable state"


def deep_lints(
    specification: Specification,
    budget: int = DEFAULT_BUDGET,
    progress: Callable[[int, int, str], None] | None = None,
) -> tuple[Finding, ...]:
    """Return the findings about guards, transitions and limits that only a solver can make.

    ``progress`` is called with how many questions are done, how many there are, and the name of one.
    """
    guards, pairs = _Guards(specification, budget), Pairs(specification, budget)
    machines = specification.machines.values()
    taken = [(machine, item) for machine in machines for item in machine.transitions]
    total = len(taken) + len(pairs.candidates)
    tell = progress or (lambda done, total, what: None)
    found: list[Finding] = []
    for number, (machine, transition) in enumerate(taken):
        tell(number, total, transition.title)
        found += guards.findings(machine, transition)
    for number, (one, other) in enumerate(pairs.candidates):
        tell(len(taken) + number, total, one.name)
        found += pairs.findings(one, other)
    undecided = (*guards.undecided, *pairs.undecided)
    return (*found, *_left_open(specification, undecided))


def _left_open(specification: Specification, undecided: tuple[str, ...]) -> Iterator[Finding]:
    if undecided:
        place = specification.documents[0].at(()) if specification.documents else Location("specification")
        listed = ", ".join(undecided[:5]) + (f" and {len(undecided) - 5} more" if len(undecided) > 5 else "")
        yield Finding(
            Code.LINT_UNDECIDED,
            place,
            f"nothing was decided about {listed}",
            "a larger --budget may decide it; nothing depends on it",
        )


class _Guards:
    """Asks about the transitions of one specification; what stays open is kept in ``undecided``."""

    def __init__(self, specification: Specification, budget: int) -> None:
        self.specification, self.budget = specification, budget
        self.prover = MachineProver(specification, budget)
        self.undecided: list[str] = []
        self._reached: dict[tuple[str, tuple[str, ...]], bool | None] = {}

    def findings(self, machine: Machine, transition: Transition) -> Iterator[Finding]:
        """Yield what is wrong with one transition; of one that is never taken, the simplest reason."""
        guarded = transition.guard != TRUE
        if guarded and self._always(transition.guard, transition):
            yield self._decided(Code.GUARD_TRUE, transition, "always true", _ANYWHERE)
        elif guarded and self._always(negate(transition.guard), transition):
            yield self._decided(Code.GUARD_FALSE, transition, "always false", _ANYWHERE)
        elif self._is_reached(machine, transition) and shadows(machine, transition) is None:
            yield from self._reachable(machine, transition, guarded=guarded)

    def _reachable(self, machine: Machine, transition: Transition, *, guarded: bool) -> Iterator[Finding]:
        here = in_mode(machine, transition.sources)
        if guarded and self._never(conj(here, transition.guard), transition):
            yield self._decided(Code.GUARD_FALSE, transition, "always false", _REACHABLE)
        elif guarded and self._never(conj(here, negate(transition.guard)), transition):
            yield self._decided(Code.GUARD_TRUE, transition, "always true", _REACHABLE)
        elif _rivals(machine, transition) and self._never(_fires(transition), transition):
            others = " and ".join(other.title for other in _rivals(machine, transition))
            yield Finding(
                Code.SHADOWED,
                transition.location,
                f"{transition.title} is never taken, in no reachable state: "
                f"wherever it could be, what has priority goes first ({others})",
                "change the priorities or the guards, or remove it",
            )

    def _decided(self, code: Code, transition: Transition, which: str, where: str) -> Finding:
        return Finding(
            code,
            transition.location,
            f"the guard '{show(transition.guard)}' of {transition.title} is {which}, {where}",
            "remove the guard" if code is Code.GUARD_TRUE else "mend the guard, or remove the transition",
        )

    def _is_reached(self, machine: Machine, transition: Transition) -> bool:
        """Return whether some run gets to a mode that the transition leaves."""
        key = (machine.name, transition.sources)
        if key not in self._reached:
            self._reached[key] = self._never(in_mode(machine, transition.sources), transition)
        return self._reached[key] is False

    def _always(self, claim: Expression, transition: Transition) -> bool:
        """Return whether a claim holds for all values of the types of what it mentions."""
        system, names = self.prover.system, references(claim)
        kinds: dict[str, Type] = {name: system.state[name].type for name in system.state if name in names}
        kinds |= {name: kind for name, kind in system.inputs.items() if name in names}
        given = [system.state[name].typing for name in kinds if name in system.state]
        given += [part for part in system.constraint if references(part) <= kinds.keys()]
        try:
            if solver.find([*given, negate(claim)], kinds, self.budget) is not None:
                return False
        except solver.GaveUpError:
            self.undecided.append(transition.title)
            return False
        return recheck.run(claim_script(kinds, tuple(given), claim, transition.title)).confirmed

    def _never(self, goal: Expression, transition: Transition) -> bool | None:
        """Return whether no run leads to the goal; ``None``, noted as undecided, where nobody knows."""
        try:
            answer = self._answer(goal, transition)
        except (solver.GaveUpError, ZeroDivisionError):
            answer = None
        if answer is None:
            self.undecided.append(transition.title)
        return answer

    def _answer(self, goal: Expression, transition: Transition) -> bool | None:
        system = self.prover.system.sliced(goal)
        formulas = solver.Formulas(system, self.prover.formulas.translate)
        search = solver.Search(formulas, self.budget)
        first, step, problems = search.initial(), system.mentions_step(goal), list[str]()
        if first is None:
            return None
        asked = Obligation(
            f"lint.{transition.machine}.{transition.number}", "lint", "", transition.location, ""
        )
        for stop, suggest in ((SHORT, self.prover.induction), (SHALLOW, self.prover.spacer)):
            if self.prover.search(search, goal, stop, problems, step=step) is not None:
                return False
            if self.prover.prove(suggest, formulas, goal, first, asked, problems) is not None:
                return True
        return False if self.prover.spacer(formulas, goal) is None else None


def _rivals(machine: Machine, transition: Transition) -> list[Transition]:
    return [
        other
        for other in machine.transitions
        if other.event == transition.event
        and other.priority > transition.priority
        and set(other.sources) & set(transition.sources)
    ]


def _fires(transition: Transition) -> Expression:
    return Reference(fire_name(transition), BOOLEAN)
