"""The audit of a dossier: an auditor's check, offline, that trusts neither its pages nor its verdicts.

Seven questions, each answered anew from the packed texts: are these the bytes of the manifest; do the
stated obligations follow from the packed specification; does every stated verdict follow from its
evidence (scripts run again by cvc5, traces replayed); does the effect of every control, removed anew, follow
from its evidence; does what every fault does, put in anew, follow from its evidence, where faults were
tried; does the hazard trace follow from the verdicts; and are the pages those that this evidence gives.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stimproof.dossier import manifest
from stimproof.specs.errors import AuthorError, OperatorError, StimproofError

if TYPE_CHECKING:
    from stimproof.hazards.report import TraceReport
    from stimproof.project import Project
    from stimproof.specs.findings import Finding
    from stimproof.verify.ablation import Ablation
    from stimproof.verify.changed import Changes
    from stimproof.verify.faulting import FaultAnalysis
    from stimproof.verify.results import Verification

EVIDENCE = "evidence"
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, StopIteration)


@dataclass(frozen=True, slots=True)
class Check:
    """One question with its answer: no problem, or each problem in a sentence."""

    question: str
    asked: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the answer is yes."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether every question was asked and answered with yes."""
        return len(self.checks) == len(_QUESTIONS) and all(check.ok for check in self.checks)

    @property
    def findings(self) -> tuple[str, ...]:
        """Every problem, in the order of the questions."""
        found = tuple(problem for check in self.checks for problem in check.problems)
        rest = [question for question, _ in _QUESTIONS[len(self.checks) :]]
        return (
            (*found, f"not asked, since the answer would rest on the above: {'; '.join(rest)}")
            if rest
            else found
        )

    def as_json(self) -> dict[str, Any]:
        """Return plain data for ``--json``."""
        return {
            "schema": "stimproof.audit/1",
            "ok": self.ok,
            "checks": [
                {
                    "question": check.question,
                    "asked": check.asked,
                    "ok": check.ok,
                    "problems": list(check.problems),
                }
                for check in self.checks
            ],
            "findings": list(self.findings),
        }


@dataclass
class _Dossier:
    """What has been read of a dossier so far."""

    folder: Path
    results: dict[str, Any]
    files: dict[str, str]
    project: Project | None = None
    verification: Verification | None = None
    ablation: Ablation | None = None
    faults: FaultAnalysis | None = None
    rebuilt: dict[str, bytes] = field(default_factory=dict)


def audit(folder: Path, progress: Callable[[str], None] | None = None) -> AuditReport:
    """Check a dossier; ``progress`` is told each question before it is asked.

    Raises:
        OperatorError: the folder is no dossier.
    """
    if manifest.read(folder) is None:
        raise OperatorError(f"'{folder}' is no dossier: it has no {manifest.NAME} of stimproof")
    dossier = _Dossier(folder, {}, {})
    checks: list[Check] = []
    for question, ask in _QUESTIONS:
        if progress is not None:
            progress(question)
        try:
            asked, problems = ask(dossier)
        except _HopelessError as reason:
            return AuditReport((*checks, Check(question, 0, (str(reason),))))
        checks.append(Check(question, asked, tuple(problems)))
        if problems and ask in (_verdicts, _effects, _faults):
            break  # a trace and pages made from evidence that does not hold would only repeat it
    return AuditReport(tuple(checks))


class _HopelessError(Exception):
    """A question that cannot be asked, so that none after it can."""


def _bytes(dossier: _Dossier) -> tuple[int, list[str]]:
    """Compare every file with the manifest."""
    listed = manifest.read(dossier.folder) or {"files": []}
    try:
        wanted = {str(item["path"]): str(item["sha256"]) for item in listed["files"]}
    except (KeyError, TypeError):
        raise _HopelessError(f"{manifest.NAME} is malformed") from None
    present = set(manifest.paths(dossier.folder)) - {manifest.NAME}
    problems = [f"{path}: the manifest lists it, and it is missing" for path in sorted(set(wanted) - present)]
    problems += [f"{path}: the manifest does not list it" for path in sorted(present - set(wanted))]
    for path in sorted(present & set(wanted)):
        if hashlib.sha256((dossier.folder / path).read_bytes()).hexdigest() != wanted[path]:
            problems.append(f"{path}: changed after the dossier was built; its hash is not the manifest's")
    return len(wanted), problems


