"""Reading the files that ship with stimproof beside these modules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from stimproof.specs.errors import InternalError
from stimproof.specs.fields import Model
from stimproof.specs.reading import read_file
from stimproof.specs.validation import bundle, validate

if TYPE_CHECKING:
    from collections.abc import Mapping

Shipped = TypeVar("Shipped", bound=Model)


def shipped(kind: type[Shipped], name: str, heads: Mapping[str, Any]) -> Shipped:
    """Return the model in a shipped file; ``heads`` are its sections that are no list of entries.

    Raises:
        InternalError: the shipped file is broken.
    """
    source = bundle([read_file(Path(__file__).with_name(name), name)], heads)
    checked = validate(kind, source)
    if checked.model is None or source.findings:
        raise InternalError("\n".join(finding.text() for finding in source.findings))
    return checked.model
