"""What the models of the language are made of: frozen models, cited values, exact quantities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from stimproof.specs.quantities import (
    AREA,
    CAPACITANCE,
    FREQUENCY,
    LENGTH,
    NUMBER,
    RESISTANCE,
    TIME,
    VOLTAGE,
    Dimension,
    NamedQuantity,
    Quantity,
    UnitError,
    exact_text,
    quantity,
)

Identifier = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*$", max_length=80)
]
ExpressionText = Annotated[
    str,
    BeforeValidator(lambda value: _as_text(value)),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
Identifiers = Annotated[tuple[Identifier, ...], Field(min_length=1)]
Confidence = Literal["seen", "derived", "recalled", "uncertain"]
UNKNOWN = "unknown"


class Model(BaseModel):
    """Base of all models: frozen, and every key that the language does not have is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Return the model itself: pydantic copies the default of each field of each entry, for nothing."""
        return self


def _as_text(value: Any) -> Any:
    """Give an unquoted YAML scalar (``true``, ``3``, ``0.5``) back as text of the expression language."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return exact_text(value) if isinstance(value, Fraction) else value


_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*\Z")
EXCUSED = "excused"
"""The kind of a complaint about something that is already reported where it is declared."""


@dataclass(frozen=True, slots=True)
class Constants:
    """What names stand for while a document is validated; ``None`` where the declaration is in error."""

    values: Mapping[str, Quantity | None] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def named(self, name: str) -> Quantity:
        """Return the quantity that a name stands for; the name is remembered as used.

        Raises:
            PydanticCustomError: there is no such constant, or its own declaration is in error.
        """
        if name not in self.values:
            near = get_close_matches(name, self.values, n=2)
            advice = (
                f"did you mean {' or '.join(near)}?" if near else "write '25 uA', or declare the constant"
            )
            message = "'{name}' is neither a number with a unit nor a declared constant"
            raise PydanticCustomError("wrong_unit", message, {"name": name[:80], "advice": advice})
        self.used.add(name)
        found = self.values[name]
        if found is None:
            raise PydanticCustomError(EXCUSED, "the constant is already reported")
        return NamedQuantity(found.si, found.unit, name)


def _read_quantity(value: Any, info: ValidationInfo) -> Quantity:
    known = info.context if isinstance(info.context, Constants) else Constants()
    if isinstance(value, str) and value != UNKNOWN and _WORD.match(value):
        return known.named(value)
    return written_quantity(value)


def written_quantity(value: Any) -> Quantity:
    """Return the quantity that a YAML scalar writes out.

    Raises:
        PydanticCustomError: it is no number with a unit of the language.
    """
    if isinstance(value, Quantity):
        return value
    try:
        if isinstance(value, str):
            return quantity(value)
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return Quantity(Fraction(value), quantity("1").unit)
    except UnitError as error:
        raise PydanticCustomError(
            "wrong_unit",
            "{problem}",
            {"problem": str(error), "advice": "write a number and a unit, such as '25 uA' or '210 us'"},
        ) from None
    raise PydanticCustomError(
        "wrong_unit", "a number with a unit is needed", {"advice": "for example '25 uA'"}
    )


AnyQuantity = Annotated[
    Quantity,
    BeforeValidator(_read_quantity),
    WithJsonSchema({"type": ["string", "number"], "examples": ["25 uA"]}),
]


def _of(dimension: Dimension) -> BeforeValidator:
    def check(value: Any, info: ValidationInfo) -> Quantity:
        found = _read_quantity(value, info)
        if found.dimension != dimension:
            raise PydanticCustomError(
                "wrong_unit",
                "'{got}' is {kind}; {wanted} is needed",
                {
                    "got": str(found),
                    "kind": str(found.dimension),
                    "wanted": str(dimension),
                    "advice": "mend the unit",
                },
            )
        return found

    return BeforeValidator(check)


_IN_JSON = WithJsonSchema({"type": ["string", "number"]})
WrittenQuantity = Annotated[Quantity, BeforeValidator(lambda value: written_quantity(value)), _IN_JSON]
"""A number with a unit that is written out: no name of a constant."""
Length = Annotated[Quantity, _of(LENGTH), _IN_JSON]
Area = Annotated[Quantity, _of(AREA), _IN_JSON]
Duration = Annotated[Quantity, _of(TIME), _IN_JSON]
Plain = Annotated[Quantity, _of(NUMBER), _IN_JSON]
Frequency = Annotated[Quantity, _of(FREQUENCY), _IN_JSON]
Voltage = Annotated[Quantity, _of(VOLTAGE), _IN_JSON]
Resistance = Annotated[Quantity, _of(RESISTANCE), _IN_JSON]
Capacitance = Annotated[Quantity, _of(CAPACITANCE), _IN_JSON]
ArealCapacitance = Annotated[Quantity, _of(CAPACITANCE / AREA), _IN_JSON]

T = TypeVar("T")


class Cited(Model):
    """Who says so: a declared source and how sure we are of having read it there."""

    source: Identifier | tuple[Identifier, ...] | None = Field(
        None, description="The declared source that says so, or a list of them.", examples=["manual"]
    )
    confidence: Confidence | None = Field(
        None,
        description="How sure that is: read in the source (seen), computed from such numbers (derived), "
        "remembered (recalled), or doubtful (uncertain). The last two are printed as unverified.",
    )
    note: str = Field("", description="What else a reader must know: page, condition, doubt.")

    @property
    def sources(self) -> tuple[str, ...]:
        """The cited source ids."""
        return (self.source,) if isinstance(self.source, str) else self.source or ()


class Sourced(Cited, Generic[T]):
    """A value with its source, or ``unknown``, which no proof may rest on."""

    value: T | Literal["unknown"] = Field(
        description="The value, the name of a constant, or 'unknown' where nobody can cite one."
    )

    @model_validator(mode="after")
    def _cites(self) -> Sourced[T]:
        named = isinstance(self.value, NamedQuantity) and not self.sources  # the constant cites for it
        if self.value != UNKNOWN and not named:
            demand_source(self, "this number")
        return self

    @property
    def known(self) -> bool:
        """Whether somebody has cited a value."""
        return not (isinstance(self.value, str) and self.value == UNKNOWN)


def demand_source(cited: Cited, what: str) -> None:
    """Reject a number that cites no source, or no confidence."""
    missing = [name for name, got in (("source", cited.sources), ("confidence", cited.confidence)) if not got]
    if missing:
        raise PydanticCustomError(
            "missing_source",
            "{what} has no {missing}",
            {
                "what": what,
                "missing": " and no ".join(missing),
                "advice": "cite a declared source with a confidence (seen, derived, recalled, uncertain), "
                "or write 'unknown'",
            },
        )
