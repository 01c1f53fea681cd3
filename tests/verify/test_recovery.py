"""Strategies that are remembered, and what a plan may lean on."""

import json
from pathlib import Path

import pytest

from corpus import text
from stimproof.specs.reader import read_string
from stimproof.specs.specification import Specification
from stimproof.verify.cache import Cache
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.results import Result, Verdict, Verification
from stimproof.verify.run import verify
from stimproof.verify.strategies import Strategist

CASE, NAME = "proved/recovery_after_a_lockout", "properties.UNLOCK"
TRAP = "refuted/machine_waits_for_one_that_has_ended"


def specification(case: str = CASE) -> Specification:
    """Read a case of the corpus."""
    return read_string(text(case))


def untimed(found: Verification) -> tuple[list[dict[str, object]], dict[str, str]]:
    """Return everything that a run says, without how long it took."""
    return [item.as_json(timed=False) for item in found.results], dict(found.files)


def planless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forbid that a plan is looked for."""

    def refuse(*_: object) -> Result:
        raise AssertionError("a plan was looked for")

    monkeypatch.setattr(Strategist, "_answer", refuse)


def test_a_remembered_strategy_is_the_same_and_is_not_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full cache the same bytes come out, and no plan is searched."""
    cold = verify(specification(), only=[NAME])
    assert untimed(verify(specification(), only=[NAME], cache=tmp_path)) == untimed(cold)
    planless(monkeypatch)
    assert untimed(verify(specification(), only=[NAME], cache=tmp_path)) == untimed(cold)


def test_a_damaged_strategy_makes_a_run_slower_and_not_wrong(tmp_path: Path) -> None:
    """Whatever the remembered plans have become, the answer is right, and its evidence shows it."""
    verify(specification(), only=[NAME], cache=tmp_path)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and '"plans"' in path.read_text()]
    assert kept
    entry = Cache(kept[0].parent)
    whole = json.dumps(entry.read(kept[0].stem))
    for wrong in (
        whole.replace("42", "43"),
        whole.replace('"plans": [', '"plans": [[], '),
        whole.replace("s.locked_for", "s.nothing"),
        whole.replace("10.0", "9.0"),
        json.dumps({"plans": 7}),
    ):
        assert wrong != whole
        entry.write(kept[0].stem, json.loads(wrong))
        found = verify(specification(), only=[NAME], cache=tmp_path)
        result = found.by_id()[NAME]
        assert result.verdict is Verdict.PROVED
        check = EvidenceCheck(found.specification, found.files)
        assert check.check(result.obligation, result.as_json()) == []


def test_a_remembered_trap_is_the_same_and_is_not_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full cache the same bytes come out, and neither a plan nor a trap is searched."""
    trapped = read_string(text(TRAP))
    cold = verify(trapped)
    assert untimed(verify(trapped, cache=tmp_path)) == untimed(cold)
    planless(monkeypatch)
    assert untimed(verify(trapped, cache=tmp_path)) == untimed(cold)


def test_a_damaged_trap_makes_a_run_slower_and_not_wrong(tmp_path: Path) -> None:
    """Whatever the remembered trap and the way into it have become, the same bytes come out."""
    trapped = read_string(text(TRAP))
    cold = verify(trapped, cache=tmp_path)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and '"trap"' in path.read_text()]
    assert len(kept) == 1
    entry = Cache(kept[0].parent)
    whole = entry.read(kept[0].stem)
    for wrong in (
        {**whole, "trap": "true"},
        {**whole, "trap": "s.nothing"},
        {**whole, "way": {**whole["way"], "inputs": []}},
        {"way": 7},
    ):
        entry.write(kept[0].stem, wrong)
        assert untimed(verify(trapped, cache=tmp_path)) == untimed(cold)


def test_a_change_that_opens_a_trap_is_seen_in_spite_of_a_cache(tmp_path: Path) -> None:
    """A strategy for another device is not taken for this one's."""
    verify(specification(), only=[NAME], cache=tmp_path)
    changed = text(CASE).replace("code == 42", "code == 420")
    found = verify(read_string(changed), only=[NAME], cache=tmp_path)
    assert found.by_id()[NAME].verdict is Verdict.REFUTED
