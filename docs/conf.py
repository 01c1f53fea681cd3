"""Sphinx configuration of the manual, and the tables in it that are generated from the code."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from stimproof.specs.findings import Code, Severity

project = "stimproof"
author = "the stimproof authors"
project_copyright = "2026, the stimproof authors"
extensions: list[str] = []
exclude_patterns = ["_build", "dossier", "examples"]
html_theme = "furo"
html_title = "stimproof"
html_show_sourcelink = False
html_copy_source = False
nitpicky = True
smartquotes = False
highlight_language = "none"

_WEIGHTS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
}


class _Generated(Directive):
    """A directive whose content is reStructuredText written by :meth:`lines`."""

    def lines(self) -> list[str]:
        """Return the text to parse."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Parse the generated text where the directive stands."""
        node = nodes.container()
        self.state.nested_parse(StringList(self.lines(), source="generated"), self.content_offset, node)
        return node.children


class FindingsTable(_Generated):
    """The table of finding codes, from the enumeration itself."""

    def lines(self) -> list[str]:
        """Return a list table with one row for each code."""
        rows = [".. list-table::", "   :header-rows: 1", "", "   * - Code", "     - Weight", "     - Meaning"]
        for code in Code:
            rows += [f"   * - ``{code.slug}``", f"     - {_WEIGHTS[code.severity]}", f"     - {code.meaning}"]
        return rows


class CatalogueTable(_Generated):
    """The hazard catalogue's ids and titles, from the shipped file."""

    def lines(self) -> list[str]:
        """Return a list table with one row for each hazard."""
        from stimproof.hazards.catalogue import load

        rows = [".. list-table::", "   :header-rows: 1", "", "   * - Id", "     - Hazard"]
        for name, hazard in load().hazards.items():
            rows += [f"   * - ``{name}``", f"     - {hazard.title}"]
        return rows


class CommandHelp(_Generated):
    """The ``--help`` text of one command, as the program prints it."""

    required_arguments = 1

    def lines(self) -> list[str]:
        """Return the help text as a literal block."""
        return [".. code-block:: text", "", *(f"   {line}" for line in help_of(self.arguments[0]))]


def help_of(command: str) -> list[str]:
    """Return the lines that ``stimproof COMMAND --help`` prints on a terminal of 90 columns."""
    from typer.testing import CliRunner

    from stimproof.cli import app

    words = [] if command == "stimproof" else [command]
    result = CliRunner().invoke(app, [*words, "--help"], prog_name="stimproof", env={"COLUMNS": "90"})
    return [line.rstrip() for line in result.output.rstrip().splitlines()]


def setup(app: Any) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("findings-table", FindingsTable)
    app.add_directive("catalogue-table", CatalogueTable)
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
