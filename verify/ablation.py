"""Ablation: each risk control is removed from the model, and what rests on it is verified again.

*Effective*: it holds with the control and breaks without it; the run without it shows what the control
prevents. *Redundant*: it holds either way. *Insufficient*: it breaks either way. All else is *unknown*, with
the reason: no answer, an empty claim, or a control without which its claim holds better.

A control that no element of the model implements is tried as it stands: there is nothing to remove, so that
it is *redundant* where its obligation holds anyway, and *insufficient* where it breaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from stimproof.verify.changed import Changed, Changes, Stated, Way
from stimproof.verify.effects import AblationResult, Effect, Trial
from stimproof.verify.obligations import obligations
from stimproof.verify.removing import NotRemovableError, without
from stimproof.verify.results import Result, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Verification
    from stimproof.verify.workers import Progress


class Ablation(Changes[AblationResult]):
    """Every control that was tried: the effects, what was found without each, and the evidence by path."""

    SCHEMA: ClassVar[str] = "stimproof.ablation/1"
    FILE: ClassVar[str] = "ablation.json"
    FOLDER: ClassVar[str] = "ablation"
    KEY: ClassVar[str] = "without"

    def of(self, control: str) -> tuple[AblationResult, ...]:
        """Return what the trial of one control showed, in the order of its obligations."""
        return tuple(item for item in self.effects if item.control == control)


def ablate(
    verification: Verification,
    trials: Sequence[Trial],
    *,
    budget: int | None = None,
    jobs: int | None = 1,
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
    return _WAY.tried(
        verification, _complete(trials), budget=budget, jobs=jobs, cache=cache, progress=progress
    )


def checked(
    verification: Verification, trials: Sequence[Trial], stated: Stated, files: Mapping[str, str]
) -> tuple[Ablation, list[str]]:
    """Return what stored ablations show, each control removed anew; see :meth:`.changed.Way.checked`."""
    return _WAY.checked(verification, _complete(trials), stated, files)


def _complete(trials: Sequence[Trial]) -> list[Trial]:
    return [trial for trial in trials if trial.elements or trial.nothing]


def _removed(specification: Specification, trial: Trial) -> Changed:
    try:
        changed = without(specification, trial.elements)
    except NotRemovableError as problem:
        return Changed(None, reason=str(problem))
    return Changed(changed, {item.id: item for item in obligations(changed) if item.id in trial.obligations})


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
            why = f"{why}. {trial.nothing}" if why else trial.nothing
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
        f"{Ablation.FOLDER}/{trial.control}/{shown.file}" if shown is not None else None,
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


_WAY: Way[Trial, AblationResult, Ablation] = Way(Ablation, lambda trial: trial.control, _removed, judged)
