"""The shape of a risk file: frozen pydantic models, one for each term of the risk management process.

The terms are those of ISO 14971: a *hazard* and a sequence of events (its *causes*) lead to a *hazardous
situation*, which leads to a *harm*; *controls* stop one of these; a *requirement* says what the software
owes to a control; *obligations* of the specification, tests or documents show that a requirement is met.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

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


class Policy(Cited):
    """What the manufacturer decided about acceptable risk, in words.

    ``barriers`` is how many independent barriers a harm of each severity needs on every way to it.
    """

    text: str = ""
    barriers: dict[Identifier, Annotated[int, Field(ge=1, le=9)]] = Field(default_factory=dict)


class Head(Model):
    """Whose risk file it is, which edition it follows as configured, and the policy for acceptable risk.

    Severities stand least severe first, probabilities least probable first; ``acceptability`` has a row
    for each severity with a cell for each probability. ``combination`` gives, for each level of P1, the
    level of the harm's probability for each level of P2; a quantitative scale needs no such table.
    """

    device: Identifier
    edition: Words
    severities: Scale
    probabilities: Scale
    acceptability: dict[Identifier, tuple[Acceptability, ...]]
    combination: dict[Identifier, tuple[Identifier, ...]] | None = None
    policy: Policy = Policy()
    note: str = ""


class Cause(Model):
    """An event that, alone or in sequence with others, leads to a hazardous situation."""

    event: Words
    note: str = ""


class Hazard(Model):
    """A potential source of harm; ``catalogue`` is its entry in the hazard catalogue."""

    hazard: Words
    catalogue: Identifier | None = None
    note: str = ""


class Elsewhere(Model):
    """Who controls a situation that the specified software cannot control, and why it cannot."""

    control: Words
    why: Words


class SituationVariant(Model):
    """How a situation differs for one population of patients."""

    p1: Probability = Probability()
    exposure: str = ""
    note: str = ""


class Situation(Model):
    """A circumstance in which somebody is exposed to a hazard; ``p1`` is the probability that it occurs."""

    hazard: Identifier | Identifiers
    situation: Words
    causes: Identifiers
    exposure: str = ""
    p1: Probability = Probability()
    elsewhere: Elsewhere | None = None
    variants: dict[Identifier, SituationVariant] = Field(default_factory=dict)
    note: str = ""

    @property
    def hazards(self) -> tuple[str, ...]:
        """The ids of the hazards that it exposes somebody to."""
        return (self.hazard,) if isinstance(self.hazard, str) else self.hazard


class HarmVariant(Model):
    """How a harm differs for one population of patients; what is left out is as for everybody."""

    severity: Severity | None = None
    p2: Probability | None = None
    probability: Probability | None = None
    residual: Residual | None = None
    note: str = ""


class Harm(Model):
    """An injury that hazardous situations may lead to.

    ``p2`` is the probability that a situation leads to it, ``probability`` that of the harm itself before
    the controls, ``residual`` what remains when they work.
    """

    harm: Words
    situations: Identifiers
    severity: Severity
    p2: Probability = Probability()
    probability: Probability = Probability()
    residual: Residual = Residual()
    variants: dict[Identifier, HarmVariant] = Field(default_factory=dict)
    note: str = ""


class NotApplicable(Cited):
    """Why a hazard of the catalogue does not concern the device."""

    why: Words


class RiskFileDocument(Model):
    """A whole risk file."""

    stimproof: Literal[1]
    extends: Identifier | None = Field(
        default=None, description="The reference device whose risk file this one takes over and changes."
    )
    remove: tuple[str, ...] = Field(
        default=(), description="Entries of that risk file that this one does not have, such as hazards.mri."
    )
    risk_file: Head
    sources: dict[Identifier, Source] = Field(default_factory=dict)
    populations: dict[Identifier, Population] = Field(default_factory=dict)
    evidence: dict[Identifier, Evidence] = Field(default_factory=dict)
    causes: dict[Identifier, Cause] = Field(default_factory=dict)
    hazards: dict[Identifier, Hazard] = Field(default_factory=dict)
    situations: dict[Identifier, Situation] = Field(default_factory=dict)
    harms: dict[Identifier, Harm] = Field(default_factory=dict)
    controls: dict[Identifier, Control] = Field(default_factory=dict)
    requirements: dict[Identifier, Requirement] = Field(default_factory=dict)
    benefit_risk: dict[Identifier, BenefitRisk] = Field(default_factory=dict)
    overall_residual_risk: Overall | None = None
    post_production: dict[Identifier, PostProduction] = Field(default_factory=dict)
    documents: dict[Identifier, Written] = Field(default_factory=dict)
    clauses: dict[Identifier, Clause] = Field(default_factory=dict)
    not_applicable: dict[Identifier, NotApplicable] = Field(default_factory=dict)
    reviews: tuple[Review, ...] = ()
