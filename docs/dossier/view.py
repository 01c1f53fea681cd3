"""What a part of a page may look at: the inputs, the address book, and the page that it stands on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import quote

from stimproof.dossier.html import Content, Markup, breakable, escape, join, tag
from stimproof.dossier.words import confidence
from stimproof.verify.results import Result, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stimproof.dossier.book import Book
    from stimproof.dossier.inputs import DossierInputs
    from stimproof.specs.findings import Location
    from stimproof.specs.specification import Citation, Number, Specification


def relative(origin: str, target: str) -> str:
    """Return the address of one file of the dossier as seen from another.

    >>> relative("obligations/a.html", "evidence/results.json")
    '../evidence/results.json'
    """
    here, there = origin.split("/")[:-1], target.split("/")
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    return "/".join([".."] * (len(here) - common) + [quote(part) for part in there[common:]])


@dataclass(frozen=True)
class View:
    """The dossier as seen from one page."""

    inputs: DossierInputs
    book: Book
    docname: str

    @property
    def spec(self) -> Specification:
        """The specification."""
        return self.inputs.specification

    @property
    def results(self) -> tuple[Result, ...]:
        """Every result in the order of the verification."""
        return self.inputs.verification.results

    def having(self, *verdicts: Verdict) -> list[Result]:
        """Return the results with one of these verdicts, in the order of the verdicts."""
        return [item for verdict in verdicts for item in self.results if item.verdict is verdict]

    def href(self, kind: str, name: str) -> str | None:
        """Return the address of an object from this page; ``None`` for one that is not in the dossier."""
        place = self.book.addresses.get((kind, name))
        if place is None:
            return None
        anchor = f"#{quote(place.anchor)}" if place.anchor else ""
        if anchor and place.docname == self.docname:
            return anchor
        return relative(f"{self.docname}.html", f"{place.docname}.html") + anchor

    def link(self, kind: str, name: str, text: Content = None) -> Markup:
        """Return a link to an object, or its name where the dossier does not hold it."""
        target = self.href(kind, name)
        shown = escape(text) if text is not None else breakable(name)
        return tag("a", shown, href=target, class_="stim-ref") if target else shown

    def page(self, docname: str, text: Content, anchor: str = "") -> Markup:
        """Return a link to a page of the dossier."""
        target = relative(f"{self.docname}.html", f"{docname}.html") + (f"#{anchor}" if anchor else "")
        return tag("a", text, href=target)

    def evidence(self, path: str, text: Content = None) -> Markup:
        """Return a link to a file under ``evidence/``."""
        target = relative(f"{self.docname}.html", f"evidence/{path}")
        return tag("a", text if text is not None else path, href=target, class_="stim-file")

    def place(self, location: Location) -> Markup:
        """Return where something was written, linked to that line of the text."""
        file = self.book.file(location.file)
        shown = join(f"{file}:{location.line}".replace("/", "/\0").split("\0"), tag("wbr"))
        target = self.href("file", file)
        if target is None:
            return tag("span", shown, class_="stim-place")
        return tag("a", shown, href=f"{target}#line-{location.line}", class_="stim-place")

    def sources(self, names: Iterable[str]) -> Markup:
        """Return links to sources, separated by commas."""
        return join((self.link("source", name) for name in names), ", ")

    def cited(self, citation: Citation, *, marked: bool = False) -> Markup:
        """Return the sources of a number, how sure it is, and the author's note.

        ``marked`` tells that the mark of doubt already stands beside the number itself.
        """
        note = tag("div", citation.note, class_="stim-note") if citation.note else None
        mark = None if marked and not citation.verified else confidence(citation)
        said = [self.sources(citation.sources), mark]
        return join((join((part for part in said if part), " "), note))

    def number(self, number: Number) -> Markup:
        """Return a number with the mark of doubt that belongs to it."""
        shown = tag("span", number.text, class_="stim-number")
        if number.citation.verified:
            return shown
        return join((shown if number.quantity is not None else None, " ", confidence(number.citation)))

    @cached_property
    def unverified(self) -> dict[str, tuple[str, Citation, Location]]:
        """Every number that nobody has verified: its text, citation and place, by its path."""
        return {
            name: (text, citation, location)
            for name, text, citation, location in self.spec.numbers
            if not citation.verified
        }

    @cached_property
    def leaning(self) -> Mapping[str, list[Result]]:
        """The results that lean on each assumption, in the order of the verification."""
        found: dict[str, list[Result]] = defaultdict(list)
        for result in self.results:
            for assumption in dict.fromkeys((*result.assumptions, *result.unverified)):
                found[assumption].append(result)
        return found
