"""What is said about a model's properties: verdicts, and the files of evidence behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stimproof.verify.results import Verdict, evidence_text
from stimproof.verify.vmt.writing import value_text

if TYPE_CHECKING:
    from stimproof.verify.vmt.engine import Run
    from stimproof.verify.vmt.model import Model, Property

SCHEMA = "stimproof.model/1"


@dataclass(frozen=True)
class Outcome:
    """A property's verdict, what gave it, why, and its evidence: a certificate's scripts or a run."""

    item: Property
    verdict: Verdict
    engine: str
    reason: str
    invariant: str = ""
    scripts: Mapping[str, str] = field(default_factory=dict)
    run: Run | None = None
    notes: tuple[str, ...] = ()
    rechecked_by: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """The name of its evidence."""
        return f"property-{self.item.number}-{self.item.line}"


@dataclass(frozen=True)
class Answer:
    """Everything that is said about one model."""

    model: Model
    outcomes: tuple[Outcome, ...]
    tool: Mapping[str, Any]

    @property
    def worst(self) -> Verdict:
        """The verdict that decides the exit status: refuted before unknown before proved."""
        order = (Verdict.REFUTED, Verdict.UNKNOWN)
        held = {item.verdict for item in self.outcomes}
        return next((verdict for verdict in order if verdict in held), Verdict.PROVED)

    def as_json(self) -> dict[str, Any]:
        """Return plain data for ``--json`` and ``results.json``."""
        return {
            "schema": SCHEMA,
            "model": {
                "file": self.model.file,
                "state_variables": sum(not item.free for item in self.model.state),
                "inputs": len(self.model.inputs) + sum(item.free for item in self.model.state),
            },
            "tool": dict(self.tool),
            "properties": [self._entry(item) for item in self.outcomes],
        }

    def _entry(self, outcome: Outcome) -> dict[str, Any]:
        item, run = outcome.item, outcome.run
        certificate = {
            "scripts": [f"certificates/{outcome.folder}/{name}" for name in outcome.scripts],
            "rechecked_by": list(outcome.rechecked_by),
            "invariant": outcome.invariant or None,
        }
        return {
            "number": item.number,
            "name": item.name,
            "line": item.line,
            "column": item.column,
            "verdict": outcome.verdict.value,
            "engine": outcome.engine,
            "reason": outcome.reason,
            "notes": list(outcome.notes),
            "certificate": certificate if outcome.scripts else None,
            "trace": f"traces/{outcome.folder}.json" if run else None,
            "length": len(run.states) - 1 if run else None,
        }

    def files(self) -> dict[str, str]:
        """Return the text of every file of evidence by its path."""
        found = {"results.json": evidence_text(self.as_json())}
        for outcome in self.outcomes:
            for name, text in outcome.scripts.items():
                found[f"certificates/{outcome.folder}/{name}"] = text
            if outcome.run is not None:
                found[f"traces/{outcome.folder}.json"] = evidence_text(trace(self.model, outcome.run))
        return found


def trace(model: Model, run: Run) -> dict[str, Any]:
    """Return a run as plain data: the values of every variable in each state, as SMT-LIB constants."""
    steps = []
    for state, inputs in zip(run.states, run.inputs, strict=True):
        pairs = zip(model.state, state, strict=True)
        steps.append(
            {
                "state": {item.name: value_text(value, item.sort) for item, value in pairs},
                "inputs": {
                    item.name: value_text(value, item.sort)
                    for item, value in zip(model.inputs, inputs, strict=True)
                },
            }
        )
    return {"model": model.file, "length": len(steps) - 1, "replayed": True, "steps": steps}
