"""The scope of IEC 60601-2-10: nerve and muscle stimulators on the skin.

The standard excludes implanted stimulators and stimulators that are connected to implanted electrodes, so
that its limits say nothing about them, whatever argument is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stimproof.verify.laws.case import Case


def skin_only(case: Case) -> None:
    """Exclude every electrode that does not lie on the skin."""
    electrode = case.electrode
    if electrode.placement != "skin":
        what = "implanted electrodes" if electrode.placement == "implanted" else "electrodes through the skin"
        case.excluded.append(
            f"'{electrode.name}' is {electrode.placement}, and IEC 60601-2-10, which sets this limit, "
            f"excludes stimulators that are implanted or connected to {what}"
        )
