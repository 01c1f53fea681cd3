"""What stands on the pages: every claim, every doubt, every link, and nothing from the network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from stimproof.dossier.build import build
from stimproof.dossier.inputs import DossierInputs
from stimproof.specs.reader import read_folder
from stimproof.verify.obligations import obligations
from stimproof.verify.results import Result, Verdict, Verification

from .conftest import TOY, Page, read

PAGES = (
    *("index", "device", "limits", "machines", "obligations", "anomalies", "assumptions", "risk", "controls"),
    *(
        "matrix",
        "register",
        "indications",
        "clauses",
        "findings",
        "sources",
        "recheck",
        "stim-elements",
        "search",
    ),
)


@pytest.fixture(scope="module")
def pages(dossier: Path) -> dict[str, Page]:
    """Every page of the toy's dossier by its path."""
    return {path.relative_to(dossier).as_posix(): read(path) for path in dossier.rglob("*.html")}


def test_the_set_of_documents(toy: DossierInputs, pages: dict[str, Page]) -> None:
    """The document set is complete: the fixed pages, one for each claim, one for each input file."""
    claims = {f"obligations/{item.obligation.id}.html" for item in toy.verification.results}
    texts = {"text/specs-device.yaml.html", "text/hazards-risk.yaml.html"}
    assert set(pages) == {f"{name}.html" for name in PAGES} | claims | texts


def test_every_link_leads_somewhere(dossier: Path, pages: dict[str, Page]) -> None:
    """Each link inside the dossier leads to a file that is there, and to an anchor that is on it."""
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (dossier / name).parent / unquote(parts.path) if parts.path else dossier / name
            assert target.is_file(), (name, link)
            if parts.fragment and target.suffix == ".html":
                other = pages[target.resolve().relative_to(dossier.resolve()).as_posix()]
                assert unquote(parts.fragment) in other.ids, (name, link)


def test_no_id_stands_twice_on_a_page(pages: dict[str, Page]) -> None:
    """Anchors are unique, pictures included."""
    for name, page in pages.items():
        twice = {anchor for anchor in page.ids if page.ids.count(anchor) > 1}
        assert not twice, (name, twice)


def test_nothing_is_loaded_from_the_network(dossier: Path, pages: dict[str, Page]) -> None:
    """Scripts, style sheets, pictures and fonts come from the folder itself; links may lead out."""
    for name, page in pages.items():
        assert not [load for load in page.loads if urlsplit(load).scheme not in ("", "data")], name
    for style in dossier.rglob("*.css"):
        assert "url(http" not in style.read_text("utf-8"), style
        assert "@import" not in style.read_text("utf-8"), style


def test_the_overview_says_the_verdict_first(toy: DossierInputs, pages: dict[str, Page]) -> None:
    """The band says what the whole verification came to; refuted claims stand on the first page."""
    text = pages["index.html"].text
    assert f"1 of {len(toy.verification.results)} claims does not hold." in text
    assert text.index("the ipg shall always satisfy count <= 2") < text.index("Waiting for an answer")
    assert "does not claim conformity" in text


@pytest.mark.parametrize(
    ("verdict", "headline"),
    [
        (Verdict.PROVED, "Proved"),
        (Verdict.UNKNOWN, "Not decided"),
        (Verdict.ERROR, "Not decided"),
        (Verdict.REFUTED, "Refuted"),
    ],
)
def test_the_band_of_each_outcome(tmp_path: Path, verdict: Verdict, headline: str) -> None:
    """One open or refuted claim among proved ones decides the band."""
    specification = read_folder(TOY / "specs")
    results = [Result(item, Verdict.PROVED, "", 0.0) for item in obligations(specification)]
    results[3] = replace(results[3], verdict=verdict, reason="for this test")
    verification = Verification(specification, tuple(results), {}, "0")
    build(DossierInputs(specification, verification), tmp_path / "out")
    band = (tmp_path / "out" / "index.html").read_text("utf-8").split('role="status"')[1]
    assert f'class="stim-band-head">{headline}<' in band


def test_a_device_without_anything_still_has_a_dossier(tiny: DossierInputs, tmp_path: Path) -> None:
    """An empty specification gives honest pages, not a crash and not a green band."""
    build(tiny, tmp_path / "out")
    text = read(tmp_path / "out" / "index.html").text
    assert "Nothing was verified" in text
    assert "no risk file" in text


def test_a_claims_page_carries_its_evidence(toy: DossierInputs, pages: dict[str, Page]) -> None:
    """Sentence, verdict, place, advice, run and evidence stand on the page of each claim."""
    for result in toy.verification.results:
        page = pages[f"obligations/{result.obligation.id}.html"]
        assert result.obligation.statement in page.text
        assert result.verdict.title in page.text
        assert f"specs/device.yaml:{result.obligation.location.line}" in page.text
        assert f"../text/specs-device.yaml.html#line-{result.obligation.location.line}" in page.links
        for script in result.certificate.scripts if result.certificate else ():
            assert f"../evidence/{script}" in page.links
    refuted = pages["obligations/properties.P4.html"].text
    assert "The counter leaves room for one more session." in refuted
    assert "Stop counting at two." in refuted
    assert "count: 2 → 3" in refuted


def test_unverified_numbers_are_marked_wherever_they_appear(pages: dict[str, Page]) -> None:
    """A recalled number carries its mark on the overview, the device, its claims and the ledger."""
    for name in ("index", "device", "assumptions", "obligations/limits.q", "obligations"):
        assert "unverified" in pages[f"{name}.html"].text, name
    assert "unverified" not in pages["obligations/properties.P1.html"].text


def test_every_anomaly_is_listed_by_itself(toy: DossierInputs, pages: dict[str, Page]) -> None:
    """Each refuted or open claim stands in the list of anomalies, and nothing else does."""
    text = pages["anomalies.html"].text
    for result in toy.verification.results:
        listed = result.verdict in (Verdict.REFUTED, Verdict.UNKNOWN, Verdict.ERROR)
        assert (f"obligations/{result.obligation.id}.html" in pages["anomalies.html"].links) is listed
    assert "Stop counting at two." in text


def test_references_lead_both_ways(pages: dict[str, Page]) -> None:
    """A control leads to its claims and a claim back to its controls; a source to what cites it."""
    assert "obligations/properties.P2.html" in pages["controls.html"].links
    assert "../controls.html#control-stop_works" in pages["obligations/properties.P2.html"].links
    assert "sources.html#source-manual" in pages["device.html"].links
    assert "obligations/limits.q.html" in pages["sources.html"].links


def test_the_trace_matrix_reaches_the_evidence(pages: dict[str, Page]) -> None:
    """The matrix leads from hazard to control, requirement and claim."""
    links = pages["matrix.html"].links
    for target in (
        "risk.html#hazard-strong",
        "controls.html#control-bounded",
        "controls.html#requirement-R_cap",
    ):
        assert target in links
    assert "obligations/limits.d.html" in links
    assert "uncovered" in pages["matrix.html"].text


def test_the_index_lists_everything(toy: DossierInputs, pages: dict[str, Page]) -> None:
    """Every named object stands in the index, so that the search finds it too."""
    text = pages["stim-elements.html"].text
    names = [
        *toy.specification.parameters,
        *toy.specification.variables,
        "properties.P4",
        "stop_works",
        "4.1",
    ]
    for name in names:
        assert name in text, name
