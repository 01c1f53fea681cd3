"""Is a control shown to help: by ablation where it consists of elements, else by what its author names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from stimproof.verify.effects import AblationResult, Effect, Trial

if TYPE_CHECKING:
    from stimproof.hazards.measures import Control
    from stimproof.hazards.risk_file import RiskFile

Effects = tuple[AblationResult, ...]
_NO_TRIAL = "it was not tried yet"
_NO_CLAIM = "no obligation of the specification says what it keeps"


def implementing(risk_file: RiskFile, control: Control) -> tuple[str, ...]:
    """Return the obligations that verify the implementation of a control."""
    cited = (item for name in control.requirements for item in risk_file.requirements[name].verified_by)
    return tuple(dict.fromkeys((*cited, *control.implementation.obligations)))


def ablations(risk_file: RiskFile) -> tuple[Trial, ...]:
    """Return every trial that the risk file calls for, in its order.

    A control is tried against the obligations under ``effectiveness``, or against those that verify its
    implementation where it names none there. One that says why no element implements it is tried as well.
    """
    found = []
    for name, control in risk_file.controls.items():
        claims, nothing = claimed(risk_file, control), control.elements_none.strip()
        if nothing or (control.elements and claims):
            found.append(Trial(name, control.elements, claims, nothing))
    return tuple(found)


def claimed(risk_file: RiskFile, control: Control) -> tuple[str, ...]:
    """Return the obligations that a control is tried against."""
    return control.effectiveness.obligations or implementing(risk_file, control)


def judged(planned: Trial, results: Iterable[AblationResult]) -> tuple[Effect, str]:
    """Return the effect of a control over all its obligations, and why.

    One that breaks either way makes it insufficient. It is effective if removing it breaks at least one and
    every other has an answer, redundant if removing it breaks none.
    """
    if not planned.obligations:
        return Effect.UNKNOWN, f"{_NO_CLAIM}. {planned.nothing}"
    by_claim = {item.obligation: item for item in results if item.control == planned.control}
    effects = [by_claim[name].effect if name in by_claim else Effect.UNKNOWN for name in planned.obligations]
    for wanted in (Effect.INSUFFICIENT, Effect.UNKNOWN, Effect.EFFECTIVE):
        if wanted in effects:
            name = planned.obligations[effects.index(wanted)]
            result = by_claim.get(name)
            return wanted, f"{name}: {result.meaning if result else _NO_TRIAL}"
    same = planned.nothing and by_claim[planned.obligations[0]].meaning
    return Effect.REDUNDANT, f"{', '.join(planned.obligations)}: {same or Effect.REDUNDANT.meaning}"


def shown(control: Control) -> str:
    """Return what the author names as verification of effectiveness; empty where there is nothing."""
    given = control.effectiveness
    named = (*given.obligations, *(item.ref for item in given.outside), *given.evidence)
    return ", ".join(named)
