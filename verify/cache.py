"""A folder of what earlier runs found, one small file for each question, named by what the question means.

Nothing in it is believed. Whoever reads an entry checks it again, so that a damaged or forged cache can
make a run slower and never make it wrong. It may be deleted at any time, and shared by any number of runs.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

MAX_BYTES = 4_000_000
"""Larger files were not written by us in any useful sense, and are not read."""


@dataclass(frozen=True)
class Cache:
    """Entries by key; every fault of a disk is a question that nobody has asked before."""

    folder: Path

    def prepare(self) -> str:
        """Make the folder; return why it cannot be used, or an empty text."""
        if self.folder.is_symlink() or self.folder.parent.is_symlink():
            return f"'{self.folder}' is a link; the cache is not used"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            mark = self.folder / ".gitignore"
            if not mark.exists():
                mark.write_text("*\n", encoding="utf-8")
        except OSError as error:
            return f"the cache '{self.folder}' cannot be used: {error.strerror}"
        return "" if os.access(self.folder, os.W_OK) else f"the cache '{self.folder}' cannot be written"

    def read(self, key: str) -> Any:
        """Return the data that stands under a key, or ``None``: for one that is missing, damaged or odd."""
        try:
            digest, _, text = _regular(self._path(key)).partition("\n")
            return json.loads(text) if digest == _digest(text) else None
        except (OSError, ValueError, RecursionError):
            return None

    def write(self, key: str, data: object) -> None:
        """Put data under a key: whole or not at all, whoever else writes it at the same time."""
        beside: Path | None = None
        try:
            handle, name = tempfile.mkstemp(prefix=".", suffix=".new", dir=self.folder)
            beside = Path(name)
            text = json.dumps(data, ensure_ascii=False)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(f"{_digest(text)}\n{text}")
            beside.replace(self._path(key))
        except OSError:
            if beside is not None:
                beside.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def _digest(text: str) -> str:
    """Return what tells damage from what was written; it keeps no forger away, and need not."""
    return sha256(text.encode("utf-8")).hexdigest()


def _regular(path: Path) -> str:
    """Return the text of an ordinary file; links and pipes are nothing that we wrote."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as stream:
        state = os.fstat(stream.fileno())
        if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_BYTES:
            return ""
        return stream.read(MAX_BYTES).decode("utf-8")
