"""Evidence checked again by somebody who trusts nobody: each stated result against its files.

No verdict is searched for here. From the specification the obligations, the systems and the scripts are
written anew and compared with the stated ones byte for byte; every script is run again by the second solver;
every trace and setting is replayed by the interpreter. What cannot be shown so is a problem, in words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from stimproof.specs.expressions import FALSE, Type, Value
from stimproof.verify import certificates, recheck, smtlib
from stimproof.verify.cores import core_of
from stimproof.verify.encoding import encode
from stimproof.verify.goals import watch
from stimproof.verify.interpreter import Interpreter, ReplayError, Step
from stimproof.verify.judge import judge
from stimproof.verify.liveness import deadline
from stimproof.verify.machine import NEVER, MachineProver
from stimproof.verify.measuring import refutes
from stimproof.verify.monitors import Watched
from stimproof.verify.obligations import obligations
from stimproof.verify.parameters import satisfiable
from stimproof.verify.prepared import ledger, prepare, unverified
from stimproof.verify.problem import values_at, violates
from stimproof.verify.recovery import Recovery, meaning_of, read_plan
from stimproof.verify.replay import replay, trace, value_of
from stimproof.verify.results import Certificate, Obligation, Result, Verdict, leans_on
from stimproof.verify.run import DEFAULT_BUDGET
from stimproof.verify.showing import setting_of
from stimproof.verify.solver import GaveUpError
from stimproof.verify.strategies import trap_scripts
from stimproof.verify.wording import together

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.problem import Problem
    from stimproof.verify.system import TransitionSystem

Stated = Mapping[str, Any]
_MALFORMED = (LookupError, TypeError, ValueError, AttributeError, ZeroDivisionError, RecursionError)


class UnconvincingError(Exception):
    """A stated result whose evidence does not show it; the message says why."""


class EvidenceCheck:
    """Checks stated results about one specification; ``files`` are the evidence by path."""

    def __init__(self, specification: Specification, files: Mapping[str, str]) -> None:
        self.specification, self.files = specification, files
        self.interpreter = Interpreter(specification)
        self.used: set[str] = set()

    @cached_property
    def system(self) -> TransitionSystem:
        """The transition system, encoded anew."""
        return encode(self.specification)

    @cached_property
    def prover(self) -> MachineProver:
        """The prover, asked only whether what a proved property is about can happen at all."""
        return MachineProver(self.specification, DEFAULT_BUDGET)

    def problems(self, stated: Sequence[Stated]) -> list[str]:
        """Return every problem of a list of stated results, each naming its obligation."""
        wanted = {item.id: item for item in obligations(self.specification)}
        given = {str(entry.get("id")): entry for entry in stated}
        found = [
            f"{name}: the specification demands it, and no result is stated"
            for name in wanted
            if name not in given
        ]
        found += [
            f"{name}: the specification knows no such obligation" for name in given if name not in wanted
        ]
        if len(given) != len(stated):
            found.append("an obligation is stated twice")
        for name, entry in given.items():
            if name in wanted:
                problems = [*self._leaning(wanted[name], entry, given), *self.check(wanted[name], entry)]
                found += [f"{name}: {problem}" for problem in problems]
                # A check that stops early has not read all files; they are not what is wrong.
                self.used |= set(self._files_of(name)) if problems else set()
        spare = sorted(set(self.files) - self.used)
        return found + [f"{path}: no result refers to this file" for path in spare]

    def _files_of(self, name: str) -> list[str]:
        folder, trace = f"certificates/{name}/", f"traces/{name}.json"
        return [path for path in self.files if path.startswith(folder) or path == trace]

    def _leaning(self, obligation: Obligation, stated: Stated, given: Mapping[str, Stated]) -> list[str]:
        """Return whether the ledger of a machine obligation says what its meaning leans on."""
        if obligation.id.startswith("limits."):
            return []  # compared with its proof
        verdicts = {name: str(entry.get("verdict")) for name, entry in given.items()}
        wanted = list(leans_on(obligation, verdicts))
        return [] if stated.get("assumptions") == wanted else [f"its assumption ledger must be {wanted}"]

    def check(self, obligation: Obligation, stated: Stated) -> list[str]:
        """Return the problems of one stated result."""
        found = [
            f"its {key} is stated as {stated.get(key)!r}, the specification gives {value!r}"
            for key, value in self._identity(obligation).items()
            if stated.get(key) != value
        ]
        try:
            self._convince(obligation, stated)
            self._demand_core(obligation, stated)
        except (UnconvincingError, ReplayError, smtlib.MalformedScriptError) as problem:
            found.append(str(problem))
        except _MALFORMED as problem:
            found.append(f"its evidence is malformed ({type(problem).__name__}: {problem})")
        return found

    def _identity(self, obligation: Obligation) -> dict[str, Any]:
        return {
            "kind": obligation.kind,
            "statement": obligation.statement,
            "element": obligation.element,
            "depends_on": list(obligation.depends_on),
        }

    def _convince(self, obligation: Obligation, stated: Stated) -> None:
        verdict = Verdict(stated["verdict"])
        about_limit = obligation.id.startswith("limits.")
        if verdict in (Verdict.UNKNOWN, Verdict.ERROR):
            return  # claims nothing, passes nothing
        if verdict is Verdict.NOT_APPLICABLE:
            self._not_applicable(obligation, stated)
        elif about_limit:
            (self._limit_proved if verdict is Verdict.PROVED else self._limit_refuted)(obligation, stated)
        elif obligation.kind in ("recovery", "deadlock") and verdict is Verdict.REFUTED:
            self._trap_shown(obligation, stated)
        elif (obligation.kind == "reachable") is (verdict is Verdict.PROVED):
            self._run_shown(obligation, stated, "witness" if verdict is Verdict.PROVED else "counterexample")
        else:
            self._machine_proved(obligation, stated)

    def _demand_core(self, obligation: Obligation, stated: Stated) -> None:
        """Demand that a stated core is found again."""
        if stated.get("core") is None:
            return
        given = stated["certificate"] or {}
        certificate = Certificate(tuple(given["scripts"]), (), given["proof"])
        shown = Result(
            obligation, Verdict(stated["verdict"]), stated["engine"], 0, "", certificate=certificate
        )
        core = core_of(self.specification, shown, self.files, DEFAULT_BUDGET)
        if core is None or core.as_json() != stated["core"]:
            raise UnconvincingError("its core is not what its proof needs")

    def _not_applicable(self, obligation: Obligation, stated: Stated) -> None:
        if not obligation.id.startswith("limits."):
            raise UnconvincingError("only a law can be not applicable")
        reason = prepare(
            self.specification, self.specification.limits[obligation.id.removeprefix("limits.")]
        ).inapplicable
        if not reason:
            raise UnconvincingError("stated as not applicable, but the law applies")
        if stated.get("reason") != reason:
            raise UnconvincingError(f"the stated reason is not the law's own: {reason}")

    def _limit_proved(self, obligation: Obligation, stated: Stated) -> None:
        given = prepare(self.specification, self.specification.limits[obligation.id.removeprefix("limits.")])
        if given.inapplicable or given.gaps:
            raise UnconvincingError("stated as proved, but " + (given.inapplicable or together(given.gaps)))
        script = self._script(stated, ["claim.smt2"], obligation)["claim.smt2"]
        locks = tuple(self.specification.interlocks)
        for used in dict.fromkeys(((), locks)):
            domain = (*given.problem.domain(), *(self.specification.interlocks[name].claim for name in used))
            steps, grid = given.problem.grid()
            kinds = given.problem.variables()
            candidates = ((kinds, domain), ({**kinds, **steps}, (*domain, *grid)))
            if any(
                certificates.claim_script(k, d, given.problem.claim, obligation.id) == script
                for k, d in candidates
            ):
                self._demand_ledger(
                    stated,
                    (*given.assumptions, *ledger(self.specification, used)),
                    unverified(self.specification, given.problem, used),
                )
                self._demand_sense(given.problem, used)
                return
        raise UnconvincingError("its script is not the one that the specification gives")

    def _demand_sense(self, given: Problem, locks: Sequence[str]) -> None:
        """Demand that some setting respects the interlocks: excluding every setting proves nothing."""
        assuming = [self.specification.interlocks[name].claim for name in locks]
        try:
            if not assuming or satisfiable(given, assuming, DEFAULT_BUDGET):
                return
        except GaveUpError as reason:
            raise UnconvincingError(f"whether its interlocks leave any setting is open: {reason}") from None
        raise UnconvincingError("its interlocks exclude every programmable setting")

    def _demand_ledger(self, stated: Stated, assumptions: Sequence[str], unverified: Sequence[str]) -> None:
        if list(stated.get("assumptions", ())) != list(assumptions):
            raise UnconvincingError(f"its assumption ledger must be {list(assumptions)}")
        if list(stated.get("unverified", ())) != list(unverified):
            raise UnconvincingError(f"the unverified numbers that it leans on are {list(unverified)}")

    def _limit_refuted(self, obligation: Obligation, stated: Stated) -> None:
        given = prepare(self.specification, self.specification.limits[obligation.id.removeprefix("limits.")])
        if given.inapplicable or given.hopeless:
            raise UnconvincingError("stated as refuted, but nothing can be said of it")
        shown = self._same_file(stated["counterexample"], obligation)
        point = {str(name): Fraction(text) for name, text in shown["exact"].items()}
        for item in given.problem.parameters:
            if not item.on_grid(point[item.name]):
                raise UnconvincingError(
                    f"'{item.name}' cannot be programmed to {item.unit.show(point[item.name])}"
                )
        for name, (base, (low, high)) in given.problem.spread.items():
            if base not in point:
                continue
            least, most = sorted((point[base] * low, point[base] * high))
            if not least <= point[name] <= most:
                raise UnconvincingError(f"'{name}' is outside the tolerance of delivery")
        locks = tuple(item.claim for item in self.specification.interlocks.values())
        limit = self.specification.limits[obligation.id.removeprefix("limits.")]
        if not violates(given.problem, point, locks) or not refutes(self.specification, limit, point):
            raise UnconvincingError("its setting does not violate the claim")
        again = setting_of(
            self.specification, obligation, given.problem, point, values_at(given.problem, point)
        )
        if again.as_json() != dict(stated["counterexample"]):
            raise UnconvincingError("its setting is not printed as it evaluates")

    def _machine_proved(self, obligation: Obligation, stated: Stated) -> None:
        proof = self._proof(stated, obligation)
        watched = self._watched(obligation, stated, proof)
        system = watched.system if "plans" in proof else watched.system.sliced(watched.goal)
        invariant = str(proof["invariant"])
        if smtlib.write(certificates.read_invariant(system, invariant)) != invariant:
            raise UnconvincingError("its invariant is not written in the form of certificates")
        if stated["certificate"]["invariant"] != certificates.readable(system, invariant):
            raise UnconvincingError("its invariant is not printed as it stands in the proof")
        first = {name: value_of(proof["first"][name], item.type) for name, item in system.state.items()}
        wanted = certificates.machine_scripts(system, watched.goal, invariant, obligation.id, first)
        scripts = self._script(stated, list(wanted), obligation)
        for name, text in wanted.items():
            if scripts[name] != text:
                raise UnconvincingError(f"{name} is not the script that the specification gives")
        if not stated.get("vacuous") and self.prover.vacuous(obligation) == NEVER:
            raise UnconvincingError(f"it does not say that {NEVER}")

    def _watched(self, obligation: Obligation, stated: Stated, proof: Mapping[str, Any]) -> Watched:
        """Return the goal that a proof excludes, made from what the proof says besides its invariant."""
        if obligation.kind == "recovery" or (obligation.kind == "deadlock" and "plans" in proof):
            recovery = self._recovery(obligation)
            plans = [read_plan(recovery.system, entry) for entry in proof["plans"]]
            if stated["reason"] != recovery.words(plans):
                raise UnconvincingError("its strategy is not told as it stands in the proof")
            return Watched(recovery.system, recovery.uncovered(plans))
        watched = watch(self.system, self.specification, obligation)
        if watched.pending != FALSE:
            return deadline(watched, Fraction(proof["bound"]))
        return watched

    def _recovery(self, obligation: Obligation) -> Recovery:
        return Recovery(self.system, self.specification, meaning_of(obligation, self.specification))

    def _trap_shown(self, obligation: Obligation, stated: Stated) -> None:
        """Demand the way into the trap, and the proof that no allowed step leads out of it."""
        self._run_shown(obligation, stated, "counterexample")
        recovery, invariant = self._recovery(obligation), str(self._proof(stated, obligation)["invariant"])
        if smtlib.write(certificates.read_invariant(recovery.system, invariant)) != invariant:
            raise UnconvincingError("its trap is not written in the form of certificates")
        if stated["certificate"]["invariant"] != certificates.readable(recovery.system, invariant):
            raise UnconvincingError("its trap is not printed as it stands in the proof")
        last = self._state(stated["counterexample"]["steps"][-1]["exact"]["state"])
        wanted = trap_scripts(recovery, last, invariant, obligation)
        if self._script(stated, list(wanted), obligation) != wanted:
            raise UnconvincingError("its scripts are not those that the specification gives")

    def _run_shown(self, obligation: Obligation, stated: Stated, key: str) -> None:
        shown = self._same_file(stated[key], obligation)
        steps = [self._step(entry) for entry in shown["steps"][1:]]
        states = [self._state(entry["exact"]["state"]) for entry in shown["steps"]]
        history = replay(self.interpreter, states[0], steps, states, shown.get("loop"))
        judgement = judge(self.interpreter, obligation, history)
        if not judgement.shown:
            raise UnconvincingError(f"its trace replays, but {judgement.words}")
        if trace(self.specification, history, judgement.words, shown["file"]).as_json() != dict(stated[key]):
            raise UnconvincingError("its trace is not printed as it replays")
        if key == "witness":
            self._witness_script(obligation, stated, history.states[0])

    def _witness_script(self, obligation: Obligation, stated: Stated, first: Mapping[str, Value]) -> None:
        watched = watch(self.system, self.specification, obligation)
        system = watched.system.sliced(watched.goal)
        proof = self._proof(stated, obligation)
        inputs = [
            {name: value_of(entry[name], kind) for name, kind in system.inputs.items()}
            for entry in proof["inputs"]
        ]
        wanted = certificates.run_script(system, first, inputs, watched.goal, obligation.id)
        if self._script(stated, ["witness.smt2"], obligation)["witness.smt2"] != wanted:
            raise UnconvincingError("witness.smt2 is not the script that the specification gives")

    def _step(self, entry: Mapping[str, Any]) -> Step:
        inputs = {
            name: value_of(text, self.specification.inputs[name].type)
            for name, text in entry["exact"]["inputs"].items()
        }
        return Step(str(entry["event"]), Fraction(entry["exact"]["delay"] or 0), inputs)

    def _state(self, exact: Mapping[str, str]) -> dict[str, Value]:
        kinds: dict[str, Type] = {name: item.type for name, item in self.specification.machines.items()}
        kinds.update({name: item.type for name, item in self.specification.variables.items()})
        return {name: value_of(exact[name], kind) for name, kind in kinds.items()}

    def _file(self, path: str) -> str:
        if path not in self.files:
            raise UnconvincingError(f"the file {path} is missing")
        self.used.add(path)
        return self.files[path]

    def _same_file(self, stated: Mapping[str, Any], obligation: Obligation) -> dict[str, Any]:
        """Return the content of a trace file after checking that the result states the same."""
        path = f"traces/{obligation.id}.json"
        content: dict[str, Any] = json.loads(self._file(path))
        if content != {"obligation": obligation.id, **stated}:
            raise UnconvincingError(f"{path} and the stated result differ")
        return content

    def _proof(self, stated: Stated, obligation: Obligation) -> dict[str, Any]:
        path = f"certificates/{obligation.id}/proof.json"
        if stated["certificate"]["proof"] != path:
            raise UnconvincingError(f"its certificate does not name {path}")
        content: dict[str, Any] = json.loads(self._file(path))
        return content

    def _script(self, stated: Stated, names: list[str], obligation: Obligation) -> dict[str, str]:
        """Return the certificate's scripts after the second solver has confirmed each of them again."""
        certificate = stated.get("certificate")
        if not certificate:
            raise UnconvincingError("it carries no certificate")
        paths = [f"certificates/{obligation.id}/{name}" for name in names]
        if list(certificate["scripts"]) != paths:
            raise UnconvincingError(f"its certificate must consist of {', '.join(names)}")
        texts = {name: self._file(path) for name, path in zip(names, paths, strict=True)}
        for name, text in texts.items():
            answer = recheck.run(text)
            if not answer.confirmed:
                raise UnconvincingError(f"{recheck.name()} does not confirm {name}: {answer.text}")
        return texts
