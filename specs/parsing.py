"""From text to a syntax tree: the lark grammar, and its complaints in the author's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lark import Tree

from stimproof.specs.findings import Code, Finding, Location
from stimproof.specs.grammar import parser

if TYPE_CHECKING:
    from lark.lexer import Token

MAX_LENGTH = 4_000
MAX_NESTING = 80

_PLAIN = {
    "QUANTITY": "a number", "NAME": "a name", "COMPARE": "a comparison", "_LPAR": "'('", "LPAR": "'('",
    "RPAR": "')'", "COMMA": "','", "PLUS": "'+'", "MINUS": "'-'", "STAR": "'*'", "SLASH": "'/'", "DOT": "'.'",
    "_IMPLIES": "'implies'", "$END": "the end", "CIRCUMFLEX": "'^'", "TIME_UNIT": "a unit of time",
    "_AND_THEN": "'and when'", "OR_ELSE": "'or when'", "_AT_THE": "'at the'", "_FULL_STOP": "'.'",
    "_OCCURRENCE": "'occurrence of'", "_ONE_CAN_ALWAYS_REACH": "'one can always reach'",
}  # fmt: skip

_NO_HINT = "an operator (such as 'and' or '<=') is missing before it, or the text should end there"


class LanguageError(Exception):
    """A text that does not parse; carries one finding."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.message)


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the language with the place where its first character stands."""

    source: str
    location: Location
    exact: bool = True

    def at(self, token: Tree[Token] | Token | None) -> Location:
        """Return the place of a token or sub-tree inside this text."""
        column = getattr(token, "column", None) or getattr(getattr(token, "meta", None), "column", None)
        line = getattr(token, "line", None) or getattr(getattr(token, "meta", None), "line", None)
        if not self.exact or column is None or line != 1:
            return self.location
        return self.location.shifted(int(column) - 1)


def subtree(node: Tree[Token], index: int) -> Tree[Token]:
    """Return a child that the grammar makes a tree, never a word."""
    child = node.children[index]
    assert isinstance(child, Tree), f"{node.data}[{index}] is {child!r}"
    return child


def parse(text: Text, start: str, *, fretish: bool = False) -> Tree[Token]:
    """Parse an expression or a sentence into lark's tree; ``fretish`` with FRET's own names and numbers.

    Raises:
        LanguageError: with the place, what stands there, and what could stand there.
    """
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput

    if len(text.source) > MAX_LENGTH:
        raise LanguageError(
            Finding(
                Code.SYNTAX,
                text.location,
                f"longer than {MAX_LENGTH} characters",
                "split it into several",
            )
        )
    try:
        tree = parser(fretish=fretish).parse(text.source, start=start)
    except UnexpectedInput as error:
        column = getattr(error, "column", 1)
        if isinstance(error, UnexpectedCharacters):
            wrong, allowed = repr(text.source[error.pos_in_stream or 0]), error.allowed or set()
        else:
            token = getattr(error, "token", None)
            ended = token is None or token.type == "$END"
            wrong = "the end of the text" if ended else f"'{token}'"
            column = len(text.source) + 1 if ended else column
            allowed = getattr(error, "expected", None) or getattr(error, "accepts", None) or set()
        place = text.location.shifted(int(column) - 1) if text.exact else text.location
        expected = sorted({_PLAIN.get(name, f"'{name.strip('_').lower()}'") for name in allowed})
        raise LanguageError(
            Finding(
                Code.SYNTAX,
                place,
                f"{wrong} cannot stand here in '{_brief(text.source)}'",
                f"expected {', '.join(expected)}" if expected else _NO_HINT,
            )
        ) from None
    if _depth(tree) > MAX_NESTING:
        message = f"parts nested more than {MAX_NESTING} deep"
        raise LanguageError(Finding(Code.SYNTAX, text.location, message, "split it into several"))
    return tree


def _brief(source: str) -> str:
    return source if len(source) <= 200 else f"{source[:200]}…"


def _depth(tree: Tree[Token]) -> int:
    """Return how deep the tree is, without recursion, for it may be very deep."""
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in node.children if isinstance(child, Tree)]
    return deepest
