import re

from stimproof.specs import errors
from stimproof.specs.findings import Code, Finding, Location, Severity


def _drawn() -> dict[str, str]:
    """Return parent by class, as the tree in the module's docstring draws it."""
    stack: list[tuple[int, str]] = []
    parents: dict[str, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"(?P<indent>[ │├└─]*)(?P<name>[A-Z]\w+Error)\b", line)
        if found is None or not line.startswith("    "):
            continue
        depth = len(found["indent"])
        while stack and stack[-1][0] >= depth:
            stack.pop()
        parents[found["name"]] = stack[-1][1] if stack else "Exception"
        stack.append((depth, found["name"]))
    return parents


def test_the_drawn_tree_is_the_code() -> None:
    """The exception tree in the docstring is the class tree of the module, name by name."""
    classes = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}
    real = {name: kind.__bases__[0].__name__ for name, kind in classes.items() if issubclass(kind, Exception)}
    assert _drawn() == real


def test_an_author_error_carries_every_finding() -> None:
    """An error about an input file carries all findings and prints them all."""
    findings = [Finding(Code.YAML, Location("a.yaml", line), "bad") for line in (1, 2)]
    error = errors.SpecificationError(iter(findings))
    assert error.findings == tuple(findings)
    assert str(error).splitlines() == [f"a.yaml:{n}:1: error[yaml]: bad" for n in (1, 2)]


def test_finding_codes_are_distinct_and_explained() -> None:
    """Each finding code has its own slug and a meaning that ends without a full stop."""
    slugs = [code.slug for code in Code]
    assert len(set(slugs)) == len(slugs)
    for code in Code:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code.slug)
        assert code.meaning
        assert not code.meaning.endswith(".")


def test_a_finding_may_be_weighed_otherwise_than_its_code() -> None:
    """A finding's own severity replaces that of its code."""
    place = Location("a.yaml", 3, 4, "x.y")
    assert Finding(Code.UNUSED, place, "m").weight is Severity.WARNING
    assert Finding(Code.UNUSED, place, "m", severity=Severity.ERROR).weight is Severity.ERROR


def test_a_finding_as_text_and_as_data() -> None:
    """A finding prints as compilers do, and as data it has the same parts."""
    finding = Finding(Code.UNUSED, Location("a.yaml", 3, 4, "x.y"), "it is idle", "use it")
    assert finding.text() == "a.yaml:3:4: warning[unused]: it is idle (at x.y)\n    use it"
    assert finding.as_json() == {
        "code": "unused",
        "severity": "warning",
        "file": "a.yaml",
        "line": 3,
        "column": 4,
        "path": "x.y",
        "message": "it is idle",
        "advice": "use it",
    }
