"""Is a control shown to work: from the verdicts of the obligations that it rests on to its state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.hazards.report import ControlState, ControlStatus
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from stimproof.hazards.risk_file import RiskFile
    from stimproof.verify.results import Result

_NOT_RUN = "not verified yet"


def verdict_title(results: Mapping[str, Result], obligation: str) -> str:
    """Return the verdict of an obligation as people read it."""
    return results[obligation].verdict.title if obligation in results else _NOT_RUN


def status(risk_file: RiskFile, name: str, results: Mapping[str, Result]) -> ControlStatus:
    """Return the state of a control: verified only if every obligation that it rests on is proved.

    It rests on those that its requirements cite and on those without which their proofs mean nothing.
    """
    control = risk_file.controls[name]
    demands = {item: risk_file.requirements[item] for item in control.requirements}
    cited = [item for demand in demands.values() for item in demand.verified_by]
    supports = [support for item in cited for support in risk_file.supports.get(item, ())]
    obligations = tuple(dict.fromkeys((*cited, *supports)))
    external = tuple(dict.fromkeys(ref for demand in demands.values() for ref in demand.external))
    bare = [item for item, demand in demands.items() if not demand.shown]
    found = [results[item] for item in obligations if item in results]
    return ControlStatus(
        name,
        control.control,
        control.kind,
        _state(
            [verdict_of(results, item) for item in obligations], external, whole=bool(demands) and not bare
        ),
        tuple(_reasons(demands, bare, obligations, external, results)),
        tuple((item, verdict_title(results, item)) for item in obligations),
        external,
        tuple(dict.fromkeys(number for result in found for number in result.unverified)),
        tuple(dict.fromkeys(item for result in found for item in result.assumptions)),
    )


def verdict_of(results: Mapping[str, Result], obligation: str) -> Verdict | None:
    """Return the verdict of an obligation, ``None`` where nobody has verified it."""
    return results[obligation].verdict if obligation in results else None


def _state(verdicts: Sequence[Verdict | None], external: Sequence[str], *, whole: bool) -> ControlState:
    if Verdict.REFUTED in verdicts:
        return ControlState.REFUTED
    if not whole or any(verdict is not Verdict.PROVED for verdict in verdicts):
        return ControlState.NOT_VERIFIED
    if not external:
        return ControlState.VERIFIED
    return ControlState.PARTLY if verdicts else ControlState.EXTERNAL


def _reasons(
    demands: Iterable[str],
    bare: Sequence[str],
    obligations: Sequence[str],
    external: Sequence[str],
    results: Mapping[str, Result],
) -> Iterator[str]:
    """Yield why the control is in its state, one short sentence each."""
    if not [*demands]:
        yield "no requirement realises it"
    for name in bare:
        yield f"nothing shows that requirement {name} is met"
    for name in obligations:
        result = results.get(name)
        why = (
            f": {result.reason}" if result and result.reason and result.verdict is not Verdict.PROVED else ""
        )
        yield f"{name} is {verdict_title(results, name)}{why}"
    for ref in external:
        yield f"external evidence, not checked here: {ref}"
