"""Resolution of electrodes: sourced dimensions, and rational bounds of the area that follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stimproof.specs import pulse_trains
from stimproof.specs import specification as resolved
from stimproof.specs.bounds import PI
from stimproof.specs.findings import Code
from stimproof.specs.parameters import tolerance

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.specs import fields, stimulation
    from stimproof.specs.context import Context, Path


def electrode(context: Context, name: str, given: stimulation.Electrode) -> resolved.Electrode:
    """Resolve one electrode and bound its nominal geometric area by rationals."""
    path: Path = ("electrodes", name)
    shape = given.geometry
    numbers = {
        key: context.number((*path, "geometry", key), key, getattr(shape, key))
        for key in type(shape).model_fields
        if key != "shape"
    }
    for key, number in numbers.items():
        if number.quantity is not None and number.quantity.si <= 0:
            context.report(
                Code.WRONG_VALUE,
                (*path, "geometry", key, "value"),
                f"the {key} of a contact cannot be {number.text}",
                "write a size above zero, or 'unknown'",
            )
    sizes = {key: number.quantity.si for key, number in numbers.items() if number.quantity is not None}
    area = _area(shape.shape, sizes) if len(sizes) == len(numbers) else None
    if area is not None and area[0] <= 0:
        area = None
        if all(size > 0 for size in sizes.values()):
            message = "the contact has no area"
            context.report(Code.EMPTY_RANGE, (*path, "geometry"), message, "mend its dimensions")
    if given.contacts is not None:
        context.citation((*path, "contacts"), given.contacts, known=given.contacts.known)
    return resolved.Electrode(
        name,
        shape.shape,
        tuple(numbers.values()),
        area,
        tolerance(context, (*path, "area_tolerance"), "area_tolerance", given.area_tolerance),
        str(given.material.value),
        str(given.tissue.value),
        context.citation((*path, "material"), given.material, known=given.material.known),
        context.citation((*path, "tissue"), given.tissue, known=given.tissue.known),
        given.contacts.value if given.contacts and isinstance(given.contacts.value, int) else None,
        context.at(path),
        given.note,
        given.placement or context.document.device.placement,
        _impedance(context, (*path, "impedance"), given.impedance),
        _double_layer(context, (*path, "double_layer_capacitance"), given.double_layer_capacitance),
    )


def _impedance(context: Context, path: Path, given: fields.Sourced[Any] | None) -> pulse_trains.Span | None:
    """Return the range of the load through one contact; ``None`` where nothing is written."""
    if given is None:
        return None
    citation = context.citation(path, given, known=given.known)
    if isinstance(given.value, str):
        citation = resolved.Citation(citation.sources, "unknown", citation.note)
        return pulse_trains.Span("impedance", None, citation, context.at(path))
    low, high = given.value
    if not 0 < low.si <= high.si:
        message = f"the impedance cannot run from {low} to {high}"
        advice = "give the smallest load, above zero, and then the largest"
        code = Code.EMPTY_RANGE if low.si > high.si else Code.WRONG_VALUE
        context.report(code, (*path, "value"), message, advice)
    return pulse_trains.Span("impedance", (low, high), citation, context.at(path))


def _double_layer(context: Context, path: Path, given: fields.Sourced[Any] | None) -> resolved.Number | None:
    if given is None:
        return None
    found = context.number(path, "double_layer_capacitance", given)
    if found.quantity is not None and found.quantity.si <= 0:
        message = f"a capacitance cannot be {found.text}"
        context.report(Code.WRONG_VALUE, (*path, "value"), message, "write a size above zero, or 'unknown'")
    return found


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
