import json
import os
import re
from pathlib import Path

import lark
import pytest
from lark.exceptions import UnexpectedInput

from stimproof.specs import grammar

REFRESH = "STIMPROOF_REFRESH"
ROOT = Path(__file__).resolve().parents[2]
EXPRESSIONS = (
    "a",
    "not a and b or c implies d",
    "a + 3 mA * b / 2 <= -c",
    "(a <= b) == (c >= 4 uC/cm^2)",
    "min(a, b) < max(c, 5 ms)",
)


def texts() -> list[tuple[str, str]]:
    """Return every sentence of the reference devices and of the corpus, and some expressions."""
    files = [*(ROOT / "specs" / "library").rglob("*.yaml"), *(ROOT / "tests" / "corpus").rglob("*.yaml")]
    found = {
        match[1]
        for file in files
        for match in re.finditer(r'sentence: "?([^"\\\n]+?)"?[}\n]', file.read_text("utf-8"))
    }
    assert len(found) > 100
    return [*((text, "sentence") for text in sorted(found)), *((text, "expression") for text in EXPRESSIONS)]


def outcome(parser: lark.Lark, text: str, start: str) -> object:
    """Return the tree with all places, or where the text stops being the language and what could follow."""
    try:
        tree = parser.parse(text, start=start)
    except UnexpectedInput as error:
        token = getattr(error, "token", None)
        expected = getattr(error, "expected", None) or getattr(error, "allowed", None) or ()
        return type(error), str(token), error.column, sorted(expected)
    places = [(node.data, node.meta.column, node.meta.end_column) for node in tree.iter_subtrees()]
    return tree, places


def test_the_tables_belong_to_the_grammar() -> None:
    """The file of tables was made from the grammar as it is, by the lark that is installed."""
    file = ROOT / "specs" / grammar.TABLES
    if os.environ.get(REFRESH):
        file.write_text(grammar.tables(), encoding="utf-8")
    kept = json.loads(file.read_text("utf-8"))
    fresh = json.loads(grammar.tables())
    same = (kept["lark"], kept["grammar"]) == (fresh["lark"], fresh["grammar"])
    assert same, f"set {REFRESH}=1 to write {file} anew"


def test_the_tables_parse_as_the_grammar_does() -> None:
    """Every sentence, and every sentence cut short or with a word too many, has the same outcome."""
    kept, fresh = grammar.parser.__wrapped__(fretish=False), grammar.compiled(grammar.grammar())
    for text, start in texts():
        for variant in (text, text[: len(text) // 2], f"{text} {text.split()[0]}", f"{text} ?"):
            assert outcome(kept, variant, start) == outcome(fresh, variant, start), variant


@pytest.mark.parametrize("changed", ["lark", "grammar"])
def test_tables_of_another_grammar_are_not_used(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables that belong to another grammar or another lark are left aside and made anew."""
    kept = {**json.loads(grammar.tables()), changed: "other", "parser": None}
    (tmp_path / grammar.TABLES).write_text(json.dumps(kept), encoding="utf-8")
    (tmp_path / "grammar.lark").write_text(grammar.grammar(), encoding="utf-8")
    monkeypatch.setattr(grammar, "files", lambda package: tmp_path)
    made = grammar.parser.__wrapped__(fretish=False)
    assert made.parse("a + b", start="expression").data == "add"
