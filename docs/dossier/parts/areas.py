"""The safe operating area of each stimulus: the picture, what it rests on, or why there is none."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from stimproof.dossier import envelope_plot, operating_area
from stimproof.dossier.blocks import Nodes, block, section
from stimproof.dossier.clauses import data
from stimproof.dossier.html import Content, Markup, join, notice, prose, row, table, tag
from stimproof.dossier.operating_area import Line, Picture, Point
from stimproof.dossier.reach import MICRO, PER_CM2, Reach, largest, largest_share, reach
from stimproof.dossier.words import unverified
from stimproof.specs.quantities import unit
from stimproof.verify.envelope.envelope import State, survey
from stimproof.verify.envelope.printing import grouped, joint_heading
from stimproof.verify.results import Setting, Verdict
from stimproof.verify.run import DEFAULT_BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stimproof.dossier.view import View
    from stimproof.specs.specification import Limit, Number, Specification, Stimulus
    from stimproof.verify.envelope.envelope import Envelope
    from stimproof.verify.results import Result

    Results = Mapping[str, Result]

_SCALES = {
    "charge_per_phase": MICRO,
    "charge_density": PER_CM2,
    "charge_injection_capacity": PER_CM2,
    "shannon": 1.0,
}
_SHAPELESS = (
    "Nobody says what the pulse looks like: "
    "the picture assumes one phase of the programmed amplitude and width. "
)
_NO_AREA = (
    " is unknown. A charge of a known size can then mean any charge density, "
    "and no claim about charge density can be decided until somebody cites the area. "
)
_EXACT = (
    "Every programmable value up to the line keeps every limit that applies, at any delivery within the "
    "stated tolerances; the next programmable value breaks the limit named. Found by exact arithmetic."
)
_CEILING = "Above the line a limit is broken. Below it nothing is shown to be safe: "
_NOT_SAFE = "Something is unknown, so that no value in this picture is shown to be safe."
_DRAWN = ("charge_per_phase", "charge_density", "shannon", "charge_injection_capacity")


def areas(view: View) -> Nodes:
    """The safe operating area of each stimulus, or why it cannot be drawn."""
    if not view.spec.stimuli:
        return [
            block(notice("The specification declares no stimulus, so there is no operating area to draw."))
        ]
    found = survey(view.spec, DEFAULT_BUDGET, locks=False)
    return [
        section(item.name, f"area-{item.name}", block(join((_area(view, item), _envelope(found, item)))))
        for item in view.spec.stimuli.values()
    ]


def _envelope(found: Envelope, stimulus: Stimulus) -> Markup | None:
    """Return how far the amplitude may go for each pulse width, where some limit says so."""
    together = next((item for item in found.together if item.stimulus.name == stimulus.name), None)
    boundary = envelope_plot.of_together(together) if together is not None else None
    if together is None or boundary is None:
        return None
    name = f"safe envelope of {stimulus.name}"
    drawn = tag("div", envelope_plot.draw(boundary), class_="stim-plot", role="img", aria_label=name)
    exact = together.state is State.EXACT
    caption = _EXACT if exact else f"{_CEILING}{'; '.join(together.open)}."
    rows = [row(*cells) for cells in grouped(together)]
    shown = table(joint_heading(together), rows, label=f"envelope-{stimulus.name}")
    figure = tag("figure", drawn, tag("figcaption", caption), class_="stim-figure")
    return join((notice(_NOT_SAFE, "doubt") if not exact else None, figure, shown))


def _area(view: View, stimulus: Stimulus) -> Markup:
    found = reach(view.spec, stimulus)
    if found is None:
        return _not_drawn(view, stimulus)
    made = picture(view.spec, view.inputs.verification.by_id(), stimulus, found)
    name = f"safe operating area of {stimulus.name}"
    drawn = tag("div", operating_area.draw(made), class_="stim-plot", role="img", aria_label=name)
    figure = tag("figure", drawn, _caption(found, data("safe_area.yaml")), class_="stim-figure")
    return join((_doubt(stimulus, found), figure, _unset(made.limits)))


def picture(spec: Specification, results: Results, stimulus: Stimulus, found: Reach) -> Picture:
    """Return the safe operating area of a stimulus; ``results`` are the verdicts by obligation."""
    facts = data("safe_area.yaml")
    lines = tuple(_lines(spec, results, stimulus))
    settings = tuple(_settings(spec, results, stimulus, found))
    lines_of_k = tuple(_number(item["k"]) for item in facts["shannon"]["lines"])
    return Picture(found, lines, lines_of_k, tuple(_published(facts)), settings, stimulus.name)


def _number(text: str) -> float:
    return float(Fraction(text))


def _published(facts: Any) -> Iterator[Point]:
    return (
        Point(_number(item["charge"]), _number(item["density"]), item["outcome"]) for item in facts["points"]
    )


def _not_drawn(view: View, stimulus: Stimulus) -> Markup:
    """Say why there is no picture, and what is known all the same."""
    width = stimulus.pulse_width
    if width is None or stimulus.control != "current":
        what = "a sinusoid" if width is None else "voltage-controlled"
        return notice(f"No picture: the stimulus is {what}, and the axes are those of current pulses.")
    most = largest(view.spec, stimulus.amplitude, width) * largest_share(stimulus)
    shown = unit("uC").show(most).replace("uC", "µC")
    if stimulus.electrode.area is not None:
        return notice("No picture: nothing above zero can be delivered.")
    text = join(
        (
            unverified("unknown"),
            " ",
            tag("strong", "No picture. "),
            "The geometric area of the electrode ",
            view.link("electrode", stimulus.electrode.name),
            _NO_AREA,
            f"The largest charge per phase that can be programmed is nominally {shown}.",
        )
    )
    return notice(text, "doubt")


def _doubt(stimulus: Stimulus, found: Reach) -> Markup | None:
    numbers: tuple[Number, ...] = (*stimulus.electrode.dimensions, stimulus.electrode.area_tolerance)
    doubtful = [
        f"{item.name.replace('_', ' ')} of the contact" for item in numbers if not item.citation.verified
    ]
    parts: list[Content] = [_SHAPELESS] if found.shapeless else []
    if doubtful:
        parts.append(f"The picture rests on numbers that nobody has verified: {', '.join(doubtful)}.")
    return notice(join((unverified(), " ", *parts)), "doubt") if parts else None


def _caption(found: Reach, facts: Any) -> Markup:
    title = {name: source["title"] for name, source in facts["sources"].items()}
    delivery = (
        "at nominal values where a tolerance is unknown. " if found.nominal else "at worst-case delivery. "
    )
    return tag(
        "figcaption",
        "The blue band is what the device can deliver, over the areas that the tolerance allows, ",
        delivery,
        "Shaded red: beyond a limit of the specification. ",
        "Pale blue: the ranges would allow it, the interlocks do not. " if found.blocked else None,
        f"Shannon's lines, log D = k − log Q ({title['shannon1992']}): {facts['shannon']['validity']}. ",
        f"Published points: {title['mccreery1990']}; {title['cogan2016']}. ",
        "The picture illustrates; the proofs use exact numbers.",
    )


def _limits(spec: Specification, stimulus: Stimulus) -> Iterator[Limit]:
    return (
        item
        for item in spec.limits.values()
        if item.stimulus is not None and item.stimulus.name == stimulus.name
    )


def _lines(spec: Specification, results: Results, stimulus: Stimulus) -> Iterator[Line]:
    for limit in _limits(spec, stimulus):
        if _verdict(results, limit) is Verdict.NOT_APPLICABLE:
            continue  # nothing is claimed about it, so nothing is beyond it
        if limit.law in _SCALES and limit.limit is not None and limit.limit.quantity is not None:
            shown = limit.limit.text.replace("uC", "µC").replace("cm^2", "cm²")
            kind = "charge injection " if limit.law == "charge_injection_capacity" else ""
            yield Line(limit.law, float(limit.limit.quantity.si) / _SCALES[limit.law], f"{kind}{shown}")


def _unset(lines: tuple[Line, ...]) -> Markup | None:
    missing = [law.replace("_", " ") for law in _DRAWN if law not in {line.law for line in lines}]
    if not missing:
        return None
    return prose(f"The specification gives no known limit that applies here of: {', '.join(missing)}.")


def _verdict(results: Results, limit: Limit) -> Verdict | None:
    result = results.get(f"limits.{limit.name}")
    return None if result is None else result.verdict


def _settings(
    spec: Specification, results: Results, stimulus: Stimulus, found: Reach
) -> Iterator[tuple[float, float]]:
    """Yield the counterexamples of this stimulus as they are programmed, at the smallest area."""
    assert stimulus.pulse_width is not None  # what has no width is not drawn
    amplitude, width = stimulus.amplitude.name, stimulus.pulse_width.name
    for limit in _limits(spec, stimulus):
        result = results.get(f"limits.{limit.name}")
        if result is None or result.verdict is not Verdict.REFUTED or limit.law == "timing":
            continue
        exact = dict(result.counterexample.exact) if isinstance(result.counterexample, Setting) else {}
        if amplitude in exact and width in exact:
            product = Fraction(exact[amplitude]) * Fraction(exact[width]) * largest_share(stimulus)
            charge = float(product) / MICRO
            yield charge, charge / found.small
