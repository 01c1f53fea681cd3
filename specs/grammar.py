"""The parser of the language: from its grammar, or from tables that were made from the grammar before.

To make tables from a grammar takes as long as to read a large specification. So those of the language are
kept beside it, with the hash of the grammar and the version of lark that they belong to; where either is
another, they are made anew.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import lark

if TYPE_CHECKING:
    from lark import Lark

TABLES = "grammar.json"
_OPTIONS = {
    "parser": "lalr",
    "start": ["expression", "sentence"],
    "propagate_positions": True,
    "maybe_placeholders": True,
}


@cache
def parser(*, fretish: bool) -> Lark:
    """Return the parser of expressions and sentences; ``fretish`` with FRET's own names and numbers."""
    if fretish:
        lexis = files("stimproof.specs.property").joinpath("names.lark").read_text(encoding="utf-8")
        words = grammar().partition("// ---- names and numbers")[0]
        return compiled(words.replace(r"\b/i", r"\b(?![.%]\w)/i") + lexis)  # `in.x` is a name in FRET
    kept = json.loads(
        files("stimproof.specs").joinpath(TABLES).read_text(encoding="utf-8"), object_pairs_hook=_numbered
    )
    if (kept["lark"], kept["grammar"]) != _identity():
        return compiled(grammar())
    # Lark's own load() unpickles; what it does with plain data afterwards has no public name.
    made: Lark = lark.Lark._load_from_dict(kept["parser"], kept["memo"])  # type: ignore[no-untyped-call]
    return made


def grammar() -> str:
    """Return the grammar of the language."""
    return files("stimproof.specs").joinpath("grammar.lark").read_text(encoding="utf-8")


def compiled(text: str) -> Lark:
    """Return the parser of a grammar, made from its text."""
    return lark.Lark(text, **_OPTIONS)


def tables() -> str:
    """Return the text of the file of tables for the grammar as it is."""
    made, memo = compiled(grammar()).memo_serialize([lark.lexer.TerminalDef, lark.grammar.Rule])
    version, digest = _identity()
    kept = {"lark": version, "grammar": digest, "parser": made, "memo": memo}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"


def _identity() -> tuple[str, str]:
    return lark.__version__, sha256(grammar().encode("utf-8")).hexdigest()


def _numbered(pairs: list[tuple[str, Any]]) -> dict[str | int, Any]:
    """Return a mapping whose keys are numbers again where they were: states, and places in the memo."""
    return {int(key) if key.isdigit() else key: value for key, value in pairs}
