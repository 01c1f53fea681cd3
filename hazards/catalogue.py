"""The hazard catalogue that ships with stimproof, against which the coverage of a risk file is checked."""

from __future__ import annotations

from typing import Literal

from stimproof.hazards.shipped import shipped
from stimproof.specs.fields import Identifier, Model

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
    return shipped(Catalogue, "catalogue.yaml", _HEADS)
