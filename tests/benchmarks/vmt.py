"""VMT-LIB models: CPU time of the whole command against that of the bare Spacer call on the same formulas.

Run ``python tests/benchmarks/vmt.py [FILE.vmt …]`` and paste what it prints into ``vmt.md``; without files
it takes the models of ``tests/support/vmt_*.py`` and larger ones of the same kinds. The command's time
is that of its process from start to end: reading, proving, and what the second solver confirms. The bare
time is that of one ``Fixedpoint.query`` with z3's own defaults and nothing else. Only the ratios of one run
mean anything; the seconds depend on the machine.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import z3

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

import vmt_models
import vmt_translated
from stimproof.verify.vmt.engine import Engine
from stimproof.verify.vmt.reading import read_file

LIMIT = 60
"""CPU seconds after which either side is stopped; they count in full."""
START = 0.4
"""Seconds of start-up that a process may take besides."""
AIM = 1.3


def larger() -> Iterator[tuple[str, str]]:
    """Yield larger models of the kinds that the tests have small."""
    yield "fischer-4", vmt_models.fischer(4)
    yield "fischer-3-broken", vmt_models.fischer(3, broken=True)
    yield "many-100", vmt_models.many(100)
    yield "many-20-broken", vmt_models.many(20, broken=True)
    yield "ring-30", vmt_models.ring(30)
    yield "lockstep-60", vmt_models.lockstep(60)
    yield "counter-200-unsafe", vmt_models.counter(200, 199)
    yield "loop-sum-80", vmt_models.loop_sum(80)
    yield "wrapping-10", vmt_models.wrapping(10, 1023, 2)
    yield "shift-register-24", vmt_models.shift_register(24)
    yield "two-loops-30-unsafe", vmt_translated.two_loops(30, broken=True)


def bare(file: str) -> None:
    """Print the answer and the CPU seconds of Spacer alone on a model's property 0."""
    model = read_file(Path(file))
    item = next(item for item in model.properties if item.number == 0)
    engine = Engine(model, [item])
    spacer = z3.Fixedpoint(ctx=engine.context)
    spacer.set(engine="spacer", timeout=LIMIT * 1000)
    truth = z3.BoolSort(engine.context)
    holds = z3.Function("holds", *(symbol.sort() for symbol in engine.after), truth)
    reached = z3.Function("reached", truth)
    spacer.register_relation(holds, reached)
    spacer.declare_var(*engine.now, *engine.after, *engine.inputs)
    spacer.rule(holds(*engine.now), engine.initial)
    spacer.rule(holds(*engine.after), [holds(*engine.now), engine.relation])
    spacer.rule(reached(), [holds(*engine.now), z3.Not(engine.goals[item])])
    started = time.process_time()
    try:
        answer = str(spacer.query(reached()))
    except z3.Z3Exception:
        answer = "none"
    print(answer, time.process_time() - started)


def _measured(command: list[str]) -> tuple[str, float, int]:
    """Return a process's output, CPU seconds and exit status; it is stopped after the limit."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT + 5, LIMIT + 6))

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limited)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return run.stdout, spent, run.returncode


def main(files: list[Path]) -> None:
    """Print one line for each model, and the sums."""
    print("| model | verdict | Spacer says | stimproof, s | Spacer alone, s |\n|---|---|---|---|---|")
    ours = alone = 0.0
    for file in files:
        text, spent, _ = _measured(
            [sys.executable, "-m", "stimproof", "verify", str(file), "--property", "0"]
        )
        verdict = text.partition(":")[0] or "stopped"
        told, _, _ = _measured([sys.executable, __file__, "--bare", str(file)])
        words = told.split() or ["none", str(LIMIT)]
        answer, seconds = words[-2], float(words[-1])
        ours, alone = ours + spent, alone + seconds
        print(f"| {file.stem} | {verdict} | {answer} | {spent:.2f} | {seconds:.2f} |", flush=True)
    allowed = AIM * alone + START * len(files)
    print(f"\n{len(files)} models: stimproof {ours:.1f} s, Spacer alone {alone:.1f} s; ", end="")
    print(f"aim {AIM} x {alone:.1f} + {len(files)} x {START} = {allowed:.1f} s; {ours / allowed:.2f} of it.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bare"]:
        bare(sys.argv[2])
    elif sys.argv[1:]:
        main([Path(name) for name in sys.argv[1:]])
    else:
        with tempfile.TemporaryDirectory() as folder:
            known = (*vmt_models.cases(), *vmt_translated.cases())
            models = [(item.name, item.text) for item in known] + list(larger())
            for name, text in models:
                (Path(folder) / f"{name}.vmt").write_text(text)
            main([Path(folder) / f"{name}.vmt" for name, _ in models])
