"""The judgement: every obligation, every gap in the hazard trace and every number, weighed once.

All reports (JUnit, SARIF, Markdown, the last line on the terminal) render the same items, so they cannot
disagree. Whatever is not positively shown to be good is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from stimproof.hazards.report import INCONCLUSIVE
from stimproof.specs.errors import InternalError
from stimproof.specs.findings import Severity
from stimproof.status import Status
from stimproof.verify.results import Trace, Verdict

if TYPE_CHECKING:
    from stimproof.hazards.report import TraceReport
    from stimproof.specs.findings import Location
    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Result, Verification


class Outcome(Enum):
    """What an item does to the gate: only the first two refuse it."""

    REFUSED = "refused"
    INCONCLUSIVE = "inconclusive"
    NOTED = "noted"
    SKIPPED = "skipped"
    PASSED = "passed"


class Subject(Enum):
    """What an item is about."""

    OBLIGATION = "obligations"
    HAZARD = "hazards"
    NUMBER = "numbers"
    INPUT = "input"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the gate weighed, with where it was written."""

    id: str
    subject: Subject
    rule: str
    outcome: Outcome
    claim: str
    message: str
    location: Location
    seconds: float = 0.0
    result: Result | None = None
    weight: Severity | None = None


@dataclass(frozen=True)
class Judgement:
    """All items of one project; ``status`` is the exit status of the gate."""

    verification: Verification
    trace: TraceReport
    items: tuple[Item, ...]

    def of(self, outcome: Outcome) -> tuple[Item, ...]:
        """Return the items with this outcome."""
        return tuple(item for item in self.items if item.outcome is outcome)

    @property
    def status(self) -> Status:
        """Refused before inconclusive; nothing proved at all is inconclusive."""
        if self.of(Outcome.REFUSED) or self.trace.outcome == "failed":
            return Status.SAFETY_FINDING
        complete = self.trace.outcome == "passed" and self.trace.verified
        if self.of(Outcome.INCONCLUSIVE) or not complete or not self.verification.count(Verdict.PROVED):
            return Status.INCONCLUSIVE
        return Status.PASSED

    @property
    def line(self) -> str:
        """The verdict on one line."""
        device = self.verification.specification.device.id
        proved = self.verification.count(Verdict.PROVED)
        refused, open_ = len(self.of(Outcome.REFUSED)), len(self.of(Outcome.INCONCLUSIVE))
        counts = f"{proved} proved, {refused} refused, {open_} inconclusive"
        word = {Status.PASSED: "PASSED", Status.SAFETY_FINDING: "REFUSED"}.get(self.status, "INCONCLUSIVE")
        return f"gate: {word}: {device}: {counts} (exit status {int(self.status)})"


_OUTCOMES = {
    Verdict.PROVED: Outcome.PASSED,
    Verdict.REFUTED: Outcome.REFUSED,
    Verdict.UNKNOWN: Outcome.INCONCLUSIVE,
    Verdict.ERROR: Outcome.INCONCLUSIVE,
    Verdict.NOT_APPLICABLE: Outcome.SKIPPED,
}


def obligations(verification: Verification) -> Iterator[Item]:
    """Yield one item for each obligation; an unconfirmed proof, or one about nothing, is inconclusive."""
    for result in verification.results:
        outcome, message = _OUTCOMES.get(result.verdict, Outcome.INCONCLUSIVE), _message(result)
        if result.verdict is Verdict.PROVED and not _confirmed(result):
            outcome, message = Outcome.INCONCLUSIVE, "proved, but no second solver confirmed the certificate"
        elif result.verdict is Verdict.PROVED and result.vacuous:
            outcome, message = Outcome.INCONCLUSIVE, f"proved, but {result.vacuous}"
        yield Item(
            result.obligation.id,
            Subject.OBLIGATION,
            result.obligation.kind,
            outcome,
            result.obligation.statement,
            message,
            result.obligation.location,
            result.seconds,
            result,
        )


def _confirmed(result: Result) -> bool:
    by_solver = result.certificate is not None and bool(result.certificate.rechecked_by)
    return by_solver or (result.witness is not None and result.witness.replayed)


def _message(result: Result) -> str:
    shown = result.counterexample
    if result.verdict is not Verdict.REFUTED or shown is None:
        return result.reason
    if shown.explanation:
        return shown.explanation
    return f"a run of {shown.length} steps shows it" if isinstance(shown, Trace) else result.reason


def unverified_numbers(specification: Specification) -> Iterator[Item]:
    """Yield an inconclusive item for each number that nobody has verified or cited."""
    for name, text, citation, location in specification.numbers:
        if citation.confidence in ("recalled", "uncertain", "unknown"):
            value = "is unknown" if citation.confidence == "unknown" else f"= {text} is {citation.confidence}"
            yield Item(
                name,
                Subject.NUMBER,
                "unverified-number",
                Outcome.INCONCLUSIVE,
                "every number is verified at its source",
                f"{name} {value}",
                location,
            )


def remarks(verification: Verification) -> Iterator[Item]:
    """Yield what was remarked about the specification and about which laws apply to it."""
    for finding in (*verification.specification.findings, *verification.findings):
        yield Item(
            finding.location.path or str(finding.location),
            Subject.INPUT,
            finding.code.slug,
            Outcome.REFUSED if finding.weight is Severity.ERROR else Outcome.NOTED,
            finding.code.meaning,
            finding.message,
            finding.location,
            weight=finding.weight,
        )


def hazards(report: TraceReport) -> Iterator[Item]:
    """Yield one item for each gap in the trace; what no gate passes with is refused or inconclusive."""
    for finding in report.findings:
        blocking = finding.weight is Severity.ERROR
        refused = Outcome.INCONCLUSIVE if finding.code in INCONCLUSIVE else Outcome.REFUSED
        yield Item(
            f"{finding.code.slug}: {finding.location.path}".removesuffix(": "),
            Subject.HAZARD,
            finding.code.slug,
            refused if blocking else Outcome.NOTED,
            finding.code.meaning,
            finding.message,
            finding.location,
            weight=finding.weight,
        )


def judge(verification: Verification, report: TraceReport, *, refuse_unverified: bool = False) -> Judgement:
    """Weigh everything that is known about a project.

    With ``refuse_unverified`` every recalled, uncertain or unknown number leaves the gate inconclusive.
    """
    specification = verification.specification
    if specification.changed:
        raise InternalError("a specification changed on the command line is never judged")
    numbers = tuple(unverified_numbers(specification)) if refuse_unverified else ()
    refused = {item.location for item in numbers}
    remarked = (item for item in remarks(verification) if item.location not in refused)
    return Judgement(
        verification, report, (*obligations(verification), *hazards(report), *numbers, *remarked)
    )
