"""The comparison of every verdict about a plain device with the explicit-state search."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from plain.description import Device, Variable
from plain.search import TIME, Answer, Search
from stimproof.specs.reader import read_string
from stimproof.verify.evidence import EvidenceCheck
from stimproof.verify.results import Result, Trace, Verdict, Verification
from stimproof.verify.run import verify


@dataclass
class Tally:
    """What many comparisons amount to."""

    devices: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    unchecked: int = 0
    lengths: Counter[int] = field(default_factory=Counter)
    vacuous: int = 0
    disagreements: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many obligations were decided or given up."""
        return sum(self.verdicts.values())

    def __str__(self) -> str:
        """The counts in one line."""
        counts = ", ".join(f"{count} {name}" for name, count in sorted(self.verdicts.items()))
        return (
            f"{self.devices} devices, {self.total} obligations ({counts}; {self.vacuous} vacuous), "
            f"runs of up to {max(self.lengths, default=0)} steps, {self.unchecked} beyond the search, "
            f"{len(self.disagreements)} disagreements"
        )


RARE = Fraction(2, 100)
"""The largest share of obligations that may stay without an answer."""


def demand_agreement(tally: Tally) -> None:
    """Fail where a verdict contradicts the search, or where too many obligations got no answer."""
    assert not tally.disagreements, "\n\n".join(tally.disagreements)
    assert len(tally.unknown) <= RARE * tally.total, (
        f"{len(tally.unknown)} without an answer; {tally.unknown[0]}"
    )


def compare(device: Device, tally: Tally, *, recertify: bool = False, budget: int | None = None) -> None:
    """Verify a device and add to the tally what agrees with the explicit search and what does not."""
    found = verify(read_string(device.specification()), budget=budget)
    compare_with(device, found, tally, recertify=recertify)


def compare_with(device: Device, found: Verification, tally: Tally, *, recertify: bool = False) -> None:
    """Add to the tally what of a verification agrees with the explicit search and what does not."""
    search = Search(device)
    answers = search.answers()
    tally.devices += 1
    problems = list(_coverage(found, answers))
    for result in found.results:
        tally.verdicts[result.verdict.value] += 1
        if result.verdict in (Verdict.UNKNOWN, Verdict.ERROR):
            tally.unknown.append(
                f"{result.obligation.id}: {result.verdict.value}, {result.reason}\n{device.specification()}"
            )
            continue
        answer = answers[result.obligation.id]
        tally.vacuous += bool(result.vacuous)
        run = result.witness or result.counterexample
        tally.lengths.update([run.length] if isinstance(run, Trace) else [])
        tally.unchecked += not answer.complete and answer.length is None
        problems += [f"{result.obligation.id}: {problem}" for problem in _differences(search, result, answer)]
        if result.certificate is not None and not result.certificate.rechecked_by[0].startswith("cvc5"):
            problems.append(f"{result.obligation.id}: no second solver confirms the certificate")
    if recertify:  # every script anew, every answer of cvc5 again, every trace replayed again
        stated = [result.as_json() for result in found.results]
        problems += EvidenceCheck(found.specification, found.files).problems(stated)
    tally.disagreements += [f"{problem}\n{device.specification()}" for problem in problems]


def _coverage(found: Verification, answers: dict[str, Answer]) -> Iterable[str]:
    """Demand every obligation that there is; only a write conflict that cannot be is left unsaid."""
    ids = {result.obligation.id for result in found.results}
    if not answers["machines.conflict"].length and "machines.conflict" not in ids:
        ids.add("machines.conflict")
    if ids != answers.keys():
        yield f"the obligations differ: {sorted(ids ^ answers.keys())}"


def _differences(search: Search, result: Result, answer: Answer) -> Iterable[str]:
    """Yield in what a decided result contradicts the search."""
    reaching = result.obligation.kind == "reachable"
    exists = (result.verdict is Verdict.PROVED) == reaching
    run = result.witness if reaching else result.counterexample
    if not exists:
        if answer.length is not None:
            yield f"{result.verdict.value}, but the search finds a run of {answer.length} steps"
        if run is not None:
            yield "a run is shown although none exists"
        if result.certificate is None:
            yield "nothing certifies the verdict"
        yield from _vacuity(search, result)
        return
    if not isinstance(run, Trace) or not run.replayed:
        yield "no replayed run"
        return
    if answer.length is None and answer.complete:
        yield f"{result.verdict.value} by {run.length} steps, but the search of all states finds no run"
    near = answer.length is not None and (answer.depth is None or answer.length <= answer.depth)
    if near and run.length != answer.length:
        yield f"a run of {run.length} steps is shown, the shortest has {answer.length}"
    yield from follow(search, run)


def _vacuity(search: Search, result: Result) -> Iterable[str]:
    """Compare whether what a proved property is about can happen."""
    if not result.obligation.id.startswith("properties.") or search.reached[1] is not None:
        return
    prop = next(
        item for item in search.device.properties if f"properties.{item.name}" == result.obligation.id
    )
    if prop.form != "reachable" and search.premise_happens(prop) == bool(result.vacuous):
        can = "can" if result.vacuous else "cannot"
        yield f"vacuous: '{result.vacuous}', but the search says that its premise {can} happen"


def follow(search: Search, run: Trace) -> Iterable[str]:
    """Walk a trace by the plain meaning of the device and yield where it does what the device cannot do."""
    known = {**search.variables, **{item.name: item for item in search.device.inputs}}
    states = [_state(known, dict(step.exact_state)) for step in run.steps]
    if states[0] not in list(search.first()):
        yield "the first state of the run is not an initial one"
    for number, step in enumerate(run.steps[1:]):
        before, after = states[number], states[number + 1]
        if step.event == TIME:
            delay = Fraction(step.exact_delay or 0)
            if delay <= 0 or search.later(before, delay) != after or not search.may_last(after):
                yield f"step {number + 1}: time cannot pass like this"
            continue
        moves = search.react(before, str(step.event), _state(known, dict(step.exact_inputs)))
        if not any(move.after == after for move in moves):
            yield f"step {number + 1}: {step.event} does not lead there"


def _state(known: dict[str, Variable], given: dict[str, str]) -> dict[str, Any]:
    """Read the exact values of a trace; a name that is no variable is a machine, and its value a mode."""
    return {name: _value(known[name].kind, text) if name in known else text for name, text in given.items()}


def _value(kind: str, text: str) -> Any:
    if kind == "boolean":
        return {"true": True, "false": False}[text]
    if kind == "enum":
        return text
    return int(text) if kind == "integer" else Fraction(text)
