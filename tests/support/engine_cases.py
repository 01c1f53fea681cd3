"""Small devices, one for each feature of the language, and each engine asked about them by itself.

A case is a file ``tests/engines/FEATURE.yaml``: a device that does what its claims say, and at its head what
every engine is asked about it:

    # wrong A: "TEXT" => "TEXT"       a change that makes the device wrong; the first text stands in it once
    # ID: ENGINE, ENGINE; wrong A in N steps
                                      each engine decides the claim, and what it says of the wrong device;
                                      N steps are the fewest that show the violation
    # no ENGINE, ENGINE: REASON       why an engine has nothing to say about this feature

Each engine is named on some line of each file. A claim without a dot in its name is a property.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from stimproof.specs.reader import read_string
from stimproof.verify import confirming, liveness, replay, solver
from stimproof.verify.goals import terms_of, watch
from stimproof.verify.machine import MachineProver
from stimproof.verify.memory import Memory
from stimproof.verify.monitors import Watched
from stimproof.verify.obligations import obligations
from stimproof.verify.parameters import ParameterProver
from stimproof.verify.proof import Proof
from stimproof.verify.recovery import meaning_of
from stimproof.verify.results import Obligation, Result, Setting, Trace, Verdict
from stimproof.verify.strategies import Strategist

FOLDER = Path(__file__).parents[1] / "engines"
FILES = sorted(FOLDER.glob("*.yaml"))
BUDGET = 5_000_000
DEPTH = 9
PROVERS = ("induction", "lemmas", "mined", "spacer")
ENGINES = (
    "bounded search", *PROVERS, "recovery", "deadlock", "time-lock", "response", "lasso", "deadline",
    "parameters",
)  # fmt: skip
_WRONG = re.compile(r'# wrong (?P<name>[A-Z]): "(?P<old>.+)" => "(?P<new>.*)"\Z')
_CLAIM = re.compile(
    r"# (?P<id>[\w.]+): (?P<engines>[^:;]+); wrong (?P<wrong>[A-Z]) in (?P<steps>[0-9]+) steps?\Z"
)
_NOT = re.compile(r"# no (?P<engines>[^:]+): (?P<reason>.+)\Z")


@dataclass(frozen=True)
class Claim:
    """One claim of a case: which engines are asked about it, and how it is broken."""

    id: str
    engines: tuple[str, ...]
    wrong: str
    steps: int


@dataclass(frozen=True)
class Case:
    """A feature's device and what is expected of the engines."""

    feature: str
    text: str

    def _lines(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return (match for line in self.text.splitlines() if (match := pattern.match(line)))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """The claims, in the order of the file."""
        return tuple(
            Claim(_full(line["id"]), _names(line["engines"]), line["wrong"], int(line["steps"]))
            for line in self._lines(_CLAIM)
        )

    @property
    def silent(self) -> dict[str, str]:
        """The engines that have nothing to say, each with the reason."""
        return {name: line["reason"] for line in self._lines(_NOT) for name in _names(line["engines"])}

    def device(self, wrong: str = "") -> str:
        """Return the text of the device, or of one that is wrong."""
        if not wrong:
            return self.text
        (change,) = (line for line in self._lines(_WRONG) if line["name"] == wrong)
        body = self.text[self.text.index("stimproof: 1") :]
        assert body.count(change["old"]) == 1, change["old"]
        return body.replace(change["old"], change["new"])

    def unread(self) -> list[str]:
        """Return the lines of the head, after the first, that say nothing that is understood."""
        head = self.text[: self.text.index("stimproof: 1")].splitlines()[1:]
        return [line for line in head if not any(form.match(line) for form in (_WRONG, _CLAIM, _NOT))]


def _full(name: str) -> str:
    return name if "." in name else f"properties.{name}"


def _names(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(","))


CASES = tuple(Case(path.stem, path.read_text(encoding="utf-8")) for path in FILES)


@dataclass(frozen=True)
class Answer:
    """What one engine says by itself: proved with a certificate that the second solver confirmed, or a
    replayed run or setting, or neither.
    """

    proved: bool = False
    shown: Trace | Setting | None = None


def table() -> str:
    """Return which engine is asked about which feature, one true and one false claim each."""
    wide = max(len(case.feature) for case in CASES)
    lines = [" " * wide + "  " + " ".join(f"{number:>2}" for number in range(1, len(ENGINES) + 1))]
    for case in CASES:
        named = {engine for claim in case.claims for engine in claim.engines}
        marks = (" x" if engine in named else " ." for engine in ENGINES)
        lines.append(f"{case.feature:{wide}}  {' '.join(marks)}".rstrip())
    lines += ["", *(f"{number:>2} {engine}" for number, engine in enumerate(ENGINES, 1))]
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=2)  # each holds contexts of the solver, some 30 MB
def asked(case: Case, wrong: str) -> "Asked":
    """Return a device of a case with what engines share about it."""
    return Asked(case.device(wrong))


