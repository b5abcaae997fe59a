"""
What the request, the record and the kept images say of a patient, as a template takes it: one line
a fact, with its unit and its day, and marked where it is from. Nothing is concluded here.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from consult.keyimages.models import KeyImage
from consult.keyimages.queries import visible_of
from consult.requests.models import Case
from records.chart import reading
from records.chart.cards import attempt
from records.chart.queries import BANNER, Chart
from records.chart.reading import terms
from records.chart.reading.elements import listed
from records.chart.reading.history import AllergyState
from records.chart.reading.results import Group
from records.chart.services import note_reading
from records.consent import access
from records.imaging.queries import studies_of
from telemed.people.models import User
from telemed.web import words

LONGEST = 250  # characters of a line; the further ones are left out, and it says so
MOST = 8  # measurements of a line
ECG = "ECG"  # the modality
# The measurements of a line, by LOINC code.
MEASURED = {
    "pressure": {*terms.BLOOD_PRESSURE, terms.SYSTOLIC, terms.DIASTOLIC},
    "pulse": {"8867-4"},
    "breathing": {"8310-5", "9279-1", "2708-6", "59408-5"},
    "weight": {"29463-7", "8302-2", "39156-5"},
    "sugar": {"2339-0", "2345-7", "1558-6", "4548-4"},
    "heart": {"6598-7", "10839-9", "89579-7", "30934-4", "33762-6"},
    "kidneys": {*terms.GLOMERULAR, "2160-0", "38483-4", "14682-9", "2823-3", "6298-4"},
    "lipids": {"2093-3", "2571-8", "18262-6", "13457-7", "2085-9"},
    "blood": {"718-7", "6690-2", "777-3", "1988-5"},
    "clotting": {*terms.INR, "777-3"},
}


def sources() -> tuple[str, ...]:
    """Where a fact is from, as its mark names it."""
    return (
        pgettext("source of a fact", "request"),
        pgettext("source of a fact", "record"),
        pgettext("source of a fact", "images"),
        pgettext("source of a fact", "key images"),
    )


def of_case(actor: User, case: Case) -> dict[str, str]:
    """
    By the name of its line (skeletons.LINES), what is known and this account may read; what is not
    has no entry. Reading the record leaves its trace, so it needs an open intention.
    """
    request, record, images, kept = sources()
    found = {
        "person": _marked([words.sex_age(case.patient.sex, case.patient.birth_date)], record),
        "reason": _marked([case.reason], request),
        "aim": _marked([case.aim], request),
    }
    if access.allows(actor, "read", case.patient):
        note_reading(actor=actor, patient=case.patient)
        found |= {name: _marked(said, record) for name, said in _recorded(case).items()}
        found["images"] = _marked(_studies(actor, case), images)
        found |= {name: _marked(said, kept) for name, said in _key_images(actor, case).items()}
    return {name: text for name, text in found.items() if text}


def _marked(parts: Sequence[str], source: str) -> str:
    """Empty where there is nothing to mark."""
    said = _fitted([" ".join(part.split()) for part in parts if part.strip()])
    # Translators: a fact in a template, and where it is from.
    return _("{fact} [{source}]").format(fact=said, source=source) if said else ""


def _fitted(parts: list[str]) -> str:
    """As many as fit, and that there are more; of one that alone is too long, its beginning."""
    shown = [Truncator(part).chars(LONGEST) for part in parts]
    while len(shown) > 1 and len(listed(shown)) > LONGEST:
        shown.pop()
    more = [pgettext("summary", "and more")] if len(shown) < len(parts) else []
    return listed(shown + more)


def _recorded(case: Case) -> dict[str, list[str]]:
    chart = Chart(case.patient, BANNER)
    problems = attempt("problems", lambda: chart.problems.rows).content or ()
    medicines = attempt("medicines", lambda: chart.medicines.rows).content or ()
    results = attempt("results", lambda: chart.results.rows).content or ()
    newest = sorted(
        (row.newest for row in results), key=lambda row: (not row.critical, not row.flag)
    )
    return {
        "problems": [_aside(row.text, row.onset) for row in problems if row.active],
        "medicines": [f"{row.text} {row.dosage}".strip() for row in medicines if row.active],
        "allergies": _allergies(chart),
        "vitals": _measurements(row for row in newest if row.group == Group.VITAL),
        "results": _measurements(row for row in newest if row.group == Group.LABORATORY),
        **{
            name: _measurements(row for row in newest if row.code in codes)
            for name, codes in MEASURED.items()
        },
    }


def _allergies(chart: Chart) -> list[str]:
    """Those on file, or that none is known; where nobody asked, nothing is said."""
    found = attempt("allergies", lambda: chart.allergies).content
    if found is None or found.state in (AllergyState.NOT_READ, AllergyState.NOT_ASKED):
        return []
    if found.state == AllergyState.NONE_KNOWN:
        return [found.none_known]
    return [row.text for row in found.active]


def _measurements(rows: Iterable[reading.Measurement]) -> list[str]:
    said = [
        _aside(
            " ".join(filter(None, [row.label, row.full, row.arrow])),
            listed([_day(row.at), row.note]),
        )
        for row in rows
    ]
    return said[:MOST]


def _day(at: reading.When | None) -> str:
    """The whole date, as far as it was recorded: the text is read in years to come."""
    if at is None:
        return _("no date")
    return at.day.isoformat() if len(at.text) >= len("2019-05-03") else at.text


def _studies(actor: User, case: Case) -> list[str]:
    """What goes along with the request, with its day."""
    along = studies_of(actor, case.patient).filter(pk__in=case.studies.values("pk"))
    return [
        _aside(
            study.called,
            f"{timezone.localtime(study.studied_at):%Y-%m-%d}"
            if study.studied_at
            else _("no date"),
        )
        for study in along
    ]


def _key_images(actor: User, case: Case) -> dict[str, list[str]]:
    """What was kept of ECGs, and of all others, with what was measured on it."""
    found: dict[str, list[str]] = {"ecg": [], "measured": []}
    for one in visible_of(actor, case):
        name = "ecg" if one.study.modality == ECG else "measured"
        found[name].append(_aside(one.caption, _sizes(one)))
    return found


def _sizes(one: KeyImage) -> str:
    return listed(size for size in map(_size, one.marks) if size)


def _size(mark: dict[str, Any]) -> str:
    """Its value as the viewer writes it; marks come from a browser, so anything may be missing."""
    value, unit, extra = mark.get("value"), mark.get("unit") or "", mark.get("extra") or {}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    digits = {"ms": 0, "mV": 2}.get(unit, 1)
    rate = extra.get("rate") if isinstance(extra, dict) else None
    said = f"{value:.{digits}f} {unit}".strip()
    if unit == "ms" and isinstance(rate, int | float) and not isinstance(rate, bool):
        return f"{said} {_('{n}/min').format(n=round(rate))}"
    return said


def _aside(text: str, aside: str) -> str:
    # Translators: something said aside, in the brackets of the language.
    return _("{} ({})").format(text, aside) if text and aside else text
