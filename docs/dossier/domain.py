"""The Sphinx domain ``stim``: its object types, roles and index, and a directive for each part of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.domains import Domain, Index, IndexEntry, ObjType
from sphinx.roles import XRefRole
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from stimproof.dossier.blocks import Nodes, block
from stimproof.dossier.book import KINDS, Key
from stimproof.dossier.html import Markup
from stimproof.dossier.parts import (
    areas,
    assumptions,
    clauses,
    controls,
    device,
    indications,
    limits,
    machines,
    matrix,
    obligations,
    overview,
    recheck,
    references,
    register,
    risk,
)  # fmt: skip
from stimproof.dossier.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

Part = Callable[[View], Markup | Nodes]

PARTS: dict[str, Part] = {
    "verdict": overview.verdict,
    "refuted": overview.refuted,
    "waiting": overview.waiting,
    "not-applicable": overview.not_applicable,
    "doubts": overview.doubts,
    "made-with": overview.made_with,
    "anomalies": overview.anomalies,
    "identity": device.identity,
    "electrodes": device.electrodes,
    "parameters": device.parameters,
    "stimuli": device.stimuli,
    "interlocks": device.interlocks,
    "origin": device.origin,
    "named": device.named,
    "faults": device.faults,
    "numbers": device.numbers,
    "indications": indications.summary,
    "candidates": indications.candidates,
    "indication-rules": indications.rules,
    "indication-questions": indications.questions,
    "disagreements": indications.disagreements,
    "indication-sources": indications.sources,
    "areas": areas.areas,
    "limits": limits.table_of_limits,
    "machines": machines.machines,
    "variables": machines.variables,
    "inputs": machines.inputs,
    "events": machines.events,
    "obligations": obligations.index,
    "ledger": assumptions.ledger,
    "arguments": assumptions.arguments,
    "risk-summary": risk.summary,
    "risk-status": risk.status,
    "hazards": risk.hazards,
    "harms": risk.harms,
    "risk-findings": risk.findings,
    "published": risk.published,
    "evidence-conflicts": register.conflicts,
    "evidence-disagreements": register.disagreements,
    "appropriateness": register.criteria,
    "controls": controls.controls,
    "requirements": controls.requirements,
    "trace-matrix": matrix.matrix,
    "coverage": matrix.coverage,
    "clauses": clauses.checklist_table,
    "clause-totals": clauses.totals,
    "clause-origins": clauses.origins,
    "findings": references.findings,
    "bibliography": references.bibliography,
    "texts": references.texts,
    "packed": recheck.packed,
    "scripts": recheck.scripts,
}


class _Directive(SphinxDirective):
    """Base of the directives: gives the view of the dossier from the page that is being read."""

    @property
    def view(self) -> View:
        inputs, book = self.config.stimproof_dossier()
        return View(inputs, book, self.env.docname)


def _part_directive(part: Part) -> type[_Directive]:
    class PartDirective(_Directive):
        __doc__ = part.__doc__

        def run(self) -> Nodes:
            made = part(self.view)
            return [block(made)] if isinstance(made, Markup) else made

    return PartDirective


class ObligationPage(_Directive):
    """The page of one obligation, named by its position, so that no text of the author meets RST."""

    required_arguments = 1

    def run(self) -> Nodes:
        """Return the page's sections."""
        view = self.view
        return obligations.page(view, view.results[int(self.arguments[0])])


class TextPage(_Directive):
    """The page of one input file, named by its position."""

    required_arguments = 1

    def run(self) -> Nodes:
        """Return the page's section."""
        from stimproof.dossier.blocks import section

        view = self.view
        name = list(view.inputs.sources)[int(self.arguments[0])]
        return [section(name, "text", block(references.text(view, name)))]


class ElementIndex(Index):
    """Everything that has a name, by kind."""

    name = "elements"
    localname = "Index of everything"
    shortname = "index"

    def generate(
        self, docnames: Iterable[str] | None = None
    ) -> tuple[list[tuple[str, list[IndexEntry]]], bool]:
        """Return the entries by kind."""
        content = []
        objects: dict[Key, tuple[str, str]] = self.domain.data["objects"]
        for kind, title in KINDS.items():
            found = sorted((key[1], place) for key, place in objects.items() if key[0] == kind)
            entries = [IndexEntry(name, 0, place[0], place[1], "", "", "") for name, place in found]
            if entries:
                content.append((title, entries))
        return content, True


class StimDomain(Domain):
    """Objects of the dossier: obligations, hazards, controls, parameters and the rest of :data:`KINDS`."""

    name = "stim"
    label = "stimproof"
    object_types: ClassVar[dict[str, ObjType]] = {kind: ObjType(kind, kind) for kind in KINDS}
    roles: ClassVar[dict[str, Any]] = {kind: XRefRole(warn_dangling=True) for kind in KINDS}
    directives: ClassVar[dict[str, Any]] = {
        **{name: _part_directive(part) for name, part in PARTS.items()},
        "obligation-page": ObligationPage,
        "text-page": TextPage,
    }
    indices: ClassVar[list[type[Index]]] = [ElementIndex]
    initial_data: ClassVar[dict[str, Any]] = {"objects": {}}
    data_version = 1

    @property
    def objects(self) -> dict[Key, tuple[str, str]]:
        """The page and anchor of each object by kind and name."""
        found: dict[Key, tuple[str, str]] = self.data.setdefault("objects", {})
        return found

    def clear_doc(self, docname: str) -> None:
        """Forget what stands on a page."""
        for key in [key for key, place in self.objects.items() if place[0] == docname]:
            del self.objects[key]

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process has read."""
        self.objects.update(
            {key: place for key, place in otherdata["objects"].items() if place[0] in docnames}
        )

    def resolve_xref(
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, typ: str, target: str,
        node: pending_xref, contnode: Element,
    ) -> nodes.reference | None:  # fmt: skip
        """Return the reference that a role asks for."""
        place = self.objects.get((typ, target))
        if place is None:
            return None
        return make_refnode(builder, fromdocname, place[0], place[1] or None, contnode, target)

    def resolve_any_xref(
        self, env: BuildEnvironment, fromdocname: str, builder: Builder, target: str,
        node: pending_xref, contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:  # fmt: skip
        """Return every object of that name, of whatever kind."""
        return [
            (f"stim:{kind}", make_refnode(builder, fromdocname, place[0], place[1] or None, contnode, target))
            for (kind, name), place in self.objects.items()
            if name == target
        ]

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield every object for the search and for other Sphinx projects."""
        for (kind, name), (docname, anchor) in sorted(self.objects.items()):
            yield name, name, kind, docname, anchor, 1
