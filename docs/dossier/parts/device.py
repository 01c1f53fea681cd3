"""The device: who it is, its electrodes, parameters, stimuli and interlocks, every number with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import (
    Content,
    Markup,
    Row,
    breakable,
    bullets,
    code,
    facts,
    join,
    muted,
    notice,
    prose,
    row,
    table,
    tag,
)
from stimproof.dossier.parts import failing
from stimproof.dossier.words import confidence, count, unverified
from stimproof.specs.expressions import references, show
from stimproof.specs.quantities import decimal_text, unit
from stimproof.specs.specification import Parameter

if TYPE_CHECKING:
    from stimproof.dossier.view import View
    from stimproof.specs.specification import Amount, Electrode, Interlock, Phase, Segment, Stimulus


def identity(view: View) -> Markup:
    """What the device is, as its specification says."""
    device = view.spec.device
    table_of_facts = facts(
        (
            ("Name", device.name),
            ("Id", code(device.id)),
            ("Maker", device.maker),
            ("Version", device.version),
            ("Intended use", device.intended_use),
            ("Software safety class", _safety_class(view)),
            ("Specification, SHA-256", tag("code", view.spec.sha256, class_="stim-hash")),
        )
    )
    return join((prose(device.description), table_of_facts))


def _safety_class(view: View) -> Markup:
    device = view.spec.device
    why = device.class_rationale or "no rationale is written in the specification"
    return join((tag("strong", device.software_safety_class), muted(" as configured: "), why))


def electrodes(view: View) -> Markup:
    """Every kind of contact with its geometry, material and tissue."""
    if not view.spec.electrodes:
        return notice("The specification declares no electrode, so no law about charge density can apply.")
    headers = ("Electrode", "Shape and dimensions", "Geometric area", "Material", "Tissue")
    rows = [_electrode(view, item) for item in view.spec.electrodes.values()]
    return table(headers, rows, label="electrodes")


def _electrode(view: View, item: Electrode) -> Row:
    shape = "area as given" if item.shape == "given" else item.shape
    sizes = [
        join(
            (
                number.name.replace("_", " "),
                ": ",
                view.number(number),
                tag("div", view.cited(number.citation, marked=True), class_="stim-note"),
            )
        )
        for number in item.dimensions
    ]
    contacts = tag("div", muted(count(item.contacts, "contact"))) if item.contacts else None
    note = tag("div", item.note, class_="stim-note") if item.note else None
    return row(
        join((tag("strong", item.name), contacts, note, tag("div", view.place(item.location)))),
        join((tag("div", shape), *(tag("div", size) for size in sizes))),
        _area(view, item),
        join((item.material_name, tag("div", view.cited(item.cited_material), class_="stim-note"))),
        join((item.tissue, tag("div", view.cited(item.cited_tissue), class_="stim-note"))),
        anchor=_anchor(view, "electrode", item.name),
    )


def _area(view: View, item: Electrode) -> Markup:
    tolerance = tag("div", "tolerance ", view.number(item.area_tolerance), class_="stim-note")
    if item.area is None:
        return join((tag("span", "unknown"), " ", unverified("unknown"), tolerance))
    mark = None if all(number.citation.verified for number in item.dimensions) else unverified()
    shown = unit("mm^2").show((item.area[0] + item.area[1]) / 2)
    return join((shown.replace("mm^2", "mm²"), " ", mark, tolerance))


def _anchor(view: View, kind: str, name: str) -> str:
    return view.book.addresses[(kind, name)].anchor


def parameters(view: View) -> Markup:
    """Every programmable parameter with range, grid, default, tolerance and source."""
    if not view.spec.parameters:
        return notice("The specification declares no programmable parameter.")
    headers = ("Parameter", "Range", "Grid", "Default", "Delivery tolerance", "Source")
    rows = [_parameter(view, item) for item in view.spec.parameters.values()]
    return table(headers, rows, style="stim-parameters", label="programmable parameters")


def _parameter(view: View, item: Parameter) -> Row:
    text = item.unit.show
    doc = tag("div", item.doc, class_="stim-note") if item.doc else None
    mark = None if item.citation.verified else join((" ", confidence(item.citation)))
    tolerance = item.tolerance
    said = (
        tag("div", view.cited(tolerance.citation, marked=True), class_="stim-note")
        if tolerance.citation.sources
        else None
    )
    return row(
        join((tag("strong", item.name), doc, tag("div", view.place(item.location)))),
        join((f"{text(item.low)} … {text(item.high)}", mark)),
        bullets([_segment(item, part) for part in item.segments]) if item.segments else muted("any value"),
        _default(item),
        join((view.number(tolerance), said)),
        view.cited(item.citation, marked=True),
        anchor=_anchor(view, "parameter", item.name),
    )


def _segment(item: Parameter, part: Segment) -> str:
    text = item.unit.show
    step = f"steps of {text(part.step)}"
    return step if len(item.segments) == 1 else f"{text(part.start)} … {text(part.stop)}: {step}"


def _default(item: Parameter) -> Content:
    if item.default is None:
        return muted("not stated")
    shown = item.unit.show(item.default)
    if item.segments and not item.on_grid(item.default):
        return join((shown, " ", tag("span", "off the grid", class_="stim-warn")))
    return shown


def stimuli(view: View) -> Markup:
    """Every pulse train: its parameters and the shape of its pulse."""
    if not view.spec.stimuli:
        return notice("The specification declares no stimulus.")
    headers = ("Stimulus", "Set by", "Electrode", "Pulse", "Source")
    return table(headers, [_stimulus(view, item) for item in view.spec.stimuli.values()], label="stimuli")


def _stimulus(view: View, item: Stimulus) -> Row:
    set_by = (item.amplitude, item.pulse_width, item.frequency)
    names = [parameter.name for parameter in set_by if parameter is not None]
    doc = tag("div", item.doc, class_="stim-note") if item.doc else None
    return row(
        join((tag("strong", item.name), doc, tag("div", view.place(item.location)))),
        join((view.link("parameter", name) for name in names), ", "),
        view.link("electrode", item.electrode.name),
        _pulse(view, item),
        view.cited(item.citation),
        anchor=_anchor(view, "stimulus", item.name),
    )


def _pulse(view: View, item: Stimulus) -> Content:
    """Return the shape of a pulse, and how it is grouped and recovered where somebody says so."""
    lines: list[Content] = ["sinusoid" if item.shape == "sinusoidal" else _phases(item.phases)]
    if item.shape != "sinusoidal":
        lines.append(join(("gap between phases: ", _amount(view, item.interphase_gap))))
    if item.control == "voltage":
        lines.append("voltage-controlled")
    if item.burst is not None:
        pulses, rate = _amount(view, item.burst.pulses), _amount(view, item.burst.rate)
        when = item.burst.recharge.replace("_", " ")
        lines.append(join(("bursts of ", pulses, " at ", rate, f", recharge {when}")))
    if item.recharge.citation.confidence != "not stated":
        lines.append(f"recharge: {item.recharge.kind}")
    if item.duty is not None:
        lines.append(
            join(("on for ", _amount(view, item.duty.on), ", off for ", _amount(view, item.duty.off)))
        )
    for contact, share in item.shares.items():
        lines.append(join((f"contact {contact}: ", _amount(view, share))))
    return join(tag("div", line) for line in lines)


def _amount(view: View, amount: Amount) -> Content:
    return view.link("parameter", amount.name) if isinstance(amount, Parameter) else view.number(amount)


def _phases(phases: tuple[Phase, ...] | None) -> Content:
    if phases is None:
        return join(("shape unknown ", unverified("unknown")))
    parts = []
    for phase in phases:
        ratios = [
            f"{decimal_text(value)} × {what}"
            for value, what in ((phase.amplitude, "amplitude"), (phase.width, "width"))
            if value != 1
        ]
        parts.append(phase.polarity + (f" ({', '.join(ratios)})" if ratios else ""))
    return " → ".join(parts)


def interlocks(view: View) -> Markup:
    """What the firmware claims to enforce, and whether anything shows that it does."""
    if not view.spec.interlocks:
        return notice("The specification declares no interlock: nothing restricts how parameters combine.")
    headers = ("Interlock", "Claim", "Shown by", "Source")
    return table(
        headers, [_interlock(view, item) for item in view.spec.interlocks.values()], label="interlocks"
    )


def _interlock(view: View, item: Interlock) -> Row:
    shown_by: Content = item.shown_by or tag("span", "nothing yet", class_="stim-warn")
    if item.shown_by and view.href("obligation", item.shown_by):
        shown_by = view.link("obligation", item.shown_by)
    uses = sorted(name for name in references(item.claim) if view.href("parameter", name))
    used = tag(
        "div", "about ", join((view.link("parameter", name) for name in uses), ", "), class_="stim-note"
    )
    return row(
        join((tag("strong", item.name), tag("div", view.place(item.location)))),
        join((code(item.text or show(item.claim)), used if uses else None)),
        shown_by,
        view.cited(item.citation),
        anchor=_anchor(view, "interlock", item.name),
    )


def origin(view: View) -> Markup:
    """Which reference device is extended, and every value of it that is changed or removed."""
    extension = view.spec.extension
    if extension is None:
        return join(())
    lead = tag(
        "p", "The device extends the reference device ", code(extension.device), ", with these changes."
    )
    rows = [
        row(code(item.path), item.before, item.after, view.place(item.location))
        for item in extension.overridden
    ]
    rows += [row(code(path), "", tag("em", "removed"), "") for path in extension.removed]
    return join((lead, table(("Value", "There", "Here", "Written"), rows, label="changes")))


def named(view: View) -> Markup:
    """Every constant and definition with what it stands for."""
    rows = [
        row(
            join((tag("strong", item.name), _remark(item.doc), tag("div", view.place(item.location)))),
            str(item.quantity),
            view.cited(item.citation, marked=True),
        )
        for item in view.spec.constants.values()
    ]
    rows += [
        row(
            join((tag("strong", item.name), _remark(item.doc), tag("div", view.place(item.location)))),
            code(item.text),
            muted("a definition"),
        )
        for item in view.spec.definitions.values()
    ]
    if not rows:
        return notice("The specification declares no constant and no definition.")
    return table(("Name", "Stands for", "Source"), rows, label="constants and definitions")


def _remark(doc: str) -> Content:
    return tag("div", doc, class_="stim-note") if doc else None


def faults(view: View) -> Markup:
    """Every declared fault with its rate and, where it was tried, what it does to the claims."""
    if not view.spec.faults:
        return notice("The specification declares no fault.")
    rows = [
        row(
            join((tag("strong", item.name), _remark(item.doc), tag("div", view.place(item.location)))),
            item.sentence,
            view.number(item.rate) if item.rate.citation.confidence != "not stated" else muted("not stated"),
            view.cited(item.rate.citation, marked=True) if item.rate.quantity is not None else "",
            failing.effects(view, item.name),
        )
        for item in view.spec.faults.values()
    ]
    headers = ("Fault", "What happens", "Rate", "Source", "What the claims do with it")
    return table(headers, rows, label="declared faults")


def numbers(view: View) -> Markup:
    """Every number of the specification with its source and confidence, the doubtful ones first."""
    listed = sorted(view.spec.numbers, key=lambda item: item[2].verified)
    rows = [
        row(code(breakable(name)), text, view.cited(citation), view.place(location))
        for name, text, citation, location in listed
    ]
    doubtful = len(view.unverified)
    lead = (
        f"{count(doubtful, 'number')} of {len(rows)} {'is' if doubtful == 1 else 'are'} unverified."
        if doubtful
        else f"All {len(rows)} numbers were seen in their sources or derived from such."
    )
    headers = ("Number", "Value", "Source", "Written")
    return join((tag("p", lead), table(headers, rows, label="all numbers") if rows else None))
