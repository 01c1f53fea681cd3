"""What a verification says: obligations, verdicts, and the evidence that each verdict carries."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stimproof.specs.findings import Finding, Location
    from stimproof.specs.specification import Specification

SCHEMA = "stimproof.results/1"


def evidence_text(data: object) -> str:
    """Return data as the text of an evidence file: the same data give the same bytes."""
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def shown_text(obligation: Obligation, shown: Setting | Trace) -> str:
    """Return the text of the file of a counterexample or a witness."""
    return evidence_text({"obligation": obligation.id, **shown.as_json()})


class Verdict(Enum):
    """The five answers. Only ``proved`` and ``not_applicable`` let a gate pass."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNKNOWN = "unknown"
    ERROR = "error"
    NOT_APPLICABLE = "not_applicable"

    @property
    def title(self) -> str:
        """The verdict as people read it."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Obligation:
    """One claim: its id, what kind it is, its sentence, where it was written, what it depends on.

    ``depends_on`` names obligations that give the claim its meaning; ``presumes`` says in words what its
    proof takes for granted and nothing here shows.
    """

    id: str
    kind: str
    statement: str
    location: Location
    element: str
    depends_on: tuple[str, ...] = ()
    doc: str = ""
    if_refuted: str = ""
    sources: tuple[str, ...] = ()
    presumes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """Evidence of a proof: SMT-LIB scripts that must all be ``unsat``, and who confirmed that.

    ``proof`` is the file from which, with the specification, the scripts can be written again;
    ``invariant`` is the inductive invariant in the language of specifications, for people.
    """

    scripts: tuple[str, ...]
    rechecked_by: tuple[str, ...]
    proof: str | None = None
    invariant: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain data for ``results.json``."""
        return {
            "scripts": list(self.scripts),
            "rechecked_by": list(self.rechecked_by),
            "proof": self.proof,
            "invariant": self.invariant,
        }


@dataclass(frozen=True, slots=True)
class Setting:
    """A programmable setting: each parameter's value, and what follows from it."""

    values: tuple[tuple[str, str], ...]
    exact: tuple[tuple[str, str], ...]
    computed: tuple[tuple[str, str], ...]
    explanation: str
    replayed: bool
    file: str

    def as_json(self) -> dict[str, Any]:
        """Return plain data for ``results.json``."""
        return {
            "form": "setting",
            "values": dict(self.values),
            "exact": dict(self.exact),
            "computed": dict(self.computed),
            "explanation": self.explanation,
            "replayed": self.replayed,
            "file": self.file,
        }


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One state of a run and the step that led to it; the first step has no event.

    ``event`` is an event's name, ``time`` for the passing of time, or ``None`` for the initial state.
    ``state`` and ``inputs`` are printed values, ``exact`` the same as rationals in SI base units;
    ``taken`` names the transitions that fired; ``changed`` the variables whose value is new.
    """

    event: str | None
    delay: str | None
    inputs: tuple[tuple[str, str], ...]
    state: tuple[tuple[str, str], ...]
    changed: tuple[str, ...]
    taken: tuple[str, ...]
    exact_delay: str | None
    exact_inputs: tuple[tuple[str, str], ...]
    exact_state: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain data for ``results.json``."""
        return {
            "event": self.event,
            "delay": self.delay,
            "inputs": dict(self.inputs),
            "state": dict(self.state),
            "changed": list(self.changed),
            "taken": list(self.taken),
            "exact": {
                "delay": self.exact_delay,
                "inputs": dict(self.exact_inputs),
                "state": dict(self.exact_state),
            },
        }


