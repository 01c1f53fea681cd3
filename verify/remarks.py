"""What verdicts leave open: findings that follow from results and the specification alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from stimproof.specs.findings import Code, Finding
from stimproof.specs.laws import laws_of
from stimproof.verify.results import Result, Verdict

if TYPE_CHECKING:
    from stimproof.specs.specification import Interlock, Specification

_KINDS = (
    (laws_of("tissue"), Code.NO_TISSUE_LAW, "tissue damage"),
    (laws_of("electrode"), Code.NO_ELECTRODE_LAW, "electrode integrity"),
)


def remarks(specification: Specification, results: Sequence[Result]) -> tuple[Finding, ...]:
    """Return the findings about a whole verification, in a fixed order."""
    return (
        *_vacuous(results),
        *_undischarged(specification, results),
        *_lawless(specification, results),
    )


def _vacuous(results: Sequence[Result]) -> Iterator[Finding]:
    for result in results:
        if result.vacuous:
            yield Finding(
                Code.VACUOUS,
                result.obligation.location,
                f"'{result.obligation.id}' is proved, but {result.vacuous}",
                "a requirement that nothing can violate protects nobody; mend its premise, or the model",
            )


def _undischarged(specification: Specification, results: Sequence[Result]) -> Iterator[Finding]:
    """Name each interlock on which a proof leans although nothing shows that the firmware enforces it."""
    verdicts = {result.obligation.id: result.verdict for result in results}
    for lock in specification.interlocks.values():
        users = [result.obligation.id for result in results if _uses(result, lock)]
        problem = _not_discharged(lock, verdicts)
        if users and problem:
            yield Finding(
                Code.UNDISCHARGED,
                lock.location,
                f"the proof of {', '.join(users)} leans on the interlock '{lock.name}', and {problem}",
                "name under 'discharged_by:' what shows that the firmware enforces it",
            )


def _uses(result: Result, lock: Interlock) -> bool:
    marker = f"interlock '{lock.name}': "
    return result.verdict is Verdict.PROVED and any(item.startswith(marker) for item in result.assumptions)


def _not_discharged(lock: Interlock, verdicts: dict[str, Verdict]) -> str:
    if not lock.shown_by:
        return "nothing discharges it"
    verdict = verdicts.get(lock.shown_by)
    if verdict is None or verdict is Verdict.PROVED:
        return ""  # a proof of ours, or a record elsewhere that only a person can judge
    return f"{lock.shown_by}, which should discharge it, is {verdict.title}"


def _lawless(specification: Specification, results: Sequence[Result]) -> Iterator[Finding]:
    """Name each stimulus to which no law about tissue, or none about the electrode, applies."""
    applied = {
        (stimulus.name, result.obligation.kind)
        for result in results
        if result.obligation.id.startswith("limits.") and result.verdict is not Verdict.NOT_APPLICABLE
        for stimulus in specification.limits[result.obligation.id.removeprefix("limits.")].stimuli
    }
    for stimulus in specification.stimuli.values():
        kinds = {kind for train, kind in applied if train == stimulus.name}
        for laws, code, what in _KINDS:
            if not kinds & laws:
                yield Finding(
                    code,
                    stimulus.location,
                    f"no law about {what} applies to '{stimulus.name}'",
                    f"add a limit with the law {' or '.join(sorted(laws))}, "
                    "or give the one that does not apply an 'argument:'",
                )
