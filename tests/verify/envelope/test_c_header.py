"""The C header: it compiles without a warning, and holds the numbers of the envelope and nothing unproved."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from stimproof.project import locate
from stimproof.specs.reader import read_folder
from stimproof.verify.envelope.c_header import header
from stimproof.verify.envelope.envelope import Envelope, survey

STATED = (
    "amplitude.tolerance=5 %",
    "pulse_width.tolerance=1 %",
    "area_tolerance=10 %",
    "pulse_width.step=170 us",
)
PROGRAM = """
#include <stdio.h>
#include "envelope.h"
#include "envelope.h"
int main(void) {
    for (uint32_t i = 0; i < STIMPROOF_LIMITS_SHANNON_SCREENING_ROWS; ++i)
        printf("%lu %lu %lu\\n",
            (unsigned long) stimproof_limits_shannon_screening[i].pulse_width_from_us,
            (unsigned long) stimproof_limits_shannon_screening[i].pulse_width_to_us,
            (unsigned long) stimproof_limits_shannon_screening[i].amplitude_max_uA);
    return 0;
}
"""


@pytest.fixture(scope="module")
def axium() -> Envelope:
    """The envelopes of the reference device with stated tolerances."""
    return survey(read_folder(locate("drg-axium") / "specs", STATED), 5_000_000, locks=False)


@pytest.mark.slow  # the plain suite needs nothing but Python
def test_the_header_compiles_and_says_what_the_envelope_says(axium: Envelope, tmp_path: Path) -> None:
    """Compiled as strict C99 with every warning an error, the table prints the envelope's runs."""
    compiler = shutil.which("gcc")
    assert compiler is not None, "gcc is needed; .ci/run installs it"
    (tmp_path / "envelope.h").write_text(header(axium), encoding="utf-8")
    (tmp_path / "main.c").write_text(PROGRAM, encoding="utf-8")
    flags = ["-Wall", "-Werror", "-Wextra", "-Wno-unused-const-variable", "-pedantic", "-std=c99"]
    subprocess.run([compiler, *flags, "main.c", "-o", "main"], cwd=tmp_path, check=True)
    printed = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=True).stdout
    table = next(item.table for item in axium.limits if item.limit.name == "shannon_screening")
    assert table is not None
    rows = [(run.first, run.last, run.edge.safe) for run in table.runs]
    wanted = [" ".join(str(int(value * 10**6)) for value in row if value is not None) for row in rows]
    assert printed.splitlines() == wanted


def test_what_is_not_proved_is_no_table(axium: Envelope) -> None:
    """Of an unknown envelope the header has a comment and no number; a changed value is told loudly."""
    text = header(axium)
    assert "limits.pulse_charge: no table: unknown, because" in text
    assert "stimproof_limits_timing" not in text
    assert text.count("WHAT IF, NOT THE DEVICE AS SPECIFIED") == len(STATED)
    assert axium.specification.sha256 in text


def test_no_text_of_an_author_ends_a_comment() -> None:
    """A name that would end the comment, or is not ASCII, cannot become code."""
    document = {
        "stimproof": 1,
        "device": {"id": "odd", "name": "Odd */ int x; /* µ"},
        "parameters": {},
    }
    from stimproof.specs.reader import read_string

    text = header(survey(read_string(json.dumps(document)), 1_000_000))
    assert text.isascii()
    assert text.index("int x;") < text.index("*/")
