"""Resolution of stimuli, interlocks and limits: what is delivered, and what it must keep to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs import specification as resolved
from stimproof.specs import stimulation
from stimproof.specs.expressions import Real, Type
from stimproof.specs.findings import Code
from stimproof.specs.quantities import (
    CHARGE,
    CHARGE_DENSITY,
    CURRENT,
    FREQUENCY,
    NUMBER,
    TIME,
    Dimension,
    decimal_text,
)
from stimproof.specs.typing import Scope

if TYPE_CHECKING:
    from stimproof.specs.context import Context, Path

DELIVERED = ".delivered"
_LIMIT_DIMENSIONS = {
    "charge_per_phase": CHARGE,
    "charge_density": CHARGE_DENSITY,
    "shannon": NUMBER,
    "charge_injection_capacity": CHARGE_DENSITY,
}


def stimulus(
    context: Context,
    name: str,
    given: stimulation.Stimulus,
    electrodes: dict[str, resolved.Electrode],
    parameters: dict[str, resolved.Parameter],
) -> resolved.Stimulus | None:
    """Resolve one stimulus; ``None`` after reporting names that do not exist or have the wrong dimension."""
    path: Path = ("stimuli", name)
    found = _roles(context, path, given, parameters)
    contact = electrodes.get(given.electrode)
    if contact is None and given.electrode not in context.excused:
        context.report(
            Code.UNKNOWN_NAME,
            (*path, "electrode"),
            f"no electrode is called '{given.electrode}'",
            "declare it under 'electrodes:'",
        )
    if contact is None or len(found) < 3:
        return None
    wave = given.waveform
    phases = (
        None
        if isinstance(wave.phases, str)
        else tuple(
            resolved.Phase(phase.polarity, phase.amplitude.si, phase.width.si) for phase in wave.phases
        )
    )
    gap = context.number((*path, "waveform", "interphase_gap"), "interphase_gap", wave.interphase_gap)
    _check_pulse(context, (*path, "waveform"), phases or (), gap)
    return resolved.Stimulus(
        name,
        contact,
        found[0],
        found[1],
        found[2],
        phases,
        gap,
        context.citation((*path, "waveform"), wave, known=phases is not None),
        context.at(path),
        given.doc,
    )


def _check_pulse(
    context: Context, path: Path, phases: tuple[resolved.Phase, ...], gap: resolved.Number
) -> None:
    """Report what no pulse can have: a phase without size, a gap of negative length."""
    for index, phase in enumerate(phases):
        for key, value in (("amplitude", phase.amplitude), ("width", phase.width)):
            if value <= 0:
                context.report(
                    Code.WRONG_VALUE,
                    (*path, "phases", index, key),
                    f"the relative {key} of a phase cannot be {decimal_text(value)}",
                    "write a number above zero; 'polarity:' gives the direction",
                )
    if gap.quantity is not None and gap.quantity.si < 0:
        context.report(
            Code.WRONG_VALUE,
            (*path, "interphase_gap", "value"),
            f"an interphase gap cannot be {gap.text}",
            "write zero or more, or 'unknown'",
        )


def _roles(
    context: Context, path: Path, given: stimulation.Stimulus, parameters: dict[str, resolved.Parameter]
) -> list[resolved.Parameter]:
    """Return the parameters that set a stimulus, those in their right role only; report the others."""
    roles: tuple[tuple[str, str, Dimension], ...] = (
        ("amplitude", given.amplitude, CURRENT),
        ("pulse_width", given.pulse_width, TIME),
        ("frequency", given.frequency, FREQUENCY),
    )
    found: list[resolved.Parameter] = []
    for role, wanted, dimension in roles:
        item = parameters.get(wanted)
        if item is None:
            if wanted not in context.excused:
                context.report(
                    Code.UNKNOWN_NAME,
                    (*path, role),
                    f"no parameter is called '{wanted}'",
                    "declare it under 'parameters:'",
                )
        elif item.unit.dimension != dimension:
            context.report(
                Code.WRONG_UNIT,
                (*path, role),
                f"'{wanted}' is {item.unit.dimension}; the {role} must be {dimension}",
                "name another parameter, or mend its unit",
            )
        elif item.low < 0:
            context.report(
                Code.WRONG_VALUE,
                (*path, role),
                f"'{wanted}' may be negative, and the {role} of a stimulus is a magnitude",
                "let its range start at zero or above; the polarity of a phase gives the direction",
            )
        else:
            found.append(item)
    return found


def parameter_scope(context: Context, parameters: dict[str, resolved.Parameter]) -> Scope:
    """Return the names that claims about parameters may use, ``delivered(p)`` among them."""
    names: dict[str, Type] = {}
    for item in parameters.values():
        names[item.name] = names[item.name + DELIVERED] = Real(item.unit.dimension)
    nonzero = {item.name for item in parameters.values() if item.low > 0 or item.high < 0}
    points = {item.name for item in parameters.values() if item.unit.offset}
    return Scope(
        names,
        frozenset(nonzero | {name + DELIVERED for name in nonzero}),
        {"delivered": DELIVERED},
        context.excused,
        "parameter",
        frozenset(points | {name + DELIVERED for name in points}),
    )


def interlock(
    context: Context, name: str, given: stimulation.Interlock, scope: Scope
) -> resolved.Interlock | None:
    """Resolve one interlock; ``None`` after reporting what is wrong with its claim."""
    path: Path = ("interlocks", name)
    citation = context.citation(path, given)
    claim = context.expression((*path, "claim"), given.claim, scope)
    if claim is None:
        return None
    return resolved.Interlock(name, claim, given.claim, citation, given.discharged_by, context.at(path))


def limit(
    context: Context,
    name: str,
    given: stimulation.LawLimit | stimulation.ClaimLimit,
    scope: Scope,
    stimuli: dict[str, resolved.Stimulus],
) -> resolved.Limit | None:
    """Resolve one limit; ``None`` after reporting what is wrong with it."""
    path: Path = ("limits", name)
    if isinstance(given, stimulation.LawLimit):
        return _law_limit(context, name, given, stimuli)
    citation = context.citation(path, given)
    claim = context.expression((*path, "claim"), given.claim, scope)
    if claim is None:
        return None
    return resolved.Limit(
        name=name,
        law=None,
        stimulus=None,
        limit=None,
        condition="",
        measured_on="",
        argument="",
        claim=claim,
        text=given.claim,
        citation=citation,
        location=context.at(path),
        doc=given.doc,
        if_refuted=given.if_refuted,
    )


def _law_limit(
    context: Context, name: str, given: stimulation.LawLimit, stimuli: dict[str, resolved.Stimulus]
) -> resolved.Limit | None:
    path: Path = ("limits", name)
    citation = context.citation(path, given)
    train = stimuli.get(given.stimulus)
    if train is None and given.stimulus not in context.excused:
        context.report(
            Code.UNKNOWN_NAME,
            (*path, "stimulus"),
            f"no stimulus is called '{given.stimulus}'",
            "declare it under 'stimuli:'",
        )
    number = _limit_number(context, path, given, citation)
    if train is None or (number is None and given.law != "timing"):
        return None
    return resolved.Limit(
        name=name,
        law=given.law,
        stimulus=train,
        limit=number,
        condition=given.condition,
        measured_on=given.measured_on,
        argument=given.argument,
        claim=None,
        text=given.law,
        citation=citation,
        location=context.at(path),
        doc=given.doc,
        if_refuted=given.if_refuted,
    )


def _limit_number(
    context: Context, path: Path, given: stimulation.LawLimit, citation: resolved.Citation
) -> resolved.Number | None:
    if given.law == "timing":
        if given.limit is not None:
            context.report(
                Code.UNKNOWN_KEY,
                (*path, "limit"),
                "the law 'timing' has no limit of its own",
                "remove it",
                key=True,
            )
        return None
    if given.limit is None:
        context.report(
            Code.MISSING_KEY,
            path,
            f"the law '{given.law}' needs 'limit:'",
            "give its value, or 'unknown'",
            key=True,
        )
        return None
    if isinstance(given.limit, str):
        return resolved.Number(
            "limit",
            None,
            resolved.Citation(citation.sources, "unknown", citation.note),
            context.at((*path, "limit")),
        )
    wanted = _LIMIT_DIMENSIONS[given.law]
    if given.limit.dimension != wanted:
        context.report(
            Code.WRONG_UNIT,
            (*path, "limit"),
            f"'{given.limit}' is {given.limit.dimension}; the law '{given.law}' needs {wanted}",
            "mend the unit, or the law",
        )
        return None
    missing = [
        what for what, got in (("source", citation.sources), ("confidence", given.confidence)) if not got
    ]
    if missing:
        context.report(
            Code.MISSING_SOURCE,
            path,
            f"this limit has no {' and no '.join(missing)}",
            "cite a declared source with a confidence, or write 'limit: unknown'",
            key=True,
        )
    return resolved.Number("limit", given.limit, citation, context.at((*path, "limit")))
