"""Resolution of a limit by a built-in law: what it speaks of, checked against the law's signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.specs import fields
from stimproof.specs import specification as resolved
from stimproof.specs.findings import Code
from stimproof.specs.laws import LAWS, Input

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from stimproof.specs import stimulation
    from stimproof.specs.context import Context, Path
    from stimproof.specs.quantities import Dimension


MOST_SHANNON = 20


class LawResolver:
    """Resolves one limit by a law against the law's signature."""

    def __init__(self, context: Context, name: str, given: stimulation.LawLimit) -> None:
        self.context, self.name, self.given = context, name, given
        self.signature = LAWS[given.law]
        self.path: Path = ("limits", name)

    def resolve(
        self, stimuli: Mapping[str, resolved.Stimulus], parameters: Mapping[str, resolved.Parameter]
    ) -> resolved.Limit | None:
        """Return the limit; ``None`` after reporting what does not fit the signature."""
        given, context = self.given, self.context
        before = len(context.source.findings)
        citation = context.citation(self.path, given, value=given.limit)
        trains = self._stimuli(stimuli)
        number = self._limit(citation)
        inputs = self._inputs(parameters)
        wanting = (self.signature.stimuli != "none" and not trains) or (
            self.signature.limit and number is None
        )
        if trains is None or wanting or len(context.source.findings) > before:
            return None
        return resolved.Limit(
            name=self.name,
            law=given.law,
            stimuli=trains,
            limit=number,
            condition=given.condition,
            measured_on=given.measured_on,
            argument=given.argument,
            claim=None,
            text=given.law,
            citation=citation,
            location=context.at(self.path),
            doc=given.doc,
            if_refuted=given.if_refuted,
            inputs=inputs,
            soft=given.soft,
        )

    def _stimuli(self, stimuli: Mapping[str, resolved.Stimulus]) -> tuple[resolved.Stimulus, ...] | None:
        """Return the stimuli of the limit; ``None`` after reporting that they are not what the law takes."""
        given, kind = self.given, self.signature.stimuli
        named = (*([given.stimulus] if given.stimulus is not None else []), *given.stimuli)
        key = "stimuli" if given.stimuli else "stimulus"
        problem = ""
        if kind == "none" and named:
            problem, advice = f"the law '{given.law}' speaks of no stimulus", f"remove '{key}:'"
        elif kind != "none" and not named:
            problem, advice = (
                f"the law '{given.law}' needs 'stimulus:'",
                "name the stimulus that it speaks of",
            )
        elif kind == "one" and len(named) > 1:
            problem, advice = f"the law '{given.law}' speaks of one stimulus", "give each stimulus its limit"
        elif given.stimulus is not None and given.stimuli:
            problem, advice = "both 'stimulus' and 'stimuli' are given", "keep one of the two"
        elif len(set(named)) < len(named):
            problem, advice = "a stimulus is named twice", "name each one once"
        if problem:
            code = Code.UNKNOWN_KEY if kind == "none" else Code.WRONG_VALUE if named else Code.MISSING_KEY
            self.context.report(code, (*self.path, key) if named else self.path, problem, advice, key=True)
            return None
        return self._found(stimuli, named, key)

    def _found(
        self, stimuli: Mapping[str, resolved.Stimulus], named: tuple[str, ...], key: str
    ) -> tuple[resolved.Stimulus, ...] | None:
        for index, name in enumerate(named):
            if name not in stimuli:
                path = (*self.path, key, index) if key == "stimuli" else (*self.path, key)
                self.context.unknown(path, "stimulus", name, stimuli)
        found = tuple(stimuli[name] for name in named if name in stimuli)
        electrodes = sorted({item.electrode.name for item in found})
        if len(electrodes) > 1:
            message = f"the stimuli lie on different electrodes ({', '.join(electrodes)})"
            advice = "only what flows through one kind of contact adds up; give each electrode its limit"
            self.context.report(Code.WRONG_VALUE, (*self.path, key), message, advice)
        return found if len(found) == len(named) else None

    def _limit(self, citation: resolved.Citation) -> resolved.Number | None:
        """Return the limit's number; ``None`` where the law has none, or after reporting what is wrong."""
        given, place = self.given, (*self.path, "limit")
        if given.limit is None or not self.signature.limit:
            self._limit_is_misplaced()
            return None
        if isinstance(given.limit, str):
            unknown = resolved.Citation(citation.sources, "unknown", citation.note)
            return resolved.Number("limit", None, unknown, self.context.at(place))
        if given.limit.dimension not in self.signature.limit:
            self._wrong(place, f"'{given.limit}'", given.limit.dimension, self.signature.limit)
            return None
        if given.limit.si < 0 and given.law != "shannon":
            message = f"a limit of {given.limit} is below what any setting does"
            self.context.report(Code.WRONG_VALUE, place, message, "write zero or more, or 'unknown'")
            return None
        if given.law == "shannon" and not abs(given.limit.si) <= MOST_SHANNON:
            message = f"a Shannon k of {given.limit} is beyond {MOST_SHANNON}; it is an exponent of ten"
            self.context.report(Code.WRONG_VALUE, place, message, "check the number")
            return None
        missing = [
            what
            for what, got in (
                ("source", citation.sources),
                ("confidence", citation.confidence != "not stated"),
            )
            if not got
        ]
        if missing:
            self.context.report(
                Code.MISSING_SOURCE,
                self.path,
                f"this limit has no {' and no '.join(missing)}",
                "cite a declared source with a confidence, or write 'limit: unknown'",
                key=True,
            )
        return resolved.Number("limit", given.limit, citation, self.context.at(place))

    def _limit_is_misplaced(self) -> None:
        law = self.given.law
        if self.given.limit is not None:
            message = f"the law '{law}' has no limit of its own"
            self.context.report(Code.UNKNOWN_KEY, (*self.path, "limit"), message, "remove it", key=True)
        elif self.signature.limit:
            message = f"the law '{law}' needs 'limit:'"
            advice = "give its value, or 'unknown'"
            self.context.report(Code.MISSING_KEY, self.path, message, advice, key=True)

    def _wrong(
        self, path: Path, what: str, got: Dimension, wanted: tuple[Dimension, ...], name: str = ""
    ) -> None:
        needs = " or ".join(str(dimension) for dimension in wanted)
        where = f" as '{name}'" if name else ""
        message = f"{what} is {got}; the law '{self.given.law}' needs {needs}{where}"
        self.context.report(Code.WRONG_UNIT, path, message, "mend the unit, or the law")

    def _inputs(self, parameters: Mapping[str, resolved.Parameter]) -> dict[str, resolved.Amount]:
        """Return the law's inputs by name; a required one that is not given is a number nobody states."""
        known = {item.name: item for item in self.signature.inputs}
        for name in self.given.inputs.keys() - known.keys():
            message = f"the law '{self.given.law}' has no input '{name}'"
            advice = f"its inputs are {', '.join(known)}" if known else "it has none; remove it"
            self.context.report(Code.UNKNOWN_KEY, (*self.path, "inputs", name), message, advice, key=True)
        result: dict[str, resolved.Amount] = {}
        for name, wanted in known.items():
            found = self._input(wanted, parameters)
            if found is not None:
                result[name] = found
        return result

    def _input(self, wanted: Input, parameters: Mapping[str, resolved.Parameter]) -> resolved.Amount | None:
        path = (*self.path, "inputs", wanted.name)
        given = self.given.inputs.get(wanted.name)
        if given is None:
            return self.context.number(path, wanted.name, None) if wanted.required else None
        if isinstance(given, str):
            item = parameters.get(given)
            if item is None:
                advice = (
                    "write '{value: unknown}' where nobody can cite it" if given == fields.UNKNOWN else ""
                )
                self.context.unknown(path, "parameter", given, parameters, advice)
            elif item.unit.dimension not in wanted.dimensions:
                self._wrong(path, f"'{given}'", item.unit.dimension, wanted.dimensions, wanted.name)
            else:
                self._sign(path, wanted, item.low, f"'{given}'")
            return item
        number = self.context.number(path, wanted.name, given)
        if number.quantity is not None and number.quantity.dimension not in wanted.dimensions:
            shown, dimension = f"'{number.quantity}'", number.quantity.dimension
            self._wrong((*path, "value"), shown, dimension, wanted.dimensions, wanted.name)
        elif number.quantity is not None:
            self._sign((*path, "value"), wanted, number.quantity.si, f"'{number.quantity}'")
        return number

    def _sign(self, path: Path, wanted: Input, least: Fraction, shown: str) -> None:
        """Report an input that no setting can have: a negative magnitude, a size of nothing."""
        if least < 0 and wanted.sign != "point":
            message, advice = f"{shown} may be negative, and '{wanted.name}' is a magnitude", "zero or above"
        elif least <= 0 and wanted.sign == "size":
            message, advice = f"{shown} may be zero, and '{wanted.name}' is a size", "a value above zero"
        else:
            return
        self.context.report(Code.WRONG_VALUE, path, message, f"write {advice}, or 'unknown'")
