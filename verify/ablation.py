"""Ablation: each risk control is removed from the model, and what rests on it is verified again.

*Effective*: it holds with the control and breaks without it; the run without it shows what the control
prevents. *Redundant*: it holds either way. *Insufficient*: it breaks either way. All else is *unknown*, with
the reason: no answer, an empty claim, or a control without which its claim holds better.

A control that no element of the model implements is tried as it stands: there is nothing to remove, so that
it is *redundant* where its obligation holds anyway, and *insufficient* where it breaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stimproof.verify.changed import Again, verifying
from stimproof.verify.effects import AblationResult, Effect, Trial
from stimproof.verify.obligations import obligations
from stimproof.verify.removing import NotRemovableError, without
from stimproof.verify.results import Result, Verdict, evidence_text

if TYPE_CHECKING:
    from pathlib import Path

    from stimproof.verify.results import Verification
    from stimproof.verify.workers import Progress

SCHEMA = "stimproof.ablation/1"
FILE = "ablation.json"
FOLDER = "ablation"
"""Where the evidence of ablations stands, in a folder for each control."""


@dataclass(frozen=True)
class Ablation:
    """Every control that was tried: the effects, what was found without each, and the evidence by path.

    ``without`` holds, for each control, the results about the changed specification; the paths in them are
    relative to the control's folder, those of ``files`` are not.
    """

    spec_sha256: str
    effects: tuple[AblationResult, ...] = ()
    without: Mapping[str, tuple[Result, ...]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def of(self, control: str) -> tuple[AblationResult, ...]:
        """Return what the trial of one control showed, in the order of its obligations."""
        return tuple(item for item in self.effects if item.control == control)

    def as_json(self) -> dict[str, Any]:
        """Return the content of ``ablation.json``."""
        return {
            "schema": SCHEMA,
            "spec_sha256": self.spec_sha256,
            "effects": [item.as_json() for item in self.effects],
            "without": {
                control: [result.as_json(timed=False) for result in results]
                for control, results in self.without.items()
            },
        }

    @property
    def evidence(self) -> dict[str, str]:
        """Return the text of every file of the evidence by path, ``ablation.json`` among them."""
        return {FILE: evidence_text(self.as_json()), **self.files} if self.effects else {}


def ablate(
    verification: Verification,
    trials: Sequence[Trial],
    *,
    budget: int | None = None,
    jobs: int = 1,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> Ablation:
    """Try every control: remove its elements and verify again what it serves.

    Args:
        verification: what was found with all controls.
        trials: the controls; those with neither elements nor a reason why they have none are left out.
        budget, jobs, cache: as for :func:`stimproof.verify.run.verify`; a change of the specification costs
            only the questions that it touches.
        progress: called with how many trials are done, how many there are, and the next control.
    """
    chosen = [trial for trial in trials if trial.elements or trial.nothing]
    tell = progress or (lambda done, total, what: None)
    with verifying(
        budget=budget, jobs=jobs if any(trial.elements for trial in chosen) else 1, cache=cache
    ) as again:
        return _tried(verification, chosen, again, tell)


def _tried(verification: Verification, trials: Sequence[Trial], again: Again, tell: Progress) -> Ablation:
    effects: list[AblationResult] = []
    found: dict[str, tuple[Result, ...]] = {}
    files: dict[str, str] = {}
    for number, trial in enumerate(trials):
        tell(number, len(trials), trial.control)
        results: tuple[Result, ...] = ()
        reason = ""
        try:
            changed = without(verification.specification, trial.elements)
        except NotRemovableError as problem:
            reason = str(problem)
        else:
            known = {item.id for item in obligations(changed)}
            names = [name for name in trial.obligations if name in known]
            if names and changed != verification.specification:
                told = again(changed, names)
                results = told.results
                files |= {f"{FOLDER}/{trial.control}/{path}": text for path, text in told.files.items()}
                found[trial.control] = results
        effects += judged(trial, verification, results, reason)
    return Ablation(verification.specification.sha256, tuple(effects), found, files)


def judged(
    trial: Trial, verification: Verification, results: Sequence[Result], reason: str = ""
) -> list[AblationResult]:
    """Return the effect of a control on each obligation, from what was found with it and without it.

    Without any result the specification is the same without the control, unless there is a ``reason``.
    """
    with_it = verification.by_id()
    alone = {item.obligation.id: item for item in results} if results or reason else with_it
    sha256 = verification.specification.sha256
    found = []
    for name in trial.obligations:
        if trial.elements:
            effect, why = (Effect.UNKNOWN, reason) if reason else _effect(with_it.get(name), alone.get(name))
            changed = None if alone is with_it else alone.get(name)
            found.append(_result(trial, name, effect, why, sha256, changed))
        else:
            effect, why = _as_it_stands(with_it.get(name))
            why = f"{why}; {trial.nothing}" if why else trial.nothing
            found.append(_result(trial, name, effect, why, sha256, None))
    return found


def _as_it_stands(found: Result | None) -> tuple[Effect, str]:
    """Return the effect of a control that no element implements: the device as it stands lacks it already."""
    if found is None:
        return Effect.UNKNOWN, "there is no such obligation"
    if found.verdict not in (Verdict.PROVED, Verdict.REFUTED):
        return Effect.UNKNOWN, f"it is {found.verdict.title}" + (f": {found.reason}" if found.reason else "")
    if found.vacuous:
        return Effect.UNKNOWN, f"the claim is empty: {found.vacuous}"
    return (Effect.REDUNDANT if found.verdict is Verdict.PROVED else Effect.INSUFFICIENT), ""


def _result(
    trial: Trial, name: str, effect: Effect, why: str, sha256: str, alone: Result | None
) -> AblationResult:
    shown = alone.counterexample if alone is not None else None
    return AblationResult(
        trial.control,
        name,
        effect,
        trial.elements,
        sha256,
        f"{FOLDER}/{trial.control}/{shown.file}" if shown is not None else None,
        why,
    )


def _effect(with_it: Result | None, alone: Result | None) -> tuple[Effect, str]:
    if with_it is None or alone is None:
        told = "with the control" if with_it is None else "without the control"
        return Effect.UNKNOWN, f"there is no such obligation {told}"
    pair = with_it.verdict, alone.verdict
    if pair == (Verdict.REFUTED, Verdict.PROVED):
        return Effect.UNKNOWN, "it breaks with the control and holds without it: the control itself breaks it"
    for result, told in ((with_it, "with the control"), (alone, "without the control")):
        if result.verdict not in (Verdict.PROVED, Verdict.REFUTED):
            why = f": {result.reason}" if result.reason else ""
            return Effect.UNKNOWN, f"{told} it is {result.verdict.title}{why}"
        if result.vacuous:
            return Effect.UNKNOWN, f"{told} the claim is empty: {result.vacuous}"
    if pair == (Verdict.REFUTED, Verdict.REFUTED):
        return Effect.INSUFFICIENT, ""
    same = "what would be removed is empty" if alone is with_it else ""
    return (Effect.REDUNDANT, same) if pair[1] is Verdict.PROVED else (Effect.EFFECTIVE, "")
