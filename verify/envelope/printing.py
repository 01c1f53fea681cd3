"""An envelope as rows of text: units beside numbers, every number exact or marked as rounded down."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from stimproof.specs.quantities import exact_text
from stimproof.verify.envelope.envelope import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stimproof.specs.quantities import Unit
    from stimproof.specs.specification import Parameter
    from stimproof.verify.envelope.axes import Axes
    from stimproof.verify.envelope.bound import Bound
    from stimproof.verify.envelope.envelope import Envelope, LimitEnvelope, Lock, Together
    from stimproof.verify.envelope.table import Edge, Run
    from stimproof.verify.envelope.together import Joint

SCHEMA = "stimproof.envelope/1"
_DIGITS = 7


def number(value: Fraction, unit: Unit) -> str:
    """Return a value in a unit, without the unit: exact where its decimal expansion ends soon."""
    return unit.show(value).removesuffix(unit.text).strip()


def span(first: Fraction, last: Fraction, unit: Unit) -> str:
    """Return a range of values as text."""
    return number(first, unit) if first == last else f"{number(first, unit)} … {number(last, unit)}"


def bound_text(bound: Bound | None, subject: Parameter) -> str:
    """Return the continuous bound, rounded down where it is no short decimal; empty where there is none."""
    if bound is None:
        return ""
    value = bound.below() / subject.unit.factor
    scale = Fraction(10) ** _DIGITS
    rounded = Fraction(value * scale // 1) / scale
    kept = rounded == value and bound.below() ** bound.power == bound.value
    return f"{exact_text(rounded)}{'' if kept and not bound.enclosed else '…'}"


def algebraic(bound: Bound | None, subject: Parameter) -> str:
    """Return the continuous bound as the exact inequality that it is, in SI units; empty for none."""
    if bound is None:
        return ""
    power = f"^{bound.power}" if bound.power > 1 else ""
    unit = f"{subject.unit.dimension}, in SI units"
    return f"{subject.name}{power} {'<' if bound.strict else '<='} {bound.value} ({unit})"


def edge_text(edge: Edge, subject: Parameter) -> tuple[str, str]:
    """Return the last value that passes and the first that fails."""
    safe = "none" if edge.safe is None else number(edge.safe, subject.unit)
    following = "–" if edge.next is None else number(edge.next, subject.unit)
    return safe, following if edge.certain else f"{following} (not decided)"


def title(item: Parameter) -> str:
    """Return the heading of a column."""
    return f"{item.name} [{item.unit.text}]" if item.unit.text else item.name


def heading(axes: Axes, state: State) -> tuple[str, ...]:
    """Return the headings of a table of runs; what is no safe value is never headed as one."""
    safe = "safe up to" if state is State.EXACT else "not refuted up to"
    subject = title(axes.subject)
    return (*(title(key) for key in axes.keys), f"{subject} {safe}", "first that fails", "exact bound")


def run_cells(axes: Axes, run: Run) -> tuple[str, ...]:
    """Return one run as cells."""
    keys = _keys(axes, run.prefix, run.first, run.last)
    bounds = dict.fromkeys(text for text in (bound_text(item, axes.subject) for item in run.bounds) if text)
    return (*keys, *edge_text(run.edge, axes.subject), " … ".join(bounds))


def joint_heading(together: Together) -> tuple[str, ...]:
    """Return the headings of the table of all limits together."""
    return (*heading(together.combined.axes, together.state)[:-1], "binding")


def joint_cells(axes: Axes, row: Joint) -> tuple[str, ...]:
    """Return one joint edge as cells."""
    binding = " and ".join(row.binding) or "the range itself"
    return (*_keys(axes, row.prefix, row.first, row.last), *edge_text(row.edge, axes.subject), binding)


def _keys(
    axes: Axes, prefix: tuple[Fraction, ...], first: Fraction | None, last: Fraction | None
) -> Iterator[str]:
    for key, value in zip(axes.keys, prefix, strict=False):
        yield number(value, key.unit)
    if first is not None and last is not None:
        yield span(first, last, axes.keys[-1].unit)


def grouped(together: Together) -> Iterator[tuple[str, ...]]:
    """Yield neighbouring rows with the same binding limits as one: the ends of the key and of the edge."""
    axes = together.combined.axes
    group: list[Joint] = []
    for row in (*together.combined.rows, None):
        if group and (row is None or (row.prefix, row.binding) != (group[0].prefix, group[0].binding)):
            yield _group(axes, group)
            group = []
        if row is not None:
            group.append(row)


def _group(axes: Axes, rows: Sequence[Joint]) -> tuple[str, ...]:
    *keys, _ = _keys(axes, rows[0].prefix, rows[0].first, rows[0].last)
    ends = [edge_text(row.edge, axes.subject) for row in (rows[0], rows[-1])]
    cells = (dict.fromkeys(end[place] for end in ends) for place in (0, 1))
    last = span(rows[0].first, rows[-1].last, axes.keys[-1].unit)
    return (
        *keys,
        last,
        *(" … ".join(cell) for cell in cells),
        " and ".join(rows[0].binding) or "the range itself",
    )


def csv_text(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as CSV with a line for each run."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([headings, *rows])
    return buffer.getvalue()


def csv_rows(item: LimitEnvelope) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return headings and rows of one limit for machines: both ends of every range apart."""
    assert item.table is not None
    axes = item.table.axes
    rows = [
        (*_both(axes, run.prefix, run.first, run.last), *edge_text(run.edge, axes.subject),
         *(algebraic(bound, axes.subject) for bound in run.bounds))
        for run in item.table.runs
    ]  # fmt: skip
    headings = (*_both_headings(axes), *heading(axes, item.state)[-3:-1], "bound at first", "bound at last")
    return headings, rows


