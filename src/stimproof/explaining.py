"""One obligation in words: its claim, its verdict, why, the evidence, and what to do next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stimproof.elements import core_words
from stimproof.verify.results import Setting, Trace, Verdict

if TYPE_CHECKING:
    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Result, TraceStep


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lines under it."""

    heading: str
    lines: tuple[str, ...]


_MEANING = {
    Verdict.PROVED: "The claim holds in every case that the specification admits.",
    Verdict.REFUTED: "The claim is false: the specification admits a case in which it fails.",
    Verdict.UNKNOWN: "Nothing was decided; this never counts as a pass.",
    Verdict.ERROR: "The claim could not be judged; this never counts as a pass.",
    Verdict.NOT_APPLICABLE: "The law was not measured under conditions like these, so it says nothing here.",
}


def explain(result: Result, specification: Specification | None = None) -> tuple[Section, ...]:
    """Return everything that is known about one obligation, in reading order.

    With the specification, the elements that a proof needs are told by what they are.
    """
    sections = [
        Section("Claim", _lines(result.obligation.statement, result.obligation.doc)),
        Section("Written at", (str(result.obligation.location),)),
        Section("Verdict", _verdict(result)),
        *_evidence(result),
        *_needed(result, specification),
        Section("What the verdict leans on", result.assumptions),
        Section("Numbers that nobody has verified", result.unverified),
        Section("Sources", result.obligation.sources),
        Section("What a maker would do", tuple(advice(result))),
    ]
    return tuple(section for section in sections if section.lines)


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(line for text in texts for line in text.splitlines() if line.strip())


def _verdict(result: Result) -> tuple[str, ...]:
    by = f", by {result.engine}" if result.engine else ""
    return _lines(f"{result.verdict.title}{by}", _MEANING[result.verdict], result.reason)


def _evidence(result: Result) -> Iterator[Section]:
    for title, shown in (("Counterexample", result.counterexample), ("How it happens", result.witness)):
        if isinstance(shown, Trace):
            yield Section(f"{title}, step by step", tuple(timeline(shown, result.obligation.statement)))
        elif isinstance(shown, Setting):
            yield Section(f"{title}: a setting that can be programmed", tuple(setting(shown)))
    if result.certificate is not None:
        yield Section("Why it holds", tuple(_ground(result)))
        yield Section("Certificate", tuple(_certificate(result)))


def _needed(result: Result, specification: Specification | None) -> Iterator[Section]:
    if result.core is not None and specification is not None:
        yield Section("What the proof needs", tuple(core_words(specification, result.core)))


def _ground(result: Result) -> Iterator[str]:
    """Yield how a proof goes, in words."""
    if result.witness is not None:
        yield "the run above starts where the device may start, and each of its steps is possible"
    elif result.certificate is not None and result.certificate.invariant:
        yield "the invariant below holds at the beginning, and no step ever leaves it;"
        yield "where it holds, the device does nothing that the claim forbids"
    elif result.engine == "grid":
        yield "no value that can be programmed, however it is delivered, contradicts the claim"
    elif result.engine == "continuous relaxation":
        yield "no value between the ends of the ranges, programmable or not, contradicts the claim"


def _certificate(result: Result) -> Iterator[str]:
    certificate = result.certificate
    if certificate is None:
        return
    yield from certificate.scripts
    if certificate.rechecked_by:
        yield f"every check-sat is unsat; confirmed by {', '.join(certificate.rechecked_by)}"
    if certificate.invariant:
        yield "the inductive invariant, which implies the claim:"
        yield from (f"  {line}" for line in certificate.invariant.splitlines())


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(_equation(name, value) for name, value in pairs)


def _equation(name: str, value: str) -> str:
    """Return ``name = value``; a value that is only about right says so in the sign."""
    return f"{name} ≈ {value[1:]}" if value.startswith("≈") else f"{name} = {value}"


def setting(shown: Setting) -> Iterator[str]:
    """Yield the programmed values, what follows from them, and whether that was recomputed."""
    pairs = (*shown.values, *shown.computed)
    width = max((len(name) for name, _ in pairs), default=0)
    yield from (_equation(name.ljust(width), value) for name, value in shown.values)
    if shown.computed:
        yield "from which follows"
        yield from (_equation(name.ljust(width), value) for name, value in shown.computed)
    if not all(value.removeprefix("≈") in shown.explanation for _, value in pairs):
        yield from _lines(shown.explanation)
    yield _replayed(replayed=shown.replayed, file=shown.file)


