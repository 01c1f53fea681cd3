"""A cache makes runs faster and never wrong, whatever has happened to it; attacks included."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stimproof.specs.reader import read_string
from stimproof.verify import recheck, solver, spacer
from stimproof.verify.cache import MAX_BYTES, Cache
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.memory import Memory
from stimproof.verify.results import Verdict, Verification
from stimproof.verify.run import verify

DEVICE = """\
stimproof: 1
device: {id: kept, name: Kept work, component: ipg}
sources: {manual: {title: "A made-up manual"}}
parameters:
  amplitude: {range: [0 mA, 5 mA], step: 0.1 mA, source: manual, confidence: seen}
limits:
  cap: {claim: "amplitude <= 5 mA"}
  tight: {claim: "amplitude <= 4 mA"}
variables:
  output_on: {type: boolean, initial: false}
  count: {type: integer, range: [0, 5], overflow: wrap, initial: 0}
  level: {type: integer, range: [0, 9], overflow: forbid, initial: 0}
events: {start: {}, stop: {}, up: {}, down: {}}
machines:
  ipg:
    initial: OFF
    modes:
      OFF: {entry: {output_on: false}}
      ON: {entry: {output_on: true, count: count + 1}}
      LOST: {}
    transitions:
      - {from: OFF, to: ON, event: start}
      - {from: ON, to: OFF, event: stop}
  gauge:
    initial: ONLY
    modes: {ONLY: {}}
    transitions:
      - {from: ONLY, event: up, guard: "level < 7", do: {level: level + 1}}
      - {from: ONLY, event: down, guard: "level > 0", do: {level: level - 1}}
properties:
  quiet: {sentence: "in OFF mode the ipg shall never satisfy output_on"}
  counts: {sentence: "the ipg shall always satisfy count <= 2"}
  stops: {sentence: "upon stop the ipg shall immediately satisfy not output_on"}
  never: {sentence: "in LOST mode the ipg shall never satisfy output_on"}
  filled: {sentence: "the ipg shall always satisfy level <= 7"}
"""


def outcome(found: Verification) -> tuple[Any, dict[str, str]]:
    """Return all that a run says, without how long it took."""
    return found.as_json(timed=False), dict(found.files)


@pytest.fixture(scope="module")
def truth() -> tuple[Any, dict[str, str]]:
    """What a run says that has no cache."""
    return outcome(verify(read_string(DEVICE)))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that a run has filled, and nobody else touches."""
    place = tmp_path_factory.mktemp("filled") / "kept"
    verify(read_string(DEVICE), cache=place)
    return place


@pytest.fixture
def folder(tmp_path: Path, filled: Path) -> Path:
    """A cache that a run has filled."""
    return shutil.copytree(filled, tmp_path / "kept")


def entries(folder: Path) -> list[Path]:
    """Return the files of all entries, in one order."""
    return sorted(folder.glob("*.json"))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what is decided anew: everything that is kept was not known."""
    kept: list[str] = []
    keep, keep_limit = Memory.keep, Memory.keep_limit

    def record(self: Memory, *told: Any, **named: Any) -> None:
        kept.append("machines")
        keep(self, *told, **named)

    def record_limit(self: Memory, *told: Any) -> None:
        kept.append("limits")
        keep_limit(self, *told)

    monkeypatch.setattr(Memory, "keep", record)
    monkeypatch.setattr(Memory, "keep_limit", record_limit)
    return kept


def test_a_run_says_the_same_without_with_a_new_and_with_a_full_cache(
    tmp_path: Path, truth: tuple[Any, dict[str, str]]
) -> None:
    """Results and evidence are the same bytes."""
    specification = read_string(DEVICE)
    assert outcome(verify(specification, cache=tmp_path)) == truth
    assert outcome(verify(specification, cache=tmp_path)) == truth


def test_a_full_cache_leaves_nothing_to_the_first_solver(
    folder: Path, truth: tuple[Any, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing changed no engine is asked, and the second solver confirms every script again."""
    again: list[str] = []
    run = recheck.run

    def note(script: str) -> recheck.Recheck:
        again.append(script)
        return run(script)

    def refuse(*told: object, **named: object) -> None:
        raise AssertionError("an engine was asked")

    monkeypatch.setattr(recheck, "run", note)
    monkeypatch.setattr(solver, "_answer", refuse)
    monkeypatch.setattr(spacer, "ask", refuse)
    assert outcome(verify(read_string(DEVICE), cache=folder)) == truth
    untitled = {text.partition("\n")[2] for path, text in truth[1].items() if path.endswith(".smt2")}
    assert untitled <= {text.partition("\n")[2] for text in again}


