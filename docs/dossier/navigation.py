"""The side bar, and the way from one claim to the next.

The theme would build the whole tree of pages anew for every page, which takes a time quadratic in their
number; the claims are therefore not part of Sphinx' tree, and their list is written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import escape

from stimproof.dossier.html import Content, Markup, breakable, join, tag
from stimproof.dossier.view import View, relative
from stimproof.dossier.words import ICONS, style

if TYPE_CHECKING:
    from docutils.nodes import document
    from sphinx.application import Sphinx

    from stimproof.verify.results import Result

TREE: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("", (("index", "Overview"),)),
    (
        "The device",
        (
            ("device", "Device"),
            ("indications", "Indications"),
            ("limits", "Safe operating area"),
            ("machines", "State machines"),
        ),
    ),
    ("Verification", (("obligations", "Claims"), ("anomalies", "Anomalies"), ("assumptions", "Assumptions"))),
    (
        "Risk management",
        (
            ("risk", "Risk file"),
            ("controls", "Risk controls"),
            ("matrix", "Trace matrix"),
            ("register", "Evidence for and against"),
        ),
    ),
    (
        "Audit",
        (
            ("clauses", "IEC 62304 checklist"),
            ("findings", "Findings of check"),
            ("sources", "Sources"),
            ("recheck", "How to re-check"),
            ("stim-elements", "Index of everything"),
        ),
    ),
)


def add_navigation(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], _: document
) -> None:
    """Give the page's template the side bar, and a claim's page its neighbours."""
    inputs, book = app.config.stimproof_dossier()
    view = View(inputs, book, pagename)
    context["stim_navigation"] = str(side_bar(view))
    # The theme prints these as HTML; as markup of the template engine's own kind they are escaped once.
    for key in ("docstitle", "shorttitle", "project"):
        context[key] = escape(context.get(key) or "")
    if pagename.startswith("obligations/"):
        _add_neighbours(view, context)


def side_bar(view: View) -> Markup:
    """Return the list of pages, with the claims below theirs on their own pages."""
    parts: list[Content] = []
    for caption, pages in TREE:
        if caption:
            parts.append(
                tag("p", tag("span", caption, class_="caption-text"), class_="caption", role="heading")
            )
        parts.append(tag("ul", *(_page(view, docname, title) for docname, title in pages)))
    return join(parts)


def _page(view: View, docname: str, title: str) -> Markup:
    inside = docname == "obligations" and view.docname.startswith("obligations")
    here = view.docname == docname
    target = "#" if here else relative(f"{view.docname}.html", f"{docname}.html")
    link = tag("a", title, href=target, class_="current reference internal" if here else "reference internal")
    return tag("li", link, claims(view) if inside else None, class_=_classes(1, here, inside))


def claims(view: View) -> Markup:
    """Return the list of all claims with their verdicts."""
    return tag("ul", *(_claim(view, item) for item in view.results))


def _claim(view: View, result: Result) -> Markup:
    docname = view.book.addresses["obligation", result.obligation.id].docname
    here = view.docname == docname
    target = "#" if here else relative(f"{view.docname}.html", f"{docname}.html")
    sign = tag(
        "span",
        ICONS[result.verdict],
        class_=f"stim-sign {style(result.verdict)}-text",
        title=result.verdict.title,
    )
    link = tag("a", sign, " ", breakable(result.obligation.id), href=target, class_="reference internal")
    return tag("li", link, class_=_classes(2, here, False))


def _classes(level: int, here: bool, inside: bool) -> str:
    more = " current current-page" if here else " current" if inside else ""
    return f"toctree-l{level}{more}"


def _add_neighbours(view: View, context: dict[str, Any]) -> None:
    docnames = list(view.book.pages("obligation").values())
    place = docnames.index(view.docname)
    for key, number in (("prev", place - 1), ("next", place + 1)):
        if 0 <= number < len(docnames):
            target = relative(f"{view.docname}.html", f"{docnames[number]}.html")
            context[key] = {"link": target, "title": str(breakable(view.results[number].obligation.id))}