def _specification(dossier: _Dossier) -> tuple[int, list[str]]:
    """Read the packed project and compare it with what the results say they are about."""
    from stimproof.project import load

    evidence = dossier.folder / EVIDENCE
    try:
        dossier.results = json.loads((evidence / "results.json").read_text("utf-8"))
        dossier.files = {path: (evidence / path).read_text("utf-8") for path in _evidence_files(evidence)}
        dossier.project = load(evidence / "sources")
    except (OSError, ValueError) as error:
        raise _HopelessError(f"the packed evidence cannot be read: {error}") from None
    except AuthorError as error:
        raise _HopelessError(f"the packed specification cannot be read:\n{error}") from None
    except OperatorError as error:
        raise _HopelessError(str(error)) from None
    spec = dossier.project.specification
    stated = dossier.results.get("device") if isinstance(dossier.results, dict) else None
    wanted = {"id": spec.device.id, "name": spec.device.name, "spec_sha256": spec.sha256}
    if not isinstance(stated, dict):
        raise _HopelessError("evidence/results.json names no device")
    problems = [
        f"results.json: device.{key} is {stated.get(key)!r}, the packed specification gives {value!r}"
        for key, value in wanted.items()
        if stated.get(key) != value
    ]
    return 1, problems


def _evidence_files(evidence: Path, folders: tuple[str, ...] = ("certificates/", "traces/")) -> list[str]:
    return [path for path in manifest.paths(evidence) if path.startswith(folders)]


def _verdicts(dossier: _Dossier) -> tuple[int, list[str]]:
    """Check every stated result against its evidence."""
    from stimproof.verify.evidence import EvidenceCheck
    from stimproof.verify.remarks import remarks
    from stimproof.verify.stored import verification

    assert dossier.project is not None
    stated = dossier.results.get("obligations")
    if not isinstance(stated, list) or not all(isinstance(entry, dict) for entry in stated):
        raise _HopelessError("evidence/results.json has no list of obligations")
    problems = EvidenceCheck(dossier.project.specification, dossier.files).problems(stated)
    problems += _summary(dossier.results, stated)
    try:
        dossier.verification = verification(dossier.project.specification, dossier.results, dossier.files)
    except _MALFORMED as error:
        problems.append(f"evidence/results.json is malformed ({type(error).__name__}: {error})")
    else:
        problems += _remarks(dossier.verification)
        # Those of the packed specification say the same, and stand where its own findings stand.
        own = remarks(dossier.project.specification, dossier.verification.results)
        dossier.verification = replace(dossier.verification, findings=own)
    return len(stated), problems


def _remarks(stated: Verification) -> list[str]:
    """Compare what is remarked about the verdicts, and their order, with what the verdicts give."""
    from stimproof.verify.obligations import obligations
    from stimproof.verify.remarks import remarks

    def told(found: Iterable[Finding]) -> list[tuple[object, ...]]:
        return [(item.code, item.location.path, item.message, item.advice, item.weight) for item in found]

    wanted = remarks(stated.specification, stated.results)
    problems = (
        [] if told(stated.findings) == told(wanted) else ["the findings are not what the verdicts give"]
    )
    order = [result.obligation for result in stated.results]
    return (
        problems if order == list(obligations(stated.specification)) else [*problems, "the order is not kept"]
    )


def _summary(results: dict[str, Any], stated: list[dict[str, Any]]) -> list[str]:
    from stimproof.verify.results import SCHEMA, Verdict

    counted = {
        verdict.value: sum(entry.get("verdict") == verdict.value for entry in stated) for verdict in Verdict
    }
    problems = [] if results.get("summary") == counted else [f"the summary must be {counted}"]
    return problems if results.get("schema") == SCHEMA else [*problems, f"the schema must be {SCHEMA}"]


def _effects(dossier: _Dossier) -> tuple[int, list[str]]:
    """Remove each control from the model anew, and check what is stated about the model without it."""
    from stimproof.hazards.effectiveness import ablations
    from stimproof.verify.ablation import Ablation, checked

    if dossier.project is None or dossier.verification is None:
        raise _HopelessError("no control can be tried with these results")
    planned = ablations(dossier.project.risk_file)
    if not planned:
        dossier.ablation = Ablation(dossier.project.specification.sha256)
        return 0, []
    stated, files = _stated_changes(dossier, Ablation)
    with _usable(Ablation.FILE):
        dossier.ablation, problems = checked(dossier.verification, planned, stated, files)
    return len(dossier.ablation.effects), problems


