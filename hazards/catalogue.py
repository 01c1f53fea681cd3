"""The hazard catalogue that ships with stimproof, against which the coverage of a risk file is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from stimproof.specs.errors import InternalError
from stimproof.specs.fields import Identifier, Model
from stimproof.specs.reading import read_file
from stimproof.specs.validation import bundle, validate

_FILE = Path(__file__).with_name("catalogue.yaml")
_HEADS = {"stimproof": 1, "catalogue": {"title": "?", "severity_confidence": "judgement"}}


class CatalogueHead(Model):
    """What the catalogue is, and on what its severities rest."""

    title: str
    severity_confidence: Literal["judgement"]


class CatalogueHazard(Model):
    """A typical hazard: short reminders for whoever writes a risk file, no analysis of any device.

    ``design``, ``protective`` and ``information`` are typical controls of each kind, empty where none
    is known.
    """

    title: str
    causes: tuple[str, ...]
    situation: str
    harm: str
    severity: Literal["negligible", "minor", "serious", "critical", "catastrophic"]
    design: str = ""
    protective: str = ""
    information: str = ""


class Catalogue(Model):
    """All hazards of the catalogue by id."""

    stimproof: Literal[1]
    catalogue: CatalogueHead
    hazards: dict[Identifier, CatalogueHazard]


def load() -> Catalogue:
    """Read the shipped catalogue.

    Raises:
        InternalError: the shipped file is broken.
    """
    source = bundle([read_file(_FILE, "catalogue.yaml")], _HEADS)
    checked = validate(Catalogue, source)
    if checked.model is None or source.findings:
        raise InternalError("\n".join(finding.text() for finding in source.findings))
    return checked.model
