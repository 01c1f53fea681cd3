"""A small well-formed specification, and the way to change one line of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Finding
from stimproof.specs.reader import read_string

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def toy() -> str:
    """The text of a specification that uses every section of the language."""
    return (HERE / "data" / "toy.yaml").read_text(encoding="utf-8")


@pytest.fixture
def complaints(toy: str) -> Callable[..., list[Finding]]:
    """Replace pieces of the toy's text and return the findings that make it unusable."""

    def read(*changes: tuple[str, str]) -> list[Finding]:
        text = toy
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the toy"
            text = text.replace(old, new)
        try:
            read_string(text, "toy.yaml")
        except SpecificationError as error:
            return list(error.findings)
        return []

    return read
