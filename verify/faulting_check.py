"""What faults do, checked again by somebody who trusts nobody: each fault put in anew, its evidence tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stimproof.verify.changed import read_again
from stimproof.verify.faulting import FOLDER, SCHEMA, FaultAnalysis, judged, wanted
from stimproof.verify.faulting_model import faulted
from stimproof.verify.faulting_parts import InjectionError

if TYPE_CHECKING:
    from stimproof.verify.fault_effects import FaultResult, FaultTrial
    from stimproof.verify.results import Result, Verification

Stated = Mapping[str, Any]


def checked(
    verification: Verification, trials: Sequence[FaultTrial], stated: Stated, files: Mapping[str, str]
) -> tuple[FaultAnalysis, list[str]]:
    """Return what stored results about faults show, read from their evidence, and every problem in words.

    ``stated`` is the content of ``faults.json``, ``files`` the texts of the folder of faults by path.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: the data is not what stimproof writes.
    """
    effects: list[FaultResult] = []
    found: dict[str, tuple[Result, ...]] = {}
    problems: list[str] = []
    used: set[str] = set()
    for trial in trials:
        results, reason, wrong, read = _one(verification, trial, stated, files)
        effects += judged(trial, verification, results, reason)
        problems += [f"with {trial.fault}, {problem}" for problem in wrong]
        used |= read
        if results:
            found[trial.fault] = results
    analysis = FaultAnalysis(verification.specification.sha256, tuple(effects), found, files)
    problems += [f"{path}: no fault refers to this file" for path in sorted(set(files) - used)]
    expected = {
        "schema": SCHEMA,
        "spec_sha256": analysis.spec_sha256,
        "effects": [item.as_json() for item in effects],
    }
    if any(stated.get(key) != value for key, value in expected.items()) or set(stated["with"]) != set(found):
        problems.append("what the faults do is not what their evidence gives")
    return analysis, problems


def _one(
    verification: Verification, trial: FaultTrial, stated: Stated, files: Mapping[str, str]
) -> tuple[tuple[Result, ...], str, list[str], set[str]]:
    """Return the results with one fault, why there are none, problems, and the files read."""
    specification = verification.specification
    try:
        changed = faulted(specification, specification.faults[trial.fault])
    except InjectionError as problem:
        return (), str(problem), [], set()
    asked = wanted(changed, trial)
    if changed == specification or not asked:
        return (), "", [], set()
    entries = stated["with"].get(trial.fault, [])
    results, wrong, read = read_again(changed, asked, entries, f"{FOLDER}/{trial.fault}/", files)
    return results, "", wrong, read
