"""A run of the device, step by step: what happens, what changes, which transitions are taken."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING

from stimproof.dossier.html import Content, Markup, Row, facts, join, muted, row, table, tag
from stimproof.specs.quantities import duration

if TYPE_CHECKING:
    from stimproof.dossier.view import View
    from stimproof.verify.results import Trace, TraceStep

TIME = "time"


@dataclass(frozen=True)
class Moment:
    """One step of a run with the state before it; ``fails`` where the claim fails after it."""

    view: View
    number: int
    time: str
    before: TraceStep | None
    step: TraceStep
    fails: bool

    @property
    def machines(self) -> tuple[str, ...]:
        """The names of all machines."""
        return tuple(self.view.spec.machines)


def table_of(view: View, trace: Trace, *, fails: bool) -> Markup:
    """Return a run as a table; ``fails`` marks its last step as the one that breaks the claim."""
    times = elapsed(trace)
    last = len(trace.steps) - 1
    moments = [
        Moment(
            view,
            number,
            times[number],
            trace.steps[number - 1] if number else None,
            step,
            fails and number == last,
        )
        for number, step in enumerate(trace.steps)
    ]
    headers = ("Step", "Time", "What happens", "Mode", "What changes", "Transition")
    body = table(headers, [_row(moment) for moment in moments], style="stim-run", label="run, step by step")
    title = "Whole state at the end, where the claim fails" if fails else "Whole state at the end"
    end = (
        tag("details", tag("summary", title), _state(moments[-1]), class_="stim-end")
        if trace.length
        else None
    )
    return join((body, end))


def elapsed(trace: Trace) -> list[str]:
    """Return the time since the start at each step."""
    delays = [Fraction(step.exact_delay) if step.exact_delay else Fraction(0) for step in trace.steps]
    return [duration(total) for total in accumulate(delays)]


def _row(moment: Moment) -> Row:
    mark = (
        tag("span", "✗", class_="stim-refuted-text", title="here the claim fails") if moment.fails else None
    )
    return row(
        join((str(moment.number), " " if mark else None, mark)),
        tag("span", moment.time, class_="stim-time"),
        _happens(moment),
        _modes(moment),
        _changes(moment),
        _taken(moment),
        style="stim-last-fails" if moment.fails else None,
    )


def _happens(moment: Moment) -> Markup:
    view, step = moment.view, moment.step
    if step.event is None:
        return muted("initial state")
    if step.event == TIME:
        return join((tag("span", step.delay or "time", class_="stim-delay"), " passes"))
    read = [join((view.link("input", name), " = ", tag("strong", value))) for name, value in step.inputs]
    given = tag("div", join(read, ", "), class_="stim-inputs") if read else None
    known = view.spec.events.get(step.event)
    kind = muted(" (internal)") if known is not None and known.internal else None
    return join((tag("strong", view.link("event", step.event)), kind, given))


def _modes(moment: Moment) -> Markup:
    """Return the modes: all of them at first and in a device of one machine, afterwards those that change."""
    before, after = dict(moment.before.state) if moment.before else {}, dict(moment.step.state)
    several = len(moment.machines) > 1
    shown: list[Content] = []
    for machine in moment.machines:
        moved = before.get(machine) != after.get(machine)
        if machine not in after or (several and not moved):
            continue
        link = moment.view.link("mode", f"{machine}.{after[machine]}", after[machine])
        owner = muted(f"{machine}: ") if several else None
        origin = muted(f"{before[machine]} → ") if moved and machine in before else None
        shown.append(tag("div", owner, origin, tag("strong", link) if moved and before else link))
    return join(shown) if shown else muted("as before")


def _changes(moment: Moment) -> Markup:
    if moment.before is None:
        return tag("details", tag("summary", "whole state"), _state(moment))
    before, after = dict(moment.before.state), dict(moment.step.state)
    names = [name for name in moment.step.changed if name not in moment.machines]
    return join(_change(moment, name, before, after) for name in names) if names else muted("nothing")


def _change(moment: Moment, name: str, before: dict[str, str], after: dict[str, str]) -> Markup:
    was = muted(f"{before.get(name, '?')} → ")
    return tag("div", moment.view.link("variable", name), ": ", was, tag("strong", after.get(name, "?")))


def _state(moment: Moment) -> Markup:
    ordered = sorted(moment.step.state, key=lambda item: item[0] not in moment.machines)
    return facts((name, value) for name, value in ordered)


def _taken(moment: Moment) -> Markup | None:
    if moment.before is None:
        return None
    if not moment.step.taken:
        return muted("none")
    return join(tag("div", _transition(moment, title)) for title in moment.step.taken)


def _transition(moment: Moment, title: str) -> Markup:
    machines = moment.view.spec.machines.values()
    found = next((item for machine in machines for item in machine.transitions if item.title == title), None)
    if found is None:
        return join((title,))
    name = f"{found.machine} T{found.number}" if len(moment.machines) > 1 else f"T{found.number}"
    link = moment.view.page("machines", name, f"transition-{found.machine}-{found.number}")
    return tag("span", link, title=title)
