"""The cases of the corpus, each verified once in a process."""

from functools import cache
from pathlib import Path

from stimproof.specs.reader import read_string
from stimproof.verify.results import Verification
from stimproof.verify.run import verify

CORPUS = Path(__file__).parents[1] / "corpus"
INVALID = sorted(CORPUS.glob("invalid/*.yaml"))
CASES = sorted(set(CORPUS.glob("*/*.yaml")) - set(INVALID))


@cache
def verified(case: Path) -> Verification:
    """Return the verification of a case."""
    return verify(read_string(case.read_text(encoding="utf-8"), case.name))


def name(case: Path) -> str:
    """Return the name of a case: its verdict and its file."""
    return f"{case.parent.name}/{case.stem}"


def text(case: str) -> str:
    """Return the text of a case by its name."""
    return (CORPUS / f"{case}.yaml").read_text(encoding="utf-8")
