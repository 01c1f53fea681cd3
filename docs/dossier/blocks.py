"""Document nodes made from the model: sections and raw markup, the only two that the parts need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from stimproof.dossier.html import Markup

Nodes = list[nodes.Node]


def block(markup: Markup) -> nodes.Node:
    """Return escaped markup as one node; the HTML writer passes it through."""
    return nodes.raw("", str(markup), format="html")


def section(title: str, anchor: str, *children: nodes.Node, sign: str = "", style: str = "") -> nodes.section:
    """Return a section; ``sign`` goes before the title, there and in every table of contents."""
    heading = nodes.title()
    if sign:
        heading += nodes.inline("", sign, classes=["stim-sign", style])
        heading += nodes.Text(" ")
    heading += nodes.Text(title)
    return nodes.section("", heading, *children, ids=[anchor], names=[])
