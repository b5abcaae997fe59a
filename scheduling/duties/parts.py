"""
What the forms of the norm ask beside blood pressure, glucose and note, as data: in parts.

A part is complete when each of its items is there, or when the form says why it was not done.
An item has its unit, the range of what can be, and the values from which on the patient is
referred: the usual critical values (危急值), as the norm names none (ADR 0066). What was entered is
kept by the names of the form's fields.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scheduling.duties.items import (
    Choice,
    Entries,
    Item,
    Part,
    ability,
    finding,
    habit,
    number,
    strip,
)

ALONE, UNABLE = _("alone"), _("cannot at all")

PARTS: tuple[Part, ...] = (
    Part(
        key="habits",
        name=_("Way of life"),
        category="social-history",
        items=(
            habit(
                "smoking",
                _("Smoking"),
                "72166-2",
                ("never", pgettext_lazy("habit", "never")),
                ("stopped", _("has stopped")),
                ("daily", _("smokes")),
            ),
            habit(
                "drinking",
                _("Alcohol"),
                "11331-6",
                ("never", pgettext_lazy("habit", "never")),
                ("sometimes", _("sometimes")),
                ("daily", _("every day")),
            ),
            habit(
                "exercise",
                _("Exercise"),
                "73985-4",
                ("daily", _("every day")),
                ("weekly", _("every week")),
                ("never", _("hardly ever")),
            ),
        ),
    ),
    Part(
        key="body",
        name=_("Body"),
        category="vital-signs",
        items=(
            number("height", _("Height"), "8302-2", "cm", "50.0", "250.0", remembers=True),
            number("weight", _("Weight"), "29463-7", "kg", "2.0", "300.0"),
            number("waist", _("Waist"), "8280-0", "cm", "20.0", "200.0"),
            number("pulse", _("Pulse"), "8867-4", _("/min"), "20", "250", "40", "131", ucum="/min"),
        ),
    ),
    Part(
        key="blood",
        name=_("Blood count"),
        category="laboratory",
        items=(
            number("hb", _("Haemoglobin"), "718-7", "g/L", "20", "250", "60"),
            number(
                *("wbc", _("White cells"), "6690-2", "10⁹/L", "0.10", "200.00", "2.00", "30.00"),
                ucum="10*9/L",
            ),
            number(
                *("plt", _("Platelets"), "777-3", "10⁹/L", "1", "2000", "50", "1000"),
                ucum="10*9/L",
            ),
        ),
    ),
    Part(
        key="urine",
        name=_("Urine"),
        category="laboratory",
        items=(
            strip("urine_protein", _("Urine protein"), "20454-5"),
            strip("urine_sugar", _("Urine glucose"), "25428-4"),
            strip("urine_ketones", _("Urine ketones"), "2514-8"),
            strip("urine_blood", _("Urine blood"), "5794-3"),
        ),
    ),
    # In severe mental illness the norm asks for the transaminase alone.
    Part(
        key="transaminase",
        name=_("Transaminase"),
        category="laboratory",
        items=(number("alt", _("ALT"), "1742-6", "U/L", "1", "9999", None, "1000"),),
    ),
    Part(
        key="liver",
        name=_("Liver"),
        category="laboratory",
        items=(
            number("ast", _("AST"), "1920-8", "U/L", "1", "9999", None, "1000"),
            number(
                *("bilirubin", _("Total bilirubin"), "14631-6", "µmol/L", "0.1", "999.0"),
                *(None, "307.8"),
                ucum="umol/L",
            ),
        ),
    ),
    Part(
        key="kidney",
        name=_("Kidneys"),
        category="laboratory",
        items=(
            number(
                *("creatinine", _("Creatinine"), "14682-9", "µmol/L", "5", "3000", None, "650"),
                ucum="umol/L",
            ),
            number("urea", _("Urea"), "22664-7", "mmol/L", "0.10", "100.00", None, "36.00"),
        ),
    ),
    Part(key="sugar", name=_("Fasting glucose"), sugar=True),
    Part(
        key="lipids",
        name=_("Blood lipids"),
        category="laboratory",
        items=(
            number("chol", _("Total cholesterol"), "14647-2", "mmol/L", "0.10", "40.00"),
            number("tg", _("Triglycerides"), "14927-8", "mmol/L", "0.10", "100.00", None, "11.30"),
            number("ldl", _("LDL cholesterol"), "22748-8", "mmol/L", "0.10", "30.00"),
            number("hdl", _("HDL cholesterol"), "14646-4", "mmol/L", "0.10", "10.00"),
        ),
    ),
    Part(
        key="ecg",
        name=_("ECG"),
        category="procedure",
        items=(finding("ecg", _("ECG"), "11524-6"),),
    ),
    Part(
        key="ultrasound",
        name=_("Abdominal ultrasound"),
        category="imaging",
        items=(finding("ultrasound", _("Abdominal ultrasound"), "30704-1"),),
    ),
    Part(
        key="growth",
        name=_("Growth"),
        category="vital-signs",
        items=(
            number("child_height", _("Length or height"), "8302-2", "cm", "30.0", "150.0"),
            number("child_weight", _("Weight"), "29463-7", "kg", "0.5", "60.0"),
        ),
    ),
    Part(
        key="vaccines",
        name=_("Vaccinations"),
        may_lack=False,
        items=(
            Item(
                key="vaccines",
                name=_("Those due by this age"),
                choices=(
                    Choice(value="given", label=_("all given")),
                    Choice(value="missing", label=_("some are missing; sent to be vaccinated")),
                    Choice(value="deferred", label=_("put off by a doctor, see the note")),
                    Choice(value="refused", label=_("refused by the family")),
                ),
            ),
        ),
    ),
    Part(
        key="treatment",
        name=_("Tuberculosis treatment"),
        may_lack=False,
        items=(
            Item(
                key="phase",
                name=_("Phase of the treatment"),
                remembers=True,
                choices=(
                    Choice(value="intensive", label=_("intensive, seen every 10 days")),
                    Choice(value="continued", label=_("continuation, seen every month")),
                ),
            ),
            # A week without the drugs is told to who treats, as the norm says.
            number(
                "missed_doses",
                _("Missed doses since the last visit"),
                "",
                _("doses"),
                *("0", "90", None, "7"),
                ucum="{dose}",
            ),
            Item(
                key="reaction",
                name=_("Side effects or complications"),
                choices=(
                    Choice(value="none", label=pgettext_lazy("side effects", "none")),
                    Choice(value="some", label=_("yes"), warns=True),
                ),
            ),
        ),
    ),
    # 老年人生活自理能力评估表: the scores of the norm.
    Part(
        key="selfcare",
        name=_("Self-care score"),
        category="survey",
        may_lack=False,
        sums=True,
        items=(
            ability("eating", _("Eating"), (0, ALONE), (3, _("with some help")), (5, UNABLE)),
            ability(
                "washing",
                _("Washing"),
                (0, ALONE),
                (1, _("alone but for hair and bath")),
                (3, _("with help")),
                (7, UNABLE),
            ),
            ability("dressing", _("Dressing"), (0, ALONE), (3, _("with some help")), (5, UNABLE)),
            ability(
                "toilet",
                _("Toilet"),
                (0, ALONE),
                (1, _("alone, sometimes too late")),
                (5, _("often too late, with help")),
                (10, UNABLE),
            ),
            ability(
                "moving",
                _("Moving"),
                (0, ALONE),
                (1, _("with some support")),
                (5, _("with much support")),
                (10, UNABLE),
            ),
        ),
    ),
)
BY_KEY = {part.key: part for part in PARTS}
ITEMS = {item.field: item for part in PARTS for item in part.items}
CATEGORIES = {item.key: part.category for part in PARTS for item in part.items}
BY_ITEM = {item.key: item for item in ITEMS.values()}
EXAM = ("body",)
MENTAL_EXAM = ("body", "blood", "transaminase", "sugar", "ecg")
ELDERLY_EXAM = (
    *("habits", "body", "blood", "urine", "transaminase", "liver", "kidney", "sugar", "lipids"),
    *("ecg", "ultrasound"),
)
SELF_CARE = ("selfcare",)
CHILD, NEWBORN = ("growth", "vaccines"), ("growth", "vaccines")
TREATMENT = ("treatment",)
DEGREES = (  # up to which sum
    (3, _("looks after themselves")),
    (8, _("needs a little help")),
    (18, _("needs help")),
    (99, _("cannot look after themselves")),
)
WHY_NOT = (
    ("refused", _("Does not want it")),
    ("elsewhere", _("Done elsewhere within a year")),
    ("unequipped", _("No equipment or reagent here")),
    ("unfit", _("Not possible in this state of health")),
)
MISSING = _("{part}: enter “{item}”, or say why it was not done.")
NEEDED = _("{part}: enter “{item}”.")
UNKNOWN_REASON = _("Choose why it was not done.")
UNKNOWN_CHOICE = _("Choose one of the list.")
WHY_WORDS = dict(WHY_NOT)


def degree(score: int) -> Any:
    """What the sum of the self-care score means."""
    return next(label for most, label in DEGREES if score <= most)


def of_keys(keys: Iterable[str]) -> tuple[Part, ...]:
    return tuple(BY_KEY[key] for key in keys if key in BY_KEY)


def alarms(entries: Entries) -> set[str]:
    """The parts that hold a value which is a warning by itself."""
    return {
        part.key
        for part in PARTS
        for item in part.items
        if (value := entries.get(item.field)) and item.warns(value)
    }


def lacking(part: Part, entries: Entries, *, sugar: bool) -> tuple[str, str] | None:
    """The first thing that the form still needs of a part: its field, and the sentence."""
    if part.may_lack and (why := entries.get(part.field)):
        return None if why in WHY_WORDS else (part.field, str(UNKNOWN_REASON))
    sentence = str(MISSING if part.may_lack else NEEDED)
    if part.sugar:
        return None if sugar else ("glucose", sentence.format(part=part.name, item=part.name))
    for item in part.items:
        if item.field not in entries:
            return item.field, sentence.format(part=part.name, item=item.name)
    return None


def words_of(entries: Entries) -> list[tuple[Any, str]]:
    """By part, what was entered; and what was not done, with the reason."""
    found = []
    for part in PARTS:
        said = part.words(entries)
        if part.sums and said:
            score = part.score(entries)
            said.append(str(_("Sum {n}: {degree}")).format(n=score, degree=degree(score)))
        if why := entries.get(part.field):
            said.append(str(_("not done: {why}")).format(why=WHY_WORDS.get(why, why)))
        if said:
            found.append((part.name, " · ".join(said)))
    return found


def as_data() -> dict[str, Any]:
    """For a page, in the reader's language; a device checks by the same numbers and sentences."""
    return {
        "items": {field: _item(item) for field, item in ITEMS.items()},
        "parts": {
            part.key: {
                "not": part.field if part.may_lack else "",
                "sugar": part.sugar,
                "fields": [item.field for item in part.items],
                "lacks": {
                    one: str(MISSING if part.may_lack else NEEDED).format(part=part.name, item=name)
                    for one, name in _asked(part)
                },
            }
            for part in PARTS
        },
        "why": [value for value, _label in WHY_NOT],
        "unknown": str(UNKNOWN_REASON),
    }


def _asked(part: Part) -> list[tuple[str, Any]]:
    if part.sugar:
        return [("glucose", part.name)]
    return [(item.field, item.name) for item in part.items]


def _item(item: Item) -> dict[str, Any]:
    edges = (item.warns_to, item.warns_from)
    return {
        "name": str(item.name),
        "unit": str(item.unit),
        "range": None if item.choices else [float(item.low), float(item.high)],
        "places": item.places,
        "warns": [None if edge is None else float(edge) for edge in edges],
        "labels": {one.value: str(one.label) for one in item.choices},
        "alarms": [one.value for one in item.choices if one.warns],
        "say": str(UNKNOWN_CHOICE) if item.choices else item.range_words,
    }
