"""Exit statuses, and what a verification's worst verdict makes of them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from stimproof.verify.results import Verdict

if TYPE_CHECKING:
    from stimproof.verify.results import Verification


class Status(IntEnum):
    """The exit statuses of every command."""

    PASSED = 0
    SAFETY_FINDING = 1
    INVALID = 2
    INCONCLUSIVE = 3
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def of_verification(verification: Verification) -> Status:
    """Return the status of a verification: refuted before inconclusive, and no claim at all is no pass."""
    if verification.worst is Verdict.REFUTED:
        return Status.SAFETY_FINDING
    if verification.worst in (Verdict.UNKNOWN, Verdict.ERROR) or not verification.results:
        return Status.INCONCLUSIVE
    return Status.PASSED
