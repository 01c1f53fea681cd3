"""The risk acceptability matrix: severity by probability, and what each combination demands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Acceptability(Enum):
    """What the manufacturer's policy says about a risk, mildest first."""

    ACCEPTABLE = "acceptable"
    REDUCE = "reduce"
    UNACCEPTABLE = "unacceptable"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return [*Acceptability].index(self)


@dataclass(frozen=True, slots=True)
class RiskMatrix:
    """A row for each severity, least severe first; a column for each probability, least probable first."""

    severities: tuple[str, ...]
    probabilities: tuple[str, ...]
    rows: tuple[tuple[Acceptability, ...], ...]

    def evaluate(self, severity: str, probability: str | None) -> Acceptability:
        """Return what the policy says; a probability that nobody knows counts as the highest level.

        That is the usual rule where software is among the causes: its failures have no known
        probability, so that the severity alone decides.
        """
        row = self.rows[self.severities.index(severity)]
        return row[-1] if probability is None else row[self.probabilities.index(probability)]

    def defects(self) -> Iterator[tuple[str, str]]:
        """Yield (severity, complaint) where the matrix is milder although the risk is greater."""
        for number, (severity, row) in enumerate(zip(self.severities, self.rows, strict=True)):
            for column, cell in enumerate(row):
                less_probable = row[column - 1] if column else cell
                less_severe = self.rows[number - 1][column] if number else cell
                at = f"at '{self.probabilities[column]}' it is {cell.value}, although"
                if cell.rank < less_probable.rank:
                    milder = self.probabilities[column - 1]
                    yield severity, f"{at} it is {less_probable.value} at the less probable '{milder}'"
                if cell.rank < less_severe.rank:
                    milder = self.severities[number - 1]
                    yield severity, f"{at} the less severe '{milder}' is {less_severe.value} there"
