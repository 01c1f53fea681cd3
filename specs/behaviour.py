"""Resolution of the dynamic half of a specification: variables, inputs, events, machines.

The meaning of what is resolved here: a state is a valuation of all variables and of each machine's mode.
A step is one event or the passing of time. On an event, every machine that has an enabled transition for
it takes one of highest priority; the others stay. All right-hand sides read the state before the step;
exit actions, then the transition's own updates, then entry actions apply, a later write to the same
variable replacing an earlier one of the same machine.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.specs import document as written
from stimproof.specs import specification as resolved
from stimproof.specs.expressions import (
    BOOLEAN,
    INTEGER,
    TRUE,
    Apply,
    Enumeration,
    Expression,
    Literal,
    Op,
    Real,
    Reference,
    Type,
)
from stimproof.specs.findings import Code
from stimproof.specs.quantities import NUMBER, TIME
from stimproof.specs.typing import Scope

if TYPE_CHECKING:
    from stimproof.specs.context import Context, Path
    from stimproof.specs.quantities import Quantity, Unit

ANY = "any"
RESERVED = frozenset({"true", "false", "pi", "time", "and", "or", "not", "implies", "mod", ANY})
STRICT = "write '<=', since time would creep towards a strict bound and never reach it"
_SECOND = Real(TIME)


def variable(context: Context, name: str, given: written.Variable) -> resolved.Variable | None:
    """Resolve one state variable; ``None`` after reporting what is wrong with it."""
    path: Path = ("variables", name)
    kind = _type(context, path, given.type, given.values, given.range)
    if kind is None:
        return None
    low, high, unit = _ends(given.range, given.type)
    if (given.overflow is not None) != (given.type == "integer"):
        what = "must say what happens on overflow" if given.type == "integer" else "cannot overflow"
        context.report(
            Code.MISSING_KEY if given.type == "integer" else Code.UNKNOWN_KEY,
            path,
            f"the {given.type} '{name}' {what}",
            "whole numbers have 'overflow: wrap | saturate | forbid'; nothing else has",
            key=True,
        )
        return None
    initial: Literal | None = None
    if given.type == "clock":
        if given.initial is not None:
            where: Path = (*path, "initial")
            context.report(Code.UNKNOWN_KEY, where, "a clock starts at zero", "remove 'initial:'", key=True)
        initial = Literal(Fraction(0), _SECOND)
    elif given.initial != ANY:
        initial = _initial(context, path, given, kind)
        if initial is None:
            return None
    return resolved.Variable(
        name, kind, given.type, low, high, given.overflow, initial, unit, context.at(path), given.doc
    )


def _initial(context: Context, path: Path, given: written.Variable, kind: Type) -> Literal | None:
    """Return the first value of a variable; ``None`` after reporting what is wrong with it."""
    if given.initial is None:
        context.report(
            Code.MISSING_KEY,
            path,
            f"the variable '{path[-1]}' has no initial value",
            "add 'initial:', or 'initial: any'",
            key=True,
        )
        return None
    where: Path = (*path, "initial")
    term = context.expression(where, given.initial, context.constant_scope(kind), kind)
    if term is None:
        return None
    if not isinstance(term, Literal):
        message = "the initial value must be a constant"
        context.report(Code.WRONG_VALUE, where, message, "write a value, or 'any'")
        return None
    ends = given.range
    if isinstance(term.value, int | Fraction) and ends and not ends[0].si <= term.value <= ends[1].si:
        message = f"the initial value {given.initial} is outside the range"
        context.report(Code.EMPTY_RANGE, where, message, "mend one of them")
        return None
    return term


def environment_input(context: Context, name: str, given: written.Input) -> resolved.Input | None:
    """Resolve one environment input; ``None`` after reporting what is wrong with it."""
    path: Path = ("inputs", name)
    kind = _type(context, path, given.type, given.values, given.range)
    if kind is None:
        return None
    low, high, unit = _ends(given.range, given.type)
    return resolved.Input(name, kind, low, high, unit, context.at(path), given.doc)


def _ends(
    ends: tuple[Quantity, Quantity] | None, kind: str
) -> tuple[Fraction | None, Fraction | None, Unit | None]:
    if ends is None:
        return None, None, None
    return ends[0].si, ends[1].si, ends[1].unit if kind == "quantity" else None


def _type(
    context: Context, path: Path, kind: str, values: tuple[str, ...], ends: tuple[Quantity, Quantity] | None
) -> Type | None:
    needs_range, needs_values = kind in ("integer", "quantity"), kind == "enum"
    for key, given, needed in (
        ("range", ends is not None, needs_range),
        ("values", bool(values), needs_values),
    ):
        if given != needed:
            code = Code.MISSING_KEY if needed else Code.UNKNOWN_KEY
            context.report(
                code,
                path if needed else (*path, key),
                f"a variable of type '{kind}' {'needs' if needed else 'has no'} '{key}:'",
                "",
                key=True,
            )
            return None
    if ends is not None:
        if ends[0].si > ends[1].si:
            context.report(
                Code.EMPTY_RANGE,
                (*path, "range"),
                f"the range from {ends[0]} to {ends[1]} is empty",
                "swap its two ends",
            )
            return None
        if kind == "integer" and any(end.si.denominator != 1 or end.dimension != NUMBER for end in ends):
            context.report(
                Code.WRONG_VALUE,
                (*path, "range"),
                "a whole number's range has whole-number ends without units",
            )
            return None
        if ends[0].dimension != ends[1].dimension and not ends[0].bare_zero_for(ends[1]):
            context.report(
                Code.WRONG_UNIT,
                (*path, "range"),
                f"'{ends[0]}' and '{ends[1]}' have different dimensions",
                "mend the unit",
            )
            return None
        return INTEGER if kind == "integer" else Real(ends[1].dimension)
    if len(set(values)) != len(values):
        context.report(Code.DUPLICATE_NAME, (*path, "values"), "a value is listed twice", "remove one")
        return None
    return Enumeration(str(path[1]), values) if kind == "enum" else BOOLEAN if kind == "boolean" else _SECOND


class Behaviour:
    """Resolves the machines against the variables, inputs and events that are already known."""

    def __init__(
        self,
        context: Context,
        variables: dict[str, resolved.Variable],
        inputs: dict[str, resolved.Input],
        events: dict[str, resolved.Event],
    ) -> None:
        self.context, self.variables, self.inputs, self.events = context, variables, inputs, events
        self.modes = {
            name: Enumeration(name, tuple(given.modes)) for name, given in context.document.machines.items()
        }
        state: dict[str, Type] = {name: item.type for name, item in variables.items()}
        state.update(self.modes)
        ranged: list[resolved.Variable | resolved.Input] = [*variables.values(), *inputs.values()]
        nonzero = frozenset(
            item.name
            for item in ranged
            if item.low is not None and item.high is not None and (item.low > 0 or item.high < 0)
        )
        points = frozenset(item.name for item in ranged if item.unit is not None and item.unit.offset)
        self.state_scope = Scope(state, nonzero, {}, context.excused, "variable", points)
        self.step_scope = Scope(
            {**state, **{name: item.type for name, item in inputs.items()}},
            nonzero,
            {},
            context.excused,
            "variable",
            points,
        )

    def updates(self, path: Path, actions: dict[str, str]) -> resolved.Updates:
        """Resolve assignments; a faulty one is reported and left out."""
        result: list[tuple[str, Expression]] = []
        for name, text in actions.items():
            target = self.variables.get(name)
            if target is None:
                self.context.unknown((*path, name), "variable", name, self.variables, key=True)
                continue
            term = self.context.expression((*path, name), text, self.step_scope, target.type)
            if term is not None:
                result.append((name, term))
        return tuple(result)

    def machine(self, name: str, given: written.Machine) -> resolved.Machine:
        """Resolve one machine."""
        path: Path = ("machines", name)
        initial = (given.initial,) if isinstance(given.initial, str) else given.initial
        for mode in initial:
            self._known_mode(mode, given, (*path, "initial"))
        modes = {key: self._mode((*path, "modes", key), key, mode) for key, mode in given.modes.items()}
        transitions = [
            found
            for number, transition in enumerate(given.transitions)
            if (found := self._transition(name, given, number, transition)) is not None
        ]
        return resolved.Machine(
            name, self.modes[name], initial, modes, tuple(transitions), self.context.at(path), given.doc
        )

    def _known_mode(self, mode: str, given: written.Machine, path: Path) -> bool:
        if mode in given.modes or mode in self.context.excused:
            return mode in given.modes
        self.context.report(
            Code.UNKNOWN_NAME,
            path,
            f"the machine has no mode '{mode}'",
            f"its modes are {', '.join(given.modes)}",
        )
        return False

    def _mode(self, path: Path, name: str, given: written.Mode) -> resolved.Mode:
        stay: Expression = TRUE
        if given.stay is not None:
            found = self.context.expression((*path, "stay"), given.stay, self.state_scope)
            if found is not None:
                self._check_convex((*path, "stay"), found)
                stay = found
        return resolved.Mode(
            name,
            self.updates((*path, "entry"), given.entry),
            self.updates((*path, "exit"), given.exit),
            stay,
            given.terminal,
            self.context.at(path),
            given.doc,
        )

    def _check_convex(self, path: Path, term: Expression) -> None:
        """Demand upper bounds of clocks, so that a delay is allowed exactly when its end is.

        A strict bound would let time come ever closer to it and never there, so that nothing later ever
        happens and nothing is violated.
        """
        parts = term.args if isinstance(term, Apply) and term.op is Op.AND else (term,)
        for part in parts:
            strict = isinstance(part, Apply) and part.op is Op.LT
            fine = (
                isinstance(part, Apply)
                and part.op is Op.LE
                and self._clock(part.args[0])
                and not any(self._clock(inner) for inner in _leaves(part.args[1]))
            )
            if not fine:
                self.context.report(
                    Code.UNSUPPORTED,
                    path,
                    "how long a mode may last is written as upper bounds of clocks",
                    "for example 't <= 5 s', joined by 'and'" if not strict else STRICT,
                )

    def _clock(self, term: Expression) -> bool:
        return (
            isinstance(term, Reference)
            and term.name in self.variables
            and self.variables[term.name].kind == "clock"
        )

    def _transition(
        self, machine: str, owner: written.Machine, number: int, given: written.Transition
    ) -> resolved.Transition | None:
        path: Path = ("machines", machine, "transitions", number)
        names = (given.source_modes,) if isinstance(given.source_modes, str) else given.source_modes
        sources = tuple(owner.modes) if names == (ANY,) and ANY not in owner.modes else names
        unknown = [mode for mode in sources if not self._known_mode(mode, owner, (*path, "from"))]
        known = not unknown
        if given.to is not None:
            known = self._known_mode(given.to, owner, (*path, "to")) and known
        if given.event not in self.events:
            self.context.unknown(
                (*path, "event"), "event", given.event, self.events, code=Code.UNDECLARED_EVENT
            )
            known = False
        guard = (
            self.context.expression((*path, "guard"), given.guard, self.step_scope)
            if given.guard is not None
            else TRUE
        )
        updates = self.updates((*path, "do"), given.do)
        if not known or guard is None:
            return None
        return resolved.Transition(
            machine,
            number + 1,
            sources,
            given.to,
            given.event,
            guard,
            updates,
            given.priority,
            self.context.source.at(path),
            self.context.citation(path, given),
            given.doc,
            given.name or "",
        )


def _leaves(term: Expression) -> list[Expression]:
    return (
        [term]
        if not isinstance(term, Apply)
        else [leaf for argument in term.args for leaf in _leaves(argument)]
    )
