"""What is committed is what is built, and what is built is what is installed."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

LINKS = {
    "specs": "../../specs",
    "verify": "../../verify",
    "hazards": "../../hazards",
    "dossier": "../../docs/dossier",
}
SHIPPED = {".py", ".yaml", ".lark", ".rst", ".html", ".css", ".js", ".svg", ".json", ".typed"}


def test_the_links_are_links(root: Path) -> None:
    """The four folders at the top are the package's folders, by relative symbolic links."""
    for name, target in LINKS.items():
        link = root / "src" / "stimproof" / name
        assert link.is_symlink()
        assert str(link.readlink()) == target
        assert link.resolve().is_dir()


def test_the_links_are_committed_as_links(root: Path) -> None:
    """Version control holds the links as links, not as copies."""
    if not (root / ".git").exists():
        pytest.skip("not a clone")
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "--stage", "src/stimproof"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    modes = {line.split("\t")[1]: line.split()[0] for line in listed.splitlines()}
    for name in LINKS:
        assert modes[f"src/stimproof/{name}"] == "120000"


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    """Build the sdist, and the wheel from the sdist; return the names inside the two."""
    out = tmp_path_factory.mktemp("dist")
    run = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(out), str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
    (wheel,) = out.glob("*.whl")
    (sdist,) = out.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    with tarfile.open(sdist) as archive_:
        packed = {name.partition("/")[2] for name in archive_.getnames()}
    return packed, inside


@pytest.mark.slow
def test_the_wheel_holds_every_module_and_data_file(root: Path, built: tuple[set[str], set[str]]) -> None:
    """The wheel that is built from the sdist has every module and data file of the tree, and nothing else."""
    _, inside = built
    package = root / "src" / "stimproof"
    expected = set()
    for folder, _, names in os.walk(package, followlinks=True):
        for name in names:
            if "__pycache__" not in folder and Path(name).suffix in SHIPPED:
                expected.add(str(Path("stimproof") / Path(folder).relative_to(package) / name))
    shipped = {name for name in inside if name.startswith("stimproof/")}
    assert shipped == expected


@pytest.mark.slow
def test_the_wheel_installs_one_name_only(built: tuple[set[str], set[str]]) -> None:
    """Nothing generic is installed at the top of site-packages."""
    _, inside = built
    tops = {name.split("/")[0] for name in inside}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"stimproof"}


@pytest.mark.slow
def test_licence_and_notice_travel_along(built: tuple[set[str], set[str]]) -> None:
    """Licence, notice, tests and manual are in the sdist; licence and notice in the wheel."""
    packed, inside = built
    assert {"LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "dev", "docs/conf.py"} <= packed
    assert any(name.startswith("tests/specs/malformed/") for name in packed)
    for name in ("LICENSE", "NOTICE"):
        assert any(entry.endswith(f".dist-info/licenses/{name}") for entry in inside)
