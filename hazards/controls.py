"""Is a control shown to work: from the verdicts of the obligations that it rests on to its state."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stimproof.hazards.barriers import Foundations
from stimproof.hazards.effectiveness import Effects, ablations, judged, shown
from stimproof.hazards.report import ControlState, ControlStatus
from stimproof.verify.effects import Effect
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from stimproof.hazards.risk_file import RiskFile
    from stimproof.verify.effects import Trial
    from stimproof.verify.results import Result

_NOT_RUN = "not verified yet"


def verdict_title(results: Mapping[str, Result], obligation: str) -> str:
    """Return the verdict of an obligation as people read it."""
    return results[obligation].verdict.title if obligation in results else _NOT_RUN


def statuses(
    risk_file: RiskFile, results: Mapping[str, Result], effects: Effects = ()
) -> tuple[ControlStatus, ...]:
    """Return the state of every control, in the order of the file."""
    planned = {item.control: _tried(item, effects) for item in ablations(risk_file)}
    alone = {name: _status(risk_file, name, results, planned.get(name)) for name in risk_file.controls}
    return tuple(_relying(risk_file, name, alone) for name in alone)


def _tried(planned: Trial, effects: Effects) -> tuple[Effect, str]:
    """Return what a trial shows, and the reason in words."""
    effect, why = judged(planned, effects)
    return effect, f"{'tried as it stands' if planned.nothing else 'removing it for a trial shows'}: {why}"


def _relying(risk_file: RiskFile, name: str, alone: Mapping[str, ControlStatus]) -> ControlStatus:
    """Return the state of a control that is no better than those that it relies on."""
    found = alone[name]
    needed = Foundations(risk_file.controls).relied(name)
    weak = [other for other in needed if alone[other].state.rank > found.state.rank]
    if not weak:
        return found
    state = max((alone[other].state for other in weak), key=lambda state: state.rank)
    reasons = (f"it relies on {other}, which is {alone[other].state.value}" for other in weak)
    return replace(found, state=state, reasons=(*found.reasons, *reasons))


def _status(
    risk_file: RiskFile,
    name: str,
    results: Mapping[str, Result],
    effect: tuple[Effect, str] | None,
) -> ControlStatus:
    """Return the state of a control: verified only if every obligation that it rests on is proved.

    It rests on those that its requirements cite or that it names itself, and on those without which their
    proofs mean nothing. Where its elements can be removed for a trial, the trial has to show an effect.
    """
    control = risk_file.controls[name]
    demands = {item: risk_file.requirements[item] for item in control.requirements}
    given = (control.implementation, control.effectiveness)
    cited = [item for demand in demands.values() for item in demand.verified_by]
    cited += [item for side in given for item in side.obligations]
    supports = [support for item in cited for support in risk_file.supports.get(item, ())]
    obligations = tuple(dict.fromkeys((*cited, *supports)))
    bare = [item for item, demand in demands.items() if not demand.shown]
    found = [results[item] for item in obligations if item in results]
    whole = bool(demands or control.implementation.anything) and not bare
    realising = [item for demand in demands.values() for item in demand.outside]
    realising += control.implementation.outside
    external = tuple(dict.fromkeys(item.ref for item in realising))
    tested = (*realising, *control.effectiveness.outside)
    failed = [item.ref for item in tested if item.result == "failed"]
    state = _state([verdict_of(results, item) for item in obligations], external, whole=whole)
    reasons = [*_reasons(whole or bool(bare), bare, obligations, external, results)]
    reasons += [f"the test failed: {ref}" for ref in failed]
    if effect is not None and effect[0] is not Effect.EFFECTIVE:
        state = max(state, ControlState.NOT_VERIFIED, key=lambda item: item.rank)
        reasons.append(effect[1])
    return ControlStatus(
        name,
        control.control,
        control.kind,
        ControlState.REFUTED if failed else state,
        tuple(reasons),
        tuple((item, verdict_title(results, item)) for item in obligations),
        external,
        tuple(dict.fromkeys(number for result in found for number in result.unverified)),
        tuple(dict.fromkeys(item for result in found for item in result.assumptions)),
        effect[0].value if effect is not None else "as named" if shown(control) else "not shown",
    )


def verdict_of(results: Mapping[str, Result], obligation: str) -> Verdict | None:
    """Return the verdict of an obligation, ``None`` where nobody has verified it; an empty claim has none."""
    result = results.get(obligation)
    if result is None:
        return None
    empty = result.verdict is Verdict.PROVED and result.vacuous
    return Verdict.UNKNOWN if empty else result.verdict


def told(results: Mapping[str, Result], obligation: str) -> str:
    """Return the verdict of an obligation in words, with the reason why it is no proof."""
    title, result = verdict_title(results, obligation), results.get(obligation)
    if result is None:
        return title
    if result.verdict is Verdict.PROVED:
        return f"{title}, but {result.vacuous}" if result.vacuous else title
    return f"{title}: {result.reason}" if result.reason else title


def _state(verdicts: Sequence[Verdict | None], external: Sequence[str], *, whole: bool) -> ControlState:
    if Verdict.REFUTED in verdicts:
        return ControlState.REFUTED
    if not whole or not (verdicts or external):
        return ControlState.NOT_VERIFIED
    if any(verdict is not Verdict.PROVED for verdict in verdicts):
        return ControlState.NOT_VERIFIED
    if not external:
        return ControlState.VERIFIED
    return ControlState.PARTLY if verdicts else ControlState.EXTERNAL


def _reasons(
    realised: bool,
    bare: Sequence[str],
    obligations: Sequence[str],
    external: Sequence[str],
    results: Mapping[str, Result],
) -> Iterator[str]:
    """Yield why the control is in its state, one short sentence each."""
    if not realised:
        yield "no requirement realises it"
    for name in bare:
        yield f"nothing shows that requirement {name} is met"
    for name in obligations:
        yield f"{name} is {told(results, name)}"
    for ref in external:
        yield f"external evidence, not checked here: {ref}"
