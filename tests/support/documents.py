"""Whole specification documents drawn at random, from the models themselves.

What a construct looks like is read from its annotation, so a construct that the language gains is drawn
from then on. The documents are well formed, not meaningful: names need not be declared.
"""

from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from stimproof.specs import fields
from stimproof.specs.document import SpecificationDocument

_NAMES = st.sampled_from(["a", "amplitude", "ON", "true", "null", "x1", "any", "drg-axium", "no", "y_2-b"])
_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=4).map(str) | st.sampled_from(
    ["0", "1", "0.1", "3e-5", "12e20", "1234567.000001", "-7.25"]
)
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x85\u2028\u2029\ufeff"), max_size=20)
_UNITS = ["", "%", "mA", "us", "Hz", "mm", "mm^2", "V", "kohm", "uF", "uF/cm^2", "uC", "degC", "K", "h^-1"]


@cache
def _units_of(annotation: Any) -> tuple[str, ...]:
    """Return the units that a field of a quantity accepts."""
    adapter = TypeAdapter(annotation)
    accepted = []
    for unit in _UNITS:
        try:
            adapter.validate_python(f"1 {unit}".strip())
        except ValidationError:
            continue
        accepted.append(unit)
    return tuple(accepted)


def _is_quantity(annotation: Any) -> bool:
    return get_origin(annotation) is Annotated and get_args(annotation)[0] is fields.Quantity


def values(annotation: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return a strategy for plain data of an annotation."""
    if _is_quantity(annotation):
        units = st.sampled_from(_units_of(annotation))
        return st.builds(lambda number, unit: f"{number} {unit}".strip(), _NUMBERS, units)
    if annotation == fields.Identifier:
        return _NAMES
    if annotation == fields.ExpressionText:
        return _TEXTS | st.booleans() | st.integers() | st.sampled_from(["0.10", "1e3", "x <= 5 mA"])
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        least = any(getattr(note, "min_length", None) for note in _notes(args[1:]))
        if least and get_origin(args[0]) is tuple:
            return st.lists(values(get_args(args[0])[0], depth + 1), min_size=1, max_size=2)
        return values(args[0], depth)
    if origin is Literal:
        return st.sampled_from(args)
    if origin is dict:
        return st.dictionaries(values(args[0], depth), values(args[1], depth + 1), max_size=2)
    if origin is tuple:
        if args[-1] is Ellipsis:
            return st.lists(values(args[0], depth + 1), max_size=2)
        return st.tuples(*(values(arg, depth + 1) for arg in args)).map(list)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return models(annotation, depth)
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    return st.one_of([values(arg, depth) for arg in args])


_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: _TEXTS,
    bool: st.booleans(),
    int: st.integers(-(10**9), 10**9),
    type(None): st.none(),
}


def _notes(notes: tuple[Any, ...]) -> list[Any]:
    return [inner for note in notes for inner in (note, *getattr(note, "metadata", ()))]


@st.composite
def models(draw: st.DrawFn, kind: type[BaseModel], depth: int = 0) -> dict[str, Any]:
    """Draw the data of one model; what the model itself refuses is not drawn."""
    data: dict[str, Any] = {}
    cited = draw(st.booleans()) or kind is not SpecificationDocument
    for name, field in kind.model_fields.items():
        annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        wanted = field.is_required() or (cited and name in ("source", "confidence")) or draw(st.booleans())
        if wanted:
            data[field.alias or name] = draw(values(annotation, depth))
    try:
        kind.model_validate(data)
    except ValidationError:
        assume(False)
    return data


def documents() -> st.SearchStrategy[SpecificationDocument]:
    """Return whole documents."""
    return models(SpecificationDocument).map(SpecificationDocument.model_validate)
