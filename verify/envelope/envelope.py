"""The envelope of a specification: each limit's boundary, its verdict, and the weakest interlocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from stimproof.specs.expressions import show
from stimproof.specs.specification import Citation, Interlock
from stimproof.verify.envelope.axes import axes_of
from stimproof.verify.envelope.locks import Candidate, candidates
from stimproof.verify.envelope.safety import Safety
from stimproof.verify.envelope.table import Table, Tabulator, TooManyError
from stimproof.verify.envelope.together import Combined, Source, combine
from stimproof.verify.obligations import obligations
from stimproof.verify.parameters import ParameterProver
from stimproof.verify.prepared import prepare, unverified
from stimproof.verify.results import Obligation, Result, Verdict
from stimproof.verify.solver import GaveUpError
from stimproof.verify.wording import together

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.specs.expressions import Expression
    from stimproof.specs.quantities import Unit
    from stimproof.specs.specification import Limit, Specification, Stimulus
    from stimproof.verify.prepared import Prepared

Progress = Callable[[int, int, str], None]


class State(Enum):
    """What an envelope says.

    ``exact``: up to the boundary every setting is safe, the next step is not. ``ceiling``: something is
    unknown, so that nothing is said to be safe; above the boundary a setting fails all the same.
    """

    EXACT = "exact"
    CEILING = "ceiling"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    NO_SUBJECT = "no_subject"

    @property
    def title(self) -> str:
        """The state as people read it."""
        return self.value.replace("_", " ")


LOCK_BUDGET = 5_000_000
"""Solver resource units for the proof of a proposed interlock; one that needs more is not proved."""
STEPLESS = "nobody says in which steps '{}' is programmed, so that only the ends of its range are tried"
NO_SUBJECT = "the claim speaks of no amplitude and of no pulse width"


@dataclass(frozen=True)
class Lock:
    """An interlock of one family, with the result of proving the limit under it and nothing else.

    ``setting`` is what the next weaker one admits, evaluated exactly: name, value and unit to print it in.
    """

    candidate: Candidate
    text: str = ""
    result: Result | None = None
    setting: tuple[tuple[str, Fraction, Unit], ...] = ()

    @property
    def proved(self) -> bool:
        """Whether both solvers accept that the interlock makes the claim true."""
        return self.result is not None and self.result.verdict is Verdict.PROVED


@dataclass(frozen=True)
class LimitEnvelope:
    """One limit: what is known of its boundary, and its verdict on the device as specified."""

    limit: Limit
    state: State
    verdict: Result
    reason: str = ""
    table: Table | None = None
    gaps: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    locks: tuple[Lock, ...] = ()

    @property
    def held(self) -> str:
        """How the device as specified stands to the boundary."""
        by_lock = [entry for entry in self.verdict.assumptions if entry.startswith("interlock ")]
        if self.verdict.verdict is Verdict.PROVED:
            return f"kept only by {'; '.join(by_lock)}" if by_lock else "kept by the whole grid"
        if self.verdict.verdict is Verdict.REFUTED:
            return "refuted: the device can be programmed beyond it"
        return self.verdict.verdict.title


@dataclass(frozen=True)
class Together:
    """All limits of one stimulus at once; ``open`` lists those of which something is unknown."""

    stimulus: Stimulus
    combined: Combined
    open: tuple[str, ...]

    @property
    def state(self) -> State:
        """Exact only where nothing is open; else nothing is said to be safe."""
        return State.CEILING if self.open else State.EXACT


@dataclass(frozen=True)
class Envelope:
    """The envelopes of limits of a specification; ``files`` are the scripts of every proof by path.

    ``whole`` tells that no limit was left out: only then can anything be said of all together.
    """

    specification: Specification
    limits: tuple[LimitEnvelope, ...]
    files: dict[str, str] = field(default_factory=dict)
    whole: bool = True

    @property
    def tabulated(self) -> tuple[LimitEnvelope, ...]:
        """The limits that have a table."""
        return tuple(item for item in self.limits if item.table is not None)

    @cached_property
    def together(self) -> tuple[Together, ...]:
        """All limits of each stimulus at once; none where a limit was left out, or none has a table."""
        if not self.whole:
            return ()
        made = (self._together(stimulus) for stimulus in self.specification.stimuli.values())
        return tuple(item for item in made if item is not None)

    def _together(self, stimulus: Stimulus) -> Together | None:
        mine = {item.name for item in (stimulus.amplitude, stimulus.pulse_width) if item is not None}
        about = [
            item
            for item in self.limits
            if stimulus.name in {train.name for train in item.limit.stimuli}
            or (item.table is not None and item.table.axes.subject.name in mine)
        ]
        sources = [Source(item.limit.name, item.table) for item in about if item.table is not None]
        combined = combine(stimulus, sources)
        if combined is None:
            return None
        open_ = tuple(
            f"{item.limit.name}: {item.reason}"
            for item in about
            if item.state in (State.CEILING, State.UNKNOWN)
        )
        return Together(stimulus, combined, open_)


class Surveyor:
    """Finds the envelopes of one specification and keeps the scripts of their proofs in ``files``."""

    def __init__(self, specification: Specification, budget: int) -> None:
        self.specification, self.budget = specification, budget
        self.files: dict[str, str] = {}
        self._bare = replace(specification, interlocks={})
        self._obligations = {item.id: item for item in obligations(specification)}

    def of_limit(self, limit: Limit, *, locks: bool = True) -> LimitEnvelope:
        """Return the envelope of one limit; ``locks`` asks for the weakest interlocks, too."""
        verdict = self.decide(self.specification, limit)
        given = prepare(self._bare, limit)
        if given.inapplicable:
            return LimitEnvelope(limit, State.NOT_APPLICABLE, verdict, given.inapplicable)
        if given.hopeless:
            return LimitEnvelope(
                limit, State.UNKNOWN, verdict, f"unknown, because {together(given.gaps)}", gaps=given.gaps
            )
        axes = axes_of(self._bare, limit, given.problem.claim)
        if axes is None:
            return LimitEnvelope(limit, State.NO_SUBJECT, verdict, NO_SUBJECT)
        try:
            table = Tabulator(given.problem, axes, f"limits.{limit.name}", self.budget).table()
        except (TooManyError, GaveUpError) as reason:
            return LimitEnvelope(limit, State.UNKNOWN, verdict, f"unknown, because {reason}")
        return self._tabulated(limit, verdict, given, table, locks=locks)

    def _tabulated(
        self, limit: Limit, verdict: Result, given: Prepared, table: Table, *, locks: bool
    ) -> LimitEnvelope:
        folder = f"certificates/limits.{limit.name}"
        gaps = (*given.gaps, *(STEPLESS.format(item.name) for item in table.axes.stepless))
        self.files.update({f"{folder}/monotone/{name}": text for name, text in table.scripts.items()})
        reason = f"unknown, because {together(gaps)}" if gaps else ""
        found = LimitEnvelope(
            limit, State.CEILING if gaps else State.EXACT, verdict, reason, table, given.gaps,
            given.assumptions, unverified(self._bare, given.problem),
        )  # fmt: skip
        if gaps or not locks:
            return found
        safety = Safety(given.problem, self.budget)
        proposed: list[Lock] = []
        for item in candidates(table):
            held = next((lock for lock in proposed if lock.candidate.form == "table" and lock.proved), None)
            proposed.append(self._lock(limit, safety, item, held))
        return replace(found, locks=tuple(proposed))

    def _lock(self, limit: Limit, safety: Safety, candidate: Candidate, table: Lock | None) -> Lock:
        """Prove an interlock, and evaluate the setting that the next weaker one admits.

        A line is shown to imply the table that is proved already: on the grid both are linear.
        """
        if candidate.claim is None or candidate.witness is None:
            return Lock(candidate)
        if safety.at(candidate.witness) is not False:
            return Lock(
                replace(candidate, claim=None, reason="that a weaker one fails could not be confirmed")
            )
        text = show(candidate.claim)
        shown = limit
        if candidate.form == "line" and table is not None:
            shown = replace(limit, law=None, stimuli=(), claim=table.candidate.claim, text=table.text)
        parameters = self.specification.parameters
        setting = tuple((name, value, parameters[name].unit) for name, value in candidate.witness.items())
        return Lock(candidate, text, self.under(shown, candidate.form, candidate.claim), setting)

    def under(self, limit: Limit, name: str, claim: Expression) -> Result:
        """Return the verdict on a limit where this interlock, and no other, is in force."""
        lock = Interlock(name, claim, show(claim), Citation((), "derived"), "", limit.location)
        limits = {**self.specification.limits, limit.name: limit}
        given = replace(self.specification, interlocks={name: lock}, limits=limits)
        return self.decide(given, limit, f"{name}/", min(self.budget, LOCK_BUDGET))

    def decide(
        self, specification: Specification, limit: Limit, folder: str = "", budget: int | None = None
    ) -> Result:
        """Return the verdict on a limit; its scripts go to ``files`` below ``folder``."""
        prover = ParameterProver(specification, budget or self.budget)
        result = prover.decide(self._obligation(limit))
        if result.verdict is Verdict.PROVED:
            scripts = result.certificate.scripts if result.certificate is not None else ()
            self.files.update({_moved(path, folder): prover.files[path] for path in scripts})
        return result

    def _obligation(self, limit: Limit) -> Obligation:
        return self._obligations[f"limits.{limit.name}"]


def _moved(path: str, folder: str) -> str:
    """Return where a script goes: each interlock has a folder of its own below that of the limit."""
    head, _, name = path.rpartition("/")
    return f"{head}/{folder}{name}"


def survey(
    specification: Specification,
    budget: int,
    *,
    only: Sequence[str] = (),
    locks: bool = True,
    progress: Progress | None = None,
) -> Envelope:
    """Return the envelopes of the limits, or of those named in ``only``."""
    surveyor = Surveyor(specification, budget)
    chosen = [item for name, item in specification.limits.items() if not only or name in only]
    tell, found = progress or (lambda done, total, what: None), []
    for done, limit in enumerate(chosen):
        tell(done, len(chosen), limit.name)
        found.append(surveyor.of_limit(limit, locks=locks))
    return Envelope(specification, tuple(found), surveyor.files, whole=not only)
