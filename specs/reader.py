"""Reading a specification: from YAML files to a resolved :class:`Specification`, or to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from stimproof.specs import behaviour, elaborate, lint, sentences
from stimproof.specs import document as written
from stimproof.specs import specification as resolved
from stimproof.specs.context import Context
from stimproof.specs.electrodes import electrode
from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code, Finding, Location, Severity
from stimproof.specs.parameters import parameter
from stimproof.specs.reading import Document, read_files, read_text
from stimproof.specs.validation import bundle, validate

G = TypeVar("G")
R = TypeVar("R")


def read_folder(folder: Path) -> resolved.Specification:
    """Read every ``*.yaml`` of a folder as one specification.

    Raises:
        SpecificationError: with all findings of all files, those of severity error among them.
    """
    documents = read_files(folder)
    if not documents:
        raise SpecificationError(
            [
                Finding(
                    Code.MISSING_KEY,
                    Location(str(folder)),
                    "no *.yaml file in this folder",
                    "put the specification there; 'stimproof init' writes a first one",
                )
            ]
        )
    return resolve(documents)


def read_string(text: str, file: str = "specification.yaml") -> resolved.Specification:
    """Read a specification from one YAML text; see :func:`read_folder`."""
    return resolve([read_text(text, file)])


def _each(given: Mapping[str, G], make: Callable[[str, G], R | None]) -> dict[str, R]:
    return {name: made for name, item in given.items() if (made := make(name, item)) is not None}


def resolve(documents: Iterable[Document]) -> resolved.Specification:
    """Resolve documents into one specification; warnings stay in its ``findings``.

    Raises:
        SpecificationError: at least one finding is an error; it carries all of them.
    """
    source = bundle(tuple(documents))
    checked = validate(written.SpecificationDocument, source)
    if checked.model is None:
        raise SpecificationError(_sorted(source.findings))
    context = Context(source, checked.model, checked.excused)
    _check_names(context)
    specification = _behaviour(context, _parameters(context))
    findings = list(source.findings)
    if not any(finding.weight is Severity.ERROR for finding in findings):
        findings += lint.lint(specification, context)
    if any(finding.weight is Severity.ERROR for finding in findings):
        raise SpecificationError(_sorted(findings))
    return replace(specification, findings=tuple(_sorted(findings)))


def _parameters(context: Context) -> resolved.Specification:
    """Resolve what is programmed, delivered and limited; the machines are still missing."""
    doc = context.document
    electrodes = _each(doc.electrodes, lambda name, item: electrode(context, name, item))
    parameters = _each(doc.parameters, lambda name, item: parameter(context, name, item))
    context.excused |= (doc.electrodes.keys() - electrodes.keys()) | (
        doc.parameters.keys() - parameters.keys()
    )
    stimuli = _each(
        doc.stimuli, lambda name, item: elaborate.stimulus(context, name, item, electrodes, parameters)
    )
    context.excused |= doc.stimuli.keys() - stimuli.keys()
    scope = elaborate.parameter_scope(context, parameters)
    interlocks = _each(doc.interlocks, lambda name, item: elaborate.interlock(context, name, item, scope))
    limits = _each(doc.limits, lambda name, item: elaborate.limit(context, name, item, scope, stimuli))
    return resolved.Specification(
        doc.device,
        doc.sources,
        electrodes,
        parameters,
        stimuli,
        interlocks,
        limits,
        {},
        {},
        {},
        {},
        {},
        context.source.documents,
    )


def _behaviour(context: Context, static: resolved.Specification) -> resolved.Specification:
    """Add the variables, inputs, events, machines and properties."""
    doc = context.document
    variables = _each(doc.variables, lambda name, item: behaviour.variable(context, name, item))
    inputs = _each(doc.inputs, lambda name, item: behaviour.environment_input(context, name, item))
    context.excused |= (doc.variables.keys() - variables.keys()) | (doc.inputs.keys() - inputs.keys())
    events = {
        name: resolved.Event(name, item.kind == "internal", context.at(("events", name)), item.doc)
        for name, item in doc.events.items()
    }
    acts = behaviour.Behaviour(context, variables, inputs, events)
    machines = {name: acts.machine(name, item) for name, item in doc.machines.items()}
    properties = _each(doc.properties, lambda name, item: sentences.requirement(context, acts, name, item))
    return replace(
        static,
        variables=variables,
        inputs=inputs,
        events=events,
        machines=machines,
        properties=properties,
    )


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(
        dict.fromkeys(findings), key=lambda finding: (finding.location, finding.code.slug, finding.message)
    )


def _check_names(context: Context) -> None:
    """Report one name that stands for two things that expressions could mention."""
    doc = context.document
    seen: dict[str, str] = {}
    for section in ("variables", "inputs", "events", "machines"):
        for name in getattr(doc, section):
            if name in seen or name in behaviour.RESERVED:
                other = f"also one of the {seen[name]}" if name in seen else "a word of the language"
                context.report(
                    Code.DUPLICATE_NAME,
                    (section, name),
                    f"'{name}' is {other}",
                    "rename one of the two",
                    key=True,
                )
                context.excused |= {name}
            seen.setdefault(name, section)
    members = [("variables", name, item.values) for name, item in doc.variables.items()]
    members += [("inputs", name, item.values) for name, item in doc.inputs.items()]
    members += [("machines", name, tuple(item.modes)) for name, item in doc.machines.items()]
    for section, name, values in members:
        for value in values:
            if value in seen or value in behaviour.RESERVED:
                other = f"also one of the {seen[value]}" if value in seen else "a word of the language"
                context.report(
                    Code.DUPLICATE_NAME,
                    (section, name),
                    f"its value '{value}' is {other}",
                    "rename one of the two",
                    key=True,
                )
    for name in doc.parameters:
        if name in behaviour.RESERVED:
            context.report(
                Code.DUPLICATE_NAME,
                ("parameters", name),
                f"'{name}' is a word of the language",
                "rename it",
                key=True,
            )
