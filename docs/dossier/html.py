"""HTML that cannot be injected into: plain text is escaped wherever it meets markup."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape as _escape
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_VOID = frozenset({"br", "hr", "img", "input", "wbr"})


class Markup(str):
    """Text that is HTML already; only this module and the drawing modules make it."""

    __slots__ = ()


Content = str | Markup | None


def escape(text: Content) -> Markup:
    """Return markup as it is, anything else escaped; ``None`` is nothing.

    >>> escape("<b>"), escape(Markup("<b>"))
    ('&lt;b&gt;', '<b>')
    """
    if isinstance(text, Markup):
        return text
    return Markup(_escape(str(text), quote=True)) if text is not None else Markup("")


def join(parts: Iterable[Content], separator: Content = "") -> Markup:
    """Return the parts one after the other, each escaped unless it is markup."""
    return Markup(escape(separator).join(escape(part) for part in parts))


def tag(name: str, *children: Content, **attributes: str | None) -> Markup:
    """Return one element; ``class_`` stands for ``class`` and ``_`` in names for ``-``.

    >>> tag("a", "x < y", href='"q"', class_="k")
    '<a href="&quot;q&quot;" class="k">x &lt; y</a>'
    """
    opening = _opening(name, attributes)
    if name in _VOID:
        return Markup(opening)
    return Markup(f"{opening}{join(children)}</{name}>")


def _opening(name: str, attributes: Mapping[str, str | None]) -> str:
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escape(value, quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>"


def code(text: Content) -> Markup:
    """Return inline code in the theme's style."""
    return tag("code", text, class_="stim-code")


def breakable(text: str) -> Markup:
    """Return a name that may break after each dot and underscore."""
    parts = text.replace("_", "_\0").replace(".", ".\0").split("\0")
    return join(parts, tag("wbr"))


def muted(text: Content) -> Markup:
    """Return text of secondary weight."""
    return tag("span", text, class_="stim-muted")


def prose(text: str) -> Markup:
    """Return an author's plain text as paragraphs, split at blank lines."""
    blocks = [" ".join(block.split()) for block in text.split("\n\n")]
    return join(tag("p", block) for block in blocks if block)


def bullets(items: Sequence[Content]) -> Markup:
    """Return a compact list, or the item alone where there is only one."""
    if len(items) == 1:
        return escape(items[0])
    return tag("ul", *(tag("li", item) for item in items), class_="stim-bullets")


@dataclass(frozen=True)
class Row:
    """Cells of a table row, with an anchor and a class of its own."""

    cells: tuple[Content, ...]
    anchor: str | None = None
    style: str | None = None


def row(*cells: Content, anchor: str | None = None, style: str | None = None) -> Row:
    """Return a row of cells."""
    return Row(cells, anchor, style)


def table(headers: Sequence[Content], rows: Iterable[Row], *, style: str = "", label: str = "") -> Markup:
    """Return a table that scrolls sideways inside its frame; ``style`` is a CSS class."""
    frame = {"class_": "stim-scroll", "tabindex": "0", "role": "region", "aria_label": label or "table"}
    head = tag("thead", tag("tr", *(tag("th", text, scope="col") for text in headers)))
    # Large tables are put together once, from pieces, and not once more for each element around them.
    pieces = chain(
        (
            _opening("div", frame),
            _opening("table", {"class_": f"stim-table {style}".strip()}),
            head,
            "<tbody>",
        ),
        chain.from_iterable(map(_pieces, rows)),
        ("</tbody></table></div>",),
    )
    return Markup("".join(pieces))


def _pieces(line: Row) -> Iterator[str]:
    """Yield the markup of a table row, piece by piece."""
    yield _opening("tr", {"id": line.anchor, "class_": line.style})
    for cell in line.cells:
        yield "<td>"
        yield escape(cell)
        yield "</td>"
    yield "</tr>"


def facts(pairs: Iterable[tuple[Content, Content]]) -> Markup:
    """Return a list of names and values, leaving out what is empty."""
    return tag(
        "dl",
        *(join((tag("dt", name), tag("dd", value))) for name, value in pairs if value),
        class_="stim-facts",
    )


def notice(text: Content, kind: str = "plain") -> Markup:
    """Return a framed remark in place of something that is not there."""
    return tag("div", text, class_=f"stim-notice stim-notice-{kind}")
