"""Writes the language reference from the models, the grammar and the tested examples.

``STIMPROOF_REFRESH=1 pytest tests/manual/test_reference.py`` rewrites the pages; the test compares them.
"""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from stimproof.hazards import document as risks
from stimproof.hazards import ratings
from stimproof.specs import document as specification
from stimproof.specs import fields
from stimproof.specs.expressions import Op
from stimproof.specs.fields import Sourced
from stimproof.specs.indications import document as rules

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples" / "reference"
GRAMMAR = HERE.parents[1] / "specs" / "grammar.lark"
EXAMPLE_OF = {
    "limits": "numbers",
    "electrodes": "electrodes",
    "stimuli": "../stimulation/specs/device",
    "properties": "machines",
}
"""After which section an example stands; its other sections are shown there, too."""
_KINDS: list[tuple[Any, str]] = [
    (fields.Identifier, "a name"),
    (fields.ExpressionText, "an expression"),
    (fields.AnyQuantity, "a number with a unit, or a constant's name"),
    (fields.WrittenQuantity, "a number with a unit"),
    (fields.Length, "a length"),
    (fields.Area, "an area"),
    (fields.Duration, "a time"),
    (fields.Plain, "a number, or per cent"),
    (fields.Frequency, "a frequency"),
    (fields.Voltage, "a voltage"),
    (fields.Resistance, "a resistance"),
    (fields.Capacitance, "a capacitance"),
    (fields.ArealCapacitance, "a capacitance per area"),
    (ratings.Chance, "a probability from 0 to 1"),
    (str, "text"),
    (bool, "``true`` or ``false``"),
    (int, "a whole number"),
    (type(None), ""),
]


_PAGES = {
    "stimproof.hazards.document": "risk",
    "stimproof.hazards.evidence": "risk",
    "stimproof.hazards.judgements": "risk",
    "stimproof.hazards.measures": "risk",
    "stimproof.hazards.ratings": "risk",
    "stimproof.specs.indications.document": "indications",
}
"""Which page describes the models of a module; the specification's, where nothing is said."""


def kind_of(annotation: Any) -> str:
    """Return what may stand for a key, in words."""
    for known, words in _KINDS:
        if annotation == known:
            return words
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return kind_of(args[0])
    if origin is Literal:
        return "one of " + ", ".join(f"``{item}``" for item in args) if len(args) > 1 else f"``{args[0]}``"
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(words for item in args if (words := kind_of(item))))
    if origin is dict:
        return f"a mapping from names to {kind_of(args[1])}"
    if origin is tuple:
        return (
            f"a list, each {kind_of(args[0])}" if Ellipsis in args else f"``[…, …]``, each {kind_of(args[0])}"
        )
    if issubclass(annotation, Enum):
        return "one of " + ", ".join(f"``{item.value}``" for item in annotation)
    if issubclass(annotation, Sourced):
        inner = annotation.__pydantic_generic_metadata__["args"]
        return f"cited: {kind_of(inner[0])}, or ``unknown``"
    return f":ref:`{title_of(annotation)} <{_anchor(annotation)}>`"


def title_of(model: type[BaseModel]) -> str:
    """Return a model's name as words.

    >>> title_of(specification.SpecificationDocument)
    'specification document'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()


def _anchor(model: type[BaseModel]) -> str:
    """Return where a model is described; what several pages share is described where it is declared first."""
    return f"key-{_page_of(model)}-{model.__name__}"


def _page_of(model: type[BaseModel]) -> str:
    return _PAGES.get(model.__module__, "specification")


def _all_models(document: type[BaseModel]) -> set[type[BaseModel]]:
    """Return every model that a document is made of."""
    seen, todo = set[type[BaseModel]](), [document]
    while todo:
        for annotation in get_type_hints(todo.pop(), include_extras=True).values():
            fresh = set(models_in(annotation)) - seen
            seen |= fresh
            todo += fresh
    return seen


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation speaks of, in order; cited values are no model of their own."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if issubclass(annotation, Sourced):
            yield from models_in(annotation.__pydantic_generic_metadata__["args"][0])
        else:
            yield annotation
    for item in get_args(annotation):
        yield from models_in(item)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.default
    if value is PydanticUndefined or value is None or value in ("", (), {}) or isinstance(value, BaseModel):
        return ""
    return f"``{str(value).lower() if isinstance(value, bool) else value}``"


def _example(field: FieldInfo) -> str:
    shown = (field.examples or [""])[0]
    if isinstance(shown, list):
        return f"``[{', '.join(map(str, shown))}]``"
    if isinstance(shown, dict):
        return "``{" + ", ".join(f"{key}: {value}" for key, value in shown.items()) + "}``"
    return f"``{shown}``" if shown != "" else ""


def table(model: type[BaseModel]) -> list[str]:
    """Return the table of a model's keys."""
    rows = [".. list-table::", "   :header-rows: 1", "   :widths: 15 30 12 43", ""]
    rows += ["   * - Key", "     - What may stand there", "     - Unless given", "     - Meaning"]
    hints = get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        said = field.description or ""
        example = _example(field)
        rows += [
            f"   * - ``{field.alias or name}``",
            f"     - {kind_of(hints[name])}",
            f"     - {_default(field)}",
            f"     - {said}" + (f" For example {example}." if example else ""),
        ]
    return [row.rstrip() for row in rows]


