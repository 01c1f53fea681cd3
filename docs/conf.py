"""Sphinx configuration of the manual, and the tables in it that are generated from the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from stimproof.specs.findings import Code, Severity

HERE = Path(__file__).parent

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


class RecallsTable(_Generated):
    """The recall corpus: what was published, what was found, what was proved instead."""

    def lines(self) -> list[str]:
        """Return a list table with one row for each case."""
        from stimproof.specs.reader import read_folder

        rows = [".. list-table::", "   :header-rows: 1", "   :widths: 28 28 22 22", ""]
        rows += ["   * - Recall", "     - Fault as modelled", "     - What is found", "     - Corrected"]
        for case in sorted(path for path in (HERE / "examples" / "recalls").iterdir() if path.is_dir()):
            fault, mended = (read_folder(case / side / "specs") for side in ("fault", "corrected"))
            title = next(iter(fault.sources.values())).title
            rows += [f"   * - ``{case.name}``: {_plain(title)}"]
            rows += [f"     - {_plain(fault.device.name)}"]
            rows += [f"     - {_expected(case / 'fault' / 'specs' / 'device.yaml')}"]
            rows += [f"     - {_plain(mended.device.name)}"]
        return rows


def _plain(text: str) -> str:
    """Return text in which no character means anything to reStructuredText."""
    return re.sub(r"([*`|_\\])", r"\\\1", " ".join(text.split()))


def _expected(file: Path) -> str:
    """Return what the comments at the head of a fault say is refuted; a test holds them to it."""
    found = re.findall(r"^# expect: (\S+): (refuted.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return "; ".join(f"``{name}`` {verdict}" for name, verdict in found)


class ConfidenceTable(_Generated):
    """How many numbers of each reference device are seen, derived, recalled, uncertain, unknown."""

    def lines(self) -> list[str]:
        """Return a list table with one row for each reference device."""
        from stimproof.project import CONFIDENCES, library

        rows = [".. list-table::", "   :header-rows: 1", "", "   * - Device"]
        rows += [f"     - {name}" for name in CONFIDENCES]
        for device in library():
            rows += [f"   * - ``{device.id}``: {_plain(device.specification.device.name)}"]
            rows += [f"     - {device.confidences[name]}" for name in CONFIDENCES]
        return rows


class LawsReference(_Generated):
    """Every built-in law: its own words, and its signature."""

    def lines(self) -> list[str]:
        """Return a heading, the text and a table for each law."""
        from importlib import import_module

        from stimproof.specs.laws import LAWS

        rows: list[str] = []
        for name, law in LAWS.items():
            said = import_module(f"stimproof.verify.laws.{name}").__doc__ or ""
            rows += ["", f".. _law-{name.replace('_', '-')}:", "", f".. rubric:: {name}", ""]
            rows += [*_in_words(said), "", ".. list-table::", "   :widths: 20 80", ""]
            rows += [f"   * - {key}\n     - {value}" for key, value in _signature(law)]
        return "\n".join(rows).splitlines()


def _in_words(docstring: str) -> list[str]:
    """Return a docstring as prose: references to modules become their names."""
    return re.sub(r":mod:`[\w.]*?(\w+)`", r"``\1``", docstring).strip().splitlines()


def _signature(law: Any) -> list[tuple[str, str]]:
    """Return what the table of a law says, as pairs of a key and reStructuredText."""
    stimuli = {
        "one": "one ``stimulus``",
        "several": "a ``stimulus``, or several ``stimuli`` at once",
        "none": "none",
    }
    needs = [
        f"``{item.name}``: {' or '.join(map(str, item.dimensions))}, {item.meaning}"
        + ("" if item.required else " (optional)")
        for item in law.inputs
    ]
    return [
        ("Claim", _plain(law.formula)),
        ("Kind", f"``{law.kind}``"),
        ("Limit", " or ".join(map(str, law.limit)) or "none of its own"),
        ("Stimulus", stimuli[law.stimuli]),
        ("Inputs", "; ".join(needs) or "none"),
    ]


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
    app.add_directive("recalls-table", RecallsTable)
    app.add_directive("confidence-table", ConfidenceTable)
    app.add_directive("laws-reference", LawsReference)
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
