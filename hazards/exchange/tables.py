"""The hazard table as CSV and as an Excel workbook; no cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import TYPE_CHECKING

from stimproof.hazards.exchange.items import to_xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stimproof.hazards.report import TraceReport, TraceRow

COLUMNS = (
    ("Hazard", "hazard"),
    ("Hazard in words", "hazard_text"),
    ("Catalogue", "catalogue"),
    ("Situation", "situation"),
    ("Situation in words", "situation_text"),
    ("Causes", "causes"),
    ("Controlled elsewhere", "elsewhere"),
    ("P1", "p1"),
    ("Harm", "harm"),
    ("Harm in words", "harm_text"),
    ("Severity", "severity"),
    ("P2", "p2"),
    ("Probability", "probability"),
    ("Risk", "risk"),
    ("Control", "control"),
    ("Control in words", "control_text"),
    ("Kind of control", "control_kind"),
    ("State of control", "control_state"),
    ("Requirement", "requirement"),
    ("Requirement in words", "requirement_text"),
    ("Obligation", "obligation"),
    ("Verdict", "verdict"),
    ("Evidence", "evidence"),
    ("Residual probability", "residual_probability"),
    ("Residual risk", "residual_risk"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WHEN = (1980, 1, 1, 0, 0, 0)
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>).*?(</dcterms:modified>)")


def cells(rows: Iterable[TraceRow]) -> list[list[str]]:
    """Return the table with its headings, one line for each way from a hazard to the evidence."""
    table = [[heading for heading, _ in COLUMNS]]
    table += [[_cell(getattr(row, name)) for _, name in COLUMNS] for row in rows]
    return table


def _cell(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else "; ".join(value)


def guarded(text: str) -> str:
    """Return text that no spreadsheet program takes for a formula.

    >>> guarded("=1+1"), guarded("+ 5 mA"), guarded("5 mA")
    ("'=1+1", "'+ 5 mA", '5 mA')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(report: TraceReport) -> str:
    """Return the hazard table as CSV (RFC 4180); what looks like a formula has an apostrophe before it."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([guarded(cell) for cell in row] for row in cells(report.rows))
    return stream.getvalue()


def as_xlsx(report: TraceReport) -> bytes:
    """Return the hazard table as an Excel workbook in which every cell is text; equal input, equal bytes."""
    import datetime

    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    book.properties.created = datetime.datetime(2000, 1, 1)
    sheet = book.active
    assert sheet is not None
    sheet.title = "Hazards"
    sheet.freeze_panes = "A2"
    for number, row in enumerate(cells(report.rows), start=1):
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = to_xml(text)
            # A text that begins with '=' would else be taken for a formula.
            cell.data_type = "s"
            cell.quotePrefix = text.startswith(_FORMULA)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    stream = io.BytesIO()
    book.save(stream)
    return _reproducible(stream.getvalue())


def _reproducible(raw: bytes) -> bytes:
    """Return a ZIP archive whose members bear no time, nor its properties the moment of saving."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as given, zipfile.ZipFile(stream, "w") as made:
        for member in given.infolist():
            content = given.read(member)
            if member.filename == "docProps/core.xml":
                content = _SAVED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            made.writestr(zipfile.ZipInfo(member.filename, _WHEN), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
