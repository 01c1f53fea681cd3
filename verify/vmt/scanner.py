"""One term out of the words of a text, by a stack of its own: nesting is limited by nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from stimproof.specs.findings import Code
from stimproof.verify.vmt.operators import MAKERS, MAX_WIDTH, SortError, coerced, indexed
from stimproof.verify.vmt.terms import BOOL, INT, REAL, Sort, Terms, sort_text
from stimproof.verify.vmt.tokens import Tokens, bits, number, shortened, symbol

_NO_SUCH = "arrays, quantifiers and uninterpreted functions are not read"
_FOREIGN = frozenset({"forall", "exists", "select", "store", "match", "as", "lambda", "choice"})


@dataclass(frozen=True, slots=True)
class Function:
    """A defined function with arguments: what stands for each, its body, and what depends on them."""

    parameters: tuple[int, ...]
    body: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """An attribute of a term: its key, the words of its value, and where it stands."""

    key: str
    value: tuple[str, ...]
    term: int
    at: int


class Frame:
    """A list that the scanner has opened and not closed: its place and what it collected."""

    __slots__ = ("at", "held", "make", "outer")

    def __init__(self, at: int, make: Callable[[Scanner, Frame], int]) -> None:
        self.at, self.make = at, make
        self.held: list[int] = []
        self.outer: Any = None


class Scanner:
    """Reads terms; knows what is declared, defined and bound."""

    def __init__(self, tokens: Tokens, terms: Terms) -> None:
        self.tokens, self.terms = tokens, terms
        self.names: dict[str, int] = {"true": terms.truth(True), "false": terms.truth(False)}
        self.functions: dict[str, Function] = {}
        self.sorts: dict[str, Sort] = {"Bool": BOOL, "Int": INT, "Real": REAL}
        self.annotations: list[Annotation] = []
        self._atoms: dict[str, int] = {}

    def sort(self) -> Sort:
        """Read a sort.

        Raises:
            ModelError: there is none, or it is of a theory that is not read.
        """
        tokens, start = self.tokens, self.tokens.at
        if tokens.words[start] != "(":
            name = tokens.symbol("a sort")
            if name not in self.sorts:
                self.foreign(
                    f"the sort '{shortened(name)}' is none of Bool, Int, Real and (_ BitVec N)", start
                )
            return self.sorts[name]
        if tokens.words[start + 1 : start + 3] != ["_", "BitVec"]:
            self.foreign(f"a sort of '{shortened(tokens.words[start + 1])}'", start)
        tokens.at += 3
        size = self.index()
        tokens.expect(")", "at the end of a sort")
        if not 0 < size <= MAX_WIDTH:
            tokens.refuse(f"a bit-vector of {size} bits; widths from 1 to {MAX_WIDTH} are read", start)
        return size

    def foreign(self, what: str, at: int) -> NoReturn:
        """Refuse something of SMT-LIB that is not read here."""
        self.tokens.refuse(what, at, Code.UNSUPPORTED, _NO_SUCH)

    def index(self) -> int:
        """Read a numeral."""
        word = self.tokens.take()
        found = self._number(word, self.tokens.at - 1)
        if not isinstance(found, int):
            self.tokens.refuse(f"a numeral is needed, not '{shortened(word)}'", self.tokens.at - 1)
        return found

    def _number(self, word: str, at: int) -> object:
        try:
            return number(word)
        except ValueError as error:
            return self.tokens.refuse(str(error), at)

    def term(self) -> int:
        """Read one term and return it; what it annotates is added to ``annotations``."""
        words, stack, tokens = self.tokens.words, list[Frame](), self.tokens
        while True:
            word = words[tokens.at]
            if word == "(":
                value = self._open(stack)
            elif word == ")":
                if not stack or stack[-1].outer is not None:
                    tokens.refuse("a term is needed, and ')' stands there")
                value = self._close(stack)
            else:
                value = self._atoms.get(word) or self._atom(word)
                tokens.at += 1
            while value is not None:
                if not stack:
                    return value
                frame = stack[-1]
                frame.held.append(value)
                value = None if frame.outer is None else self._bound(stack)

    def _close(self, stack: list[Frame]) -> int:
        tokens, frame = self.tokens, stack.pop()
        try:
            value = frame.make(self, frame)
        except SortError as error:
            name = shortened(tokens.words[frame.at + 1])
            tokens.refuse(f"'{name}' does not fit: {error}", frame.at, Code.TYPE)
        tokens.at += 1
        return value

    def _open(self, stack: list[Frame]) -> int | None:
        tokens, at = self.tokens, self.tokens.at
        head = tokens.words[at + 1]
        if head == "(":
            stack.append(Frame(at, self._head(at)))
        elif head == "_":
            return self._indexed_constant(at)
        elif head == "let":
            tokens.at += 2
            tokens.expect("(", "before the bindings of 'let'")
            frame = Frame(at, _body)
            frame.outer = {}
            stack.append(frame)
            self._next_binding(frame)
        elif head == "!":
            tokens.at += 2
            stack.append(Frame(at, _annotated))
            # The value is followed by attributes, which are no terms: they are read when it is there.
            stack[-1].outer = ()
        else:
            tokens.at += 2
            stack.append(Frame(at, self._applied(head, at)))
        return None

    def _applied(self, head: str, at: int) -> Callable[[Scanner, Frame], int]:
        name = symbol(head)
        if name is None:
            self.tokens.refuse(f"'{shortened(head)}' stands where an operator is needed", at + 1)
        if name in self.functions:
            function = self.functions[name]
            return lambda scanner, frame: scanner.call(function, frame.held)
        if name in self.names:
            self.tokens.refuse(f"'{shortened(name)}' takes no arguments", at + 1, Code.TYPE)
        maker = MAKERS.get(name)
        if maker is None:
            if name in _FOREIGN:
                self.foreign(f"'{name}'", at + 1)
            self.tokens.refuse(f"there is no operator '{shortened(name)}'", at + 1, Code.UNKNOWN_NAME)
        return lambda scanner, frame: maker(scanner.terms, frame.held)

    def _head(self, at: int) -> Callable[[Scanner, Frame], int]:
        """Read the head of ``((_ name index …) argument …)``."""
        tokens = self.tokens
        tokens.at += 2
        if tokens.words[tokens.at] == "as":
            self.foreign("'as'", tokens.at)
        tokens.expect("_", "in the head of an application")
        name = tokens.symbol("an operator")
        indices = []
        while tokens.words[tokens.at] != ")":
            indices.append(self.index())
        tokens.at += 1
        return lambda scanner, frame: indexed(scanner.terms, name, tuple(indices), frame.held)

    def _indexed_constant(self, at: int) -> int:
        tokens = self.tokens
        name = tokens.words[at + 2]
        tokens.at += 3
        value = number(name[2:]) if name.startswith("bv") else None
        if not isinstance(value, int):
            tokens.refuse(f"there is no constant '(_ {shortened(name)} …)'", at, Code.UNKNOWN_NAME)
        size = self.index()
        tokens.expect(")", "at the end of a constant")
        if not 0 < size <= MAX_WIDTH or value >> size:
            tokens.refuse(f"{shortened(str(value))} does not fit in {size} bits", at, Code.TYPE)
        return self.terms.constant(value, size)

    def _atom(self, word: str) -> int:
        at = self.tokens.at
        name = symbol(word)
        if name is not None and name in self.names:
            return self.names[name]
        if (found := bits(word)) is not None and found[1] <= MAX_WIDTH:
            value = self.terms.constant(*found)
        elif (known := self._number(word, at)) is not None:
            value = self.terms.constant(known, INT if isinstance(known, int) else REAL)  # type: ignore[arg-type]
        elif not word:
            self.tokens.refuse("the text ends in the middle of a term")
        elif name is not None and name in self.functions:
            self.tokens.refuse(f"'{shortened(word)}' takes arguments", at, Code.TYPE)
        else:
            self.tokens.refuse(f"nothing declares '{shortened(word)}'", at, Code.UNKNOWN_NAME)
        self._atoms[word] = value
        return value

    def call(self, function: Function, arguments: list[int]) -> int:
        """Return the body of a defined function with arguments in place of its parameters."""
        terms, wanted = self.terms, function.parameters
        if len(arguments) != len(wanted):
            raise SortError(f"it takes {len(wanted)} arguments, and has {len(arguments)}")
        given = [coerced(terms, item, terms.sorts[to]) for item, to in zip(arguments, wanted, strict=True)]
        return terms.replaced([function.body], dict(zip(wanted, given, strict=True)))[0]

    def _next_binding(self, frame: Frame) -> None:
        """Go on to the term of the next binding of a ``let``, or behind the last one, to its body."""
        tokens = self.tokens
        if tokens.words[tokens.at] == "(":
            tokens.at += 1
            at = tokens.at
            name = tokens.symbol("a bound name")
            if name in frame.outer:
                tokens.refuse(f"'let' binds '{shortened(name)}' twice", at, Code.DUPLICATE_NAME)
            frame.outer[name] = None
            return
        tokens.expect(")", "behind the bindings of 'let'")
        for name, value in zip(frame.outer, frame.held, strict=True):
            frame.outer[name] = self.names.get(name)
            self.names[name] = value
        frame.held = []
        frame.outer = (frame.outer,)

    def _bound(self, stack: list[Frame]) -> int | None:
        """Take the value that a ``let`` or an annotation was waiting for."""
        frame, tokens = stack[-1], self.tokens
        if isinstance(frame.outer, dict):
            tokens.expect(")", "behind a binding of 'let'")
            self._next_binding(frame)
            return None
        if not frame.outer:
            while tokens.words[tokens.at] != ")":
                self._attribute(frame.held[0])
        elif tokens.words[tokens.at] != ")":
            tokens.refuse("')' is needed behind the body of 'let'")
        return self._close(stack)

    def _attribute(self, value: int) -> None:
        tokens, at = self.tokens, self.tokens.at
        key = tokens.take()
        if key[0] != ":":
            tokens.refuse(f"an attribute such as ':init' is needed, not '{shortened(key)}'", at)
        start = tokens.at
        if tokens.words[start] != ")" and not tokens.words[start].startswith(":"):
            tokens.skip()
        words = tuple(tokens.words[start : tokens.at])
        if key == ":named" and len(words) == 1:
            name = symbol(words[0])
            if name is None or name in self.names:
                tokens.refuse(f"'{shortened(words[0])}' cannot be a new name", start, Code.DUPLICATE_NAME)
            self.names[name] = value
        self.annotations.append(Annotation(key, words, value, at))


def _body(scanner: Scanner, frame: Frame) -> int:
    """Return the value of a ``let`` and give its names back what they meant outside."""
    for name, before in frame.outer[0].items():
        if before is None:
            del scanner.names[name]
        else:
            scanner.names[name] = before
    return frame.held[0]


def _annotated(_scanner: Scanner, frame: Frame) -> int:
    return frame.held[0]


def checked(scanner: Scanner, term: int, sort: Sort, at: int) -> int:
    """Return a definition's body as a term of the sort that is declared for it."""
    try:
        return coerced(scanner.terms, term, sort)
    except SortError:
        found = sort_text(scanner.terms.sorts[term])
        scanner.tokens.refuse(
            f"the definition is of sort {sort_text(sort)} and its body of {found}", at, Code.TYPE
        )
