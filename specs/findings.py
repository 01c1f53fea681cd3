"""Findings: what a person must read, with where it stands and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(Enum):
    """How much a finding weighs; ``ERROR`` makes an input unusable."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(Enum):
    """The closed list of findings about input files: code, default severity, meaning."""

    YAML = ("yaml", Severity.ERROR, "the text is not YAML 1.2")
    ENCODING = ("encoding", Severity.ERROR, "the bytes are not UTF-8 text")
    DUPLICATE_KEY = ("duplicate-key", Severity.ERROR, "a mapping has the same key twice")
    TOO_LARGE = ("too-large", Severity.ERROR, "the file, its nesting or its aliases exceed what is read")
    UNREAD_FILE = ("unread-file", Severity.ERROR, "a file that looks like part of the input and is not read")
    UNKNOWN_KEY = ("unknown-key", Severity.ERROR, "a key that the language does not have")
    MISSING_KEY = ("missing-key", Severity.ERROR, "a key that must be there is not")
    WRONG_VALUE = ("wrong-value", Severity.ERROR, "a value of the wrong form")
    WRONG_UNIT = ("wrong-unit", Severity.ERROR, "a unit of another dimension, or no unit at all")
    EMPTY_RANGE = ("empty-range", Severity.ERROR, "a range whose lower end lies above its upper end")
    GRID = ("grid", Severity.ERROR, "steps that do not fit their range, or a default outside it")
    MISSING_SOURCE = ("missing-source", Severity.ERROR, "a number that limits the device cites nothing")
    UNKNOWN_SOURCE = ("unknown-source", Severity.ERROR, "a citation of a source that is not declared")
    UNKNOWN_NAME = ("unknown-name", Severity.ERROR, "a name that nothing declares")
    UNDECLARED_EVENT = (
        "undeclared-event",
        Severity.ERROR,
        "a transition waits for an event that nothing declares",
    )
    DUPLICATE_NAME = ("duplicate-name", Severity.ERROR, "one name for two things")
    SYNTAX = ("syntax", Severity.ERROR, "an expression or a sentence that cannot be parsed")
    TYPE = ("type", Severity.ERROR, "an expression whose parts do not fit together")
    UNSUPPORTED = ("unsupported", Severity.ERROR, "a sentence whose meaning this version does not define")
    FROM_THEN_ON = (
        "from-then-on",
        Severity.NOTE,
        "a 'whenever' requirement that reaches from each such state to the end of its scope",
    )
    NOT_CARRIED = (
        "not-carried-over",
        Severity.WARNING,
        "a part of a FRET export for which the specification has no place, or something to complete",
    )
    INCLUDE = ("include", Severity.ERROR, "a file that cannot be included")
    EXTENDS = (
        "extends",
        Severity.ERROR,
        "a reference device that cannot be extended, or a removal of what it does not have",
    )
    NO_CHANGE = ("no-change", Severity.WARNING, "an override that says what the extended device says already")
    NOT_ANALYSED = (
        "fault-not-analysed",
        Severity.WARNING,
        "a declared fault, which no proof about the device without it considers",
    )
    FAULT_BREAKS = (
        "fault-breaks",
        Severity.WARNING,
        "claims that break while a declared fault is present; an error where no control is left against it",
    )
    FAULT_UNKNOWN = (
        "fault-unknown",
        Severity.WARNING,
        "claims about which there is no answer while a declared fault is present",
    )
    UNUSED = ("unused", Severity.WARNING, "something was declared and nothing uses it")
    SOURCE_NOT_CITED = ("source-never-cited", Severity.WARNING, "a source that nothing cites")
    EVENT_NOT_HANDLED = ("event-never-handled", Severity.WARNING, "an event for which no transition waits")
    MODE_NEVER_LEFT = (
        "mode-never-left",
        Severity.WARNING,
        "a mode that no transition leaves, and that is not marked as terminal",
    )
    MODE_NEVER_ENTERED = ("mode-never-entered", Severity.WARNING, "a mode to which no way leads")
    SHADOWED = (
        "transition-shadowed",
        Severity.WARNING,
        "a transition that is never taken, since others of higher priority always go first",
    )
    GUARD_TRUE = ("guard-always-true", Severity.WARNING, "a guard that excludes nothing")
    GUARD_FALSE = ("guard-always-false", Severity.WARNING, "a guard that never holds")
    LINT_UNDECIDED = (
        "lint-undecided",
        Severity.NOTE,
        "a question about a guard or a limit that no solver answered within its budget",
    )
    LIMIT_NEVER_BINDS = (
        "limit-never-binds",
        Severity.WARNING,
        "a limit that holds wherever another one does",
    )
    RANGE_WIDER = (
        "range-wider",
        Severity.WARNING,
        "a range with values that what bounds it, or what stores it, excludes",
    )
    STATIC_PROPERTY = (
        "nothing-changes",
        Severity.WARNING,
        "a property that mentions nothing that ever changes",
    )
    DELIVERED_INTERLOCK = (
        "interlock-over-delivered",
        Severity.WARNING,
        "an interlock about delivered values, while firmware knows only programmed ones",
    )
    PERCENT = ("plain-number", Severity.WARNING, "a plain number beside something declared in per cent")
    CLOCK_EQUALITY = (
        "clock-equality",
        Severity.WARNING,
        "a clock compared for equality, which one instant decides",
    )
    UNIT_SLIP = (
        "unit-slip",
        Severity.WARNING,
        "a number out of all reach of what it is compared with, and a factor of a thousand would mend it",
    )
    UNVERIFIED = ("unverified-number", Severity.NOTE, "a number that is recalled or uncertain")
    UNKNOWN_NUMBER = ("unknown-number", Severity.WARNING, "a number that nobody has cited")
    OFF_GRID = ("off-grid-default", Severity.WARNING, "a default that the device's own grid cannot express")
    NO_TISSUE_LAW = ("no-tissue-law", Severity.WARNING, "no law about tissue damage applies to the device")
    NO_ELECTRODE_LAW = (
        "no-electrode-law",
        Severity.WARNING,
        "no law about electrode integrity applies to the device",
    )
    NO_RISK_FILE = ("no-risk-file", Severity.ERROR, "the project has no risk file")
    RISK_MATRIX = (
        "risk-matrix",
        Severity.ERROR,
        "an acceptability matrix with a missing cell, or milder where the risk is greater",
    )
    UNKNOWN_OBLIGATION = (
        "unknown-obligation",
        Severity.ERROR,
        "a requirement rests on an obligation that the specification does not give rise to",
    )
    STALE_VERIFICATION = (
        "stale-verification",
        Severity.ERROR,
        "the verification is about another text of the specification than the risk file was read with",
    )
    UNCOVERED_HAZARD = (
        "uncovered-hazard",
        Severity.ERROR,
        "a hazard of the catalogue that is neither addressed nor justified as not applicable",
    )
    UNTRACED_HAZARD = ("untraced-hazard", Severity.ERROR, "a hazard that leads to no hazardous situation")
    UNTRACED_SITUATION = ("untraced-situation", Severity.ERROR, "a hazardous situation that leads to no harm")
    UNCONTROLLED = (
        "uncontrolled-situation",
        Severity.ERROR,
        "a way from a cause through a hazardous situation to a harm that no control stops",
    )
    NO_JUSTIFICATION = (
        "no-justification",
        Severity.ERROR,
        "a control weaker than inherent safety by design that does not say why",
    )
    CONTROL_NOT_VERIFIED = (
        "control-not-verified",
        Severity.ERROR,
        "a control that no proof, test or document shows to work",
    )
    OBLIGATION_REFUTED = (
        "obligation-refuted",
        Severity.ERROR,
        "a control rests on an obligation that is refuted",
    )
    OBLIGATION_UNKNOWN = (
        "obligation-unknown",
        Severity.ERROR,
        "a control rests on an obligation that has no answer yet",
    )
    RESIDUAL_RISK = (
        "residual-risk",
        Severity.ERROR,
        "a residual risk that is not acceptable and that no benefit outweighs",
    )
    RESIDUAL_UNKNOWN = ("residual-risk-unknown", Severity.ERROR, "a residual risk that nobody has estimated")
    OBLIGATION_UNCITED = (
        "obligation-uncited",
        Severity.WARNING,
        "an obligation that no requirement of the risk file cites",
    )
    ORPHAN_REQUIREMENT = (
        "orphan-requirement",
        Severity.WARNING,
        "a requirement that belongs to no control",
    )
    UNVERIFIED_PROOF = (
        "unverified-proof",
        Severity.WARNING,
        "a control rests on a proof that uses recalled or uncertain numbers",
    )
    CONTROLLED_ELSEWHERE = (
        "controlled-elsewhere",
        Severity.NOTE,
        "a hazardous situation whose controls lie outside the specified software",
    )
    UNKNOWN_ELEMENT = (
        "unknown-element",
        Severity.ERROR,
        "a control consists of an element that the specification does not have",
    )
    PROBABILITY_CONFLICT = (
        "probability-conflict",
        Severity.ERROR,
        "a stated probability of harm that is lower than P1 and P2 give",
    )
    EFFECT_NOT_SHOWN = (
        "effectiveness-not-shown",
        Severity.WARNING,
        "a control of which nothing shows that it helps",
    )
    ABLATION_UNKNOWN = (
        "ablation-unknown",
        Severity.ERROR,
        "a control whose elements were not removed for a trial, or the trial had no answer",
    )
    CONTROL_REDUNDANT = (
        "control-redundant",
        Severity.ERROR,
        "a control without which its obligations hold as well, so that they are no evidence for it",
    )
    CONTROL_INSUFFICIENT = (
        "control-insufficient",
        Severity.ERROR,
        "a control with which its obligation breaks as it does without it",
    )
    TEST_FAILED = (
        "test-failed",
        Severity.ERROR,
        "a control or requirement rests on a test that failed",
    )
    SINGLE_BARRIER = (
        "single-barrier",
        Severity.NOTE,
        "a way from a cause to a harm that one failure opens",
    )
    TOO_FEW_BARRIERS = (
        "too-few-barriers",
        Severity.ERROR,
        "a way to a harm with fewer independent barriers than the policy demands",
    )
    COMMON_CAUSE = (
        "common-cause",
        Severity.WARNING,
        "two controls on one way that share an element, so that one failure takes both",
    )
    CIRCULAR = (
        "circular-justification",
        Severity.ERROR,
        "controls or evidence that rest on each other in a circle",
    )
    EVIDENCE_CONTRADICTED = (
        "evidence-contradicted",
        Severity.WARNING,
        "an estimate or judgement rests on evidence and passes over what contradicts it",
    )
    UNVERIFIED_DECISION = (
        "unverified-decision",
        Severity.WARNING,
        "a risk is accepted because of a number that is recalled, uncertain or of doubtful origin",
    )
    ONLY_INFORMS = (
        "only-informs",
        Severity.WARNING,
        "a control that only informs where the catalogue knows one by design",
    )
    RISKS_FROM_CONTROLS = (
        "risks-from-controls",
        Severity.NOTE,
        "controls of which nobody says whether they bring new risks",
    )
    BENEFIT_RISK = (
        "benefit-risk",
        Severity.ERROR,
        "a benefit-risk analysis that does not find the benefit to outweigh the risk",
    )
    OVERALL_RISK = (
        "overall-residual-risk",
        Severity.WARNING,
        "the overall residual risk is not judged, or not judged acceptable",
    )
    NO_POST_PRODUCTION = (
        "no-post-production",
        Severity.NOTE,
        "nothing says what is collected in production and afterwards",
    )
    UNANSWERED_CLAUSE = (
        "unanswered-clause",
        Severity.WARNING,
        "a listed clause that no entry answers",
    )
    STALE_REVIEW = (
        "stale-review",
        Severity.WARNING,
        "a reviewed item has changed since its review, or is gone",
    )
    SUSPECT_REVIEW = (
        "suspect-review",
        Severity.WARNING,
        "something that a reviewed item rests on has changed since its review",
    )

    UNDISCHARGED = (
        "undischarged-assumption",
        Severity.WARNING,
        "a proof leans on an interlock that nothing shows to be enforced",
    )
    CHANGED = (
        "changed-on-command-line",
        Severity.WARNING,
        "a value was changed for this run alone, which says nothing about the specification as written",
    )
    VACUOUS = ("vacuous", Severity.WARNING, "a proved property about something that never happens")

    def __init__(self, slug: str, severity: Severity, meaning: str) -> None:
        self.slug = slug
        self.severity = severity
        self.meaning = meaning


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in an input file: 1-based line and column, and the path inside the document."""

    file: str
    line: int = 1
    column: int = 1
    path: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def shifted(self, columns: int) -> Location:
        """Return the place that stands ``columns`` further right on the same line."""
        return Location(self.file, self.line, self.column + columns, self.path)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person must know: what was received, why it matters, what to do next."""

    code: Code
    location: Location
    message: str
    advice: str = ""
    severity: Severity | None = None

    @property
    def weight(self) -> Severity:
        """The severity in force: the finding's own, else the default of its code."""
        return self.severity or self.code.severity

    def text(self) -> str:
        """Return the finding as one or two plain lines, the way compilers print them."""
        where = f" (at {self.location.path})" if self.location.path else ""
        line = f"{self.location}: {self.weight.value}[{self.code.slug}]: {self.message}{where}"
        return f"{line}\n    {self.advice}" if self.advice else line

    def as_json(self) -> dict[str, object]:
        """Return the finding as plain data for ``--json`` and SARIF."""
        return {
            "code": self.code.slug,
            "severity": self.weight.value,
            "file": self.location.file,
            "line": self.location.line,
            "column": self.location.column,
            "path": self.location.path,
            "message": self.message,
            "advice": self.advice,
        }


def in_order(findings: Iterable[Finding], files: Iterable[str]) -> list[Finding]:
    """Return findings, each once, in the order of these files and of their lines; other files come last.

    Paths themselves give no order: those of files that are extended change with the place of a project.
    """
    number = {file: place for place, file in reversed(tuple(enumerate(files)))}

    def key(item: Finding) -> tuple[int, Location, str, str]:
        return number.get(item.location.file, len(number)), item.location, item.code.slug, item.message

    return sorted(dict.fromkeys(findings), key=key)
