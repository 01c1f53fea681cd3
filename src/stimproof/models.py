"""``stimproof verify MODEL.vmt``: a model in VMT-LIB from its file to the exit status.

The way from the process's start to the answer is short: nothing is imported here that such a call does not
need, neither the command line's own machinery nor the language of specifications.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from stimproof import early
from stimproof.isolation import isolate
from stimproof.specs.errors import OperatorError, StimproofError

if TYPE_CHECKING:
    from stimproof.status import Status
    from stimproof.verify.vmt.outcome import Answer, Outcome

SUFFIX = ".vmt"
RESULTS = "results.json"
_PARTS = {RESULTS, "certificates", "traces"}
_SHOWN_STEPS = 40


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked: the model, the numbers of properties (none means all), where to write, how to print."""

    path: str
    wanted: tuple[int, ...] = ()
    output: Path | None = None
    as_json: bool = False
    budget: int | None = None


def parsed(arguments: Sequence[str]) -> Call | None:
    """Return the call that plain arguments make, or ``None`` where they ask for anything else.

    What is not understood here is left to the full command line, which knows how to complain.
    """
    rest = list(arguments[:0:-1])
    if list(arguments[:1]) != ["verify"]:
        return None
    path, output, wanted, budget, as_json = "", None, list[int](), None, False
    while rest:
        word = rest.pop()
        if word == "--json":
            as_json = True
        elif word in ("-o", "--output") and rest and not rest[-1].startswith("-"):
            output = Path(rest.pop())
        elif word == "--property" and rest and _numeral(rest[-1]):
            wanted.append(int(rest.pop()))
        elif word == "--budget" and rest and _numeral(rest[-1]) and int(rest[-1]) > 0:
            budget = int(rest.pop())
        elif not path and word.endswith(SUFFIX) and not word.startswith("-"):
            path = word
        else:
            return None
    return Call(path, tuple(wanted), output, as_json, budget) if path else None


def _numeral(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 20


def run(call: Call) -> Status:
    """Verify a model, print what is found and return the exit status.

    Raises:
        ModelError: the file is not VMT-LIB, or uses what is not read.
        OperatorError: a path or a property's number is wrong.
    """
    from stimproof.verify.vmt.proving import verify
    from stimproof.verify.vmt.reading import read_file

    if call.output is not None:
        from stimproof.files import check_folder_target

        check_folder_target(call.output, _ours)
    model = read_file(Path(call.path))
    known = {item.number for item in model.properties}
    for number in call.wanted:
        if number not in known:
            listed = ", ".join(map(str, sorted(known)))
            raise OperatorError(f"'{call.path}' has no property {number}; it has {listed}")
    with _interruptible():
        answer = verify(model, wanted=call.wanted, budget=call.budget)
    if call.output is not None:
        from stimproof.files import write_folder

        write_folder(call.output, answer.files(), _ours)
    if call.as_json:
        sys.stdout.write(json.dumps(answer.as_json(), indent=2) + "\n")
    else:
        sys.stdout.write("".join(f"{printable(line)}\n" for line in report(answer, call.output)))
    sys.stdout.flush()
    return _status(answer)


def _status(answer: Answer) -> Status:
    from stimproof.status import Status

    kinds = {"refuted": Status.SAFETY_FINDING, "proved": Status.PASSED}
    return kinds.get(answer.worst.value, Status.INCONCLUSIVE)


def printable(line: str) -> str:
    """Return a line that cannot steer a terminal: what does not print becomes visible.

    >>> printable("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    if line.isprintable():
        return line
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape").decode("ascii") for mark in line
    )


def report(answer: Answer, output: Path | None) -> Iterator[str]:
    """Yield what a person reads: each property with its verdict and why, and the runs that violate one."""
    for outcome in answer.outcomes:
        item = outcome.item
        by = f" ({outcome.engine})" if outcome.engine else ""
        yield f"{outcome.verdict.title}: property {item.number}, {item.name}, line {item.line}{by}"
        yield f"    {outcome.reason}"
        yield from (f"    note: {note}" for note in outcome.notes)
        if outcome.run is not None:
            yield from _timeline(answer, outcome)
    counts = [f"{_count(answer, title)} {title}" for title in ("proved", "refuted", "unknown")]
    yield f"{len(answer.outcomes)} propert{'y' if len(answer.outcomes) == 1 else 'ies'}: {', '.join(counts)}"
    if output is not None:
        yield f"written: {output}"


def _count(answer: Answer, verdict: str) -> int:
    return sum(item.verdict.value == verdict for item in answer.outcomes)


def _timeline(answer: Answer, outcome: Outcome) -> Iterator[str]:
    from stimproof.verify.vmt.outcome import trace

    if outcome.run is None:
        return
    before: dict[str, str] = {}
    steps = trace(answer.model, outcome.run)["steps"]
    for number, step in enumerate(steps[:_SHOWN_STEPS]):
        changed = {name: value for name, value in step["state"].items() if before.get(name) != value}
        before = step["state"]
        shown = [f"{name} = {value}" for name, value in (changed | step["inputs"]).items()]
        yield f"    {number:>4}  {', '.join(shown) or 'nothing changes'}"
    if len(steps) > _SHOWN_STEPS:
        yield f"          and {len(steps) - _SHOWN_STEPS} more; -o writes all of them"


def _ours(folder: Path) -> bool:
    """Return whether a folder is an earlier output of this command and nothing else."""
    from stimproof.verify.vmt.outcome import SCHEMA

    if not {path.name for path in folder.iterdir()} <= _PARTS:
        return False
    try:
        data = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and data.get("schema") == SCHEMA


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let a signal end the process at once: a solver would hold it back, and nothing is half-written yet."""
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    early.begun()
    numbers = [signal.SIGINT, signal.SIGTERM]
    held = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        if held[number] is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    try:
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)


def main(call: Call) -> NoReturn:
    """Answer one call and end the process; whatever goes wrong becomes a message and an exit status."""
    try:
        isolate()
        status = run(call)
    except (StimproofError, OSError, KeyboardInterrupt, MemoryError, RecursionError, ValueError) as error:
        import typer

        from stimproof.cli.boundary import Boundary

        try:
            Boundary(debug=False, as_json=call.as_json).__exit__(type(error), error, error.__traceback__)
        except typer.Exit as leaving:
            raise SystemExit(leaving.exit_code) from None
        raise
    raise SystemExit(int(status))
