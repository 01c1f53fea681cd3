"""Writing output whole: a file or a folder appears complete under its name, or not at all.

Everything is first written beside its place and then renamed, so a process that is killed in the middle
leaves the old content, or nothing, but never half of the new.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from stimproof.specs.errors import InternalError, OperatorError


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def check_file_target(path: Path) -> None:
    """Refuse a place where no file can be written, before long work is spent on its content.

    Raises:
        OperatorError: the folder does not exist or cannot be written, or ``path`` is a folder.
    """
    if path.is_dir():
        raise OperatorError(f"'{path}' is a folder; name a file")
    if not path.absolute().parent.is_dir():
        raise OperatorError(f"the folder '{path.absolute().parent}' does not exist; create it first")
    if not os.access(path.absolute().parent, os.W_OK):
        raise OperatorError(f"the folder '{path.absolute().parent}' cannot be written")


def write_file(path: Path, text: str | bytes) -> None:
    """Write ``text`` (as UTF-8, or bytes) so that ``path`` holds either its old content or all of the new.

    Raises:
        OperatorError: the place cannot be written.
    """
    check_file_target(path)
    target = path.absolute()
    beside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        beside = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8") if isinstance(text, str) else text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(0o666 & ~_umask())
        beside.replace(target)
    except OSError as error:
        raise OperatorError(f"'{path}' cannot be written: {_reason(error)}") from None
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def _umask() -> int:
    """Return the process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


Ours = Callable[[Path], bool]


def check_folder_target(folder: Path, ours: Ours) -> None:
    """Refuse a folder that holds something which this tool did not write.

    Raises:
        OperatorError: ``folder`` is a file, or a folder that is neither empty nor ``ours``.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise OperatorError(f"'{folder}' exists and is not a folder; choose another name")
    try:
        foreign = folder.is_dir() and any(folder.iterdir()) and not ours(folder)
    except OSError as error:
        raise OperatorError(f"'{folder}' cannot be read: {_reason(error)}") from None
    if foreign:
        raise OperatorError(
            f"'{folder}' is not empty and was not written by this command; "
            "choose another folder, or empty it yourself"
        )


@contextmanager
def fresh_folder(folder: Path, ours: Ours) -> Iterator[Path]:
    """Give an empty folder beside ``folder`` to fill; on success it takes the place of ``folder``.

    ``ours`` says whether an existing, non-empty folder is an earlier output that may be replaced.

    Raises:
        OperatorError: the place is taken by something else, or cannot be written.
    """
    check_folder_target(folder, ours)
    target = folder.absolute()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise OperatorError(f"'{folder}' cannot be written: {_reason(error)}") from None
    try:
        filled = work / "new"
        filled.mkdir()
        yield filled
        _swap(filled, target, work / "old", folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _swap(filled: Path, target: Path, old: Path, shown: Path) -> None:
    try:
        replaced = target.is_dir()
        if replaced:
            target.rename(old)
        try:
            filled.rename(target)
        except OSError:
            if replaced:
                old.rename(target)
            raise
    except OSError as error:
        raise OperatorError(f"'{shown}' cannot be written: {_reason(error)}") from None


def write_folder(folder: Path, files: Mapping[str, str], ours: Ours) -> None:
    """Write a whole folder from texts by relative path, replacing an earlier output of ours.

    Raises:
        OperatorError: see :func:`fresh_folder`.
        InternalError: a path that would leave the folder.
    """
    with fresh_folder(folder, ours) as filled:
        for name, text in files.items():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or not path.parts:
                raise InternalError(f"the path '{name}' leaves the output folder")
            file = filled / path
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(text.encode("utf-8"))
            except OSError as error:
                raise OperatorError(f"'{folder / path}' cannot be written: {_reason(error)}") from None
