"""The models say what each of their keys means, for editors and for the language reference."""

from typing import Any

from stimproof.specs.document import SpecificationDocument
from stimproof.specs.keys import keys_at


def test_every_key_of_the_language_is_described() -> None:
    """Each key of the JSON Schema has a description, its own or that of what it holds."""
    schema = SpecificationDocument.model_json_schema()
    described = {name for name, model in schema["$defs"].items() if "description" in model}
    models: dict[str, Any] = {"SpecificationDocument": schema, **schema["$defs"]}
    missing = [
        f"{name}.{key}"
        for name, model in models.items()
        for key, given in model.get("properties", {}).items()
        if "description" not in given and given.get("$ref", "").rpartition("/")[2] not in described
    ]
    assert missing == []


def test_the_keys_of_a_place_are_those_of_its_models() -> None:
    """The keys offered as advice are those that the language has where the mistake stands."""
    assert keys_at(SpecificationDocument, ("events", "go")) == ["kind", "doc"]
    assert "stay" in keys_at(SpecificationDocument, ("machines", "m", "modes", "ON"))
    assert "from" in keys_at(SpecificationDocument, ("machines", "m", "transitions", 0))
    assert {"law", "claim"} <= set(keys_at(SpecificationDocument, ("limits", "l")))
    assert "inner_diameter" in keys_at(SpecificationDocument, ("electrodes", "e", "geometry"))
    assert keys_at(SpecificationDocument, ("events", "go", "kind")) == []
    assert keys_at(SpecificationDocument, ("nothing", "at", "all")) == []
