"""Reading a specification: from YAML files to a resolved :class:`Specification`, or to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from stimproof.specs import behaviour, changing, elaborate, extending, lint, named, sentences
from stimproof.specs import document as written
from stimproof.specs import specification as resolved
from stimproof.specs.context import Context
from stimproof.specs.electrodes import electrode
from stimproof.specs.errors import SpecificationError
from stimproof.specs.faults import Faults
from stimproof.specs.findings import Code, Finding, Location, Severity, in_order
from stimproof.specs.names import check_names
from stimproof.specs.parameters import parameter
from stimproof.specs.reading import Document, read_files, read_text
from stimproof.specs.stimuli import stimulus
from stimproof.specs.typing import Scope
from stimproof.specs.validation import validate

G = TypeVar("G")
R = TypeVar("R")


def read_folder(folder: Path, changes: Sequence[str] = ()) -> resolved.Specification:
    """Read every ``*.yaml`` of a folder as one specification, with what they include and extend.

    ``changes`` are settings ``name=value`` that replace values for this reading alone.

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
    return resolve(documents, folder.parent, changes)


def read_string(text: str, file: str = "specification.yaml") -> resolved.Specification:
    """Read a specification from one YAML text; see :func:`read_folder`."""
    return resolve([read_text(text, file)])


def _each(given: Mapping[str, G], make: Callable[[str, G], R | None]) -> dict[str, R]:
    return {name: made for name, item in given.items() if (made := make(name, item)) is not None}


def resolve(
    documents: Iterable[Document], root: Path | None = None, changes: Sequence[str] = ()
) -> resolved.Specification:
    """Resolve documents into one specification; warnings stay in its ``findings``.

    ``root`` is the project's folder, below which files are included; ``changes`` as in :func:`read_folder`.

    Raises:
        OperatorError: a change that names nothing, or several things.
        SpecificationError: at least one finding is an error; it carries all of them.
    """
    source = extending.gather(documents, root)
    changed = changing.change(source, changes)
    checked = validate(written.SpecificationDocument, source)
    if checked.model is None:
        raise SpecificationError(_sorted(source.findings))
    context = Context(source, checked.model, checked.excused, used=set(checked.used))
    check_names(context)
    specification = replace(_resolved(context), extension=extending.extension(source), changed=changed)
    findings = list(source.findings)
    if not any(finding.weight is Severity.ERROR for finding in findings):
        findings += lint.lint(specification, context)
    if any(finding.weight is Severity.ERROR for finding in findings):
        raise SpecificationError(_sorted(findings))
    files = [document.file for document in source.documents]
    return replace(specification, findings=tuple(in_order(findings, files)))


def _resolved(context: Context) -> resolved.Specification:
    """Resolve every section: first what has names, then what speaks of it."""
    doc = context.document
    constants = _each(doc.constants, lambda name, item: named.constant(context, name, item))
    context.constants = {
        name: named.literal(item) for name, item in constants.items() if name not in context.excused
    }
    static = _programmable(context)
    acts = _declared(context)
    definitions = named.Definitions(context)
    scopes = (elaborate.parameter_scope(context, dict(static.parameters)), acts.state_scope, acts.step_scope)
    scope, acts.state_scope, acts.step_scope = definitions.scopes(*scopes)
    terms = definitions.terms
    whole = _delivered(context, static, scope)
    return replace(
        _behaviour(context, whole, acts),
        constants=constants,
        definitions={
            name: named.definition(context, name, item, terms[name])
            for name, item in doc.definitions.items()
            if name in terms
        },
    )


def _programmable(context: Context) -> resolved.Specification:
    """Resolve electrodes and parameters; everything else is still missing."""
    doc = context.document
    electrodes = _each(doc.electrodes, lambda name, item: electrode(context, name, item))
    parameters = _each(doc.parameters, lambda name, item: parameter(context, name, item))
    context.excused |= (doc.electrodes.keys() - electrodes.keys()) | (
        doc.parameters.keys() - parameters.keys()
    )
    return resolved.Specification(
        doc.device,
        doc.sources,
        electrodes,
        parameters,
        {},
        {},
        {},
        {},
        {},
        {},
        {},
        {},
        context.source.documents,
    )


def _delivered(context: Context, static: resolved.Specification, scope: Scope) -> resolved.Specification:
    """Add the stimuli, interlocks and limits."""
    doc = context.document
    electrodes, parameters = dict(static.electrodes), dict(static.parameters)
    stimuli = _each(doc.stimuli, lambda name, item: stimulus(context, name, item, electrodes, parameters))
    context.excused |= doc.stimuli.keys() - stimuli.keys()
    interlocks = _each(doc.interlocks, lambda name, item: elaborate.interlock(context, name, item, scope))
    interlocks |= {item.name: item for item in elaborate.bounds_between(context, parameters)}
    limits = _each(
        doc.limits,
        lambda name, item: elaborate.limit(context, name, item, scope, stimuli, parameters),
    )
    return replace(static, stimuli=stimuli, interlocks=interlocks, limits=limits)


def _declared(context: Context) -> behaviour.Behaviour:
    """Resolve variables, inputs and events, of which machines speak."""
    doc = context.document
    variables = _each(doc.variables, lambda name, item: behaviour.variable(context, name, item))
    inputs = _each(doc.inputs, lambda name, item: behaviour.environment_input(context, name, item))
    context.excused |= (doc.variables.keys() - variables.keys()) | (doc.inputs.keys() - inputs.keys())
    events = {
        name: resolved.Event(name, item.kind == "internal", context.at(("events", name)), item.doc)
        for name, item in doc.events.items()
    }
    return behaviour.Behaviour(context, variables, inputs, events)


def _behaviour(
    context: Context, static: resolved.Specification, acts: behaviour.Behaviour
) -> resolved.Specification:
    """Add the machines, the properties and the faults."""
    doc = context.document
    machines = {name: acts.machine(name, item) for name, item in doc.machines.items()}
    properties = _each(doc.properties, lambda name, item: sentences.requirement(context, acts, name, item))
    transitions = {
        item.name: item for machine in machines.values() for item in machine.transitions if item.name
    }
    faults = Faults(context, acts, transitions)
    return replace(
        static,
        variables=acts.variables,
        inputs=acts.inputs,
        events=acts.events,
        machines=machines,
        properties=properties,
        faults=_each(doc.faults, faults.fault),
    )


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(
        dict.fromkeys(findings), key=lambda finding: (finding.location, finding.code.slug, finding.message)
    )
