"""What was declared and nothing uses.

What an extended device declares is its own author's matter: an override may leave it unused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import references
from stimproof.specs.findings import Code, Finding
from stimproof.specs.lint.terms import about_machines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.specs.context import Context
    from stimproof.specs.specification import Limit, Specification

_Section = tuple[str, set[str], set[str], Code, str]


def findings(specification: Specification, context: Context) -> Iterator[Finding]:
    """Yield a finding for each entry of a section that nothing uses."""
    for section, declared, used, code, why in _sections(specification, context):
        for name in sorted(declared - used):
            if specification.origin(section, name) == "inherited":
                continue
            place = context.source.at((section, name), key=True)
            yield Finding(code, place, f"'{name}' is declared, but {why}", "use it, or remove it")


def _sections(spec: Specification, context: Context) -> Iterator[_Section]:
    """Yield for each section what it declares, what of that is used, and what to say of the rest."""
    unused, mentioned, set_by = Code.UNUSED, read(spec), _parameters_used(spec)
    electrodes = {item.electrode.name for item in spec.stimuli.values()}
    limited = {stimulus.name for item in spec.limits.values() for stimulus in item.stimuli}
    events = {transition.event for machine in spec.machines.values() for transition in machine.transitions}
    used = context.used
    yield "constants", {*spec.constants}, used, unused, "nothing mentions it"
    yield "definitions", {*spec.definitions}, used, unused, "nothing mentions it"
    yield "sources", {*spec.sources}, context.cited, Code.SOURCE_NOT_CITED, "nothing cites it"
    yield "electrodes", {*spec.electrodes}, electrodes, unused, "no stimulus uses it"
    why = "no stimulus, limit or interlock uses it"
    yield "parameters", {*spec.parameters}, set_by, unused, why
    yield "stimuli", {*spec.stimuli}, limited, unused, "no limit is set for it"
    why = "it speaks of no parameter, so that no setting decides it"
    yield "limits", {*spec.limits}, _limits_about_parameters(spec), unused, why
    why = "no limit speaks of any of its parameters"
    yield "interlocks", {*spec.interlocks}, _interlocks_needed(spec), unused, why
    yield "variables", {*spec.variables}, mentioned, unused, "no guard, update or property reads it"
    yield "inputs", {*spec.inputs}, mentioned, unused, "nothing reads it"
    yield "events", {*spec.events}, events, Code.EVENT_NOT_HANDLED, "no transition waits for it"


def read(spec: Specification) -> set[str]:
    """Return every variable and input that some guard, right-hand side, stay condition or property reads."""
    found = {name for _, term in about_machines(spec) for name in references(term)}
    return found.union(*(item.meaning.mentioned for item in spec.properties.values()))


def _parameters_used(spec: Specification) -> set[str]:
    used = {parameter.name for item in spec.stimuli.values() for parameter in item.parameters}
    used = used.union(*map(_parameters, spec.limits.values()))
    return used | {name for lock in spec.interlocks.values() for name in _programmed(references(lock.claim))}


def _programmed(names: frozenset[str]) -> set[str]:
    return {name.removesuffix(DELIVERED) for name in names}


def _parameters(limit: Limit) -> set[str]:
    """Return the names of the parameters that a limit speaks of."""
    claimed = _programmed(references(limit.claim)) if limit.claim is not None else set[str]()
    return claimed | {parameter.name for parameter in limit.parameters}


def _limits_about_parameters(spec: Specification) -> set[str]:
    """Return the limits that some setting could break; a law may be asked about numbers alone."""
    return {name for name, limit in spec.limits.items() if limit.claim is None or _parameters(limit)}


def _interlocks_needed(spec: Specification) -> set[str]:
    """Return the interlocks that constrain, by themselves or through others, what some limit speaks of."""
    about = {name: _programmed(references(lock.claim)) for name, lock in spec.interlocks.items()}
    limited = set[str]().union(*map(_parameters, spec.limits.values()))
    needed: set[str] = set()
    while more := {name for name in about.keys() - needed if about[name] & limited}:
        needed |= more
        limited = limited.union(*(about[name] for name in more))
    return needed | {name for name in about if "." in name}  # a parameter's own bound
