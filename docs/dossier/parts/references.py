"""Where everything comes from: findings about the input, the sources, the packed texts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from stimproof.dossier.html import Content, Markup, code, join, muted, notice, row, table, tag
from stimproof.dossier.words import confidence, count
from stimproof.specs.findings import Severity, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stimproof.dossier.view import View
    from stimproof.specs.document import Source
    from stimproof.specs.findings import Finding
    from stimproof.specs.specification import Transition

_RANK = [Severity.ERROR, Severity.WARNING, Severity.NOTE]


def findings(view: View) -> Markup:
    """What the reader of the specification and of the risk file remarked."""
    files = [document.file for document in view.spec.documents]
    found = in_order([*view.spec.findings, *view.inputs.verification.findings], files)
    found.sort(key=lambda item: _RANK.index(item.weight))
    if not found:
        return notice("Nothing to remark.", "good")
    return finding_table(view, found)


def finding_table(view: View, found: list[Finding], explained: Mapping[Finding, str] | None = None) -> Markup:
    """Return findings as a table, each with the reason why it stays open where there is one."""
    rows = [
        row(
            tag("span", item.weight.value, class_=f"stim-severity stim-severity-{item.weight.value}"),
            join((item.message, *_notes(item, (explained or {}).get(item, "")))),
            code(item.code.slug),
            view.place(item.location),
        )
        for item in found
    ]
    return table(("Weight", "Finding", "Code", "Written"), rows, style="stim-findings", label="findings")


def _notes(item: Finding, told: str) -> Iterator[Markup]:
    """Yield what stands below a finding: advice, and why it stays open unless the message says so itself."""
    if item.advice:
        yield tag("div", item.advice, class_="stim-note")
    if told and told not in item.message:
        yield tag("div", "stays open: ", told, class_="stim-note")


def citations(view: View) -> dict[str, list[Markup]]:
    """Return for each source what cites it: numbers, claims and transitions."""
    found: dict[str, list[Markup]] = defaultdict(list)
    for name, text, citation, _ in view.spec.numbers:
        for source in citation.sources:
            found[source].append(join((code(name), f" = {text} ", confidence(citation))))
    for result in view.results:
        for source in result.obligation.sources:
            found[source].append(view.link("obligation", result.obligation.id))
    for source, name in _risk_citations(view):
        found[source].append(name)
    for machine in view.spec.machines.values():
        for source, numbers in _transitions(machine.transitions).items():
            what = f"{count(len(numbers), 'transition')} of {machine.name}"
            found[source].append(
                view.page("machines", what, view.book.addresses["machine", machine.name].anchor)
            )
    return found


def _risk_citations(view: View) -> Iterator[tuple[str, Markup]]:
    risk_file = view.inputs.risk_file
    if risk_file is None or not risk_file.present:
        return
    for name, evidence in risk_file.evidence.items():
        for source in evidence.sources:
            yield source, view.page("risk", name, f"evidence-{name}")
    for name, harm in risk_file.harms.items():
        for source in dict.fromkeys(
            (*harm.severity.sources, *harm.probability.sources, *harm.residual.sources)
        ):
            yield source, view.page("risk", name, f"harm-{name}")


def _transitions(transitions: tuple[Transition, ...]) -> dict[str, list[Transition]]:
    found: dict[str, list[Transition]] = defaultdict(list)
    for item in transitions:
        for source in item.citation.sources:
            found[source].append(item)
    return found


def bibliography(view: View) -> Markup:
    """Every source with what cites it."""
    sources = {**view.spec.sources, **_risk_sources(view)}
    if not sources:
        return notice("The specification declares no source.")
    cited = citations(view)
    rows = [
        row(
            tag("strong", name),
            _source(source.title, source.url, source.licence, source.note),
            _citing(cited.get(name, [])),
            anchor=view.book.addresses["source", name].anchor,
        )
        for name, source in sources.items()
    ]
    return table(("Id", "Source", "Cited by"), rows, label="sources")


def _risk_sources(view: View) -> dict[str, Source]:
    """Return the sources that only the risk file declares."""
    risk_file = view.inputs.risk_file
    found = risk_file.sources if risk_file is not None and risk_file.present else {}
    return {name: source for name, source in found.items() if name not in view.spec.sources}


def _source(title: str, url: str, licence: str, note: str) -> Markup:
    shown: Content = url
    if url.startswith(("https://", "http://")):
        shown = tag("a", url, href=url, rel="noreferrer", class_="stim-url")
    return join(
        (
            title,
            tag("div", shown, class_="stim-note") if url else None,
            tag("div", f"Licence: {licence}", class_="stim-note") if licence else None,
            tag("div", note, class_="stim-note") if note else None,
        )
    )


def _citing(items: list[Markup]) -> Markup:
    if not items:
        return muted("nothing")
    short = tag("ul", *(tag("li", item) for item in items), class_="stim-bullets")
    if len(items) <= 4:
        return short
    return tag("details", tag("summary", f"{len(items)} places"), short)


def texts(view: View) -> Markup:
    """Links to the exact text of every input file."""
    if not view.inputs.sources:
        return notice("The dossier was built without the text of its specification.")
    rows = [
        row(view.link("file", name), view.evidence(f"sources/{name}"), count(len(text.splitlines()), "line"))
        for name, text in view.inputs.sources.items()
    ]
    return table(("Read here", "The file itself", "Length"), rows, label="input files")


def text(view: View, name: str) -> Markup:
    """One input file, line by line, with an anchor on each."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import YamlLexer
    from pygments.lexers.special import TextLexer

    lexer = YamlLexer(stripnl=False) if name.endswith((".yaml", ".yml")) else TextLexer(stripnl=False)
    formatter = HtmlFormatter(linespans="line", cssclass="highlight stim-source")
    lines = highlight(view.inputs.sources[name], lexer, formatter)
    file = tag("p", "The file itself: ", view.evidence(f"sources/{name}"))
    return join((file, Markup(lines)))  # Pygments escapes what it formats
