"""The clauses of IEC 62304 with what a dossier can hold towards each, read from ``data/iec62304.yaml``."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from stimproof.specs.reading import read_text


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clause(_Model):
    """One clause: its number, our paraphrase of its title, and what the dossier holds or lacks.

    ``classes`` are the software safety classes to which it applies; ``needs`` names checks that must pass
    before ``here`` counts.
    """

    id: str
    kind: Literal["clause", "requirement", "withdrawn"]
    title: str
    classes: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Literal["high", "medium", "low"]
    note: str = ""
    here: str = ""
    pages: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    missing: str = ""


class Checklist(_Model):
    """All clauses, the edition that they are of, and where numbers and classes were read."""

    edition: str
    sources: dict[str, str]
    clauses: tuple[Clause, ...]


def data(name: str) -> Any:
    """Return a data file of the dossier as plain data."""
    text = (resources.files("stimproof.dossier") / "data" / name).read_text("utf-8")
    return read_text(text, name).data


@cache
def checklist() -> Checklist:
    """Return the checklist; its data are part of this package and never change while it runs."""
    return Checklist.model_validate(data("iec62304.yaml"))


def applicable(level: str) -> list[Clause]:
    """Return the requirements that apply to a software safety class, with the headings above them."""
    listed = checklist().clauses
    wanted = {item.id for item in listed if item.kind == "requirement" and level in item.classes}
    heads = {name.rsplit(".", depth)[0] for name in wanted for depth in range(1, name.count(".") + 1)}
    return [item for item in listed if item.id in wanted or (item.id in heads and item.kind == "clause")]
