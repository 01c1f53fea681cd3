"""Reading a large specification costs little more than parsing its YAML."""

import importlib.util
from pathlib import Path

import pytest

from stimproof.specs.reader import read_string

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "reading.py"


@pytest.mark.slow
def test_reading_costs_at_most_twice_what_parsing_costs() -> None:
    """CPU time of reading 400 variables, transitions and properties is at most twice that of their YAML."""
    found = importlib.util.spec_from_file_location("reading_benchmark", BENCHMARK)
    assert found is not None
    assert found.loader is not None
    benchmark = importlib.util.module_from_spec(found)
    found.loader.exec_module(benchmark)
    text = benchmark.specification(400)
    read_string(text)
    alone = benchmark.seconds(lambda: benchmark.parse(text))
    assert benchmark.seconds(lambda: read_string(text)) <= 2 * alone
