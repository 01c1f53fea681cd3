"""Building a dossier: HTML, evidence and manifest, complete under its name or not there at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stimproof.dossier import evidence, manifest
from stimproof.dossier.book import Book
from stimproof.dossier.clauses import applicable
from stimproof.files import fresh_folder
from stimproof.specs.errors import OperatorError

if TYPE_CHECKING:
    from stimproof.dossier.inputs import DossierInputs

Progress = Callable[[int, int, str], None]
STAGES = ("writing pages", "packing evidence", "hashing")


def build(inputs: DossierInputs, out: Path, progress: Progress | None = None) -> Path:
    """Build the dossier in ``out`` and return the page to open.

    An earlier dossier in ``out`` is replaced at the very end by renaming; any other content is refused.
    The same inputs give the same bytes, wherever and whenever they are built. ``progress`` is called
    before each stage with how many are done, how many there are, and what it does.

    Raises:
        OperatorError: ``out`` holds something else, or cannot be written.
        InternalError: the pages have a defect.
    """
    from stimproof.dossier.site import render

    level = inputs.specification.device.software_safety_class
    tell = progress or (lambda done, total, what: None)
    with fresh_folder(out, manifest.is_dossier) as filled, tempfile.TemporaryDirectory() as work:
        try:
            tell(0, len(STAGES), STAGES[0])
            book = Book(inputs, [clause.id for clause in applicable(level)])
            render(inputs, book, Path(work), filled)
            tell(1, len(STAGES), STAGES[1])
            evidence.write(inputs, book, filled)
            tell(2, len(STAGES), STAGES[2])
            manifest.write(filled)
        except OSError as error:
            raise OperatorError(f"the dossier '{out}' cannot be written: {error}") from error
    return out / "index.html"
