"""The shape of a risk file: frozen pydantic models, one for each term of the risk management process.

The terms are those of ISO 14971: a *hazard* and a sequence of events (its *causes*) lead to a *hazardous
situation*, which leads to a *harm*; *controls* stop one of these; a *requirement* says what the software
owes to a control; *obligations* of the specification, tests or documents show that a requirement is met.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from stimproof.hazards.evidence import Evidence
from stimproof.hazards.judgements import (
    BenefitRisk,
    Clause,
    Overall,
    Population,
    PostProduction,
    Review,
    Written,
)
from stimproof.hazards.matrix import Acceptability
from stimproof.hazards.measures import Control, Identifiers, Requirement
from stimproof.hazards.ratings import Probability, Residual, Scale, Severity, Words
from stimproof.specs.document import Source
from stimproof.specs.fields import Cited, Identifier, Model

HEADS: dict[str, Any] = {
    "stimproof": 1,
    "risk_file": {
        "device": "device",
        "edition": "?",
        "severities": {"severe": "?"},
        "probabilities": {"probable": "?"},
        "acceptability": {"severe": ["unacceptable"]},
    },
}

FindingCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]*$", max_length=60)]


class Policy(Cited):
    """What the manufacturer decided about acceptable risk, in words.

    ``barriers`` is how many independent barriers a harm of each severity needs on every way to it.
    """

    text: str = Field("", description="What was decided about acceptable risk, in words.")
    barriers: dict[Identifier, Annotated[int, Field(ge=1, le=9)]] = Field(
        default_factory=dict,
        description="How many independent barriers a harm of each severity needs on every way to it.",
    )


class Head(Model):
    """Whose risk file it is, which edition it follows as configured, and the policy for acceptable risk.

    Severities stand least severe first, probabilities least probable first; ``acceptability`` has a row
    for each severity with a cell for each probability. ``combination`` gives, for each level of P1, the
    level of the harm's probability for each level of P2; a quantitative scale needs no such table.
    """

    device: Identifier = Field(description="The id of the specification that it is about.")
    edition: Words = Field(description="Which edition of the standard it follows, as configured.")
    severities: Scale = Field(description="The levels of severity, least severe first, with their meanings.")
    probabilities: Scale = Field(
        description="The levels of probability, least probable first, with their meanings."
    )
    acceptability: dict[Identifier, tuple[Acceptability, ...]] = Field(
        description="For each severity a cell for each probability."
    )
    combination: dict[Identifier, tuple[Identifier, ...]] | None = Field(
        None, description="For each level of P1 the level of the harm's probability for each level of P2."
    )
    policy: Policy = Field(Policy(), description="What was decided about acceptable risk.")
    open_findings: dict[FindingCode, Words] = Field(
        default_factory=dict,
        description="For codes of findings that stay open: why, and what would close them.",
    )
    note: str = Field("", description="What else a reader must know.")


class Cause(Model):
    """An event that, alone or in sequence with others, leads to a hazardous situation.

    ``faults`` are declared faults of the specification that bring it about.
    """

    event: Words = Field(description="What happens.")
    faults: tuple[Identifier, ...] = Field(
        (), description="Faults of the specification that bring it about; each is tried."
    )
    note: str = Field("", description="What else a reader must know.")


class Hazard(Model):
    """A potential source of harm; ``catalogue`` is its entry in the hazard catalogue."""

    hazard: Words = Field(description="The potential source of harm.")
    catalogue: Identifier | None = Field(None, description="Its entry in the hazard catalogue.")
    note: str = Field("", description="What else a reader must know.")


class Elsewhere(Model):
    """Who controls a situation that the specified software cannot control, and why it cannot."""

    control: Words = Field(description="What controls it.")
    why: Words = Field(description="Why the specified software cannot.")


class SituationVariant(Model):
    """How a situation differs for one population of patients."""

    p1: Probability = Field(Probability(), description="How probable it is that the situation occurs.")
    exposure: str = Field("", description="How somebody is exposed.")
    note: str = Field("", description="What else a reader must know.")


class Situation(Model):
    """A circumstance in which somebody is exposed to a hazard; ``p1`` is the probability that it occurs."""

    hazard: Identifier | Identifiers = Field(
        description="The hazard that somebody is exposed to, or a list of them."
    )
    situation: Words = Field(description="The circumstance.")
    causes: Identifiers = Field(description="What leads to it.")
    exposure: str = Field("", description="How somebody is exposed.")
    p1: Probability = Field(Probability(), description="How probable it is that the situation occurs.")
    elsewhere: Elsewhere | None = Field(
        None, description="Who controls it, where the specified software cannot."
    )
    variants: dict[Identifier, SituationVariant] = Field(
        default_factory=dict, description="How it differs for populations of patients."
    )
    explanation: str = Field("", description="Why nothing controls it yet, and what would.")
    note: str = Field("", description="What else a reader must know.")

    @property
    def hazards(self) -> tuple[str, ...]:
        """The ids of the hazards that it exposes somebody to."""
        return (self.hazard,) if isinstance(self.hazard, str) else self.hazard


class HarmVariant(Model):
    """How a harm differs for one population of patients; what is left out is as for everybody."""

    severity: Severity | None = Field(None, description="How bad it is.")
    p2: Probability | None = Field(None, description="How probable it is that a situation leads to it.")
    probability: Probability | None = Field(None, description="How probable it is before the controls.")
    residual: Residual | None = Field(None, description="What remains when the controls work.")
    note: str = Field("", description="What else a reader must know.")


class Harm(Model):
    """An injury that hazardous situations may lead to.

    ``p2`` is the probability that a situation leads to it, ``probability`` that of the harm itself before
    the controls, ``residual`` what remains when they work.
    """

    harm: Words = Field(description="The injury.")
    situations: Identifiers = Field(description="What may lead to it.")
    severity: Severity = Field(description="How bad it is.")
    p2: Probability = Field(Probability(), description="How probable it is that a situation leads to it.")
    probability: Probability = Field(Probability(), description="How probable it is before the controls.")
    residual: Residual = Field(Residual(), description="What remains when the controls work.")
    variants: dict[Identifier, HarmVariant] = Field(
        default_factory=dict, description="How it differs for populations of patients."
    )
    note: str = Field("", description="What else a reader must know.")


class NotApplicable(Cited):
    """Why a hazard of the catalogue does not concern the device."""

    why: Words = Field(description="Why the hazard does not concern the device.")


class RiskFileDocument(Model):
    """A whole risk file."""

    stimproof: Literal[1] = Field(description="The version of the language.")
    extends: Identifier | None = Field(
        default=None, description="The reference device whose risk file this one takes over and changes."
    )
    remove: tuple[str, ...] = Field(
        default=(), description="Entries of that risk file that this one does not have, such as hazards.mri."
    )
    risk_file: Head = Field(description="Whose risk file it is, and which policy it follows.")
    sources: dict[Identifier, Source] = Field(
        default_factory=dict, description="What numbers and claims are cited from."
    )
    populations: dict[Identifier, Population] = Field(
        default_factory=dict, description="Groups of patients for whom risks are estimated by themselves."
    )
    evidence: dict[Identifier, Evidence] = Field(
        default_factory=dict, description="Published numbers and observations."
    )
    causes: dict[Identifier, Cause] = Field(
        default_factory=dict, description="Events that lead to hazardous situations."
    )
    hazards: dict[Identifier, Hazard] = Field(default_factory=dict, description="Potential sources of harm.")
    situations: dict[Identifier, Situation] = Field(
        default_factory=dict, description="Circumstances in which somebody is exposed."
    )
    harms: dict[Identifier, Harm] = Field(
        default_factory=dict, description="Injuries that situations may lead to."
    )
    controls: dict[Identifier, Control] = Field(
        default_factory=dict, description="What stops causes, situations or harms."
    )
    requirements: dict[Identifier, Requirement] = Field(
        default_factory=dict, description="What the software owes to controls."
    )
    benefit_risk: dict[Identifier, BenefitRisk] = Field(
        default_factory=dict, description="Whether benefits outweigh what is not acceptable."
    )
    overall_residual_risk: Overall | None = Field(None, description="The judgement of all that remains.")
    post_production: dict[Identifier, PostProduction] = Field(
        default_factory=dict, description="What is collected after production."
    )
    documents: dict[Identifier, Written] = Field(
        default_factory=dict, description="Documents outside this file."
    )
    clauses: dict[Identifier, Clause] = Field(
        default_factory=dict, description="Demands of standards, and what answers them."
    )
    not_applicable: dict[Identifier, NotApplicable] = Field(
        default_factory=dict, description="Entries of the hazard catalogue that do not concern the device."
    )
    reviews: tuple[Review, ...] = Field((), description="Who reviewed what, and when.")
