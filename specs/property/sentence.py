"""From a FRETish sentence as NASA's FRET writes it to a requirement on traces.

Names have no types here and numbers no units; the specification language reads the same sentences with
both (:mod:`stimproof.specs.sentences`). Where FRET pastes the text of ``if p then q`` into a formula
without parentheses, the sentence is read as it is written.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from lark import Token, Tree

from stimproof.specs.errors import SpecificationError
from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.parsing import LanguageError, Text, parse, subtree
from stimproof.specs.property.forms import Condition
from stimproof.specs.property.formulas import Constant, Formula, Name, Operation, Temporal
from stimproof.specs.property.requirement import FALSE, TRUE, Requirement
from stimproof.specs.property.temporal import BOUNDED
from stimproof.specs.property.trees import chained, parts_of

if TYPE_CHECKING:
    from stimproof.specs.property.trees import Clause

_LOGIC = {"and_": "and", "or_": "or", "xor": "xor", "implies": "implies", "iff": "iff", "not_": "not"}
_ARITHMETIC = {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "mod", "neg": "negate", "power": "^"}
_OCCURRENCES = {"previous_occurrence": "prevOcc", "next_occurrence": "nextOcc"}
_FUNCTIONS = {
    "abs": ("abs", 1), "absReal": ("abs", 1), "absInt": ("abs", 1),
    "min": ("min", 2), "minReal": ("min", 2), "minInt": ("min", 2),
    "max": ("max", 2), "maxReal": ("max", 2), "maxInt": ("max", 2), "ite": ("ite", 3),
}  # fmt: skip
_PREVIOUS = ("preBool", "preInt", "preReal")


def parse_requirement(sentence: str) -> Requirement:
    """Return what a FRETish sentence demands of traces.

    Raises:
        SpecificationError: it is no FRETish sentence, or uses what no trace can decide; one finding.
    """
    text = Text(sentence, Location("sentence"))
    try:
        return _requirement(parse(text, "sentence", fretish=True), text)
    except LanguageError as problem:
        raise SpecificationError([problem.finding]) from None


def _requirement(tree: Tree[Token], text: Text) -> Requirement:
    if tree.data != "sentence":
        raise _complaint(text, tree, "this sentence is about all runs of a device, not about one trace")
    found = parts_of(tree)
    return Requirement(
        found.scope,
        TRUE if found.mode is None else _mode(found.mode, text),
        found.condition,
        _trigger(found.clauses, text) if found.condition is not Condition.NONE else TRUE,
        found.timing,
        _steps(found.duration, text) if found.duration is not None else 0,
        FALSE if found.stop is None else _formula(found.stop, text),
        _formula(found.response, text),
        found.component,
    )


def _mode(tree: Tree[Token], text: Text) -> Formula:
    if tree.data == "mode":
        return _name(subtree(tree, 0).children[0])
    return _formula(tree, text)


def _trigger(clauses: tuple[Clause, ...], text: Text) -> Formula:
    def one(clause: Clause) -> Formula:
        formula = _formula(clause.expression, text)
        return Operation("not", (formula,)) if clause.negated else formula

    return chained(clauses, one, lambda word, left, right: Operation("or" if word else "and", (left, right)))


def _steps(duration: Tree[Token], text: Text) -> int:
    word = str(duration.children[0])
    if not word[0].isdecimal() and word[0] != ".":
        raise _complaint(text, duration, f"'{word}' is no number of steps")
    number = Fraction(word)
    if number.denominator != 1:
        raise _complaint(
            text, duration, f"a duration counts steps of the trace, and {number} is no whole number"
        )
    return int(number)


def _formula(tree: Tree[Token], text: Text) -> Formula:
    kind = str(tree.data)
    if kind == "place":
        return _formula(subtree(tree, 0), text)
    if kind == "name":
        return _name(tree.children[0])
    if kind == "quantity":
        number = Fraction(str(tree.children[0]))
        return Constant(number.numerator if number.denominator == 1 else number)
    if kind == "call":
        return _call(tree, text)
    if kind == "chain":
        return _chain(tree, text)
    arguments = tuple(_formula(child, text) for child in tree.children if isinstance(child, Tree))
    if kind in _OCCURRENCES:
        return Temporal(_OCCURRENCES[kind], arguments)
    return Operation(_LOGIC.get(kind) or _ARITHMETIC[kind], arguments)


def _name(token: object) -> Formula:
    name = str(token)
    if name.lower() in ("true", "false"):
        return Constant(name.lower() == "true")
    if name == "FTP":
        return Temporal("pre", (TRUE, FALSE))
    return Name(name[1:-1] if name.startswith('"') else name)


def _chain(tree: Tree[Token], text: Text) -> Formula:
    parts = []
    for index in range(1, len(tree.children), 2):
        sides = _formula(subtree(tree, index - 1), text), _formula(subtree(tree, index + 1), text)
        op = str(tree.children[index])
        parts.append(Operation("==" if op == "=" else op, sides))
    return parts[0] if len(parts) == 1 else Operation("and", tuple(parts))


def _call(tree: Tree[Token], text: Text) -> Formula:
    name = str(tree.children[0])
    arguments = tuple(_formula(child, text) for child in tree.children if isinstance(child, Tree))
    if name in BOUNDED and len(arguments) in (2, 3):
        return _bounded(name, arguments, tree, text)
    if name in _OCCURRENCES.values() and len(arguments) == 2:
        return Temporal(name, arguments)
    if name in _PREVIOUS and len(arguments) == 2:
        return Temporal("pre", arguments)
    if name in _FUNCTIONS and len(arguments) == _FUNCTIONS[name][1]:
        return Operation(_FUNCTIONS[name][0], arguments)
    known = (*BOUNDED, *_OCCURRENCES.values(), *_PREVIOUS, *_FUNCTIONS)
    if name not in known:
        return Name(_written(tree, text))
    message = f"there is no function '{name}' of {len(arguments)} arguments"
    raise _complaint(text, tree, message, f"known: {', '.join(known)}")


def _written(call: Tree[Token], text: Text) -> str:
    """Return a function that nothing is known about, with its arguments, as the name of its value."""
    places = (subtree(call, index).meta for index in range(1, len(call.children)))
    given = (" ".join(text.source[place.start_pos : place.end_pos].split()) for place in places)
    return f"{call.children[0]}({', '.join(given)})"


def _bounded(name: str, arguments: tuple[Formula, ...], tree: Tree[Token], text: Text) -> Formula:
    bounds = []
    for bound in arguments[:-1]:
        if not isinstance(bound, Constant) or type(bound.value) is not int:
            raise _complaint(text, tree, f"the reach of '{name}' must be a whole number")
        bounds.append(bound.value)
    low, high = bounds if len(bounds) == 2 else (0, bounds[0])
    if low > high:
        raise _complaint(text, tree, f"the reach of '{name}' ends before it begins: {low}, {high}")
    return Temporal(name, arguments[-1:], low, high)


def _complaint(text: Text, node: Tree[Token], message: str, advice: str = "") -> LanguageError:
    return LanguageError(Finding(Code.UNSUPPORTED, text.at(node), message, advice))
