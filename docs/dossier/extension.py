"""The Sphinx extension: it registers the domain ``stim`` and tells it what stands on each page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stimproof.dossier.domain import StimDomain
from stimproof.dossier.navigation import add_navigation

if TYPE_CHECKING:
    from docutils.nodes import document
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything; called by Sphinx."""
    # A function is what Sphinx leaves out of the environment that it pickles.
    app.add_config_value("stimproof_dossier", None, "")
    app.add_domain(StimDomain)
    app.connect("doctree-read", _register)
    app.connect("html-page-context", add_navigation)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _register(app: Sphinx, doctree: document) -> None:
    """Enter the objects of the page just read into the domain."""
    domain = app.env.domains["stim"]
    _, book = app.config.stimproof_dossier()
    docname = app.env.docname
    domain.data["objects"].update({key: (docname, place.anchor) for key, place in book.on(docname)})
