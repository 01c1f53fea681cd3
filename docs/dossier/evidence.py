"""The evidence that a dossier carries: texts, results, certificates and traces, as an auditor needs them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from stimproof.specs.errors import InternalError
from stimproof.verify.results import evidence_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stimproof.dossier.book import Book
    from stimproof.dossier.inputs import DossierInputs

FOLDER = "evidence"


def write(inputs: DossierInputs, book: Book, out: Path) -> None:
    """Write everything under ``out/evidence``.

    Raises:
        InternalError: a path that would leave the folder.
    """
    for name, text in files(inputs, book):
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name:
            raise InternalError(f"the path '{name}' leaves the folder of the evidence")
        target = out / FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8"))


def files(inputs: DossierInputs, book: Book) -> Iterator[tuple[str, str]]:
    """Yield path and text of every file of the evidence."""
    for name, text in inputs.sources.items():
        yield f"sources/{name}", text
    yield from inputs.verification.files.items()
    for trials in (inputs.ablation, inputs.faults):
        if trials is not None:
            for name, text in trials.evidence.items():
                yield name, evidence_text(_portable(trials.as_json(), book)) if name == trials.FILE else text
    yield "results.json", evidence_text(_portable(inputs.verification.as_json(timed=False), book))
    if inputs.trace is not None:
        yield "trace.json", evidence_text(_portable(inputs.trace.as_json(), book))


def _portable(data: Any, book: Book) -> Any:
    """Return the data with each place's file as its path inside the project, wherever it was read."""
    if isinstance(data, dict):
        return {
            key: book.file(value)
            if key == "file" and isinstance(value, str) and _is_place(data)
            else _portable(value, book)
            for key, value in data.items()
        }
    return [_portable(item, book) for item in data] if isinstance(data, list) else data


def _is_place(data: dict[str, Any]) -> bool:
    return "line" in data and "column" in data
