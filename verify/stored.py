"""Stored results read back: from ``results.json`` to the objects that pages and traces are made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stimproof.specs.findings import Code, Finding, Location, Severity
from stimproof.verify.obligations import obligations
from stimproof.verify.results import (
    Certificate,
    Core,
    Result,
    Setting,
    Trace,
    TraceStep,
    Verdict,
    Verification,
)

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification


def verification(
    specification: Specification, data: Mapping[str, Any], files: Mapping[str, str]
) -> Verification:
    """Return the verification that ``results.json`` describes.

    Raises:
        KeyError, TypeError, ValueError: the data is not what stimproof writes.
    """
    wanted = {item.id: item for item in obligations(specification)}
    results = tuple(
        Result(
            wanted[entry["id"]],
            Verdict(entry["verdict"]),
            entry["engine"],
            entry["seconds"] or 0,
            entry["reason"],
            tuple(entry["assumptions"]),
            tuple(entry["unverified"]),
            _certificate(entry["certificate"]),
            _shown(entry["counterexample"]),
            _shown(entry["witness"]),
            entry["vacuous"],
            _core(entry.get("core")),
        )
        for entry in data["obligations"]
    )
    tool = data["tool"]
    findings = tuple(_finding(entry) for entry in data["findings"])
    return Verification(specification, results, tool["solvers"], tool["version"], files, findings)


def _core(entry: Mapping[str, Any] | None) -> Core | None:
    return (
        None if entry is None else Core(tuple(entry["needs"]), tuple(entry["spare"]), entry["confirmed_by"])
    )


def _certificate(entry: Mapping[str, Any] | None) -> Certificate | None:
    if entry is None:
        return None
    return Certificate(
        tuple(entry["scripts"]), tuple(entry["rechecked_by"]), entry["proof"], entry["invariant"]
    )


def _shown(entry: Mapping[str, Any] | None) -> Setting | Trace | None:
    if entry is None:
        return None
    if entry["form"] == "trace":
        steps = tuple(_step(step) for step in entry["steps"])
        return Trace(steps, entry["explanation"], entry["replayed"], entry["file"], entry.get("loop"))
    return Setting(
        _pairs(entry["values"]),
        _pairs(entry["exact"]),
        _pairs(entry["computed"]),
        entry["explanation"],
        entry["replayed"],
        entry["file"],
    )


def _pairs(entry: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(entry.items())


def _step(entry: Mapping[str, Any]) -> TraceStep:
    exact = entry["exact"]
    return TraceStep(
        entry["event"],
        entry["delay"],
        _pairs(entry["inputs"]),
        _pairs(entry["state"]),
        tuple(entry["changed"]),
        tuple(entry["taken"]),
        exact["delay"],
        _pairs(exact["inputs"]),
        _pairs(exact["state"]),
    )


def _finding(entry: Mapping[str, Any]) -> Finding:
    code = next(code for code in Code if code.slug == entry["code"])
    place = Location(entry["file"], entry["line"], entry["column"], entry["path"])
    return Finding(code, place, entry["message"], entry["advice"], Severity(entry["severity"]))