def _faults(dossier: _Dossier) -> tuple[int, list[str]]:
    """Put each fault into the model anew, and check what is stated about the model with it.

    A dossier without ``faults.json`` states nothing about faults, on its pages and in its trace.
    """
    from stimproof.hazards import failing
    from stimproof.verify.faulting import FaultAnalysis, checked

    if dossier.project is None or dossier.verification is None:
        raise _HopelessError("no fault can be tried with these results")
    if not (dossier.folder / EVIDENCE / FaultAnalysis.FILE).is_file():
        return 0, []
    planned = failing.trials(dossier.project.risk_file)
    stated, files = _stated_changes(dossier, FaultAnalysis)
    with _usable(FaultAnalysis.FILE):
        dossier.faults, problems = checked(dossier.verification, planned, stated, files)
    return len(dossier.faults.effects), problems


def _stated_changes(dossier: _Dossier, kind: type[Changes[Any]]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is stated about changed specifications, and the evidence for it by path."""
    evidence = dossier.folder / EVIDENCE
    with _usable(kind.FILE):
        paths = _evidence_files(evidence, (f"{kind.FOLDER}/",))
        files = {path: (evidence / path).read_text("utf-8") for path in paths}
        return json.loads((evidence / kind.FILE).read_text("utf-8")), files


@contextmanager
def _usable(file: str) -> Iterator[None]:
    """Tell of data that is not what stimproof writes.

    Raises:
        _HopelessError: in place of what such data raises.
    """
    try:
        yield
    except (OSError, *_MALFORMED) as error:
        raise _HopelessError(f"{EVIDENCE}/{file} cannot be used ({type(error).__name__}: {error})") from None


def _hazards(dossier: _Dossier) -> tuple[int, list[str]]:
    """Derive the hazard trace again from the verdicts."""
    from stimproof.hazards.trace import trace

    if dossier.project is None or dossier.verification is None:
        raise _HopelessError("the hazard trace cannot be derived from these results")
    path = f"{EVIDENCE}/trace.json"
    if not (dossier.folder / path).is_file():
        raise _HopelessError(f"{path} is missing")
    effects = dossier.ablation.effects if dossier.ablation is not None else ()
    faults = dossier.faults.effects if dossier.faults is not None else ()
    again = trace(dossier.project.risk_file, dossier.verification, effects, faults)
    dossier.rebuilt = _rebuild(dossier, again)
    same = (dossier.folder / path).read_bytes() == dossier.rebuilt[path]
    return 1, [] if same else [f"{path} is not what the verdicts give"]


def _rebuild(dossier: _Dossier, again: TraceReport) -> dict[str, bytes]:
    """Return every file of the dossier as its evidence gives it, by path."""
    from stimproof.dossier.build import build
    from stimproof.dossier.inputs import DossierInputs

    project, verification = dossier.project, dossier.verification
    assert project is not None
    assert verification is not None
    risk = project.risk_file
    with tempfile.TemporaryDirectory(prefix="stimproof-audit-") as keep:
        out = Path(keep) / "dossier"
        try:
            build(
                DossierInputs(
                    project.specification,
                    verification,
                    risk,
                    again,
                    project.sources,
                    project.indications,
                    dossier.ablation,
                    dossier.faults,
                ),
                out,
            )
        except StimproofError as error:
            raise _HopelessError(f"the dossier cannot be built again from its evidence: {error}") from None
        return {path: (out / path).read_bytes() for path in manifest.paths(out)}


def _pages(dossier: _Dossier) -> tuple[int, list[str]]:
    """Compare every file with the one that the evidence gives; a file that it does not give is too many."""
    pages = [path for path in dossier.rebuilt if path != manifest.NAME]
    spare = set(manifest.paths(dossier.folder)) - set(dossier.rebuilt)
    problems = [f"{path}: the evidence gives no such file" for path in sorted(spare)]
    for path in pages:
        present = dossier.folder / path
        if not present.is_file():
            problems.append(f"{path}: this page is missing")
        elif present.read_bytes() != dossier.rebuilt[path]:
            problems.append(f"{path}: this page does not say what the evidence gives")
    return len(pages), problems


_QUESTIONS: tuple[tuple[str, Callable[[_Dossier], tuple[int, list[str]]]], ...] = (
    ("are these the bytes of the manifest", _bytes),
    ("is this the specification that the results are about", _specification),
    ("does every verdict follow from its evidence", _verdicts),
    ("does the effect of every control follow from its evidence", _effects),
    ("does what every fault does follow from its evidence", _faults),
    ("does the hazard trace follow from the verdicts", _hazards),
    ("are the pages those that this evidence gives", _pages),
)
