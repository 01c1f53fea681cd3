"""Ablations checked again by somebody who trusts nobody: each control removed anew, its evidence tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stimproof.verify.ablation import FOLDER, SCHEMA, Ablation, judged
from stimproof.verify.changed import read_again
from stimproof.verify.obligations import obligations
from stimproof.verify.removing import NotRemovableError, without

if TYPE_CHECKING:
    from stimproof.verify.effects import AblationResult, Trial
    from stimproof.verify.results import Result, Verification

Stated = Mapping[str, Any]


def checked(
    verification: Verification, trials: Sequence[Trial], stated: Stated, files: Mapping[str, str]
) -> tuple[Ablation, list[str]]:
    """Return what stored ablations show, read from their evidence, and every problem in words.

    ``stated`` is the content of ``ablation.json``, ``files`` the texts of the folder of ablations by path.

    Raises:
        AttributeError, KeyError, TypeError, ValueError: the data is not what stimproof writes.
    """
    effects: list[AblationResult] = []
    found: dict[str, tuple[Result, ...]] = {}
    problems: list[str] = []
    used: set[str] = set()
    for trial in trials:
        if trial.elements or trial.nothing:
            results, reason, wrong, read = _one(verification, trial, stated, files)
            effects += judged(trial, verification, results, reason)
            problems += [f"without {trial.control}, {problem}" for problem in wrong]
            used |= read
            if results:
                found[trial.control] = results
    ablation = Ablation(verification.specification.sha256, tuple(effects), found, files)
    problems += [f"{path}: no ablation refers to this file" for path in sorted(set(files) - used)]
    wanted = {
        "schema": SCHEMA,
        "spec_sha256": ablation.spec_sha256,
        "effects": [item.as_json() for item in effects],
    }
    if any(stated.get(key) != value for key, value in wanted.items()) or set(stated["without"]) != set(found):
        problems.append("the effects of the controls are not what their evidence gives")
    return ablation, problems


def _one(
    verification: Verification, trial: Trial, stated: Stated, files: Mapping[str, str]
) -> tuple[tuple[Result, ...], str, list[str], set[str]]:
    """Return the results without one control, why there are none, problems, and the files read."""
    specification = verification.specification
    try:
        changed = without(specification, trial.elements)
    except NotRemovableError as problem:
        return (), str(problem), [], set()
    wanted = {item.id: item for item in obligations(changed) if item.id in trial.obligations}
    if changed == specification or not wanted:
        return (), "", [], set()
    entries = stated["without"].get(trial.control, [])
    results, wrong, used = read_again(changed, wanted, entries, f"{FOLDER}/{trial.control}/", files)
    return results, "", wrong, used
