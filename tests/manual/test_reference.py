"""The language reference is what the models and the grammar say; its examples are decided as they state."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel

from excerpts import compare
from stimproof.specs import extending
from stimproof.specs.document import SpecificationDocument
from stimproof.specs.fields import Cited, Sourced
from stimproof.specs.reader import read_string
from stimproof.specs.reading import read_files, read_text
from stimproof.specs.validation import validate
from stimproof.verify.run import verify

REFERENCE = Path(__file__).parents[2] / "docs" / "examples" / "reference"
EXAMPLES = sorted(REFERENCE.glob("*.yaml"))


@pytest.fixture(scope="module")
def generate(root: Path) -> ModuleType:
    """The generator beside the pages."""
    spec = importlib.util.spec_from_file_location("generate", root / "docs" / "reference" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_what_the_models_and_the_grammar_say(root: Path, generate: ModuleType) -> None:
    """No page of the reference is older than what it describes."""
    for name, text in generate.pages().items():
        compare(root / "docs" / "reference" / name, text)


def test_every_key_is_told_with_its_meaning(generate: ModuleType) -> None:
    """Each key of each construct has a row, and each row says what it means."""
    page = generate.pages()["sections.rst"]
    for model in {*generate.models_in(SpecificationDocument), *_models(generate, SpecificationDocument)}:
        for name, field in model.model_fields.items():
            assert f"``{field.alias or name}``" in page
            assert field.description, f"{model.__name__}.{name} has no description"


def _models(generate: ModuleType, model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    seen, todo = set[type[BaseModel]](), [model]
    while todo:
        kind = todo.pop()
        if kind not in seen:
            seen.add(kind)
            annotations = [field.annotation for field in kind.model_fields.values()]
            todo += [found for item in annotations for found in generate.models_in(item)]
    yield from seen - {SpecificationDocument}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_decided_as_it_states(file: Path) -> None:
    """Each example is read without an error, and has the verdicts that stand in its comments."""
    text = file.read_text("utf-8")
    stated = dict(re.findall(r"^# expect: (\S+): (\w+)$", text, flags=re.MULTILINE))
    found = verify(read_string(text, file.name), only=list(stated)).by_id()
    assert {name: found[name].verdict.title for name in stated} == stated
    assert stated


def _used(node: Any) -> Iterator[tuple[str, str]]:
    """Yield each key that a document uses, with the construct that it belongs to."""
    if isinstance(node, BaseModel):
        for name in node.model_fields_set:
            owner = type(node).__name__
            yield owner, name
            yield from _used(getattr(node, name))
    elif isinstance(node, dict):
        for item in node.values():
            yield from _used(item)
    elif isinstance(node, tuple):
        for item in node:
            yield from _used(item)


def test_every_key_of_every_construct_stands_in_an_example(root: Path, generate: ModuleType) -> None:
    """Whoever looks up a key finds a whole specification of the manual that uses it."""
    documents = [[read_text(file.read_text("utf-8"), file.name)] for file in EXAMPLES]
    documents += [
        read_files(root / "docs" / "examples" / name / "specs")
        for name in ("stimulation", "extended", "two-mode")
    ]
    used: set[tuple[str, str]] = set()
    for number, given in enumerate(documents):
        folder = root / "docs" / "examples" / "extended" if number == len(documents) - 2 else None
        model = validate(SpecificationDocument, extending.gather(given, folder)).model
        used |= set(_used(model))
    missing = [
        (kind.__name__, name)
        for kind in _models(generate, SpecificationDocument)
        for name in kind.model_fields
        if not issubclass(kind, Sourced) and name not in Cited.model_fields and name != "value"
        if (kind.__name__, name) not in used
    ]
    assert missing == []


def test_the_grammar_of_the_manual_has_every_rule(root: Path, generate: ModuleType) -> None:
    """Each rule of the grammar stands in the reference, and no word of it is left as an internal name."""
    lines = generate.grammar()
    text = (root / "specs" / "grammar.lark").read_text("utf-8")
    rules = re.findall(r"^\??_?[a-z_]+:", text, flags=re.MULTILINE)
    named = [line.partition(" ::= ")[0] for line in lines]
    assert len(set(named)) == len(named) == len(rules)
    assert not any(re.search(r"\b_[A-Z]", line) for line in lines)