class Asked:
    """One device, and the engines."""

    def __init__(self, text: str) -> None:
        self.specification = read_string(text)
        self.prover = MachineProver(self.specification, BUDGET)
        self.obligations = {item.id: item for item in obligations(self.specification)}

    def answer(self, engine: str, claim: str) -> Answer:
        """Return what an engine says about a claim."""
        obligation = self.obligations[claim]
        if engine == "bounded search":
            return self._searched(obligation, self._watched(obligation))
        if engine in PROVERS:
            return self._suggested(engine, obligation, self._watched(obligation))
        if engine in ("time-lock", "response"):
            watched = self._watched(obligation)
            found = self._searched(obligation, watched)
            return found if found.shown else self._suggested("spacer", obligation, watched)
        if engine == "lasso":
            watched = watch(self.prover.system, self.specification, obligation)
            return self._searched(
                obligation,
                liveness.lasso(watched, self.specification, terms_of(self.specification, obligation)),
            )
        if engine == "deadline":
            return self._by_deadline(obligation)
        if engine == "deadlock":
            return _told(self.prover.decide(obligation))
        if engine == "recovery":
            return _told(
                Strategist(self.prover, obligation, meaning_of(obligation, self.specification)).decide()
            )
        return _told(ParameterProver(self.specification, BUDGET, Memory(None, BUDGET)).decide(obligation))

    def _watched(self, obligation: Obligation) -> Watched:
        return watch(self.prover.system, self.specification, obligation)

    def _formulas(self, watched: Watched) -> solver.Formulas:
        return solver.Formulas(watched.system.sliced(watched.goal), self.prover.formulas.translate)

    def _searched(self, obligation: Obligation, watched: Watched) -> Answer:
        formulas = self._formulas(watched)
        step = formulas.system.mentions_step(watched.goal)
        problems: list[str] = []
        run = self.prover.search(solver.Search(formulas, BUDGET), watched.goal, DEPTH, problems, step=step)
        assert not problems
        return Answer(shown=run and self._replayed(obligation, run))

    def _replayed(self, obligation: Obligation, run: solver.Run) -> Trace:
        history, judgement = confirming.confirm(
            self.prover.interpreter, obligation, run, liveness.loop_of(run)
        )
        return replay.trace(self.specification, history, judgement.words, "")

    def _suggested(self, engine: str, obligation: Obligation, watched: Watched) -> Answer:
        """Return the proof that an engine's invariant gives, every script confirmed, or its run."""
        formulas, problems = self._formulas(watched), list[str]()
        first = solver.Search(formulas, BUDGET).initial()
        assert first is not None
        found = self.prover.prove(
            getattr(self.prover, engine), formulas, watched.goal, first, obligation, problems
        )
        if isinstance(found, solver.Run):
            return Answer(shown=self._replayed(obligation, found))
        assert found is not None or not any("does not confirm" in problem for problem in problems)
        return Answer(proved=isinstance(found, Proof))

    def _by_deadline(self, obligation: Obligation) -> Answer:
        watched = watch(self.prover.system, self.specification, obligation)
        for bound in liveness.bounds(self.specification):
            late = liveness.deadline(watched, bound)
            formulas = self._formulas(late)
            first = solver.Search(formulas, BUDGET).initial()
            assert first is not None
            found = self.prover.prove(self.prover.spacer, formulas, late.goal, first, obligation, [])
            if isinstance(found, Proof):
                return Answer(proved=True)
        return Answer()


def _told(result: Result) -> Answer:
    assert result.verdict in (Verdict.PROVED, Verdict.REFUTED), result
    if result.verdict is Verdict.PROVED:
        assert result.certificate is not None
        return Answer(proved=True)
    return Answer(shown=result.counterexample)
