"""Transition systems in VMT-LIB with known verdicts: small to large, safe and unsafe, of every sort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A model's text, whether its property holds, and how many steps the shortest violation takes."""

    name: str
    text: str
    safe: bool
    length: int | None = None


def system(
    state: Mapping[str, str],
    init: str,
    trans: str,
    prop: str,
    *,
    inputs: Mapping[str, str] | None = None,
    before: str = "",
    style: str = ".next",
) -> str:
    """Return a model in which the value of ``x`` after a step is written ``x'`` in ``trans``."""
    lines = []
    for name, sort in state.items():
        lines += [f"(declare-fun {name} () {sort})", f"(declare-fun {name}{style} () {sort})"]
        lines += [f"(define-fun .sv_{name} () {sort} (! {name} :next {name}{style}))"]
    lines += [f"(declare-const {name} {sort})" for name, sort in (inputs or {}).items()]
    lines += [before] if before else []
    for name in sorted(state, key=len, reverse=True):
        trans = trans.replace(f"{name}'", f"{name}{style}")
    lines += [f"(define-fun .init () Bool (! {init} :init true))"]
    lines += [f"(define-fun .trans () Bool (! {trans} :trans true))"]
    lines += [f"(define-fun .prop () Bool (! {prop} :invar-property 0))", "(assert true)", ""]
    return "\n".join(lines)


def _and(parts: list[str]) -> str:
    return f"(and true {' '.join(parts)})"


def counter(bound: int, limit: int) -> str:
    """Return a counter that stops at ``bound``; the property says it stays at or below ``limit``."""
    step = f"(= x' (ite (< x {bound}) (+ x 1) x))"
    return system({"x": "Int"}, "(= x 0)", step, f"(<= x {limit})")


def lockstep(size: int, *, broken: bool = False) -> str:
    """Return ``size`` counters that an input moves together; the property says they stay equal."""
    names = [f"c{k}" for k in range(size)]
    steps = [f"(= {name}' (ite go (+ {name} 1) {name}))" for name in names[:-1]]
    last = f"(ite (and go (< {names[-1]} 7)) " if broken else "(ite go "
    steps.append(f"(= {names[-1]}' {last}(+ {names[-1]} 1) {names[-1]}))")
    init = _and([f"(= {name} 0)" for name in names])
    state = dict.fromkeys(names, "Int")
    prop = f"(= {' '.join(names)})"
    return system(state, init, _and(steps), prop, inputs={"go": "Bool"})


def ring(size: int, *, broken: bool = False) -> str:
    """Return a token that goes round; the property says that no two places hold it."""
    names = [f"t{k}" for k in range(size)]
    init = _and([names[0], *(f"(not {name})" for name in names[1:])])
    keep = _and([f"(= {name}' {name})" for name in names])
    move = _and([f"(= {name}' {names[k - 1]})" for k, name in enumerate(names)])
    if broken:
        move = _and([f"(= {name}' (or {name} {names[k - 1]}))" for k, name in enumerate(names)])
    pairs = [f"(not (and {names[i]} {names[j]}))" for i in range(size) for j in range(i)]
    step = f"(ite go {move} {keep})"
    return system(dict.fromkeys(names, "Bool"), init, step, _and(pairs), inputs={"go": "Bool"})


def tickets(*, broken: bool = False) -> str:
    """Return a ticket lock of two processes; the property is mutual exclusion."""
    state = {"next": "Int", "serve": "Int", "p": "Int", "q": "Int", "a": "Int", "b": "Int"}
    enter = "true" if broken else "(= {t} serve)"

    def process(pc: str, ticket: str, other: str, other_ticket: str) -> str:
        frame = f"(= {other}' {other}) (= {other_ticket}' {other_ticket})"
        take = f"(and (= {pc} 0) (= {pc}' 1) (= {ticket}' next) (= next' (+ next 1)) (= serve' serve))"
        go = f"(and (= {pc} 1) {enter.format(t=ticket)} (= {pc}' 2) (= {ticket}' {ticket})"
        go += " (= next' next) (= serve' serve))"
        leave = f"(and (= {pc} 2) (= {pc}' 0) (= {ticket}' {ticket}) (= next' next) (= serve' (+ serve 1)))"
        return f"(and {frame} (or {take} {go} {leave}))"

    init = "(and (= next 0) (= serve 0) (= p 0) (= q 0) (= a 0) (= b 0))"
    trans = f"(or {process('p', 'a', 'q', 'b')} {process('q', 'b', 'p', 'a')})"
    return system(state, init, trans, "(not (and (= p 2) (= q 2)))", style="__AT1")


