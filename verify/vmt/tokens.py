"""The words of an SMT-LIB text, and where each of them stands."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NoReturn

from stimproof.specs.errors import ModelError
from stimproof.specs.findings import Code, Finding, Location

_WORD = re.compile(r'[()]|\|[^|\\]*\||"(?:[^"]|"")*"|;[^\n]*|[^\s()|";]+|[|"]')
_NUMERAL = re.compile(r"(?:0|[1-9][0-9]*)\Z", re.ASCII)
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+\Z", re.ASCII)
_SIMPLE = re.compile(r"[A-Za-z~!@$%^&*_+=<>.?/\-][0-9A-Za-z~!@$%^&*_+=<>.?/\-]*\Z", re.ASCII)
MAX_DIGITS = 4000
"""The longest number that is read, in digits."""


class Tokens:
    """A text's words in order, without comments, and a place to read on from.

    Where a word stands is computed when it is asked for, which is when something is wrong.
    """

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.words: list[str] = [word for word in _WORD.findall(text) if word[0] != ";"]
        self.at = 0
        self._starts: list[int] = []
        for mark, what in (("|", "a quoted symbol"), ('"', "a string")):
            if mark in self.words:
                self.refuse(f"{what} is never closed", self.words.index(mark))
        self.words.append("")

    def refuse(
        self, message: str, at: int | None = None, code: Code = Code.SYNTAX, advice: str = ""
    ) -> NoReturn:
        """Refuse the text because of the word with number ``at``, or the one that comes next.

        Raises:
            ModelError: always.
        """
        raise ModelError([Finding(code, self.location(self.at if at is None else at), message, advice)])

    def location(self, number: int) -> Location:
        """Return where a word stands; the end of the text stands behind its last word."""
        if not self._starts:
            found = _WORD.finditer(self.text)
            self._starts = [item.start() for item in found if item.group()[0] != ";"]
        known = number < len(self._starts)
        offset = self._starts[number] if known else len(self.text.rstrip())
        line = self.text.count("\n", 0, offset) + 1
        return Location(self.file, line, offset - (self.text.rfind("\n", 0, offset) + 1) + 1)

    def take(self) -> str:
        """Return the next word and go on behind it."""
        word = self.words[self.at]
        if not word:
            self.refuse("the text ends in the middle of a command")
        self.at += 1
        return word

    def expect(self, wanted: str, where: str) -> None:
        """Go on behind a word that must be there."""
        if self.words[self.at] != wanted:
            found = f"'{shortened(self.words[self.at])}'" if self.words[self.at] else "the end of the text"
            self.refuse(f"'{wanted}' is needed {where}, and {found} stands there")
        self.at += 1

    def symbol(self, what: str) -> str:
        """Return the symbol that comes next, without its quotes.

        Raises:
            ModelError: something else stands there.
        """
        found = symbol(self.words[self.at])
        if found is None:
            self.refuse(f"{what} must be a symbol, not '{shortened(self.words[self.at])}'")
        self.at += 1
        return found

    def skip(self) -> None:
        """Go on behind one word or one list, whatever it holds."""
        depth = 0
        while True:
            word = self.take()
            depth += (word == "(") - (word == ")")
            if depth < 0:
                self.refuse("a closing parenthesis too many", self.at - 1)
            if depth == 0:
                return

    def close(self) -> None:
        """Go on behind the end of the list in which the reader stands."""
        while self.words[self.at] != ")":
            self.skip()
        self.at += 1


def shortened(word: str) -> str:
    """Return a word as a message shows it."""
    return word if len(word) <= 60 else word[:57] + "..."


def symbol(word: str) -> str | None:
    """Return the name that a word spells, or ``None`` where it is no symbol.

    >>> symbol("|a b|"), symbol("x.next"), symbol("5")
    ('a b', 'x.next', None)
    """
    if word[:1] == "|":
        return word[1:-1]
    return word if _SIMPLE.match(word) or (word.isprintable() and word[:1].isalpha()) else None


def number(word: str) -> int | Fraction | None:
    """Return the number that a word spells: whole as it stands, with a point as a fraction.

    Some tools write a sign before the digits; SMT-LIB does not, but it can mean nothing else.

    Raises:
        ValueError: the number has more than :data:`MAX_DIGITS` digits.
    """
    if word[:1] == "-" and word[1:2].isdigit():
        size = number(word[1:])
        return None if size is None else -size
    if not word[:1].isdigit():
        return None
    if len(word) > MAX_DIGITS:
        raise ValueError(f"a number of {len(word)} digits; up to {MAX_DIGITS} are read")
    if _NUMERAL.match(word):
        return int(word)
    return Fraction(word) if _DECIMAL.match(word) else None


def bits(word: str) -> tuple[int, int] | None:
    """Return value and width of a bit-vector constant such as ``#b101`` or ``#x0f``.

    >>> bits("#b101"), bits("#x0f"), bits("#q")
    ((5, 3), (15, 8), None)
    """
    base = {"#b": 2, "#x": 16}.get(word[:2])
    digits = word[2:]
    allowed = "01" if base == 2 else "0123456789abcdefABCDEF"
    if base is None or not digits or digits.strip(allowed):
        return None
    return int(digits, base), len(digits) * (1 if base == 2 else 4)