@dataclass(frozen=True, slots=True)
class Trace:
    """A run of the device that shows something; ``length`` counts steps after the initial state."""

    steps: tuple[TraceStep, ...]
    explanation: str
    replayed: bool
    file: str
    loop: int | None = None
    """The number of the state that the last one is like: the steps between them repeat for ever."""

    @property
    def length(self) -> int:
        """How many steps follow the initial state."""
        return len(self.steps) - 1

    def as_json(self) -> dict[str, Any]:
        """Return plain data for ``results.json``."""
        return {
            "form": "trace",
            "length": self.length,
            **({} if self.loop is None else {"loop": self.loop}),
            "explanation": self.explanation,
            "replayed": self.replayed,
            "file": self.file,
            "steps": [step.as_json() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Core:
    """The elements of the specification that a proof needs, and those near it that it does not need.

    Elements are named by their place, such as ``machines.ipg.transitions.T4.guard``. ``confirmed_by`` is
    the second solver, which has confirmed that the needed ones suffice, whatever the others are.
    """

    needs: tuple[str, ...]
    spare: tuple[str, ...]
    confirmed_by: str

    def as_json(self) -> dict[str, Any]:
        """Return plain data for ``results.json``."""
        return {"needs": list(self.needs), "spare": list(self.spare), "confirmed_by": self.confirmed_by}


@dataclass(frozen=True, slots=True)
class Result:
    """An obligation with its verdict and the evidence for it.

    ``counterexample`` shows why an obligation is refuted; ``witness`` shows that something can happen
    (a reachable mode). A refuted reachability claim carries a ``certificate`` instead: the proof that
    nothing reaches the mode. ``assumptions`` is the ledger: interlocks, arguments and unverified numbers
    that the verdict leans on. ``unverified`` names those of them that are unverified numbers. ``core`` is
    what a proof needs, where somebody has asked for it. ``vacuous``
    says why a proved claim says nothing: what it is about never happens.
    """

    obligation: Obligation
    verdict: Verdict
    engine: str
    seconds: float
    reason: str = ""
    assumptions: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    certificate: Certificate | None = None
    counterexample: Setting | Trace | None = None
    witness: Setting | Trace | None = None
    vacuous: str = ""
    core: Core | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of all evidence that this result refers to."""
        certificate = self.certificate
        proof = (*certificate.scripts, certificate.proof) if certificate else ()
        shown = (item.file for item in (self.counterexample, self.witness) if item)
        return tuple(path for path in (*proof, *shown) if path)

    def as_json(self, *, timed: bool = True) -> dict[str, Any]:
        """Return plain data for ``results.json``; untimed data is the same for every run."""
        item = self.obligation
        return {
            "id": item.id,
            "kind": item.kind,
            "statement": item.statement,
            "verdict": self.verdict.value,
            "engine": self.engine,
            "seconds": round(self.seconds, 3) if timed else None,
            "reason": self.reason,
            "assumptions": list(self.assumptions),
            "unverified": list(self.unverified),
            "depends_on": list(item.depends_on),
            "element": item.element,
            "location": {
                "file": item.location.file,
                "line": item.location.line,
                "column": item.location.column,
            },
            "certificate": self.certificate.as_json() if self.certificate else None,
            "counterexample": self.counterexample.as_json() if self.counterexample else None,
            "witness": self.witness.as_json() if self.witness else None,
            "vacuous": self.vacuous,
            **({} if self.core is None else {"core": self.core.as_json()}),
        }


def leans_on(obligation: Obligation, verdicts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ledger of a machine obligation: what its proof presumes, and unproved obligations."""
    presumed = obligation.presumes if verdicts.get(obligation.id) == Verdict.PROVED.value else ()
    weak = [
        f"{name} ({verdicts[name].replace('_', ' ')})"
        for name in obligation.depends_on
        if name in verdicts and verdicts[name] != Verdict.PROVED.value
    ]
    leaning = (f"the model's meaning leans on {', '.join(weak)}",) if weak else ()
    return (*presumed, *leaning)


@dataclass(frozen=True)
class Verification:
    """Every result about one specification, with the text of every certificate and trace by path."""

    specification: Specification
    results: tuple[Result, ...]
    solvers: Mapping[str, str]
    version: str
    files: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def by_id(self) -> dict[str, Result]:
        """Return the results by obligation id."""
        return {result.obligation.id: result for result in self.results}

    def count(self, verdict: Verdict) -> int:
        """Return how many obligations have this verdict."""
        return sum(result.verdict is verdict for result in self.results)

    @property
    def worst(self) -> Verdict:
        """The verdict that decides the exit status: refuted before error, unknown and proved."""
        order = (Verdict.REFUTED, Verdict.ERROR, Verdict.UNKNOWN)
        return next((verdict for verdict in order if self.count(verdict)), Verdict.PROVED)

    def as_json(self, *, timed: bool = True) -> dict[str, Any]:
        """Return the content of ``results.json``."""
        device = self.specification.device
        return {
            "schema": SCHEMA,
            "device": {"id": device.id, "name": device.name, "spec_sha256": self.specification.sha256},
            **(
                {"changed": [item.text for item in changed]}
                if (changed := self.specification.changed)
                else {}
            ),
            "tool": {"version": self.version, "solvers": dict(self.solvers)},
            "obligations": [result.as_json(timed=timed) for result in self.results],
            "findings": [finding.as_json() for finding in self.findings],
            "summary": {verdict.value: self.count(verdict) for verdict in Verdict},
        }
