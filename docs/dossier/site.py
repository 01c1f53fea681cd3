"""Running Sphinx on the document set: page sources in, HTML out, every warning an error."""

from __future__ import annotations

import io
from importlib import resources
from typing import TYPE_CHECKING, Any

from stimproof.dossier.palette import DARK, LIGHT
from stimproof.specs.errors import InternalError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stimproof.dossier.book import Book
    from stimproof.dossier.inputs import DossierInputs

SIDEBARS = (
    "sidebar/brand",
    "sidebar/search",
    "sidebar/scroll-start",
    "stim-navigation",
    "sidebar/scroll-end",
)
LEFTOVERS = (".buildinfo", ".buildinfo.bak", "objects.inv")


def render(inputs: DossierInputs, book: Book, work: Path, out: Path) -> None:
    """Write the HTML pages into ``out``; ``work`` is an empty folder for what is needed meanwhile.

    Raises:
        InternalError: Sphinx complained; the message holds what it said.
    """
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    source = work / "source"
    write_sources(inputs, book, source)
    warnings = io.StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source, None, out, work / "doctrees", "html",
            confoverrides=configuration(inputs, book), status=None, warning=warnings, freshenv=True,
        )  # fmt: skip
        app.build()
    if said := warnings.getvalue().replace(f"{source}/", ""):
        raise InternalError(f"the dossier's pages have a defect; Sphinx says:\n{said}")
    for name in LEFTOVERS:
        (out / name).unlink(missing_ok=True)
    for folder in out.rglob("*"):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def write_sources(inputs: DossierInputs, book: Book, source: Path) -> None:
    """Write the page sources: the fixed ones, and one for each claim and input file."""
    package = resources.files("stimproof.dossier")
    folders = (("pages", source), ("static", source / "_static"), ("templates", source / "_templates"))
    for folder, target in folders:
        target.mkdir(parents=True)
        for item in (package / folder).iterdir():
            if item.name.endswith((".rst", ".css", ".html")):
                (target / item.name).write_text(item.read_text("utf-8"), "utf-8")
    _generated(source, "obligation-page", book.pages("obligation"))
    _generated(source, "text-page", book.pages("file"))


def _generated(source: Path, directive: str, pages: Mapping[str, str]) -> None:
    """Write pages that hold nothing but a directive and a number: no text of an author becomes RST."""
    for number, docname in enumerate(pages.values()):
        page = source / f"{docname}.rst"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f":orphan:\n\n.. stim:{directive}:: {number}\n", "utf-8")


def configuration(inputs: DossierInputs, book: Book) -> dict[str, Any]:
    """Return Sphinx' configuration; nothing in it depends on the place or the time of the build."""
    device = inputs.specification.device
    return {
        "project": device.name,
        "html_title": f"{device.name}: safety dossier",
        "extensions": ["stimproof.dossier.extension"],
        "stimproof_dossier": lambda: (inputs, book),
        "root_doc": "index",
        "language": "en",
        "nitpicky": True,
        "smartquotes": False,
        "highlight_language": "none",
        "html_theme": "furo",
        "html_theme_options": {
            "top_of_page_buttons": [],
            "light_css_variables": LIGHT,
            "dark_css_variables": DARK,
        },
        "html_static_path": ["_static"],
        "templates_path": ["_templates"],
        "html_sidebars": {"**": [f"{name}.html" for name in SIDEBARS]},
        "html_css_files": ["stimproof.css"],
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_show_sphinx": False,
        "html_show_copyright": False,
        "html_show_search_summary": False,
        "html_last_updated_fmt": None,
        "html_permalinks": False,
        "html_use_index": False,
    }