def _heading(text: str, mark: str) -> list[str]:
    return ["", text, mark * len(text), ""]


def _described(model: type[BaseModel]) -> list[str]:
    """Return the anchor, heading, sentence and keys of one model."""
    title = title_of(model)
    words = (model.__doc__ or "").strip().splitlines()
    text = " ".join(line.strip() for line in words if ":mod:" not in line)
    anchor = [f".. _{_anchor(model)}:"]
    return [*anchor, *_heading(title[0].upper() + title[1:], "~"), text, "", *table(model), ""]


def sections() -> list[str]:
    """Return the page about the sections of a specification and every construct in them."""
    words = [
        "Every key of a specification, from the models that read it. *Cited* means ``{value: …, source: …,",
        "confidence: …, note: …}``: a value, the source that says so, how sure that is, and a remark.",
        "",
        *table(fields.Cited),
    ]
    return _page("Sections and keys", words, specification.SpecificationDocument)


def risk_file() -> list[str]:
    """Return the page about the sections of a risk file."""
    words = [
        "Every key of a risk file, from the models that read it; :doc:`../risk-file` tells what they are for."
    ]
    return _page("Keys of a risk file", words, risks.RiskFileDocument)


def indications() -> list[str]:
    """Return the page about the sections of indications."""
    words = ["Every key of indications, from the models that read them; :doc:`../indications` tells more."]
    return _page("Keys of indications", words, rules.IndicationsDocument)


def _page(title: str, words: list[str], document: type[BaseModel]) -> list[str]:
    """Return a page with one heading for each section of a document, and every construct in it."""
    lines = ["..", "   Generated by generate.py beside this file; a test compares them.", ""]
    lines += [*_heading(title, "="), *words, ""]
    seen = {model for model in _all_models(document) if _page_of(model) != _page_of(document)}
    hints = get_type_hints(document, include_extras=True)
    for name, field in document.model_fields.items():
        lines += _heading(f"``{name}``", "-")
        example = _example(field)
        shown = f" For example {example}." if example else ""
        lines += [f"{field.description}{shown} It is {kind_of(hints[name])}.", ""]
        lines += _models(hints[name], seen)
        if document is specification.SpecificationDocument and name in EXAMPLE_OF:
            lines += _shown(EXAMPLE_OF[name])
    return _squeezed(lines)


def _models(annotation: Any, seen: set[type[BaseModel]]) -> list[str]:
    lines: list[str] = []
    for model in models_in(annotation):
        if model in seen:
            continue
        seen.add(model)
        lines += _described(model)
        for inner in get_type_hints(model, include_extras=True).values():
            lines += _models(inner, seen)
    return lines


def _shown(example: str) -> list[str]:
    path = f"../examples/reference/{example}.yaml".replace("reference/../", "")
    words = "An example; the verdicts stand in its comments, and a test asks for them:"
    return [words, "", f".. literalinclude:: {path}", "   :language: yaml", ""]


def _squeezed(lines: list[str]) -> list[str]:
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip())
    return [*text.split("\n"), ""]


_TERMINAL = re.compile(r"^(_?[A-Z][A-Z_]*)(?:\.\d+)?:\s*(.*)$")
_RULE = re.compile(r"^\??(_?[a-z][a-z_]*):\s*(.*)$")


