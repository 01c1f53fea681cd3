"""What proving limits costs: against a sweep of the grids, and against the solvers' own time.

Run ``python tests/benchmarks/limits.py`` and paste what it prints into ``limits.md``.

* *raw*: the time inside the two solvers: z3 making room for a question and deciding it, cvc5 reading the
  script and checking it again.
* *own grids*: a vectorised numpy sweep of each limit over the parameters that it names, in 64-bit floats.
* *whole grid*: the same over all values of all parameters that any limit or interlock of the device names,
  which is what a claim under interlocks quantifies over. What cannot be swept within ``PATIENCE`` seconds
  is extrapolated from the part that was. A parameter whose steps nobody says is given 100 of them.

The sweeps take one corner of delivery, so they do less than the proofs. Only ratios of one run mean anything.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import cvc5
import numpy as np
import z3
from verification import Times, stopwatch, timed

from stimproof.project import library
from stimproof.specs.elaborate import DELIVERED
from stimproof.specs.expressions import Expression, Literal, Op, Reference, references
from stimproof.specs.reader import read_folder
from stimproof.specs.specification import Parameter, Specification
from stimproof.verify import recheck
from stimproof.verify.obligations import obligations
from stimproof.verify.parameters import ParameterProver
from stimproof.verify.prepared import prepare
from stimproof.verify.problem import Problem
from stimproof.verify.run import DEFAULT_BUDGET

PATIENCE = 3.0
Z3_WORK = ("Z3_mk_context_rc", "Z3_solver_assert", "Z3_solver_check_assumptions", "Z3_del_context")
CHUNK = 1_000_000
_NUMPY = {
    Op.ADD: np.add, Op.SUB: np.subtract, Op.MUL: np.multiply, Op.DIV: np.divide, Op.LT: np.less,
    Op.LE: np.less_equal, Op.GT: np.greater, Op.GE: np.greater_equal, Op.EQ: np.equal, Op.NE: np.not_equal,
    Op.AND: np.logical_and, Op.OR: np.logical_or,
}  # fmt: skip


def swept(term: Expression, values: dict[str, Any]) -> Any:
    """Return a term evaluated on arrays."""
    if isinstance(term, Literal):
        return float(term.value)
    if isinstance(term, Reference):
        return values[term.name]
    args = [swept(argument, values) for argument in term.args]
    if term.op is Op.NEG:
        return -args[0]
    if term.op is Op.NOT:
        return np.logical_not(args[0])
    if term.op is Op.ITE:
        return np.where(*args)
    result = args[0]
    for other in args[1:]:
        result = _NUMPY[term.op](result, other)
    return result


def chunks(grids: list[Any]) -> Iterator[list[Any]]:
    """Yield the product of grids in chunks of about ``CHUNK`` settings, as arrays that broadcast."""
    inner = len(grids)
    while inner and prod(len(grid) for grid in grids[inner - 1 :]) <= CHUNK:
        inner -= 1
    outer, shape = grids[:inner], [len(grid) for grid in grids[inner:]]
    arrays = np.meshgrid(*grids[inner:], indexing="ij") if shape else []
    for fixed in product(*outer):
        yield [*fixed, *arrays]


def sweep(parameters: list[Parameter], problems: list[Problem]) -> tuple[float, bool]:
    """Return CPU seconds to evaluate claims at every setting, and whether that was extrapolated."""
    grids = [np.array([float(value) for value in item.grid()]) for item in parameters]
    grids = [
        np.linspace(grid[0], grid[-1], 100) if item.continuous else grid
        for item, grid in zip(parameters, grids, strict=True)
    ]
    whole, done, started = prod(len(grid) for grid in grids), 0, time.process_time()
    for arrays in chunks(grids):
        values = dict(zip((item.name for item in parameters), arrays, strict=True))
        for given in problems:
            np.all(swept(given.claim, _delivered(given, values)))
        done += max((array.size for array in arrays if hasattr(array, "size")), default=1)
        if time.process_time() - started > PATIENCE:
            break
    return (time.process_time() - started) * whole / done, done < whole


def _delivered(given: Problem, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with one corner of delivery, and one end of each enclosure."""
    found = {**values, **{name: float(ends[0]) for name, ends in given.enclosed.items()}}
    for name, (base, (_, high)) in given.spread.items():
        found[name] = found[base] * float(high)
    return found


def named(specification: Specification, terms: list[Expression]) -> list[Parameter]:
    """Return the parameters that terms name."""
    names = {name.removesuffix(DELIVERED) for term in terms for name in references(term)}
    return [item for name, item in specification.parameters.items() if name in names]


def prove(specification: Specification) -> tuple[Times, int]:
    """Return the CPU time of all parameter obligations, that inside the solvers, and how many there are."""
    times: Times = {"z3": 0.0, "cvc5": 0.0}
    restore = [
        # z3's own entry points: its wrapper in Python is ours to pay for.
        *(timed(z3.z3, name, times, "z3") for name in Z3_WORK),
        timed(recheck, "run", times, "cvc5"),
    ]
    prover = ParameterProver(specification, DEFAULT_BUDGET)
    chosen = [item for item in obligations(specification) if item.id.startswith("limits.")]
    try:
        with stopwatch(times, "all"):
            for item in chosen:
                prover.decide(item)
    finally:
        for put_back in restore:
            put_back()
    return times, len(chosen)


def process_start() -> float:
    """Return the CPU seconds of a process that only loads the command line and both solvers."""
    code = "import stimproof.verify.parameters, time; print(time.process_time())"
    return float(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    )


def main() -> None:
    """Measure every reference device and print the tables."""
    start = process_start()
    print(
        f"Python {sys.version.split()[0]}, z3 {z3.get_version_string()}, cvc5 {cvc5.__version__}, "
        f"numpy {np.__version__}\n"
    )
    print(
        "| device | limits | proofs, s | raw, s | own grids, s | settings of the whole grid | whole grid, s "
        "| times faster |"
    )
    print("|---|---|---|---|---|---|---|---|")
    total: Times = {"all": 0.0, "raw": 0.0}
    for device in library():
        specification = read_folder(device.root / "specs")
        times, count = prove(specification)
        raw = times["z3"] + times["cvc5"]
        total = {"all": total["all"] + times["all"], "raw": total["raw"] + raw}
        prepared = [prepare(specification, item) for item in specification.limits.values()]
        problems = [item.problem for item in prepared if not item.inapplicable and not item.hopeless]
        own = sum(sweep(named(specification, [item.claim]), [item])[0] for item in problems)
        locks = [item.claim for item in specification.interlocks.values()]
        everything = named(specification, [*(item.claim for item in problems), *locks])
        settings = prod(100 if item.continuous else item.count for item in everything)
        seconds, guessed = sweep(everything, problems)
        about = "about " if guessed else ""
        cells = [
            f"{times['all']:.3f}",
            f"{raw:.3f}",
            f"{own:.3f}",
            f"{settings:.1e}",
            f"{about}{seconds:.3g}",
        ]
        print(f"| {device.id} | {count} | {' | '.join(cells)} | {about}{seconds / times['all']:.3g} |")
    ratio = total["all"] / (total["raw"] + start)
    print(
        f"\nProcess start {start:.2f} s; all proofs {total['all']:.2f} s; "
        f"raw solver time {total['raw']:.2f} s."
    )
    print(
        f"(start + proofs) / (start + raw) = {(start + total['all']) / (start + total['raw']):.2f};", end=" "
    )
    print(f"proofs / (start + raw) = {ratio:.2f}; proofs / raw = {total['all'] / total['raw']:.2f}.")


if __name__ == "__main__":
    main()
