"""JSON Schemas of what stimproof reads and writes, made from the models, for editors and other tools.

A schema says what one *file* may hold. The sections of a specification or a risk file may be spread over
several files, so no file needs all of them. Where a specification or a risk file extends that of a reference
device, its entries say only what they change: ``overrides`` and ``risk-overrides`` are the schemas of such
files, in which no key is required.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_IDENTITY = "urn:stimproof:schema:1:"
SUFFIX = ".schema.json"


def _specification() -> dict[str, Any]:
    from stimproof.specs.document import SpecificationDocument

    return _of_a_file(SpecificationDocument.model_json_schema())


def _overrides() -> dict[str, Any]:
    from stimproof.specs.document import SpecificationDocument

    made: dict[str, Any] = _partial(SpecificationDocument.model_json_schema())
    return made


def _risk_file() -> dict[str, Any]:
    from stimproof.hazards.document import RiskFileDocument

    return _of_a_file(RiskFileDocument.model_json_schema())


def _risk_overrides() -> dict[str, Any]:
    from stimproof.hazards.document import RiskFileDocument

    made: dict[str, Any] = _partial(RiskFileDocument.model_json_schema())
    return made


def _indications() -> dict[str, Any]:
    from stimproof.specs.indications.document import IndicationsDocument

    return _of_a_file(IndicationsDocument.model_json_schema())


def _results() -> dict[str, Any]:
    from stimproof.result_models import ResultsDocument

    return ResultsDocument.model_json_schema()


_PARTS: Mapping[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "specification": ("stimproof: a file of a specification (specs/*.yaml)", _specification),
    "overrides": ("stimproof: a file of a specification that extends a reference device", _overrides),
    "risk-file": ("stimproof: a file of a risk file (hazards/*.yaml)", _risk_file),
    "risk-overrides": ("stimproof: a file of a risk file that extends a reference device's", _risk_overrides),
    "indications": ("stimproof: a file of indications (indications/*.yaml)", _indications),
    "results": ("stimproof: results.json, as 'stimproof verify -o' writes it", _results),
}
PARTS = tuple(_PARTS)


def schema(part: str) -> dict[str, Any]:
    """Return the JSON Schema of one of :data:`PARTS`.

    Raises:
        KeyError: there is no such part.
    """
    title, make = _PARTS[part]
    made = _rewritten(make(), lambda key, value: None if key == "title" and isinstance(value, str) else key)
    return {"$schema": _DIALECT, "$id": f"{_IDENTITY}{part}", **made, "title": title}


def files(parts: tuple[str, ...] = PARTS) -> dict[str, str]:
    """Return the text of each schema's file by the file's name."""
    return {
        f"{part}{SUFFIX}": json.dumps(schema(part), indent=1, ensure_ascii=False) + "\n" for part in parts
    }


def ours(folder: Path) -> bool:
    """Return whether a folder holds schemas that were written from here and nothing else."""
    return all(path.name in {f"{part}{SUFFIX}" for part in PARTS} for path in folder.iterdir())


def _of_a_file(whole: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key != "required"}


def _partial(node: Any) -> Any:
    """Return a schema in which no key is required, and in which parts of alternatives may look alike."""
    renamed = {"oneOf": "anyOf"}
    dropped = {"required": list, "discriminator": dict}

    def change(key: str, value: Any) -> str | None:
        return None if isinstance(value, dropped.get(key, ())) else renamed.get(key, key)

    return _rewritten(node, change)


def _rewritten(node: Any, change: Callable[[str, Any], str | None]) -> Any:
    """Return a schema with its keywords renamed, or dropped where ``change`` gives none.

    The keys below ``properties`` and ``$defs`` are names, not keywords, and stay. The titles that pydantic
    gives to every part say nothing to an author; where names must fit a pattern, no other names are allowed.
    """
    if isinstance(node, list):
        return [_rewritten(item, change) for item in node]
    if not isinstance(node, dict):
        return node
    result: dict[str, Any] = {}
    for key, value in node.items():
        if key in ("properties", "$defs"):
            result[key] = {name: _rewritten(item, change) for name, item in value.items()}
        elif (kept := change(key, value)) is not None:
            result[kept] = _rewritten(value, change)
    if "patternProperties" in result:
        result["additionalProperties"] = False
    return result
