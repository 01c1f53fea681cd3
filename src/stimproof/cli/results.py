"""``results.json`` with its certificates and traces: the folder that ``verify -o`` writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stimproof.files import check_folder_target, write_folder
from stimproof.verify.results import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    from stimproof.verify.results import Verification

RESULTS = "results.json"
_PARTS = {RESULTS, "certificates", "traces"}


def results_text(verification: Verification) -> str:
    """Return the text of ``results.json``."""
    return json.dumps(verification.as_json(), indent=2, ensure_ascii=False) + "\n"


def holds_results(folder: Path) -> bool:
    """Return whether a folder is an earlier output of ``verify -o`` and nothing else, so may be replaced."""
    if not {path.name for path in folder.iterdir()} <= _PARTS:
        return False
    try:
        data: Any = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and data.get("schema") == SCHEMA


def check_results_target(folder: Path) -> None:
    """Refuse a folder that must not be replaced, before anything is proved.

    Raises:
        OperatorError: see :func:`stimproof.files.check_folder_target`.
    """
    check_folder_target(folder, holds_results)


def write_results(folder: Path, verification: Verification) -> None:
    """Write results, certificates and traces; the folder appears whole or not at all.

    Raises:
        OperatorError: the folder holds something else, or cannot be written.
    """
    write_folder(folder, {RESULTS: results_text(verification), **verification.files}, holds_results)