def csv_joint(together: Together) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return headings and rows of all limits together, for machines."""
    axes = together.combined.axes
    rows = [
        (
            *_both(axes, row.prefix, row.first, row.last),
            *edge_text(row.edge, axes.subject),
            " ".join(row.binding),
        )
        for row in together.combined.rows
    ]
    return (*_both_headings(axes), *joint_heading(together)[-3:]), rows


def _both_headings(axes: Axes) -> Iterator[str]:
    yield from (title(key) for key in axes.keys[:-1])
    for key in axes.keys[-1:]:
        yield from (f"{title(key)} from", f"{title(key)} to")


def _both(
    axes: Axes, prefix: tuple[Fraction, ...], first: Fraction | None, last: Fraction | None
) -> Iterator[str]:
    for key, value in zip(axes.keys, prefix, strict=False):
        yield number(value, key.unit)
    if first is not None and last is not None:
        yield from (number(value, axes.keys[-1].unit) for value in (first, last))


def as_json(envelope: Envelope) -> dict[str, Any]:
    """Return the envelope as plain data; a value that is not shown to be safe is never called so."""
    device = envelope.specification.device
    return {
        "schema": SCHEMA,
        "device": {"id": device.id, "name": device.name, "spec_sha256": envelope.specification.sha256},
        "changed": [item.text for item in envelope.specification.changed],
        "limits": [_limit_json(item) for item in envelope.limits],
        "together": [_together_json(item) for item in envelope.together],
    }


def _limit_json(item: LimitEnvelope) -> dict[str, Any]:
    table = item.table
    return {
        "limit": item.limit.name,
        "state": item.state.value,
        "reason": item.reason,
        "verdict": item.verdict.verdict.value,
        "held": item.held,
        "assumptions": list(item.assumptions),
        "unverified": list(item.unverified),
        "monotone": sorted(table.scripts) if table else [],
        "headings": list(csv_rows(item)[0]) if table else [],
        "rows": [list(row) for row in csv_rows(item)[1]] if table else [],
        "interlocks": [_lock_json(lock) for lock in item.locks],
    }


def _lock_json(lock: Lock) -> dict[str, Any]:
    return {
        "form": lock.candidate.form,
        "claim": lock.text,
        "proved": lock.proved,
        "reason": lock.candidate.reason or (lock.result.reason if lock.result else ""),
        "weakest": lock.candidate.sense,
        "weaker": lock.candidate.weaker,
        "weaker_admits": {name: str(value) for name, value in (lock.candidate.witness or {}).items()},
    }


def _together_json(item: Together) -> dict[str, Any]:
    headings, rows = csv_joint(item)
    return {
        "stimulus": item.stimulus.name,
        "state": item.state.value,
        "open": list(item.open),
        "headings": list(headings),
        "rows": [list(row) for row in rows],
    }
