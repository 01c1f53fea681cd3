"""The state machines: diagram, modes, transitions, and what they read and write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from stimproof.dossier import statechart
from stimproof.dossier.blocks import Nodes, block, section
from stimproof.dossier.html import (
    Content,
    Markup,
    Row,
    bullets,
    code,
    join,
    muted,
    notice,
    prose,
    row,
    table,
    tag,
)
from stimproof.dossier.parts import runs
from stimproof.dossier.words import badge
from stimproof.specs.expressions import TRUE, Enumeration, show
from stimproof.specs.quantities import decimal_text
from stimproof.verify.results import Result, Trace, Verdict

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.dossier.view import View
    from stimproof.specs.quantities import Unit
    from stimproof.specs.specification import Input, Machine, Mode, Transition, Updates, Variable


LARGE = 6  # modes; a larger diagram may be wider than the page


def machines(view: View) -> Nodes:
    """Every machine: its diagram, then its modes and transitions."""
    if not view.spec.machines:
        return [block(notice("The specification has no state machine: nothing is claimed about behaviour."))]
    return [_machine(view, item) for item in view.spec.machines.values()]


def _machine(view: View, machine: Machine) -> nodes.section:
    anchor = view.book.addresses["machine", machine.name].anchor
    return section(
        machine.name,
        anchor,
        block(join((prose(machine.doc), _chart(view, machine)))),
        section("Modes", f"{anchor}-modes", block(_modes(view, machine))),
        section("Transitions", f"{anchor}-transitions", block(_transitions(view, machine))),
    )


def failing(view: View, machine: Machine) -> dict[str, list[Result]]:
    """Return the modes in which a counterexample ends, with the claims about this machine that fail there."""
    found: dict[str, list[Result]] = {}
    for result in view.having(Verdict.REFUTED):
        if isinstance(result.counterexample, Trace) and machine.name in concerned(view, result):
            modes = list(runs.visited(result.counterexample, machine.name))
            if modes:
                found.setdefault(modes[-1], []).append(result)
    return found


def concerned(view: View, result: Result) -> set[str]:
    """Return the machines that a claim is about: those it names, else the one called like the component."""
    head, _, name = result.obligation.id.partition(".")
    machines = view.spec.machines.keys()
    if head == "machines":
        return {name.split(".")[0]} & machines
    found = view.spec.properties.get(name) if head == "properties" else None
    meaning = found.meaning if found is not None else None
    named = set(meaning.mentioned) & machines if meaning is not None else set()
    return named or {view.spec.device.component} & machines or set(machines)


def _chart(view: View, machine: Machine) -> Markup:
    broken = failing(view, machine)
    marks = statechart.Marks(
        broken,
        {mode: view.href("mode", f"{machine.name}.{mode}") or "" for mode in machine.modes},
        {item.number: f"#transition-{machine.name}-{item.number}" for item in machine.transitions},
    )
    picture = tag(
        "div",
        statechart.draw(machine, marks),
        class_="stim-chart",
        tabindex="0",
        role="img",
        aria_label=f"state diagram of {machine.name}",
    )
    fit = tag("label", tag("input", type="checkbox"), " fit to the page", class_="stim-fit")
    return tag("figure", fit if len(machine.modes) > LARGE else None, picture, class_="stim-figure")


def _modes(view: View, machine: Machine) -> Markup:
    broken = failing(view, machine)
    rows = [_mode(view, machine, mode, broken.get(mode.name, [])) for mode in machine.modes.values()]
    return table(("Mode", "On entry", "On exit", "Time may pass while", "Fails here"), rows, label="modes")


def _mode(view: View, machine: Machine, mode: Mode, broken: list[Result]) -> Row:
    signs = [
        sign
        for sign, given in (("initial", mode.name in machine.initial), ("terminal", mode.terminal))
        if given
    ]
    fails = [tag("div", view.link("obligation", item.obligation.id)) for item in broken]
    return row(
        join(
            (
                tag("strong", mode.name),
                muted(f" {', '.join(signs)}") if signs else None,
                tag("div", mode.doc, class_="stim-note") if mode.doc else None,
                tag("div", view.place(mode.location)),
            )
        ),
        _updates(view, mode.entry),
        _updates(view, mode.exit),
        code(show(mode.stay)) if mode.stay != TRUE else muted("always"),
        join(fails),
        anchor=view.book.addresses["mode", f"{machine.name}.{mode.name}"].anchor,
    )


def _updates(view: View, updates: Updates) -> Markup:
    return join(tag("div", view.link("variable", name), " := ", code(show(term))) for name, term in updates)


def _transitions(view: View, machine: Machine) -> Markup:
    rows = [_transition(view, machine, item) for item in machine.transitions]
    headers = ("No.", "From", "To", "Event", "Guard", "Updates", "Priority", "Written")
    return (
        table(headers, rows, style="stim-wide stim-transitions", label="transitions")
        if rows
        else notice("No transition.")
    )


def _transition(view: View, machine: Machine, item: Transition) -> Row:
    every = len(item.sources) == len(machine.modes) and len(machine.modes) > 1
    sources = [view.link("mode", f"{machine.name}.{name}", name) for name in item.sources]
    if every:
        origin: Content = muted("any mode")
    elif len(sources) > statechart.MAX_SOURCES + 1:
        origin = tag("details", tag("summary", f"{len(sources)} modes"), join(sources, ", "))
    else:
        origin = join(sources, ", ")
    target = (
        view.link("mode", f"{machine.name}.{item.target}", item.target) if item.target else muted("stays")
    )
    doc = tag("div", item.doc, class_="stim-note") if item.doc else None
    cited = view.cited(item.citation) if item.citation.sources or item.citation.note else None
    return row(
        f"T{item.number}",
        origin,
        target,
        join((view.link("event", item.event), doc)),
        code(show(item.guard)) if item.guard != TRUE else muted("none"),
        _updates(view, item.updates),
        str(item.priority),
        join((tag("div", view.place(item.location)), cited)),
        anchor=f"transition-{machine.name}-{item.number}",
    )


def variables(view: View) -> Markup:
    """Every state variable with its type, range and first value."""
    if not view.spec.variables:
        return notice("The specification declares no variable.")
    rows = [_variable(view, item) for item in view.spec.variables.values()]
    return table(("Variable", "Type", "Range", "First value", "Checked by"), rows, label="variables")


def _variable(view: View, item: Variable) -> Row:
    first = show(item.initial) if item.initial is not None else "any"
    doc = tag("div", item.doc, class_="stim-note") if item.doc else None
    checks = [result for result in view.results if result.obligation.id == f"variables.{item.name}.range"]
    proofs = [
        join((view.link("obligation", result.obligation.id, "range"), " ", badge(result.verdict)))
        for result in checks
    ]
    overflow = muted(f" on overflow: {item.overflow}") if item.overflow else None
    return row(
        join((tag("strong", item.name), doc, tag("div", view.place(item.location)))),
        item.kind,
        join((_range(item), overflow)),
        code(first),
        bullets(proofs) if proofs else None,
        anchor=view.book.addresses["variable", item.name].anchor,
    )


def _range(item: Variable | Input) -> Markup:
    if isinstance(item.type, Enumeration):
        return join((code(member) for member in item.type.members), ", ")
    if item.low is None or item.high is None:
        return join(())
    return join((_show(item.low, item.unit), " … ", _show(item.high, item.unit)))


def _show(value: Fraction, unit: Unit | None) -> str:
    return unit.show(value) if unit is not None else decimal_text(value)


def inputs(view: View) -> Markup:
    """What the environment may present at any step."""
    if not view.spec.inputs:
        return notice("The machines read no input.")
    rows = [
        row(
            join((tag("strong", item.name), tag("div", item.doc, class_="stim-note") if item.doc else None)),
            _range(item),
            view.place(item.location),
            anchor=view.book.addresses["input", item.name].anchor,
        )
        for item in view.spec.inputs.values()
    ]
    return table(("Input", "Range", "Written"), rows, label="inputs")


def events(view: View) -> Markup:
    """Everything that can happen, and which transitions wait for it."""
    if not view.spec.events:
        return notice("The specification declares no event.")
    rows = [
        row(
            tag("strong", item.name),
            "the device itself" if item.internal else "the environment",
            _waiting(view, item.name),
            item.doc,
            view.place(item.location),
            anchor=view.book.addresses["event", item.name].anchor,
        )
        for item in view.spec.events.values()
    ]
    return table(("Event", "Comes from", "Transitions", "Meaning", "Written"), rows, label="events")


def _waiting(view: View, event: str) -> Markup:
    several = len(view.spec.machines) > 1
    links = [
        view.page("machines", f"{item.machine}.T{item.number}" if several else f"T{item.number}",
                  f"transition-{item.machine}-{item.number}")
        for machine in view.spec.machines.values()
        for item in machine.transitions
        if item.event == event
    ]  # fmt: skip
    return join(links, ", ") if links else muted("none: it changes nothing")
