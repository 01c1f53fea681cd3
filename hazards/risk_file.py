"""The risk file, resolved: every reference bound, the policy as a matrix, every entry with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from stimproof.hazards.scales import ProbabilityScale
from stimproof.specs.findings import Location

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stimproof.hazards.catalogue import Catalogue
    from stimproof.hazards.document import Cause, Harm, Hazard, NotApplicable, Policy, Situation
    from stimproof.hazards.evidence import Evidence
    from stimproof.hazards.judgements import (
        BenefitRisk,
        Clause,
        Overall,
        Population,
        PostProduction,
        Review,
        Written,
    )
    from stimproof.hazards.matrix import RiskMatrix
    from stimproof.hazards.measures import Control, Requirement
    from stimproof.specs.document import Source
    from stimproof.specs.findings import Finding
    from stimproof.specs.reading import Document
    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Obligation

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Places:
    """Where each entry and each item of a list stands; ``folder`` is where a risk file was looked for."""

    documents: tuple[Document, ...]
    folder: Location | None = None

    def at(self, path: Path) -> Location:
        """Return where a path stands, or the nearest place around it; a key is where its entry begins."""
        for length in range(len(path), -1, -1):
            part = path[:length]
            for document in self.documents:
                if part in document.values:
                    return document.at(part, key=part in document.keys)
        return self.folder if self.folder is not None else Location("")


@dataclass(frozen=True)
class RiskFile:
    """What can go wrong with one device, and what stops it.

    ``places`` gives the position of each entry and of each item that a finding may be about.
    ``obligations`` are those of the specification that the file was read with. An absent risk file is
    ``present=False``, empty, and carries one finding.
    """

    device: str
    edition: str
    matrix: RiskMatrix
    specification: Specification = field(repr=False)
    obligations: tuple[Obligation, ...]
    catalogue: Catalogue
    sources: Mapping[str, Source]
    evidence: Mapping[str, Evidence]
    causes: Mapping[str, Cause]
    hazards: Mapping[str, Hazard]
    situations: Mapping[str, Situation]
    harms: Mapping[str, Harm]
    controls: Mapping[str, Control]
    requirements: Mapping[str, Requirement]
    not_applicable: Mapping[str, NotApplicable]
    places: Places
    present: bool = True
    note: str = ""
    open_findings: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    scale: ProbabilityScale = field(default_factory=lambda: ProbabilityScale(()))
    policy: Policy | None = None
    populations: Mapping[str, Population] = field(default_factory=dict)
    benefit_risk: Mapping[str, BenefitRisk] = field(default_factory=dict)
    overall: Overall | None = None
    post_production: Mapping[str, PostProduction] = field(default_factory=dict)
    written: Mapping[str, Written] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    reviews: tuple[Review, ...] = ()

    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @property
    def spec_sha256(self) -> str:
        """The text of the specification that the file was read with."""
        return self.specification.sha256

    def at(self, *path: str | int) -> Location:
        """Return where an entry stands, or the nearest place around it."""
        return self.places.at(path)

    @cached_property
    def supports(self) -> Mapping[str, tuple[str, ...]]:
        """For each obligation, the others without which its proof means nothing, direct ones first."""
        direct = {item.id: item.depends_on for item in self.obligations}
        closed: dict[str, tuple[str, ...]] = {}
        for name in direct:
            found = [item for item in direct[name] if item in direct]
            for item in found:  # grows while it is walked
                found += [more for more in direct[item] if more in direct and more not in found]
            closed[name] = tuple(dict.fromkeys(item for item in found if item != name))
        return closed

    @property
    def addressed(self) -> Mapping[str, str]:
        """The hazards of the catalogue that the file addresses, each with its id in the file."""
        return {
            hazard.catalogue: name for name, hazard in self.hazards.items() if hazard.catalogue is not None
        }
