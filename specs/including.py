"""Files of a specification that stand below its folder: ``includes: [sub/*.yaml]``.

An included file lies below the folder of the file that includes it, so that a project never depends on what
stands outside: no absolute path, no ``..``, no symbolic link, and no file twice.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code, Finding
from stimproof.specs.reading import Document, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_FILES = 200
_SHAPE = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_. -]*/){0,8}[A-Za-z0-9_*-][A-Za-z0-9_.* -]*\.yaml\Z")


def included(documents: Iterable[Document], root: Path | None, findings: list[Finding]) -> list[Document]:
    """Return the documents with all that they include, directly or not; complaints go to ``findings``.

    ``root`` is the project's folder; without it (a text that is no file) nothing can be included.
    """
    gathered = list(documents)
    known = {document.name for document in gathered}
    for document in gathered:  # grows while it is read
        for index, pattern in enumerate(_patterns(document)):
            place = ("includes", index)
            for file in _files(document, place, pattern, root, findings):
                name = file.relative_to(root or file.parent).as_posix()
                if name in known:
                    if "*" not in pattern:
                        _refuse(findings, document, place, f"'{pattern}' is read already", "remove it here")
                    continue
                if len(gathered) >= MOST_FILES:
                    message = f"more than {MOST_FILES} files are included"
                    _refuse(findings, document, place, message, "put more into each", Code.TOO_LARGE)
                    return gathered
                known.add(name)
                try:
                    gathered.append(read_file(file, name))
                except SpecificationError as error:
                    findings.extend(error.findings)
    return gathered


def _patterns(document: Document) -> list[str]:
    """Return what a document includes; a wrong form is reported by the validation."""
    given = document.data.get("includes") if isinstance(document.data, dict) else None
    return [item for item in given if isinstance(item, str)] if isinstance(given, list) else []


def _refuse(
    findings: list[Finding],
    document: Document,
    place: tuple[Any, ...],
    message: str,
    advice: str,
    code: Code = Code.INCLUDE,
) -> None:
    findings.append(Finding(code, document.at(place), message, advice))


def _files(
    document: Document, place: tuple[Any, ...], pattern: str, root: Path | None, findings: list[Finding]
) -> Iterator[Path]:
    """Yield the files that a pattern names, none of them outside or through a link."""
    if root is None:
        _refuse(findings, document, place, "a text that is no file includes nothing", "put it into a project")
        return
    if not _SHAPE.match(pattern):
        message = f"'{pattern[:80]}' is not the name of a file below this one's folder"
        advice = "write 'sub/name.yaml' or 'sub/*.yaml', without '..' and without '/' in front"
        _refuse(findings, document, place, message, advice)
        return
    folder = Path(document.file).parent
    try:
        found = sorted(folder.glob(pattern))
    except OSError as error:
        _refuse(findings, document, place, f"'{pattern}' cannot be read: {error.strerror}", "check the path")
        return
    if not found:
        _refuse(findings, document, place, f"there is no file '{pattern}'", f"it is looked for in '{folder}'")
    for file in found:
        link = next((part for part in _between(folder, file) if part.is_symlink()), None)
        if link is None:
            yield file
        else:
            message = f"'{link}' is a symbolic link, which may lead outside the project"
            _refuse(findings, document, place, message, "copy the file to its place")


def _between(folder: Path, file: Path) -> list[Path]:
    """Return the file and the folders on the way to it."""
    return [file, *(part for part in file.parents if part.is_relative_to(folder) and part != folder)]
