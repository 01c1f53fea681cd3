"""Resolution of interlocks and limits: what combinations are possible, and what they must keep to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs import specification as resolved
from stimproof.specs import stimulation
from stimproof.specs.expressions import Op, Real, Reference, Type, compare, show
from stimproof.specs.findings import Code
from stimproof.specs.law_limits import LawResolver
from stimproof.specs.stimuli import named
from stimproof.specs.typing import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stimproof.specs.context import Context, Path

DELIVERED = ".delivered"


def parameter_scope(context: Context, parameters: dict[str, resolved.Parameter]) -> Scope:
    """Return the names that claims about parameters may use, ``delivered(p)`` among them."""
    names: dict[str, Type] = {}
    for item in parameters.values():
        names[item.name] = names[item.name + DELIVERED] = Real(item.unit.dimension)
    nonzero = {item.name for item in parameters.values() if item.low > 0 or item.high < 0}
    points = {item.name for item in parameters.values() if item.unit.offset}
    return Scope(
        names,
        frozenset(nonzero | {name + DELIVERED for name in nonzero}),
        {"delivered": DELIVERED},
        context.excused,
        "parameter",
        frozenset(points | {name + DELIVERED for name in points}),
    )


def interlock(
    context: Context, name: str, given: stimulation.Interlock, scope: Scope
) -> resolved.Interlock | None:
    """Resolve one interlock; ``None`` after reporting what is wrong with its claim."""
    path: Path = ("interlocks", name)
    citation = context.citation(path, given)
    claim = context.expression((*path, "claim"), given.claim, scope)
    if claim is None:
        return None
    return resolved.Interlock(
        name, claim, given.claim, citation, given.discharged_by, context.at(path), given.enforced_by
    )


def bounds_between(
    context: Context, parameters: Mapping[str, resolved.Parameter]
) -> Iterator[resolved.Interlock]:
    """Yield an interlock ``<parameter>.at_most`` or ``.at_least`` for each parameter that another bounds."""
    for name, given in context.document.parameters.items():
        for key, op in (("at_most", Op.LE), ("at_least", Op.GE)):
            bound: stimulation.Bound | None = getattr(given, key)
            item = parameters.get(name)
            if bound is None or item is None:
                continue
            path: Path = ("parameters", name, key)
            citation = context.citation(path, bound if bound.sources else given)
            other = named(context, path, bound.parameter, item.unit.dimension, dict(parameters), "its bound")
            if other is None:
                continue
            if other is item:
                message = f"'{name}' is bounded by itself"
                context.report(Code.WRONG_VALUE, path, message, "name another parameter, or remove it")
                continue
            kind = Real(item.unit.dimension)
            claim = compare(op, Reference(name, kind), Reference(other.name, kind))
            yield resolved.Interlock(
                f"{name}.{key}",
                claim,
                show(claim),
                citation,
                bound.discharged_by,
                context.at(path),
                bound.enforced_by,
            )


def limit(
    context: Context,
    name: str,
    given: stimulation.LawLimit | stimulation.ClaimLimit,
    scope: Scope,
    stimuli: Mapping[str, resolved.Stimulus],
    parameters: Mapping[str, resolved.Parameter],
) -> resolved.Limit | None:
    """Resolve one limit; ``None`` after reporting what is wrong with it."""
    if isinstance(given, stimulation.LawLimit):
        return LawResolver(context, name, given).resolve(stimuli, parameters)
    path: Path = ("limits", name)
    citation = context.citation(path, given)
    claim = context.expression((*path, "claim"), given.claim, scope)
    if claim is None:
        return None
    return resolved.Limit(
        name=name,
        law=None,
        stimuli=(),
        limit=None,
        condition="",
        measured_on="",
        argument="",
        claim=claim,
        text=given.claim,
        citation=citation,
        location=context.at(path),
        doc=given.doc,
        if_refuted=given.if_refuted,
    )
