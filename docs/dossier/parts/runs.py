"""Counterexamples and witnesses as tables that a firmware engineer can follow."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stimproof.dossier.html import Content, Markup, Row, bullets, code, facts, join, muted, row, table, tag
from stimproof.specs.quantities import unit
from stimproof.verify.results import Setting, Trace, TraceStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.dossier.view import View

TIME = "time"


def run(view: View, shown: Setting | Trace, *, fails: bool) -> Markup:
    """Return a counterexample (``fails``) or a witness as readable markup."""
    head = tag("p", shown.explanation, class_="stim-explanation") if shown.explanation else None
    body = _setting(view, shown) if isinstance(shown, Setting) else _trace(view, shown, fails=fails)
    return join((head, body, _origin(view, shown)))


def _origin(view: View, shown: Setting | Trace) -> Markup:
    replayed = (
        "Replayed by the interpreter, which shares no code with the solver's encoding."
        if shown.replayed
        else "Not replayed: treat it as a hint, not as evidence."
    )
    link = join((" Exact values: ", view.evidence(shown.file), ".")) if shown.file else None
    return tag("p", replayed, link, class_="stim-note")


def _setting(view: View, setting: Setting) -> Markup:
    programmed = table(
        ("Programmed parameter", "Value", "Exact (SI)"),
        [
            row(view.link("parameter", name), tag("strong", value), code(dict(setting.exact).get(name)))
            for name, value in setting.values
        ],
        label="programmed setting",
    )
    follows = table(
        ("What follows from it", "Value"),
        [row(name, tag("strong", value)) for name, value in setting.computed],
        label="what follows from the setting",
    )
    return tag("div", programmed, follows if setting.computed else None, class_="stim-pair")


def elapsed(trace: Trace) -> list[str]:
    """Return the time since the start at each step, in the unit that reads best."""
    total = Fraction(0)
    shown = []
    for step in trace.steps:
        total += Fraction(step.exact_delay) if step.exact_delay else 0
        shown.append(duration(total))
    return shown


def duration(seconds: Fraction) -> str:
    """Return a time in the largest common unit that leaves it at least one.

    >>> duration(Fraction(90)), duration(Fraction(1, 4)), duration(Fraction(0))
    ('90 s', '250 ms', '0 s')
    """
    if seconds == 0:
        return "0 s"
    for name, factor in (("s", Fraction(1)), ("ms", Fraction(1, 1000)), ("us", Fraction(1, 10**6))):
        if seconds >= factor:
            return unit(name).show(seconds)
    return unit("ns").show(seconds)


def _trace(view: View, trace: Trace, *, fails: bool) -> Markup:
    machines = tuple(view.spec.machines)
    times = elapsed(trace)
    rows = [
        _step_row(view, trace, index, times[index], machines, fails=fails)
        for index in range(len(trace.steps))
    ]
    headers = ("Step", "Time", "What happens", "Mode", "What changes", "Transition taken")
    return join(
        (
            table(headers, rows, style="stim-run", label="run, step by step"),
            _end(trace, machines, fails=fails),
        )
    )


def _step_row(
    view: View, trace: Trace, index: int, time: str, machines: tuple[str, ...], *, fails: bool
) -> Row:
    step = trace.steps[index]
    last = index == len(trace.steps) - 1
    before = dict(trace.steps[index - 1].state) if index else {}
    mark = (
        tag("span", "✗", class_="stim-refuted-text", title="here the claim fails") if last and fails else None
    )
    return row(
        join((str(index), " ", mark) if mark else (str(index),)),
        tag("span", time, class_="stim-time"),
        _event(view, step),
        _modes(view, step, before, machines),
        _changes(view, step, before, machines),
        bullets([_taken(view, name) for name in step.taken])
        if step.taken
        else muted("none")
        if index
        else None,
        style="stim-last-fails" if last and fails else "stim-last" if last else None,
    )


def _event(view: View, step: TraceStep) -> Markup:
    if step.event is None:
        return muted("initial state")
    if step.event == TIME:
        return join((tag("span", step.delay or "time", class_="stim-delay"), " passes"))
    read = [join((view.link("input", name), " = ", tag("strong", value))) for name, value in step.inputs]
    given = tag("div", join(read, ", "), class_="stim-inputs") if read else None
    name = tag("strong", view.link("event", step.event))
    known = view.spec.events.get(step.event)
    kind = tag("span", " (internal)", class_="stim-muted") if known is not None and known.internal else None
    return join((name, kind, given))


def _modes(view: View, step: TraceStep, before: dict[str, str], machines: tuple[str, ...]) -> Markup:
    shown: list[Content] = []
    for machine in machines:
        mode = dict(step.state).get(machine)
        if mode is None:
            continue
        link = view.link("mode", f"{machine}.{mode}", mode)
        moved = before and before.get(machine) != mode
        owner = muted(f"{machine}: ") if len(machines) > 1 else None
        shown.append(tag("div", owner, tag("strong", link) if moved else link))
    return join(shown)


def _changes(view: View, step: TraceStep, before: dict[str, str], machines: tuple[str, ...]) -> Markup:
    if not before:
        return tag("details", tag("summary", "whole state"), _state(step, machines))
    after = dict(step.state)
    names = [name for name in step.changed if name not in machines]
    if not names:
        return muted("nothing")
    return join(
        tag(
            "div",
            view.link("variable", name),
            ": ",
            muted(f"{before.get(name, '?')} → "),
            tag("strong", after.get(name, "?")),
        )
        for name in names
    )


def _taken(view: View, name: str) -> Markup:
    transition = next(
        (
            item
            for machine in view.spec.machines.values()
            for item in machine.transitions
            if name in (item.title, f"{machine.name}.{item.number}")
        ),
        None,
    )
    if transition is None:
        return tag("span", name)
    target = f"transition-{transition.machine}-{transition.number}"
    return join((tag("span", name), " ", view.page("machines", f"T{transition.number}", target)))


def _state(step: TraceStep, machines: tuple[str, ...]) -> Markup:
    ordered = sorted(step.state, key=lambda item: item[0] not in machines)
    return facts((name, value) for name, value in ordered)


def _end(trace: Trace, machines: tuple[str, ...], *, fails: bool) -> Markup | None:
    if not trace.length:
        return None
    title = "Whole state at the end, where the claim fails" if fails else "Whole state at the end"
    return tag("details", tag("summary", title), _state(trace.steps[-1], machines), class_="stim-end")


def visited(trace: Trace, machine: str) -> Iterator[str]:
    """Yield the modes of one machine along a run."""
    return (mode for step in trace.steps for name, mode in step.state if name == machine)
