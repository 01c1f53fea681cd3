"""Reading indications: from YAML files to a resolved :class:`Rulebook`, or to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from stimproof.specs.errors import SpecificationError
from stimproof.specs.expressions import BOOLEAN, Enumeration, Expression, references, substitute
from stimproof.specs.findings import Code, Finding, Severity
from stimproof.specs.indications import rulebook as resolved
from stimproof.specs.indications.document import HEADS, IndicationsDocument, Predicate
from stimproof.specs.parsing import LanguageError
from stimproof.specs.reading import Document, read_file, read_files, read_text
from stimproof.specs.specification import Citation
from stimproof.specs.typing import ExcusedError, Scope, expression
from stimproof.specs.validation import Bundle, bundle, validate

if TYPE_CHECKING:
    from stimproof.specs.expressions import Type
    from stimproof.specs.fields import Cited

_RESERVED = ("true", "false", "pi")


@cache
def shipped() -> resolved.Rulebook:
    """Return the indications that come with stimproof: every modality of the reference devices."""
    path = Path(str(resources.files("stimproof.specs") / "library" / "indications.yaml"))
    return resolve([read_file(path, "library/indications.yaml")])


def of_device(root: Path, device: str) -> resolved.DeviceIndications | None:
    """Return what ``indications/*.yaml`` of a project says, else what is shipped about a device of that id.

    Raises:
        SpecificationError: the project's own indications have errors.
    """
    own = read_folder(root / "indications")
    rules = own or shipped()
    named = tuple(name for name, item in rules.modalities.items() if device in item.devices)
    if own is not None:
        return resolved.DeviceIndications(own, named or tuple(own.modalities), own=True)
    return resolved.DeviceIndications(rules, named, own=False) if named else None


def read_folder(folder: Path) -> resolved.Rulebook | None:
    """Read every ``*.yaml`` of a folder as one set of indications; ``None`` where there is none.

    Raises:
        SpecificationError: with all findings of all files, those of severity error among them.
    """
    documents = read_files(folder)
    return resolve(documents) if documents else None


def read_string(text: str, file: str = "indications.yaml") -> resolved.Rulebook:
    """Read indications from one YAML text; see :func:`read_folder`."""
    return resolve([read_text(text, file)])


def resolve(documents: Iterable[Document]) -> resolved.Rulebook:
    """Resolve documents into one set of indications; warnings stay in its ``findings``.

    Raises:
        SpecificationError: at least one finding is an error; it carries all of them.
    """
    source = bundle(tuple(documents), HEADS)
    checked = validate(IndicationsDocument, source)
    if checked.model is None:
        raise SpecificationError(_sorted(source.findings))
    found = _Resolver(source, checked.model, checked.excused).rulebook()
    findings = _sorted(source.findings)
    if any(finding.weight is Severity.ERROR for finding in findings):
        raise SpecificationError(findings)
    return replace(found, findings=tuple(findings))


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(
        dict.fromkeys(findings), key=lambda finding: (finding.location, finding.code.slug, finding.message)
    )


@dataclass
class _Resolver:
    """Resolves one document; findings go to the bundle, what is cited or mentioned is remembered."""

    source: Bundle
    document: IndicationsDocument
    excused: frozenset[str]
    cited: set[str] = field(default_factory=set)
    mentioned: set[str] = field(default_factory=set)

    def rulebook(self) -> resolved.Rulebook:
        doc = self.document
        self._names()
        attributes = {name: self._attribute(name) for name in doc.attributes}
        scope = Scope(
            {name: item.type for name, item in attributes.items()}, excuses=self.excused, kind="attribute"
        )
        definitions = self._definitions(scope)
        whole = replace(scope, names={**scope.names, **dict.fromkeys(doc.definitions, BOOLEAN)})
        facts = dict(self._facts(whole, definitions))
        for name, item in doc.modalities.items():
            self._citation(("modalities", name), item)
        rules = dict(self._rules(whole, definitions))
        self._precedences(rules)
        topics = dict(self._topics(rules))
        self._unused()
        return resolved.Rulebook(
            doc.indications, doc.sources, attributes, facts, doc.modalities, rules, topics,
            self.source.documents,
        )  # fmt: skip

    def _report(self, code: Code, path: tuple[str | int, ...], message: str, advice: str = "") -> None:
        self.source.findings.append(Finding(code, self.source.at(path, key=True), message, advice))

    def _citation(self, path: tuple[str, ...], cited: Cited) -> Citation:
        self.cited.update(cited.sources)
        for name in cited.sources:
            self._known((*path, "source"), "source", name, self.document.sources, Code.UNKNOWN_SOURCE)
        return Citation(cited.sources, cited.confidence or "not stated", cited.note)

    def _known(
        self, path: tuple[str, ...], what: str, name: str, known: Iterable[str],
        code: Code = Code.UNKNOWN_NAME,
    ) -> bool:  # fmt: skip
        if name in known:
            return True
        if name not in self.excused:
            declared = ", ".join(known) or "none"
            self._report(
                code, path, f"no {what} is called '{name}'", f"declare it, or mend it; declared: {declared}"
            )
        return False

    def _names(self) -> None:
        """Report one name that stands for two things that predicates could mention."""
        doc = self.document
        seen: dict[str, str] = dict.fromkeys(_RESERVED, "words of the language")
        for section in ("attributes", "definitions"):
            for name in getattr(doc, section):
                self._distinct(section, name, name, seen)
                seen.setdefault(name, section)
        for name, item in doc.attributes.items():
            for value in item.values:
                self._distinct("attributes", name, value, seen)

    def _distinct(self, section: str, name: str, word: str, seen: Mapping[str, str]) -> None:
        if word in seen:
            message = f"'{word}' is also one of the {seen[word]}"
            self._report(Code.DUPLICATE_NAME, (section, name), message, "rename one of the two")

    def _attribute(self, name: str) -> resolved.Attribute:
        item = self.document.attributes[name]
        kind = Enumeration(name, item.values) if item.type == "enum" else BOOLEAN
        path = ("attributes", name)
        return resolved.Attribute(
            name, kind, item.meaning, self._citation(path, item), self.source.at(path, key=True)
        )

    def _definitions(self, scope: Scope) -> dict[str, Expression]:
        """Resolve the definitions in the order in which they stand; each may use those before it."""
        done: dict[str, Expression] = {}
        known: dict[str, Type] = dict(scope.names)
        for name, item in self.document.definitions.items():
            self._citation(("definitions", name), item)
            made = self._predicate(("definitions", name), item, replace(scope, names=known), done)
            if made is None:
                self.excused |= {name}
            else:
                done[name], known[name] = made, BOOLEAN
        return done

    def _predicate(
        self, path: tuple[str, ...], item: Predicate, scope: Scope, known: Mapping[str, Expression]
    ) -> Expression | None:
        return self._expression((*path, "when"), item.when, scope, known)

    def _expression(
        self, path: tuple[str, ...], text: str, scope: Scope, known: Mapping[str, Expression]
    ) -> Expression | None:
        """Type one condition and write its definitions out; ``None`` after reporting why that failed."""
        try:
            found = expression(
                self.source.text(path, text), replace(scope, excuses=scope.excuses | self.excused), BOOLEAN
            )
        except LanguageError as problem:
            told = problem.finding
            place = replace(told.location, path=self.source.at(path).path)
            self.source.findings.append(replace(told, location=place))
            return None
        except ExcusedError:
            return None
        self.mentioned |= references(found)
        return substitute(found, known)

    def _facts(self, scope: Scope, known: Mapping[str, Expression]) -> Iterator[tuple[str, resolved.Fact]]:
        for name, item in self.document.facts.items():
            path = ("facts", name)
            made = self._predicate(path, item, scope, known)
            citation = self._citation(path, item)
            if made is not None:
                yield name, resolved.Fact(name, made, item.when, citation, self.source.at(path, key=True))

    def _rules(self, scope: Scope, known: Mapping[str, Expression]) -> Iterator[tuple[str, resolved.Rule]]:
        for name, item in self.document.rules.items():
            path = ("rules", name)
            chosen = (item.modality,) if isinstance(item.modality, str) else item.modality
            for modality in chosen:
                self._known((*path, "modality"), "modality", modality, self.document.modalities)
            when = self._expression((*path, "when"), item.when, scope, known)
            citation = self._citation(path, item)
            for quoted in item.quotes:
                self._known((*path, "quotes", quoted), "source of this rule", quoted, item.sources)
            if when is not None:
                yield name, resolved.Rule(
                    name, item.kind, chosen, when, item.when, item.over, item.why, item.quotes, item.doc,
                    citation, self.source.at(path, key=True),
                )  # fmt: skip

    def _precedences(self, rules: Mapping[str, resolved.Rule]) -> None:
        """Check that precedences name rules, and that no two rules go before each other."""
        for name, rule in rules.items():
            for other in rule.over:
                path = ("rules", name, "over")
                if not self._known(path, "rule", other, self.document.rules):
                    continue
                if other in rules and name in rules[other].over:
                    message = f"'{name}' and '{other}' each go before the other"
                    self._report(Code.WRONG_VALUE, path, message, "state one precedence")

    def _topics(self, rules: Mapping[str, resolved.Rule]) -> Iterator[tuple[str, resolved.Topic]]:
        for name, item in self.document.disagreements.items():
            path = ("disagreements", name)
            self._known((*path, "modality"), "modality", item.modality, self.document.modalities)
            sides = {"for": item.speaks_for, "against": item.speaks_against}
            known = [
                self._known((*path, key), "rule", rule, self.document.rules) for key, rule in sides.items()
            ]
            if not all(known) or not {*sides.values()} <= set(rules):
                continue
            one, other = rules[item.speaks_for], rules[item.speaks_against]
            if one.kind != "indicated" or not other.objects:
                message = (
                    f"'{one.name}' must be an indication, '{other.name}' a contraindication or prerequisite"
                )
                self._report(Code.WRONG_VALUE, path, message, "name the rules the other way round")
            yield (
                name,
                resolved.Topic(
                    name, item.title, one, other, item.modality, item.note, self.source.at(path, key=True)
                ),
            )

    def _unused(self) -> None:
        """Remark on what is declared and decides nothing."""
        if any(finding.weight is Severity.ERROR for finding in self.source.findings):
            return  # what uses it may be what could not be read
        for section in ("sources", "attributes", "definitions"):
            used = self.cited if section == "sources" else self.mentioned
            for name in getattr(self.document, section):
                if name not in used:
                    message = f"'{name}' is declared and decides nothing"
                    self._report(Code.UNUSED, (section, name), message, "use it, or remove it")
