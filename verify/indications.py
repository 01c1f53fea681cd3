"""What follows from indications: candidates, contradictions, disagreements between sources, coverage.

Every answer *nobody* carries a script that cvc5 confirmed, every answer *somebody* a patient that the
exact evaluator confirmed. Nothing here is medical advice: it is about what documents say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from stimproof.specs.expressions import TRUE, Expression, conj, disj, negate
from stimproof.verify.interpreter import evaluate
from stimproof.verify.patients import DEFAULT_BUDGET, Nobody, Patient, Population, UndecidedError, Witness
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection

    from stimproof.specs.indications.rulebook import Rulebook

SCHEMA = "stimproof.indications/1"
NOTICE = (
    "This is about what documents say, for the intended use and the information for safety of a dossier. "
    "It is not medical advice."
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one source says about a modality for one patient, and by which rules."""

    source: str
    says: str
    rules: tuple[str, ...]

    @property
    def text(self) -> str:
        """The opinion in a few words."""
        return f"{self.source} {self.says}" + (f" ({', '.join(self.rules)})" if self.rules else "")


@dataclass(frozen=True, slots=True)
class Shown:
    """A patient who shows something: all values, the decisive ones, and what the sources say."""

    values: Mapping[str, str]
    decisive: tuple[str, ...]
    opinions: tuple[Opinion, ...]
    count: int

    @property
    def text(self) -> str:
        """The decisive attributes with their values; whoever shares them is a witness, too."""
        return ", ".join(f"{name} = {self.values[name]}" for name in self.decisive) or "every patient"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question about the indications: its sentence, the verdict, and who shows it."""

    id: str
    kind: str
    statement: str
    verdict: Verdict
    shown: Shown | None = None
    script: str = ""
    topic: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        who = self.shown
        return {
            "id": self.id,
            "kind": self.kind,
            "statement": self.statement,
            "verdict": self.verdict.value,
            "patient": dict(who.values) if who else None,
            "decisive": list(who.decisive) if who else [],
            "patients": who.count if who else None,
            "opinions": [item.text for item in who.opinions] if who else [],
            "topic": self.topic,
            "reason": self.reason,
            "script": f"{path_of(self.id)}" if self.script else None,
        }


def path_of(name: str) -> str:
    """Return the path of an answer's script inside a folder of results."""
    return f"certificates/{name}.smt2"


@dataclass(frozen=True)
class Report:
    """Every answer about one set of indications."""

    rulebook: Rulebook
    focus: tuple[str, ...]
    size: int
    answers: tuple[Answer, ...]
    candidates: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """For each modality how many patients some source indicates it for, and for how many undisputed."""

    def of(self, *kinds: str) -> list[Answer]:
        """Return the answers of some kinds, in order."""
        return [answer for answer in self.answers if answer.kind in kinds]

    @property
    def worst(self) -> Verdict:
        """The verdict that decides the exit status; who is covered is a description, not a demand."""
        judged = {answer.verdict for answer in self.answers if answer.kind not in ("coverage", "overlap")}
        judged |= {answer.verdict for answer in self.answers if answer.verdict is Verdict.UNKNOWN}
        order = (Verdict.REFUTED, Verdict.ERROR, Verdict.UNKNOWN)
        return next((verdict for verdict in order if verdict in judged), Verdict.PROVED)

    @property
    def files(self) -> dict[str, str]:
        """The text of every script by its path."""
        return {path_of(answer.id): answer.script for answer in self.answers if answer.script}

    def as_json(self) -> dict[str, Any]:
        """Return plain data for ``--json``."""
        return {
            "schema": SCHEMA,
            "notice": NOTICE,
            "indications": self.rulebook.head.id,
            "modalities": list(self.focus),
            "patients": self.size,
            "candidates": {
                name: {"some_source": some, "undisputed": undisputed}
                for name, (some, undisputed) in self.candidates.items()
            },
            "answers": [answer.as_json() for answer in self.answers],
        }


def check(rulebook: Rulebook, focus: Collection[str] | None = None, budget: int = DEFAULT_BUDGET) -> Report:
    """Ask every question about the modalities of ``focus`` (all, where none is given)."""
    chosen = tuple(name for name in rulebook.modalities if focus is None or name in focus)
    asker = _Asker(rulebook, Population(rulebook.attributes, rulebook.possible, budget))
    answers = tuple(asker.answers(chosen))
    people = asker.people
    counts = {
        name: (people.count(rulebook.supported(name)), people.count(rulebook.undisputed(name)))
        for name in chosen
    }
    return Report(rulebook, chosen, people.size, answers, counts)


def opinions(rulebook: Rulebook, modality: str, patient: Patient) -> tuple[Opinion, ...]:
    """Return what each source says about a modality for one patient, by the exact evaluator alone."""
    return tuple(_opinion(rulebook, modality, source, patient) for source in rulebook.speakers(modality))


def _opinion(rulebook: Rulebook, modality: str, source: str, patient: Patient) -> Opinion:
    supports = rulebook.supports(modality)
    said = [rule for rule, who, when in supports if who == source and evaluate(when, patient)]
    against = [rule for rule in rulebook.objections(modality, source) if evaluate(rule.against, patient)]
    yes = [rule.name for rule in said]
    no = [rule.name for rule in against if not any(rule.name in other.over for other in said)]
    if yes and no:
        return Opinion(source, "says yes and no", (*yes, *no))
    if yes or no:
        return Opinion(source, "says yes" if yes else "says no", (*yes, *no))
    return Opinion(source, "is silent", ())


