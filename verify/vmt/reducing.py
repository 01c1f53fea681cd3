"""A model with fewer state variables: what translators add for every part of an expression goes out.

Translators of synchronous programs make each part of an expression a state variable, and state what it
means in the initial condition and after each step. Such a conjunct holds in every reachable state, so a
step need not ask for it again. A variable that no step reads any more is none of the state: a step has its
value as an input, or, where one equation says what it is, that value itself.

The reduced model has the same reachable states as far as its state variables go. An invariant of it is one
of the model, since its relation is weaker; certificates speak of the model as it is. A run of it is made
whole and replayed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stimproof.verify.vmt.engine import Run
from stimproof.verify.vmt.evaluation import NotReplayedError, values
from stimproof.verify.vmt.model import Variable
from stimproof.verify.vmt.slicing import anything
from stimproof.verify.vmt.terms import BOOL, CONSTANT, Terms

if TYPE_CHECKING:
    from stimproof.verify.vmt.model import Model, Property

_ANY_ORDER = frozenset({"and", "or", "=", "+", "*", "xor"})
_ROUNDS = 8
"""How often values are put in place of variables: each time, more conjuncts may become equations."""


@dataclass(frozen=True)
class Reduction:
    """A model, the reduced one, and the values that were put in place of variables: at first, in a step."""

    whole: Model
    part: Model
    first: Mapping[int, int]
    then: Mapping[int, int]

    def lifted(self, run: Run) -> Run:
        """Return a run of the model that agrees with a run of the reduced one.

        Raises:
            NotReplayedError: a value depends on a division by zero.
        """
        whole, part = self.whole, self.part
        states, inputs = list[tuple[Any, ...]](), list[tuple[Any, ...]]()
        here: dict[int, Any] = {}
        for number, held in enumerate(run.states):
            given = dict(zip((item.now for item in part.inputs), run.inputs[number], strict=True))
            given |= dict(zip((item.now for item in part.state), held, strict=True))
            if number == 0:
                here = self._with(given, self.first)
            # What is first given is an input of the reduced model, which has some value later as well.
            known = given | here
            states.append(tuple(known.get(item.now, anything(item)) for item in whole.state))
            if number + 1 < len(run.states):
                following = zip((item.after for item in part.state), run.states[number + 1], strict=True)
                known = self._with(known | dict(following), self.then)
                here = {item.now: known.get(item.after, anything(item)) for item in whole.state}
            inputs.append(tuple(known.get(item.now, anything(item)) for item in whole.inputs))
        return Run(tuple(states), tuple(inputs))

    def _with(self, known: dict[int, Any], values_of: Mapping[int, int]) -> dict[int, Any]:
        terms = self.whole.terms
        free = terms.variables(values_of.values()) - known.keys()
        sorts = {term: anything(Variable("", terms.sorts[term], term)) for term in free}
        found = values(terms, list(values_of.values()), known | sorts)
        if None in found:
            raise NotReplayedError("the run divides by zero, which has no meaning")
        return known | dict(zip(values_of, found, strict=True))


def reduced(model: Model, properties: Sequence[Property]) -> Reduction:
    """Return a model with as few state variables as its steps and some properties need."""
    terms = model.terms
    goals = terms.variables([item.term for item in properties])
    steps = _needed(model)
    used = terms.variables(steps)
    kept = tuple(item for item in model.state if item.now in used | goals)
    gone = tuple(item for item in model.state if item.now not in used | goals)
    begins, first = _solved(terms, terms.conjuncts(model.initial), {item.now for item in gone})
    mentioned = used | terms.variables(begins)
    outside = [item for item in model.inputs if item.now in mentioned | goals]
    inside = {item.after for item in gone} | {item.now for item in outside} - goals - terms.variables(begins)
    steps, then = _solved(terms, steps, inside)
    mentioned = terms.variables([*begins, *steps]) | goals
    inputs = [
        *outside,
        *(Variable(f"first {number}", item.sort, item.now) for number, item in enumerate(gone)),
        *(Variable(f"then {number}", item.sort, item.after) for number, item in enumerate(gone)),
    ]
    part = replace(
        model,
        state=kept,
        inputs=tuple(item for item in inputs if item.now in mentioned),
        initial=terms.both(begins),
        relation=terms.both(steps),
    )
    return Reduction(model, part, first, then)


def _needed(model: Model) -> list[int]:
    """Return the conjuncts of the relation without those that hold in every reachable state anyway."""
    terms = model.terms
    begins, steps = terms.conjuncts(model.initial), terms.conjuncts(model.relation)
    now = {item.now: number for number, item in enumerate(model.state)}
    after = {item.after: number for number, item in enumerate(model.state)}
    variables = terms.variables_of_each(steps)
    before = [part for part in steps if variables[part] <= now.keys()]
    behind = [part for part in steps if variables[part] <= after.keys()]
    if not before:
        return steps
    shape = _shapes(terms, [*begins, *before, *behind], now | after)
    always = {shape[part] for part in behind} & {shape[part] for part in begins}
    known = {part for part in before if shape[part] in always}
    return [part for part in steps if part not in known]


def _shapes(terms: Terms, roots: Iterable[int], places: Mapping[int, int]) -> dict[int, int]:
    """Return a number for each term, the same where terms differ in the frame or in order alone."""
    numbers, found = dict[Any, int](), dict[int, int]()
    for term in terms.cone(roots):
        if term in places:
            key: Any = places[term]
        else:
            arguments = [found[item] for item in terms.arguments[term]]
            if terms.operators[term] in _ANY_ORDER:
                arguments.sort()
            key = (terms.operators[term], tuple(arguments), terms.data[term], terms.sorts[term])
        found[term] = numbers.setdefault(key, len(numbers))
    return found


def _solved(terms: Terms, parts: list[int], wanted: set[int]) -> tuple[list[int], dict[int, int]]:
    """Return conjuncts without the variables that they define, and the values of these."""
    found = dict[int, int]()
    for _ in range(_ROUNDS):
        equations = _acyclic(terms, _equations(terms, parts, wanted - found.keys()))
        if not equations:
            break
        new = dict[int, int]()
        for variable, (value, _) in equations.items():
            (new[variable],) = terms.replaced([value], new)
        used = {part for _, said in equations.values() for part in said}
        left = terms.replaced([part for part in parts if part not in used], new)
        parts = list(dict.fromkeys(item for part in left for item in terms.conjuncts(part)))
        found = dict(zip(found, terms.replaced(found.values(), new), strict=True)) | new
    return parts, found


Equations = dict[int, tuple[int, tuple[int, ...]]]
"""For variables the value that each equals, and the conjuncts that say so."""


def _equations(terms: Terms, parts: Sequence[int], wanted: set[int]) -> Equations:
    """Return equations that conjuncts state: plainly, or one in each of two cases."""
    found, cases = Equations(), dict[int, dict[int, tuple[int, int]]]()
    for part in parts:
        operator, arguments = terms.operators[part], terms.arguments[part]
        if part in wanted:
            found.setdefault(part, (terms.truth(True), (part,)))
        elif operator == "not" and arguments[0] in wanted:
            found.setdefault(arguments[0], (terms.truth(False), (part,)))
        elif operator == "or" and len(arguments) == 2:
            for unless, claim in (arguments, arguments[::-1]):
                for variable, value in _sides(terms, claim, wanted):
                    cases.setdefault(variable, {}).setdefault(unless, (value, part))
        else:
            for variable, value in _sides(terms, part, wanted):
                found.setdefault(variable, (value, (part,)))
    for variable, said in cases.items():
        for unless, (value, part) in said.items():
            other = said.get(terms.negation(unless))
            if other is not None and variable not in found:
                both = terms.make("ite", (unless, other[0], value), terms.sorts[variable])
                found[variable] = (both, (part, other[1]))
    return found


def _sides(terms: Terms, claim: int, wanted: set[int]) -> list[tuple[int, int]]:
    """Return the variables that a claim equates with something, and with what."""
    operator, arguments = terms.operators[claim], terms.arguments[claim]
    if terms.sorts[claim] == BOOL and claim in wanted:
        return [(claim, terms.truth(True))]
    if operator == "not" and arguments[0] in wanted:
        return [(arguments[0], terms.truth(False))]
    if operator != "=":
        return []
    left, right = arguments
    found = [pair for pair in ((left, right), (right, left)) if pair[0] in wanted]
    return [*found, *_summands(terms, left, right, wanted), *_summands(terms, right, left, wanted)]


def _summands(terms: Terms, whole: int, result: int, wanted: set[int]) -> list[tuple[int, int]]:
    """Return variables that are added or subtracted in a sum, and what they are when the sum is known."""
    if terms.operators[whole] != "+":
        return []
    found, sort = list[tuple[int, int]](), terms.sorts[whole]
    parts = terms.arguments[whole]
    for place, part in enumerate(parts):
        others = (*parts[:place], *parts[place + 1 :])
        rest = others[0] if len(others) == 1 else terms.make("+", others, sort)
        if part in wanted:
            found.append((part, terms.make("-", (result, rest), sort)))
        elif terms.operators[part] == "*" and len(terms.arguments[part]) == 2:
            factor, variable = terms.arguments[part]
            known = terms.operators[factor] == CONSTANT and terms.data[factor] == -1
            if known and variable in wanted:
                found.append((variable, terms.make("-", (rest, result), sort)))
    return found


def _acyclic(terms: Terms, equations: Equations) -> Equations:
    """Return equations without those that come back to their own variable, each behind those it reads."""
    mentioned = terms.variables_of_each(value for value, _ in equations.values())
    reads = {variable: mentioned[value] for variable, (value, _) in equations.items()}
    done, open_, order = set[int](), set[int](), list[int]()
    for root in equations:
        stack = [(root, False)]
        while stack:
            variable, closing = stack.pop()
            if closing:
                open_.discard(variable)
                if variable not in done:
                    done.add(variable)
                    order.append(variable)
            elif variable not in done and variable in equations and variable not in open_:
                open_.add(variable)
                stack.append((variable, True))
                stack.extend((item, False) for item in sorted(reads[variable]) if item in equations)
    kept, used, plain = Equations(), set[int](), set[int]()
    for variable in order:
        value, said = equations[variable]
        if variable in plain | reads[variable] or not used.isdisjoint(said):
            continue
        # What its value reads and has no value itself by now must stay a variable, or a circle would close.
        plain |= reads[variable] - kept.keys()
        kept[variable] = (value, said)
        used |= set(said)
    return kept
