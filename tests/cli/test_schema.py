"""JSON Schemas: what they accept is what stimproof reads, as far as a schema can say it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from stimproof import schemas
from stimproof.project import library
from stimproof.specs.reader import read_folder, read_string
from stimproof.specs.reading import read_files, read_text
from stimproof.verify.run import verify

DOCS = Path(__file__).parents[2] / "docs" / "examples"
FIXTURES = Path(__file__).parents[1] / "fixtures"
FOLDERS = {
    "specs": ("specification", "overrides"),
    "hazards": ("risk-file", "risk-overrides"),
    "indications": ("indications", "indications"),
}


def _plain(node: Any) -> Any:
    """Return data as JSON has it: a number is a number."""
    if isinstance(node, dict):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    return float(node) if isinstance(node, Fraction) else node


def _problems(part: str, data: Any) -> list[str]:
    validator = Draft202012Validator(schemas.schema(part))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(_plain(data))]


def _projects() -> list[Path]:
    devices = [device.root for device in library()]
    return [*devices, *sorted({file.parents[1] for file in DOCS.rglob("device.yaml")}), *FIXTURES.iterdir()]


@pytest.mark.parametrize("part", schemas.PARTS)
def test_a_schema_is_one(part: str) -> None:
    """Each schema satisfies the meta-schema of its dialect and carries an identity of its own."""
    made = schemas.schema(part)
    Draft202012Validator.check_schema(made)
    assert made["$id"].endswith(f":{part}")


@pytest.mark.parametrize("root", _projects(), ids=lambda root: "/".join(root.parts[-2:]))
def test_every_project_that_we_ship_fits_its_schemas(root: Path) -> None:
    """Each file of the library, the manual's examples and the fixtures is accepted."""
    for folder, (whole, partial) in FOLDERS.items():
        documents = read_files(root / folder)
        extends = any("extends" in document.data for document in documents)
        for document in documents:
            assert _problems(partial if extends else whole, document.data) == []


def test_the_shared_indications_fit_their_schema() -> None:
    """The indications of the library are accepted."""
    file = library()[0].root.parent / "indications.yaml"
    assert _problems("indications", read_text(file.read_text("utf-8"), file.name).data) == []


MISTAKES = {
    "an unknown key": ("description: An imaginary device.", "describtion: An imaginary device."),
    "an unknown law": ("law: charge_density", "law: charge_densities"),
    "a wrong kind of event": ("kind: internal", "kind: inner"),
    "a list where a mapping is needed": ("timeout: {kind: internal}", "timeout: [internal]"),
    "a range with three ends": ("range: [0 mA, 3.5 mA]", "range: [0 mA, 2 mA, 3.5 mA]"),
    "a missing key": ("{type: boolean, initial: false}", "{initial: false}"),
    "a shape that is none": ("shape: cylinder", "shape: cylindrical"),
    "a name that is none": ("  density:\n", "  2nd density:\n"),
    "a confidence that is none": ("Pt/Ir, source: tutorial, confidence: seen}", "Pt/Ir, confidence: sure}"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_broken_file_is_rejected(name: str) -> None:
    """A mistake that an editor can see is one for the schema, too."""
    old, new = MISTAKES[name]
    text = (DOCS / "two-mode" / "specs" / "device.yaml").read_text("utf-8")
    assert text.count(old) == 1
    assert _problems("specification", read_text(text.replace(old, new), "broken.yaml").data)


def test_results_fit_their_schema() -> None:
    """What 'verify' writes is accepted, with settings, runs, certificates and remarks in it."""
    made = verify(read_folder(DOCS / "two-mode" / "specs")).as_json()
    assert _problems("results", json.loads(json.dumps(made))) == []
    text = (FIXTURES / "toy" / "specs" / "device.yaml").read_text("utf-8")
    many = verify(read_string(text.replace("limit: 3 uC", "limit: 0.4 uC")))
    shown = {item.counterexample.as_json()["form"] for item in many.results if item.counterexample}
    assert shown == {"setting", "trace"}
    assert _problems("results", json.loads(json.dumps(many.as_json()))) == []


def test_results_with_less_are_rejected() -> None:
    """A verdict that is none, or a missing hash, is no results file."""
    made = json.loads(json.dumps(verify(read_folder(DOCS / "two-mode" / "specs"), only=["limits"]).as_json()))
    del made["device"]["spec_sha256"]
    made["obligations"][0]["verdict"] = "fine"
    assert len(_problems("results", made)) == 2


def test_schema_prints_or_writes(call: Any, tmp_path: Path) -> None:
    """Without a part all are printed; a folder gets one file each and is written again, but no other one."""
    assert set(call("schema").json) == set(schemas.PARTS)
    assert call("schema", "specification").json["type"] == "object"
    assert call("schema", "frob").status == 2
    for _ in range(2):
        assert call("schema", "-o", tmp_path / "schemas").status == 0
    written = {file.name: json.loads(file.read_text("utf-8")) for file in (tmp_path / "schemas").iterdir()}
    assert written == {f"{part}.schema.json": schemas.schema(part) for part in schemas.PARTS}
    (tmp_path / "schemas" / "mine.txt").write_text("mine")
    assert call("schema", "-o", tmp_path / "schemas").status == 2


@pytest.mark.parametrize("part", schemas.PARTS)
def test_every_key_is_described(part: str) -> None:
    """An editor, and whoever writes a reader of results, finds the meaning of each key in its schema."""
    made = schemas.schema(part)
    described = {name for name, model in made["$defs"].items() if "description" in model}
    missing = [
        f"{name}.{key}"
        for name, model in {"": made, **made["$defs"]}.items()
        for key, given in model.get("properties", {}).items()
        if "description" not in given and given.get("$ref", "").rpartition("/")[2] not in described
    ]
    assert missing == []
