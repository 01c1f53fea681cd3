"""The page about ablation: its example gives each effect, and the table of elements leaves nothing out."""

from pathlib import Path

from excerpts import compare, run
from stimproof.specs.elements import elements
from stimproof.specs.reader import read_folder
from stimproof.verify.effects import Effect
from stimproof.verify.removing import NotRemovableError, without


def test_the_effects_are_real_output(root: Path) -> None:
    """What the page shows is what ``trace`` prints of the controls, and each effect is among it."""
    folder = root / "docs" / "examples" / "ablation"
    _, printed = run("trace", str(folder))
    lines = printed.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("STATE"))
    table = lines[start : lines.index("", start)]
    compare(folder / "effects.txt", "\n".join(table) + "\n")
    assert all(any(effect.value in line for line in table) for effect in Effect)


def test_every_part_that_can_be_removed_is_on_the_page(root: Path) -> None:
    """Each kind of element that the example has either stands in the table or cannot be removed."""
    page = (root / "docs" / "ablation.rst").read_text(encoding="utf-8")
    device = read_folder(root / "docs" / "examples" / "ablation" / "specs")
    kinds = set()
    for name in elements(device):
        try:
            without(device, [name])
        except NotRemovableError:
            continue
        kinds.add(name.rsplit(".", 1)[-1] if name.startswith("machines") else name.split(".")[0])
    assert kinds >= {"guard", "updates", "entry", "exit", "stay", "parameters"}
    for kind in kinds & {"guard", "updates", "entry", "exit", "stay", "parameters", "inputs", "interlocks"}:
        assert f"``{kind}." in page or f".{kind}``" in page
