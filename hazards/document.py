"""The shape of a risk file: frozen pydantic models, one for each term of the risk management process.

The terms are those of ISO 14971: a *hazard* and a sequence of events (its *causes*) lead to a *hazardous
situation*, which leads to a *harm*; *controls* stop one of these; a *requirement* says what the software
owes to a control; *obligations* of the specification, tests or documents show that a requirement is met.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from stimproof.hazards.matrix import Acceptability
from stimproof.specs.document import Source
from stimproof.specs.fields import Cited, Identifier, Model

UNKNOWN = "unknown"
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Identifiers = Annotated[tuple[Identifier, ...], Field(min_length=1)]
ObligationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]*$", max_length=200)]
ControlKind = Literal["inherent safety by design", "protective measure", "information for safety"]
Estimated = Literal["seen", "derived", "recalled", "uncertain", "judgement"]

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


class Head(Model):
    """Whose risk file it is, which edition it follows as configured, and the policy for acceptable risk.

    Severities stand least severe first, probabilities least probable first; ``acceptability`` has a row
    for each severity with a cell for each probability.
    """

    device: Identifier
    edition: Words
    severities: Annotated[dict[Identifier, Words], Field(min_length=1)]
    probabilities: Annotated[dict[Identifier, Words], Field(min_length=1)]
    acceptability: dict[Identifier, tuple[Acceptability, ...]]
    note: str = ""


class Evidence(Cited):
    """A published number or observation for an estimate to cite; alone it says nothing about this device."""

    text: Words
    caution: str = ""

    @model_validator(mode="after")
    def _cites(self) -> Evidence:
        if not self.sources or self.confidence is None:
            _missing("this evidence", "cite a declared source with a confidence")
        return self


class Rating(Model):
    """A level of a scale, and on what it rests: evidence, a source, or judgement."""

    level: Identifier
    confidence: Estimated | None = None
    source: Identifier | tuple[Identifier, ...] | None = None
    evidence: tuple[Identifier, ...] = ()
    note: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The cited source ids."""
        return (self.source,) if isinstance(self.source, str) else self.source or ()

    @property
    def known(self) -> str | None:
        """The level, or ``None`` where nobody has estimated it."""
        return None if self.level == UNKNOWN else self.level


class Severity(Rating):
    """How bad a harm is; ``judgement`` is the weakest ground and needs no source."""

    @model_validator(mode="after")
    def _cites(self) -> Severity:
        if self.confidence is None or (
            self.confidence != "judgement" and not (self.sources or self.evidence)
        ):
            _missing("this severity", "cite a source with a confidence, or write 'confidence: judgement'")
        return self


class Probability(Rating):
    """How probable something is; ``unknown`` unless somebody has estimated it and says on what ground."""

    level: Identifier = UNKNOWN

    @model_validator(mode="after")
    def _cites(self) -> Probability:
        if self.level == UNKNOWN:
            return self
        ground = self.note if self.confidence == "judgement" else self.sources or self.evidence
        if self.confidence is None or not ground:
            _missing(
                "this probability",
                "cite evidence or a source with a confidence; a judgement needs a note; or write 'unknown'",
            )
        return self


class Residual(Probability):
    """What remains of a risk when its controls work; ``severity`` only where the controls change it."""

    severity: Identifier | None = None
    benefit_risk: str = ""


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


class Situation(Model):
    """A circumstance in which somebody is exposed to a hazard; ``p1`` is the probability that it occurs."""

    hazard: Identifier | Identifiers
    situation: Words
    causes: Identifiers
    exposure: str = ""
    p1: Probability = Probability()
    elsewhere: Elsewhere | None = None
    note: str = ""

    @property
    def hazards(self) -> tuple[str, ...]:
        """The ids of the hazards that it exposes somebody to."""
        return (self.hazard,) if isinstance(self.hazard, str) else self.hazard


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
    note: str = ""


class Control(Model):
    """A measure that stops causes, situations or harms; ``raises`` are situations that it brings about."""

    control: Words
    kind: ControlKind
    stops: Identifiers
    requirements: tuple[Identifier, ...] = ()
    justification: str = ""
    raises: tuple[Identifier, ...] = ()
    note: str = ""


class External(Cited):
    """A test record or document that shows what no proof here covers."""

    ref: Words


class Requirement(Model):
    """What the software owes to a control, and what shows that it is met."""

    text: Words
    verified_by: tuple[ObligationId, ...] = ()
    tests: tuple[External, ...] = ()
    documents: tuple[External, ...] = ()
    note: str = ""

    @property
    def external(self) -> tuple[str, ...]:
        """The tests and documents that it names."""
        return tuple(item.ref for item in (*self.tests, *self.documents))

    @property
    def shown(self) -> bool:
        """Whether anything at all is said to show that it is met."""
        return bool(self.verified_by or self.tests or self.documents)


class NotApplicable(Cited):
    """Why a hazard of the catalogue does not concern the device."""

    why: Words


class RiskFileDocument(Model):
    """A whole risk file."""

    stimproof: Literal[1]
    risk_file: Head
    sources: dict[Identifier, Source] = Field(default_factory=dict)
    evidence: dict[Identifier, Evidence] = Field(default_factory=dict)
    causes: dict[Identifier, Cause] = Field(default_factory=dict)
    hazards: dict[Identifier, Hazard] = Field(default_factory=dict)
    situations: dict[Identifier, Situation] = Field(default_factory=dict)
    harms: dict[Identifier, Harm] = Field(default_factory=dict)
    controls: dict[Identifier, Control] = Field(default_factory=dict)
    requirements: dict[Identifier, Requirement] = Field(default_factory=dict)
    not_applicable: dict[Identifier, NotApplicable] = Field(default_factory=dict)


def _missing(what: str, advice: str) -> None:
    raise PydanticCustomError("missing_source", "{what} has no ground", {"what": what, "advice": advice})
