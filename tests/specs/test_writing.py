"""Writing a document: what is written reads back as the same document."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from documents import documents
from stimproof.specs.document import SpecificationDocument
from stimproof.specs.quantities import quantity
from stimproof.specs.reading import read_text
from stimproof.specs.validation import bundle, validate
from stimproof.specs.writing import quantity_text, write

TOY = Path(__file__).parent / "data" / "toy.yaml"
NAMED = """
stimproof: 1
device: {id: d, name: D}
sources: {m: {title: M}}
constants: {top: {value: 4 mA, source: m, confidence: seen}}
parameters: {p: {range: [0 mA, top], step: 0.1 mA, source: m, confidence: seen}}
"""


def read(text: str) -> SpecificationDocument:
    """Return the document of a text that has no mistake."""
    source = bundle([read_text(text, "x.yaml")])
    found = validate(SpecificationDocument, source).model
    assert source.findings == []
    assert found is not None
    return found


@given(documents())
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None
)
def test_any_document_reads_back_as_itself(document: SpecificationDocument) -> None:
    """Every construct of the language survives being written and read."""
    assert read(write(document)) == document


@pytest.mark.slow
@given(documents())
@settings(
    max_examples=800,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    deadline=None,
)
def test_any_document_reads_back_as_itself_at_length(document: SpecificationDocument) -> None:
    """The same over many more documents."""
    assert read(write(document)) == document


def test_a_real_specification_reads_back_as_itself() -> None:
    """A whole specification survives being written and read."""
    document = read(TOY.read_text("utf-8"))
    assert read(write(document)) == document


def test_writing_is_a_fixed_point() -> None:
    """What is written, read and written again is the same text."""
    once = write(read(TOY.read_text("utf-8")))
    assert write(read(once)) == once


def test_the_name_of_a_constant_is_written() -> None:
    """Where the author wrote a constant's name, the name is written, not its number."""
    text = write(read(NAMED))
    assert "- top" in text
    assert read(text) == read(NAMED)


def test_only_what_is_not_the_default_is_written() -> None:
    """A document says no more than its author did."""
    text = write(read("stimproof: 1\ndevice: {id: d, name: D}\nevents: {go: {}}\n"))
    assert text == "stimproof: 1\ndevice:\n  id: d\n  name: D\nevents:\n  go: {}\n"


@pytest.mark.parametrize(
    "text", ["0.00123e-99 mA", "1e99 s", "-0 %", "37 degC", "123456789.000000001 uC/cm^2"]
)
def test_a_quantity_is_written_exactly(text: str) -> None:
    """However small, large or long a number is, what is written is the same number."""
    assert quantity(quantity_text(quantity(text))) == quantity(text)
