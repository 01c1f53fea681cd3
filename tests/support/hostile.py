"""Texts and files that no author writes: what reads them must end with a message, soon, in little memory.

Run as a program (``python hostile.py FOLDER all|quick``), it reads each of them and prints what happened as
JSON; ``quick`` leaves out the long texts. The caller sets the limits of the process.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

HEAD = "stimproof: 1\ndevice: {id: d, name: D}\n"
CITED = "source: s, confidence: seen"
BODY = HEAD + "sources: {s: {title: S}}\n"
QUICK = 100_000


def parameter(text: str) -> str:
    """Return a specification with one parameter."""
    return BODY + f"parameters:\n  p: {{{text}, {CITED}}}\n"


def condition(text: str) -> str:
    """Return a specification with one guard."""
    return (
        HEAD + "variables: {n: {type: integer, range: [0, 3], overflow: wrap, initial: 0}}\nevents: {e: {}}\n"
        'machines: {m: {initial: A, modes: {A: {}}, transitions: [{from: A, event: e, guard: "'
        + text
        + '"}]}}\n'
    )


def shannon(limit: str) -> str:
    """Return a specification with a Shannon limit."""
    one = "{value: 1 mm, source: s, confidence: seen}"
    word = "{value: x, source: s, confidence: seen}"
    return (
        BODY + f"electrodes: {{c: {{geometry: {{shape: disc, diameter: {one}}}, "
        f"area_tolerance: {{value: 0, {CITED}}}, material: {word}, tissue: {word}}}}}\n"
        f"parameters:\n  a: {{range: [0 mA, 5 mA], step: 1 mA, {CITED}}}\n"
        f"  w: {{range: [10 us, 50 us], step: 10 us, {CITED}}}\n"
        f"  f: {{range: [1 Hz, 5 Hz], step: 1 Hz, {CITED}}}\n"
        "stimuli:\n  t:\n    electrode: c\n    amplitude: a\n    pulse_width: w\n    frequency: f\n"
        f"    waveform: {{phases: [{{polarity: cathodic}}], {CITED},\n"
        f"      interphase_gap: {{value: 0 us, {CITED}}}}}\n"
        f"limits: {{k: {{law: shannon, stimulus: t, limit: {limit}, {CITED}}}}}\n"
    )


def texts() -> Iterator[tuple[str, bytes]]:
    """Yield hostile files by name."""
    noise = random.Random(0)
    yield "nothing", b""
    for size in (1, 100, 100_000):
        yield f"random-{size}", noise.randbytes(size)
    yield "random-ascii", bytes(noise.randrange(32, 127) for _ in range(100_000))
    yield "nul", HEAD.encode() + b"\0" * 1000
    yield "utf-16", HEAD.encode("utf-16")
    yield "latin-1", HEAD.encode() + b"# \xe9\n"
    yield "surrogate", HEAD.encode() + b"x: \xed\xa0\x80\n"
    yield from ((name, text.encode()) for name, text in _structures())
    yield from ((name, text.encode()) for name, text in _numbers())
    yield from ((name, text.encode()) for name, text in _expressions())


def _structures() -> Iterator[tuple[str, str]]:
    yield "deep-flow", "[" * 1_000_000
    yield "deep-maps", "{a: " * 300_000
    yield "deep-block", "".join("  " * depth + "a:\n" for depth in range(1000))
    yield "deep-sequence", "- " * 500_000
    yield "deep-keys", "? " * 500_000
    laughs = ["a0: &a0 [x, x, x, x, x, x, x, x, x]\n"]
    laughs += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20)]
    yield "billion-laughs", "".join(laughs)
    yield "merge-keys", "a: &a {b: 1}\nc: {<<: *a}\n"
    yield "self-alias", "a: &a [*a]\n"
    yield "many-aliases", "a: &a 1\nb: [" + "*a, " * 300_000 + "]\n"
    yield "many-anchors", "a: [" + ", ".join(f"&a{n} x" for n in range(29_000)) + "]\n"
    yield "tags", HEAD + "x: !!python/object/apply:os.system [ls]\n"
    yield "many-keys", HEAD + "".join(f"k{n}: 1\n" for n in range(14_000))
    yield "many-duplicates", HEAD + "a: 1\n" * 20_000
    yield "many-entries", HEAD + "events:\n" + "".join(f"  e{n}: 3\n" for n in range(14_000))
    yield "many-errors", HEAD + "limits:\n" + "".join(f"  l{n}: {{claim: x}}\n" for n in range(10_000))
    yield "long-key", HEAD + "x" * 1_000_000 + ": 1\n"
    yield "long-word", HEAD + "x: " + "y" * 2_900_000 + "\n"
    yield "long-quoted", HEAD + 'x: "' + "\\x41" * 500_000 + '"\n'
    yield "long-open-quote", HEAD + 'x: "' + "y" * 2_900_000
    yield "long-comment", "#" * 2_900_000
    yield "blank-lines", "\n" * 2_900_000
    yield "spaces", " " * 2_900_000
    yield "tabs", "\t" * 100_000
    yield "colons", ":" * 1_000_000
    yield "dashes", "-" * 1_000_000
    yield "documents", "---\n" * 100_000
    yield "directives", "%YAML 1.2\n" * 10_000
    yield "commas", "[" + "," * 100_000
    yield "questions", "?\n" * 100_000
    yield "bars", "x: |\n" + "  y\n" * 300_000
    yield "many-words", HEAD + "x: [" + "a," * 1_000_000 + "]\n"
    yield "too-long", "#" * 9_000_000


def _numbers() -> Iterator[tuple[str, str]]:
    for name, number in (
        ("huge-exponent", "1e999999"), ("large-exponent", "1e99"), ("small-exponent", "1e-99"),
        ("digits", "9" * 100_000), ("long-fraction", "0." + "3" * 100_000), ("infinite", ".inf"),
        ("nan", ".nan"),
    ):  # fmt: skip
        yield f"range-{name}", parameter(f"range: [0 mA, {number} mA], step: 1 mA")
        yield f"limit-{name}", shannon(number)
        yield f"guard-{name}", condition(f"n * {number} > 3")
        yield (
            f"integer-{name}",
            HEAD
            + (f"variables: {{n: {{type: integer, range: [0, {number}], overflow: wrap, initial: 0}}}}\n"),
        )
    yield "shannon-1e60", shannon("1e60")
    yield "shannon-minus", shannon("-1e60")
    yield "shannon-fraction", shannon("0." + "7" * 50)
    yield "grid-10^18", parameter("range: [0 mA, 1 mA], step: 1e-18 mA")
    yield "grid-1e99", parameter("range: [0 mA, 1e50 mA], step: 1e-50 mA")
    yield "grid-pieces", parameter(
        "range: [0 mA, 1000 mA], grid: ["
        + ", ".join(f"{{from: {n} mA, to: {n + 1} mA, step: 1e-6 mA}}" for n in range(1000)) + "]"
    )  # fmt: skip
    yield "priority", condition("true").replace("event: e,", f"event: e, priority: {'9' * 50},")
    yield "unit-powers", parameter("range: [0 mA, 1 mA^9*mA^9*mA^9*mA^9*mA^9*mA^9], step: 1 mA")
    yield (
        "contacts",
        shannon("1").replace("material:", f"contacts: {{value: {'9' * 50}, {CITED}}}, material:"),
    )


def _expressions() -> Iterator[tuple[str, str]]:
    yield "parentheses", condition("(" * 1900 + "n" + ")" * 1900)
    yield "nots", condition("not " * 900 + "true")
    yield "minuses", condition("-" * 3900 + "n")
    yield "sum", condition(" + ".join(["n"] * 900) + " > 3")
    yield "powers", condition(" * ".join(["n"] * 900) + " > 3")
    yield "big-powers", condition(" * ".join(["1e99"] * 500) + " > n")
    yield "ites", condition("ite(true, " * 300 + "n" + ", n)" * 300 + " > 3")
    yield "maxes", condition("max(" * 70 + "n" + ", 1)" * 70 + " > 3")
    yield "doubling-maxes", condition("max(n, " * 70 + "n" + ")" * 70 + " > 3")
    yield "long-expression", condition("n > 3 or " * 100_000 + "true")
    doubled = "".join(f'  d{n}: {{expression: "d{n - 1} and d{n - 1}"}}\n' for n in range(1, 60))
    yield "doubling-definitions", HEAD + 'definitions:\n  d0: {expression: "true"}\n' + doubled
    summed = "".join(f'  d{n}: {{expression: "d{n - 1} * d{n - 1}"}}\n' for n in range(1, 60))
    yield "squaring-definitions", HEAD + 'definitions:\n  d0: {expression: "1e99"}\n' + summed
    chain = "".join(f'  d{n}: {{expression: "d{n + 1}"}}\n' for n in range(3000))
    yield "long-definitions", HEAD + f'definitions:\n{chain}  d3000: {{expression: "true"}}\n'
    ring = "".join(f'  d{n}: {{expression: "d{(n + 1) % 3000}"}}\n' for n in range(3000))
    yield "long-ring", HEAD + f"definitions:\n{ring}"
    yield "includes", HEAD + "includes: [" + ", ".join(["'*/*/*/*/*/*/*/*/*.yaml'"] * 200) + "]\n"
    yield "include-everything", HEAD + "includes: [" + ", ".join(["../../../../etc/passwd"] * 5000) + "]\n"
    yield "extends-path", HEAD + "extends: ../../etc\n"
    yield "removes", HEAD + "extends: drg-axium\nremove: [" + "limits.x, " * 5000 + "]\n"


def _read(folder: Path) -> tuple[int, int]:
    from stimproof.specs.errors import SpecificationError
    from stimproof.specs.reader import read_folder

    try:
        found = read_folder(folder / "specs").findings
    except SpecificationError as error:
        found = error.findings
    return len(found), sum(len(finding.text()) for finding in found)


def _special(folder: Path) -> Iterator[tuple[str, Callable[[Path], None]]]:
    yield "folder", lambda file: file.mkdir()
    yield "pipe", lambda file: os.mkfifo(file)
    yield "loop", lambda file: file.symlink_to(file)
    yield "dangling", lambda file: file.symlink_to(folder / "nothing")
    yield "zero-device", lambda file: file.symlink_to("/dev/zero")
    yield "unreadable", lambda file: (file.touch(), file.chmod(0))[1]
    yield "sparse", lambda file: os.truncate(os.open(file, os.O_CREAT | os.O_RDWR), 10**12)


def main(folder: Path, extent: str) -> None:
    """Read each case and print its CPU seconds, findings and characters, and the peak memory in MB."""
    makers: list[tuple[str, Callable[[Path], None]]] = [
        (name, lambda file, content=content: file.write_bytes(content))
        for name, content in texts()
        if extent == "all" or len(content) < QUICK
    ]
    cases: dict[str, tuple[float, int, int]] = {}
    warm = folder / "warm"
    (warm / "specs").mkdir(parents=True)
    (warm / "specs" / "a.yaml").write_text(shannon("1.85"), "utf-8")
    _read(warm)
    for name, make in [*makers, *_special(folder)]:
        place = folder / name
        (place / "specs").mkdir(parents=True)
        make(place / "specs" / "a.yaml")
        started = time.process_time()
        count, size = _read(place)
        cases[name] = (time.process_time() - started, count, size)
    # The peak that getrusage tells begins with the size of the process that has started this one.
    status = Path("/proc/self/status").read_text("utf-8")
    (peak,) = (int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
    print(json.dumps({"cases": cases, "peak": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