def test_what_a_change_does_not_touch_is_not_decided_again(folder: Path, asked: list[str]) -> None:
    """Another guard of one machine re-opens the questions about that machine, and no other."""
    verify(read_string(DEVICE), cache=folder)
    assert asked == []
    changed = verify(read_string(DEVICE.replace("level < 7", "level < 6")), cache=folder)
    assert changed.by_id()["properties.filled"].verdict is Verdict.PROVED
    # The range of 'level', 'filled', and that the gauge never stands still; nothing about the ipg.
    assert 1 <= len(asked) <= 4
    assert set(asked) == {"machines"}


@pytest.mark.parametrize(
    "change",
    [
        ("stimproof: 1\n", "# moved down by a comment\n\nstimproof: 1\n"),
        ("  quiet: {", "  silent: {"),
        ("Kept work", "Another name"),
    ],
    ids=["lines", "id", "name"],
)
def test_text_without_meaning_re_opens_nothing(
    folder: Path, asked: list[str], change: tuple[str, str]
) -> None:
    """The key of a question is what it means: not its file, its lines, or what it is called."""
    verify(read_string(DEVICE.replace(*change)), cache=folder)
    assert asked == []


def test_another_budget_asks_again(folder: Path) -> None:
    """What a budget does not suffice for stays unknown, whatever a richer run has left behind."""
    found = verify(read_string(DEVICE), budget=1, cache=folder)
    assert found.by_id()["properties.quiet"].verdict is Verdict.UNKNOWN


# ---- attacks ----


def flipped(path: Path, number: int) -> None:
    """Flip one bit, elsewhere in each file."""
    data = bytearray(path.read_bytes())
    data[(number * 7919) % len(data)] ^= 1 << number % 8
    path.write_bytes(bytes(data))


def plant(path: Path, data: object) -> None:
    """Write an entry as we write it, so that only its meaning tells that it is forged."""
    Cache(path.parent).write(path.stem, data)


def forged(content: object) -> Callable[[Path, int], None]:
    """Return an attack that plants one content everywhere."""
    return lambda path, number: plant(path, content)


def changed(change: Callable[[Any], Any]) -> Callable[[Path, int], None]:
    """Return an attack that changes what stands in each entry."""
    return lambda path, number: plant(path, change(Cache(path.parent).read(path.stem)))


def opposite(entry: Any) -> Any:
    """Turn a run into a proof that everything is impossible, and a proof into a run that shows it."""
    if not isinstance(entry, dict):
        return entry
    if entry["form"] == "run":
        return {"form": "proof", "engine": "induction", "invariant": "false", "first": entry["states"][0]}
    return {"form": "run", "states": [entry["first"]], "inputs": [], "excluded": None}


def weaker(entry: Any) -> Any:
    """Let every invariant say nothing."""
    return {**entry, "invariant": "true"} if isinstance(entry, dict) and "invariant" in entry else entry


def longer(entry: Any) -> Any:
    """Let every run stand still for a while at its end."""
    if not isinstance(entry, dict) or "states" not in entry or not entry["inputs"]:
        return entry
    more = {
        "states": [*entry["states"], entry["states"][-1]],
        "inputs": [*entry["inputs"], entry["inputs"][0]],
    }
    return {**entry, **more}


def numbered(entry: Any) -> Any:
    """Spell every zero as a number that would fill the memory."""
    if isinstance(entry, dict):
        return {key: numbered(value) for key, value in entry.items()}
    if isinstance(entry, list):
        return [numbered(value) for value in entry]
    return "1e999999999" if entry == "0" else entry


def linked(path: Path, number: int) -> None:
    """Put a link in place of the file, to content that once was right."""
    target = path.with_suffix(".moved")
    path.rename(target)
    path.symlink_to(target)


def piped(path: Path, number: int) -> None:
    """Put a pipe there, from which nobody would ever read anything."""
    path.unlink()
    os.mkfifo(path)


def foldered(path: Path, number: int) -> None:
    """Put a folder there."""
    path.unlink()
    path.mkdir()


def huge(path: Path, number: int) -> None:
    """Put more there than anybody should read."""
    path.write_text(" " * (MAX_BYTES + 1), encoding="utf-8")


DEEP = "(not " * 5_000 + "true" + ")" * 5_000
PROOF = {"form": "proof", "engine": "spacer", "first": {}}
SOME = ["properties.quiet", "properties.counts", "properties.never", "limits.cap", "machines.ipg.modes.ON"]
HONEST = {"longer", "claimed", "word", "relaxed"}
"""Forgeries that may be true: another proof of what is provable, or a longer way to what can be reached."""