def fischer(size: int, *, broken: bool = False) -> str:
    """Return Fischer's protocol with real clocks; broken, a process does not wait long enough."""
    state = {"lock": "Int"}
    for k in range(size):
        state |= {f"pc{k}": "Int", f"clk{k}": "Real"}
    init = _and(["(= lock 0)", *(f"(= pc{k} 0) (= clk{k} 0.0)" for k in range(size))])
    wait = "(>= {c} 1)" if broken else "(> {c} 2)"

    def frame(skip: int) -> str:
        return " ".join(f"(= pc{k}' pc{k}) (= clk{k}' clk{k})" for k in range(size) if k != skip)

    moves = []
    for k in range(size):
        pc, clock = f"pc{k}", f"clk{k}"
        moves += [
            f"(and (= {pc} 0) (= lock 0) (= {pc}' 1) (= {clock}' 0.0) (= lock' lock) {frame(k)})",
            f"(and (= {pc} 1) (= {pc}' 2) (= {clock}' 0.0) (= lock' {k + 1}) {frame(k)})",
            f"(and (= {pc} 2) (= lock {k + 1}) {wait.format(c=clock)} (= {pc}' 3) (= {clock}' {clock})"
            f" (= lock' lock) {frame(k)})",
            f"(and (= {pc} 2) (not (= lock {k + 1})) (= {pc}' 0) (= {clock}' 0.0) (= lock' lock) {frame(k)})",
            f"(and (= {pc} 3) (= {pc}' 0) (= {clock}' 0.0) (= lock' 0) {frame(k)})",
        ]
    passing = " ".join(
        f"(= pc{k}' pc{k}) (= clk{k}' (+ clk{k} d)) (=> (= pc{k} 1) (<= clk{k}' 2))" for k in range(size)
    )
    moves.append(f"(and (> d 0) (= lock' lock) {passing})")
    pairs = [f"(not (and (= pc{i} 3) (= pc{j} 3)))" for i in range(size) for j in range(i)]
    return system(state, init, f"(or {' '.join(moves)})", _and(pairs), inputs={"d": "Real"})


def thermostat(*, broken: bool = False) -> str:
    """Return a heater with hysteresis over real temperatures."""
    low = "19.0" if not broken else "15"
    switch = f"(= on' (ite (<= t {low}) true (ite (>= t 22.0) false on)))"
    change = "(= t' (ite on (+ t r) (- t r)))"
    trans = f"(and (< 0 r) (<= r (/ 1 2)) {switch} {change})"
    init = "(and (= t 20) (not on))"
    prop = "(and (>= t 18.0) (<= t 23.0))"
    return system({"t": "Real", "on": "Bool"}, init, trans, prop, inputs={"r": "Real"})


def wrapping(width: int, limit: int, step: int) -> str:
    """Return a bit-vector counter by ``step`` that wraps; the property says it never is ``limit``."""
    sort = f"(_ BitVec {width})"
    trans = f"(= w' (bvadd w (_ bv{step} {width})))"
    return system({"w": sort}, f"(= w (_ bv0 {width}))", trans, f"(distinct w (_ bv{limit} {width}))")


def saturating(width: int, *, broken: bool = False) -> str:
    """Return a saturating sum of bit-vectors; broken, it wraps and falls below what it was."""
    sort, top = f"(_ BitVec {width})", f"(bvnot (_ bv0 {width}))"
    plain = "(bvadd w i)"
    sum_ = plain if broken else f"(ite (bvult {plain} w) {top} {plain})"
    trans = f"(and (= w' {sum_}) (= old' w))"
    init = f"(and (= w (_ bv0 {width})) (= old (_ bv0 {width})))"
    return system({"w": sort, "old": sort}, init, trans, "(bvuge w old)", inputs={"i": sort})


