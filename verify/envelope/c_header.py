"""An envelope as a C header: static tables of whole numbers, their units in every name.

Only what is proved becomes a table. Of everything else a comment says why there is none, so that nobody
compiles a number that nothing shows to be safe.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs.quantities import CURRENT, FREQUENCY, TIME, VOLTAGE, Dimension
from stimproof.verify.envelope.envelope import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stimproof.specs.specification import Parameter, Specification
    from stimproof.verify.envelope.axes import Axes
    from stimproof.verify.envelope.envelope import Envelope, LimitEnvelope, Together
    from stimproof.verify.envelope.table import Run
    from stimproof.verify.envelope.together import Joint

_SCALES: dict[Dimension, tuple[tuple[str, Fraction], ...]] = {
    CURRENT: (("uA", Fraction(1, 10**6)), ("nA", Fraction(1, 10**9))),
    TIME: (("us", Fraction(1, 10**6)), ("ns", Fraction(1, 10**9))),
    FREQUENCY: (("mHz", Fraction(1, 1000)), ("uHz", Fraction(1, 10**6))),
    VOLTAGE: (("mV", Fraction(1, 1000)), ("uV", Fraction(1, 10**6))),
}
_LARGEST = 2**32 - 1
BLOCKED = "no value is safe there"


class NotWholeError(Exception):
    """A programmable value that is no whole number of any small unit, or too large for 32 bits."""


def scale(item: Parameter) -> tuple[str, Fraction]:
    """Return the unit in which every programmable value is a whole number of at most 32 bits.

    Raises:
        NotWholeError: there is none.
    """
    for name, factor in _SCALES.get(item.unit.dimension, (("count", Fraction(1)),)):
        whole = all((value / factor).denominator == 1 for value in item.grid())
        if whole and item.low >= 0 and item.high / factor <= _LARGEST:
            return name, factor
    raise NotWholeError(f"the values of {item.name} are no whole numbers of a small unit")


def header(envelope: Envelope) -> str:
    """Return the text of the header."""
    specification = envelope.specification
    guard = f"STIMPROOF_ENVELOPE_{_word(specification.device.id).upper()}_H"
    parts = [_opening(specification, guard)]
    parts += [_limit(item) for item in envelope.limits if item.state is not State.NO_SUBJECT]
    parts += [_together(item) for item in envelope.together]
    return "\n".join([*parts, f"#endif /* {guard} */", ""])


def _word(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", text)


def _comment(*lines: str) -> str:
    """Return lines as one comment that nothing in them can end."""
    clean = [re.sub(r"[^\x20-\x7e]", "?", line).replace("*/", "* /").replace("/*", "/ *") for line in lines]
    return "\n".join(["/*", *(f" * {line}".rstrip() for line in clean), " */"])


def _opening(specification: Specification, guard: str) -> str:
    device, changed = specification.device, specification.changed
    loud = [f"WHAT IF, NOT THE DEVICE AS SPECIFIED: {item.text}" for item in changed]
    comment = _comment(
        f"Safe envelope of {device.name} ({device.id}), written by stimproof; do not edit.",
        f"Specification sha256: {specification.sha256}",
        *loud,
        "Each table gives the largest programmable value that is safe for a range of the other values, both",
        "ends included. Proved: every programmable value up to it keeps the limit at any delivery within the",
        "stated tolerances; the next programmable value does not. Where a maximum is absent from a table,",
        "no value is safe.",
    )
    return f"{comment}\n#ifndef {guard}\n#define {guard}\n\n#include <stdint.h>\n"


def _limit(item: LimitEnvelope) -> str:
    name = item.limit.name
    if item.table is None or item.state is not State.EXACT:
        return _comment(f"limits.{name}: no table: {item.reason or item.state.title}") + "\n"
    proofs = [
        f"interlock proved to suffice: {lock.text}"
        for lock in item.locks
        if lock.proved and len(lock.text) < 90
    ]
    told = _comment(
        f"limits.{name}", f"As specified: {item.held}", *proofs,
        *(f"Assumes: {entry}" for entry in item.assumptions),
        *(f"UNVERIFIED: {entry}" for entry in item.unverified),
    )  # fmt: skip
    return _table(f"limits_{_word(name)}", told, item.table.axes, item.table.runs)


def _together(item: Together) -> str:
    name = f"all limits of {item.stimulus.name}"
    if item.state is not State.EXACT:
        return _comment(f"{name}: no table, because not every limit has one", *item.open) + "\n"
    told = _comment(f"{name} together")
    return _table(f"all_{_word(item.stimulus.name)}", told, item.combined.axes, item.combined.rows)


def _table(name: str, told: str, axes: Axes, runs: Sequence[Run | Joint]) -> str:
    try:
        columns = [(key, *scale(key)) for key in axes.keys]
        unit, factor = scale(axes.subject)
    except NotWholeError as problem:
        return f"{told}\n{_comment(f'no table: {problem}')}\n"
    fields = [*_fields(columns), f"{_word(axes.subject.name)}_max_{unit}"]
    rows = [
        ", ".join(str(int(value)) for value in (*_values(columns, run), run.edge.safe / factor))
        for run in runs
        if run.edge.safe is not None
    ]
    if not rows:
        return f"{told}\n{_comment(f'no table: {BLOCKED}, anywhere')}\n"
    declared = "\n".join(f"    uint32_t {field};" for field in fields)
    body = ",\n".join(f"    {{ {row} }}" for row in rows)
    macro = f"STIMPROOF_{name.upper()}_ROWS"
    return (
        f"{told}\n#define {macro} {len(rows)}u\n"
        f"struct stimproof_{name} {{\n{declared}\n}};\n"
        f"static const struct stimproof_{name} stimproof_{name}[{macro}] = {{\n{body}\n}};\n"
    )


def _fields(columns: Sequence[tuple[Parameter, str, Fraction]]) -> Iterator[str]:
    for place, (key, unit, _) in enumerate(columns):
        ends = ("from", "to") if place == len(columns) - 1 else ("is",)
        yield from (f"{_word(key.name)}_{end}_{unit}" for end in ends)


def _values(columns: Sequence[tuple[Parameter, str, Fraction]], run: Run | Joint) -> Iterator[Fraction]:
    factors = [factor for _, _, factor in columns]
    for value, factor in zip(run.prefix, factors, strict=False):
        yield value / factor
    if run.first is not None and run.last is not None:
        yield from (end / factors[-1] for end in (run.first, run.last))