ATTACKS: dict[str, Callable[[Path, int], None]] = {
    "flipped": flipped,
    "truncated": lambda path, number: os.truncate(path, path.stat().st_size // 2),
    "empty": lambda path, number: os.truncate(path, 0),
    "opposite": changed(opposite),
    "weaker": changed(weaker),
    "longer": changed(longer),
    "claimed": forged({**PROOF, "invariant": "true"}),
    "no case": forged({**PROOF, "invariant": "false"}),
    "another engine": changed(lambda entry: {**entry, "engine": "me"} if isinstance(entry, dict) else entry),
    "deep": forged({**PROOF, "invariant": DEEP}),
    "number": changed(lambda entry: numbered(entry)),
    "list": forged([[[]]]),
    "word": forged("grid"),
    "relaxed": forged("continuous relaxation"),
    "linked": linked,
    "piped": piped,
    "folder": foldered,
    "huge": huge,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_on_entries_changes_a_verdict(folder: Path, attack: str) -> None:
    """Whatever stands in the files: the verdicts are right, and an auditor finds nothing amiss."""
    specification = read_string(DEVICE)
    for number, path in enumerate(entries(folder)):
        ATTACKS[attack](path, number)
    attacked, right = (verify(specification, only=SOME, cache=place) for place in (folder, None))
    assert [item.verdict for item in attacked.results] == [item.verdict for item in right.results]
    check = EvidenceCheck(specification, attacked.files)
    assert [check.check(item.obligation, item.as_json()) for item in attacked.results] == [[]] * len(
        attacked.results
    )
    if attack not in HONEST:
        assert outcome(attacked) == outcome(right)


def test_swapped_entries_change_nothing(folder: Path, truth: tuple[Any, dict[str, str]]) -> None:
    """An answer to another question is no answer."""
    found = entries(folder)
    data = [path.read_bytes() for path in found]
    for path, other in zip(found, [*data[1:], data[0]], strict=True):
        path.write_bytes(other)
    assert outcome(verify(read_string(DEVICE), cache=folder)) == truth


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "form": st.sampled_from(["run", "proof", "limit"]) | JSON,
        "engine": st.sampled_from(["induction", "spacer"]) | JSON,
        "invariant": st.sampled_from(["true", "(not true)", "(", "s.ipg"]) | JSON,
        "first": JSON,
        "states": JSON,
        "inputs": JSON,
        "excluded": JSON,
    },
)


@settings(max_examples=12)
@given(planted=ENTRY | JSON)
def test_whatever_is_planted_is_read_without_harm(planted: Any) -> None:
    """Any JSON at all under a question's key is an answer that nobody believes, and never an exception."""
    found = verify(read_string(DEVICE), only=["properties.quiet"])

    class Planted(Cache):
        def read(self, key: str) -> Any:
            return planted

        def write(self, key: str, data: object) -> None:
            pass

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stimproof.verify.run._usable", lambda folder: Planted(Path("nowhere")))
        again = verify(read_string(DEVICE), only=["properties.quiet"], cache=Path("nowhere"))
    assert outcome(again) == outcome(found)


# ---- the folder ----


def test_a_folder_that_cannot_be_made_is_no_obstacle(
    tmp_path: Path, truth: tuple[Any, dict[str, str]]
) -> None:
    """A file in the way, or a link to elsewhere: nothing is looked up, nothing kept, and the run goes on."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for place in (tmp_path / "file", tmp_path / "file" / "deeper", tmp_path / "link"):
        assert Cache(place).prepare()
    assert outcome(verify(read_string(DEVICE), cache=tmp_path / "link")) == truth
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_disk_that_refuses_to_write_is_no_obstacle(
    folder: Path, truth: tuple[Any, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full or read-only disk costs what would have been kept, and nothing else."""
    for path in entries(folder):
        path.unlink()

    def full(*told: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    assert outcome(verify(read_string(DEVICE), cache=folder)) == truth
    assert entries(folder) == []


def test_writers_at_the_same_time_leave_whole_entries(tmp_path: Path) -> None:
    """Of many that write one key, one wins whole; no reader ever sees half, and nothing is left beside."""
    cache = Cache(tmp_path)
    texts = [str(number) * 5000 for number in range(8)]

    def write_and_read(text: str) -> bool:
        cache.write("key", text)
        return cache.read("key") in texts

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(write_and_read, texts * 10))
    assert [path.name for path in tmp_path.iterdir()] == ["key.json"]


def test_workers_share_a_cache(tmp_path: Path, truth: tuple[Any, dict[str, str]], asked: list[str]) -> None:
    """Threads that fill and read one folder at the same time say what one alone says."""
    with ThreadPoolExecutor(3) as threads:
        for _ in range(2):
            found = verify(read_string(DEVICE), cache=tmp_path, executor=threads, jobs=3)
            assert outcome(found) == truth
    before = len(asked)
    verify(read_string(DEVICE), cache=tmp_path)
    assert len(asked) == before
