"""Projects: a folder with ``specs/*.yaml`` and ``hazards/*.yaml``, or a reference device by its id."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from stimproof.specs.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stimproof.hazards.risk_file import RiskFile
    from stimproof.specs.findings import Finding
    from stimproof.specs.indications.rulebook import DeviceIndications
    from stimproof.specs.specification import Specification


@dataclass(frozen=True)
class Specified:
    """The specification of one project folder, read and resolved: all that proofs are about."""

    root: Path
    id: str
    specification: Specification


@dataclass(frozen=True)
class Project(Specified):
    """Everything that stands in one project folder, read and resolved.

    Without ``hazards/*.yaml`` the ``risk_file`` is empty and says so (``present`` is false). ``sources``
    holds the exact text of every input file by its path inside the project.
    """

    risk_file: RiskFile
    sources: Mapping[str, str]
    indications: DeviceIndications | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the readers remarked about the specification and the risk file."""
        own = self.indications.rulebook.findings if self.indications and self.indications.own else ()
        return (*self.specification.findings, *self.risk_file.findings, *own)


@dataclass(frozen=True)
class LibraryDevice:
    """A reference device that comes with stimproof; its numbers are counted by their confidence."""

    id: str
    root: Path

    @cached_property
    def specification(self) -> Specification:
        """The device's specification, read when first asked for."""
        return _read_specification(self.root / "specs")

    @property
    def confidences(self) -> dict[str, int]:
        """How many numbers were seen, derived, recalled, are uncertain or unknown."""
        return confidences(self.specification)


CONFIDENCES = ("seen", "derived", "recalled", "uncertain", "unknown")


def confidences(specification: Specification) -> dict[str, int]:
    """Return how many of a specification's numbers have each confidence, in the order of trust."""
    counts = dict.fromkeys(CONFIDENCES, 0)
    for _, _, citation, _ in specification.numbers:
        counts[citation.confidence] = counts.get(citation.confidence, 0) + 1
    return counts


def _read_specification(folder: Path, changes: Sequence[str] = ()) -> Specification:
    """Read a specification; the parser is loaded only once something is read."""
    from stimproof.specs.reader import read_folder

    return read_folder(folder, changes)


def library() -> tuple[LibraryDevice, ...]:
    """Return the reference devices in alphabetical order of their ids."""
    folder = Path(str(resources.files("stimproof.specs") / "library"))
    if not folder.is_dir():
        return ()
    roots = sorted(path for path in folder.iterdir() if any((path / "specs").glob("*.yaml")))
    return tuple(LibraryDevice(path.name, path) for path in roots)


def locate(name: str) -> Path:
    """Return the folder of a project; a folder on disk goes before a reference device of that name.

    Raises:
        OperatorError: there is neither such a folder nor such a device; near ids are named.
    """
    folder = Path(name)
    if (folder / "specs").is_dir():
        return folder
    known = {device.id: device.root for device in library()}
    if name in known:
        return known[name]
    raise OperatorError(_not_found(name, folder, list(known)))


def _not_found(name: str, folder: Path, known: list[str]) -> str:
    if folder.is_dir():
        hint = f"create '{folder / 'specs'}' and put the specification's *.yaml there"
        if any(folder.glob("*.yaml")):
            hint = "give the folder that holds 'specs' and 'hazards', not one of these"
        return f"'{name}' is no project: it has no folder 'specs'; {hint}"
    if folder.is_file():
        return f"'{name}' is a file; give the project's folder, which holds specs/*.yaml"
    near = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    if near:
        hint = "did you mean " + " or ".join(f"'{item}'" for item in near) + "?"
    elif known:
        hint = "reference devices: " + ", ".join(known)
    else:
        hint = "no reference device is installed"
    return f"'{name}' is neither a folder nor a reference device; {hint}"


def load_specification(name: str | Path, changes: Sequence[str] = ()) -> Specified:
    """Read the specification of a project and nothing else; ``changes`` as in :func:`load`.

    Raises:
        OperatorError: there is no such project.
        AuthorError: the specification has errors; all of them are in the findings.
    """
    root = locate(str(name))
    specification = _read_specification(root / "specs", changes)
    return Specified(root, specification.device.id, specification)


def load(name: str | Path, changes: Sequence[str] = ()) -> Project:
    """Read a whole project; ``changes`` are settings ``name=value`` in force for this reading alone.

    Raises:
        OperatorError: there is no such project.
        AuthorError: its specification, risk file or indications have errors; all of them are in the findings.
    """
    from stimproof.hazards.reader import read_folder as read_risk_file
    from stimproof.specs.indications.reader import of_device

    given = load_specification(name, changes)
    root, specification = given.root, given.specification
    risk_file = read_risk_file(root / "hazards", specification)
    stated = of_device(root, specification.device.id)
    own = stated.rulebook.documents if stated is not None and stated.own else ()
    documents = (*specification.documents, *risk_file.documents, *own)
    sources = dict(sorted((document.name, document.text) for document in documents))
    return Project(root, given.id, specification, risk_file, sources, stated)
