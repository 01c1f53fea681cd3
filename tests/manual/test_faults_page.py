"""The page about faults: its example is real output, and every kind and effect stands on it."""

from pathlib import Path
from typing import get_args

from excerpts import compare, run
from stimproof.specs import failures
from stimproof.verify.fault_effects import FaultEffect


def test_the_effects_of_the_faults_are_real_output(root: Path) -> None:
    """What the page shows is what ``faults`` prints; with something broken it exits with 1."""
    folder = root / "docs" / "examples" / "faults"
    status, printed = run("faults", str(folder), "--no-cache")
    compare(folder / "faults.txt", printed)
    assert status == 1
    for effect in (FaultEffect.TOLERATED, FaultEffect.BROKEN):
        assert f"    {effect.value}: " in printed


def test_every_kind_and_every_effect_is_on_the_page(root: Path) -> None:
    """No kind of fault is left without a meaning, and no effect without an explanation."""
    page = (root / "docs" / "faults.rst").read_text(encoding="utf-8")
    kinds = [
        get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(failures.Fault)[0])
    ]
    assert len(kinds) == 6
    assert all(f"   * - ``{kind}``\n" in page for kind in kinds)
    assert all(f"   * - {effect.value}\n" in page for effect in FaultEffect)
