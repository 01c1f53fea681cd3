"""Reading a risk file: from YAML files to a resolved :class:`RiskFile`, or to findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stimproof.hazards import catalogue, register
from stimproof.hazards.citations import evidence_lists
from stimproof.hazards.document import HEADS, RiskFileDocument
from stimproof.hazards.matrix import RiskMatrix
from stimproof.hazards.policy import matrix_of, scale_of
from stimproof.hazards.references import Checker
from stimproof.hazards.risk_file import Places, RiskFile
from stimproof.specs.errors import AuthorError, RiskFileError
from stimproof.specs.extending import Kind, gather
from stimproof.specs.findings import Code, Finding, Location, Severity, in_order
from stimproof.specs.reading import Document, read_files, read_text
from stimproof.specs.validation import Bundle, validate
from stimproof.verify.obligations import obligations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from stimproof.hazards.evidence import Evidence
    from stimproof.specs.document import Source
    from stimproof.specs.specification import Specification
    from stimproof.verify.results import Obligation

RISK_FILE = Kind("hazards", HEADS, ("risk_file", "device"))
_EMPTY = RiskMatrix((), (), ())


def read_folder(folder: Path, specification: Specification) -> RiskFile:
    """Read every ``*.yaml`` of a folder as one risk file about ``specification``.

    A folder that is absent or empty gives an empty risk file with one finding: the device can still be
    verified, and :func:`stimproof.hazards.trace.trace` says what that leaves open.

    Raises:
        RiskFileError: with all findings of all files, those of severity error among them.
    """
    try:
        documents = read_files(folder)
    except AuthorError as error:
        raise RiskFileError(error.findings) from None
    return resolve(documents, specification, folder.parent) if documents else _absent(folder, specification)


def read_string(text: str, specification: Specification, file: str = "risk.yaml") -> RiskFile:
    """Read a risk file from one YAML text; see :func:`read_folder`."""
    try:
        document = read_text(text, file)
    except AuthorError as error:
        raise RiskFileError(error.findings) from None
    return resolve([document], specification)


def resolve(
    documents: Sequence[Document], specification: Specification, root: Path | None = None
) -> RiskFile:
    """Resolve documents into one risk file; warnings and notes stay in its ``findings``.

    ``root`` is the project's folder, whose ``library/`` goes before that of the program where the risk file
    of another device is extended.

    Raises:
        RiskFileError: at least one finding is an error; it carries all of them.
    """
    try:
        source = gather(documents, root, RISK_FILE)
    except AuthorError as error:
        raise RiskFileError(error.findings) from None
    checked = validate(RiskFileDocument, source)
    if checked.model is None:
        raise RiskFileError(_sorted(source.findings))
    known = catalogue.load()
    claims = obligations(specification)
    checker = Checker(source, checked.model, checked.excused, specification, claims, known)
    checker.check()
    findings = in_order(source.findings, [document.file for document in source.documents])
    if any(finding.weight is Severity.ERROR for finding in findings):
        raise RiskFileError(findings)
    return _risk_file(source, checked.model, specification, claims, known, findings)


def _risk_file(
    source: Bundle,
    doc: RiskFileDocument,
    specification: Specification,
    claims: Sequence[Obligation],
    known: catalogue.Catalogue,
    findings: Iterable[Finding],
) -> RiskFile:
    head = doc.risk_file
    evidence, sources = _cited(doc)
    return RiskFile(
        device=head.device,
        edition=head.edition,
        matrix=matrix_of(head),
        scale=scale_of(head),
        policy=head.policy,
        specification=specification,
        obligations=tuple(claims),
        catalogue=known,
        sources={**sources, **specification.sources, **doc.sources},
        evidence={**doc.evidence, **evidence},
        populations=doc.populations,
        benefit_risk=doc.benefit_risk,
        overall=doc.overall_residual_risk,
        post_production=doc.post_production,
        written=doc.documents,
        clauses=doc.clauses,
        reviews=doc.reviews,
        causes=doc.causes,
        hazards=doc.hazards,
        situations=doc.situations,
        harms=doc.harms,
        controls=doc.controls,
        requirements=doc.requirements,
        not_applicable=doc.not_applicable,
        places=Places(source.documents),
        note=head.note,
        open_findings=head.open_findings,
        documents=source.documents,
        findings=tuple(findings),
    )


def _cited(doc: RiskFileDocument) -> tuple[dict[str, Evidence], dict[str, Source]]:
    """Return what the file cites from the register that ships with stimproof, with the sources of that."""
    names = {name for _, names in evidence_lists(doc) for name in names} - doc.evidence.keys()
    if not names:
        return {}, {}
    shipped = register.load()
    found = {name: shipped.evidence[name] for name in sorted(names)}
    sources = {source for item in found.values() for source in item.sources}
    return found, {name: shipped.sources[name] for name in sorted(sources)}


def _absent(folder: Path, specification: Specification) -> RiskFile:
    place = Location(str(folder))
    finding = Finding(
        Code.NO_RISK_FILE,
        place,
        "there is no risk file: no *.yaml file in this folder",
        "put one there; without it no hazard is traced and no gate passes",
        Severity.WARNING,
    )
    return RiskFile(
        device=specification.device.id,
        edition="",
        matrix=_EMPTY,
        specification=specification,
        obligations=tuple(obligations(specification)),
        catalogue=catalogue.load(),
        sources=specification.sources,
        evidence={},
        causes={},
        hazards={},
        situations={},
        harms={},
        controls={},
        requirements={},
        not_applicable={},
        places=Places((), place),
        present=False,
        findings=(finding,),
    )


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(
        dict.fromkeys(findings), key=lambda finding: (finding.location, finding.code.slug, finding.message)
    )
