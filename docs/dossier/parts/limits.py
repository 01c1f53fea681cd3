"""Limits of stimulation, and the picture of the safe operating area for each stimulus."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from stimproof.dossier import operating_area
from stimproof.dossier.blocks import Nodes, block, section
from stimproof.dossier.clauses import data
from stimproof.dossier.html import Content, Markup, Row, code, join, muted, notice, prose, row, table, tag
from stimproof.dossier.operating_area import Line, Picture, Point
from stimproof.dossier.reach import MICRO, PER_CM2, Reach, reach
from stimproof.dossier.words import badge, unverified
from stimproof.verify.results import Setting, Verdict

if TYPE_CHECKING:
    from stimproof.dossier.view import View
    from stimproof.specs.specification import Limit, Stimulus

LAWS = {
    "charge_per_phase": "charge per phase: amplitude × width",
    "charge_density": "charge density: charge per phase over geometric area",
    "shannon": "Shannon: log D + log Q ≤ k, with D in µC/cm² and Q in µC",
    "charge_injection_capacity": "charge injection capacity of the electrode's material",
    "timing": "timing: all phases and gaps fit into the period",
}


def table_of_limits(view: View) -> Markup:
    """Every limit with what is claimed, where it comes from, and its verdict."""
    if not view.spec.limits:
        return notice("The specification sets no limit: nothing bounds the stimulation.", "bad")
    headers = ("Verdict", "Limit", "Claim", "Value", "Source")
    return table(headers, [_limit(view, item) for item in view.spec.limits.values()], label="limits")


def _limit(view: View, item: Limit) -> Row:
    result = view.inputs.verification.by_id().get(f"limits.{item.name}")
    claim: Content = code(item.text) if item.law is None else LAWS.get(item.law, item.law)
    stimulus = (
        tag("div", "of ", view.link("stimulus", item.stimulus.name), class_="stim-note")
        if item.stimulus
        else None
    )
    doc = tag("div", item.doc, class_="stim-note") if item.doc else None
    name = view.link("obligation", f"limits.{item.name}", item.name)
    cited = item.limit.citation if item.limit is not None and item.citation.sources == () else item.citation
    return row(
        badge(result.verdict) if result is not None else muted("not verified"),
        join((tag("strong", name), doc, tag("div", view.place(item.location)))),
        join((claim, stimulus)),
        view.number(item.limit)
        if item.limit is not None
        else muted("in the claim" if item.law is None else "none"),
        view.cited(cited),
        anchor=view.book.addresses["limit", item.name].anchor,
    )


def areas(view: View) -> Nodes:
    """The safe operating area of each stimulus, or why it cannot be drawn."""
    if not view.spec.stimuli:
        return [
            block(notice("The specification declares no stimulus, so there is no operating area to draw."))
        ]
    return [
        section(item.name, f"area-{item.name}", block(_area(view, item)))
        for item in view.spec.stimuli.values()
    ]


def _area(view: View, stimulus: Stimulus) -> Markup:
    found = reach(view.spec, stimulus)
    if found is None:
        return _not_drawn(view, stimulus)
    facts = data("safe_area.yaml")
    lines = tuple(_lines(view, stimulus))
    picture = Picture(
        found,
        lines,
        tuple(float(Fraction(item["k"])) for item in facts["shannon"]["lines"]),
        tuple(
            Point(float(Fraction(item["charge"])), float(Fraction(item["density"])), item["outcome"])
            for item in facts["points"]
        ),
        tuple(_settings(view, stimulus, found)),
        stimulus.name,
    )
    drawn = tag(
        "div",
        operating_area.draw(picture),
        class_="stim-plot",
        role="img",
        aria_label=f"safe operating area of {stimulus.name}",
    )
    return join(
        (_doubt(stimulus), tag("figure", drawn, _caption(found, facts), class_="stim-figure"), _unset(lines))
    )


def _not_drawn(view: View, stimulus: Stimulus) -> Markup:
    reasons = []
    if stimulus.electrode.area is None:
        reasons.append(
            join(
                (
                    "the geometric area of the electrode ",
                    view.link("electrode", stimulus.electrode.name),
                    " is unknown",
                )
            )
        )
    if not stimulus.phases:
        reasons.append(join(("the shape of the pulse is unknown",)))
    why = join(reasons, ", and ")
    text = join(
        (
            tag("strong", "No picture: "),
            why,
            ". Charge density cannot be known, and every claim about it is unknown until somebody cites what is missing.",
        )
    )
    return notice(join((unverified("unknown"), " ", text)), "bad")


def _doubt(stimulus: Stimulus) -> Markup | None:
    doubtful = [
        number.name
        for number in (*stimulus.electrode.dimensions, stimulus.electrode.area_tolerance)
        if not number.citation.verified
    ]
    if stimulus.citation.confidence not in ("seen", "derived"):
        doubtful.append("shape of the pulse")
    if not doubtful:
        return None
    names = ", ".join(name.replace("_", " ") for name in doubtful)
    return notice(
        join((unverified(), f" The picture rests on numbers that nobody has verified: {names}.")), "doubt"
    )


def _caption(found: Reach, facts: Any) -> Markup:
    sources = facts["sources"]
    parts: list[Content] = [
        "The band is what the device can deliver at the areas its tolerance allows"
        + (
            ", at nominal amplitude and width because a delivery tolerance is unknown. "
            if found.nominal
            else ", at worst-case delivery. "
        ),
        "Shaded: beyond a limit of the specification. ",
        "Pale band: the ranges would allow it, the interlocks do not. " if found.blocked else None,
        f"Shannon lines ({sources['shannon1992']['title']}) are a {facts['shannon']['validity']}. ",
        f"Published points: {sources['mccreery1990']['title']}; {sources['cogan2016']['title']}. ",
        "The picture illustrates; the proofs use exact numbers.",
    ]
    return tag("figcaption", *parts)


def _lines(view: View, stimulus: Stimulus) -> list[Line]:
    found = []
    for limit in view.spec.limits.values():
        if (
            limit.stimulus is not None
            and limit.stimulus.name == stimulus.name
            and limit.law
            and limit.limit
            and limit.limit.quantity
        ):
            value = float(limit.limit.quantity.si)
            scale = {
                "charge_per_phase": MICRO,
                "charge_density": PER_CM2,
                "charge_injection_capacity": PER_CM2,
            }.get(limit.law, 1.0)
            shown = limit.limit.text.replace("uC", "µC").replace("cm^2", "cm²").replace("mC", "mC")
            kind = "charge injection " if limit.law == "charge_injection_capacity" else ""
            found.append(Line(limit.law, value / scale, f"{kind}{shown}"))
    return found


def _unset(lines: tuple[Line, ...]) -> Markup | None:
    missing = [
        law
        for law in ("charge_density", "shannon", "charge_injection_capacity")
        if law not in {line.law for line in lines}
    ]
    if not missing:
        return None
    names = ", ".join(name.replace("_", " ") for name in missing)
    return prose(f"Not drawn, because the specification sets no known limit for it: {names}.")


def _settings(view: View, stimulus: Stimulus, found: Reach) -> list[tuple[float, float]]:
    """Return the counterexamples of this stimulus as they are programmed, at the smallest area."""
    shown = []
    for result in view.having(Verdict.REFUTED):
        limit = view.spec.limits.get(result.obligation.id.removeprefix("limits."))
        example = result.counterexample
        if (
            not isinstance(example, Setting)
            or limit is None
            or limit.stimulus is None
            or limit.stimulus.name != stimulus.name
        ):
            continue
        exact = dict(example.exact)
        if (
            limit.law != "timing"
            and stimulus.amplitude.name in exact
            and stimulus.pulse_width.name in exact
            and stimulus.phases
        ):
            share = max(phase.amplitude * phase.width for phase in stimulus.phases)
            charge = (
                float(
                    Fraction(exact[stimulus.amplitude.name])
                    * Fraction(exact[stimulus.pulse_width.name])
                    * share
                )
                / MICRO
            )
            shown.append((charge, charge / found.small))
    return shown
