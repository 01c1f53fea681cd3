"""Risk controls, what the software owes to them, and what shows that they are there and that they help."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from stimproof.hazards.ratings import Words
from stimproof.specs.fields import Cited, Identifier, Model

Identifiers = Annotated[tuple[Identifier, ...], Field(min_length=1)]
ObligationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$", max_length=200)]
ElementId = Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[A-Za-z0-9_.-]+$", max_length=200)]
ControlKind = Literal["inherent safety by design", "protective measure", "information for safety"]
PRIORITY: tuple[ControlKind, ...] = (
    "inherent safety by design",
    "protective measure",
    "information for safety",
)
"""The kinds of controls, the one to be preferred first."""


class External(Cited):
    """A test record or document that shows what no proof here covers; ``result`` is that of the test."""

    ref: Words
    result: Literal["passed", "failed", "unknown"] | None = None


class Shown(Model):
    """What shows something: obligations of the specification, test records, documents, evidence."""

    obligations: tuple[ObligationId, ...] = ()
    tests: tuple[External, ...] = ()
    documents: tuple[External, ...] = ()
    evidence: tuple[Identifier, ...] = ()

    @property
    def outside(self) -> tuple[External, ...]:
        """The tests and documents that it names."""
        return (*self.tests, *self.documents)

    @property
    def anything(self) -> bool:
        """Whether anything at all is named."""
        return bool(self.obligations or self.tests or self.documents or self.evidence)


class Control(Model):
    """A measure that stops causes, situations or harms.

    ``elements`` are the named elements of the specification that it consists of; without them it is not
    there, so that its effect can be tried by removing them, and ``explanation`` says why it is kept where
    that shows none. ``relies_on`` names controls without which it does not work. ``raises`` are situations
    that it brings about, ``raises_none`` says why there are none. Its requirements' obligations verify that
    it is implemented, as do those under ``implementation``; ``effectiveness`` shows that it helps.
    """

    control: Words
    kind: ControlKind
    stops: Identifiers
    requirements: tuple[Identifier, ...] = ()
    elements: tuple[ElementId, ...] = ()
    relies_on: tuple[Identifier, ...] = ()
    justification: str = ""
    implementation: Shown = Shown()
    effectiveness: Shown = Shown()
    raises: tuple[Identifier, ...] = ()
    raises_none: str = ""
    explanation: str = ""
    note: str = ""


class Requirement(Model):
    """What the software owes to a control, and what shows that it is met."""

    text: Words
    verified_by: tuple[ObligationId, ...] = ()
    tests: tuple[External, ...] = ()
    documents: tuple[External, ...] = ()
    note: str = ""

    @property
    def outside(self) -> tuple[External, ...]:
        """The tests and documents that it names."""
        return (*self.tests, *self.documents)

    @property
    def external(self) -> tuple[str, ...]:
        """What the tests and documents that it names are called."""
        return tuple(item.ref for item in self.outside)

    @property
    def shown(self) -> bool:
        """Whether anything at all is said to show that it is met."""
        return bool(self.verified_by or self.tests or self.documents)