def _spelling(pattern: str) -> str:
    """Return how a terminal is written: its alternatives as quoted words.

    >>> _spelling('"=>" | /implies\\b/i')
    '"=>" | "implies"'
    """
    spelt: list[str] = []
    for part in re.findall(r'"[^"]*"|/(?:[^/\\]|\\.)*/i?', pattern):
        if part.startswith('"'):
            spelt.append(part.strip('"'))
            continue
        body = re.sub(r"\(\?[=!].*|\\b|\\[sZ]\*", "", part[1 : part.rindex("/")].replace(r"\s+", " "))
        body = re.sub(r"\(\?:(\w+)\)\?|(\w)\?", r"[\1\2]", body).replace("\\", "").replace("]?", "]")
        body = body.replace("]?", "]")
        spelt += body.removeprefix("(?:").removesuffix(")").split("|") if body != "|" else [body]
    return " | ".join(f'"{item.strip()}"' for item in spelt)


def grammar() -> list[str]:
    """Return the grammar as rules in EBNF, its words spelt out, from the file that the parser reads."""
    rules, words = _parsed(GRAMMAR.read_text("utf-8"))
    named = {"QUANTITY": "NUMBER-WITH-UNIT", "NAME": "NAME"}

    def spelt(match: re.Match[str]) -> str:
        word = match[0]
        if word in named:
            return named[word]
        text = words[word]
        return f"({text})" if " | " in text else text

    lines = []
    for name, body in rules.items():
        plain = re.sub(r"\s*->\s*\w+", "", body)
        plain = re.sub(r"\b_?[A-Z][A-Z_]+\b", spelt, re.sub(r'"[^"]*"', lambda m: m[0], plain))
        plain = re.sub(r"(?<![\w\"])_[a-z_]+", lambda found: _shown_name(found[0], rules), plain)
        lines.append(f"{_shown_name(name, rules)} ::= {plain.strip()}")
    return lines


def _shown_name(rule: str, rules: dict[str, str]) -> str:
    """Return a rule's name without the mark of rules that leave no node, unless another is called so."""
    plain = rule.lstrip("_")
    return f"{plain}_part" if plain != rule and plain in rules else plain


def _parsed(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the rules and the words of the grammar file."""
    rules: dict[str, str] = {}
    words: dict[str, str] = {}
    last = ""
    for line in (line for line in text.splitlines() if not line.startswith(("//", "%"))):
        if (found := _TERMINAL.match(line)) is not None:
            words[found[1]] = _spelling(found[2])
        elif (found := _RULE.match(line)) is not None:
            last = found[1]
            rules[last] = found[2]
        elif line.strip():
            rules[last] += " " + line.strip()
    return rules, words


_MEANINGS = {
    Op.NOT: "not; also ``!``",
    Op.AND: "and; also ``&&``",
    Op.OR: "or; also ``||``",
    Op.IMPLIES: "implies; also ``=>``",
    Op.EQ: "equal; also ``=``",
    Op.NE: "unequal",
    Op.LT: "less",
    Op.LE: "at most",
    Op.GT: "greater",
    Op.GE: "at least",
    Op.ADD: "sum, of one dimension",
    Op.SUB: "difference, of one dimension",
    Op.NEG: "``-a``",
    Op.MUL: "product; dimensions multiply",
    Op.DIV: "quotient; the divisor's range has no zero",
    Op.MOD: "remainder of whole numbers",
    Op.ITE: "``ite(c, a, b)``: *if c then a else b*",
    Op.TO_REAL: "written by nobody: a whole number beside reals is one",
}


def expressions() -> list[str]:
    """Return the page about expressions and sentences: operators, grammar, a tested example."""
    lines = [
        "..",
        "   Generated by generate.py beside this file; a test compares them.",
        "",
        *_heading("Operators and grammar", "="),
        "What expressions are made of. Types and units are checked when a specification is read.",
        "",
        ".. list-table::",
        "   :header-rows: 1",
        "",
        "   * - Operator",
        "     - Meaning",
    ]
    for op in Op:
        if op is not Op.TO_REAL:
            lines += [f"   * - ``{'-' if op is Op.NEG else op.value}``", f"     - {_MEANINGS[op]}"]
    lines += ["", "Besides: ``min``, ``max``, ``abs``, ``delivered(p)`` and ``pi``, and ``a iff b``.", ""]
    lines += _shown("expressions")
    lines += [
        *_heading("Grammar", "-"),
        "The grammar that the parser reads; words may be written in capitals, too.",
        "",
    ]
    lines += [".. code-block:: text", "", *(f"   {line}" for line in grammar()), ""]
    return _squeezed(lines)


def pages() -> dict[str, str]:
    """Return the text of each generated page by its name."""
    made = {
        "sections": sections,
        "expressions": expressions,
        "risk-file": risk_file,
        "indications": indications,
    }
    return {f"{name}.rst": "\n".join(make()) for name, make in made.items()}
