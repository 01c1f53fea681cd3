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
Means = Literal["software", "hardware", "labelling", "training", "procedure"]
"""By what a control is realised; only what software does can be tried in the model."""
PRIORITY: tuple[ControlKind, ...] = (
    "inherent safety by design",
    "protective measure",
    "information for safety",
)
"""The kinds of controls, the one to be preferred first."""


class External(Cited):
    """A test record or document that shows what no proof here covers; ``result`` is that of the test."""

    ref: Words = Field(description="What it is called.")
    result: Literal["passed", "failed", "unknown"] | None = Field(None, description="How the test ended.")


class Shown(Model):
    """What shows something: obligations of the specification, test records, documents, evidence."""

    obligations: tuple[ObligationId, ...] = Field(
        (), description="Obligations of the specification that show it."
    )
    tests: tuple[External, ...] = Field((), description="Test records that show it, each with a citation.")
    documents: tuple[External, ...] = Field((), description="Documents that show it, each with a citation.")
    evidence: tuple[Identifier, ...] = Field((), description="Entries of 'evidence' on which it rests.")

    @property
    def outside(self) -> tuple[External, ...]:
        """The tests and documents that it names."""
        return (*self.tests, *self.documents)

    @property
    def beside_proofs(self) -> bool:
        """Whether anything other than obligations is named."""
        return bool(self.outside or self.evidence)

    @property
    def anything(self) -> bool:
        """Whether anything at all is named."""
        return bool(self.obligations or self.beside_proofs)


class Control(Model):
    """A measure that stops causes, situations or harms.

    ``elements`` are the named elements of the specification that it consists of; without them it is not
    there, so that its effect can be tried by removing them. ``elements_none`` says why no element of the
    specification implements it; then it is tried as it stands. ``explanation`` says why it is kept where
    the trial shows no effect. ``relies_on`` names controls without which it does not work. ``raises`` are
    situations that it brings about, ``raises_none`` says why there are none. Its requirements' obligations
    verify that it is implemented, as do those under ``implementation``; ``effectiveness`` shows that it
    helps.
    """

    control: Words = Field(description="The measure.")
    kind: ControlKind = Field(description="Which kind; the first is to be preferred.")
    means: Means = Field("software", description="By what it is realised.")
    stops: Identifiers = Field(description="Which causes, situations or harms it stops.")
    requirements: tuple[Identifier, ...] = Field((), description="What the software owes to it.")
    elements: tuple[ElementId, ...] = Field(
        (), description="The elements of the specification that it consists of."
    )
    elements_none: str = Field("", description="Why no element of the specification implements it.")
    relies_on: tuple[Identifier, ...] = Field((), description="Controls without which it does not work.")
    justification: str = Field("", description="Why no control of a stronger kind is possible.")
    implementation: Shown = Field(Shown(), description="What else shows that it is there.")
    effectiveness: Shown = Field(Shown(), description="What shows that it helps.")
    raises: tuple[Identifier, ...] = Field((), description="Situations that it brings about.")
    raises_none: str = Field("", description="Why it brings about none.")
    explanation: str = Field("", description="Why it is kept where the trial shows no effect.")
    note: str = Field("", description="What else a reader must know.")


class Requirement(Model):
    """What the software owes to a control, and what shows that it is met."""

    text: Words = Field(description="What is required.")
    verified_by: tuple[ObligationId, ...] = Field(
        (), description="Obligations of the specification that show that it is met."
    )
    tests: tuple[External, ...] = Field((), description="Test records that show it, each with a citation.")
    documents: tuple[External, ...] = Field((), description="Documents that show it, each with a citation.")
    note: str = Field("", description="What else a reader must know.")

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
