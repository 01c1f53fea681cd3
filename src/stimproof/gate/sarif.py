"""SARIF 2.1.0: every refused, inconclusive or remarked item at its place in the YAML.

*Static Analysis Results Interchange Format (SARIF) Version 2.1.0*, OASIS Standard, 27 March 2020. What passed
is left out, because code-scanning servers show every result as an alert. A counterexample that is a run of
the device becomes a code flow: each step points at the transition that fired.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from stimproof import explaining
from stimproof.gate.judgement import Outcome, Subject
from stimproof.specs.findings import Location, Severity
from stimproof.verify.results import Trace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stimproof.gate.judgement import Item, Judgement

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SHOWN = (Outcome.REFUSED, Outcome.INCONCLUSIVE, Outcome.NOTED)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_SUBJECTS = {
    Subject.OBLIGATION: "A claim about the device that must be proved",
    Subject.HAZARD: "The chain from hazard to risk control to proof",
    Subject.NUMBER: "A number that the device's safety rests on",
    Subject.INPUT: "A remark about an input file",
}


class Places:
    """Turns places into SARIF locations with URIs relative to where the gate ran, else to the project."""

    def __init__(self, project: Path, base: Path) -> None:
        self.project = project.resolve()
        self.base = base.resolve()

    def artifact(self, file: str) -> dict[str, Any]:
        """Return an ``artifactLocation``: a relative URI and what it is relative to."""
        path = Path(file).resolve()
        for root, name in ((self.base, "SRCROOT"), (self.project, "PROJECT")):
            if path.is_relative_to(root):
                return {"uri": quote(path.relative_to(root).as_posix()), "uriBaseId": name}
        return {"uri": quote(path.name), "uriBaseId": "PROJECT"}

    def location(self, place: Location, message: str = "") -> dict[str, Any]:
        """Return a ``location`` with its region."""
        region = {"startLine": max(1, place.line), "startColumn": max(1, place.column)}
        found: dict[str, Any] = {
            "physicalLocation": {"artifactLocation": self.artifact(place.file), "region": region}
        }
        if place.path:
            found["logicalLocations"] = [{"fullyQualifiedName": place.path}]
        if message:
            found["message"] = {"text": message}
        return found


def sarif(judgement: Judgement, project: Path, base: Path) -> str:
    """Return the log as JSON text; ``base`` is the folder that URIs are relative to."""
    places = Places(project, base)
    items = [item for item in judgement.items if item.outcome in _SHOWN]
    rules = {item.rule: item for item in reversed(items)}
    order = {rule: index for index, rule in enumerate(sorted(rules))}
    fired = _transitions(judgement)
    run = {
        "tool": {"driver": _driver(judgement, [_rule(rules[rule]) for rule in order])},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            "PROJECT": {"description": {"text": "the project's folder"}},
            "SRCROOT": {"description": {"text": "the folder in which the gate ran"}},
        },
        "invocations": [{"executionSuccessful": True, "exitCode": int(judgement.status)}],
        "properties": {"spec_sha256": judgement.verification.specification.sha256, "verdict": judgement.line},
        "results": [_result(item, order[item.rule], places, fired) for item in items],
    }
    return (
        json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)
        + "\n"
    )


def _driver(judgement: Judgement, rules: list[dict[str, Any]]) -> dict[str, Any]:
    verification = judgement.verification
    return {
        "name": "stimproof",
        "semanticVersion": verification.version,
        "rules": rules,
        "properties": {"solvers": dict(verification.solvers)},
    }


def _rule(item: Item) -> dict[str, Any]:
    return {
        "id": item.rule,
        "name": "".join(part.title() for part in item.rule.replace("_", "-").split("-")),
        "shortDescription": {"text": item.rule.replace("_", " ").replace("-", " ")},
        "fullDescription": {"text": _SUBJECTS[item.subject]},
        "defaultConfiguration": {"level": level(item)},
    }


def level(item: Item) -> str:
    """Return the SARIF level: an error refuses, a warning leaves open, the rest as remarked."""
    if item.outcome is Outcome.REFUSED:
        return "error"
    if item.outcome is Outcome.INCONCLUSIVE:
        return "warning"
    return _LEVELS[item.weight or Severity.NOTE]


def _result(item: Item, index: int, places: Places, fired: Mapping[str, Location]) -> dict[str, Any]:
    print_ = hashlib.sha256(
        f"{item.subject.value}\0{item.rule}\0{item.id}\0{item.message}".encode()
    ).hexdigest()
    found: dict[str, Any] = {
        "ruleId": item.rule,
        "ruleIndex": index,
        "kind": "fail",  # 'open' would be the word for inconclusive, but it forces the level 'none' (3.27.10)
        "level": level(item),
        "message": {
            "text": ". ".join(part.rstrip(".") for part in (item.id, item.claim, item.message) if part)
        },
        "locations": [places.location(item.location)],
        "partialFingerprints": {"stimproofItem/v1": print_},
        "properties": {"subject": item.subject.value, "outcome": item.outcome.value},
    }
    shown = item.result.counterexample if item.result is not None else None
    if isinstance(shown, Trace) and shown.steps:
        found["codeFlows"] = [_flow(shown, item.location, places, fired)]
    return found


def _flow(shown: Trace, origin: Location, places: Places, fired: Mapping[str, Location]) -> dict[str, Any]:
    steps = []
    for number, step in enumerate(shown.steps):
        changes = ", ".join(f"{name} = {value}" for name, value in step.state if name in step.changed)
        message = explaining.happening(step) + (f": {changes}" if changes else "")
        place = next((fired[title] for title in step.taken if title in fired), origin)
        steps.append({"location": places.location(place, message), "executionOrder": number + 1})
    return {"message": {"text": shown.explanation or "how it happens"}, "threadFlows": [{"locations": steps}]}


def _transitions(judgement: Judgement) -> dict[str, Location]:
    machines = judgement.verification.specification.machines.values()
    return {item.title: item.location for machine in machines for item in machine.transitions}
