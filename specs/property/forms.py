"""The three choices that make a FRETish requirement's form: 8 scopes, 3 conditions, 11 timings."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """Which parts of a run a requirement speaks about, given a mode (any condition)."""

    GLOBAL = "global"
    IN = "in"
    NOT_IN = "not in"
    ONLY_IN = "only in"
    BEFORE = "before"
    ONLY_BEFORE = "only before"
    AFTER = "after"
    ONLY_AFTER = "only after"

    @property
    def only(self) -> bool:
        """Whether the timing must fail everywhere outside the scope, and nothing is said inside it."""
        return self in (Scope.ONLY_IN, Scope.ONLY_BEFORE, Scope.ONLY_AFTER)


class Condition(StrEnum):
    """When the timing starts to count inside a scope."""

    NONE = "none"
    TRIGGER = "trigger"
    HOLDING = "holding"


class Timing(StrEnum):
    """Where the response is demanded, counted from the start that the condition gives."""

    IMMEDIATELY = "immediately"
    NEXT = "at the next timepoint"
    EVENTUALLY = "eventually"
    ALWAYS = "always"
    NEVER = "never"
    FINALLY = "finally"
    WITHIN = "within"
    FOR = "for"
    AFTER = "after"
    UNTIL = "until"
    BEFORE = "before"

    @property
    def timed(self) -> bool:
        """Whether the timing takes a duration."""
        return self in (Timing.WITHIN, Timing.FOR, Timing.AFTER)

    @property
    def stopped(self) -> bool:
        """Whether the timing takes a stop condition."""
        return self in (Timing.UNTIL, Timing.BEFORE)
