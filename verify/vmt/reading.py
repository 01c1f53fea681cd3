"""Reading VMT-LIB: the public SMT-LIB-based form of transition systems.

The form is that of Cimatti, Griggio and Tonetta, *The VMT-LIB language and tools* (SMT 2022): an ordinary
SMT-LIB 2.6 text in which attributes say what its terms are. ``:next`` pairs a variable with the one that
holds its value after a step; ``:init``, ``:trans`` and ``:invar-property`` mark the parts of the system; a
declared constant that no ``:next`` mentions is an input. Several initial or transition terms hold together.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stimproof.specs.errors import ModelError, OperatorError
from stimproof.specs.findings import Code, Finding, Location
from stimproof.verify.vmt.model import Model, Property, Variable
from stimproof.verify.vmt.operators import TEMPORAL
from stimproof.verify.vmt.scanner import Annotation, Function, Scanner, checked
from stimproof.verify.vmt.terms import BOOL, Sort, Terms
from stimproof.verify.vmt.tokens import Tokens, shortened, symbol

MAX_BYTES = 256 << 20
_INVARIANT = ":invar-property"
_UNDECIDED = {
    ":live-property": "it says what holds forever from some moment on, and only invariants are decided",
    ":ltl-property": "it is a formula of linear temporal logic, and only invariants are decided",
}
_PARTS = frozenset({":next", ":init", ":trans", _INVARIANT, *_UNDECIDED})
# Attributes of dialects that restrict the runs: to pass over them would change what is asked.
_RESTRICTING = frozenset(
    {":invar", ":nextclock", ":urgent", ":fairness", ":justice", ":compassion", ":assume"}
)
_SKIPPED = frozenset(
    {"set-logic", "set-info", "set-option", "check-sat", "exit", "echo", "get-info", "get-model", "get-value"}
)


def read_file(path: Path) -> Model:
    """Read a model from a file.

    Raises:
        ModelError: the text is not VMT-LIB, or uses what is not read here.
        OperatorError: the file cannot be read.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise OperatorError(f"'{path}' has more than {MAX_BYTES >> 20} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise OperatorError(f"'{path}' cannot be read: {error.strerror or error}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Comments and strings of old files are in other encodings; what counts in a model is ASCII.
        text = data.decode("latin-1")
    return read_text(text, str(path))


def read_text(text: str, file: str = "model.vmt") -> Model:
    """Read a model from text; see :func:`read_file`."""
    return _Reader(text, file).model()


class _Reader:
    """Reads the commands of one text and puts the system together."""

    def __init__(self, text: str, file: str) -> None:
        self.tokens, self.terms, self.file = Tokens(text, file), Terms(), file
        self.scanner = Scanner(self.tokens, self.terms)
        self.declared: dict[int, str] = {}
        self.marks: dict[str, list[tuple[str, Annotation]]] = {}
        self.commands: dict[str, Callable[[], None]] = {
            "declare-fun": self._declare,
            "declare-const": self._declare_constant,
            "declare-sort": self._declare_sort,
            "define-fun": self._define,
            "define-const": self._define_constant,
            "define-sort": self._define_sort,
            "assert": self._assert,
        }

    def model(self) -> Model:
        """Read to the end and return the system."""
        tokens = self.tokens
        while tokens.words[tokens.at]:
            start = tokens.at
            tokens.expect("(", "at the start of a command")
            name = tokens.take()
            if name in _SKIPPED:
                tokens.close()
                continue
            command = self.commands.get(name)
            if command is None:
                tokens.refuse(
                    f"the command '{shortened(name)}' has no place in a VMT-LIB model",
                    start + 1,
                    Code.UNSUPPORTED,
                )
            command()
            tokens.expect(")", f"at the end of '{name}'")
        return self._assembled()

    def _new(self, what: str) -> str:
        at = self.tokens.at
        name = self.tokens.symbol(what)
        if name in self.scanner.names or name in self.scanner.functions:
            self.tokens.refuse(f"'{shortened(name)}' is there already", at, Code.DUPLICATE_NAME)
        return name

    def _declare(self) -> None:
        name = self._new("a declared name")
        at = self.tokens.at
        self.tokens.expect("(", "before the argument sorts")
        if self.tokens.words[self.tokens.at] != ")":
            self.scanner.foreign(f"'{shortened(name)}' is a function that nothing defines", at)
        self.tokens.at += 1
        self._constant(name, self.scanner.sort())

    def _declare_constant(self) -> None:
        self._constant(self._new("a declared name"), self.scanner.sort())

    def _constant(self, name: str, sort: Sort) -> None:
        term = self.scanner.names[name] = self.terms.variable(name, sort)
        self.declared[term] = name

    def _declare_sort(self) -> None:
        # The sort may go unused; where it is used, the reader of sorts refuses it.
        self.tokens.symbol("a sort")
        self.tokens.close()
        self.tokens.at -= 1

    def _define_sort(self) -> None:
        at = self.tokens.at
        name = self.tokens.symbol("a sort")
        if name in self.scanner.sorts:
            self.tokens.refuse(f"the sort '{shortened(name)}' is there already", at, Code.DUPLICATE_NAME)
        self.tokens.expect("(", "before the parameters of a sort")
        if self.tokens.words[self.tokens.at] != ")":
            self.scanner.foreign("a sort with parameters", at)
        self.tokens.at += 1
        self.scanner.sorts[name] = self.scanner.sort()

    def _define_constant(self) -> None:
        name = self._new("a defined name")
        self.scanner.names[name] = self._body(name)

    def _define(self) -> None:
        name = self._new("a defined name")
        parameters = self._parameters(name)
        if not parameters:
            self.scanner.names[name] = self._body(name)
            return
        names = self.scanner.names
        outer = {item: names[item] for item in parameters if item in names}
        names.update(parameters)
        body = self._body(name)
        for item in parameters:
            del names[item]
        names.update(outer)
        self.scanner.functions[name] = Function(tuple(parameters.values()), body)

    def _parameters(self, function: str) -> dict[str, int]:
        tokens, found = self.tokens, dict[str, int]()
        tokens.expect("(", "before the parameters of a definition")
        while tokens.words[tokens.at] == "(":
            tokens.at += 1
            at = tokens.at
            name = tokens.symbol("a parameter")
            if name in found:
                tokens.refuse(f"two parameters '{shortened(name)}'", at, Code.DUPLICATE_NAME)
            found[name] = self.terms.variable((function, name), self.scanner.sort())
            tokens.expect(")", "behind a parameter")
        tokens.expect(")", "behind the parameters of a definition")
        return found

    def _body(self, name: str) -> int:
        sort, at, before = self.scanner.sort(), self.tokens.at, len(self.scanner.annotations)
        term = checked(self.scanner, self.scanner.term(), sort, at)
        for item in self.scanner.annotations[before:]:
            if item.key in _RESTRICTING:
                self.tokens.refuse(
                    f"'{item.key}' restricts the runs in a way that is not read",
                    item.at,
                    Code.UNSUPPORTED,
                    "state the restriction in the terms marked :init and :trans",
                )
            if item.key in _PARTS:
                self.marks.setdefault(item.key, []).append((name, item))
        return term

    def _assert(self) -> None:
        at = self.tokens.at
        if self.scanner.term() != self.terms.truth(True):
            self.tokens.refuse(
                "only 'true' may be asserted in a VMT-LIB model",
                at,
                Code.UNSUPPORTED,
                "state constraints in the terms marked :init and :trans",
            )

    def _assembled(self) -> Model:
        after = self._pairs()
        initial = self._part(":init", set(after.values()), "the initial condition")
        relation = self._relation(after)
        properties = self._properties(set(after.values()))
        used = self.terms.variables([initial, relation, *(item.term for item in properties)])
        first = self.terms.variables([initial])
        state, inputs = list[Variable](), list[Variable]()
        for term, name in self.declared.items():
            sort = self.terms.sorts[term]
            if term in after:
                state.append(Variable(name, sort, term, after[term]))
            elif term in used and term not in after.values():
                if term in first:
                    follower = self.terms.variable(("after", name), sort)
                    state.append(Variable(name, sort, term, follower, free=True))
                else:
                    inputs.append(Variable(name, sort, term))
        return Model(self.file, self.terms, tuple(state), tuple(inputs), initial, relation, properties)

    def _pairs(self) -> dict[int, int]:
        """Return for each state variable the one that holds its value after a step."""
        found = dict[int, int]()
        for _, item in self.marks.get(":next", ()):
            name = symbol(item.value[0]) if len(item.value) == 1 else None
            follower = None if name is None else self.scanner.names.get(name)
            refuse = self.tokens.refuse
            if name is not None and follower is None and item.term in self.declared:
                # MathSAT leaves out the declaration of a next value that no formula mentions.
                self._constant(name, self.terms.sorts[item.term])
                follower = self.scanner.names[name]
            if item.term not in self.declared:
                refuse("':next' belongs to a declared constant", item.at, Code.TYPE)
            if follower is None or follower not in self.declared:
                refuse("':next' must name a declared constant", item.at, Code.UNKNOWN_NAME)
            if self.terms.sorts[follower] != self.terms.sorts[item.term]:
                refuse("a variable and its next value differ in sort", item.at, Code.TYPE)
            if found.get(item.term, follower) != follower:
                refuse("a variable has two next values", item.at, Code.DUPLICATE_NAME)
            found[item.term] = follower
        self._check_pairs(found)
        return {term: self._fresh(term) if follower == term else follower for term, follower in found.items()}

    def _fresh(self, term: int) -> int:
        """Return a next value of its own for a frozen variable, which the file calls its own next value."""
        return self.terms.variable(("after", self.declared[term]), self.terms.sorts[term])

    def _relation(self, after: dict[int, int]) -> int:
        """Return the transition relation, by which frozen variables keep their values."""
        written = self._part(":trans", set(), "the transition relation")
        frozen = [(term, follower) for term, follower in after.items() if follower not in self.declared]
        stays = [self.terms.make("=", (follower, term), BOOL) for term, follower in frozen]
        return self.terms.both([written, *stays])

    def _check_pairs(self, found: dict[int, int]) -> None:
        seen = set[int]()
        for _, item in self.marks.get(":next", ()):
            follower = found[item.term]
            if follower in found and follower != item.term:
                self.tokens.refuse(
                    "a variable is the next value of one and has a next value", item.at, Code.TYPE
                )
            if follower in seen and item.term not in seen:
                self.tokens.refuse("two variables share one next value", item.at, Code.DUPLICATE_NAME)
            seen |= {follower, item.term}

    def _part(self, key: str, forbidden: set[int], what: str) -> int:
        parts = []
        for _, item in self.marks.get(key, ()):
            self._check(item, forbidden, what)
            if item.value not in ((), ("true",)):
                self.tokens.refuse(f"'{key}' takes the value true", item.at, Code.WRONG_VALUE)
            parts.append(item.term)
        return self.terms.both(parts)

    def _check(self, item: Annotation, forbidden: set[int], what: str) -> None:
        if self.terms.sorts[item.term] != BOOL:
            self.tokens.refuse(f"{what} must be Boolean", item.at, Code.TYPE)
        if any(self.terms.operators[term].startswith(TEMPORAL) for term in self.terms.cone([item.term])):
            self.tokens.refuse(f"{what} cannot be a temporal formula", item.at, Code.TYPE)
        for term in sorted(self.terms.variables([item.term])):
            if term not in self.declared:
                self.tokens.refuse(f"{what} stands in a definition with parameters", item.at, Code.TYPE)
            if term in forbidden:
                name = shortened(self.declared[term])
                self.tokens.refuse(f"{what} mentions '{name}', a value after a step", item.at, Code.TYPE)

    def _properties(self, forbidden: set[int]) -> tuple[Property, ...]:
        marked = [pair for key in (_INVARIANT, *_UNDECIDED) for pair in self.marks.get(key, ())]
        found = list[Property]()
        for name, item in sorted(marked, key=lambda pair: pair[1].at):
            problem = _UNDECIDED.get(item.key, "")
            if not problem:
                self._check(item, forbidden, "a property")
            number = int(item.value[0]) if len(item.value) == 1 and item.value[0].isdigit() else len(found)
            place = self.tokens.location(item.at)
            found.append(Property(number, name, item.term, place.line, place.column, problem))
        if not found:
            advice = "mark what must always hold: (define-fun p () Bool (! … :invar-property 0))"
            place = Location(self.file)
            raise ModelError([Finding(Code.MISSING_KEY, place, "the model has no ':invar-property'", advice)])
        return tuple(found)
