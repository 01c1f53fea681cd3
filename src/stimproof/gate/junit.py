"""JUnit XML: one test case for each obligation, each gap in the hazard trace and each refused number.

The format is the one that CI servers agree on (Apache Ant's ``junit`` report; ``failure``, ``error`` and
``skipped`` elements). There is no timestamp, so that equal judgements give equal files but for the seconds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from stimproof import explaining
from stimproof.gate.judgement import Outcome, Subject

if TYPE_CHECKING:
    from stimproof.gate.judgement import Item, Judgement

_ELEMENTS = {Outcome.REFUSED: "failure", Outcome.INCONCLUSIVE: "error", Outcome.SKIPPED: "skipped"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _clean(text: str) -> str:
    """Return text that XML 1.0 can hold (section 2.2 of its recommendation)."""
    return _NOT_XML.sub("\ufffd", text)


def junit(judgement: Judgement) -> str:
    """Return the report as XML text."""
    device = judgement.verification.specification.device.id
    root = ET.Element("testsuites", name=f"stimproof {device}")
    every: list[Item] = []
    for subject in (Subject.OBLIGATION, Subject.HAZARD, Subject.NUMBER):
        items = [item for item in judgement.items if item.subject is subject]
        if items:
            every += items
            suite = ET.SubElement(root, "testsuite", {"name": f"{device} {subject.value}", **_counts(items)})
            for item in items:
                _case(suite, device, item)
    for key, value in _counts(every).items():
        root.set(key, value)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(items: list[Item]) -> dict[str, str]:
    def count(outcome: Outcome) -> str:
        return str(sum(item.outcome is outcome for item in items))

    return {
        "tests": str(len(items)),
        "failures": count(Outcome.REFUSED),
        "errors": count(Outcome.INCONCLUSIVE),
        "skipped": count(Outcome.SKIPPED),
        "time": f"{sum(item.seconds for item in items):.3f}",
    }


def _case(suite: ET.Element, device: str, item: Item) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_clean(f"{device}.{item.rule}"),
        name=_clean(item.id),
        time=f"{item.seconds:.3f}",
        file=_clean(item.location.file),
        line=str(item.location.line),
    )
    element = _ELEMENTS.get(item.outcome)
    if element is None:
        if item.message:
            ET.SubElement(case, "system-out").text = _clean(item.message)
        return
    found = ET.SubElement(case, element, message=_clean(item.message or item.claim), type=_clean(item.rule))
    if item.outcome is not Outcome.SKIPPED:
        found.text = _clean(_detail(item))


def _detail(item: Item) -> str:
    lines = [item.claim, f"at {item.location}", item.message]
    if item.result is not None:
        for section in explaining.explain(item.result):
            lines += ["", section.heading, *(f"  {line}" for line in section.lines)]
    return "\n".join(lines)