def shift_register(width: int, *, broken: bool = False) -> str:
    """Return a linear feedback shift register; the property says it never becomes zero."""
    sort = f"(_ BitVec {width})"
    back = f"(bvxor ((_ extract {width - 1} {width - 1}) w) ((_ extract {width - 3} {width - 3}) w))"
    keep = f"((_ extract {width - 2} 0) w)"
    new = f"(concat {keep} {back})" if not broken else f"(concat {keep} (bvand {back} #b0))"
    trans = f"(= w' {new})"
    return system({"w": sort}, f"(= w (_ bv1 {width}))", trans, f"(not (= w (_ bv0 {width})))")


def gray(width: int, *, broken: bool = False) -> str:
    """Return a counter with its Gray code; the property says that one bit changes in a step."""
    sort = f"(_ BitVec {width})"
    code = "(bvxor {0} (bvlshr {0} (_ bv1 {1})))"
    step = f"(bvadd n (_ bv{3 if broken else 1} {width}))"
    trans = f"(and (= n' {step}) (= g' {code.format(step, width)}) (= d' (bvxor g g')))"
    init = f"(and (= n (_ bv0 {width})) (= g (_ bv0 {width})) (= d (_ bv1 {width})))"
    prop = f"(= (bvand d (bvsub d (_ bv1 {width}))) (_ bv0 {width}))"
    return system({"n": sort, "g": sort, "d": sort}, init, trans, prop)


def leapfrog(width: int, *, broken: bool = False) -> str:
    """Return two bit-vectors that overtake each other; that they are equal is what keeps them in order."""
    sort = f"(_ BitVec {width})"
    one = f"(_ bv1 {width})"
    step = f"(ite (or (= y x) (not (= x top))) (bvadd x {one}) y)"
    trans = f"""(and (= top (bvnot (_ bv0 {width})))
        (= x' (ite (bvugt y x) x {step}))
        (= y' (ite (= y x) (bvadd y {one}) (ite (or (bvugt y x) (not (= x top))) y x))))"""
    init = f"(and (= x (_ bv0 {width})) (= y (_ bv0 {width})))"
    prop = "(bvule y x)" if not broken else f"(bvule y (_ bv{3 << (width - 2)} {width}))"
    return system({"x": sort, "y": sort}, init, trans, prop, inputs={"top": sort})


def bucket(rate: int, size: int) -> str:
    """Return a leaky bucket: what comes in is bounded by ``rate``; the property says it never overflows."""
    trans = f"(and (<= 0 i {rate}) (= x' (ite (<= (+ x i) {size}) (- (+ x i) (ite (> (+ x i) 0) 1 0)) x)))"
    return system({"x": "Int"}, "(= x 0)", trans, f"(<= 0 x {size - 1})", inputs={"i": "Int"})


def train(*, broken: bool = False) -> str:
    """Return the speed controller of a train as the Lustre benchmarks have it."""
    state = {"diff": "Int", "late": "Bool", "early": "Bool"}
    trans = """(let ((d (ite (or beacon second) (ite (and beacon second) diff
        (ite beacon (+ diff 1) (- diff 1))) diff)))
        (and (= diff' d)
             (= early' (ite early (> d 0) (>= d 10)))
             (= late' (ite late (< d 0) (<= d (- 10))))))"""
    prop = "(not (and late early))" if not broken else "(=> early (> diff 5))"
    init = "(and (= diff 0) (not late) (not early))"
    return system(state, init, trans, prop, inputs={"beacon": "Bool", "second": "Bool"})


def buffer(size: int, *, broken: bool = False) -> str:
    """Return a bounded buffer with read and write positions."""
    state = {"r": "Int", "w": "Int", "n": "Int"}
    room = f"(< n {size})" if not broken else f"(<= n {size})"
    put = f"(and put {room} (= w' (ite (= w {size - 1}) 0 (+ w 1))) (= r' r) (= n' (+ n 1)))"
    get = f"(and (not put) (> n 0) (= r' (ite (= r {size - 1}) 0 (+ r 1))) (= w' w) (= n' (- n 1)))"
    idle = "(and (= r' r) (= w' w) (= n' n))"
    init = "(and (= r 0) (= w 0) (= n 0))"
    prop = f"(and (<= 0 r) (< r {size}) (<= 0 w) (< w {size}) (<= 0 n) (<= n {size}))"
    return system(state, init, f"(or {put} {get} {idle})", prop, inputs={"put": "Bool"})


