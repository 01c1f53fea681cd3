"""What each declared fault does to the claims about a device: with the fault present, each is verified again.

*Tolerated*: the claim holds although the fault is present. *Broken*: it holds without the fault and breaks
with it; the run with the fault shows how. *Broken anyway*: it breaks without the fault, too. All else is
*unknown*, with the reason. IEC 60601-1, 4.7 asks this question of each single fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from stimproof.verify.changed import Changed, Changes, Stated, Way
from stimproof.verify.fault_effects import FaultEffect, FaultResult, FaultTrial
from stimproof.verify.faulting_model import CHOOSING, faulted
from stimproof.verify.faulting_parts import InjectionError
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Result, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Verification
    from stimproof.verify.workers import Progress

_WAYS = ("recovery", "reachable", "deadlock")
"""Claims that there is a way, which a fault that chooses could help to find."""
_UNTOUCHED = "the model lets it happen at any time anyhow"


class FaultAnalysis(Changes[FaultResult]):
    """Every fault that was tried: what it does, what was found with each, and the evidence by path."""

    SCHEMA: ClassVar[str] = "stimproof.faults/1"
    FILE: ClassVar[str] = "faults.json"
    FOLDER: ClassVar[str] = "faults"
    KEY: ClassVar[str] = "with"


def analyse(
    verification: Verification,
    trials: Sequence[FaultTrial],
    *,
    budget: int | None = None,
    jobs: int | None = 1,
    cache: Path | None = None,
    progress: Progress | None = None,
) -> FaultAnalysis:
    """Verify again with each fault, one at a time.

    Args:
        verification: what was found without any fault.
        trials: the faults, with the obligations to verify.
        budget, jobs, cache: as for :func:`stimproof.verify.run.verify`; what the fault does not touch costs
            nothing where it is in the cache.
        progress: called with how many faults are done, how many there are, and the next fault.
    """
    return _WAY.tried(verification, trials, budget=budget, jobs=jobs, cache=cache, progress=progress)


def checked(
    verification: Verification, trials: Sequence[FaultTrial], stated: Stated, files: Mapping[str, str]
) -> tuple[FaultAnalysis, list[str]]:
    """Return what stored results about faults show, each put in anew; see :meth:`.changed.Way.checked`."""
    return _WAY.checked(verification, trials, stated, files)


def _injected(specification: Specification, trial: FaultTrial) -> Changed:
    """Return the model with a fault, its obligations, and those on which their meaning leans."""
    try:
        changed = faulted(specification, specification.faults[trial.fault])
    except InjectionError as problem:
        return Changed(None, reason=str(problem))
    known = {item.id: item for item in obligations(changed)}
    asked = [name for name in trial.obligations if name in known]
    leaned = [name for item in asked for name in known[item].depends_on]
    return Changed(changed, {name: known[name] for name in known if name in {*asked, *leaned}})


def judged(
    trial: FaultTrial, verification: Verification, results: Sequence[Result], reason: str = ""
) -> list[FaultResult]:
    """Return what a fault does to each obligation, from what was found with it and without it.

    Without any result the specification is the same with the fault, unless there is a ``reason``.
    """
    specification, before = verification.specification, verification.by_id()
    same = not results and not reason
    after = before if same else {item.obligation.id: item for item in results}
    judging = _Judging(specification.faults[trial.fault].kind, before, after, same=same)
    found = []
    for name in trial.obligations:
        effect, why = (FaultEffect.UNKNOWN, reason) if reason else judging.effect(name)
        shown = after[name].counterexample if name in after and not same else None
        file = f"{FaultAnalysis.FOLDER}/{trial.fault}/{shown.file}" if shown is not None else None
        found.append(FaultResult(trial.fault, name, effect, specification.sha256, file, why))
    return found


@dataclass(frozen=True, slots=True)
class _Judging:
    kind: str
    before: Mapping[str, Result]
    after: Mapping[str, Result]
    same: bool

    def effect(self, name: str) -> tuple[FaultEffect, str]:
        """Return what the fault does to one obligation, and why where that needs words."""
        before, after = self.before.get(name), self.after.get(name)
        if after is None:
            return FaultEffect.UNKNOWN, "there is no such obligation"
        if after.verdict is Verdict.REFUTED:
            if before is None or before.verdict is Verdict.REFUTED:
                return FaultEffect.BROKEN_ANYWAY, ""
            unsure = before.verdict is not Verdict.PROVED
            return FaultEffect.BROKEN, f"without the fault it is {before.verdict.title}" if unsure else ""
        doubt = self._doubt(before, after)
        if doubt:
            return FaultEffect.UNKNOWN, doubt
        return FaultEffect.TOLERATED, _UNTOUCHED if self.same else ""

    def _doubt(self, before: Result | None, after: Result) -> str:
        """Return why an obligation that is not refuted is not known to hold with the fault."""
        if after.verdict is not Verdict.PROVED:
            why = f": {after.reason}" if after.reason else ""
            return f"with the fault it is {after.verdict.title}{why}"
        if before is not None and before.verdict is Verdict.REFUTED:
            return "it breaks without the fault and holds with it"
        if after.vacuous:
            return f"with the fault the claim is empty: {after.vacuous}"
        if after.obligation.kind in _WAYS and self.kind in CHOOSING and not self.same:
            return "the way that was found may be one that only the fault makes possible"
        weak = [item for item in after.obligation.depends_on if not self._proved(item)]
        if weak:
            return f"with the fault, its meaning leans on what is not proved: {', '.join(weak)}"
        return ""

    def _proved(self, name: str) -> bool:
        return name in self.after and self.after[name].verdict is Verdict.PROVED


_WAY: Way[FaultTrial, FaultResult, FaultAnalysis] = Way(
    FaultAnalysis, lambda trial: trial.fault, _injected, judged
)
