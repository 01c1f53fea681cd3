"""Writing a specification document as YAML that reads back equal.

Only what differs from the language's defaults is written, keys in the order of the models. Comments are not
kept: they are no part of a document.
"""

from __future__ import annotations

from io import StringIO
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from stimproof.specs.fields import Model
from stimproof.specs.quantities import NamedQuantity, Quantity
from stimproof.specs.reading import scalar

_NO_FOLDING = 1_000_000


def write(document: Model) -> str:
    """Return a document as YAML text."""
    yaml = YAML(typ="rt", pure=True)
    yaml.default_flow_style = False
    yaml.width = _NO_FOLDING
    yaml.allow_unicode = True
    out = StringIO()
    yaml.dump(plain(document), out)
    return out.getvalue()


def plain(value: Any) -> Any:
    """Return a value of a document as what YAML has: mappings, lists, texts, whole numbers, truth values."""
    if isinstance(value, BaseModel):
        return {
            _text(field.alias or name): plain(given)
            for name, field in type(value).model_fields.items()
            if (given := getattr(value, name)) != field.get_default(call_default_factory=True)
            or field.is_required()
        }
    if isinstance(value, dict):
        return {_text(str(key)): plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if isinstance(value, Quantity):
        return _text(quantity_text(value))
    return _text(value) if isinstance(value, str) else value


def quantity_text(value: Quantity) -> str:
    """Return a quantity as its author would write it: the constant's name, or number and unit."""
    if isinstance(value, NamedQuantity):
        return value.name
    return value.unit.show(value.si, exact=True)


def _text(value: str) -> str:
    """Return a text so that it is read back as that text: quoted where it looks like something else."""
    risky = scalar(value) != value or not isinstance(scalar(value), str) or not value.isprintable()
    return DoubleQuotedScalarString(value) if risky else value
