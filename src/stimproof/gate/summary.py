"""The gate's summary in Markdown (GitHub flavour), for a job page or a comment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stimproof import explaining
from stimproof.gate.judgement import Outcome
from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stimproof.gate.judgement import Item, Judgement

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~&@$]")
_AT_START = re.compile(r"^(\d*)([-+=#.])")
_TITLES = {
    Outcome.REFUSED: "Refused",
    Outcome.INCONCLUSIVE: "Inconclusive",
    Outcome.SKIPPED: "Not applicable",
    Outcome.NOTED: "Remarks",
}


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, on one line.

    >>> escape("a_b | <c>")
    'a\\\\_b \\\\| \\\\<c\\\\>'
    """
    line = _SPECIAL.sub(lambda match: f"\\{match.group()}", " ".join(text.split()))
    return _AT_START.sub(r"\1\\\2", line)


def summary(judgement: Judgement) -> str:
    """Return the summary: the verdict, the counts, and each item that is not simply good."""
    verification = judgement.verification
    specification = verification.specification
    lines = [f"# {escape(specification.device.name)}", "", f"**{escape(judgement.line)}**", ""]
    lines += ["| verdict | obligations |", "|---|---:|"]
    lines += [f"| {verdict.title} | {verification.count(verdict)} |" for verdict in Verdict]
    for outcome, title in _TITLES.items():
        items = judgement.of(outcome)
        if items:
            lines += ["", f"## {title} ({len(items)})", ""]
            lines += [line for item in items for line in _item(item)]
    solvers = ", ".join(verification.solvers.values())
    lines += ["", f"stimproof {escape(verification.version)}; {escape(solvers)}"]
    lines += [f"specification sha256 `{specification.sha256}`", ""]
    return "\n".join(lines)


def _item(item: Item) -> Iterator[str]:
    yield f"- **{escape(item.id)}** ({escape(str(item.location))}): {escape(item.claim)}"
    told = explaining.gist(item.result) if item.result is not None else ()
    for line in dict.fromkeys((*told, item.message)):
        if line:
            yield f"  - {escape(line)}"
