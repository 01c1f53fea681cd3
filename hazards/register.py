"""The evidence register that ships with stimproof: published numbers and claims, for and against."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pydantic import Field

from stimproof.hazards.evidence import Evidence
from stimproof.hazards.ratings import Words
from stimproof.hazards.shipped import shipped
from stimproof.specs.document import Source
from stimproof.specs.fields import Identifier, Model

_HEADS = {"stimproof": 1, "register": {"title": "?", "rule": "?"}}


class RegisterHead(Model):
    """What the register is, and by which rule it was filled."""

    title: Words
    rule: Words


class Conflict(Model):
    """Claims that contradict each other about one topic, and why they may; nobody averages them."""

    topic: Words
    supporting: tuple[Identifier, ...] = ()
    opposing: tuple[Identifier, ...] = ()
    why: Words


class Criterion(Model):
    """A criterion for whom the therapy is appropriate: information for safety, with its evidence."""

    criterion: Words
    evidence: tuple[Identifier, ...]
    note: str = ""


class Register(Model):
    """All evidence by id, the conflicts between claims, and the criteria of appropriateness."""

    stimproof: Literal[1]
    head: RegisterHead = Field(alias="register")
    sources: dict[Identifier, Source]
    evidence: dict[Identifier, Evidence]
    conflicts: dict[Identifier, Conflict] = {}
    appropriateness: dict[Identifier, Criterion] = {}


@lru_cache(maxsize=1)
def load() -> Register:
    """Read the shipped register.

    Raises:
        InternalError: the shipped file is broken.
    """
    return shipped(Register, "evidence.yaml", _HEADS)
