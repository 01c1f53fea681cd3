"""Questions about all patients: does one exist, which few attributes decide it, how many are there.

A patient is a value for each attribute, so there are finitely many. The solver answers; *nobody* is
believed only when a second solver has read the question as a script and answered the same, *somebody* only
when the exact evaluator agrees on that patient. Counts and smallest witnesses come from decision diagrams,
which must agree with the solver about whether there is anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.specs.errors import InternalError
from stimproof.specs.expressions import Expression, Value, conj, negate
from stimproof.verify import recheck, solver
from stimproof.verify.certificates import claim_script
from stimproof.verify.diagrams import Cube, Diagrams
from stimproof.verify.interpreter import evaluate

if TYPE_CHECKING:
    from stimproof.specs.expressions import Type
    from stimproof.specs.indications.rulebook import Attribute

DEFAULT_BUDGET = 20_000_000
"""z3 resource units for each question (deterministic, not seconds)."""

Patient = Mapping[str, Value]


class UndecidedError(Exception):
    """A question that the solvers could not settle together; says why."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A patient of whom something is true, and the fewest attributes that make it so.

    Whoever shares the values of ``decisive`` is a witness, too; no smaller set of attributes has that
    property for any patient. ``script`` proves the first half.
    """

    patient: Patient
    decisive: tuple[str, ...]
    script: str


@dataclass(frozen=True, slots=True)
class Nobody:
    """Nobody is as was asked; ``script`` proves it."""

    script: str


class Population:
    """All patients: the attributes with their values, and what is true of every patient."""

    def __init__(
        self, attributes: Mapping[str, Attribute], possible: Expression, budget: int = DEFAULT_BUDGET
    ) -> None:
        self.attributes, self.possible, self.budget = attributes, possible, budget
        self.types: dict[str, Type] = {name: item.type for name, item in attributes.items()}
        self.diagrams = Diagrams({name: item.values for name, item in attributes.items()})
        self.all = self.diagrams(possible)

    def somebody(
        self, claim: Expression, title: str, preferred: Iterable[Expression] = ()
    ) -> Witness | Nobody:
        """Return a patient of whom ``claim`` is true, with the fewest decisive attributes, or nobody.

        What is not decisive is chosen so that as many of the ``preferred`` conditions hold as can, in their
        order. The patient does not depend on what a solver happens to find first.

        Raises:
            UndecidedError: a solver gave up, or two ways to the answer do not agree.
        """
        diagram = self.diagrams(claim)
        cube = self.diagrams.fewest(diagram, self.all)
        patient = self._patient(self.diagrams.both(diagram, self.all), cube or (), preferred)
        if (self._find(claim) is None) != (cube is None or patient is None):
            raise UndecidedError("z3 and the decision diagram do not agree")
        if cube is None or patient is None:
            return Nobody(self._proved((self.possible,), negate(claim), title))
        if not evaluate(conj(self.possible, claim), patient):
            raise InternalError(f"the patient found is none: {title}")
        shared = [self.attributes[name].holds(value) for name, value in cube]
        script = self._proved((self.possible, *shared), claim, title)
        return Witness(patient, tuple(name for name, _ in cube), script)

    def _patient(self, node: int, cube: Cube, preferred: Iterable[Expression]) -> Patient | None:
        node = self.diagrams.within(node, cube)
        for wish in preferred:
            node = self.diagrams.both(node, self.diagrams(wish)) or node
        return self.diagrams.first(node)

    def _find(self, claim: Expression) -> Patient | None:
        try:
            return solver.find((self.possible, claim), self.types, self.budget)
        except solver.GaveUpError as reason:
            raise UndecidedError(f"z3 gave up: {reason}") from None

    def _proved(self, domain: tuple[Expression, ...], claim: Expression, title: str) -> str:
        """Return the script that proves a claim for everybody in the domain, once cvc5 has confirmed it."""
        script = claim_script(self.types, domain, claim, title)
        again = recheck.run(script)
        if not again.confirmed:
            raise UndecidedError(f"cvc5 does not confirm it: {again.text}")
        return script

    def count(self, claim: Expression) -> int:
        """Return exactly how many patients the claim is true of, without a solver."""
        return self.diagrams.count(self.diagrams.both(self.diagrams(claim), self.all))

    @property
    def size(self) -> int:
        """How many patients there are."""
        return self.diagrams.count(self.all)
