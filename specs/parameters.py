"""Resolution of programmable parameters: one dimension, a grid that fits, a tolerance that makes sense."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from stimproof.specs import specification as resolved
from stimproof.specs.findings import Code

if TYPE_CHECKING:
    from stimproof.specs import fields, stimulation
    from stimproof.specs.context import Context, Path
    from stimproof.specs.quantities import Quantity


MOST_VALUES = 1_000_000


def tolerance(context: Context, path: Path, name: str, given: fields.Sourced[Any] | None) -> resolved.Number:
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


def parameter(context: Context, name: str, given: stimulation.Parameter) -> resolved.Parameter | None:
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
        tolerance(context, (*path, "tolerance"), "tolerance", given.tolerance),
        context.citation(path, given),
        context.at(path),
        given.doc,
        given.kind,
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


def _one_dimension(context: Context, path: Path, given: stimulation.Parameter) -> bool:
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
    parts += [
        ((key,), part)
        for key, part in (("step", given.step), ("default", given.default))
        if part and not isinstance(part, str)
    ]
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


def _segments(
    context: Context, path: Path, given: stimulation.Parameter
) -> tuple[resolved.Segment, ...] | None:
    low, high = given.range
    if given.grid and given.step:
        context.report(Code.GRID, (*path, "grid"), "both 'step' and 'grid' are given", "keep one of the two")
        return None
    pieces: list[tuple[Fraction, Fraction, Fraction, Path]] = [
        (piece.start.si, piece.stop.si, piece.step.si, ("grid", i)) for i, piece in enumerate(given.grid)
    ]
    if not pieces:
        if isinstance(given.step, str):
            return ()
        if given.step is None:
            if given.kind != "programmed":
                return ()
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
        if (stop - start) / step > MOST_VALUES:
            message = f"the grid has more than {MOST_VALUES} programmable values"
            advice = "check the units of range and step; no device offers that many"
            context.report(Code.TOO_LARGE, (*path, *where), message, advice)
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
