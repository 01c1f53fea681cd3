"""Resolved indications: typed predicates, and what each source says about a patient and a modality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.specs.expressions import (
    Boolean,
    Enumeration,
    Expression,
    Literal,
    Reference,
    Value,
    conj,
    disj,
    equal,
    negate,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from stimproof.specs.document import Source
    from stimproof.specs.findings import Finding, Location
    from stimproof.specs.indications.document import Head, Kind, Modality
    from stimproof.specs.reading import Document
    from stimproof.specs.specification import Citation


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something known of every patient, with finitely many values."""

    name: str
    type: Boolean | Enumeration
    meaning: str
    citation: Citation
    location: Location

    @property
    def reference(self) -> Reference:
        """The attribute as a term."""
        return Reference(self.name, self.type)

    @property
    def values(self) -> tuple[Value, ...]:
        """Every value that it can have."""
        return self.type.members if isinstance(self.type, Enumeration) else (False, True)

    def holds(self, value: Value) -> Expression:
        """Return the condition that it has a value."""
        if isinstance(self.type, Boolean):
            return self.reference if value else negate(self.reference)
        return equal(self.reference, Literal(value, self.type))


@dataclass(frozen=True, slots=True)
class Rule:
    """What its sources say: ``when`` is over attributes alone, definitions are written out in it."""

    name: str
    kind: Kind
    modalities: tuple[str, ...]
    when: Expression
    text: str
    over: tuple[str, ...]
    why: str
    quotes: Mapping[str, str]
    doc: str
    citation: Citation
    location: Location

    @property
    def objects(self) -> bool:
        """Whether the rule can speak against a modality."""
        return self.kind in ("contraindicated", "prerequisite")

    @property
    def against(self) -> Expression:
        """When the rule speaks against: a contraindication holds, or a prerequisite does not."""
        return self.when if self.kind == "contraindicated" else negate(self.when)


@dataclass(frozen=True, slots=True)
class Fact:
    """Which patients exist: a condition that every patient satisfies."""

    name: str
    when: Expression
    text: str
    citation: Citation
    location: Location


@dataclass(frozen=True, slots=True)
class Topic:
    """A disagreement that the author knows and keeps."""

    name: str
    title: str
    speaks_for: Rule
    speaks_against: Rule
    modality: str
    note: str
    location: Location


@dataclass(frozen=True)
class Rulebook:
    """All indications of one file or folder, with every name resolved."""

    head: Head
    sources: Mapping[str, Source]
    attributes: Mapping[str, Attribute]
    facts: Mapping[str, Fact]
    modalities: Mapping[str, Modality]
    rules: Mapping[str, Rule]
    topics: Mapping[str, Topic]
    documents: tuple[Document, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def possible(self) -> Expression:
        """What is true of every patient: each attribute has one of its values, and the facts hold."""
        typed = [
            disj(*(item.holds(value) for value in item.values))
            for item in self.attributes.values()
            if isinstance(item.type, Enumeration)
        ]
        return conj(*typed, *(fact.when for fact in self.facts.values()))

    def about(self, modality: str, *kinds: Kind) -> list[Rule]:
        """Return the rules of these kinds about a modality."""
        return [rule for rule in self.rules.values() if rule.kind in kinds and modality in rule.modalities]

    def speakers(self, modality: str) -> list[str]:
        """Return the sources that say anything for or against a modality, in declared order."""
        kinds: tuple[Kind, ...] = ("indicated", "contraindicated", "prerequisite")
        said = {name for rule in self.about(modality, *kinds) for name in rule.citation.sources}
        return [name for name in self.sources if name in said]

    def says_yes(self, rule: Rule, source: str, modality: str) -> Expression:
        """Return when a source indicates a modality by one rule.

        Its own prerequisites hold, too, and nothing that goes before the rule speaks against the modality.
        """
        own = [p.when for p in self.about(modality, "prerequisite") if source in p.citation.sources]
        first = [negate(no.against) for no in self.objections(modality) if rule.name in no.over]
        return conj(rule.when, *own, *first)

    def supports(self, modality: str) -> Iterator[tuple[Rule, str, Expression]]:
        """Yield each way in which a source indicates a modality: the rule, the source, when."""
        for rule in self.about(modality, "indicated"):
            for source in rule.citation.sources:
                yield rule, source, self.says_yes(rule, source, modality)

    def objections(self, modality: str, source: str | None = None) -> list[Rule]:
        """Return the rules that can speak against a modality, of one source or of all."""
        found = self.about(modality, "contraindicated", "prerequisite")
        return [rule for rule in found if source is None or source in rule.citation.sources]

    def opposed(self, modality: str, one: str, other: str) -> Expression:
        """Return when one source indicates what the other speaks against, with no stated precedence.

        With ``one`` twice it is when a source contradicts itself.
        """
        pairs = [
            conj(yes, against.against)
            for rule, source, yes in self.supports(modality)
            if source == one
            for against in self.objections(modality, other)
            if against.name not in rule.over
        ]
        return disj(*pairs)

    def supported(self, modality: str) -> Expression:
        """Return when at least one source indicates a modality."""
        return disj(*(yes for _, _, yes in self.supports(modality)))

    def undisputed(self, modality: str) -> Expression:
        """Return when a source indicates a modality and a stated precedence overrules every objection."""
        return disj(
            *(
                conj(yes, *(negate(no.against) for no in self._standing(rule, modality)))
                for rule, _, yes in self.supports(modality)
            )
        )

    def _standing(self, rule: Rule, modality: str) -> Iterable[Rule]:
        return (no for no in self.objections(modality) if no.name not in rule.over)


@dataclass(frozen=True, slots=True)
class DeviceIndications:
    """The indications of one device: the rules, and which of their modalities the device is one of.

    ``own`` tells that the project states them itself, so that they belong to its dossier's evidence.
    """

    rulebook: Rulebook
    modalities: tuple[str, ...]
    own: bool

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules about the device's modalities, by name."""
        return {
            name: rule
            for name, rule in self.rulebook.rules.items()
            if set(rule.modalities) & set(self.modalities)
        }