def timeline(shown: Trace, statement: str = "") -> Iterator[str]:
    """Yield a run as numbered steps: what happened, which transitions fired, what changed.

    Of the first state only those variables are printed that change later or that the statement names.
    """
    told = _told(shown, statement)
    for number, step in enumerate(shown.steps):
        yield f"{number:>3}  {happening(step)}"
        yield from (f"     fires    {title}" for title in step.taken)
        values = _beginning(step, told) if step.event is None else _changed(step)
        label = "state" if step.event is None else "changes"
        yield from (f"     {label.ljust(8)} {name} = {value}" for name, value in values)
        if step.event is not None and not step.taken and not values:
            yield "     nothing changes"
    yield from _lines(shown.explanation)
    yield _replayed(replayed=shown.replayed, file=shown.file)


def _told(shown: Trace, statement: str) -> frozenset[str]:
    """Return the variables that a reader of this run needs to know."""
    later = frozenset[str]().union(*(step.changed for step in shown.steps[1:]))
    return later | frozenset(re.findall(r"[A-Za-z_][A-Za-z0-9_-]*", statement))


def _beginning(step: TraceStep, told: frozenset[str]) -> tuple[tuple[str, str], ...]:
    kept = tuple(pair for pair in step.state if pair[0] in told)
    return kept or step.state


def _changed(step: TraceStep) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in step.state if pair[0] in step.changed)


def happening(step: TraceStep) -> str:
    """Return what one step is, in words: the beginning, the passing of time, or an event with its inputs."""
    if step.event is None:
        return "at the beginning"
    if step.event == "time":
        return f"{step.delay} pass" if step.delay else "time passes"
    given = f" with {_pairs(step.inputs)}" if step.inputs else ""
    return f"{step.event}{given}"


def _replayed(*, replayed: bool, file: str) -> str:
    said = "replayed by the interpreter" if replayed else "NOT confirmed by the interpreter"
    return f"({said}; {file})" if file else f"({said})"


def brief(result: Result) -> str:
    """Return a counterexample, or the reason for a verdict, on one line."""
    shown = result.counterexample
    if isinstance(shown, Setting):
        computed = f": {_pairs(shown.computed)}" if shown.computed else ""
        return f"at {_pairs(shown.values)}{computed}"
    if isinstance(shown, Trace):
        steps = " · ".join(happening(step) for step in shown.steps[1:])
        return f"in {shown.length} step{'' if shown.length == 1 else 's'}: {steps}" if steps else "at once"
    return result.reason


def advice(result: Result) -> Iterator[str]:
    """Yield what somebody who makes the device would do about the verdict."""
    if result.verdict is Verdict.REFUTED:
        yield from _lines(result.obligation.if_refuted) or _repairs(result)
    elif result.verdict is Verdict.UNKNOWN:
        yield from _ways_on(result.reason)
    elif result.verdict is Verdict.ERROR:
        yield "Read the reason above; run again with 'stimproof --debug'. Treat the claim as not proved."
    elif result.verdict is Verdict.NOT_APPLICABLE:
        yield "Set a law that fits the electrode and the tissue, or write an 'argument:' why this one does."
    elif result.assumptions or result.unverified:
        yield "Show by test or by proof that the device does what the verdict leans on; verify the numbers."


_WAYS_ON = (
    (("no source", "not stated"), "Cite the numbers that the reason names."),
    (
        ("canceled", "resource limit", "resourceout"),
        "The budget is spent: give the solver a larger --budget, or bound the claim more tightly.",
    ),
    (
        ("no run of up to",),
        "No violation as deep as was searched, and no proof: state a fact that the claim rests on as a "
        "property of its own, and see whether that is proved or refuted.",
    ),
    (
        ("divides by zero",),
        "Mend what lets the divisor become zero: the obligation about its range shows how that happens.",
    ),
    (
        ("does not confirm", "do not agree"),
        "Two independent ways disagree: treat the claim as open, and report this as a defect of stimproof.",
    ),
    (("vacuous",), "Widen or correct the interlocks: together they leave nothing that could be programmed."),
)
"""What to do about an unknown verdict, by what its reason says."""


def _ways_on(reason: str) -> Iterator[str]:
    ways = [way for signs, way in _WAYS_ON if any(sign in reason for sign in signs)]
    yield from ways or ("Cite the numbers that the reason names, or give the solver a larger --budget.",)


def _repairs(result: Result) -> Iterator[str]:
    if isinstance(result.counterexample, Setting):
        yield "Narrow the ranges, or build and declare the interlock that forbids this setting."
    elif isinstance(result.counterexample, Trace):
        yield "Find the first step above that the device should not take, and guard it; then verify again."
        yield "If the device cannot do that step, the specification is wrong there: mend it."
    elif result.certificate is not None:
        yield "Nothing leads there: add the missing transition, or remove what cannot be reached."


def gist(result: Result) -> tuple[str, ...]:
    """Return the few lines that tell what is behind a verdict: how it happens and what it means."""
    shown = result.counterexample
    told = shown.explanation if isinstance(shown, Trace) else ""
    return tuple(dict.fromkeys(_lines(brief(result), told, result.reason)))
