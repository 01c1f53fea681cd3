"""The manifest: the hash and size of every file of a dossier, by which others recognise and check it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from stimproof.verify.results import evidence_text

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "stimproof.manifest/1"
NAME = "manifest.json"


def describe(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder: every file but the manifest itself, sorted by path."""
    files = [
        {"path": path, "sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)}
        for path in paths(folder)
        if path != NAME
        for raw in [(folder / path).read_bytes()]
    ]
    return {"schema": SCHEMA, "files": files}


def paths(folder: Path) -> list[str]:
    """Return the relative paths of all files of a folder, in sorted order with ``/`` between the parts."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def write(folder: Path) -> None:
    """Write the manifest of a folder into it."""
    (folder / NAME).write_text(evidence_text(describe(folder)), "utf-8")


def read(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder, or ``None`` where there is none that can be understood."""
    try:
        found = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    right = isinstance(found, dict) and found.get("schema") == SCHEMA and isinstance(found.get("files"), list)
    return found if right else None


def is_dossier(folder: Path) -> bool:
    """Return whether a folder is a dossier and holds nothing that its manifest does not list."""
    found = read(folder)
    if found is None:
        return False
    listed = {item.get("path") for item in found["files"] if isinstance(item, dict)}
    return set(paths(folder)) <= listed | {NAME}