def loop_sum(limit: int, *, broken: bool = False) -> str:
    """Return a loop that counts one variable up and another down; their sum is kept."""
    state = {"pc": "Int", "i": "Int", "j": "Int"}
    down = "(- j 1)" if not broken else "(ite (= i 9) j (- j 1))"
    trans = f"""(or (and (= pc 0) (> j 0) (= pc' 0) (= i' (+ i 1)) (= j' {down}))
        (and (= pc 0) (<= j 0) (= pc' 1) (= i' i) (= j' j))
        (and (= pc 1) (= pc' 1) (= i' i) (= j' j)))"""
    init = f"(and (= pc 0) (= i 0) (= j {limit}))"
    return system(state, init, trans, f"(=> (= pc 1) (= i {limit}))")


def two_phases() -> str:
    """Return a loop that goes wrong at its end: half way through it begins to count a second variable."""
    trans = "(and (< x 100) (= x' (+ x 1)) (= y' (ite (< x 50) y (+ y 1))))"
    return system({"x": "Int", "y": "Int"}, "(and (= x 0) (= y 50))", trans, "(< y 100)")


def stepped_over() -> str:
    """Return an 8-bit counter by twos that wraps below its first value after many steps."""
    return system({"x": "(_ BitVec 8)"}, "(= x #x0a)", "(= x' (bvadd x #x02))", "(bvuge x #x0a)")


def cache(*, broken: bool = False) -> str:
    """Return the MESI protocol for any number of caches, by counting (Delzanno, 2000)."""
    state = {"m": "Int", "e": "Int", "s": "Int", "i": "Int"}
    keep = {name: name for name in state}

    def move(guard: str, **new: str) -> str:
        return f"(and {guard} {' '.join(f'(= {k}' + chr(39) + f' {v})' for k, v in (keep | new).items())})"

    moves = [
        move("(>= i 1)", m="0", e="0", s="(+ s e m 1)", i="(- i 1)"),
        move("(>= e 1)", e="(- e 1)", m="(+ m 1)"),
        move("(>= s 1)", m="0", e="1", s="0", i="(+ i m e (- s 1))"),
        move("(>= i 1)", m="0", e="1", s="0" if not broken else "s", i="(+ i m e s (- 1))"),
    ]
    init = "(and (= m 0) (= e 0) (= s 0) (>= i 1))"
    return system(
        state, init, f"(or {' '.join(moves)})", "(and (not (and (>= s 1) (>= (+ e m) 1))) (<= m 1))"
    )


def clock(*, broken: bool = False) -> str:
    """Return a clock of hours and minutes computed by div and mod from one count."""
    state = {"t": "Int", "h": "Int", "min": "Int"}
    day = 1440 if not broken else 1500
    trans = f"(and (= t' (mod (+ t step) {day})) (= h' (div t' 60)) (= min' (mod t' 60)) (<= 1 step 200))"
    init = "(and (= t 0) (= h 0) (= min 0))"
    prop = "(and (<= 0 h 23) (<= 0 min 59) (= t (+ (* 60 h) min)))"
    return system(state, init, trans, prop, inputs={"step": "Int"})


def many(size: int, *, broken: bool = False) -> str:
    """Return many counters of which the property speaks of two."""
    names = [f"x{k}" for k in range(size)]
    steps = [f"(= {name}' (ite (< {name} {k + 3}) (+ {name} 1) 0))" for k, name in enumerate(names)]
    init = _and([f"(= {name} 0)" for name in names])
    prop = f"(and (<= x0 3) (<= x{size - 1} {size + (2 if not broken else 1)}))"
    return system(dict.fromkeys(names, "Int"), init, _and(steps), prop)


