"""The second solver: cvc5 reads the written SMT-LIB and answers every ``check-sat`` again.

This is the only module that imports cvc5. It sees the text of a certificate and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import cvc5

DEFAULT_BUDGET = 20_000_000
"""cvc5 resource units for each ``check-sat`` (deterministic, not seconds)."""
_COMMANDS = frozenset({"set-info", "set-logic", "declare-fun", "define-fun", "assert", "check-sat"})
"""What certificates consist of: their head, declarations (to cvc5, constants are functions of nothing),
definitions, assertions and questions. Other commands could write files or take back what was asserted, and
a script may come from somebody else's cache."""


@dataclass(frozen=True, slots=True)
class Recheck:
    """The answers of one script, in order, and why it could not be read to its end, if so."""

    answers: tuple[str, ...]
    problem: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether there was at least one question and every answer is ``unsat``."""
        return not self.problem and bool(self.answers) and all(answer == "unsat" for answer in self.answers)

    @property
    def text(self) -> str:
        """The outcome in a few words."""
        return self.problem or (", ".join(self.answers) if self.answers else "the script asks nothing")


CONFIRMED = Recheck(("unsat",))
"""The answer of a script that asks one thing."""


def name() -> str:
    """Return the solver's name and version."""
    return f"cvc5 {cvc5.__version__}"


def run(script: str, budget: int = DEFAULT_BUDGET) -> Recheck:
    """Run one SMT-LIB script; a script that does not parse is a problem, never an answer."""
    solver = cvc5.Solver(cvc5.TermManager())
    solver.setOption("rlimit-per", str(budget))
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, script, "certificate")
    symbols = parser.getSymbolManager()
    answers: list[str] = []
    try:
        while True:
            command = parser.nextCommand()
            if command.isNull():
                return Recheck(tuple(answers))
            if command.getCommandName() not in _COMMANDS:
                return Recheck(tuple(answers), f"'{command.getCommandName()}' has no place in a certificate")
            said = str(command.invoke(solver, symbols)).strip()
            if not said:  # most commands, of which an answer is none
                continue
            if command.getCommandName() == "check-sat":
                answers.append(said)
            elif said != "success":
                return Recheck(tuple(answers), said.replace("\n", " ")[:300])
    except RuntimeError as error:  # cvc5 raises RuntimeError for text it cannot parse or a feature it lacks
        return Recheck(tuple(answers), f"cvc5 cannot read the script: {str(error).strip()[:300]}")
