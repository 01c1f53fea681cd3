"""The evidence register beside the risk file: claims that contradict each other, and whom the therapy is for.

Contradicting claims stand side by side, each with in whom and how it was found; no figure is made of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.dossier.html import Markup, Row, bullets, join, muted, notice, row, table, tag
from stimproof.dossier.parts import outcomes
from stimproof.dossier.words import unverified
from stimproof.hazards import register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from stimproof.dossier.view import View
    from stimproof.hazards.evidence import Evidence
    from stimproof.hazards.register import Conflict, Criterion
    from stimproof.hazards.risk_file import RiskFile

_INFORMS = "information for safety"
_SIDES = ("For the therapy", "Against it, or less of it")


def conflicts(view: View) -> Markup:
    """Groups of claims that contradict each other, those first of which the risk file cites one."""
    cited, shipped = _cited(view), register.load()
    groups = sorted(
        shipped.conflicts.values(), key=lambda item: not cited & {*item.supporting, *item.opposing}
    )
    return tag("div", *(_group(view, cited, item) for item in groups), class_="stim-cards")


def _cited(view: View) -> set[str]:
    risk_file = outcomes.risk_file(view)
    return set(risk_file.evidence) if risk_file is not None else set()


def _group(view: View, cited: set[str], item: Conflict) -> Markup:
    known = register.load().evidence
    concerned = cited & {*item.supporting, *item.opposing}
    here = (
        f"the risk file cites {', '.join(sorted(concerned))}" if concerned else "not cited in the risk file"
    )
    head = join((tag("strong", item.topic), ": ", item.why, tag("div", here, class_="stim-note")))
    sides = (
        tag(
            "div",
            tag("strong", title),
            _side([_claim(view, cited, name, known[name]) for name in names]),
        )
        for title, names in zip(_SIDES, (item.supporting, item.opposing), strict=True)
    )
    return tag("div", tag("p", head), tag("div", *sides, class_="stim-pair"), class_="stim-notice")


def _side(claims: list[Markup]) -> Markup:
    return (
        tag("ul", *(tag("li", claim) for claim in claims), class_="stim-bullets")
        if claims
        else muted("no claim")
    )


def _claim(view: View, cited: set[str], name: str, item: Evidence) -> Markup:
    """Return one claim with everything that tells what it is worth."""
    shown = view.page("risk", name, f"evidence-{name}") if name in cited else tag("span", name)
    facts = (
        ("in whom", item.population),
        ("study", item.study),
        ("how many", item.number),
        ("follow-up", item.follow_up),
        ("therapy", item.modality),
    )
    told = [f"{title}: {text}" for title, text in facts if text]
    lacking = [title for title, text in facts if not text]
    told += [f"not stated: {', '.join(lacking)}"] if lacking else []
    doubts = "; ".join(item.integrity)
    confidence = item.confidence or ""
    sure = muted(confidence) if confidence in ("seen", "derived") else unverified(confidence)
    lines = (
        tag("div", "; ".join(told), class_="stim-note"),
        tag("div", item.caution, class_="stim-note") if item.caution else None,
        tag("div", tag("span", f"doubtful: {doubts}", class_="stim-warn"), class_="stim-note")
        if doubts
        else None,
        tag("div", _sources(view, item.sources), " · ", sure, class_="stim-note"),
    )
    return join((tag("strong", shown), f": {item.text}", *lines))


def _sources(view: View, names: Iterable[str]) -> Markup:
    """Return sources as links, or by their titles where the project does not cite them."""
    titles = {name: item.title for name, item in register.load().sources.items()}
    return join(
        (
            view.link("source", name, None if view.href("source", name) else titles.get(name))
            for name in names
        ),
        ", ",
    )


def disagreements(view: View) -> Markup:
    """Claims of the risk file itself that contradict each other and stand in no group of the register."""
    risk_file = outcomes.risk_file(view)
    if risk_file is None:
        return notice(outcomes.NO_FILE)
    grouped = [{*item.supporting, *item.opposing} for item in register.load().conflicts.values()]
    pairs = [pair for pair in _pairs(risk_file) if not any(set(pair) <= group for group in grouped)]
    if not pairs:
        return notice("No other two claims that the risk file cites contradict each other.")
    cited = set(risk_file.evidence)
    rows = [row(*(_claim(view, cited, name, risk_file.evidence[name]) for name in pair)) for pair in pairs]
    return table(("This claim", "contradicts this one"), rows, label="other contradicting claims")


def _pairs(risk_file: RiskFile) -> Iterator[tuple[str, str]]:
    """Yield each pair of cited claims of which one says that it contradicts the other."""
    seen: set[frozenset[str]] = set()
    for name, item in risk_file.evidence.items():
        for other in item.contradicts:
            if other in risk_file.evidence and frozenset((name, other)) not in seen:
                seen.add(frozenset((name, other)))
                yield name, other


def criteria(view: View) -> Markup:
    """For whom the therapy is appropriate, as published: information for safety, with its evidence."""
    shipped = register.load()
    rows = [_criterion(view, shipped.evidence, item) for item in shipped.appropriateness.values()]
    headers = ("Criterion", "Published", "Controls that inform and rest on it")
    return table(headers, rows, label="criteria of appropriateness")


def _criterion(view: View, known: Mapping[str, Evidence], item: Criterion) -> Row:
    cited = _cited(view)
    note = tag("div", item.note, class_="stim-note") if item.note else None
    informing = [view.link("control", name) for name in _informing(view, set(item.evidence))]
    return row(
        join((tag("strong", item.criterion), note)),
        _side([_claim(view, cited, name, known[name]) for name in item.evidence]),
        bullets(informing) if informing else muted("none in this risk file"),
    )


def _informing(view: View, evidence: set[str]) -> Iterator[str]:
    """Yield the controls that inform and name one of some claims as what shows them."""
    risk_file = outcomes.risk_file(view)
    controls = risk_file.controls.items() if risk_file is not None else ()
    for name, item in controls:
        named = {*item.implementation.evidence, *item.effectiveness.evidence}
        if item.kind == _INFORMS and named & evidence:
            yield name
