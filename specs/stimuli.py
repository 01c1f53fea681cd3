"""Resolution of stimuli: which parameters set them, what shape they have, how they are recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stimproof.specs import fields, pulse_trains, stimulation
from stimproof.specs import specification as resolved
from stimproof.specs.findings import Code
from stimproof.specs.quantities import (
    CURRENT,
    FREQUENCY,
    NUMBER,
    TIME,
    VOLTAGE,
    Dimension,
    Quantity,
    decimal_text,
)

if TYPE_CHECKING:
    from fractions import Fraction

    from stimproof.specs.context import Context, Path

Electrodes = dict[str, resolved.Electrode]
Parameters = dict[str, resolved.Parameter]


def stimulus(
    context: Context,
    name: str,
    given: stimulation.Stimulus,
    electrodes: Electrodes,
    parameters: Parameters,
) -> resolved.Stimulus | None:
    """Resolve one stimulus; ``None`` after reporting names that do not exist or have the wrong dimension."""
    path: Path = ("stimuli", name)
    before = len(context.source.findings)
    found = _roles(context, path, given, parameters)
    contact = electrodes.get(given.electrode)
    if contact is None:
        context.unknown((*path, "electrode"), "electrode", given.electrode, electrodes)
    shape = _shape(context, (*path, "waveform"), given)
    rest = _Parts(context, path, parameters)
    parts = (rest.gap(given.waveform), rest.burst(given.burst), rest.duty(given.duty), rest.shares(given))
    gap, burst, duty, shares = parts
    if contact is None or gap is None or shares is None or {"amplitude", "frequency"} - found.keys():
        return None
    if len(context.source.findings) > before and (given.pulse_width is not None) != ("pulse_width" in found):
        return None
    return resolved.Stimulus(
        name=name,
        electrode=contact,
        amplitude=found["amplitude"],
        pulse_width=found.get("pulse_width"),
        frequency=found["frequency"],
        phases=shape,
        interphase_gap=gap,
        citation=context.citation((*path, "waveform"), given.waveform, known=shape is not None),
        location=context.at(path),
        recharge=rest.recharge(given.recharge),
        mismatch=rest.fraction("mismatch", given.mismatch),
        circuit=rest.circuit(given.circuit),
        control=given.control,
        shape=given.waveform.shape,
        burst=burst,
        duty=duty,
        shares=shares,
        doc=given.doc,
    )


def _roles(context: Context, path: Path, given: stimulation.Stimulus, parameters: Parameters) -> Parameters:
    """Return the parameters that set a stimulus, those in their right role only; report the others."""
    roles: list[tuple[str, str | None, Dimension]] = [
        ("amplitude", given.amplitude, CURRENT if given.control == "current" else VOLTAGE),
        ("pulse_width", given.pulse_width, TIME),
        ("frequency", given.frequency, FREQUENCY),
    ]
    sinusoidal = given.waveform.shape == "sinusoidal"
    if given.pulse_width is None and not sinusoidal:
        message = "a pulse has a width, and the key 'pulse_width' is missing"
        advice = "name its parameter, or write 'shape: sinusoidal' in the waveform"
        context.report(Code.MISSING_KEY, path, message, advice, key=True)
    found: Parameters = {}
    for role, wanted, dimension in roles:
        item = named(context, (*path, role), wanted, dimension, parameters, f"the {role}")
        if item is None:
            continue
        if item.low < 0 or (item.low == 0 and role == "frequency" and sinusoidal):
            what = "zero" if item.low == 0 else "negative"
            context.report(
                Code.WRONG_VALUE,
                (*path, role),
                f"'{wanted}' may be {what}, and the {role} of a stimulus is a magnitude",
                "let its range start at zero or above (a sinusoid's frequency above zero); "
                "the polarity of a phase gives the direction",
            )
        else:
            found[role] = item
    return found


def named(
    context: Context,
    path: Path,
    wanted: str | None,
    dimension: Dimension,
    parameters: Parameters,
    what: str,
) -> resolved.Parameter | None:
    """Return the parameter of a name and dimension; ``None`` after reporting that there is none."""
    if wanted is None:
        return None
    item = parameters.get(wanted)
    if item is None:
        advice = "write '{value: unknown}' where nobody can cite it" if wanted == fields.UNKNOWN else ""
        context.unknown(path, "parameter", wanted, parameters, advice)
        return None
    if item.unit.dimension != dimension:
        context.report(
            Code.WRONG_UNIT,
            path,
            f"'{wanted}' is {item.unit.dimension}; {what} must be {dimension}",
            "name another parameter, or mend its unit",
        )
        return None
    return item


def _shape(context: Context, path: Path, given: stimulation.Stimulus) -> tuple[resolved.Phase, ...] | None:
    """Return the phases of a pulse; none of a sinusoid, ``None`` where nobody describes them."""
    wave = given.waveform
    if wave.shape == "sinusoidal":
        wrong = [key for key in ("phases", "interphase_gap") if getattr(wave, key) is not None]
        places: list[Path] = [(*path, key) for key in wrong]
        places += [(*path[:-1], key) for key in ("pulse_width", "burst") if getattr(given, key) is not None]
        for place in places:
            message = f"a sinusoid has no '{place[-1]}'"
            context.report(Code.UNKNOWN_KEY, place, message, "remove it, or mend 'shape:'", key=True)
        return ()
    if wave.phases is None:
        message = "the key 'phases' is missing"
        context.report(Code.MISSING_KEY, path, message, "list them, or write 'phases: unknown'", key=True)
    if wave.phases is None or isinstance(wave.phases, str):
        return None
    phases = tuple(resolved.Phase(item.polarity, item.amplitude.si, item.width.si) for item in wave.phases)
    for index, phase in enumerate(phases):
        for key, value in (("amplitude", phase.amplitude), ("width", phase.width)):
            if value <= 0:
                context.report(
                    Code.WRONG_VALUE,
                    (*path, "phases", index, key),
                    f"the relative {key} of a phase cannot be {decimal_text(value)}",
                    "write a number above zero; 'polarity:' gives the direction",
                )
    return phases


class _Parts:
    """The parts of one stimulus, each resolved against the parameters of the device."""

    def __init__(self, context: Context, path: Path, parameters: Parameters) -> None:
        self.context, self.path, self.parameters = context, path, parameters

    def amount(
        self, place: Path, given: str | fields.Sourced[Any], dimension: Dimension, name: str = ""
    ) -> resolved.Amount | None:
        """Return an amount that is not negative; ``None`` after reporting that its name fits nothing."""
        path, name = (*self.path, *place), name or str(place[-1])
        if isinstance(given, str):
            found = named(self.context, path, given, dimension, self.parameters, f"the {name}")
            if found is not None and found.low < 0:
                message = f"'{given}' may be negative, and the {name.replace('_', ' ')} of a stimulus is not"
                self.context.report(Code.WRONG_VALUE, path, message, "let its range start at zero or above")
                return None
            return found
        number = self.context.number(path, name, given)
        self._not_negative(path, name, number)
        return number

    def _not_negative(self, path: Path, name: str, number: resolved.Number) -> None:
        if number.quantity is not None and number.quantity.si < 0:
            self.context.report(
                Code.WRONG_VALUE,
                (*path, "value"),
                f"{'an' if name[0] in 'aeio' else 'a'} {name.replace('_', ' ')} cannot be {number.text}",
                "write zero or more, or 'unknown'",
            )

    def _size(self, place: Path, given: fields.Sourced[Any] | None) -> resolved.Number:
        """Return a sourced number that must be above zero."""
        path = (*self.path, *place)
        number = self.context.number(path, str(place[-1]), given)
        if number.quantity is not None and number.quantity.si <= 0:
            message = f"the {str(place[-1]).replace('_', ' ')} cannot be {number.text}"
            self.context.report(
                Code.WRONG_VALUE, (*path, "value"), message, "write a size above zero, or 'unknown'"
            )
        return number

    def gap(self, wave: stimulation.Waveform) -> resolved.Amount | None:
        """Return the gap between phases; of a sinusoid, and where nothing is written, none is stated."""
        if wave.interphase_gap is not None:
            return self.amount(("waveform", "interphase_gap"), wave.interphase_gap, TIME)
        if wave.shape == "rectangular":
            self.context.report(
                Code.MISSING_KEY,
                (*self.path, "waveform"),
                "the key 'interphase_gap' is missing",
                "add it; '{value: unknown}' where nobody can cite it",
                key=True,
            )
        return self.context.number((*self.path, "waveform", "interphase_gap"), "interphase_gap", None)

    def burst(self, given: stimulation.Burst | None) -> pulse_trains.Burst | None:
        """Return the burst; ``None`` where there is none, or after reporting what is wrong with it."""
        if given is None:
            return None
        pulses = self.amount(("burst", "pulses"), given.pulses, NUMBER)
        rate = self.amount(("burst", "rate"), given.rate, FREQUENCY)
        path: Path = (*self.path, "burst")
        citation = self.context.citation(path, given, known=given.recharge != fields.UNKNOWN)
        if pulses is None or rate is None:
            return None
        self._check_burst(path, pulses, rate)
        return pulse_trains.Burst(pulses, rate, given.recharge, citation, self.context.at(path))

    def _check_burst(self, path: Path, pulses: resolved.Amount, rate: resolved.Amount) -> None:
        """Report a burst without a pulse, with a part of one, or without a rate."""
        fewest, slowest = _least(pulses), _least(rate)
        if fewest is not None and fewest < 1:
            message = f"a burst of {decimal_text(fewest)} pulses is none"
            self.context.report(Code.WRONG_VALUE, (*path, "pulses"), message, "write 1 or more")
        elif isinstance(pulses, resolved.Number) and fewest is not None and fewest.denominator != 1:
            message = f"a burst cannot have {decimal_text(fewest)} pulses"
            self.context.report(Code.WRONG_VALUE, (*path, "pulses"), message, "write a whole number")
        if slowest == 0:
            message = "the pulses of a burst have a rate above zero"
            self.context.report(Code.WRONG_VALUE, (*path, "rate"), message, "let it start above zero")

    def duty(self, given: stimulation.Duty | None) -> pulse_trains.Duty | None:
        """Return the cycling; ``None`` where there is none, or after reporting what is wrong with it."""
        if given is None:
            return None
        on = self.amount(("duty", "on"), given.on, TIME)
        off = self.amount(("duty", "off"), given.off, TIME)
        return None if on is None or off is None else pulse_trains.Duty(on, off)

    def shares(self, given: stimulation.Stimulus) -> dict[str, resolved.Amount] | None:
        """Return each contact's part of the amplitude; ``None`` after reporting one that is no part."""
        result: dict[str, resolved.Amount] = {}
        contacts = given.steering.contacts if given.steering is not None else {}
        for contact, share in contacts.items():
            place: Path = ("steering", "contacts", contact)
            found = self.amount(place, share, NUMBER, "share")
            if found is None:
                return None
            result[contact] = found
            largest = found.high if isinstance(found, resolved.Parameter) else _si(found)
            if largest is not None and largest > 1:
                message = f"a contact cannot carry {decimal_text(largest)} times the programmed amplitude"
                advice = "write a part of one, such as '60 %'"
                self.context.report(Code.WRONG_VALUE, (*self.path, *place), message, advice)
        return result

    def fraction(self, name: str, given: fields.Sourced[Any] | None) -> resolved.Number:
        """Return a sourced ratio that is not negative."""
        number = self.context.number((*self.path, name), name, given)
        self._not_negative((*self.path, name), name, number)
        return number

    def recharge(self, given: stimulation.Recharge | None) -> pulse_trains.Recharge:
        """Return how charge is recovered; where nothing is written, nobody says."""
        path: Path = (*self.path, "recharge")
        citation = (
            self.context.citation(path, given, known=given.kind != fields.UNKNOWN)
            if given is not None
            else resolved.Citation((), "not stated")
        )
        return pulse_trains.Recharge(
            given.kind if given is not None else fields.UNKNOWN,
            self._size(("recharge", "resistance"), given.resistance if given else None),
            self._size(("recharge", "capacitance"), given.capacitance if given else None),
            citation,
            self.context.at(path),
        )

    def circuit(self, given: stimulation.Circuit) -> pulse_trains.Circuit:
        """Return what lies between the stimulator and the contact."""
        capacitor = given.coupling_capacitor
        coupled: bool | None = None
        if capacitor is not None and capacitor.known:
            coupled = isinstance(capacitor.value, Quantity)
        resistance = self.context.number(
            (*self.path, "circuit", "lead_resistance"), "lead_resistance", given.lead_resistance
        )
        headroom = self.context.number((*self.path, "circuit", "headroom"), "headroom", given.headroom)
        for number in (resistance, headroom):
            self._not_negative((*self.path, "circuit", number.name), number.name, number)
        sized = self._size(("circuit", "coupling_capacitor"), capacitor)
        if coupled is False and capacitor is not None:
            citation = self.context.citation((*self.path, "circuit", "coupling_capacitor"), capacitor)
            sized = resolved.Number(sized.name, None, citation, sized.location)
        return pulse_trains.Circuit(sized, coupled, resistance, headroom)


def _least(amount: resolved.Amount) -> Fraction | None:
    return amount.low if isinstance(amount, resolved.Parameter) else _si(amount)


def _si(amount: resolved.Number | None) -> Fraction | None:
    return amount.quantity.si if amount is not None and amount.quantity is not None else None