def pulses(*, broken: bool = False) -> str:
    """Return a charge-balanced pulse train: what one phase brings, the next takes away."""
    state = {"q": "Real", "phase": "Int", "a": "Real"}
    second = "(- q a)" if not broken else "(- q (* 0.9 a))"
    trans = f"""(or (and (= phase 0) (= phase' 1) (= q' (+ q a)) (= a' a))
        (and (= phase 1) (= phase' 2) (= q' {second}) (= a' a))
        (and (= phase 2) (= phase' 0) (= q' q) (<= 0.0 a') (<= a' 3)))"""
    init = "(and (= phase 0) (= q 0) (= a 1))"
    prop = "(and (=> (= phase 0) (<= (- 1) q 1)) (<= q 4.5))"
    return system(state, init, trans, prop)


def alternating(*, broken: bool = False) -> str:
    """Return the alternating bit protocol; the property says that nothing is taken twice."""
    state = {"sb": "Bool", "rb": "Bool", "full": "Bool", "mb": "Bool", "ack": "Bool", "ab": "Bool"}
    state |= {"sent": "Int", "got": "Int"}

    def move(guard: str, **new: str) -> str:
        held = {name: name for name in state} | new
        return f"(and {guard} {' '.join(f'(= {k}' + chr(39) + f' {v})' for k, v in held.items())})"

    moves = [
        move("(= sent got)", full="true", mb="sb", sent="(+ sent 1)"),
        move("(>= sent 1)" if broken else "(> sent got)", full="true", mb="sb"),
        move("full", full="false"),
        move(
            "(and full (= mb rb))",
            full="false",
            got="(+ got 1)",
            rb="rb" if broken else "(not rb)",
            ack="true",
            ab="mb",
        ),
        move("(and full (not (= mb rb)))", full="false", ack="true", ab="mb"),
        move("(and ack (= ab sb))", ack="false", sb="(not sb)"),
        move("ack", ack="false"),
    ]
    init = "(and (not sb) (not rb) (not full) (not ack) (not mb) (not ab) (= sent 0) (= got 0))"
    prop = "(<= got sent)"
    return system(state, init, f"(or {' '.join(moves)})", prop)


def functions(*, broken: bool = False) -> str:
    """Return a model made of functions with arguments, sorts of its own and shadowed names."""
    before = """(define-sort Level () Int)
(define-fun clip ((x Level) (low Int) (high Int)) Level (ite (< x low) low (ite (> x high) high x)))
(define-fun near ((x Real) (y Level)) Bool (and (<= (- x y) 1) (<= (- y x) 1)))"""
    top = 10 if not broken else 12
    trans = f"""(let ((x (+ lev i)) (y (- lev i)))
      (let ((x (clip x 0 {top})) (z x))
        (and (= lev' (ite up x (clip y 0 10))) (= z (+ lev i)) (<= 0 i 3) (near r' lev'))))"""
    init = "(and (= lev 0) (= r 0.5))"
    prop = "(and (<= 0 lev 10) (<= r 11) (>= r (- 1)))"
    state = {"lev": "Level", "r": "Real"}
    text = system(state, init, trans, prop, inputs={"up": "Bool", "i": "Int"}, before="")
    return before + "\n" + text


def elevator(floors: int, *, broken: bool = False) -> str:
    """Return an elevator whose doors open only where it stands."""
    state = {"at": "Int", "moving": "Bool", "open": "Bool"}
    start = "(and (not open) (not moving) (not open') moving' (= at' at))"
    if broken:
        start = "(and (not moving) (= open' open) moving' (= at' at))"
    trans = f"""(or {start}
      (and moving (not open) up (< at {floors}) (= at' (+ at 1)) (= moving' moving) (= open' open))
      (and moving (not open) (not up) (> at 0) (= at' (- at 1)) (= moving' moving) (= open' open))
      (and moving (not moving') (= open' open) (= at' at))
      (and (not moving) (= moving' moving) (= open' (not open)) (= at' at)))"""
    init = "(and (= at 0) (not moving) (not open))"
    prop = f"(and (not (and moving open)) (<= 0 at {floors}))"
    return system(state, init, trans, prop, inputs={"up": "Bool"})


def cases() -> Iterator[Case]:
    """Yield every model with its verdict."""
    yield from _counting()
    yield from _protocols()
    yield from _bits()
    yield from _programs()


