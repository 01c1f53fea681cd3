"""What tracing says: the hazard trace matrix, the state of each control, and what is missing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from stimproof.specs.findings import Code, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stimproof.hazards.failing import FaultStatus
    from stimproof.specs.findings import Finding

SCHEMA = "stimproof.trace/1"
Outcome = Literal["passed", "failed", "inconclusive"]
# These say that an answer is missing, not that the device or the risk file has a defect.
INCONCLUSIVE = frozenset(
    {Code.ABLATION_UNKNOWN, Code.OBLIGATION_UNKNOWN, Code.RESIDUAL_UNKNOWN, Code.STALE_VERIFICATION}
)


class ControlState(Enum):
    """How far a control is shown to work, best first."""

    VERIFIED = "verified"
    PARTLY = "verified in part"
    EXTERNAL = "not provable here"
    NOT_VERIFIED = "not verified"
    REFUTED = "refuted"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return [*ControlState].index(self)


@dataclass(frozen=True, slots=True)
class ControlStatus:
    """The state of one control: why, on which obligations (id, verdict) and outside evidence it rests.

    ``unverified`` names the recalled or uncertain numbers that its proofs use, ``assumptions`` all else
    that they lean on. ``effect`` is what removing its elements shows, ``as named`` where
    only what the author names shows that it helps, or ``not shown``.
    """

    control: str
    text: str
    kind: str
    state: ControlState
    reasons: tuple[str, ...]
    obligations: tuple[tuple[str, str], ...]
    external: tuple[str, ...]
    unverified: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    effect: str = "not shown"

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            **asdict(self),
            "state": self.state.value,
            "reasons": list(self.reasons),
            "obligations": dict(self.obligations),
            "external": list(self.external),
            "unverified": list(self.unverified),
            "assumptions": list(self.assumptions),
        }


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One line of the hazard trace matrix; what is missing is empty text.

    ``p1``, ``p2``, ``probability`` and ``residual_probability`` are levels or ``unknown``; ``risk`` and
    ``residual_risk`` what the policy says of them. ``estimates`` are ids of published evidence,
    ``evidence`` the certificates and runs behind the verdict, or the test or document named instead.
    """

    hazard: str
    hazard_text: str
    catalogue: str
    situation: str = ""
    situation_text: str = ""
    causes: tuple[str, ...] = ()
    elsewhere: str = ""
    p1: str = ""
    estimates: tuple[str, ...] = ()
    harm: str = ""
    harm_text: str = ""
    severity: str = ""
    severity_confidence: str = ""
    p2: str = ""
    probability: str = ""
    risk: str = ""
    residual_probability: str = ""
    residual_risk: str = ""
    control: str = ""
    control_text: str = ""
    control_kind: str = ""
    control_state: str = ""
    requirement: str = ""
    requirement_text: str = ""
    obligation: str = ""
    statement: str = ""
    verdict: str = ""
    evidence: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        lists = {name: list(getattr(self, name)) for name in ("causes", "estimates", "evidence")}
        return {**asdict(self), **lists}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of a hazard of the catalogue; ``by`` is the hazard in the file, or why none is needed."""

    hazard: str
    title: str
    disposition: Literal["addressed", "not applicable", "uncovered"]
    by: str

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TraceReport:
    """The trace of one risk file; ``verified`` tells whether a verification was at hand."""

    device: str
    edition: str
    spec_sha256: str
    verified: bool
    rows: tuple[TraceRow, ...]
    controls: tuple[ControlStatus, ...]
    coverage: tuple[Coverage, ...]
    findings: tuple[Finding, ...]
    counts: tuple[tuple[str, int], ...]
    faults: tuple[FaultStatus, ...] = ()
    explained: Mapping[Finding, str] = field(default_factory=dict)

    @property
    def unexplained(self) -> tuple[Finding, ...]:
        """The findings of which the risk file does not say why they stay open."""
        return tuple(finding for finding in self.findings if finding not in self.explained)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings with which no gate passes."""
        return tuple(finding for finding in self.findings if finding.weight is Severity.ERROR)

    @property
    def outcome(self) -> Outcome:
        """``failed`` for a defect or a gap, ``inconclusive`` if only answers are missing, else ``passed``."""
        if any(finding.code not in INCONCLUSIVE for finding in self.blocking):
            return "failed"
        return "inconclusive" if self.blocking else "passed"

    def as_json(self) -> dict[str, Any]:
        """Return plain data, the same for every run on the same input."""
        return {
            "schema": SCHEMA,
            "device": self.device,
            "edition": self.edition,
            "spec_sha256": self.spec_sha256,
            "verified": self.verified,
            "outcome": self.outcome,
            "counts": dict(self.counts),
            "coverage": [item.as_json() for item in self.coverage],
            "controls": [item.as_json() for item in self.controls],
            "rows": [item.as_json() for item in self.rows],
            "faults": [item.as_json() for item in self.faults],
            "unexplained": len(self.unexplained),
            "findings": [
                {**finding.as_json(), "explained": self.explained.get(finding, "")}
                for finding in self.findings
            ],
        }
