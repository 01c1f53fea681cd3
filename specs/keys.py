"""Which keys the language has at a place: read from the models, for advice on keys that it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Return every key that some construct of the language may have at a path, in declared order."""
    kinds: list[Any] = [model]
    for part in path:
        kinds = [inner for kind in kinds for inner in _inside(kind, part)]
    models = [found for kind in kinds for found in _models(kind)]
    return list(dict.fromkeys(key for found in models for key in _fields(found)))


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _branches(kind: Any) -> Iterator[Any]:
    """Yield the alternatives of a type, without what only annotates it."""
    if get_origin(kind) is Annotated:
        yield from _branches(get_args(kind)[0])
    elif isinstance(kind, type) or get_origin(kind) in (dict, tuple, list):
        yield kind
    else:
        for member in get_args(kind):
            yield from _branches(member)


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    for branch in _branches(kind):
        if isinstance(branch, type) and issubclass(branch, BaseModel):
            yield branch


def _inside(kind: Any, part: str | int) -> Iterator[Any]:
    """Yield the types that stand at a key or an index of a type."""
    for branch in _branches(kind):
        if get_origin(branch) is dict and isinstance(part, str):
            yield get_args(branch)[1]
        elif get_origin(branch) in (tuple, list) and isinstance(part, int):
            yield get_args(branch)[0]
        elif isinstance(branch, type) and issubclass(branch, BaseModel):
            field = _fields(branch).get(str(part))
            if field is not None:
                yield field