@dataclass(frozen=True)
class _Asker:
    """Asks the questions of one set of indications."""

    book: Rulebook
    people: Population

    def answers(self, focus: tuple[str, ...]) -> Iterator[Answer]:
        yield self._wants("population", "population", "There is a patient at all", TRUE, ())
        for rule in self.book.rules.values():
            if set(rule.modalities) & set(focus):
                told = f"The rule '{rule.name}' applies to somebody"
                yield self._wants(f"rules.{rule.name}", "rule", told, rule.when, rule.modalities)
        for name in focus:
            yield from self._modality(name)
        for topic in self.book.topics.values():
            if topic.modality in focus:
                pair = conj(self._yes(topic.speaks_for.name, topic.modality), topic.speaks_against.against)
                told = f"Kept disagreement: {topic.title}"
                yield self._wants(f"topics.{topic.name}", "topic", told, pair, (topic.modality,))
        yield from self._coverage(focus)

    def _yes(self, rule: str, modality: str) -> Expression:
        return disj(*(when for item, _, when in self.book.supports(modality) if item.name == rule))

    def _modality(self, name: str) -> Iterator[Answer]:
        title = self.book.modalities[name].title
        told = f"{title}: somebody is a candidate to whom no document objects"
        yield self._wants(f"{name}.satisfiable", "satisfiable", told, self.book.undisputed(name), (name,))
        speakers = self.book.speakers(name)
        indicating = list(dict.fromkeys(source for _, source, _ in self.book.supports(name)))
        for one in indicating:
            for other in speakers:
                if self.book.objections(name, other):
                    yield self._opposed(name, title, one, other)

    def _opposed(self, name: str, title: str, one: str, other: str) -> Answer:
        claim = self.book.opposed(name, one, other)
        if one == other:
            told = f"{title}: {one} never says yes and no about one patient without a stated precedence"
            return self._wants_nobody(f"{name}.{one}.consistent", "contradiction", told, claim, (name,))
        told = f"{title}: {one} never says yes where {other} says no without a stated precedence"
        found = self._wants_nobody(f"{name}.{one}.{other}", "disagreement", told, claim, (name,))
        return found if found.shown is None else _with_topic(found, self._topic(name, one, other))

    def _topic(self, modality: str, one: str, other: str) -> str:
        return ", ".join(
            topic.name
            for topic in self.book.topics.values()
            if topic.modality == modality
            and one in topic.speaks_for.citation.sources
            and other in topic.speaks_against.citation.sources
        )

    def _coverage(self, focus: tuple[str, ...]) -> Iterator[Answer]:
        covered = {name: self.book.undisputed(name) for name in focus}
        if len(focus) == len(self.book.modalities):
            told = "Every patient is an undisputed candidate for some modality"
            yield self._wants_nobody("coverage", "coverage", told, negate(disj(*covered.values())), ())
        rest = [name for name in self.book.modalities if name not in focus]
        pairs = [*combinations(focus, 2), *((name, other) for name in focus for other in rest)]
        for one, other in pairs:
            told = f"Nobody is an undisputed candidate for both {one} and {other}"
            both = conj(self.book.undisputed(one), self.book.undisputed(other))
            yield self._wants_nobody(f"overlap.{one}.{other}", "overlap", told, both, (one, other))

    def _wants(self, name: str, kind: str, told: str, claim: Expression, about: tuple[str, ...]) -> Answer:
        return self._ask(name, kind, told, claim, about, found=Verdict.PROVED, missing=Verdict.REFUTED)

    def _wants_nobody(
        self, name: str, kind: str, told: str, claim: Expression, about: tuple[str, ...]
    ) -> Answer:
        return self._ask(name, kind, told, claim, about, found=Verdict.REFUTED, missing=Verdict.PROVED)

    def _ask(
        self, name: str, kind: str, told: str, claim: Expression, about: tuple[str, ...],
        *, found: Verdict, missing: Verdict,
    ) -> Answer:  # fmt: skip
        try:
            made = self.people.somebody(claim, f"{name}. {told}", self._simple(about))
        except UndecidedError as reason:
            return Answer(name, kind, told, Verdict.UNKNOWN, reason=str(reason))
        if isinstance(made, Nobody):
            return Answer(name, kind, told, missing, script=made.script)
        return Answer(name, kind, told, found, self._shown(made, claim, about), made.script)

    def _simple(self, about: tuple[str, ...]) -> Iterator[Expression]:
        """Yield what makes a patient easy to understand: nothing objects that need not."""
        for name in about:
            yield from (negate(rule.against) for rule in self.book.objections(name))

    def _shown(self, witness: Witness, claim: Expression, about: tuple[str, ...]) -> Shown:
        said = tuple(item for name in about for item in opinions(self.book, name, witness.patient))
        values = {name: _word(value) for name, value in witness.patient.items()}
        return Shown(values, witness.decisive, said, self.people.count(claim))


def _with_topic(answer: Answer, topic: str) -> Answer:
    return Answer(
        answer.id, answer.kind, answer.statement, answer.verdict, answer.shown, answer.script, topic
    )


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
