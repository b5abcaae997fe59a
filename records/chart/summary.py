"""The record in a few sentences, for the request of a consult."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.chart import reading, services
from records.chart.cards import attempt
from records.chart.queries import BANNER, Chart, safety_of
from records.chart.reading.elements import listed
from records.chart.reading.history import AllergyState
from records.chart.reading.results import Group
from records.chart.safety import Safety
from records.mpi.models import Patient
from telemed.people.models import User
from telemed.web import words

LIMIT = 1_500  # characters
PROBLEMS, MEDICINES, VITALS, RESULTS = 12, 15, 6, 8


def prefill(actor: User, patient: Patient) -> dict[str, str]:
    """
    The fields of a request that the record can fill, in the active language: `summary`.

    Reading it leaves a trace, so it needs an open intention; NotFound for whom it is hidden.
    """
    services.note_reading(actor=actor, patient=patient)
    return {"summary": told(Chart(patient, BANNER))}


def safety(patient: Patient) -> Safety:
    """Allergies and dangers, for who may already see this patient's record."""
    return safety_of(Chart(patient, BANNER))


@dataclass
class Sentence:
    """A frame with one {} and what stands in it; `may_shrink` from its end when room is short."""

    frame: str
    parts: list[str]
    may_shrink: bool = True
    cut: bool = False

    @property
    def text(self) -> str:
        if not self.parts:
            return ""
        more = [pgettext("summary", "and more")] if self.cut else []
        return self.frame.format(listed(self.parts + more))


def told(chart: Chart) -> str:
    """Sex, age, problems, medicines, allergies, last findings; at most LIMIT characters."""
    sentences = [
        Sentence("{}" + pgettext("summary", ". "), [_person(chart.patient)], may_shrink=False),
        Sentence(_("Allergies: {}. "), [_allergies(chart)], may_shrink=False),
        Sentence(_("Problems: {}. "), _problems(chart)),
        Sentence(_("Taking: {}. "), _medicines(chart)),
        Sentence(_("Last vital signs: {}. "), _findings(chart, Group.VITAL, VITALS)),
        Sentence(_("Last results: {}. "), _findings(chart, Group.LABORATORY, RESULTS)),
    ]
    while len(text := "".join(sentence.text for sentence in sentences).strip()) > LIMIT:
        longest = max((s for s in sentences if s.may_shrink), key=lambda s: len(s.text))
        if not longest.parts:
            return text[: LIMIT - 1] + "…"
        longest.parts.pop()
        longest.cut = True
    return text


def _person(patient: Patient) -> str:
    return words.sex_age(patient.sex, patient.birth_date) or _("Sex and age not known")


def _allergies(chart: Chart) -> str:
    found = attempt("allergies", lambda: chart.allergies).content
    if found is None or found.state == AllergyState.NOT_READ:
        return _("could not be read")
    if found.state == AllergyState.NONE_KNOWN:
        return found.none_known
    return listed(row.text for row in found.active) or _("not asked")


def _problems(chart: Chart) -> list[str]:
    rows = attempt("problems", lambda: chart.problems.rows).content or ()
    active = [row for row in rows if row.active][:PROBLEMS]
    return [_bracketed(row.text, _since(row)) for row in active]


def _since(problem: reading.Problem) -> str:
    since = pgettext("summary", "since {}").format(problem.onset) if problem.onset else ""
    return listed([since, _("suspected") if problem.unsure else ""])


def _medicines(chart: Chart) -> list[str]:
    rows = attempt("medicines", lambda: chart.medicines.rows).content or ()
    taken = [row for row in rows if row.active][:MEDICINES]
    return [_bracketed(" ".join(filter(None, [row.text, row.dosage])), row.status) for row in taken]


def _findings(chart: Chart, group: Group, limit: int) -> list[str]:
    """What is out of range first; each with its date."""
    rows = attempt("results", lambda: chart.results.rows).content or ()
    newest = [row.newest for row in rows if row.newest.group == group]
    newest.sort(key=lambda row: (not row.critical, not row.flag))
    return [
        _bracketed(
            " ".join(filter(None, [row.label, row.full, row.arrow])),
            row.at.shown if row.at else "",
        )
        for row in newest[:limit]
    ]


def _bracketed(text: str, aside: str) -> str:
    # Translators: something said aside, in the brackets of the language.
    return _("{} ({})").format(text, aside) if aside else text