def _counting() -> Iterator[Case]:
    yield Case("counter-safe", counter(10, 10), safe=True)
    yield Case("counter-unsafe", counter(10, 9), safe=False, length=10)
    yield Case("counter-deep-unsafe", counter(60, 59), safe=False, length=60)
    yield Case("counter-large-safe", counter(1000, 1001), safe=True)
    for size in (2, 8, 25):
        yield Case(f"lockstep-{size}-safe", lockstep(size), safe=True)
    yield Case("lockstep-unsafe", lockstep(4, broken=True), safe=False, length=8)
    yield Case("bucket-safe", bucket(4, 12), safe=True)
    yield Case("bucket-one-safe", bucket(1, 3), safe=True)
    yield Case("many-safe", many(40), safe=True)
    yield Case("many-unsafe", many(12, broken=True), safe=False, length=14)
    yield Case("clock-safe", clock(), safe=True)
    yield Case("clock-unsafe", clock(broken=True), safe=False, length=8)


def _protocols() -> Iterator[Case]:
    for size in (3, 6, 12):
        yield Case(f"ring-{size}-safe", ring(size), safe=True)
    yield Case("ring-unsafe", ring(6, broken=True), safe=False, length=1)
    yield Case("tickets-safe", tickets(), safe=True)
    yield Case("tickets-unsafe", tickets(broken=True), safe=False, length=4)
    yield Case("fischer-2-safe", fischer(2), safe=True)
    yield Case("fischer-3-safe", fischer(3), safe=True)
    yield Case("fischer-2-unsafe", fischer(2, broken=True), safe=False, length=8)
    yield Case("cache-safe", cache(), safe=True)
    yield Case("cache-unsafe", cache(broken=True), safe=False, length=2)
    yield Case("alternating-safe", alternating(), safe=True)
    yield Case("alternating-unsafe", alternating(broken=True), safe=False, length=4)
    yield Case("elevator-safe", elevator(9), safe=True)
    yield Case("elevator-unsafe", elevator(9, broken=True), safe=False, length=2)


def _bits() -> Iterator[Case]:
    yield Case("wrapping-8-safe", wrapping(8, 255, 2), safe=True)
    yield Case("wrapping-6-unsafe", wrapping(6, 45, 5), safe=False, length=9)
    yield Case("wrapping-32-unsafe", wrapping(32, 12, 1), safe=False, length=12)
    yield Case("saturating-8-safe", saturating(8), safe=True)
    yield Case("saturating-32-safe", saturating(32), safe=True)
    yield Case("saturating-16-unsafe", saturating(16, broken=True), safe=False, length=2)
    yield Case("shift-register-16-safe", shift_register(16), safe=True)
    yield Case("shift-register-8-unsafe", shift_register(8, broken=True), safe=False, length=8)
    yield Case("leapfrog-8-safe", leapfrog(8), safe=True)
    yield Case("leapfrog-32-safe", leapfrog(32), safe=True)
    yield Case("leapfrog-4-unsafe", leapfrog(4, broken=True), safe=False, length=13)
    yield Case("gray-6-safe", gray(6), safe=True)
    yield Case("gray-8-unsafe", gray(8, broken=True), safe=False, length=2)


def _programs() -> Iterator[Case]:
    yield Case("thermostat-safe", thermostat(), safe=True)
    yield Case("thermostat-unsafe", thermostat(broken=True), safe=False)
    yield Case("train-safe", train(), safe=True)
    yield Case("train-unsafe", train(broken=True), safe=False, length=15)
    yield Case("buffer-safe", buffer(8), safe=True)
    yield Case("buffer-unsafe", buffer(5, broken=True), safe=False, length=6)
    yield Case("loop-sum-safe", loop_sum(50), safe=True)
    yield Case("two-phases-unsafe", two_phases(), safe=False, length=100)
    yield Case("stepped-over-unsafe", stepped_over(), safe=False, length=123)
    yield Case("loop-sum-unsafe", loop_sum(20, broken=True), safe=False)
    yield Case("pulses-safe", pulses(), safe=True)
    yield Case("pulses-unsafe", pulses(broken=True), safe=False)
    yield Case("functions-safe", functions(), safe=True)
    yield Case("functions-unsafe", functions(broken=True), safe=False)
