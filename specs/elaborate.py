"""Resolution of the static half of a specification: numbers, electrodes, parameters, stimuli, limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from stimproof.specs import document as written
from stimproof.specs import specification as resolved
from stimproof.specs.bounds import PI
from stimproof.specs.expressions import BOOLEAN, Expression, Real, Type
from stimproof.specs.findings import Code, Finding, Location, Severity
from stimproof.specs.parsing import LanguageError
from stimproof.specs.quantities import (
    CHARGE,
    CHARGE_DENSITY,
    CURRENT,
    FREQUENCY,
    NUMBER,
    TIME,
    Dimension,
    Quantity,
)
from stimproof.specs.typing import ExcusedError, Scope, expression

if TYPE_CHECKING:
    from stimproof.specs.validation import Bundle

DELIVERED = ".delivered"
_LIMIT_DIMENSIONS = {
    "charge_per_phase": CHARGE,
    "charge_density": CHARGE_DENSITY,
    "shannon": NUMBER,
    "charge_injection_capacity": CHARGE_DENSITY,
}
Path = tuple[str | int, ...]


@dataclass
class Context:
    """What resolution needs everywhere: the bundle for places, the findings, what is already excused."""

    source: Bundle
    document: written.SpecificationDocument
    excused: frozenset[str]
    cited: set[str] = field(default_factory=set)

    def report(
        self,
        code: Code,
        path: Path,
        message: str,
        advice: str = "",
        *,
        key: bool = False,
        severity: Severity | None = None,
    ) -> None:
        """Add a finding at a path of the document."""
        self.source.findings.append(Finding(code, self.source.at(path, key=key), message, advice, severity))

    def at(self, path: Path) -> Location:
        """Return where a path stands, by its key where it has one."""
        return self.source.at(path, key=True)

    def expression(
        self, path: Path, source: str, scope: Scope, wanted: Type | None = BOOLEAN
    ) -> Expression | None:
        """Type one expression; ``None`` after reporting why that failed."""
        try:
            return expression(self.source.text(path, source), scope, wanted)
        except LanguageError as problem:
            found = problem.finding
            place = Location(
                found.location.file, found.location.line, found.location.column, self.source.at(path).path
            )
            self.source.findings.append(Finding(found.code, place, found.message, found.advice))
        except ExcusedError:
            pass
        return None

    def citation(self, path: Path, cited: written.Cited, *, known: bool = True) -> resolved.Citation:
        """Return a citation after checking that its sources are declared."""
        self.cited.update(cited.sources)
        for name in cited.sources:
            if name not in self.document.sources and name not in self.excused:
                self.report(
                    Code.UNKNOWN_SOURCE,
                    (*path, "source"),
                    f"no source is called '{name}'",
                    f"declare it under 'sources:'; declared are {', '.join(self.document.sources) or 'none'}",
                )
        confidence = cited.confidence or ("unknown" if not known else "not stated")
        return resolved.Citation(cited.sources, confidence, cited.note)

    def number(self, path: Path, name: str, given: written.Sourced[Any] | None) -> resolved.Number:
        """Resolve a sourced quantity; absent and ``unknown`` give none, told apart by their confidence."""
        if given is None:
            return resolved.Number(name, None, resolved.Citation((), "not stated"), self.at(path))
        citation = self.citation(path, given, known=given.known)
        if not isinstance(given.value, Quantity):
            citation = resolved.Citation(citation.sources, "unknown", citation.note)
            return resolved.Number(name, None, citation, self.at(path))
        return resolved.Number(name, given.value, citation, self.at(path))


def _tolerance(
    context: Context, path: Path, name: str, given: written.Sourced[Any] | None
) -> resolved.Number:
    """Resolve a relative tolerance; one of 100 % or more would mean delivery of nothing, or backwards."""
    found = context.number(path, name, given)
    if found.quantity is not None and not 0 <= found.quantity.si < 1:
        context.report(
            Code.WRONG_VALUE,
            (*path, "value"),
            f"a tolerance of {found.quantity} is not between 0 % and 100 %",
            "it is relative: '5 %' stands for anything between 95 % and 105 % of the nominal value",
        )
    return found


def parameter(context: Context, name: str, given: written.Parameter) -> resolved.Parameter | None:
    """Resolve one programmable parameter; ``None`` after reporting what is wrong with its range or grid."""
    path: Path = ("parameters", name)
    low, high = given.range
    shown = given.default or high
    if not _one_dimension(context, path, given):
        return None
    if low.si > high.si:
        context.report(
            Code.EMPTY_RANGE,
            (*path, "range"),
            f"the range from {low} to {high} is empty",
            "swap its two ends",
        )
        return None
    segments = _segments(context, path, given)
    if segments is None:
        return None
    default = given.default.si if given.default else None
    result = resolved.Parameter(
        name,
        (shown if shown.unit.text else high).unit,
        low.si,
        high.si,
        segments,
        default,
        _tolerance(context, (*path, "tolerance"), "tolerance", given.tolerance),
        context.citation(path, given),
        context.at(path),
        given.doc,
    )
    if default is not None and not low.si <= default <= high.si:
        message = f"the default {given.default} is outside {low} … {high}"
        context.report(Code.GRID, (*path, "default"), message, "mend one of them")
        return None
    if default is not None and not result.on_grid(default):
        context.report(
            Code.OFF_GRID,
            (*path, "default"),
            f"the default {given.default} of '{name}' is not on its own grid",
            "the device cannot express it; ask the maker which of the two is meant",
        )
    return result


def _one_dimension(context: Context, path: Path, given: written.Parameter) -> bool:
    """Return whether range, grid, step and default share one dimension; report the first that does not.

    A lower end may be written as a bare ``0``, which fits every dimension.
    """
    low, high = given.range
    parts: list[tuple[Path, Quantity]] = [] if low.bare_zero_for(high) else [(("range", 0), low)]
    parts += [
        (("grid", index, key), part)
        for index, piece in enumerate(given.grid)
        for key, part in (("from", piece.start), ("to", piece.stop), ("step", piece.step))
        if key != "from" or not part.bare_zero_for(high)
    ]
    parts += [((key,), part) for key, part in (("step", given.step), ("default", given.default)) if part]
    for where, part in parts:
        if part.dimension != high.dimension:
            message = f"'{part}' is {part.dimension}, but the range ends with '{high}'"
            context.report(Code.WRONG_UNIT, (*path, *where), message, "use one dimension throughout")
            return False
        if where[-1] == "step" and part.unit.offset:
            message = f"'{part}' is a point of a scale, not a difference"
            context.report(Code.WRONG_UNIT, (*path, *where), message, "write the step in K")
            return False
    return True


def _segments(context: Context, path: Path, given: written.Parameter) -> tuple[resolved.Segment, ...] | None:
    low, high = given.range
    if given.grid and given.step:
        context.report(Code.GRID, (*path, "grid"), "both 'step' and 'grid' are given", "keep one of the two")
        return None
    pieces: list[tuple[Fraction, Fraction, Fraction, Path]] = [
        (piece.start.si, piece.stop.si, piece.step.si, ("grid", i)) for i, piece in enumerate(given.grid)
    ]
    if not pieces:
        if given.step is None:
            if low.si != high.si:
                context.report(
                    Code.GRID, path, "the parameter has no grid", "add 'step:' or 'grid:'", key=True
                )
                return None
            return (resolved.Segment(low.si, high.si, Fraction(1)),)
        pieces = [(low.si, high.si, given.step.si, ("step",))]
    for start, stop, step, where in pieces:
        if step <= 0 or start > stop or (stop - start) % step != 0:
            context.report(
                Code.GRID,
                (*path, *where),
                "the step does not fit: it must be positive and divide the span "
                "from the first value to the last",
                "mend the step or the end of the range",
            )
            return None
    ends = [(a[1], b[0]) for a, b in pairwise(pieces)]
    if pieces[0][0] != low.si or pieces[-1][1] != high.si or any(stop > start for stop, start in ends):
        context.report(
            Code.GRID,
            (*path, "grid"),
            "the grid does not run from one end of the range to the other",
            "give its pieces in ascending order, from the lower end to the upper end",
        )
        return None
    return tuple(resolved.Segment(start, stop, step) for start, stop, step, _ in pieces)


def electrode(context: Context, name: str, given: written.Electrode) -> resolved.Electrode:
    """Resolve one electrode and bound its nominal geometric area by rationals."""
    path: Path = ("electrodes", name)
    shape = given.geometry
    numbers = {
        key: context.number((*path, "geometry", key), key, getattr(shape, key))
        for key in type(shape).model_fields
        if key != "shape"
    }
    sizes = {key: number.quantity.si for key, number in numbers.items() if number.quantity is not None}
    area = _area(shape.shape, sizes) if len(sizes) == len(numbers) else None
    if area is not None and area[0] <= 0:
        context.report(
            Code.EMPTY_RANGE, (*path, "geometry"), "the electrode has no area", "mend its dimensions"
        )
        area = None
    return resolved.Electrode(
        name,
        shape.shape,
        tuple(numbers.values()),
        area,
        _tolerance(context, (*path, "area_tolerance"), "area_tolerance", given.area_tolerance),
        None,
        str(given.material.value),
        str(given.tissue.value),
        context.citation((*path, "material"), given.material, known=given.material.known),
        context.citation((*path, "tissue"), given.tissue, known=given.tissue.known),
        given.contacts.value if given.contacts and isinstance(given.contacts.value, int) else None,
        context.at(path),
        given.note,
    )


def _area(shape: str, sizes: dict[str, Fraction]) -> tuple[Fraction, Fraction]:
    """Return rational bounds of the area; pi is enclosed, so the lower bound is never too large."""
    if shape == "given":
        return sizes["area"], sizes["area"]
    if shape == "rectangle":
        area = sizes["width"] * sizes["length"]
        return area, area
    if shape == "disc":
        factor = sizes["diameter"] ** 2 / 4
    elif shape == "cylinder":
        factor = sizes["diameter"] * sizes["length"]
    else:
        factor = (sizes["outer_diameter"] ** 2 - sizes["inner_diameter"] ** 2) / 4
    return PI[0] * factor, PI[1] * factor


def stimulus(
    context: Context,
    name: str,
    given: written.Stimulus,
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
    return resolved.Stimulus(
        name,
        contact,
        found[0],
        found[1],
        found[2],
        phases,
        context.number((*path, "waveform", "interphase_gap"), "interphase_gap", wave.interphase_gap),
        context.citation((*path, "waveform"), wave, known=phases is not None),
        context.at(path),
        given.doc,
    )


def _roles(
    context: Context, path: Path, given: written.Stimulus, parameters: dict[str, resolved.Parameter]
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
        else:
            found.append(item)
    return found


def parameter_scope(context: Context, parameters: dict[str, resolved.Parameter]) -> Scope:
    """Return the names that claims about parameters may use, ``delivered(p)`` among them."""
    names: dict[str, Type] = {}
    for item in parameters.values():
        names[item.name] = names[item.name + DELIVERED] = Real(item.unit.dimension)
    nonzero = {item.name for item in parameters.values() if item.low > 0 or item.high < 0}
    return Scope(
        names,
        frozenset(nonzero | {name + DELIVERED for name in nonzero}),
        {"delivered": DELIVERED},
        context.excused,
        "parameter",
    )


def interlock(
    context: Context, name: str, given: written.Interlock, scope: Scope
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
    given: written.LawLimit | written.ClaimLimit,
    scope: Scope,
    stimuli: dict[str, resolved.Stimulus],
) -> resolved.Limit | None:
    """Resolve one limit; ``None`` after reporting what is wrong with it."""
    path: Path = ("limits", name)
    if isinstance(given, written.LawLimit):
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
        argument="",
        claim=claim,
        text=given.claim,
        citation=citation,
        location=context.at(path),
        doc=given.doc,
        if_refuted=given.if_refuted,
    )


def _law_limit(
    context: Context, name: str, given: written.LawLimit, stimuli: dict[str, resolved.Stimulus]
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
        argument=given.argument,
        claim=None,
        text=given.law,
        citation=citation,
        location=context.at(path),
        doc=given.doc,
        if_refuted=given.if_refuted,
    )


def _limit_number(
    context: Context, path: Path, given: written.LawLimit, citation: resolved.Citation
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
