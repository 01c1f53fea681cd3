"""What lies ahead of a state: whether a target can still be reached, and whether an answer may never come.

Both are answered on the graph of all regions, by walking it. Time goes on without bound on a cycle exactly
where a second that is counted along it runs out again and again.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from plain.description import Property
from plain.search import SINCE, Answer, Search, State
from plain.terms import value

Key = tuple[Any, ...]
UNCOUNTED = -1
"""A depth below every length: that there is a run is known, how long the shortest is, is not."""


def key(search: Search, state: State) -> Key:
    """Return what tells regions apart; the order of names is the order of the state's own."""
    return tuple(search.settled(state).values())


def recovery(search: Search, prop: Property) -> Answer:
    """Return how near a state is that asks for a way and from which no allowed steps lead to the target."""
    allowed = [event for event in search.device.events if _may_use(search, prop, event)]
    return escaping(search, lambda state: _asks(prop, state), lambda state: value(prop.body, state), allowed)


def escaping(
    search: Search, asks: Callable[[State], bool], there: Callable[[State], bool], events: Iterable[str]
) -> Answer:
    """Return how near a state is that asks for a way and from which these events and time lead nowhere."""
    reached, limit = search.reached
    usable = set(events)
    states = {key(search, state): state for state, _ in reached}
    before: dict[Key, list[Key]] = {}
    for number, (state, depth, moves) in enumerate(search.moves):
        del depth
        here = key(search, reached[number][0])
        allowed = (move.after for move in moves if move.event in usable)
        for after in (*allowed, *search.waits(state)):
            before.setdefault(key(search, after), []).append(here)
    ends = [found for found in before if found not in states]  # not followed: nobody knows what lies there
    ends += [found for found, state in states.items() if there(state)]
    fine = _closure(ends, lambda found: before.get(found, ()))
    traps = [
        depth
        for state, depth in reached
        if asks(state) and key(search, state) not in fine and not search.strays(state)
    ]
    return Answer(min(traps, default=None), None if limit is None else UNCOUNTED)


def _may_use(search: Search, prop: Property, event: str) -> bool:
    return prop.using is None or event in prop.using or search.device.events[event]


def _asks(prop: Property, state: State) -> bool:
    return prop.scope is None or state[prop.scope[0]] == prop.scope[1]


def _closure(first: Iterable[Key], step: Callable[[Key], Iterable[Key]]) -> set[Key]:
    seen, todo = set(first), deque(first)
    while todo:
        for found in step(todo.popleft()):
            if found not in seen:
                seen.add(found)
                todo.append(found)
    return seen


def never_answered(search: Search, prop: Property) -> Answer:
    """Return whether an answer that is owed without a deadline may never come; its length is not counted."""
    reached, limit = search.reached
    first = [
        {**state, SINCE: Fraction(0)}
        for state, _ in reached
        if search.applies(prop, state) and not value(prop.body, state)
    ]
    graph: dict[Key, list[tuple[Key, bool]]] = {}
    todo = deque(first)
    while todo and len(graph) <= search.most:
        state = todo.popleft()
        here = key(search, state)
        if here in graph:
            continue
        graph[here] = []
        for after, ticked in _still_owed(search, state):
            # The answer must come inside the scope; the state that is outside again comes too late.
            if not _asks(prop, after):
                return Answer(0, UNCOUNTED)
            if value(prop.body, after):
                continue
            graph[here].append((key(search, after), ticked))
            todo.append(after)
    if todo or limit is not None:
        return Answer(None, UNCOUNTED)
    return Answer(0, UNCOUNTED) if _endless(graph) else Answer(None)


def _still_owed(search: Search, state: State) -> Iterator[tuple[State, bool]]:
    """Yield what follows while one waits for an answer; ``True`` where a second has run out."""
    bare = {name: held for name, held in state.items() if name != SINCE}
    for move in search.events(bare):
        yield {**move.after, SINCE: state[SINCE]}, False
    for after in search.waits(state):
        yield after, False
    if state[SINCE] >= 1:
        yield {**state, SINCE: Fraction(0)}, True


def _endless(graph: dict[Key, list[tuple[Key, bool]]]) -> bool:
    """Return whether a cycle lets a second run out."""
    for here, edges in graph.items():
        for there, ticked in edges:
            if ticked and here in _closure([there], lambda found: (to for to, _ in graph.get(found, ()))):
                return True
    return False
