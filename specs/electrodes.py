"""Resolution of electrodes: sourced dimensions, and rational bounds of the area that follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs import specification as resolved
from stimproof.specs.bounds import PI
from stimproof.specs.findings import Code
from stimproof.specs.parameters import tolerance

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.specs import stimulation
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
